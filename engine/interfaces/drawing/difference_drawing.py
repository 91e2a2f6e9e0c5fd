"""A release difference, with its effect on titles, as text, JSON, Markdown and HTML. The JSON holds everything, the others the first of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.report_page import Block, Heading, Sentences, Table, report_html, report_markdown
from engine.interfaces.drawing.resolution_drawing import percent, wrapped
from engine.interfaces.drawing.row_drawing import rows_text
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from engine.compare import ReleaseComparison, TitleEffects, TitleMove
    from engine.licensing import Attribution
    from engine.warehouse import Change

KIND_WORDS = {"added": "added", "removed": "removed", "reworded": "reworded", "moved": "moved", "figure_changed": "figures changed", "value_changed": "values changed"}
_SHOWN_CAUSES = 3
_MOVES_IN_TEXT, _MOVES_ON_PAGE = 25, 500


def difference_document(comparison: ReleaseComparison, effects: TitleEffects | None, attributions: Sequence[Attribution]) -> dict[str, Any]:
    """Everything: counts, each change with both texts and both rows, what is not comparable, effects on titles, citations owed."""
    d = comparison.difference
    names = ("target", "kind", "start", "end", "naming_kind", "column", "label", "before", "after", "before_ref", "after_ref", "successors")
    return {
        "source": comparison.source, "title": comparison.title, "before": d.before, "after": d.after,
        "rows": {t: {"before": b, "after": a} for t, (b, a) in d.rows.items()}, "counts": d.counts,
        "not_comparable": [{"sentence": n.sentence, "what": n.what, "column": n.column, "absent_in": n.absent_in, "records": n.records} for n in d.not_comparable],
        "changes": [{"key": c.key} | {n: getattr(c, n) for n in names} for c in d.changes],
        "titles": effects, "attributions": attributions,
    }  # fmt: skip


def difference_text(comparison: ReleaseComparison, effects: TitleEffects | None, attributions: Sequence[Attribution], shown: int) -> str:
    """Counts by kind, then the first `shown` examples of each, then what is not comparable; what moved for the titles stands after the counts."""
    d = comparison.difference
    parts = [f"{comparison.title}: {d.before} to {d.after}", _counts_text(comparison)]
    if effects is not None:
        parts.append(_effects_text(effects, comparison))
    for (target, kind), some in _grouped(comparison) if shown else ():
        lines = [f"{_relation(target)} {KIND_WORDS[kind]}: {len(some):,}"]
        for change in some[:shown]:
            lines += [wrapped(f"  {_said(change)}", 6), wrapped(f"    {_rows_said(change, comparison)}", 6)]
        if len(some) > shown:
            lines.append(f"  and {len(some) - shown:,} more with --json")
        parts.append("\n".join(lines))
    if d.not_comparable:
        parts.append("\n".join(wrapped(n.sentence, 2) for n in d.not_comparable))
    if attributions:
        parts.append("\n".join(wrapped(f"{a.citation} [{a.licence}]", 2) for a in attributions))
    return "\n\n".join(parts)


def difference_markdown(comparison: ReleaseComparison, effects: TitleEffects | None, attributions: Sequence[Attribution], shown: int) -> str:
    """For a reader who was not there."""
    return report_markdown(_title(comparison), _blocks(comparison, effects, attributions, shown))


def difference_html(comparison: ReleaseComparison, effects: TitleEffects | None, attributions: Sequence[Attribution], shown: int) -> str:
    """The same as one page."""
    return report_html(_title(comparison), _blocks(comparison, effects, attributions, shown))


def _title(comparison: ReleaseComparison) -> str:
    return f"{comparison.title}: what changed from {comparison.difference.before} to {comparison.difference.after}"


def _blocks(comparison: ReleaseComparison, effects: TitleEffects | None, attributions: Sequence[Attribution], shown: int) -> list[Block]:
    d = comparison.difference
    total = len(d.changes)
    blocks: list[Block] = [Sentences((f"{counted(total, 'difference')} between the two releases." if total else "The two releases state the same.",))]
    if effects is not None:
        blocks += _effect_blocks(effects, comparison)
    columns, rows = _counts(comparison)
    if rows:
        blocks += [Heading("Differences by record table"), Table("Records and differences", columns, rows, columns[1:])]
    if d.not_comparable:
        blocks += [Heading("What cannot be compared"), Sentences(tuple(n.sentence for n in d.not_comparable), listed=True)]
    for target, some_kinds in groupby(_grouped(comparison), key=lambda g: g[0][0]):
        blocks.append(Heading(_relation(target)))
        for (_, kind), some in some_kinds:
            caption = f"{KIND_WORDS[kind].capitalize()}: {len(some):,}" + (f", the first {shown:,}" if len(some) > shown else "")
            cells = tuple((c.key, _said(c), c.before_ref, c.after_ref) for c in some[:shown])
            blocks.append(Table(caption, ("Record", "Difference", f"Row in {d.before}", f"Row in {d.after}"), cells))
    if attributions:
        blocks += [Heading("Sources"), Sentences(tuple(f"{a.citation} [{a.licence}]" for a in attributions), listed=True)]
    return blocks


def _grouped(comparison: ReleaseComparison) -> list[tuple[tuple[str, str], list[Change]]]:
    """By record table and kind: classes before links, what came before what went."""
    tables, kinds = list(comparison.difference.rows), list(KIND_WORDS)
    found = [(pair, list(some)) for pair, some in groupby(comparison.difference.changes, key=lambda c: (c.target, c.kind))]
    return sorted(found, key=lambda g: (tables.index(g[0][0]), kinds.index(g[0][1])))


def _relation(target: str) -> str:
    """`NAMES.Title.Occupation` as `NAMES (Title to Occupation)`."""
    parts = target.split(".")
    return f"{parts[0]} ({parts[1]} to {parts[2]})" if len(parts) == 3 else target


def _counts(comparison: ReleaseComparison) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    d = comparison.difference
    kinds = [k for k in KIND_WORDS if any(k in c for c in d.counts.values())]
    columns = ("Table", d.before, d.after, *(KIND_WORDS[k] for k in kinds))
    rows = tuple((_relation(t), f"{b:,}", f"{a:,}", *(f"{d.counts.get(t, {}).get(k, 0):,}" for k in kinds)) for t, (b, a) in d.rows.items())
    return columns, rows


def _counts_text(comparison: ReleaseComparison) -> str:
    """A line for each record table that differs; the tables that do not, by name."""
    d = comparison.difference
    lines = []
    for target, (before, after) in d.rows.items():
        if found := d.counts.get(target):
            lines.append(wrapped(f"{_relation(target)}: {before:,} and {after:,} records; {', '.join(f'{found[k]:,} {KIND_WORDS[k]}' for k in KIND_WORDS if k in found)}", 2))
    same = [_relation(t) for t, (before, after) in d.rows.items() if t not in d.counts and before and after]
    if same:
        lines.append(wrapped(f"no difference in: {', '.join(same)}", 2))
    return "\n".join(lines) if lines else "nothing of the two releases can be compared"


def _said(change: Change) -> str:
    """What happened, in words, with both texts where there are two."""
    led = "; ".join(f"{s.classification} {s.code} is now {s.key} {s.label} ({s.source.removeprefix('source/')} {s.source_ref})" for s in change.successors)
    crosswalk = f"; by the published crosswalk, {led}" if led else ""
    if change.kind in ("added", "removed"):
        return change.label + (f" [{change.naming_kind}]" if change.naming_kind else "") + crosswalk
    if change.kind == "moved":
        return f"{change.label} ({change.column}): {change.before or 'nothing'} → {change.after or 'nothing'}{crosswalk}"
    return f"{change.label}, {change.column.replace('_', ' ')}: {change.before or '(none)'} → {change.after or '(none)'}"


def _rows_said(change: Change, comparison: ReleaseComparison) -> str:
    d = comparison.difference
    return "; ".join(f"{name} {ref}" for name, ref in ((d.before, change.before_ref), (d.after, change.after_ref)) if ref)


def _tiers(effects: TitleEffects) -> tuple[tuple[str, ...], ...]:
    return tuple((b, a, f"{n:,}") for b, a, n in effects.service_tiers)


def _verdict(effects: TitleEffects) -> str:
    moved = ", ".join(f"{name.replace('_', ' ')} of {n:,}" for name, n in effects.aspects.items() if n)
    return f"{len(effects.moves):,} of {counted(effects.asked, 'title')} get another answer, asked for {effects.as_of}" + (f": {moved}" if moved else "")


def _answer_words(move: TitleMove, side: str) -> str:
    answer = getattr(move, side)
    named = f"{answer.occupation} {answer.occupation_title}".strip() or "no single occupation"
    ground = f", on {answer.ground}" if answer.ground else ""
    return f"{answer.fallback_tier}, {answer.service_tier}, {answer.runtime_action}; {named}{ground} ({percent(answer.confidence)})"


def _why(move: TitleMove) -> tuple[str, ...]:
    return tuple(c.sentence for c in move.causes) or ("no naming behind the two answers came or went: the titles and words around them weigh otherwise",)


def _effects_text(effects: TitleEffects, comparison: ReleaseComparison) -> str:
    d = comparison.difference
    lines = [wrapped(_verdict(effects), 2), "", rows_text((f"service tier, {d.before}", f"service tier, {d.after}", "titles"), _tiers(effects))]
    for move in effects.moves[:_MOVES_IN_TEXT]:
        causes = _why(move)
        lines += ["", wrapped(f"{move.title}: {', '.join(m.replace('_', ' ') for m in move.moved)}", 2), wrapped(f"  before {_answer_words(move, 'before')}"), wrapped(f"  after  {_answer_words(move, 'after')}")]
        lines += [wrapped(f"  cause  {c}") for c in causes[:_SHOWN_CAUSES]]
        if len(causes) > _SHOWN_CAUSES:
            lines.append(f"         and {len(causes) - _SHOWN_CAUSES} more with --json")
    if len(effects.moves) > _MOVES_IN_TEXT:
        lines += ["", f"and {len(effects.moves) - _MOVES_IN_TEXT:,} more titles with --json"]
    return "\n".join(lines)


def _effect_blocks(effects: TitleEffects, comparison: ReleaseComparison) -> list[Block]:
    d = comparison.difference
    rows = tuple((m.title, _answer_words(m, "before"), _answer_words(m, "after"), "; ".join(_why(m))) for m in effects.moves[:_MOVES_ON_PAGE])
    blocks: list[Block] = [Heading("What moves for the given titles"), Sentences((f"{_verdict(effects)}.",))]
    blocks.append(Table("Service tiers", (d.before, d.after, "titles"), _tiers(effects), ("titles",)))
    if rows:
        caption = "Titles with another answer" + (f", the first {_MOVES_ON_PAGE:,}" if len(effects.moves) > _MOVES_ON_PAGE else "")
        blocks.append(Table(caption, ("Title", d.before, d.after, "Cause"), rows))
    return blocks


DIFFERENCE_FORMATS = {"text": difference_text, "markdown": difference_markdown, "html": difference_html}
