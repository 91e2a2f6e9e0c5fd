"""Invented deliveries of ESCO, of its crosswalk to O*NET, and of a benchmark, in the publishers' layouts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from built_records import DATA

ADDRESS = "http://data.europa.eu/esco"
PREAMBLE = "".join(f"Mapping project line {n},something,,,,,\r\n" for n in range(1, 15)) + ",,,,,,\r\n,,,,,,\r\n"
ESCO = {
    "occupations_en.csv": f"""conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,regulatedProfessionNote,scopeNote,definition,inScheme,description,code
Occupation,{ADDRESS}/occupation/aaa,1221,lantern planner,"light walker
zebra planner
  chief lantern officer
",lantren planner,released,2024-01-25,,,,,"Plans lanterns,
all of them.",1221.1
Occupation,{ADDRESS}/occupation/bbb,1221,street lantern planner,,,released,2024-01-25,,,,,Plans lanterns in streets.,1221.1.1
Occupation,{ADDRESS}/occupation/ccc,5249,puddle seller,water seller,,draft,2024-01-25,,,,,,5249.3
""",
    "ISCOGroups_en.csv": f"""conceptType,conceptUri,code,preferredLabel,status,altLabels,inScheme,description
ISCOGroup,{ADDRESS}/isco/C1,1,Managers,released,,,"Managers.

All of them."
ISCOGroup,{ADDRESS}/isco/C1221,1221,Light managers,released,,,
ISCOGroup,{ADDRESS}/isco/C5249,5249,Sellers of other things,released,,,
""",
    "broaderRelationsOccPillar_en.csv": f"""conceptType,conceptUri,broaderType,broaderUri
ISCOGroup,{ADDRESS}/isco/C1221,ISCOGroup,{ADDRESS}/isco/C1
Occupation,{ADDRESS}/occupation/aaa,ISCOGroup,{ADDRESS}/isco/C1221
Occupation,{ADDRESS}/occupation/bbb,Occupation,{ADDRESS}/occupation/aaa
Occupation,{ADDRESS}/occupation/ccc,ISCOGroup,{ADDRESS}/isco/C5249
Occupation,{ADDRESS}/occupation/ccc,ISCOGroup,{ADDRESS}/isco/C9999
""",
    "skillGroups_en.csv": f"conceptType,conceptUri,preferredLabel\nSkillGroup,{ADDRESS}/skill/s1,lighting\n",
}  # fmt: skip
LINKS = f"""O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,ESCO or ISCO Description,Type of Match\r
11-2021.91,Lantern Planners,x,{ADDRESS}/occupation/aaa,lantern planner,"Two\nlines.",exactMatch\r
11-2021.91,Lantern Planners,x,{ADDRESS}/occupation/bbb,street lantern planner,x,broadMatch\r
41-2031.00,Old Puddle Sellers,x,{ADDRESS}/occupation/ccc,puddle seller,x,closeMatch\r
41-2031.93,Puddle Sellers,x,{ADDRESS}/isco/C5249,Sellers of other things,x,exactISCO\r
13-1161.92,Kite Testers,x,{ADDRESS}/occupation/zzz,kite tester,x,narrowMatch\r
"""
TASKS = [
    {"task_id": "t-1", "sector": "Light", "occupation": "lantern planners", "prompt": "Plan\none street."},
    {"task_id": "t-2", "sector": "Light", "occupation": "Lantern Planners", "prompt": "Plan two streets."},
    {"task_id": "t-3", "sector": "Trade", "occupation": "Buyers and Purchasing Agents", "prompt": "Buy a kite."},
    {"task_id": "t-4", "sector": "Trade", "occupation": "Moon Sweepers", "prompt": "Sweep."},
    {"task_id": "t-5", "sector": "Trade", "occupation": "Puddle Sellers", "prompt": "Sell."},
]
RUBRICS = [{"prompt": "Plan\none street.", "rubric": "[+1] Every street is lit."}, {"prompt": "plan two streets.", "rubric": "[+1] Lit."}]
REFERENCES = """task_id,sector,occupation,url_raw,url_encoded
t-1,Light,Lantern Planners,https://example.org/reference_files/abc/Z map (1).pdf,x
t-1,Light,Lantern Planners,https://example.org/reference_files/abc/A list.xlsx,x
t-2,Light,Lantern Planners,,
t-9,Light,Ghosts,https://example.org/reference_files/abc/ghost.pdf,x
"""


def write_europe(folder: Path, onet: bool = True) -> Path:
    """ESCO and its crosswalk, beside an invented O*NET."""
    if onet:
        shutil.copytree(DATA / "onet_9_9", folder / "onet_9_9")
    (folder / "esco_1_2_0").mkdir(parents=True)
    for name, text in ESCO.items():
        (folder / "esco_1_2_0" / name).write_bytes(text.encode())
    (folder / "crosswalk").mkdir()
    (folder / "crosswalk" / "crosswalk_esco_onet.csv").write_bytes(b"\xef\xbb\xbf" + (PREAMBLE + LINKS).encode())
    return folder


def write_benchmark(folder: Path) -> Path:
    """A benchmark with rubrics and links to files."""
    (folder / "gdpval").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([task | {"reference_files": ["x"]} for task in TASKS]), folder / "gdpval" / "tasks.parquet")
    (folder / "gdpval" / "train_filtered_with_rubric.jsonl").write_text("".join(json.dumps(r) + "\n" for r in RUBRICS), encoding="utf-8")
    (folder / "gdpval" / "reference_links.csv").write_text(REFERENCES, encoding="utf-8")
    return folder
