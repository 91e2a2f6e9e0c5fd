"""Education, work context and the crosswalk of O*NET become records; what a release of them leaves open is counted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from built_records import DATA, Build, Built

from engine.contracts import BadInput

PLANNER, TESTER = "occupation/11-2021.91", "occupation/13-1161.92"
SAMPLED = "N\tStandard Error\tLower CI Bound\tUpper CI Bound\tRecommend Suppress"
PREPARATION = "Education, Training, and Experience.txt"
CATEGORIES = "Education, Training, and Experience Categories.txt"
CONTEXT = "Work Context.txt"
CROSSWALK = "2010_to_2019_Crosswalk.csv"

FILES = {
    PREPARATION: f"O*NET-SOC Code\tElement ID\tScale ID\tCategory\tData Value\t{SAMPLED}\tDate\tDomain Source\n"
    "11-2021.91\t2.D.1\tRL\t2\t62.5\t9\t1\t1\t1\tN\t08/2023\tIncumbent\n"
    "11-2021.91\t2.D.1\tRL\t6\t37.4\t9\t1\t1\t1\tY\t08/2023\tIncumbent\n"
    "11-2021.91\t3.A.1\tRW\t1\t12.345678\t9\t1\t1\t1\tn/a\t08/2023\tIncumbent\n"
    "11-2021.91\t3.A.2\tPT\t1\tn/a\t9\t1\t1\t1\tn/a\t08/2023\tIncumbent\n"
    "13-1161.92\t3.A.3\tOJ\t9\t100\t9\t1\t1\t1\tN\t08/2023\tIncumbent\n"
    "13-1161.92\t3.A.9\tXX\t1\t100\t9\t1\t1\t1\tN\t08/2023\tIncumbent\n",
    CATEGORIES: "Element ID\tScale ID\tCategory\tCategory Description\n2.D.1\tRL\t2\tA lantern certificate\n2.D.1\tRL\t6\tA lantern degree\n3.A.1\tRW\t1\tNo nights out\n3.A.3\tOJ\t9\tMany nights out\n",
    CONTEXT: f"O*NET-SOC Code\tElement ID\tScale ID\tCategory\tData Value\t{SAMPLED}\tNot Relevant\tDate\tDomain Source\n"
    "11-2021.91\t4.C.2.a\tCX\tn/a\t4.5\t9\t1\t1\t1\tY\tn/a\t08/2023\tIncumbent\n"
    "11-2021.91\t4.C.2.a\tCXP\t5\t90\t9\t1\t1\t1\tN\tn/a\t08/2023\tIncumbent\n"
    "13-1161.92\t4.C.3.d\tCT\tn/a\t1\t9\t1\t1\t1\tN\tY\t08/2023\tIncumbent\n"
    "13-1161.92\t4.C.2.a\tCX\tn/a\tn/a\t9\t1\t1\t1\tN\tn/a\t08/2023\tIncumbent\n",
    "Work Context Categories.txt": "Element ID\tScale ID\tCategory\tCategory Description\n4.C.2.a\tCXP\t5\tEvery night\n",
    CROSSWALK: "O*NET-SOC 2010 Code,O*NET-SOC 2010 Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title\n"
    '11-2021.90,"Planners, Lanterns and Kites",11-2021.91,Lantern Planners\n11-2021.90,"Planners, Lanterns and Kites",13-1161.92,Kite Testers\n'
    "11-2021.80,Wick Planners,11-2021.91,Lantern Planners\n11-2021.70,Moon Planners,11-2021.71,Moon Planners\n",
}  # fmt: skip



CASES = [
    ("a share of holders is the percentage by a hundred", "REQUIRES_PREPARATION.Occupation.PreparationLevel", (PLANNER, "preparation/RL-2"), {"holders_share": "0.625", "recommend_suppress": "false", "source_ref": f"{PREPARATION}:2"}),
    ("the publisher's advice not to rely on it is kept", "REQUIRES_PREPARATION.Occupation.PreparationLevel", (PLANNER, "preparation/RL-6"), {"holders_share": "0.374", "recommend_suppress": "true"}),
    ("a share is rounded once, to millionths", "REQUIRES_PREPARATION.Occupation.PreparationLevel", (PLANNER, "preparation/RW-1"), {"holders_share": "0.123457", "recommend_suppress": None}),
    ("everyone is a share of one", "REQUIRES_PREPARATION.Occupation.PreparationLevel", (TESTER, "preparation/OJ-9"), {"holders_share": "1"}),
    ("a level has the publisher's words", "PreparationLevel", ("preparation/RL-6",), {"label": "A lantern degree", "code": "RL-6", "category": "6", "preparation_kind": "education", "source_ref": f"{CATEGORIES}:3"}),
    ("on-the-job training is a kind", "PreparationLevel", ("preparation/OJ-9",), {"preparation_kind": "on_the_job_training"}),
    ("a level without words is called by its scale and number", "PreparationLevel", ("preparation/PT-1",), {"label": "PT, category 1", "preparation_kind": "on_site_training", "source_ref": f"{PREPARATION}:5"}),
    ("a mean of answers is standardized", "HAS_CONTEXT.Occupation.WorkContext", (PLANNER, "context/4.C.2.a"), {"context_score": "0.875", "recommend_suppress": "true", "not_relevant": None, "source_ref": f"{CONTEXT}:2"}),
    ("the low end of the short scale is zero", "HAS_CONTEXT.Occupation.WorkContext", (TESTER, "context/4.C.3.d"), {"context_score": "0", "recommend_suppress": "false", "not_relevant": "true"}),
    ("context has its description from the content model", "WorkContext", ("context/4.C.2.a",), {"label": "Out at Night", "code": "4.C.2.a", "description": "Works when it is dark."}),
    ("a former code is a record", "FormerCode", ("former/onet-soc-2010-11-2021.90",), {"label": "Planners, Lanterns and Kites", "code": "11-2021.90", "classification": "onet-soc@2010", "source_ref": f"{CROSSWALK}:2"}),
    ("a split code leads to the first", "REPLACED_BY.FormerCode.Occupation", ("former/onet-soc-2010-11-2021.90", PLANNER), {"source_ref": f"{CROSSWALK}:2", "derived_by": "onet_soc.former_codes", "source": "source/onet-soc@2019"}),
    ("a split code leads to the second", "REPLACED_BY.FormerCode.Occupation", ("former/onet-soc-2010-11-2021.90", TESTER), {"source_ref": f"{CROSSWALK}:3"}),
    ("a merged code leads to the same", "REPLACED_BY.FormerCode.Occupation", ("former/onet-soc-2010-11-2021.80", PLANNER), {"source_ref": f"{CROSSWALK}:4"}),
]  # fmt: skip

GAPS = [
    "the categories of 2 of 4 answers about education, experience and training do not sum to 100 percent within 1",
    "1 shares of job holders have no value and are left out",
    "1 rows of Education, Training, and Experience.txt are on scales that no record holds",
    "1 percentages of single answers about work context (scales CXP and CTP) are read and not projected",
    "1 ratings of work context have no value or no ends of their scale and are left out",
    "`Work Context Categories.txt` is checked and not projected",
    "1 of 1 task frequencies rest on fewer than the seven categories",
]


def delivered(folder: Path) -> Path:
    """A whole invented release with these files, and the elements and scales that they speak of."""
    shutil.copytree(DATA / "onet_9_9", folder)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / "Scales Reference.txt").open("a", encoding="utf-8") as file:
        file.write("CX\tContext\t1\t5\nCT\tContext\t1\t3\n")
    with (folder / "Content Model Reference.txt").open("a", encoding="utf-8") as file:
        file.write("4.C.2.a\tOut at Night\tWorks when it is dark.\n4.C.3.d\tHours\tHours a week.\n")
    return folder


@pytest.fixture(scope="module")
def met(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(delivered(tmp_path_factory.mktemp("delivered") / "onet_9_9").parent, None, pinned=False)


@pytest.mark.parametrize(("_sentence", "target", "key", "expected"), CASES, ids=[c[0] for c in CASES])
def test_values(met: Built, _sentence: str, target: str, key: tuple[str, ...], expected: dict[str, str | None]) -> None:
    assert dict(zip(expected, met.rows(target, *expected)[key], strict=True)) == expected


@pytest.mark.parametrize("sentence", GAPS)
def test_what_stays_open_is_counted(met: Built, sentence: str) -> None:
    assert any(sentence in gap for gap in met.findings.gaps)


def test_a_code_that_today_is_none_leads_nowhere_and_says_so(met: Built) -> None:
    assert ("former/onet-soc-2010-11-2021.70",) in met.rows("FormerCode")
    assert [u.subject for u in met.findings.unmatched if u.join == "former_codes"] == ["11-2021.70 to 11-2021.71"]
    assert [(o.target, o.count) for o in met.findings.orphans if o.target.startswith("REPLACED_BY")] == [("REPLACED_BY.FormerCode.Occupation", 1)]


def test_without_the_files_there_is_nothing_and_each_absence_is_stated(built: Built) -> None:
    assert {t: built.digests.counts[t] for t in ("PreparationLevel", "WorkContext", "FormerCode")} == {"PreparationLevel": 0, "WorkContext": 0, "FormerCode": 0}
    for file in sorted(set(FILES) - {CROSSWALK}):
        assert any(f"`{file}` is absent" in gap or f"`{file}` is checked" in gap for gap in built.findings.gaps), file


def test_seven_categories_of_a_task_that_do_not_sum_are_counted_and_still_used(build: Build, onet_folder: Path) -> None:
    rated = onet_folder / "Task Ratings.txt"
    rated.write_text(rated.read_text().replace("\t5\t50.00\t", "\t5\t30.00\t"))
    met = build(onet_folder.parent, None, write=False)
    assert any("the categories of 1 of 1 task frequencies (scale FT) do not sum to 100 percent within 1" in gap for gap in met.findings.gaps)


def test_seven_categories_become_times_a_year(build: Build, onet_folder: Path) -> None:
    percentages = dict(enumerate(("5.5", "10.25", "14.25", "20", "25.00", "15", "10"), 1))
    with (onet_folder / "Task Ratings.txt").open("a", encoding="utf-8") as file:
        file.writelines(f"13-1161.92\t103\tFT\t{n}\t{p}\t90\t0.1\t1\t5\t{'Y' if n == 7 else 'N'}\t08/2023\tIncumbent\n" for n, p in percentages.items())
    met = build(onet_folder.parent, None, write=False)
    # 0.055 * 1 + 0.1025 * 4 + 0.1425 * 24 + 0.2 * 104 + 0.25 * 260 + 0.15 * 780 + 0.1 * 2080
    assert met.rows("PERFORMS.Occupation.Task", "yearly_frequency")[(TESTER, "task/103")] == ("414.685",)
    assert not any("do not sum to 100 percent" in gap for gap in met.findings.gaps)
    assert any("1 of 2 task frequencies rest on fewer than the seven categories" in gap for gap in met.findings.gaps)
    assert any("1 task frequencies rest on estimates that the publisher advises against relying on" in gap for gap in met.findings.gaps)


def test_a_category_with_two_wordings_is_refused(build: Build, tmp_path: Path) -> None:
    folder = delivered(tmp_path / "delivered" / "onet_9_9")
    with (folder / CATEGORIES).open("a", encoding="utf-8") as file:
        file.write("2.D.1\tRL\t6\tA wick degree\n")
    with pytest.raises(BadInput) as refused:
        build(folder.parent, None, pinned=False)
    assert [(d.code, d.place.line) for d in refused.value.diagnostics] == [("SRC250", 6)]


@pytest.mark.parametrize(("folder", "release"), [("db_28_0_text", "28.0"), ("db_28_3_text", "28.3"), ("onet_29_3", "29.3"), ("db_31_2_text", "31.2")])
def test_any_release_from_28_on_is_read_with_the_same_layout(build: Build, built: Built, tmp_path: Path, folder: str, release: str) -> None:
    """Also one that the ledger does not know yet; a release of less files states what it lacks."""
    shutil.copytree(DATA / "onet_9_9", tmp_path / folder, ignore=shutil.ignore_patterns("Read Me.txt", "Sample of Reported Titles.txt"))
    met = build(tmp_path, None, write=False, pinned=False)
    releases = [str(source) for (source,) in met.rows("Source", "release") if "onet@" in str(source)]
    assert releases == [f"source/onet@{release}"]
    told = ("PERFORMS.Occupation.Task", "importance", "relevance", "yearly_frequency", "source")
    mine, same = ({key: row[:-1] for key, row in b.rows(*told).items() if str(row[-1]).startswith("source/onet@")} for b in (met, built))
    assert mine == same
    assert any(row[2] for row in mine.values())
    assert any("`Sample of Reported Titles.txt` is absent" in gap for gap in met.findings.gaps)
