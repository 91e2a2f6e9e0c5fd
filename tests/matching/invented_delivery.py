"""An invented delivery of O*NET, ESCO and their crosswalk, in the publishers' layouts, and lists to match."""

from __future__ import annotations

import shutil
from pathlib import Path

ONET = Path(__file__).resolve().parent.parent / "sources" / "data" / "onet_9_9"
ADDRESS = "http://data.europa.eu/esco"
ESCO = {
    "occupations_en.csv": f"""conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,regulatedProfessionNote,scopeNote,definition,inScheme,description,code
Occupation,{ADDRESS}/occupation/aaa,1221,lamp planner,"light walker
chief lantern officer",,released,2024-01-25,,,,,Plans lanterns and lamps.,1221.1
Occupation,{ADDRESS}/occupation/bbb,1221,street lamp planner,,,released,2024-01-25,,,,,Plans lamps in streets.,1221.1.1
Occupation,{ADDRESS}/occupation/ccc,5249,rain merchant,water seller,,released,2024-01-25,,,,,Sells rain and puddles.,5249.3
""",
    "ISCOGroups_en.csv": f"""conceptType,conceptUri,code,preferredLabel,status,altLabels,inScheme,description
ISCOGroup,{ADDRESS}/isco/C1,1,Managers,released,,,Managers.
ISCOGroup,{ADDRESS}/isco/C1221,1221,Light managers,released,,,Plan what gives light.
ISCOGroup,{ADDRESS}/isco/C5249,5249,Sellers of other things,released,,,
""",
    "broaderRelationsOccPillar_en.csv": f"""conceptType,conceptUri,broaderType,broaderUri
ISCOGroup,{ADDRESS}/isco/C1221,ISCOGroup,{ADDRESS}/isco/C1
Occupation,{ADDRESS}/occupation/aaa,ISCOGroup,{ADDRESS}/isco/C1221
Occupation,{ADDRESS}/occupation/bbb,Occupation,{ADDRESS}/occupation/aaa
Occupation,{ADDRESS}/occupation/ccc,ISCOGroup,{ADDRESS}/isco/C5249
""",
    "skillGroups_en.csv": f"conceptType,conceptUri,preferredLabel\nSkillGroup,{ADDRESS}/skill/s1,lighting\n",
}  # fmt: skip
PREAMBLE = "".join(f"Mapping project line {n},something,,,,,\r\n" for n in range(1, 15)) + ",,,,,,\r\n,,,,,,\r\n"
LINKS = f"""O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,ESCO or ISCO Description,Type of Match\r
11-2021.91,Lantern Planners,x,{ADDRESS}/occupation/aaa,lamp planner,x,exactMatch\r
41-2031.93,Puddle Sellers,x,{ADDRESS}/occupation/ccc,rain merchant,x,closeMatch\r
"""
QUERIES = "id,label\nq1,Lantern Planners\nq2,Puddle Sellers\nq3,senior light walker (remote)\nq4,kite tester\nq5,zzz\n"
CANDIDATES = f"id,label\n{ADDRESS}/occupation/aaa,lamp planner\n{ADDRESS}/occupation/bbb,street lamp planner\n{ADDRESS}/occupation/ccc,rain merchant\nown,kite examiner\n"
EXAMPLES = f"title,candidate_id\nkite testing person,own\nchief of streets,{ADDRESS}/occupation/bbb\nnobody,unknown\n"


def write_delivery(folder: Path, links: str | None = LINKS) -> Path:
    """The delivery, with these crosswalk links or without a crosswalk."""
    shutil.copytree(ONET, folder / "onet_9_9")
    (folder / "esco_1_2_0").mkdir(parents=True)
    for name, text in ESCO.items():
        (folder / "esco_1_2_0" / name).write_bytes(text.encode())
    if links is not None:
        (folder / "crosswalk").mkdir()
        (folder / "crosswalk" / "crosswalk_esco_onet.csv").write_bytes(b"\xef\xbb\xbf" + (PREAMBLE + links).encode())
    return folder


def write_lists(folder: Path) -> Path:
    """Queries, candidates and examples as csv files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("queries.csv", QUERIES), ("candidates.csv", CANDIDATES), ("examples.csv", EXAMPLES)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder
