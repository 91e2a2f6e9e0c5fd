"""Three publishers' signals become evidence that is tied to work as far as it can be, and says how it was tied."""

from __future__ import annotations

import shutil
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from built_records import DATA, Build, Built

from engine.contracts import BadInput
from engine.graph import load_graph, open_graph
from engine.ontology import load_schema
from engine.rules import FactStore, evaluate_facts, load_rulebook, write_facts
from engine.shapes import judge_records, shape_files
from engine.validate import AUTHORED

HEADERS = {
    "gpts_are_gpts/full_labelset.tsv": "\tO*NET-SOC Code\tTask ID\tTask\tTask Type\tTitle\thuman_exposure_agg\tgpt4_exposure\tgpt4_exposure_alt_rubric\tbeta\thuman_labels",
    "working_with_ai/iwa_metrics.csv": "IWA,title,share_user,share_ai,completion_user,completion_ai,impact_scope_user,impact_scope_ai,feedback_positive_fraction_user,feedback_positive_fraction_ai",
}
FILES = {
    "economic_index_2031_04_05/onet_task_mappings.csv": """task_name,pct
plan lantern routes.,1.25
count the lanterns.,0.5
fly kites.,0.0000005
log kite failures.,0.0000015
report to the keeper.,2
polish puddles.,3
sing to lanterns.,4
none,5.000000500000000001
""",
    "economic_index_2031_04_05/onet_task_statements_v20_1.csv": """O*NET-SOC Code,Title,Task ID,Task
11-2021.91,Lantern Planners,101,Plan lantern routes.
11-2021.91,Lantern Planners,102,Count the lanterns.
13-1161.92,Kite Testers,901,Fly  Kites.
13-1161.92,Kite Testers,902,"Log kite failures."
11-2021.91,Lantern Planners,105,Report to the keeper.
13-1161.92,Kite Testers,903,Polish puddles.
""",
    "economic_index_2031_04_05/automation_vs_augmentation.csv": "interaction_type,pct\nfeedback loop,40\nnone,60\n",
    "economic_index_2031_04_05/bls_employment_may_2023.csv": "SOC or O*NET-SOC 2019 Title,bls_distribution\nManagement Occupations,10495770\nPuddle Occupations,7\n",
    "economic_index_2031_04_05/wage_data.csv": """SOCcode,JobName,JobFamily,MedianSalary
11-2021.90,Lantern Keepers,Lanterns,17.54
13-1161.92,Kite Testers,Kites,70500.0
41-2031.90,Water Sellers,Water,30000.0
41-2031.93,Puddle Sellers,Water,-1.0
99-9999.99,Ghosts,None,1.0
""",
    "economic_index_2031_04_05/onetsoc_2010_to_2019_crosswalk.csv": """O*NET-SOC 2010 Code,O*NET-SOC 2010 Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title
11-2021.90,Lantern Keepers,11-2021.91,Lantern Planners
41-2031.90,Water Sellers,41-2031.93,Puddle Sellers
41-2031.90,Water Sellers,13-1161.92,Kite Testers
99-9999.99,Ghosts,99-9999.98,Spirits
""",
    "gpts_are_gpts/full_labelset.tsv": HEADERS["gpts_are_gpts/full_labelset.tsv"] + """
0\t11-2021.91\t101.0\tPlan lantern routes.\tCore\tLantern Planners\tE0\tE2\tE1\t0.5\tE0
1\t11-2021.91\t102.0\t"Count ""lanterns""."\t\tLantern Planners\tE1\tE1\tE1\t1.0\tE1
2\t13-1161.92\t999.0\tFold kites.\tCore\tKite Testers\tE2\tE0\tE0\t0.0\tE2
""",
    "gpts_are_gpts/occ_level.csv": "O*NET-SOC Code,Title,dv_rating_beta,human_rating_beta\n11-2021.91,Lantern Planners,0.8200000000000001,0.0\n77-7777.77,Ghosts,0.5,0.5\n",
    "working_with_ai/iwa_metrics.csv": HEADERS["working_with_ai/iwa_metrics.csv"] + """
4.A.1.a.1.I01,Study surroundings.,0.25,0.0,0.9,,0.5,0.25,0.75,0.7
4.A.9.z.9.I01,Study the moon.,0.75,1.0,0.9,0.8,0.5,0.25,0.75,0.7
""",
    "working_with_ai/soc_ai_applicability_scores.csv": "SOC Code,title,ai_applicability_score\n11-2021,Marketing Managers,0.1955555\n21-1018,Counsellors,0.3\n",
    "working_with_ai/soc_to_iwas.csv": "SOC Code,IWA\n11-2021,4.A.1.a.1.I01\n11-2021,4.A.9.z.9.I01\n11-3031,4.A.1.a.1.I01\n21-1018,4.A.1.a.1.I01\n",
}  # fmt: skip
MORE_TASKS = "11-2021.91\t105\tReport to the keeper.\tCore\tn/a\t08/2023\tIncumbent\n13-1161.92\t106\tReport, to the keeper.\tCore\tn/a\t08/2023\tIncumbent\n"
INDEX, GPTS, WORKING = "source/economic-index@2031-04-05", "source/gpts-are-gpts@2023-03", "source/working-with-ai@2025-07"


def _written(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """The three deliveries beside an invented O*NET, with some files as the test wants them."""
    shutil.copytree(DATA / "onet_9_9", folder / "onet_9_9")
    with (folder / "onet_9_9" / "Task Statements.txt").open("a", encoding="utf-8") as statements:
        statements.write(MORE_TASKS)
    for name, text in (FILES | (changes or {})).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def signals(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(_written(tmp_path_factory.mktemp("signals")))


def _evidence(signals: Built, label: str, *columns: str) -> tuple[object, ...]:
    """Columns of the evidence of a label; there is one."""
    (met,) = [values for name, *values in signals.rows("Evidence", "label", *columns).values() if name == label]
    return tuple(met)


EVIDENCE = [
    ("a share is as published", "Conversations about: plan lantern routes.", {"value": "1.25", "value_unit": "percent of conversations", "evidence_kind": "measured_use", "measure": "share_of_conversations", "direction": "supports", "dated": "2031-04-05", "source_ref": "onet_task_mappings.csv:2", "confidence": "0.8"}),
    ("half a millionth goes to the even one below", "Conversations about: fly kites.", {"value": "0"}),
    ("and to the even one above", "Conversations about: log kite failures.", {"value": "0.000002"}),
    ("a little more than half a millionth goes up; what was about no task is no task", "Conversations about no task", {"value": "5.000001", "measure": "share_of_conversations_without_task", "direction": "neutral"}),
    ("a way of working is of the whole index", "Conversations by way of working: feedback loop", {"value": "40", "category": "feedback loop", "direction": "neutral", "measure": "share_of_interactions"}),
    ("a wage says that its unit is unknown", "Median pay, unit not stated: Lantern Keepers", {"value": "17.54", "value_unit": "US dollars, hour or year not stated", "evidence_kind": "market_signal", "direction": "neutral", "confidence": "0.6"}),
    ("a model's label has its value", "GPT-4 on task 101: E2", {"value": "0.5", "category": "E2", "value_unit": "share of the task exposed", "measure": "gpt4_exposure_beta", "direction": "supports", "dated": "2023-03-01", "evidence_kind": "judged_exposure"}),
    ("people's label stands apart; no exposure speaks neither way", "People on task 101: E0", {"value": "0", "category": "E0", "measure": "human_exposure_beta", "direction": "neutral"}),
    ("digits that a float left over go", "GPT-4 on Lantern Planners", {"value": "0.82", "source_ref": "occ_level.csv:2"}),
    ("an activity has a figure from each side", "Share of activity (user): Study surroundings.", {"value": "0.25", "measure": "share_of_activity_user", "evidence_kind": "measured_use"}),
    ("nothing seen is neutral", "Share of activity (ai): Study surroundings.", {"value": "0", "direction": "neutral"}),
    ("a score keeps its kind", "AI applicability: Marketing Managers", {"value": "0.195556", "evidence_kind": "applicability_score", "measure": "ai_applicability"}),
]  # fmt: skip


@pytest.mark.parametrize(("_sentence", "label", "expected"), EVIDENCE, ids=[c[0] for c in EVIDENCE])
def test_evidence(signals: Built, _sentence: str, label: str, expected: dict[str, str]) -> None:
    assert dict(zip(expected, _evidence(signals, label, *expected), strict=True)) == expected


def test_a_figure_that_is_missing_is_no_evidence(signals: Built) -> None:
    labels = {label for (label,) in signals.rows("Evidence", "label").values()}
    assert "Completion (ai): Study the moon." in labels
    assert not {"Completion (ai): Study surroundings.", "Median pay, unit not stated: Puddle Sellers"} & labels


LINKS = [
    ("through the older release to its id", "task/101", "Conversations about: plan lantern routes.", ("text_of_older_release_then_id", "0.8", "onet_task_mappings.csv:2 + onet_task_statements_v20_1.csv:2")),
    ("an id under other words is a weaker tie", "task/102", "Conversations about: count the lanterns.", ("text_of_older_release_then_id_other_wording", "0.6", "onet_task_mappings.csv:3 + onet_task_statements_v20_1.csv:3")),
    ("by wording where the id is gone", "task/103", "Conversations about: fly kites.", ("same_text", "0.8", "onet_task_mappings.csv:4")),
    ("one of several tasks of one wording", "task/105", "Conversations about: report to the keeper.", ("text_of_several_tasks", "0.6", "onet_task_mappings.csv:6 + onet_task_statements_v20_1.csv:6")),
    ("and the other of them", "task/106", "Conversations about: report to the keeper.", ("text_of_several_tasks", "0.6", "onet_task_mappings.csv:6")),
    ("a label by its id", "task/101", "People on task 101: E0", ("same_task_id", "0.6", "full_labelset.tsv:2")),
    ("a label of other words", "task/102", "GPT-4 on task 102: E1", ("same_task_id_other_wording", "0.5", "full_labelset.tsv:3")),
    ("a wage through the crosswalk", "occupation/11-2021.91", "Median pay, unit not stated: Lantern Keepers", ("crosswalk", "0.6", "wage_data.csv:2 + onetsoc_2010_to_2019_crosswalk.csv:2")),
    ("a wage by its own code", "occupation/13-1161.92", "Median pay, unit not stated: Kite Testers", ("same_code", "0.6", "wage_data.csv:3")),
    ("a wage of a code that was split", "occupation/41-2031.93", "Median pay, unit not stated: Water Sellers", ("crosswalk_to_several", "0.6", "wage_data.csv:4 + onetsoc_2010_to_2019_crosswalk.csv:3")),
    ("employment by the name of the major group", "soc/11-0000", "Employment: Management Occupations", ("same_name", "0.6", "bls_employment_may_2023.csv:2")),
    ("an activity by its code", "activity/4.A.1.a.1.I01", "Share of activity (user): Study surroundings.", ("same_code", "0.8", "iwa_metrics.csv:2")),
    ("a score by its code", "soc/11-2021", "AI applicability: Marketing Managers", ("same_code", "0.8", "soc_ai_applicability_scores.csv:2")),
]  # fmt: skip
CLASSES = {"task": "Task", "occupation": "Occupation", "soc": "OccupationGroup", "activity": "WorkActivity"}


@pytest.mark.parametrize(("_sentence", "work", "label", "expected"), LINKS, ids=[c[0] for c in LINKS])
def test_links(signals: Built, _sentence: str, work: str, label: str, expected: tuple[str, ...]) -> None:
    (evidence,) = [key for (key,), (name,) in signals.rows("Evidence", "label").items() if name == label]
    links = signals.rows(f"HAS_EVIDENCE.{CLASSES[work.split('/')[0]]}.Evidence", "join_method", "confidence", "source_ref")
    assert links[work, evidence] == expected


JOINS = [
    (INDEX, "task_texts_older", {"same_text": 6}, {"names_no_task": 1, "not_in_older_release": 1}),
    (INDEX, "task_texts", {"same_text": 4}, {"names_no_task": 1, "not_in_release_in_use": 3}),
    (INDEX, "tasks", {"text_of_older_release_then_id": 1, "text_of_older_release_then_id_other_wording": 1, "same_text": 2, "text_of_several_tasks": 1}, {"names_no_task": 1, "not_in_older_release": 1, "task_is_gone": 1}),
    (INDEX, "wages", {"crosswalk": 1, "crosswalk_to_several": 1, "same_code": 1}, {"code_leads_nowhere": 1, "no_figure": 1}),
    (INDEX, "employment", {"same_name": 1}, {"no_major_group_of_this_name": 1}),
    (GPTS, "task_labels", {"same_task_id": 1, "same_task_id_other_wording": 1}, {"task_is_gone": 1}),
    (GPTS, "occupation_ratings", {"same_code": 1}, {"occupation_is_gone": 1}),
    (WORKING, "activities", {"same_code": 1}, {"no_activity_of_this_code": 1}),
    (WORKING, "applicability_scores", {"same_code": 1}, {"no_class_of_this_code": 1}),
    (WORKING, "occupation_activities", {"tasks_of_the_class": 1}, {"no_activity_of_this_code": 1, "no_class_of_this_code": 1, "no_task_of_the_class_has_it": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "name", "matched", "unmatched"), JOINS, ids=[j[1] for j in JOINS])
def test_coverage(signals: Built, source: str, name: str, matched: dict[str, int], unmatched: dict[str, int]) -> None:
    (join,) = [j for j in signals.findings.joins if (j.source, j.name) == (source, name)]
    assert ({m.name: m.count for m in join.matched}, {m.name: m.count for m in join.unmatched}) == (matched, unmatched)


def test_every_unmatched_row_is_kept_with_its_place(signals: Built) -> None:
    met = {(u.subject, u.source_ref, u.reason) for u in signals.findings.unmatched if (u.source, u.join) == (INDEX, "tasks")}
    assert met == {
        ("polish puddles.", "onet_task_mappings.csv:7", "task_is_gone"), ("sing to lanterns.", "onet_task_mappings.csv:8", "not_in_older_release"),
        ("none", "onet_task_mappings.csv:9", "names_no_task"),
    }  # fmt: skip


def _broken(built: Built) -> set[tuple[str, str]]:
    """Signals and their links that break a contract, with what was met. The invented authored content is not judged here."""
    violations = judge_records(built.warehouse, load_schema(), shape_files(), AUTHORED).violations
    return {(v.focus, v.value) for v in violations if v.focus.startswith(("evidence/economic-", "evidence/gpts-", "evidence/working-", "association/HAS_EVIDENCE"))}


def test_the_contracts_hold(signals: Built) -> None:
    assert _broken(signals) == set()


def test_without_onet_nothing_is_tied_and_every_row_says_so(build: Build, tmp_path: Path) -> None:
    _written(tmp_path)
    shutil.rmtree(tmp_path / "onet_9_9")
    met = build(tmp_path, None)
    assert met.digests.counts["HAS_EVIDENCE.Task.Evidence"] == met.digests.counts["HAS_EVIDENCE.Occupation.Evidence"] == 0
    reasons = {u.reason for u in met.findings.unmatched if u.join in ("tasks", "task_labels", "wages", "occupation_ratings")}
    assert reasons == {"no_release_in_use", "names_no_task", "no_figure"}


def test_a_figure_that_is_no_number_breaks_its_contract(build: Build, tmp_path: Path) -> None:
    folder = _written(tmp_path, {"economic_index_2031_04_05/automation_vs_augmentation.csv": "interaction_type,pct\nlearning,much\n"})
    broken = _broken(build(folder, write=False))
    assert {focus for focus, _ in broken} == {"evidence/economic-index-interaction-learning"}
    assert "much" in {value for _, value in broken}


def test_rows_without_a_key_make_no_record_and_are_told(build: Build, tmp_path: Path) -> None:
    files = {
        "economic_index_2031_04_05/onet_task_mappings.csv": "task_name,pct\n,1\n", "economic_index_2031_04_05/wage_data.csv": "SOCcode,JobName,MedianSalary\n,A,1\n",
        "gpts_are_gpts/full_labelset.tsv": HEADERS["gpts_are_gpts/full_labelset.tsv"] + "\n0\t\t\tx\t\ty\tE0\tE0\tE0\t0.0\tE0\n",
        "working_with_ai/iwa_metrics.csv": HEADERS["working_with_ai/iwa_metrics.csv"] + "\n,x,0,0,0,0,0,0,0,0\n",
    }  # fmt: skip
    met = build(_written(tmp_path, files), write=False)
    assert _broken(met) == set()
    told = {(u.join, u.subject) for u in met.findings.unmatched}
    assert {("tasks", "(none)"), ("wages", "(none)"), ("task_labels", "(none)"), ("activities", "(none)")} <= told
    assert not [key for key in met.rows("Evidence") if key[0] is None]


DAMAGED = [
    ("one text with two shares", "economic_index_2031_04_05/onet_task_mappings.csv", "task_name,pct\nfly kites.,1\nfly kites.,2\n"),
    ("one code with two wages", "economic_index_2031_04_05/wage_data.csv", "SOCcode,JobName,MedianSalary\n11-2021.90,A,1\n11-2021.90,A,2\n"),
    ("one task with two labels", "gpts_are_gpts/full_labelset.tsv", HEADERS["gpts_are_gpts/full_labelset.tsv"] + "\n0\ta\t1.0\tx\t\ty\tE0\tE0\tE0\t0.0\tE0\n1\ta\t1.0\tx\t\ty\tE1\tE0\tE0\t0.0\tE1\n"),
    ("one activity twice", "working_with_ai/iwa_metrics.csv", HEADERS["working_with_ai/iwa_metrics.csv"] + "\na,x,0,0,0,0,0,0,0,0\na,x,0,0,0,0,0,0,0,0\n"),
]  # fmt: skip


@pytest.mark.parametrize(("_sentence", "file", "text"), DAMAGED, ids=[c[0] for c in DAMAGED])
def test_rows_that_contradict_each_other_are_refused(build: Build, tmp_path: Path, _sentence: str, file: str, text: str) -> None:
    with pytest.raises(BadInput) as met:
        build(_written(tmp_path, {file: text}), write=False)
    assert {d.code for d in met.value.diagnostics} == {"SRC250"}


STANDING = [
    ("task/101", "conflicting", "judges_differ_model_higher", (Decimal("1.25"), None, Decimal("0.5"), Decimal(0))),
    ("task/102", "none", "unsure_use", (None, Decimal("0.5"), None, None)),
    ("task/103", "none", "too_little_use", (Decimal(0), None, None, None)),
    ("task/105", "none", "unsure_use", (None, Decimal(2), None, None)),
]


def test_what_may_be_claimed_rests_on_sure_ties_alone(signals: Built, tmp_path: Path) -> None:
    """Through a real graph: the facts of the pack `signals`, and the row that fires on them."""
    load_graph(signals.digests.folder, tmp_path / "graph", "kuzu", load_schema())
    rulebook = load_rulebook()
    with open_graph(tmp_path / "graph", "kuzu") as graph:
        write_facts(tmp_path / "facts.sqlite", evaluate_facts(rulebook, lambda cypher: astuple(graph.execute(cypher))))
    facts, tasks = FactStore(tmp_path / "facts.sqlite"), [task for task, *_ in STANDING]
    columns = {**facts.columns("signals.task_use", tasks), **facts.columns("signals.task_exposure", tasks)}
    facts.close()
    met = rulebook.decide("signals", "standing", columns, date(2026, 11, 21))
    values = zip(columns["measured_use"], columns["measured_use_unsure"], columns["judged_exposure_model"], columns["judged_exposure_human"], strict=True)
    assert list(zip(tasks, met.outputs["standing"], met.fired, values, strict=True)) == STANDING
