"""Findings on a terminal: the line that was written with a caret under the fault, why, how to mend it, what to paste."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from engine.interfaces.drawing.visible_text import cells, counted, visible

if TYPE_CHECKING:
    from engine.validate import Finding, FindingReport

_RESET = "\x1b[0m"
_COLOURS = {"violation": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;36m", "gutter": "\x1b[2m", "place": "\x1b[1m"}
_LABEL = "  {:<4}  "
_LISTED = 12


def findings_text(report: FindingReport, width: int = 80, *, colours: bool = False) -> str:
    """Blocks in the order of the report, each with its excerpt; one line where everything conforms."""
    blocks = ["\n".join(_block(f, width, _Paint(colours))) for f in report.findings]
    if not blocks:
        blocks = [f"{'conforms' if report.conforms else 'nothing new'}: {summary(report)}"]
    return "\n\n".join(blocks) + "\n"


def summary(report: FindingReport) -> str:
    """Counts by severity, what a baseline accepted, how much was judged and by whom."""
    counts = [(sum(1 for f in report.findings if f.weight.value == name), name) for name in ("violation", "warning")]
    told = [counted(n, name) for n, name in counts if n]
    told += [f"{n:,} info"] if (n := len(report.findings) - sum(n for n, _ in counts)) else []
    told += [counted(report.accepted, "accepted finding")] if report.accepted else []
    judged = f"{report.judged:,} {'authored records' if any(what == 'authored content' for what, _ in report.judged_by) else 'focus nodes'} judged by {' and '.join(dict.fromkeys(engine_name(engine) for _, engine in report.judged_by))}"
    return "; ".join([", ".join(told), judged] if told else [judged])


def engine_name(engine: str) -> str:
    """What judged, for people."""
    return {"compiled": "set queries", "pyshacl": "pySHACL"}.get(engine, engine)


class _Paint:
    """Colours where they are wanted; the text is the same without."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted

    def __call__(self, text: str, colour: str) -> str:
        return f"{_COLOURS[colour]}{text}{_RESET}" if self._wanted and text else text


def _block(finding: Finding, width: int, paint: _Paint) -> list[str]:
    code = finding.code + (f" {finding.weight.value}" if finding.weight.value != "violation" else "")
    place, kind = visible(finding.at).removeprefix("<input>"), finding.weight.value
    begun = "  ".join(part for part in (place, code) if part)
    # the place and the code stay on one line, whatever the width: editors look for them there
    told = _wrapped(f"{'x' * len(begun)}  {visible(' '.join(finding.what.split()))}", "  ", width)[len(begun) :]
    head = "  ".join(part for part in (paint(place, "place"), paint(code, kind)) if part) + told
    near = f"did you mean `{visible(finding.suggestion.nearest)}`?" if finding.suggestion.nearest else ""
    lines, beside = _excerpt(finding, near, width, paint)
    said = [("why", finding.why), ("fix", finding.message), ("", "" if beside or near in finding.message else near), ("use", _choices(finding))]
    for label, text in said:
        if text:
            lines.append(_wrapped(_LABEL.format(label) + visible(" ".join(text.split())), " " * 8, width))
    for number, line in enumerate(finding.suggestion.snippet.split("\n") if finding.suggestion.snippet else ()):
        lines.append((_LABEL.format("" if number else "try") + visible(line)).rstrip())
    return [head, *lines, *([_LABEL.format("see") + visible(finding.page)] if finding.page else [])]


def _choices(finding: Finding) -> str:
    """The allowed values; nothing where the message says them already."""
    allowed = finding.suggestion.allowed
    if not allowed or all(a in finding.message for a in allowed):
        return ""
    return f"{', '.join(allowed[:_LISTED])}{' ...' if len(allowed) > _LISTED else ''}"


def _wrapped(text: str, indent: str, width: int) -> str:
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, replace_whitespace=False)


def _excerpt(finding: Finding, near: str, width: int, paint: _Paint) -> tuple[list[str], bool]:
    """Lines with their numbers, the marked stretch under its own line, and whether the nearest term found room beside the mark."""
    digits = max(4, len(str(finding.excerpt[-1].number))) if finding.excerpt else 4
    room, out, beside = max(20, width - digits - 5), list[str](), False
    start = max(finding.place.column, 1) - 1
    for line in finding.excerpt:
        here = line.number == finding.place.line
        end = max(finding.end_column - 1, start + 1) if finding.end_line == line.number else start + 1
        shown, before = _window(visible(line.text), visible(line.text[:start]) if here else "", cells(visible(line.text[start:end])), room)
        out.append(f"{paint(f'  {line.number:>{digits}} |', 'gutter')} {shown}".rstrip())
        if here:
            caret = "^" * max(1, min(cells(visible(line.text[start:end])), room - cells(before)))
            beside = bool(near) and cells(before) + len(caret) + 1 + cells(near) <= room
            told = f"{caret} {near}" if beside else caret
            out.append(f"{paint(' ' * (digits + 2) + ' |', 'gutter')} {' ' * cells(before)}{paint(told, finding.weight.value)}")
    return out, beside


def _window(text: str, before: str, marked: int, room: int) -> tuple[str, str]:
    """A line cut to the room around its marked stretch (columns), and what stands before the stretch then."""
    if cells(text) <= room:
        return text, before
    start = max(0, len(before) - room // 3) if cells(before) + min(marked, room // 2) > room - 1 else 0
    # a line may be megabytes long: only what could find room is measured, and combining marks are not counted on
    cut = (("…" if start else "") + text[start:])[: 4 * room]
    while cells(cut) > room - 1:
        cut = cut[:-1]
    return cut + "…", ("…" if start else "") + before[start:]
