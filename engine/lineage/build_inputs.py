"""What a build rests on, known before anything is made of it: every file read, by digest, and the program that reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine import __version__
from engine.contracts import EngineError, Fingerprint, Receipt, digest_of
from engine.documents import program_digest
from engine.graph import Snapshot, Workspace
from engine.ontology import ontology_fingerprints
from engine.rules import Rulebook
from engine.shapes import shape_fingerprints
from engine.sources import Discovery, Intake, Ledger, Wedge, soc_fingerprint
from engine.warehouse import Findings, RecordDigests


@dataclass(frozen=True, slots=True)
class BuildInputs:
    """Releases by source, the newest release date among them, attributions to show, and fingerprints of all files in order."""

    releases: Mapping[str, str]
    release_date: str
    attributions: tuple[str, ...]
    files: tuple[Fingerprint, ...]


def gather_inputs(ledger: Ledger, found: Discovery, market: Intake, wedge: Wedge, rulebook: Rulebook, model: tuple[Fingerprint, ...] = ()) -> BuildInputs:
    """Put together what was found, with the files of a sentence model where there is one; equal files give an equal value, whatever the machine or the order of files."""
    origins = [ledger.origin("wedge"), ledger.origin("soc"), *(d.origin for d in found.deliveries), *(m.origin for m in market.lists)]
    releases: dict[str, list[str]] = {}
    for origin in origins:
        releases.setdefault(origin.entry.name, []).append(origin.release)
    read = (*(f for d in found.deliveries for f in d.fingerprints), *market.fingerprints, *wedge.fingerprints, ledger.fingerprint, soc_fingerprint())
    return BuildInputs(
        {name: " + ".join(sorted(set(several))) for name, several in sorted(releases.items())},
        max(_day(o.release_date) for o in origins).isoformat(),
        tuple(sorted({o.attribution for o in origins if o.attribution})),
        tuple(sorted((*read, *rulebook.fingerprints(), *shape_fingerprints(), *ontology_fingerprints(), *model))),
    )


def standing(workspace: Workspace, engine: str, inputs: BuildInputs) -> Snapshot | None:
    """The current snapshot, where it is whole and was made for this graph engine, by this very program, from exactly these inputs."""
    try:
        snapshot = workspace.current()
        if snapshot is None or snapshot.engine != engine:
            return None
        receipt = snapshot.receipt()
        same = receipt.inputs == inputs.files and dict(receipt.releases) == dict(inputs.releases) and receipt.product_version == __version__
        return snapshot if same and _made_by(snapshot) == program_digest() else None
    except EngineError:  # a damaged snapshot does not stand: it is built again
        return None


def snapshot_name(workspace: Workspace, engine: str, receipt: Receipt) -> str:
    """Name for a new snapshot: its receipt and engine, and the program where another program made one of that name."""
    name = f"{receipt.receipt_id.removeprefix('receipt/')[:16]}-{engine}"
    taken = next((s for s in workspace.snapshots() if s.name == name), None)
    return f"{name}-{program_digest()[:8]}" if taken is not None and _made_by(taken) not in ("", program_digest()) else name


def _made_by(snapshot: Snapshot) -> str:
    """Digest of the program that made a snapshot; '' where it cannot be told."""
    try:
        told = json.loads(snapshot.findings.read_bytes())
    except (OSError, ValueError):
        return ""
    return str(told.get("program", "")) if isinstance(told, dict) else ""


def receipt_of(inputs: BuildInputs, gaps: tuple[str, ...], findings: Findings, digests: RecordDigests, rulebook: Rulebook) -> Receipt:
    """What the build vouches for; equal inputs give an equal receipt, whatever the engine, machine or order of files."""
    return Receipt(
        product_version=__version__, release_date=inputs.release_date, releases=inputs.releases, inputs=inputs.files,
        records=digests.digests, counts=digests.counts, dropped=findings.dropped, gaps=tuple(dict.fromkeys((*gaps, *findings.gaps))),
        record_digest=digests.total, rules_digest=rulebook.digest,
        shapes_digest=digest_of(shape_fingerprints()), ontology_digest=digest_of(ontology_fingerprints()), attributions=inputs.attributions,
    )  # fmt: skip


def _day(text: str) -> date:
    """Month or day of a release as a day; a release that the ledger does not know counts as the oldest."""
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01") if text else date.min
