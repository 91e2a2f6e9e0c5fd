"""A patch laid over a snapshot: a temporary snapshot with the changed record tables, its own graph, titles, facts and rules.

It equals what a build with the same change would publish; the snapshot underneath is only read.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, replace
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import BadInput, Diagnostic, Place, canonical_json, decimal_text, digest_of
from engine.graph import Snapshot, Workspace, load_graph, open_graph
from engine.ontology import Schema, load_schema
from engine.patches.laying import Laid, amended_rules, lay, refuse_unfit
from engine.patches.patch import Change, RecordChange
from engine.patches.scratch_folder import scratch_folder
from engine.resolver import build_title_index, published_codes, published_seniorities, published_titles
from engine.rules import Rulebook, evaluate_facts, write_facts
from engine.shapes import judge_records, shape_files
from engine.similarity import Meaning, build_similarity, published_groups, published_namings, published_texts
from engine.validate import AUTHORED
from engine.warehouse import PublishedRecords, RecordDigests

if TYPE_CHECKING:
    from engine.graph import Building

Say = Callable[[str], None]
NAME = "overlay"
HOME = ("source", "release", "licence", "confidence", "derived_by")
CARRIED = ("facts.sqlite", "titles.sqlite")  # with the index of likeness what parameters cannot move


@dataclass(frozen=True, slots=True)
class Overlay:
    """The temporary snapshot, what was laid, and the record tables that were written anew."""

    snapshot: Snapshot
    changes: tuple[Change, ...]
    laid: Laid


@contextlib.contextmanager
def overlay_of(snapshot: Snapshot, changes: Sequence[Change], say: Say = lambda _: None, *, confidence: Decimal | None = None, judge: bool = True, under: Path | None = None) -> Iterator[Overlay]:
    """Lay changes over a snapshot for as long as the block lasts; the folder (below `under`) is removed afterwards. `confidence` is that of what
    is added without one of its own; default: that of authored content.

    Raises BadInput with every change that does not fit (WIF110-WIF115) and, with `judge`, with every contract that the changed records break
    WIF116 (a contract does not hold over the overlay, with its sentence); WHS120 for values of another type; InputOutput where the machine refuses. Nothing of the snapshot is written.
    """
    schema = load_schema()
    rulebook = Rulebook.from_json(snapshot.verified_path("rulebook.json").read_text(encoding="utf-8"))
    with scratch_folder(under) as scratch, Workspace(scratch).begin() as building:
        folder = building.folder
        (folder / "records").mkdir()
        if any(isinstance(c, RecordChange) for c in changes):
            laid = _with_records(snapshot, changes, rulebook, schema, building, say, confidence=confidence, judge=judge)
        else:
            refuse_unfit(None, rulebook, changes)
            laid = Laid((), ())
            _carry(snapshot, folder, schema.targets())
            shutil.copytree(snapshot.verified_folder("similarity"), folder / "similarity")
            for name in (*CARRIED, f"graph.{snapshot.engine}"):
                shutil.copyfile(snapshot.verified_path(name), folder / name)
            (folder / "receipt.json").write_bytes(canonical_json(replace(snapshot.receipt(), rules_digest=amended_rules(rulebook, changes).digest)))
        (folder / "rulebook.json").write_text(amended_rules(rulebook, changes).to_json(), encoding="utf-8")
        yield Overlay(building.publish(NAME), tuple(changes), laid)


def _with_records(snapshot: Snapshot, changes: Sequence[Change], rulebook: Rulebook, schema: Schema, building: Building, say: Say, *, confidence: Decimal | None, judge: bool) -> Laid:
    folder, engine = building.folder, snapshot.engine
    say("read the records")
    for target in schema.targets():
        snapshot.verified_path(f"records/{target}.parquet")
    with PublishedRecords(snapshot.records, schema) as records:
        refuse_unfit(records, rulebook, changes)
        laid = lay(records, changes, home_of(records, confidence))
        if judge:
            say("judge the contracts")
            _refuse_broken(records, schema, changes)
        written = records.write(folder / "records", laid.targets)
        _carry(snapshot, folder, [t for t in schema.targets() if t not in laid.targets])
        say("load the graph, index the titles")
        with ThreadPoolExecutor(1) as pool:
            loading = pool.submit(load_graph, folder / "records", building.graph_path(engine), engine, schema)
            build_title_index(folder / "titles.sqlite", chain(published_titles(records), published_codes(records)), published_seniorities(records))
            meaning = Meaning.open(snapshot.verified_folder("similarity"))
            model = None if meaning is None else meaning.model
            build_similarity(folder / "similarity", published_namings(records), published_texts(records), published_groups(records), model, meaning)
            loading.result()
    say("evaluate the facts")
    with open_graph(building.graph_path(engine), engine) as graph:
        write_facts(folder / "facts.sqlite", evaluate_facts(rulebook, lambda cypher: astuple(graph.execute(cypher))))
    _write_receipt(snapshot, folder, written, amended_rules(rulebook, changes))
    return laid


def home_of(records: PublishedRecords, confidence: Decimal | None = None) -> dict[str, str]:
    """Provenance of the authored content: what a change of its author would carry. Raises BadInput WIF117 where the snapshot holds none."""
    for rows in records.lexical_rows("Title", HOME):
        for row in rows:
            if str(row[0]).startswith(AUTHORED):
                home = dict(zip(HOME, map(str, row), strict=True))
                return home if confidence is None else {**home, "confidence": decimal_text(confidence)}
    raise BadInput.at("WIF117", "this snapshot holds no authored title", why="a change is authored content, and takes its provenance from there", fix="build anew with `wig build`")


def _refuse_broken(records: PublishedRecords, schema: Schema, changes: Sequence[Change]) -> None:
    report = judge_records(records, schema, shape_files(), AUTHORED)
    if report.conforms:
        return
    touching: dict[str, Place] = {}
    for change in changes:
        if isinstance(change, RecordChange):
            for key in change.identity.values():
                touching.setdefault(key, change.place)
    first = min(c.place for c in changes)
    faults = [v.diagnostic(lambda key: touching.get(key, first)) for v in report.violations]
    raise BadInput(*(Diagnostic(f.place, "WIF116", f.what, f.why, f.fix) for f in faults))


def _carry(snapshot: Snapshot, folder: Path, targets: Sequence[str]) -> None:
    """Copy record tables that nobody changed: a hard link would touch the inode of the snapshot's own file."""
    for target in targets:
        shutil.copyfile(snapshot.verified_path(f"records/{target}.parquet"), folder / "records" / f"{target}.parquet")


def _write_receipt(snapshot: Snapshot, folder: Path, written: RecordDigests, rulebook: Rulebook) -> None:
    base = snapshot.receipt()
    digests, counts = {**base.records, **written.digests}, {**base.counts, **written.counts}
    receipt = replace(base, records=digests, counts=counts, record_digest=digest_of(digests), rules_digest=rulebook.digest)
    (folder / "receipt.json").write_bytes(canonical_json(receipt))
