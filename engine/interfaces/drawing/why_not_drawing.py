"""Why a title does not have a tier, and what would have to be true: text, JSON and Mermaid of the same value."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.contracts import decimal_text
from engine.interfaces.drawing.resolution_drawing import wrapped

if TYPE_CHECKING:
    from engine.counterfactual import BlockedRow, ChangeSet, WhyNot

_MAKERS = {"author": "an author can change this", "evidence": "only other records can", "title": "only another wording of the title can"}
_CELLS = 12


def why_not_document(answer: WhyNot) -> dict[str, Any]:
    """The whole answer; `verdict` first."""
    return {"verdict": answer.verdict} | asdict(answer)


def why_not_text(answer: WhyNot) -> str:
    """What the title has, the rows that would give the tier with the cells that fail, the smallest sets of changes, the promises around them."""
    out = [f"{answer.title}: why not {answer.wanted}?", f"  now {answer.fallback_tier} / {answer.service_tier} (as of {answer.as_of}, {answer.decision_id})"]
    if answer.verdict == "has_it":
        return "\n".join([*out, "", f"It has it: the title is {answer.wanted} already."])
    out += ["", "rows that would give it"]
    for row in answer.blocked:
        out += _row(row)
    out += ["", _headline(answer)]
    for number, found in enumerate(answer.sets, 1):
        out += _set(number, found)
    if answer.promises:
        out += ["", *(wrapped(promise, 0) for promise in answer.promises)]
    return "\n".join(out)


def why_not_mermaid(answer: WhyNot) -> str:
    """A flow chart: the title, the changes of the first set, the tier; and the rows that stop it today."""
    now = f"{answer.fallback_tier}<br/>{answer.service_tier}"
    lines = ["flowchart LR", f'  title["{_quoted(answer.title)}<br/>{now}"]', f'  wanted["{answer.wanted}"]']
    if answer.verdict == "has_it":
        return "\n".join([*lines, "  title --> wanted"])
    for i, row in enumerate(answer.blocked[:_CELLS]):
        cells = "<br/>".join(f"{_quoted(c.input)} {_quoted(c.test)}, met {_quoted(_shown(c.met))}" for c in row.failed) or f"{_quoted(row.fired)} fires first"
        lines += [f'  b{i}{{{{"{_quoted(row.table)} / {_quoted(row.rule)}<br/>{cells}"}}}}', f"  title -. stopped .-> b{i}"]
    for i, change in enumerate(answer.sets[0].changes if answer.sets else ()):
        lines += [f'  c{i}["{_quoted(change.sentence)}<br/>{_MAKERS[change.maker]}"]', f"  {'title' if i == 0 else f'c{i - 1}'} --> c{i}"]
    if answer.sets:
        lines.append(f"  c{len(answer.sets[0].changes) - 1} --> wanted")
    return "\n".join(lines)


def _row(row: BlockedRow) -> list[str]:
    out = [f"  {row.pack} / {row.table} / {row.rule} ({row.gives})"]
    out += [wrapped(f"    needs {cell.input} {cell.test}; met {_shown(cell.met)} [{cell.origin}]", 6) for cell in row.failed]
    if not row.failed:
        out.append(wrapped(f"    every cell holds, but {row.fired} comes before it: {row.said}", 6))
    return out


def _headline(answer: WhyNot) -> str:
    if answer.verdict == "promise":
        return "no change of records gives it"
    if answer.verdict == "not_found":
        return f"no set of up to {answer.most_reading} changes to how the title is read, with any to its ground, gives it ({answer.worlds} worlds tried)"
    size = len(answer.sets[0].changes)
    listed = f"; {len(answer.sets)} of {answer.found} such sets:" if answer.found > len(answer.sets) else ":" if answer.found == 1 else f"; {answer.found} such sets, any one does:"
    return f"what would have to be true, at the least {size} change{'' if size == 1 else 's'}{listed}"


def _set(number: int, found: ChangeSet) -> list[str]:
    out = [f"  {number}. then {found.fallback_tier} / {found.service_tier}"]
    out += [wrapped(f"     - {change.sentence} [{_MAKERS[change.maker]}]", 7) for change in found.changes]
    if found.follows:
        out.append(wrapped("       with it: " + "; ".join(f"{c.fact} {_shown(c.then)} (now {_shown(c.now)})" for c in found.follows), 9))
    return out


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
