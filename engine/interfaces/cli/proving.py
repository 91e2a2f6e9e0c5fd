"""`wig why`: the proof of a decision, drawn or checked; for a record or a publisher's row its lineage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.contracts import BadInput, Corrupt, InputOutput
from engine.contracts.canonical import plain
from engine.interfaces.cli.asking import citations_of, desk_of
from engine.interfaces.cli.door import (
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    format_of,
    guarded,
    print_json,
    print_text,
    snapshot_of,
    workspace_at,
)
from engine.interfaces.cli.tracing import is_lineage, why_record_or_row

if TYPE_CHECKING:
    from engine.graph import Snapshot

_LARGEST_PROOF = 64 * 1024 * 1024
_LINEAGE_FORMATS = ("text", "json", "mermaid")


@guarded
def why(
    decision_id: Annotated[str, typer.Argument(metavar="WHAT", help="A decision of this workspace (a unique beginning of its id is enough), a record (task/8823), a relationship (\"PERFORMS role/... task/...\") or a publisher's row (\"onet@30.1/Task Statements.txt:17\"). With --check also a file that `--format json` wrote.", show_default=False)],
    format_: Annotated[str, typer.Option("--format", help="text, json, mermaid; for a decision also graphml and prov (PROV-O as JSON-LD).")] = "text",
    check: Annotated[bool, typer.Option("--check", help="Make every step of the proof again with a checker that shares no code with the evaluator. Exit status 1 where the proof does not hold, 3 where a digest differs.")] = False,
    source_dir: Annotated[Path | None, typer.Option("--source-dir", help="Folder with the publishers' files, to show the rows themselves. Default: where the snapshot was built from.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Recompute a decision and show its proof, or check it; or follow a record to its publisher's file and row, and a row to what came from it."""
    from engine.interfaces.drawing import PROOF_FORMATS, proof_document
    from engine.journal import Journal

    chosen = format_of(format_, PROOF_FORMATS, as_json=as_json)
    if check and decision_id.endswith(".json"):
        _check_file(Path(decision_id), chosen == "json", workspace, snapshot)
        return
    if is_lineage(decision_id):
        if check or chosen not in _LINEAGE_FORMATS:
            raise BadInput.at("CLI102", f"`{decision_id}` is no decision: {'it has no proof to check' if check else f'it cannot be drawn as {chosen}'}", fix=f"leave --check out, and use {', '.join(_LINEAGE_FORMATS)}")
        why_record_or_row(decision_id, chosen, source_dir, workspace, snapshot)
        return
    asked = Journal(workspace_at(workspace).folder).asked(decision_id)
    if asked is None:
        raise BadInput.at("CLI103", f"this workspace keeps no decision `{decision_id}`", why="a decision is explained by asking its question again", fix="copy the decision id from an answer, or name the workspace that gave it")
    desk = desk_of(workspace, asked.snapshot, asked.as_of)
    proof = desk.prove(asked.kind, asked.question, asked.as_of)
    met = proof.decision.decision_id
    if check and met == asked.decision_id:
        _check(json.loads(json.dumps(plain(proof.document()))), desk.snapshot, chosen == "json")
        return
    owed = citations_of(desk).owed(proof.decision)
    if chosen == "json":
        print_json(proof_document(proof, asked.decision_id, owed))
    elif not check:
        print_text(PROOF_FORMATS[chosen](proof, owed))
    if met != asked.decision_id:
        raise Corrupt.at("CLI301", f"recomputed as {met}, given as {asked.decision_id}", why="the same question on the same snapshot must give the same decision", fix="run `wig verify` on the snapshot's receipt")


def _check_file(file: Path, as_json: bool, workspace: Path | None, snapshot: str | None) -> None:
    """Check a kept proof against the snapshot that the decision was given on, or the one named."""
    from engine.journal import Journal

    try:
        if file.stat().st_size > _LARGEST_PROOF:
            raise BadInput.at("WHY101", f"{file.name} is larger than any proof", fix="name a file that `wig why ID --format json` wrote")
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise InputOutput.at("WHY102", f"cannot read {file.name}: {error.strerror}", fix="name a file that `wig why ID --format json` wrote") from None
    except (ValueError, RecursionError) as error:
        raise BadInput.at("WHY101", f"{file.name} is no proof: {error}", why="a proof is one JSON document", fix="name a file that `wig why ID --format json` wrote") from None
    if not isinstance(document, dict) or not isinstance(document.get("proof"), dict) or not isinstance(document.get("decision_id"), str):
        raise BadInput.at("WHY101", f"{file.name} is no proof", why="it has no `proof` or no `decision_id`", fix="name a file that `wig why ID --format json` wrote")
    asked = Journal(workspace_at(workspace).folder).asked(document["decision_id"])
    _check(document, snapshot_of(workspace, snapshot or (asked.snapshot if asked else None)), as_json)


def _check(document: dict[str, Any], snapshot: Snapshot, as_json: bool) -> None:
    """Say what the checker finds; exit status 1 where the proof does not hold, 3 where a digest differs."""
    from engine.interfaces.drawing import checked_proof_document, checked_proof_text
    from engine.replay import Checker

    for name in ("rulebook.json", "facts.sqlite"):
        snapshot.verified_path(name)
    checker = Checker(snapshot.folder)
    found = checker.check(document)
    checker.close()
    if as_json:
        print_json(checked_proof_document(found, document["decision_id"]))
    else:
        print_text(checked_proof_text(found, document["decision_id"]))
    if not found.holds:
        raise typer.Exit(3 if found.integrity else 1)
