"""Invented releases: whole folders in the official O*NET layout, and sides of a comparison written straight as record tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.ontology import load_schema
from engine.warehouse import ReleaseSide

HEADERS = {
    "Occupation Data.txt": "O*NET-SOC Code\tTitle\tDescription",
    "Task Statements.txt": "O*NET-SOC Code\tTask ID\tTask\tTask Type",
    "Alternate Titles.txt": "O*NET-SOC Code\tAlternate Title\tShort Title\tSource(s)",
    "Tasks to DWAs.txt": "O*NET-SOC Code\tTask ID\tDWA ID",
    "DWA Reference.txt": "Element ID\tIWA ID\tDWA ID\tDWA Title",
    "IWA Reference.txt": "Element ID\tIWA ID\tIWA Title",
    "Content Model Reference.txt": "Element ID\tElement Name\tDescription",
    "Related Occupations.txt": "O*NET-SOC Code\tRelated O*NET-SOC Code\tRelatedness Tier\tIndex",
    "Job Zones.txt": "O*NET-SOC Code\tJob Zone",
}
KITE, LANTERN, PUDDLE = "13-1161.92", "11-2021.91", "41-2031.93"

# the earlier release; the later one is this with the edits of LATER
EARLIER: dict[str, list[str]] = {
    "Occupation Data.txt": [f"{LANTERN}\tLantern Planners\tPlan where lanterns hang.", f"{KITE}\tKite Testers\tTest kites.", f"{PUDDLE}\tPuddle Sellers\tSell puddles."],
    "Task Statements.txt": [f"{LANTERN}\t101\tPlan lantern routes.\tCore", f"{KITE}\t102\tFly kites.\tCore", f"{KITE}\t103\tMend kites.\tCore"],
    "Alternate Titles.txt": [f"{LANTERN}\tLight Walker\tn/a\t08", f"{KITE}\tWind Reader\tn/a\t10", f"{PUDDLE}\tRain Clerk\tn/a\t10"],
    "Tasks to DWAs.txt": [f"{LANTERN}\t101\t4.A.1.a.1.I01.D01", f"{KITE}\t102\t4.A.1.a.1.I01.D02"],
    "DWA Reference.txt": ["4.A.1.a.1\t4.A.1.a.1.I01\t4.A.1.a.1.I01.D01\tStudy maps.", "4.A.1.a.1\t4.A.1.a.1.I01\t4.A.1.a.1.I01.D02\tStudy the wind."],
    "IWA Reference.txt": ["4.A.1.a.1\t4.A.1.a.1.I01\tStudy surroundings.", "4.A.1.a.1\t4.A.1.a.1.I02\tStudy the sky."],
    "Content Model Reference.txt": ["4.A.1.a.1\tGetting Facts\tFinds facts out."],
    "Related Occupations.txt": [f"{LANTERN}\t{KITE}\tPrimary-Short\t1"],
    "Job Zones.txt": [f"{LANTERN}\t4", f"{KITE}\t2", f"{PUDDLE}\t2"],
}
LATER: dict[str, list[str]] = EARLIER | {
    "Task Statements.txt": [f"{LANTERN}\t101\tPlan lantern routes with maps.\tCore", f"{PUDDLE}\t102\tFly kites.\tCore", f"{PUDDLE}\t104\tCount puddles.\tCore"],
    "Alternate Titles.txt": [f"{LANTERN}\tLight Walker\tn/a\t08, 10", f"{PUDDLE}\tWind Reader\tn/a\t10", f"{PUDDLE}\tRain Clerk\tn/a\t10", f"{KITE}\tKite Critic\tn/a\t02"],
    "Tasks to DWAs.txt": [f"{LANTERN}\t101\t4.A.1.a.1.I01.D01", f"{PUDDLE}\t102\t4.A.1.a.1.I01.D02"],
    "DWA Reference.txt": ["4.A.1.a.1\t4.A.1.a.1.I01\t4.A.1.a.1.I01.D01\tStudy maps.", "4.A.1.a.1\t4.A.1.a.1.I02\t4.A.1.a.1.I01.D02\tStudy the wind."],
    "Related Occupations.txt": [f"{LANTERN}\t{KITE}\tPrimary-Short\t3"],
    "Job Zones.txt": [f"{LANTERN}\t4", f"{KITE}\t3", f"{PUDDLE}\t2"],
}


def deliver(folder: Path, release: str, files: Mapping[str, Sequence[str]]) -> Path:
    """Write one release into a folder of its own; its Read Me tells which it is."""
    home = folder / f"onet_{release.replace('.', '_')}"
    home.mkdir(parents=True)
    (home / "Read Me.txt").write_text(f"O*NET {release} Database\ninvented rows in the official layout, for tests\n", encoding="utf-8")
    for name, rows in files.items():
        (home / name).write_text("\n".join([HEADERS[name], *rows]) + "\n", encoding="utf-8")
    return home


Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def side(folder: Path, name: str, rows: Rows, files: Mapping[str, tuple[str, ...]] | None = None, crosswalk: Sequence[Mapping[str, str]] = ()) -> ReleaseSide:
    """One side of a comparison from record tables; columns that a row leaves out are missing, its source is the release."""
    schema = load_schema()
    folder.mkdir(parents=True)
    labels: dict[str, str] = {}
    for target, given in rows.items():
        keys = ("id",) if target in schema.classes else ("from", "to")
        many = {p.column for p in schema.columns(target) if p.many}
        columns = [*keys, *(p.column for p in (*schema.columns(target), *schema.provenance))]
        filled = [{"source": f"source/{name}"} | dict(row) for row in given]
        arrays = [pa.array([row.get(c) for row in filled], pa.list_(pa.string()) if c in many else pa.string()) for c in columns]
        if filled:
            pq.write_table(pa.table(arrays, names=columns), folder / f"{target}.parquet")
        labels |= {row["id"]: row.get("label") or row.get("statement") or "" for row in given if "id" in row}
    pq.write_table(pa.table({"id": pa.array(list(labels), pa.string()), "label": pa.array(list(labels.values()), pa.string())}), folder / "labels.parquet")
    names = ("code", "classification", "key", "label", "source", "source_ref")
    pq.write_table(pa.table({n: pa.array([row[n] for row in crosswalk], pa.string()) for n in names}), folder / "crosswalk.parquet")
    return ReleaseSide(name, folder, files if files is not None else {"rows.txt": ("rows.txt",)})
