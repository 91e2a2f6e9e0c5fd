"""Patches sorted into lanes: counts, then each row with its reason; as text, JSON and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.contracts.canonical import plain
from engine.interfaces.drawing.report_page import Block, Heading, Sentences, Table, report_markdown
from engine.interfaces.drawing.resolution_drawing import wrapped

if TYPE_CHECKING:
    from engine.patches import PatchReceipt, Replay

LANE_NAMES = {
    "packet_hardening_candidate": "packet hardening candidate", "serviceable_with_caveat": "serviceable with caveat",
    "attach_source_and_rerun": "source reference to attach and rerun", "hold_for_source_mining": "hold for source mining",
}  # fmt: skip


def replay_document(replay: Replay, written: tuple[str, ...]) -> dict[str, Any]:
    """All of it; the rows themselves stay in their file."""
    return {
        "file": replay.file, "form": replay.form, "digest_before": replay.digest, "digest_after": replay.digest_after, "untouched": replay.digest == replay.digest_after,
        "snapshot": replay.snapshot, "rules_digest": replay.rules_digest, "as_of": replay.as_of, "rows": len(replay.receipts), "unreadable": replay.unreadable,
        "lanes": {lane: len(replay.lane(lane)) for lane in LANE_NAMES}, "receipts": [plain(r) | {"receipt": r.receipt_id} for r in replay.receipts], "written": written,
    }  # fmt: skip


def replay_text(replay: Replay, written: tuple[str, ...], limit: int | None) -> str:
    """Counts of the lanes, then the rows of each."""
    lines = [_verdict(replay), "", *(f"  {name:<38}{len(replay.lane(lane)):>7,}" for lane, name in LANE_NAMES.items())]
    for lane, name in LANE_NAMES.items():
        found = replay.lane(lane)
        if found:
            lines += ["", name]
            for receipt in found[:limit]:
                lines.append(wrapped(f"  {_row(receipt)}: {receipt.reason}", 4))
                lines += [wrapped(f"    {d.place}  {d.code}  {d.what}", 6) for d in receipt.met[:3]]
            if limit is not None and len(found) > limit:
                lines.append(f"  and {len(found) - limit:,} more with --limit or --json")
    if written:
        lines += ["", wrapped("written: " + ", ".join(written), 2)]
    return "\n".join([*lines, "", _untouched(replay)])


def replay_markdown(replay: Replay, written: tuple[str, ...], limit: int | None) -> str:
    """For a reader who was not there."""
    blocks: list[Block] = [
        Sentences((f"{_verdict(replay)}.",)),
        Table("Lanes", ("Lane", "Rows"), tuple((name, f"{len(replay.lane(lane)):,}") for lane, name in LANE_NAMES.items()), ("Rows",)),
    ]
    for lane, name in LANE_NAMES.items():
        found = replay.lane(lane)
        if found:
            rows = tuple((_row(r), r.reason, "; ".join(f"{d.code} {d.what}" for d in r.met), r.digest[:12]) for r in found[:limit])
            blocks += [Heading(name.capitalize()), Table(f"{len(rows):,} of {len(found):,}", ("Row", "Because", "Met", "Digest"), rows)]
    blocks.append(Sentences((*((f"Written: {', '.join(written)}.",) if written else ()), f"{_untouched(replay)}.")))
    return report_markdown(f"Patches of {replay.file}", blocks)


def _verdict(replay: Replay) -> str:
    unread = f", {replay.unreadable:,} of them unreadable" if replay.unreadable else ""
    return f"{len(replay.receipts):,} patches of {replay.file} sorted for {replay.as_of}{unread}"


def _untouched(replay: Replay) -> str:
    return f"{replay.file} is as it was: SHA-256 {replay.digest[:16]} before and after"


def _row(receipt: PatchReceipt) -> str:
    return f"row {receipt.row} (line {receipt.line}) {receipt.patch or 'unreadable'}"
