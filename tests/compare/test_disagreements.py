"""Sources held against each other over invented records: what the sentence of each case says is found, with both sides' rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.contracts import BadInput
from engine.ontology import load_schema
from engine.warehouse import DISAGREEMENT_TABLES, KindFinding, find_disagreements

THRESHOLDS = {name: Decimal(value) for name, value in {
    "label_gap": "0.5", "exposed_from": "1", "unexposed_to": "0", "much_used_from": "0.001", "rank_gap": "0.4", "wage_factor": "2",
}.items()}  # fmt: skip
ARROW = {"string": pa.string(), "decimal": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(), "date": pa.string()}
STUDY, INDEX, CHATS, PAY, ONET, SOC = (f"source/{s}" for s in ("gpts-are-gpts@2023", "economic-index@2025", "working-with-ai@2025", "oews@2024", "onet@30.1", "soc@2018"))


def records(folder: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    """Record files of the tables that are compared; what is not given is missing, a table without rows is empty."""
    schema = load_schema()
    sources = sorted({row["source"] for some in rows.values() for row in some if "source" in row})
    rows = {**rows, "Source": [{"id": s, "label": s} for s in sources]}
    for target in DISAGREEMENT_TABLES:
        keys = ("id",) if target in schema.classes else ("from", "to")
        types = dict.fromkeys(keys, pa.string()) | {p.column: pa.list_(pa.string()) if p.many else ARROW[p.datatype] for p in (*schema.columns(target), *schema.provenance)}
        given = rows.get(target, ())
        pq.write_table(pa.table([pa.array([r.get(c) for r in given], t) for c, t in types.items()], names=list(types)), folder / f"{target}.parquet")
    return folder


def signal(key: str, source: str, measure: str, value: float, ref: str, *, kind: str, unit: str = "share", category: str | None = None) -> dict[str, Any]:
    return {"id": f"evidence/{key}", "label": key, "evidence_kind": kind, "measure": measure, "value": value, "value_unit": unit, "category": category, "source": source, "source_ref": ref}


def judged(key: str, measure: str, value: float, ref: str, category: str | None = None) -> dict[str, Any]:
    return signal(key, STUDY, measure, value, ref, kind="judged_exposure", category=category)


def link(start: str, key: str) -> dict[str, str]:
    return {"from": start, "to": key if "/" in key else f"evidence/{key}"}


def one(folder: Path, kind: str) -> KindFinding:
    (found,) = find_disagreements(folder, THRESHOLDS, [kind])
    return found


def said(found: KindFinding) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [(d.subject, d.gap, [(s.source, s.says, s.source_ref) for s in d.statements]) for d in found.found]


def test_people_say_a_task_is_exposed_and_the_model_says_it_is_not(tmp_path: Path) -> None:
    records(tmp_path, {
        "Task": [{"id": "task/1", "statement": "Fly kites."}, {"id": "task/2", "statement": "Mend kites."}],
        "Evidence": [judged("h1", "human_exposure_beta", 1, "labels.tsv:2", "E1"), judged("m1", "gpt4_exposure_beta", 0, "labels.tsv:2", "E0"),
                     judged("h2", "human_exposure_beta", 0.5, "labels.tsv:3", "E2"), judged("m2", "gpt4_exposure_beta", 0.5, "labels.tsv:3", "E2")],
        "HAS_EVIDENCE.Task.Evidence": [link("task/1", "h1"), link("task/1", "m1"), link("task/2", "h2"), link("task/2", "m2")],
    })  # fmt: skip
    found = one(tmp_path, "people_and_model")
    assert (found.compared, found.disagree, found.share) == (2, 1, Decimal("0.5"))
    assert said(found) == [("task/1", "1", [(STUDY, "E1, 1", "labels.tsv:2"), (STUDY, "E0, 0", "labels.tsv:2")])]


USE = {
    "Task": [{"id": f"task/{n}", "statement": f"Task {n}."} for n in (1, 2, 3)],
    "Evidence": [judged("j1", "gpt4_exposure_beta", 1, "labels.tsv:2", "E1"), judged("j2", "gpt4_exposure_beta", 0, "labels.tsv:3", "E0"), judged("j3", "gpt4_exposure_beta", 0, "labels.tsv:4", "E0"),
                 signal("u2", INDEX, "share_of_conversations", 0.25, "mappings.csv:7", kind="measured_use", unit="percent of conversations"),
                 signal("u3", INDEX, "share_of_conversations", 0.02, "mappings.csv:8", kind="measured_use", unit="percent of conversations")],
    "HAS_EVIDENCE.Task.Evidence": [*(link(f"task/{n}", f"j{n}") for n in (1, 2, 3)), link("task/2", "u2"), link("task/3", "u3")],
}  # fmt: skip


def test_a_task_judged_exposed_without_measured_use_is_told_apart_from_one_without_figures(tmp_path: Path) -> None:
    found = one(records(tmp_path, USE), "exposed_and_unused")
    assert (found.compared, found.disagree) == (3, 1)
    assert said(found) == [("task/1", "", [(STUDY, "E1, 1", "labels.tsv:2"), (INDEX, "no record", "")])]


def test_a_task_judged_not_exposed_is_used_in_a_quarter_of_a_percent_of_conversations(tmp_path: Path) -> None:
    found = one(records(tmp_path, USE), "used_and_not_exposed")
    assert (found.compared, found.disagree) == (2, 1)  # a fiftieth of a percent is not much
    assert said(found) == [("task/2", "0.0025", [(STUDY, "E0, 0", "labels.tsv:3"), (INDEX, "0.25", "mappings.csv:7")])]


def test_two_orders_of_three_occupations_turned_around_disagree_at_both_ends(tmp_path: Path) -> None:
    codes = ["1", "2", "3"]
    records(tmp_path, {
        "Occupation": [{"id": f"occupation/{c}", "label": f"Work {c}"} for c in codes],
        "OccupationGroup": [{"id": f"soc/{c}", "label": f"Class {c}"} for c in codes],
        "BROADER.Occupation.OccupationGroup": [link(f"occupation/{c}", f"soc/{c}") for c in codes],
        "Evidence": [*(judged(f"j{c}", "human_exposure_beta", int(c) / 10, f"occ.csv:{c}") for c in codes),
                     *(signal(f"a{c}", CHATS, "ai_applicability", (4 - int(c)) / 100, f"soc.csv:{c}", kind="applicability_score") for c in codes)],
        "HAS_EVIDENCE.Occupation.Evidence": [link(f"occupation/{c}", f"j{c}") for c in codes],
        "HAS_EVIDENCE.OccupationGroup.Evidence": [link(f"soc/{c}", f"a{c}") for c in codes],
    })  # fmt: skip
    found = one(tmp_path, "applicability_and_exposure")
    assert (found.compared, found.disagree) == (3, 2)
    assert said(found) == [
        ("occupation/1", "1", [(CHATS, "0.03", "soc.csv:1"), (STUDY, "0.1", "occ.csv:1")]),
        ("occupation/3", "1", [(CHATS, "0.01", "soc.csv:3"), (STUDY, "0.3", "occ.csv:3")]),
    ]


def test_a_title_is_filed_under_one_class_and_names_an_occupation_of_another(tmp_path: Path) -> None:
    records(tmp_path, {
        "Title": [{"id": "title/a", "label": "Wind Reader"}, {"id": "title/b", "label": "Kite Critic"}],
        "Occupation": [{"id": "occupation/13-1161.92", "label": "Kite Testers", "code": "13-1161.92"}],
        "OccupationGroup": [{"id": "soc/13-1161", "label": "Kites", "code": "13-1161"}, {"id": "soc/19-2021", "label": "Weather", "code": "19-2021"}],
        "BROADER.Occupation.OccupationGroup": [link("occupation/13-1161.92", "soc/13-1161")],
        "NAMES.Title.OccupationGroup": [{"from": "title/a", "to": "soc/19-2021", "naming_kind": "direct_match", "source": SOC, "source_ref": "direct.csv:5"},
                                        {"from": "title/b", "to": "soc/13-1161", "naming_kind": "direct_match", "source": SOC, "source_ref": "direct.csv:6"}],
        "NAMES.Title.Occupation": [{"from": f"title/{t}", "to": "occupation/13-1161.92", "naming_kind": "alternate", "source": ONET, "source_ref": f"Alternate Titles.txt:{n}"} for n, t in ((8, "a"), (9, "b"))],
    })  # fmt: skip
    found = one(tmp_path, "title_and_class")
    assert (found.compared, found.disagree) == (2, 1)
    assert said(found) == [("title/a", "", [(SOC, "19-2021 Weather", "direct.csv:5"), (ONET, "13-1161.92 Kite Testers", "Alternate Titles.txt:8")])]


@pytest.mark.parametrize(
    ("pay", "disagree", "gap"),
    [(30_000.0, 0, ""), (14.4, 0, ""), (90_000.0, 1, "3"), (3_600.0, 1, "8.33")],
    ids=["near the yearly median", "near the hourly median", "three times the yearly", "neither an hour's nor a year's pay"],
)
def test_a_wage_signal_without_unit_is_held_against_the_nearer_official_median(tmp_path: Path, pay: float, disagree: int, gap: str) -> None:
    records(tmp_path, {
        "Occupation": [{"id": "occupation/1", "label": "Kite Testers"}],
        "OccupationGroup": [{"id": "soc/1", "label": "Kites"}],
        "BROADER.Occupation.OccupationGroup": [link("occupation/1", "soc/1")],
        "Evidence": [signal("w", INDEX, "median_pay_unit_unknown", pay, "wage.csv:3", kind="market_signal", unit="US dollars, hour or year not stated")],
        "HAS_EVIDENCE.Occupation.Evidence": [link("occupation/1", "w")],
        "LabourStatistic": [{"id": "statistic/1", "label": "Kites, May 2024", "annual_wage_median": 30_000.0, "hourly_wage_median": 14.42, "source": PAY, "source_ref": "m.csv:4"}],
        "HAS_STATISTIC.OccupationGroup.LabourStatistic": [link("soc/1", "statistic/1")],
    })  # fmt: skip
    found = one(tmp_path, "wage_signal_and_statistic")
    assert (found.compared, found.disagree) == (1, disagree)
    assert [d.gap for d in found.found] == [gap] * disagree
    for d in found.found:
        assert [(s.measure, s.says) for s in d.statements[1:]] == [("annual_wage_median", "30000"), ("hourly_wage_median", "14.42")]


def test_the_sources_of_a_title_disagree_where_two_occupations_share_none(tmp_path: Path) -> None:
    naming = [("a", "1", "08, 10"), ("a", "2", "02"), ("b", "1", "08, 10"), ("b", "2", "10"), ("c", "1", "02")]
    records(tmp_path, {
        "Title": [{"id": f"title/{t}", "label": t} for t in "abc"],
        "Occupation": [{"id": f"occupation/{o}", "label": f"Work {o}"} for o in "12"],
        "NAMES.Title.Occupation": [
            {"from": f"title/{t}", "to": f"occupation/{o}", "naming_kind": "alternate", "publisher_sources": codes, "source": ONET, "source_ref": f"Alternate Titles.txt:{n}"}
            for n, (t, o, codes) in enumerate(naming, 2)
        ],
    })  # fmt: skip
    found = one(tmp_path, "title_own_sources")
    assert (found.compared, found.disagree) == (2, 1)
    assert said(found) == [("title/a", "", [(ONET, "08, 10", "Alternate Titles.txt:2"), (ONET, "02", "Alternate Titles.txt:3")])]


def test_where_nothing_can_be_compared_the_reason_names_the_absent_source(tmp_path: Path) -> None:
    found = {k.kind: k for k in find_disagreements(records(tmp_path, {"Title": [{"id": "title/a", "label": "a", "source": ONET}]}), THRESHOLDS)}
    assert {k.compared for k in found.values()} == {0}
    assert {k.share for k in found.values()} == {None}
    assert found["people_and_model"].reason == "gpts-are-gpts is not in this snapshot"
    assert found["wage_signal_and_statistic"].reason == "economic-index and oews are not in this snapshot"
    assert found["title_own_sources"].reason == "onet is in this snapshot, but no alternate title with stated sources names several occupations"


def test_an_unknown_kind_and_older_records_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        find_disagreements(tmp_path, THRESHOLDS, ["mood"])
    assert [d.code for d in refused.value.diagnostics] == ["CMP110"]
    with pytest.raises(BadInput) as older:
        find_disagreements(tmp_path, THRESHOLDS)
    assert [d.code for d in older.value.diagnostics] == ["CMP111"]
