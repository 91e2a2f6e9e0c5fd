"""A file of patches sorted into lanes by the rules of a snapshot; each row keeps its bytes and gets a receipt. Nothing is applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Corrupt, Diagnostic, InputOutput, Place, canonical_json, digest_of
from engine.contracts.canonical import plain
from engine.graph import Snapshot
from engine.ontology import load_schema
from engine.patches.laying import refuse_unfit
from engine.patches.patch import Patch
from engine.patches.row_files import PatchFile, PatchRow, file_digest, read_rows
from engine.rules import FactStore, Rulebook
from engine.warehouse import PublishedRecords

LANES = ("packet_hardening_candidate", "serviceable_with_caveat", "attach_source_and_rerun", "hold_for_source_mining")
PACK = "patches"
EVERY = 500
_UNKNOWN, _TAKEN = frozenset({"WIF110", "WIF113", "RUL201"}), frozenset({"WIF111"})
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PatchReceipt:
    """What became of one row: its number, line and SHA-256, the patch's name, its lane, the row of the rules that fired with its sentence,
    how each statement of evidence stands, what was met that speaks against it (codes with places), and what the lane was decided on."""

    row: int
    line: int
    digest: str
    patch: str
    author: str
    lane: str
    rule: str
    reason: str
    evidence: tuple[str, ...]
    met: tuple[Diagnostic, ...]
    inputs: Mapping[str, Any]

    @property
    def receipt_id(self) -> str:
        """`receipt/` and the first 32 hexadecimal digits of the SHA-256 of all of it in canonical form."""
        return f"receipt/{digest_of(plain(self))[:32]}"


@dataclass(frozen=True, slots=True)
class Replay:
    """A sorted file: its digest before and after (they are equal), receipts in the order of its rows, and under what they were sorted."""

    file: str
    form: str
    digest: str
    digest_after: str
    snapshot: str
    rules_digest: str
    as_of: str
    receipts: tuple[PatchReceipt, ...]
    rows: tuple[bytes, ...]

    def lane(self, name: str) -> tuple[PatchReceipt, ...]:
        """Receipts of a lane, in the order of the rows."""
        return tuple(r for r in self.receipts if r.lane == name)

    @property
    def unreadable(self) -> int:
        """Rows that could not be read as a patch; they are held."""
        return sum(r.inputs["form"] == "unreadable" for r in self.receipts)


def replay_patches(path: Path, snapshot: Snapshot, as_of: str | None = None, say: Say = lambda _: None) -> Replay:
    """Sort the rows of a file.

    Raises what read_rows raises, BadInput WIF124 where the snapshot's rules know no lanes, Corrupt WIF301 where the file changed meanwhile.
    """
    schema = load_schema()
    rulebook = Rulebook.from_json(snapshot.verified_path("rulebook.json").read_text(encoding="utf-8"))
    if PACK not in rulebook.packs:
        raise BadInput.at("WIF124", f"the rules of this snapshot hold no pack `{PACK}`", why="it decides the lanes", fix="build anew with `wig build`")
    day = date.today() if as_of == "today" else date.fromisoformat(as_of or snapshot.receipt().release_date)
    found = read_rows(path, schema)
    say(f"sort {len(found.rows):,} patches")
    for target in schema.targets():
        snapshot.verified_path(f"records/{target}.parquet")
    store = FactStore(snapshot.verified_path("facts.sqlite"))
    with PublishedRecords(snapshot.records, schema) as records:
        fits = []
        for row in found.rows:
            fits.append(_fit(row, records, rulebook))
            if row.number % EVERY == 0:
                say(f"  {row.number:,} of {len(found.rows):,} patches")
    receipts = _sorted(found, fits, store, rulebook, day)
    after = file_digest(path)
    if after != found.digest:
        raise Corrupt.at("WIF301", f"{path.name} changed while it was sorted", why="the receipts name other bytes than stand there now", fix="sort it again when nobody writes to it")
    return Replay(found.name, found.form, found.digest, after, snapshot.name, rulebook.digest, day.isoformat(), receipts, tuple(r.raw for r in found.rows))


def _fit(row: PatchRow, records: PublishedRecords, rulebook: Rulebook) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """How the changes of a row fit the graph, and what was met."""
    if row.patch is None:
        return None, row.faults
    try:
        refuse_unfit(records, rulebook, row.patch.changes)
    except BadInput as error:
        codes = {d.code for d in error.diagnostics}
        return "unknown" if codes & _UNKNOWN else "taken" if codes <= _TAKEN else "refused", error.diagnostics
    return "fits", ()


def _sorted(found: PatchFile, fits: Sequence[tuple[str | None, tuple[Diagnostic, ...]]], store: FactStore, rulebook: Rulebook, day: date) -> tuple[PatchReceipt, ...]:
    """All statements are judged at once, then all rows."""
    statements = [(n, e) for n, row in enumerate(found.rows) if row.patch for e in row.patch.evidence]
    facts = store.columns("patches.source_standing", [e.source for _, e in statements])
    judged = rulebook.decide(PACK, "evidence_standing", {**facts, "reference": [e.reference or None for _, e in statements]}, day, size=len(statements), trace=False)
    stands: list[list[str]] = [[] for _ in found.rows]
    told: list[list[str]] = [[] for _ in found.rows]
    for position, (n, evidence) in enumerate(statements):
        standing = str(judged.outputs["standing"][position])
        stands[n].append(standing)
        told[n].append(f"{standing}: {judged.sentences[position]} ({' '.join(filter(None, (evidence.source, evidence.reference))) or 'no source'}: {evidence.says})")
    inputs = [_inputs(row.patch, fit, stands[n], day) for n, (row, (fit, _)) in enumerate(zip(found.rows, fits, strict=True))]
    columns = {name: [i[name] for i in inputs] for name in inputs[0]}
    lanes = rulebook.decide(PACK, "lane", columns, day, size=len(inputs), trace=False)
    return tuple(
        PatchReceipt(
            row.number, row.line, row.digest, row.patch.name if row.patch else "", row.patch.author if row.patch else "", str(lanes.outputs["lane"][n]), str(lanes.fired[n]),
            lanes.sentences[n], tuple(told[n]), fits[n][1], inputs[n],
        ) for n, row in enumerate(found.rows)
    )  # fmt: skip


def _inputs(patch: Patch | None, fit: str | None, stands: Sequence[str], day: date) -> dict[str, Any]:
    if patch is None:
        names = ("fit", "statements", "standing_statements", "signal_statements", "unattached_statements", "confidence", "age_days", "changes_rules")
        return {"form": "unreadable", **dict.fromkeys(names)}
    age = (day - patch.dated).days
    return {
        "form": "readable", "fit": fit, "statements": len(stands), "standing_statements": stands.count("standing"), "signal_statements": stands.count("signal"),
        "unattached_statements": stands.count("unattached"), "confidence": patch.confidence, "age_days": age if age >= 0 else None, "changes_rules": bool(patch.parameter_changes),
    }  # fmt: skip


def write_lanes(replay: Replay, folder: Path) -> tuple[str, ...]:
    """Write each lane's rows, byte for byte, and all receipts into an empty or new folder; answers the names written.

    Raises BadInput WIF125 where the folder holds anything, InputOutput WIF403 where it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadInput.at("WIF125", f"the folder {folder.name} is not empty", why="lanes of two files would mix", fix="name an empty or a new folder", place=Place(str(folder)))
        written = []
        for lane in LANES:
            rows = [replay.rows[r.row - 1] for r in replay.lane(lane)]
            name = f"{lane}.{replay.form}"
            (folder / name).write_bytes(_joined(rows, replay.form))
            written.append(name)
        lines = [canonical_json({**plain(r), "receipt": r.receipt_id}) for r in replay.receipts]
        (folder / "receipts.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    except OSError as error:
        raise InputOutput.at("WIF403", f"cannot write the lanes: {error.strerror}", fix="check permission and space", place=Place(str(folder))) from None
    return (*written, "receipts.jsonl")


def _joined(rows: Sequence[bytes], form: str) -> bytes:
    """Rows one after the other; a document that does not say where it begins is told apart from the one before."""
    joined = b""
    for row in rows:
        if joined and not joined.endswith(b"\n"):
            joined += b"\n"
        if form == "yaml" and joined and not row.startswith(b"---"):
            joined += b"---\n"
        joined += row
    return joined + (b"\n" if joined and not joined.endswith(b"\n") else b"")
