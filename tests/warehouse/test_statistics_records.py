"""Employment and wages become records: marks never become numbers, figures are never divided, and it is said which row counts which class."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_records import Build, Built

FIGURES = "TOT_EMP,EMP_PRSE,H_MEAN,A_MEAN,MEAN_PRSE,H_PCT10,H_PCT25,H_MEDIAN,H_PCT75,H_PCT90,A_PCT10,A_PCT25,A_MEDIAN,A_PCT75,A_PCT90"
HEADER = f"AREA,AREA_TITLE,I_GROUP,OCC_CODE,OCC_TITLE,O_GROUP,{FIGURES}\n"
NATION = "99,U.S.,cross-industry"
PLAIN = "1.5,20,41600,0.4,10,15,19.5,25,30,20800,31200,40560,52000,62400"
FILE = "national_M2024_dl.csv"

ROWS = [
    f"{NATION},00-0000,All Occupations,total,1000,{PLAIN}",
    f'{NATION},11-2021,Lantern Managers,detailed,"120,340",1.5,20.25,"41,600",0.4,10,15,19.5,25,#,20800,31200,40560,#,#',
    f"{NATION},11-1031,Moon Managers,detailed,**,**,*,67390,1.6,*,*,*,*,*,20380,29120,44810,80350,137820",
    f"{NATION},13-1020,Buyers of Kites,broad,500,{PLAIN}",
    f"{NATION},13-1020,Buyers of Kites,detailed,500,{PLAIN}",
    # a code of the publisher's own: with the rows beside it the employment sums to the broad group's
    f"{NATION},21-1010,Counselors,broad,900,{PLAIN}",
    *(f"{NATION},21-10{n},Counselors {n},detailed,{persons},{PLAIN}" for n, persons in ((12, 300), (13, 100), (15, 50), (18, 400), (19, 60))),
    # here it does not
    f"{NATION},25-2050,Teachers,broad,900,{PLAIN}",
    *(f"{NATION},25-20{n},Teachers {n},detailed,100,{PLAIN}" for n in (51, 52, 57, 58, 59)),
    # and here two such codes share a broad group
    f"{NATION},51-2020,Assemblers,broad,200,{PLAIN}",
    f"{NATION},51-2028,Assemblers of some,detailed,100,{PLAIN}",
    f"{NATION},51-2027,Assemblers of others,detailed,100,{PLAIN}",
    f"01,Alabama,cross-industry,11-2021,Lantern Managers,detailed,7,{PLAIN}",
]


def delivered(folder: Path, rows: list[str], name: str = FILE) -> Path:
    (folder / "wages").mkdir(parents=True, exist_ok=True)
    (folder / "wages" / name).write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def met(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(delivered(tmp_path_factory.mktemp("delivered"), ROWS), None)


CASES = [
    (
        "separators are no part of a number, and top-coded wages are marks", "11-2021",
        {"label": "Lantern Managers, May 2024", "employment": "120340", "employment_error": "1.5", "hourly_wage_mean": "20.25", "hourly_wage_median": "19.5", "annual_wage_mean": "41600",
         "annual_wage_median": "40560", "annual_wage_tenth": "20800", "annual_wage_ninetieth": None, "suppressed": None, "top_coded": ["A_PCT90", "H_PCT90", "A_PCT75"], "source_ref": f"{FILE}:3"},
    ),
    (
        "withheld figures are marks", "11-1031",
        {"employment": None, "employment_error": None, "hourly_wage_mean": None, "hourly_wage_median": None, "annual_wage_mean": "67390", "top_coded": None,
         "suppressed": ["TOT_EMP", "EMP_PRSE", "H_MEAN", "H_MEDIAN", "H_PCT10", "H_PCT25", "H_PCT75", "H_PCT90"]},
    ),
    ("of a code that stands twice the detailed row is kept", "13-1020", {"employment": "500", "source_ref": f"{FILE}:6"}),
    ("all occupations together have a statistic", "00-0000", {"employment": "1000", "code": "00-0000", "derived_by": "oews.national", "release": "2024"}),
]  # fmt: skip


@pytest.mark.parametrize(("_sentence", "code", "expected"), CASES, ids=[c[0] for c in CASES])
def test_values(met: Built, _sentence: str, code: str, expected: dict[str, object]) -> None:
    assert dict(zip(expected, met.rows("LabourStatistic", *expected)[(f"statistic/oews-2024-{code}",)], strict=True)) == expected


def coverage(met: Built, code: str) -> dict[str, tuple[object, ...]]:
    """Classes that the row of a code counts, with how."""
    links = met.rows("HAS_STATISTIC.OccupationGroup.LabourStatistic", "coverage", "derived_by", "confidence")
    return {str(start).removeprefix("soc/"): told for (start, end), told in links.items() if end == f"statistic/oews-2024-{code}"}


def test_a_row_counts_its_own_class(met: Built) -> None:
    assert coverage(met, "11-2021") == {"11-2021": ("own", "oews.own_code", "1")}


def test_a_broad_group_given_as_detailed_counts_the_classes_below_it_too(met: Built) -> None:
    below = ("aggregate", "oews.broad_group", "1")
    assert coverage(met, "13-1020") == {"13-1020": ("own", "oews.own_code", "1"), "13-1021": below, "13-1022": below, "13-1023": below}


def test_a_code_of_the_publishers_own_counts_the_rest_of_its_broad_group_and_is_derived(met: Built) -> None:
    rest = ("aggregate", "oews.rest_of_broad_group", "0.7")
    assert coverage(met, "21-1018") == {"21-1011": rest, "21-1014": rest}
    places = met.rows("HAS_STATISTIC.OccupationGroup.LabourStatistic", "source_ref")
    assert places[("soc/21-1011", "statistic/oews-2024-21-1018")] == (f"{FILE}:11 + {FILE}:7",)
    assert coverage(met, "21-1010") == {"21-1010": ("own", "oews.own_code", "1")}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("00-0000", "all occupations together: no class of the classification"),
        ("25-2052", "the employment of the rows below the broad group does not sum to the group's"),
        ("51-2028", "several codes of the publisher share a broad group, and none says which classes it counts"),
        ("51-2027", "several codes of the publisher share a broad group, and none says which classes it counts"),
    ],
)
def test_where_the_method_does_not_hold_nothing_is_linked_and_the_reason_is_kept(met: Built, code: str, reason: str) -> None:
    assert coverage(met, code) == {}
    assert [(u.subject, u.reason) for u in met.findings.unmatched if u.join == "rows" and u.subject == code] == [(code, reason)]


def test_every_class_is_told_apart_by_how_it_is_counted(met: Built) -> None:
    classes = next(j for j in met.findings.joins if j.name == "detailed_classes")
    assert classes.offered == 867
    assert {m.name: m.count for m in classes.matched} == {"own": 10, "aggregate": 5}
    assert {m.name: m.count for m in classes.unmatched} == {"military occupations are not surveyed": 19, "no row has this code, and no row that holds several has it": 833}


@pytest.mark.parametrize(
    "sentence",
    [
        "1 of 19 codes stand both as broad and as detailed group; the detailed row is kept; the two rows differ for 0", "1 of 19 rows have figures that the publisher withheld",
        "1 of 19 rows have wages at or above the highest that is published", "1 rows are not of the whole nation and all industries",
    ],
)  # fmt: skip
def test_what_stays_open_is_counted(met: Built, sentence: str) -> None:
    assert any(sentence in gap for gap in met.findings.gaps)


def test_a_duplicate_is_counted_as_dropped(met: Built) -> None:
    assert met.findings.dropped["duplicate_key:LabourStatistic"] == 1
    assert met.findings.offered["LabourStatistic"] == 20


def test_text_that_is_no_number_reaches_the_contracts_and_not_the_figures(build: Build, tmp_path: Path) -> None:
    found = build(delivered(tmp_path, [f"{NATION},11-2021,Lantern Managers,detailed,about 12,{PLAIN}"]), None, write=False)
    assert found.rows("LabourStatistic", "employment") == {("statistic/oews-2024-11-2021",): ("about 12",)}


def test_the_newest_release_is_used_and_the_other_named(build: Build, tmp_path: Path) -> None:
    delivered(tmp_path, ROWS[:2])
    found = build(delivered(tmp_path, ROWS[:1], "national_M2023_dl.csv"), None, write=False)
    assert list(found.rows("LabourStatistic")) == [("statistic/oews-2024-00-0000",), ("statistic/oews-2024-11-2021",)]


def test_without_a_file_there_is_no_statistic(build: Build) -> None:
    assert build(None, None, write=False).findings.kept["LabourStatistic"] == 0
