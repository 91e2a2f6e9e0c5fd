"""A finished build and the state of a snapshot's sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.contracts import Receipt
from engine.interfaces.drawing.gate_drawing import gates_line
from engine.interfaces.drawing.resolution_drawing import wrapped
from engine.interfaces.drawing.row_drawing import rows_text

if TYPE_CHECKING:
    from engine.build import Built


def build_document(built: Built) -> dict[str, Any]:
    """Snapshot, receipt, findings and where the time went (seconds, as text)."""
    return {
        "snapshot": built.snapshot.name, "receipt_id": built.receipt.receipt_id, "unchanged": built.unchanged, "receipt": built.receipt, "findings": built.findings,
        "seconds": {step: f"{seconds:.2f}" for step, seconds in built.seconds.items()},
    }  # fmt: skip


def build_text(built: Built) -> str:
    """Counts, gaps, times, and the name of what is current now; where nothing changed only that, and how it was told."""
    if built.unchanged:
        files = len(built.receipt.inputs)
        return f"nothing changed: {files} files are, by their SHA-256, those of the current snapshot (`--anew` builds nevertheless)\n\ncurrent: {built.snapshot.name}"
    out = [status_text(built.receipt, built.findings), "", "time"]
    out += [f"  {step:<22} {seconds:7.2f} s" for step, seconds in built.seconds.items()]
    out += [f"  {'in all':<22} {sum(built.seconds.values()):7.2f} s", "", f"current: {built.snapshot.name}"]
    return "\n".join(out)


def _model_line(receipt: Receipt) -> list[str]:
    """The sentence model, by its network, where the build has one."""
    networks = [f for f in receipt.inputs if f.kind == "model" and f.name.endswith(".onnx")]
    return [f"model      {f.name.removeprefix('model/')}, {f.size:,} bytes, SHA-256 {f.sha256[:16]}" for f in networks]


def status_document(receipt: Receipt, findings: dict[str, Any]) -> dict[str, Any]:
    """Receipt and findings."""
    return {"receipt_id": receipt.receipt_id, "receipt": receipt, "findings": findings}


def status_text(receipt: Receipt, findings: dict[str, Any]) -> str:
    """Releases, rows read, records by class, what was dropped and why, gaps."""
    out = [f"releases   {', '.join(f'{n}@{r}' for n, r in sorted(receipt.releases.items()))}", f"receipt    {receipt.receipt_id}", f"records    {receipt.record_digest}", *_model_line(receipt), ""]
    staged = [(t["file"], f"{t['rows_in']:,}", f"{t['kept']:,}") for t in findings["tables"]]
    if staged:
        out += [rows_text(("file", "rows", "kept"), staged), ""]
    filled = [(target, f"{count:,}") for target, count in sorted(receipt.counts.items()) if count]
    out += [rows_text(("records of", "count"), filled), ""]
    if receipt.dropped:
        out += ["left out"] + [wrapped(f"  {count:,} {reason}", 4) for reason, count in sorted(receipt.dropped.items())] + [""]
    if receipt.gaps:
        out += ["gaps"] + [wrapped(f"  - {gap}", 4) for gap in receipt.gaps] + [""]
    if "gates" in findings:
        out += [wrapped(f"gates      {gates_line(findings['gates']['counts'])}", 11)]
        out += [wrapped(f"  closed: {g['gate']} {g['subject']}: {'; '.join(g['reasons'])}", 4) for g in findings["gates"]["closed"]] + [""]
    if findings["seen"]:
        out += ["seen"] + [wrapped(f"  - {line}", 4) for line in findings["seen"]]
    return "\n".join(out).rstrip()
