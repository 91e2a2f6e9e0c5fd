"""Small record files and a small workspace for the tests of the graph room, also for those that run in another process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.contracts import Receipt, canonical_json
from engine.graph import Snapshot, Workspace, load_graph
from engine.ontology import load_schema

TYPES = {"string": pa.string(), "decimal": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(), "date": pa.date32()}
PROVENANCE = {"source": "source/wedge@1", "source_ref": "wedge.yaml:1:1", "release": "1", "licence": "CC-BY-4.0", "confidence": 0.9, "derived_by": "authored"}
HUB_SIZE = 40

Rows = Sequence[Mapping[str, Any]]


def small_rows() -> dict[str, Rows]:
    """A marketing role, its workflows, two occupations of one task, and a skill that forty occupations share."""
    occupations = [{"id": f"occupation/{n:02}", "label": f"Occupation {n:02}", "code": f"{n:02}", "job_zone": n % 5} for n in range(HUB_SIZE)]
    return {
        "Role": [{"id": "role/marketing-manager", "label": "Marketing Manager", "specialisms": ["email", "search"], "status": "approved"}],
        "Workflow": [{"id": f"workflow/{n}", "label": f"Workflow {n}", "accountable": "the \"owner\" isn't \\ there"} for n in "abc"],
        "Occupation": occupations,
        "Task": [{"id": "task/1", "statement": "Write the weekly\nnewsletter", "code": "1"}, {"id": "task/2", "statement": "Æsir – überall", "code": "2"}],
        "Skill": [{"id": "skill/writing", "label": "Writing"}],
        "Module": [{"id": "module/m", "label": "M", "modified": date(2026, 5, 1), "ladder_level": 2, "effort_hours": 1.5, "outcomes": []}],
        "Affordance": [],
        "HAS_WORKFLOW.Role.Workflow": [
            {"from": "role/marketing-manager", "to": f"workflow/{n}", "importance": i, "hours_share": 0.1} for n, i in (("a", 0.2), ("b", 0.9), ("c", None))
        ],
        "MAPS_TO.Role.Occupation": [{"from": "role/marketing-manager", "to": "occupation/03", "mapping_relation": "exactMatch"}],
        "PERFORMS.Occupation.Task": [{"from": f"occupation/{n}", "to": "task/1", "importance": 0.5} for n in ("03", "07")],
        "REQUIRES_SKILL.Occupation.Skill": [
            {"from": o["id"], "to": "skill/writing", "importance": round(n / HUB_SIZE, 3), "not_relevant": n % 2 == 0} for n, o in enumerate(occupations)
        ],
    }


def write_records(folder: Path, rows: Mapping[str, Rows]) -> Path:
    """One Parquet file for each target, columns as the ontology orders them."""
    schema = load_schema()
    folder.mkdir(parents=True, exist_ok=True)
    for target, records in rows.items():
        keys = ["id"] if target in schema.classes else ["from", "to"]
        columns = {k: pa.array([r.get(k) for r in records], pa.string()) for k in keys}
        for p in (*schema.columns(target), *schema.provenance):
            kind = pa.list_(TYPES[p.datatype]) if p.many else TYPES[p.datatype]
            columns[p.column] = pa.array([r.get(p.column, PROVENANCE.get(p.column)) for r in records], kind)
        pq.write_table(pa.table(columns), folder / f"{target}.parquet")
    return folder


def small_receipt(record_digest: str = "d") -> Receipt:
    """A receipt that says nothing much."""
    return Receipt("0", "2026-05-01", {"wedge": "1"}, (), {}, {}, {}, ("no wages",), record_digest, "r", "s", "o")


def publish_small(workspace: Workspace, name: str, engine: str) -> Snapshot:
    """A real small snapshot."""
    with workspace.begin() as building:
        write_records(building.folder / "records", small_rows())
        load_graph(building.folder / "records", building.graph_path(engine), engine, load_schema())
        (building.folder / "receipt.json").write_bytes(canonical_json(small_receipt()))
        return building.publish(name)


def publish_mock(workspace: Workspace, name: str, content: str = "x") -> Snapshot:
    """A snapshot whose graph nobody opens: quick to make."""
    with workspace.begin() as building:
        building.graph_path("kuzu").write_bytes(b"KUZU" + content.encode() * 1000)
        (building.folder / "records").mkdir()
        (building.folder / "records" / "Role.parquet").write_text(content * 300)
        (building.folder / "facts.sqlite").write_text(content)
        (building.folder / "receipt.json").write_bytes(canonical_json(small_receipt(content)))
        return building.publish(name)
