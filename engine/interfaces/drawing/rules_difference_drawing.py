"""A difference of rules, with the decisions it moves, as text, JSON and a Markdown summary for a pull request. The JSON holds everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.contracts import decimal_text, percent_text
from engine.interfaces.drawing.report_page import Block, Heading, Sentences, Table, report_markdown
from engine.interfaces.drawing.resolution_drawing import wrapped
from engine.interfaces.drawing.row_drawing import rows_text
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from engine.compare import DecidedTitle, Responsible, RuleChange, RuleMove, RulesDifference

_CHANGES_SHOWN = 40
_TIERS = {
    "serve_now": "serve now", "serve_with_fallback": "serve with fallback", "multi_llm_adjudication_required": "hold for reviewers", "exclude_or_not_icp": "exclude",
}  # fmt: skip


def rules_difference_document(found: RulesDifference, unexpected: Sequence[str] | None) -> dict[str, Any]:
    """Everything: both versions, changes, moves with both decisions, responsible changes, rows and cell, cases, rises; `unexpected` where moves were expected."""
    return {
        "before": _revision(found, "before"), "after": _revision(found, "after"), "snapshot": found.snapshot, "as_of": found.as_of, "asked": found.asked,
        "moved": len(found.moves), "aspects": found.aspects, "service_tiers": [{"before": b, "after": a, "titles": n} for b, a, n in found.service_tiers],
        "changes": [{"name": c.name} | _fields(c, ("pack", "path", "kind", "how", "before", "after", "decides", "breaks", "adds")) for c in found.changes],
        "moves": [_move(m, unexpected) for m in found.moves], "cases": found.cases, "versions": found.rises,
        "unexpected": unexpected,
    }  # fmt: skip


def _revision(found: RulesDifference, side: str) -> dict[str, Any]:
    revision = getattr(found, side)
    return {
        "name": revision.name, "origin": revision.origin, "commit": revision.commit, "digest": revision.rulebook.digest,
        "versions": {n: p.version for n, p in revision.rulebook.packs.items()},
    }  # fmt: skip


def _move(move: RuleMove, unexpected: Sequence[str] | None) -> dict[str, Any]:
    return {
        "title": move.title, "moved": move.aspects, "before": _decision(move.before), "after": _decision(move.after),
        "because": [{"change": r.change.name, "alone": r.alone, "needed": r.needed, "together": r.together} for r in move.because],
        "rows": move.rows, "cell": move.cell, "expected": None if unexpected is None else move.title not in unexpected,
    }  # fmt: skip


def _decision(decision: DecidedTitle) -> dict[str, Any]:
    names = ("fallback_tier", "service_tier", "runtime_action", "outcome", "role", "ground", "occupation", "confidence", "caveats", "review_tags")
    return _fields(decision, names) | {"path": [{"module": m, "score": s} for m, s in decision.path]}


def _fields(value: Any, names: Sequence[str]) -> dict[str, Any]:
    return {n: getattr(value, n) for n in names}


def rules_difference_text(found: RulesDifference, unexpected: Sequence[str] | None, shown: int) -> str:
    """What changed and by how much each change moves, then the first `shown` moves with rows and cell, cases and versions."""
    parts = [f"rules: {_named(found, 'before')} to {_named(found, 'after')}", _summary(found, unexpected)]
    parts.append("\n".join(_change_lines(found)))
    if found.moves:
        parts.append(rows_text(("titles", "moved in"), [(f"{n:,}", a) for a, n in found.aspects.items() if n]))
        parts.append(rows_text(("titles", "service tier before", "after"), [(f"{n:,}", b, a) for b, a, n in found.service_tiers if a != b] or [("0", "no title changes its service tier", "")]))
    parts += ["\n".join(_move_lines(move, unexpected)) for move in found.moves[:shown]]
    if len(found.moves) > shown:
        parts.append(f"and {len(found.moves) - shown:,} more with --json")
    if found.cases:
        cases = [f"{c.pack}: {c.sentence} It met `{c.before}` and meets `{c.after}`." for c in found.cases[:shown]]
        parts.append("\n".join([f"{counted(len(found.cases), 'case')} beside the packs {'meets' if len(found.cases) == 1 else 'meet'} something else", *(wrapped(f"  {c}", 4) for c in cases)]))
    if found.rises:
        rows = [(r.pack, r.before, r.after, r.stated, r.required, "yes" if r.enough else "too low") for r in found.rises]
        parts.append(rows_text(("pack", "version before", "after", "stated", "required", "enough"), rows))
        parts += ["\n".join(wrapped(f"{r.pack}: {r.because}", 2) for r in found.rises)]
    return "\n\n".join(p for p in parts if p)


def rules_difference_markdown(found: RulesDifference, unexpected: Sequence[str] | None, shown: int) -> str:
    """A summary fit for a pull request: verdict first, then what moved by what, the first `shown` moves, cases and versions."""
    title = f"Rules: {found.before.name} to {found.after.name}"
    blocks: list[Block] = [Sentences((_summary(found, unexpected),))]
    moved = [(f"{_tier(b)} → {_tier(a)}", f"{n:,}") for b, a, n in found.service_tiers if a != b]
    if moved:
        blocks.append(Table("Service tiers that change", ("Service tier", "Titles"), tuple(moved), ("Titles",)))
    if found.changes:
        blocks.append(Heading("What changed in the rules"))
        counts = _counts(found)
        rows = tuple((c.name, c.kind, c.before if c.how != "added" else "(new)", c.after if c.how != "removed" else "(gone)", f"{counts.get(c, 0):,}") for c in _ordered(found)[:_CHANGES_SHOWN])
        rest = len(found.changes) - len(rows)
        blocks.append(Table(f"{counted(len(found.changes), 'change')}{f', the first {len(rows)}' if rest else ''}", ("Change", "Kind", "Before", "After", "Titles it moves"), rows, ("Titles it moves",)))
    if found.moves:
        blocks.append(Heading("Decisions that move"))
        cells = tuple((m.title, _what(m), _because(m), m.cell.sentence if m.cell else "", *(() if unexpected is None else (_expected(m, unexpected),))) for m in found.moves[:shown])
        columns = ("Title", "What moves", "Moved by", "First cell that differs", *(() if unexpected is None else ("Expected",)))
        blocks.append(Table(f"{counted(len(found.moves), 'move')}{f', the first {shown}' if len(found.moves) > shown else ''}", columns, cells))
    if found.cases:
        blocks += [Heading("Cases that meet something else"), Sentences(tuple(f"{c.pack}: {c.sentence} {c.before} → {c.after}" for c in found.cases[:shown]), listed=True)]
    if found.rises:
        rises = tuple((r.pack, r.before, r.after, r.stated, r.required, "yes" if r.enough else "too low", r.because) for r in found.rises)
        blocks += [Heading("Versions"), Table("Stated and required rise", ("Pack", "Before", "After", "Stated", "Required", "Enough", "Because"), rises)]
    return report_markdown(title, blocks)


def _named(found: RulesDifference, side: str) -> str:
    revision = getattr(found, side)
    return f"{revision.name} ({revision.origin}{f', {revision.commit[:12]}' if revision.commit else ''})"


def _summary(found: RulesDifference, unexpected: Sequence[str] | None) -> str:
    deciding = sum(c.decides for c in found.changes)
    moved = f"{len(found.moves):,} of {counted(found.asked, 'title')} moved" if found.moves else f"none of {counted(found.asked, 'title')} moved"
    said = f"{moved}; {counted(len(found.changes), 'change')}, of which {deciding:,} can move a decision; snapshot {found.snapshot}, as of {found.as_of}"
    if unexpected is not None:
        said += f"; {counted(len(unexpected), 'move')} not expected" if unexpected else "; every move was expected"
    low = [r.pack for r in found.too_low]
    return said + (f"; the version is too low in {', '.join(low)}" if low else "")


def _counts(found: RulesDifference) -> dict[RuleChange, int]:
    counts: dict[RuleChange, int] = {}
    for move in found.moves:
        for r in move.because:
            counts[r.change] = counts.get(r.change, 0) + 1
    return counts


def _ordered(found: RulesDifference) -> list[RuleChange]:
    """Changes that move most first, then those that could, then wording."""
    counts = _counts(found)
    return sorted(found.changes, key=lambda c: (-counts.get(c, 0), not c.decides, c.kind == "wording"))


def _change_lines(found: RulesDifference) -> list[str]:
    if not found.changes:
        return ["the rules say the same"]
    counts, lines = _counts(found), []
    for change in _ordered(found)[:_CHANGES_SHOWN]:
        values = f": {change.before} -> {change.after}" if change.how == "changed" else f" {change.how}{f': {change.before or change.after}' if change.before or change.after else ''}"
        lines.append(wrapped(f"{change.name}{values} ({_power(change, counts)})", 2))
    rest = len(found.changes) - _CHANGES_SHOWN
    return [*lines, f"and {rest:,} more with --json"] if rest > 0 else lines


def _power(change: RuleChange, counts: dict[RuleChange, int]) -> str:
    if change in counts:
        return f"moves {counted(counts[change], 'title')}"
    if change.kind == "pack":
        return "lent to the version that lacks it"
    return "moves no title asked" if change.decides else "words only" if change.kind == "wording" else "a declaration"


def _move_lines(move: RuleMove, unexpected: Sequence[str] | None) -> list[str]:
    mark = "" if unexpected is None else f" ({_expected(move, unexpected)})"
    lines = [wrapped(f"{move.title}{mark}: {_what(move)}", 2), wrapped(f"  moved by {_because(move)}", 4)]
    for row in move.rows:
        subject = f" about {row.subject}" if row.subject else ""
        lines.append(wrapped(f"  {row.table}{subject}: {', '.join(row.before) or 'no row'} -> {', '.join(row.after) or 'no row'}", 4))
    return [*lines, wrapped(f"  {move.cell.sentence}", 4)] if move.cell else lines


def _expected(move: RuleMove, unexpected: Sequence[str]) -> str:
    return "not expected" if move.title in unexpected else "expected"


def _because(move: RuleMove) -> str:
    if not move.because:
        return "the version as a whole: no part of it tells the move"
    return "; ".join(_share(r, move) for r in move.because)


def _share(r: Responsible, move: RuleMove) -> str:
    if len(move.because) == 1 and r.alone:
        return r.change.name
    parts = ["alone enough" if r.alone else "not enough alone", "needed" if r.needed else "not needed"]
    return f"{r.change.name} ({', '.join([*parts, *(['with others'] if r.together else [])])})"


def _what(move: RuleMove) -> str:
    return "; ".join(_aspect(move, a) for a in move.aspects)


def _aspect(move: RuleMove, aspect: str) -> str:
    before, after = getattr(move.before, aspect), getattr(move.after, aspect)
    if aspect == "path":
        return _path(move.before, move.after)
    if aspect == "confidence":
        shown = [percent_text(v) for v in (before, after)]
        return f"confidence {' -> '.join(shown if shown[0] != shown[1] else [decimal_text(before), decimal_text(after)])}"
    if isinstance(before, tuple):
        went, came = [v for v in before if v not in after], [v for v in after if v not in before]
        return f"{aspect} {'; '.join([*(f'less: {v}' for v in went), *(f'more: {v}' for v in came)]) or 'in another order'}"
    return f"{aspect} {before or 'nothing'} -> {after or 'nothing'}"


def _path(before: DecidedTitle, after: DecidedTitle) -> str:
    """The first place at which two paths differ, and what kind of difference it is."""
    if not before.path or not after.path:
        return f"path of {counted(len(after.path), 'module')} where there was none" if after.path else "no path any more"
    order = [m for m, _ in before.path], [m for m, _ in after.path]
    if order[0] == order[1]:
        place = next(i for i, (a, b) in enumerate(zip(before.path, after.path, strict=True)) if a != b)
        return f"path in the same order with other scores, first {before.path[place][0]} {decimal_text(before.path[place][1])} -> {decimal_text(after.path[place][1])}"
    place = next(i for i in range(max(len(o) for o in order)) if order[0][i : i + 1] != order[1][i : i + 1])
    names = [o[place] if place < len(o) else "nothing" for o in order]
    return f"path from place {place + 1} on: {names[0]} -> {names[1]}"


def _tier(name: str) -> str:
    return _TIERS.get(name, name)
