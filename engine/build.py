"""Building, in the order it happens: publishers' files and authored content become a published snapshot.

Nothing current is touched until the last step moves one pointer; a build that fails or is killed changes nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Receipt, canonical_json
from engine.contracts.canonical import plain
from engine.documents import program_digest
from engine.gates import require_open_build, snapshot_gates
from engine.graph import Snapshot, Workspace, load_graph, open_graph, require_engine
from engine.lineage import gather_inputs, receipt_of, snapshot_name, standing, write_provenance
from engine.ontology import load_schema
from engine.resolver import build_title_index, published_codes, published_seniorities, published_titles
from engine.rules import FactStore, Rulebook, evaluate_facts, load_rulebook, refuse_contradictions, write_facts
from engine.shapes import judge_records, shape_files
from engine.similarity import SentenceModel, build_similarity, published_groups, published_namings, published_texts, read_model_folder
from engine.sources import discover, embedded_soc, load_intake_policy, load_ledger, read_market, read_wedge
from engine.validate import AUTHORED, faults_of
from engine.warehouse import Warehouse

Say = Callable[[str], None]
STEPS = 7


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build: a folder of publishers' files (None: the embedded graph alone), releases chosen by hand, the graph engine.

    `anew`: build even where the current snapshot was made from exactly the same inputs. `notes` are said beside what was found: why
    a source could not be fetched. `semantic_model`: folder with a sentence model, which the snapshot then holds and answers with.
    """

    source_dir: Path | None = None
    releases: Mapping[str, str] = field(default_factory=dict)
    engine: str = "kuzu"
    anew: bool = False
    notes: tuple[str, ...] = ()
    semantic_model: Path | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A published build: its snapshot, receipt, findings (JSON types) and the seconds of each step.

    `unchanged`: nothing had changed since the snapshot was published, so nothing was built.
    """

    snapshot: Snapshot
    receipt: Receipt
    findings: dict[str, Any]
    seconds: Mapping[str, float]
    unchanged: bool = False


def build_snapshot(workspace: Workspace, request: BuildRequest, say: Say = lambda _: None) -> Built:
    """Build and publish. Raises EngineError with every fault found; then nothing was published."""
    require_engine(request.engine)
    schema, rulebook, clock = load_schema(), load_rulebook(), _Clock(say)
    refuse_contradictions(rulebook)
    model_files = None if request.semantic_model is None else read_model_folder(request.semantic_model)

    def detail(message: str) -> None:
        say(f"  {message}")

    with workspace.begin() as building:
        records = building.folder / "records"
        records.mkdir()
        with clock("read the sources"):
            ledger = load_ledger()
            found = discover(request.source_dir, ledger, request.releases, building.folder / "unpacked")
            soc = embedded_soc(ledger)
            wedge = read_wedge(ledger)
            market = read_market(request.source_dir, ledger, load_intake_policy(), detail)
            inputs = gather_inputs(ledger, found, market, wedge, rulebook, () if model_files is None else model_files.fingerprints())
        stands = None if request.anew else standing(workspace, request.engine, inputs)
        if stands is not None:
            return Built(stands, stands.receipt(), read_findings(stands), clock.seconds, unchanged=True)
        model = None if model_files is None else SentenceModel(model_files)  # an unfit one is refused before the long work
        with Warehouse(building.folder / "warehouse", schema, detail) as warehouse:
            with clock("stage and project"):
                for delivery in found.deliveries:
                    warehouse.stage(delivery)
                warehouse.stage_nothing(found.undelivered)
                warehouse.load_rows(soc)
                warehouse.load_rows(wedge.rows)
                for delivery in found.deliveries:
                    warehouse.project(delivery, frequency_times(rulebook))
                titles = warehouse.offered_keys("Title") if market.lists else frozenset()
                for observed in market.rows(titles):
                    warehouse.load_rows(observed)
                findings = warehouse.reconcile()
            with clock("judge the contracts"):
                report = judge_records(warehouse, schema, shape_files(), AUTHORED, progress=detail)
                if not report.conforms:
                    raise BadInput(*faults_of(report, wedge))
            with clock("write the records"):
                digests = warehouse.write_records(records)
            with clock("load the graph, index the titles"), ThreadPoolExecutor(1) as pool:
                # the graph is loaded by a process of its own; this one indexes the titles meanwhile
                loading = pool.submit(load_graph, records, building.graph_path(request.engine), request.engine, schema, detail)
                build_title_index(building.folder / "titles.sqlite", chain(published_titles(warehouse), published_codes(warehouse)), published_seniorities(warehouse))
                build_similarity(building.folder / "similarity", published_namings(warehouse), published_texts(warehouse), published_groups(warehouse), model, say=detail)
                loading.result()
        with clock("evaluate the facts"), open_graph(building.graph_path(request.engine), request.engine) as graph:
            write_facts(building.folder / "facts.sqlite", evaluate_facts(rulebook, lambda cypher: astuple(graph.execute(cypher))))
            (building.folder / "rulebook.json").write_text(rulebook.to_json(), encoding="utf-8")
        with clock("publish"):
            receipt = receipt_of(inputs, (*wedge.gaps, *market.gaps), findings, digests, rulebook)
            (building.folder / "receipt.json").write_bytes(canonical_json(receipt))
            write_provenance(building.folder, receipt, ledger, findings, found, market)
            judged, broken = len(report.judged), len(report.violations)
            gates = require_open_build(snapshot_gates(FactStore(building.folder / "facts.sqlite"), rulebook, receipt, judged, broken))
            told = plain(findings) | {
                "judged": dict(report.judged), "judged_by": report.engine, "seen": [*found.gaps, *request.notes], "absent": plain(found.absent), "available": plain(found.available),
                "market": plain(market.findings), "program": program_digest(), "built_from": str(request.source_dir.resolve()) if request.source_dir else "",
                "violations": broken, "gates": gates.summary(),
            }  # fmt: skip
            (building.folder / "findings.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
            snapshot = building.publish(snapshot_name(workspace, request.engine, receipt))
    return Built(snapshot, receipt, told, clock.seconds)


def frequency_times(rulebook: Rulebook) -> dict[int, Decimal]:
    """Times a year for each of O*NET's seven frequency categories, from the pack `measures`."""
    table = rulebook.parameter("measures", "task_frequency", date.max)
    return {int(category): Decimal(str(times)) for category, times in table.items()}


def read_findings(snapshot: Snapshot) -> dict[str, Any]:
    """What a build found, as it was written beside its receipt."""
    found: dict[str, Any] = json.loads(snapshot.findings.read_text(encoding="utf-8"))
    return found


class _Clock:
    """Wall seconds of each step, for people; they stand in no digest."""

    def __init__(self, say: Say) -> None:
        self.seconds: dict[str, float] = {}
        self._say = say

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        self._say(step)
        started = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - started
