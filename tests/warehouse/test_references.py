"""A publisher's row that names what its delivery does not contain is left out, counted under its file and shown with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_records import DATA, Build, Built

from engine.contracts import BadInput

UNKNOWN = "99-9998.00"
OCCUPATION, TASK, ACTIVITY, ELEMENT = "occupation", "task", "activity", "element"

CASES: list[tuple[str, str, str, str]] = [
    ("Task Statements.txt", f"{UNKNOWN}\t900\tSweep.\tCore\t1\tx\tx", OCCUPATION, UNKNOWN),
    ("Task Statements.txt", f"{UNKNOWN}\t101\tPlan lantern routes.\tCore\t1\tx\tx", OCCUPATION, UNKNOWN),
    ("Task Ratings.txt", f"{UNKNOWN}\t101\tIM\tn/a\t4\t1\t1\t1\t1\tN\tx\tx", OCCUPATION, UNKNOWN),
    ("Task Ratings.txt", "11-2021.91\t999\tIM\tn/a\t4\t1\t1\t1\t1\tN\tx\tx", TASK, "11-2021.91 999"),
    ("task_frequency_mean.csv", f"{UNKNOWN},101,1,1,1", OCCUPATION, UNKNOWN),
    ("task_frequency_mean.csv", "13-1161.92,101,1,1,1", TASK, "13-1161.92 101"),
    ("Emerging Tasks.txt", f"{UNKNOWN}\tSweep.\tNew\tn/a\tn/a\tx\tx", OCCUPATION, UNKNOWN),
    ("Tasks to DWAs.txt", f"{UNKNOWN}\t101\t4.A.1.a.1.I01.D01\tx\tx", OCCUPATION, UNKNOWN),
    ("Tasks to DWAs.txt", "11-2021.91\t999\t4.A.1.a.1.I01.D01\tx\tx", TASK, "11-2021.91 999"),
    ("Tasks to DWAs.txt", "11-2021.91\t101\t4.A.9\tx\tx", ACTIVITY, "4.A.9"),
    ("Alternate Titles.txt", f"{UNKNOWN}\tSweeper\tn/a\t08", OCCUPATION, UNKNOWN),
    ("Sample of Reported Titles.txt", f"{UNKNOWN}\tSweeper\tY", OCCUPATION, UNKNOWN),
    ("Job Zones.txt", f"{UNKNOWN}\t2\tx\tx", OCCUPATION, UNKNOWN),
    ("Job Zones.txt", "n/a\t2\tx\tx", OCCUPATION, "(none)"),
    ("Related Occupations.txt", f"{UNKNOWN}\t11-2021.91\tPrimary-Short\t1", OCCUPATION, UNKNOWN),
    ("Related Occupations.txt", f"11-2021.91\t{UNKNOWN}\tPrimary-Short\t9", OCCUPATION, UNKNOWN),
    ("Technology Skills.txt", f"{UNKNOWN}\tBroomSoft\t1\tBrooms\tN\tN", OCCUPATION, UNKNOWN),
    ("Tools Used.txt", f"{UNKNOWN}\tBroom\t1\tBrooms", OCCUPATION, UNKNOWN),
    ("Skills.txt", f"{UNKNOWN}\t2.A.1.a\tIM\t3\t1\t1\t1\t1\tN\tn/a\tx\tx", OCCUPATION, UNKNOWN),
    ("Skills.txt", "11-2021.91\t2.X\tIM\t3\t1\t1\t1\t1\tN\tn/a\tx\tx", ELEMENT, "2.X"),
    ("Knowledge.txt", f"{UNKNOWN}\t2.C.1.a\tIM\t3\t1\t1\t1\t1\tN\tn/a\tx\tx", OCCUPATION, UNKNOWN),
    ("Knowledge.txt", "11-2021.91\t2.X\tIM\t3\t1\t1\t1\t1\tN\tn/a\tx\tx", ELEMENT, "2.X"),
    ("Interests.txt", f"{UNKNOWN}\t1.B.1.a\tOI\t3\tx\tx", OCCUPATION, UNKNOWN),
    ("Interests.txt", "11-2021.91\t1.X\tOI\t3\tx\tx", ELEMENT, "1.X"),
]


def test_every_reference_is_counted_once_and_changes_no_record(build: Build, built: Built, onet_folder: Path) -> None:
    """All broken rows at once, so that one row cannot hide behind another."""
    expected: dict[str, list[str]] = {}
    for file, row, names, told in CASES:
        path = onet_folder / file
        line = path.read_text().count("\n") + 1
        path.write_text(path.read_text() + row + "\n")
        expected.setdefault(f"orphan_{names}:onet@9.9/{file}", []).append(f"{file}:{line} {names} {told}")
    met = build(onet_folder.parent)
    before = built.findings.dropped
    assert {name: met.findings.dropped[name] - before.get(name, 0) for name in expected} == {name: len(examples) for name, examples in expected.items()}
    shown = {example for orphan in met.findings.orphans for example in orphan.examples}
    assert {example for examples in expected.values() for example in examples} <= shown
    assert {k: v for k, v in met.findings.dropped.items() if k not in expected} == {k: v for k, v in before.items() if k not in expected and "soc_2018" not in k}
    for table in met.findings.tables:
        assert table.rows_in == table.kept + sum(d.count for d in table.dropped)
    for target in ("Occupation", "Task", "PERFORMS.Occupation.Task", "Technology", "Skill", "Knowledge", "Interest", "HAS_INTEREST.Occupation.Interest", "NAMES.Title.Occupation"):
        assert met.digests.digests[target] == built.digests.digests[target], target


def test_at_most_five_rows_are_shown_in_the_order_of_the_file(build: Build, onet_folder: Path) -> None:
    path = onet_folder / "Job Zones.txt"
    path.write_text(path.read_text() + "".join(f"99-99{n:02d}.00\t2\tx\tx\n" for n in reversed(range(12))))
    (orphan,) = [o for o in build(onet_folder, write=False).findings.orphans if o.target == "onet@9.9/Job Zones.txt"]
    assert (orphan.count, orphan.examples) == (12, tuple(f"Job Zones.txt:{n + 4} occupation 99-99{11 - n:02d}.00" for n in range(5)))


def test_a_row_that_names_its_element_itself_is_kept(build: Build, onet_folder: Path) -> None:
    (onet_folder / "Interests.txt").write_text("O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\n11-2021.91\t1.X\tDigging\tOI\t3\n")
    met = build(onet_folder, write=False)
    assert met.rows("Interest", "label") == {("interest/1.X",): ("Digging",)}
    assert not [o for o in met.findings.orphans if "Interests" in o.target]


def test_a_task_of_an_unknown_occupation_takes_its_ratings_along(build: Build, onet_folder: Path) -> None:
    for file, row in (("Task Statements.txt", f"{UNKNOWN}\t900\tSweep.\tCore\t1\tx\tx\n"), ("Task Ratings.txt", f"{UNKNOWN}\t900\tIM\tn/a\t4\t1\t1\t1\t1\tN\tx\tx\n")):
        (onet_folder / file).write_text((onet_folder / file).read_text() + row)
    met = build(onet_folder, write=False)
    assert ("task/900",) not in met.rows("Task")
    assert {k: v for k, v in met.findings.dropped.items() if "Task " in k} == {"orphan_occupation:onet@9.9/Task Statements.txt": 1, "orphan_occupation:onet@9.9/Task Ratings.txt": 1}


def test_a_task_twice_with_two_texts_is_refused_though_its_occupation_is_unknown(build: Build, onet_folder: Path) -> None:
    path = onet_folder / "Task Statements.txt"
    path.write_text(path.read_text() + f"{UNKNOWN}\t101\tSweep.\tCore\t1\tx\tx\n")
    with pytest.raises(BadInput, match="SRC250  `Task ID` 101 stands with different `Task`: lines 2 and 6"):
        build(onet_folder, write=False)


def test_a_direct_match_title_of_an_unknown_group_is_counted(build: Build, tmp_path: Path) -> None:
    file = "soc_2018_direct_match_title_file.csv"
    (tmp_path / "soc").mkdir()
    (tmp_path / "soc" / file).write_text((DATA / "soc_titles" / file).read_text() + "99-9998,Sweepers,Sweeper,x\n")
    met = build(tmp_path / "soc", write=False).findings
    assert met.dropped["orphan_to:NAMES.Title.OccupationGroup"] == 1
    assert [o.examples for o in met.orphans if o.source == "source/soc@2018"] == [(f"{file}:5 soc/99-9998",)]
