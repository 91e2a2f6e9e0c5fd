"""Verifying: rebuild from the publishers' files in a fresh process, ask again, compare. No stored outcome is read.

The comparison is of digests; where they differ, the source, rule, shape or ontology file whose bytes changed is named.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Corrupt, Diagnostic, EngineError, Fingerprint, InputOutput, Place, Receipt
from engine.contracts.canonical import plain
from engine.documents import program
from engine.graph import Snapshot, Workspace
from engine.journal import Asked, Journal
from engine.sources import PUBLISHERS

Say = Callable[[str], None]
# a release is chosen for publishers; a list from the market names its own
_CHOSEN = frozenset(p.name for p in PUBLISHERS)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing compared: what, as given, as recomputed."""

    what: str
    given: str
    recomputed: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Verdict on a receipt or decision: every comparison, and the inputs that changed, in name order."""

    subject: str
    compared: tuple[Comparison, ...]
    changed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True where everything compared is the same and no input changed."""
        return not self.changed and all(c.given == c.recomputed for c in self.compared)


def verify(workspace: Workspace, wanted: str | None, source_dir: Path | None, say: Say = lambda _: None) -> Verification:
    """Recompute a receipt (a file, a snapshot's name, None for the current snapshot) or a decision (its id).

    The receipt of a covered list is recomputed from the answers beside it and the snapshot that gave them, without a rebuild; and from the list, where `source_dir` holds it.

    Raises BadInput VER101 where nothing of that name is known, VER102 where the publishers' files are not at hand; EngineError
    as the rebuild raises it.
    """
    if wanted and (path := Path(wanted)).is_file():
        from engine.coverage import coverage_receipt_at, recompute

        if coverage_receipt_at(path) is not None:
            subject, found = recompute(workspace, path, say, source_dir)
            return Verification(subject, tuple(Comparison(r.what, r.given, r.again) for r in found), ())
    asked = Journal(workspace.folder).asked(wanted) if wanted else None
    snapshot, receipt = _given(workspace, wanted, asked)
    if snapshot is not None:
        say("comparing the snapshot with its seal")
        snapshot.verify_seal(full=True)
    folder = source_dir or (_built_from(snapshot) if snapshot is not None else None)
    published = sorted(set(receipt.releases) - {"wedge", "soc"})
    if published and folder is None:
        raise BadInput.at("VER102", f"the receipt rests on {', '.join(published)}, and its files are not at hand", why="a receipt is recomputed from the publishers' files", fix="name their folder with --source-dir")
    engine = snapshot.engine if snapshot is not None else "kuzu"
    model = snapshot.sentence_model if snapshot is not None else None
    request: dict[str, Any] = {
        "source_dir": str(folder) if published else None, "engine": engine, "asked": plain(asked) if asked else None,
        "releases": {n: receipt.releases[n] for n in published if n in _CHOSEN}, "model": None if model is None else str(model),
    }  # fmt: skip
    answer = _in_fresh_process(request, say)
    again = receipt_from(answer["receipt"])
    compared = [
        Comparison("records", receipt.record_digest, again.record_digest), Comparison("rules", receipt.rules_digest, again.rules_digest),
        Comparison("shapes", receipt.shapes_digest, again.shapes_digest), Comparison("ontology", receipt.ontology_digest, again.ontology_digest),
        Comparison("receipt", receipt.receipt_id, again.receipt_id),
    ]  # fmt: skip
    if asked is not None:
        compared.append(Comparison("decision", asked.decision_id, answer["decision_id"]))
    return Verification(asked.decision_id if asked else receipt.receipt_id, tuple(compared), _changed(receipt, again))


def receipt_from(data: Mapping[str, Any]) -> Receipt:
    """A receipt from its JSON form. Raises Corrupt VER103 where it is not one."""
    if not isinstance(data, Mapping):
        raise Corrupt.at("VER103", "this is no receipt: not a JSON object", fix="give a receipt.json as a build wrote it")
    try:
        fields = dict(data)
        return Receipt(**{**fields, "inputs": tuple(Fingerprint(**f) for f in fields["inputs"]), "gaps": tuple(fields["gaps"]), "attributions": tuple(fields.get("attributions", ()))})
    except (KeyError, TypeError) as error:
        raise Corrupt.at("VER103", f"this is no receipt: it lacks or misstates {error}", fix="give a receipt.json as a build wrote it") from None


def _given(workspace: Workspace, wanted: str | None, asked: Asked | None) -> tuple[Snapshot | None, Receipt]:
    if wanted is None:
        current = workspace.required()
        return current, current.receipt()
    name = asked.snapshot if asked else wanted
    for snapshot in workspace.snapshots():
        if snapshot.name == name or snapshot.receipt().receipt_id == name:
            return snapshot, snapshot.receipt()
    path = Path(wanted)
    if path.is_file():
        try:
            return None, receipt_from(json.loads(path.read_bytes()))
        except (ValueError, RecursionError):
            raise Corrupt.at("VER103", "this is no receipt: not JSON", fix="give a receipt.json as a build wrote it", place=Place(path.name)) from None
    raise BadInput.at("VER101", f"no receipt, snapshot or decision `{wanted}` is known here", fix="see `wig snapshots list`, or give the path of a receipt.json")


def _built_from(snapshot: Snapshot) -> Path | None:
    told = json.loads(snapshot.findings.read_text(encoding="utf-8")).get("built_from")
    return Path(told) if told else None


def _changed(given: Receipt, again: Receipt) -> tuple[str, ...]:
    """Names of inputs that differ, came or went."""
    before, after = ({(f.kind, f.name): f.sha256 for f in r.inputs} for r in (given, again))
    words = []
    for kind, name in sorted(before.keys() | after.keys()):
        old, new = before.get((kind, name)), after.get((kind, name))
        if old != new:
            words.append(f"{kind} {name} {'is not what the receipt states' if old and new else 'is not in the receipt' if new else 'is in the receipt only'}")
    return tuple(words)


def _in_fresh_process(request: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """Run this module as a program; its progress lines are passed on, its last line of output is the answer."""
    command, environment = program("engine.verify")
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(request))
    child.stdin.close()
    answer: dict[str, Any] | None = None
    for line in child.stdout:
        told = json.loads(line)
        if "say" in told:
            say(told["say"])
        else:
            answer = told
    if child.wait() != 0 or answer is None:
        raise InputOutput.at("VER104", f"the fresh process ended with status {child.returncode}", fix="free memory and disk space and try again")
    if "diagnostics" in answer:
        faults = [Diagnostic(Place(**d.pop("place")), **d) for d in answer["diagnostics"]]
        raise next(k for k in (BadInput, Corrupt, InputOutput) if k.exit_code == answer["exit_code"])(*faults)
    return answer


def main() -> None:
    """The fresh process: build in a workspace of its own, ask the question again, print what came out."""
    from engine.ask import Desk
    from engine.build import BuildRequest, build_snapshot

    request = json.load(sys.stdin)

    def tell(told: Mapping[str, Any]) -> None:
        print(json.dumps(told), flush=True)

    with tempfile.TemporaryDirectory() as folder:
        try:
            source = Path(request["source_dir"]) if request["source_dir"] else None
            model = Path(request["model"]) if request["model"] else None
            wanted = BuildRequest(source, request["releases"], request["engine"], semantic_model=model)
            built = build_snapshot(Workspace(Path(folder)), wanted, lambda m: tell({"say": m}))
            answer: dict[str, Any] = {"receipt": plain(built.receipt)}
            if asked := request["asked"]:
                answer["decision_id"] = Desk(built.snapshot).ask_again(asked["kind"], asked["question"], asked["as_of"]).decision_id
        except EngineError as error:
            answer = {"diagnostics": plain(error.diagnostics), "exit_code": error.exit_code}
    tell(answer)


if __name__ == "__main__":
    main()
