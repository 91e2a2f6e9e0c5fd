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
from pathlib import Path
from typing import Any

from engine import __version__
from engine.contracts import BadInput, Receipt, canonical_json, digest_of
from engine.contracts.canonical import plain
from engine.graph import Snapshot, Workspace, load_graph, open_graph, require_engine
from engine.ontology import load_schema, ontology_fingerprints
from engine.resolver import build_title_index, published_seniorities, published_titles
from engine.rules import Rulebook, evaluate_facts, load_rulebook, write_facts
from engine.shapes import judge_records, shape_files, shape_fingerprints
from engine.sources import Discovery, Ledger, Wedge, discover, embedded_soc, load_ledger, read_wedge, soc_fingerprint
from engine.validate import AUTHORED, faults_of
from engine.warehouse import Findings, RecordDigests, Warehouse

Say = Callable[[str], None]
STEPS = 7


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build: a folder of publishers' files (None: the embedded graph alone), releases chosen by hand, the graph engine."""

    source_dir: Path | None = None
    releases: Mapping[str, str] = field(default_factory=dict)
    engine: str = "kuzu"


@dataclass(frozen=True, slots=True)
class Built:
    """A published build: its snapshot, receipt, findings (JSON types) and the seconds of each step."""

    snapshot: Snapshot
    receipt: Receipt
    findings: dict[str, Any]
    seconds: Mapping[str, float]


def build_snapshot(workspace: Workspace, request: BuildRequest, say: Say = lambda _: None) -> Built:
    """Build and publish. Raises EngineError with every fault found; then nothing was published."""
    require_engine(request.engine)
    schema, rulebook, clock = load_schema(), load_rulebook(), _Clock(say)

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
        with Warehouse(building.folder / "warehouse", schema, detail) as warehouse:
            with clock("stage and project"):
                for delivery in found.deliveries:
                    warehouse.stage(delivery)
                warehouse.stage_nothing(found.undelivered)
                warehouse.load_rows(soc)
                warehouse.load_rows(wedge.rows)
                for delivery in found.deliveries:
                    warehouse.project(delivery, frequency_times(rulebook))
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
                build_title_index(building.folder / "titles.sqlite", published_titles(warehouse), published_seniorities(warehouse))
                loading.result()
        with clock("evaluate the facts"), open_graph(building.graph_path(request.engine), request.engine) as graph:
            write_facts(building.folder / "facts.sqlite", evaluate_facts(rulebook, lambda cypher: astuple(graph.execute(cypher))))
            (building.folder / "rulebook.json").write_text(rulebook.to_json(), encoding="utf-8")
        with clock("publish"):
            receipt = _receipt(ledger, found, wedge, rulebook, findings, digests)
            (building.folder / "receipt.json").write_bytes(canonical_json(receipt))
            told = plain(findings) | {"judged": dict(report.judged), "judged_by": report.engine, "seen": list(found.gaps), "built_from": str(request.source_dir.resolve()) if request.source_dir else ""}
            (building.folder / "findings.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
            snapshot = building.publish(f"{receipt.receipt_id.removeprefix('receipt/')[:16]}-{request.engine}")
    return Built(snapshot, receipt, told, clock.seconds)


def _receipt(ledger: Ledger, found: Discovery, wedge: Wedge, rulebook: Rulebook, findings: Findings, digests: RecordDigests) -> Receipt:
    """What the build vouches for; equal inputs give an equal receipt, whatever the engine, machine or order of files."""
    delivered = [d.origin for d in found.deliveries]
    origins = {o.entry.name: o for o in (ledger.origin("wedge"), ledger.origin("soc"), *delivered)}
    files = (*(f for d in found.deliveries for f in d.fingerprints), *wedge.fingerprints, ledger.fingerprint, soc_fingerprint())
    gaps = (*wedge.gaps, *findings.gaps)
    return Receipt(
        product_version=__version__,
        release_date=max(_day(o.release_date) for o in origins.values()).isoformat(),
        releases={name: origin.release for name, origin in sorted(origins.items())},
        inputs=tuple(sorted((*files, *rulebook.fingerprints(), *shape_fingerprints(), *ontology_fingerprints()))),
        records=digests.digests, counts=digests.counts, dropped=findings.dropped, gaps=tuple(dict.fromkeys(gaps)),
        record_digest=digests.total, rules_digest=rulebook.digest,
        shapes_digest=digest_of(shape_fingerprints()), ontology_digest=digest_of(ontology_fingerprints()),
    )  # fmt: skip


def frequency_times(rulebook: Rulebook) -> dict[int, Decimal]:
    """Times a year for each of O*NET's seven frequency categories, from the pack `measures`."""
    table = rulebook.parameter("measures", "task_frequency", date.max)
    return {int(category): Decimal(str(times)) for category, times in table.items()}


def read_findings(snapshot: Snapshot) -> dict[str, Any]:
    """What a build found, as it was written beside its receipt."""
    found: dict[str, Any] = json.loads(snapshot.findings.read_text(encoding="utf-8"))
    return found


def _day(text: str) -> date:
    """Month or day of a release as a day; a release that the ledger does not know counts as the oldest."""
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01") if text else date.min


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
