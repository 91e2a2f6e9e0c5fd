"""A patch that was tried: what would move, by which change, through what; as text, JSON and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.contracts.canonical import plain
from engine.interfaces.drawing.report_page import Block, Heading, Sentences, Table, report_markdown
from engine.interfaces.drawing.resolution_drawing import wrapped

if TYPE_CHECKING:
    from engine.compare import DecisionMove, WhatIf

ASPECTS = ("fallback_tier", "service_tier", "runtime_action", "occupation", "role", "ground", "path")
MOVERS_SHOWN = 8


def what_if_document(found: WhatIf) -> dict[str, Any]:
    """All of it."""
    patch = found.patch
    return {
        "patch": {
            "name": patch.name, "author": patch.author, "dated": patch.dated, "reason": patch.reason, "confidence": patch.confidence, "evidence": patch.evidence,
        },
        "snapshot": found.snapshot, "as_of": found.as_of, "asked": found.asked, "moved": len(found.moves), "served_before": found.served[0], "served_after": found.served[1],
        "aspects": {a: found.count(a) for a in ASPECTS}, "changes": found.changes,
        "moves": [
            {
                "title": m.title, "moved": m.moved, "moved_by": m.moved_by, "before": plain(m.before) | {"path": _steps(m.path_before)},
                "after": plain(m.after) | {"path": _steps(m.path_after)}, "movers": m.movers,
            } for m in found.moves
        ],
        "rewritten": found.rewritten, "went_along": found.went_along, "notes": found.notes, "record_digest": found.record_digest, "rules_digest": found.rules_digest,
    }  # fmt: skip


def what_if_text(found: WhatIf, limit: int | None) -> str:
    """The verdict, the changes, then each move."""
    lines = [_verdict(found), wrapped(f"  why  {found.patch.reason}", 7), f"  by   {found.patch.author}, {found.patch.dated.isoformat()}", "", "changes"]
    for change in found.changes:
        lines += [wrapped(f"  {change.number}  {change.sentence}", 5), f"     {_counted(change.moves)} would not move so without it" if change.moves else "     nothing that was asked hangs on it"]
    if found.moves:
        lines += ["", "what moves", *(f"  {a.replace('_', ' '):<16}{found.count(a)}" for a in ASPECTS if found.count(a))]
    for move in found.moves[:limit]:
        lines += ["", wrapped(f"{move.title}  (by {_by(move)})", 2)]
        lines += [wrapped(f"  {a.replace('_', ' ')}: {_said(move, a)}", 4) for a in move.moved]
        lines += [wrapped(f"  {m.kind} {m.name}: {m.before or 'nothing'} -> {m.after or 'nothing'}", 4) for m in move.movers[:MOVERS_SHOWN]]
        if len(move.movers) > MOVERS_SHOWN:
            lines.append(f"  and {len(move.movers) - MOVERS_SHOWN} more differences with --json")
    if limit is not None and len(found.moves) > limit:
        lines += ["", f"and {len(found.moves) - limit:,} more with --limit or --json"]
    if found.went_along:
        lines += ["", "went with what was retired", *(wrapped(f"  {w}", 4) for w in found.went_along)]
    if found.notes:
        lines += ["", *(wrapped(f"note: {n}", 2) for n in found.notes)]
    return "\n".join([*lines, "", _untouched(found)])


def what_if_markdown(found: WhatIf, limit: int | None) -> str:
    """For a pull request."""
    blocks: list[Block] = [
        Sentences((f"{_verdict(found)}.", f"{found.patch.reason} ({found.patch.author}, {found.patch.dated.isoformat()})")),
        Table("Changes", ("No.", "Change", "Moves"), tuple((str(c.number), c.sentence, str(c.moves)) for c in found.changes), ("No.", "Moves")),
        Table("Evidence", ("Says", "Source", "Where"), tuple((e.says, e.source, e.reference) for e in found.patch.evidence)),
    ]
    if found.moves:
        rows = tuple((m.title, "; ".join(f"{a.replace('_', ' ')}: {_said(m, a)}" for a in m.moved), _by(m), "; ".join(f"{v.kind} {v.name}: {v.before or 'nothing'} -> {v.after or 'nothing'}" for v in m.movers[:MOVERS_SHOWN])) for m in found.moves[:limit])
        blocks += [Heading("Decisions that would move"), Table(f"{len(rows):,} of {len(found.moves):,}", ("Title", "What", "By", "Through"), rows)]
    blocks.append(Sentences((*(f"Went with what was retired: {w}." for w in found.went_along), *(f"Note: {n}." for n in found.notes), f"{_untouched(found)}.")))
    return report_markdown(f"What if: {found.patch.name}", blocks)


def _verdict(found: WhatIf) -> str:
    return f"{found.patch.name} would move {_counted(len(found.moves))} of {found.asked:,}, asked for {found.as_of}; served: {found.served[0]:,} before, {found.served[1]:,} after"


def _untouched(found: WhatIf) -> str:
    return f"the snapshot {found.snapshot} was only read"


def _counted(count: int) -> str:
    return "1 decision" if count == 1 else f"{count:,} decisions"


def _by(move: DecisionMove) -> str:
    if not move.moved_by:
        return "several changes, each of which is enough"
    return ("change " if len(move.moved_by) == 1 else "changes ") + ", ".join(map(str, move.moved_by))


def _said(move: DecisionMove, aspect: str) -> str:
    if aspect == "path":
        return f"{_path(move.path_before)} -> {_path(move.path_after)}"
    return f"{getattr(move.before, aspect) or 'none'} -> {getattr(move.after, aspect) or 'none'}"


def _path(path: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{module.removeprefix('module/')} {score}" for module, score in path) or "none"


def _steps(path: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"module": module, "score": score} for module, score in path]
