"""The lineage half of `wig why`: a record or a publisher's row, with the decisions of this workspace that rest on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import BadInput, EngineError
from engine.interfaces.cli.door import print_json, print_text, snapshot_of, workspace_at

if TYPE_CHECKING:
    from engine.graph import Workspace
    from engine.journal import Journal
    from engine.lineage import CitedRows, Trace

MOST_ASKED_AGAIN = 25


@dataclass(frozen=True, slots=True)
class Resting:
    """Decisions under a row, by id: those whose recomputed evidence cites the row itself, those that cite a record it states,
    and those that could not be asked again, so that nobody can say.
    """

    on_the_row: tuple[str, ...]
    on_its_records: tuple[str, ...]
    not_asked_again: tuple[str, ...]


def is_lineage(wanted: str) -> bool:
    """Whether the words name a record, a relationship or a publisher's row, and not a decision."""
    return "/" in wanted and not wanted.startswith("decision/")


def why_record_or_row(wanted: str, format_: str, source_dir: Path | None, workspace: Path | None, snapshot: str | None) -> None:
    """Show the lineage in the format asked for. Raises BadInput LIN101-LIN104, LIC102, CLI102, CLI119."""
    from engine.build import read_findings
    from engine.interfaces.drawing import trace_document, trace_mermaid, trace_text
    from engine.journal import Journal
    from engine.licensing import Exit, licence_policy
    from engine.lineage import asked_row, built_from, trace_record, trace_row
    from engine.ontology import load_schema

    if source_dir is not None and not source_dir.exists():
        raise BadInput.at("CLI119", f"there is nothing at {source_dir}", fix="name the folder that holds the publishers' files")
    place, schema = snapshot_of(workspace, snapshot), load_schema()
    findings = read_findings(place)
    folders = (source_dir,) if source_dir else built_from(findings.get("built_from"))
    policy, way = licence_policy(place), Exit.SCREEN if format_ == "text" else Exit.EXPORT
    journal = Journal(workspace_at(workspace).folder)
    asked = asked_row(wanted)
    if asked is None:
        trace = trace_record(place, schema, wanted, folders)
        if trace.record is not None and trace.record.target != "Source":
            policy.require(trace.record.source, way, f"`{wanted}`")
        speaking = {f"source/{f.cited.release}" for f in trace.files if f.sha256} & policy.sources.keys()
        resting = Resting((), journal.resting_on(wanted), ())
    else:
        trace = trace_row(place, schema, *asked, folders, findings.get("unmatched", ()))
        policy.require(f"source/{asked[0].release}", way, f"`{wanted}`")
        passed = policy.admit(trace.records, lambda r: r.source, way)
        trace = replace(trace, records=passed.carried)
        speaking = {a.source for a in passed.attributions} | {f"source/{asked[0].release}"}
        resting = _resting(workspace_at(workspace), journal, trace, asked[0])
    drawn = (trace, resting, policy.attributions(speaking, way))
    if format_ == "json":
        print_json(trace_document(*drawn))
    else:
        print_text({"text": trace_text, "mermaid": trace_mermaid}[format_](*drawn))


def _resting(place: Workspace, journal: Journal, trace: Trace, row: CitedRows) -> Resting:
    """The journal knows records, not rows; so decisions near the row are asked again and their evidence is read."""
    from engine.ask import Desk

    own = {r.name for r in trace.records if len(r.key) == 1}
    near = own | {end for r in trace.records if len(r.key) == 3 for end in r.key[1:]}
    candidates = sorted({d for record in sorted(near) for d in journal.resting_on(record)})
    kept = {s.name: s for s in place.snapshots()}
    desks: dict[str, Desk] = {}
    on_row, on_records, unknown = [], [], []
    for number, decision_id in enumerate(candidates):
        asked = journal.asked(decision_id)
        if asked is None or asked.snapshot not in kept or number >= MOST_ASKED_AGAIN:
            unknown.append(decision_id)
            continue
        try:
            desk = desks.setdefault(asked.snapshot, Desk(kept[asked.snapshot]))
            evidence = desk.ask_again(asked.kind, asked.question, asked.as_of).evidence
        except EngineError:
            unknown.append(decision_id)
            continue
        if any(row.name == c.name and c.covers(trace.stated_at or trace.row) for e in evidence for c in _cited(e.source, e.source_ref)):
            on_row.append(decision_id)
        elif any(e.record in own for e in evidence):
            on_records.append(decision_id)
    return Resting(tuple(on_row), tuple(on_records), tuple(unknown))


def _cited(source: str, source_ref: str) -> tuple[CitedRows, ...]:
    from engine.lineage import cited_rows

    return cited_rows(source, source_ref)
