"""Lineage as text, JSON and Mermaid: a record with the publisher's rows behind it, or a row with the records that came from it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.contracts import decimal_text
from engine.interfaces.drawing.resolution_drawing import wrapped

if TYPE_CHECKING:
    from engine.interfaces.cli.tracing import Resting
    from engine.licensing import Attribution
    from engine.lineage import StatedRecord, Trace, TracedFile

MOST = 40
_STATES = {
    "as_read": "the file is byte for byte the one that the build read",
    "changed": "THE FILE HAS CHANGED SINCE the build read it",
    "not_here": "the file is not where the build read it; name its folder with --source-dir",
    "not_looked_for": "not looked for; name the publishers' folder with --source-dir",
}


def trace_document(trace: Trace, resting: Resting, attributions: Sequence[Attribution]) -> dict[str, Any]:
    """The trace, the decisions that rest on it and the citations owed, as one JSON object."""
    common = {"snapshot": trace.snapshot, "receipt_id": trace.receipt_id, "source": trace.source and _source(trace.source)}
    ends = {"decisions": resting, "attributions": list(attributions)}
    if trace.record is not None:
        return {"record": _record(trace.record), **common, "files": [_file(f) for f in trace.files], **ends}
    stated = {"stated_at": trace.stated_at, "records": [_record(r) for r in trace.records], "met_nothing": trace.met_nothing}
    return {"row": f"{trace.files[0].cited.name}:{trace.row}", **common, "file": _file(trace.files[0]), **stated, **ends}


def trace_text(trace: Trace, resting: Resting, attributions: Sequence[Attribution]) -> str:
    """For a terminal: what it is, whose it is, where it stands, what rests on it."""
    out: list[str] = []
    record = trace.record
    if record is not None:
        out += [wrapped(f"{record.name}  {record.label} ({record.target})".replace("   ", " "), 4)]
        out += [wrapped(f"  {name} = {_shown(value)}", 4) for name, value in record.values.items() if value != record.label]
        out += ["", wrapped(f"derived by  {record.derived_by}; confidence {decimal_text(record.confidence)}; licence {record.licence}", 12)]
    else:
        out += [wrapped(f"{trace.files[0].cited.name}, row {trace.row}", 4)]
    out += _source_lines(trace.source)
    for file in trace.files:
        out += ["", *_file_lines(file)]
    if record is None:
        out += ["", wrapped(_stated(trace), 0)]
        out += [wrapped(f"  {r.name}  {r.label} [{r.derived_by}, confidence {decimal_text(r.confidence)}]".replace("   ", " "), 6) for r in trace.records[:MOST]]
        out += [f"  ... {len(trace.records) - MOST:,} more with --json"] if len(trace.records) > MOST else []
        out += [wrapped(f"met nothing in `{u.join.replace('_', ' ')}`: {u.reason.replace('_', ' ')} ({u.subject})", 4) for u in trace.met_nothing]
    out += ["", *_resting_lines(resting, row=record is None)]
    if attributions:
        out += ["", "to be cited", *(wrapped(f"  {a.citation} [{a.licence}]", 4) for a in attributions)]
    return "\n".join(out)


def trace_mermaid(trace: Trace, resting: Resting, attributions: Sequence[Attribution]) -> str:
    """A flow chart from the source over file and rows to records and decisions."""
    lines = ["flowchart LR"]
    if trace.source is not None:
        lines.append(f'  source[("{_quoted(trace.source.label)}<br/>{_quoted(trace.source.licence)}")]')
    for i, f in enumerate(trace.files):
        lines.append(f'  f{i}["{_quoted(f.cited.name)}<br/>rows {_quoted(f.cited.rows or "all")}<br/>{_quoted(f.sha256[:12] or "no digest")}"]')
        lines += [f"  source --> f{i}"] if trace.source is not None else []
    for i, r in enumerate(trace.records[:MOST]):
        lines.append(f'  r{i}(["{_quoted(r.name)}"])')
        lines += [f"  f{j} -- {_quoted(r.derived_by)} --> r{i}" for j in range(len(trace.files))]
    decisions = [(d, "rests on the row") for d in resting.on_the_row] + [(d, "rests on it") for d in resting.on_its_records]
    for i, (d, how) in enumerate(decisions[:MOST]):
        lines += [f'  d{i}{{{{"{_quoted(d[:24])}"}}}}', f"  {'r0' if trace.records else 'f0'} -- {how} --> d{i}"]
    if len(trace.records) > MOST or len(decisions) > MOST:
        lines.append(f'  more["{max(len(trace.records) - MOST, 0)} more records, {max(len(decisions) - MOST, 0)} more decisions"]')
    return "\n".join([*lines, *(f"  %% attribution: {' '.join(a.citation.split())} [{a.licence}]" for a in attributions)])


def _stated(trace: Trace) -> str:
    """How many records came from the row, or why none did."""
    if trace.files[0].past_its_end:
        return "the file has no such row"
    if not trace.records:
        return "no record comes from this row: it was dropped, merged into another, or nothing is projected from it"
    if trace.stated_at != trace.row:
        return f"records that begin at row {trace.stated_at}, the nearest above it: {len(trace.records):,}"
    return f"records from this row: {len(trace.records):,}"


def _source_lines(source: StatedRecord | None) -> list[str]:
    if source is None:
        return ["source      unknown: the snapshot has no record of it"]
    v = source.values
    told = [f"source      {source.label} ({source.name})", f"owner       {v.get('owner', '')}", f"licence     {source.licence}; {str(v.get('allowed_use', '')).replace('_', ' ')}"]
    told += [f"layer       {str(v.get('layer', '')).replace('_', ' ')}", f"release     {source.release}", f"citation    {v.get('citation', '')}", f"address     {v.get('address', '')}"]
    return [wrapped(line, 12) for line in told]


def _file_lines(file: TracedFile) -> list[str]:
    where = f", {'row' if file.cited.count == 1 else 'rows'} {file.cited.rows}" if file.cited.spans else ""
    out = [wrapped(f"file        {file.cited.name}{where}{f', column {file.cited.column}' if file.cited.column else ''}", 12)]
    if not file.sha256:
        return [*out, "            the receipt lists no such file"]
    out += [f"  sha256    {file.sha256}", wrapped(f"  now       {file.found + ': ' if file.found else ''}{_STATES[file.state.value]}", 12)]
    out += [wrapped(f"  {line.number:>8}  {' | '.join(line.text.split(chr(9)))}", 12) for line in file.lines]
    if file.unreadable:
        out.append(wrapped(f"            not shown: {file.unreadable}", 12))
    elif file.rows_left_out and file.lines:
        out.append(f"            ... {file.rows_left_out:,} more rows")
    return out


def _resting_lines(resting: Resting, *, row: bool) -> list[str]:
    told = [("decisions whose evidence cites this row", resting.on_the_row), ("decisions that rest on its records" if row else "decisions that rest on it", resting.on_its_records)]
    told.append(("decisions near it that were not asked again, so nobody can say", resting.not_asked_again))
    out = []
    for words, decisions in told:
        if decisions:
            out += [f"{words}: {len(decisions):,}", *(f"  {d}" for d in decisions[:MOST])]
            out += [f"  ... {len(decisions) - MOST:,} more with --json"] if len(decisions) > MOST else []
    return out or ["no decision of this workspace rests on it"]


def _record(record: StatedRecord) -> dict[str, Any]:
    provenance = {n: getattr(record, n) for n in ("source", "source_ref", "release", "licence", "confidence", "derived_by")}
    return {"record": record.name, "kind": record.target, "properties": dict(record.values), **provenance}


def _source(source: StatedRecord) -> dict[str, Any]:
    names = ("label", "owner", "layer", "allowed_use", "runtime_eligible", "citation", "address")
    return {"key": source.name, "release": source.release, "licence": source.licence, **{n: source.values.get(n) for n in names}}


def _file(file: TracedFile) -> dict[str, Any]:
    found = {"sha256": file.sha256, "size": file.size, "state": file.state, "found": file.found, "lines": file.lines}
    return {"file": file.cited.name, "rows": file.cited.rows, "column": file.cited.column, **found, "rows_left_out": file.rows_left_out, "unreadable": file.unreadable}


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_shown(v) for v in value)
    return decimal_text(value) if isinstance(value, Decimal) else str(value)


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
