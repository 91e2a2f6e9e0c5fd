"""`wig sources status`: what came in, what is missing and why; what each role family rests on; where all of it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.contracts import BadInput, InputOutput
from engine.interfaces.cli.door import (
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    format_of,
    guarded,
    note,
    print_json,
    print_text,
    snapshot_of,
)
from engine.interfaces.cli.sourcing import sources_app

if TYPE_CHECKING:
    from engine.graph import Snapshot

FORMATS = ("text", "json", "markdown", "html", "prov")


@sources_app.command("status")
@guarded
def sources_status(
    format_: Annotated[str, typer.Option("--format", help="text, json, markdown, html or prov (PROV-O as JSON-LD).")] = "text",
    output: Annotated[Path | None, typer.Option("--output", help="Write the report to this file instead.", show_default=False)] = None,
    audit: Annotated[bool, typer.Option("--audit", help="Add, for each role family, which sources and kinds of evidence it rests on.")] = False,
    unmatched: Annotated[bool, typer.Option("--unmatched", help="List every row that met nothing, with its place and the reason.")] = False,
    full: Annotated[bool, typer.Option("--full", help="In text, show each source by itself too: files, records, joins. The other formats always do.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """For each source: release, licence, rows read, kept and dropped, how its rows met the others', gaps; and what is absent, and why.

    A report may be passed on, so it holds nothing that a licence keeps inside: such rows are counted and not named.
    """
    wanted = format_of(format_, FORMATS, as_json=as_json)
    place = snapshot_of(workspace, snapshot)
    drawn = _provenance(place) if wanted == "prov" else _report(place, wanted, audit=audit, unmatched=unmatched, full=full)
    if output is None:
        if wanted in ("json", "prov"):
            print_json(json.loads(drawn))
        else:
            print_text(drawn.rstrip("\n"))
        return
    try:
        output.write_text(drawn if drawn.endswith("\n") else f"{drawn}\n", encoding="utf-8")
    except OSError as error:
        raise InputOutput.at("CLI120", f"cannot write {output}: {error.strerror}", fix="name a file in a folder that may be written") from None
    note(f"written: {output}")


def _report(place: Snapshot, wanted: str, *, audit: bool, unmatched: bool, full: bool) -> str:
    from engine.build import read_findings
    from engine.contracts.canonical import plain
    from engine.interfaces.drawing import audit_sections, intake_document, intake_sections, sections_html, sections_markdown, sections_text
    from engine.licensing import Exit, licence_policy
    from engine.lineage import audit_families, intake_of, stated_by_source
    from engine.sources import load_ledger

    receipt, policy = place.receipt(), licence_policy(place)
    stated = stated_by_source(place.records, receipt.counts)
    findings = reported_findings(place, read_findings(place))
    intake = intake_of(place.name, receipt, findings, load_ledger(), stated, policy.sources)
    cited = policy.attributions(policy.sources, Exit.RECEIPT)
    audits = audit_families(place) if audit else None
    if wanted == "json":
        return json.dumps(plain(intake_document(intake, receipt, findings, cited, audits)), ensure_ascii=False)
    *told, cited_last = intake_sections(intake, receipt, findings, cited, unmatched=unmatched, details=full or wanted != "text")
    sections = (*told, *audit_sections(audits or ()), cited_last)
    title = f"Sources of {place.name}"
    if wanted == "text":
        return sections_text(sections)
    return sections_markdown(title, sections) if wanted == "markdown" else sections_html(title, sections)


def reported_findings(place: Snapshot, findings: dict[str, Any]) -> dict[str, Any]:
    """Findings of a build as a report may carry them."""
    from engine.licensing import Exit, admit_findings, closed_targets, licence_policy
    from engine.lineage import stated_by_source

    policy = licence_policy(place)
    return admit_findings(policy, findings, Exit.REPORT, closed_targets(policy, stated_by_source(place.records, place.receipt().counts), Exit.REPORT))


def _provenance(place: Snapshot) -> str:
    from engine.lineage import PROVENANCE

    if not (place.folder / PROVENANCE).is_file():
        raise BadInput.at("LIN105", f"the snapshot {place.name} holds no {PROVENANCE}", why="it was built before builds wrote one", fix="build anew with `wig build`")
    return place.verified_path(PROVENANCE).read_text(encoding="utf-8")
