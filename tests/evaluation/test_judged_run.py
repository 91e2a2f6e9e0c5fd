"""`wig evaluate run`: figures of a ranking against judgements, held against a plain reckoning."""

from __future__ import annotations

import json
import math
import random
import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shown_commands import not_printed, shown_commands
from wig_command import ROOT, wig_here

from engine.contracts import BadInput, EngineError
from engine.evaluation import RankedRun, evaluate_run, read_judgements, read_run

PAGE = (ROOT / "docs/how-to/measure_titles.md").read_text(encoding="utf-8")
RUN = "q1 Q0 a 1 3.0 t\nq1 Q0 b 2 2.5 t\nq2 Q0 b 1 1 t\nq2 Q0 a 2 5e-1 t\nq9 Q0 a 1 1 t\n"
JUDGED = "q1 0 a 1\nq2 0 a 2\nq2 0 b 0\nq3 0 c 1\nq4 0 c 0\nq4 0 d -1\n"
CSV = "query,candidate,relevance\nq1,a,1\nq2,a,2\nq2,b,0\nq3,c,1\nq4,c,0\nq4,d,-1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("answer.run", RUN), ("right.qrels", JUDGED), ("right.csv", CSV)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_figures_are_over_the_judged_queries(folder: Path) -> None:
    report = evaluate_run(read_run(folder / "answer.run"), read_judgements(folder / "right.qrels"), "right.qrels")
    assert (report.queries, report.relevant, report.unanswered, report.without_relevant, report.unjudged) == (3, 3, 1, 1, 1)
    assert [float(e.value or 0) for e in (report.mrr, report.within[1], report.within[5])] == [0.5, pytest.approx(1 / 3, abs=1e-6), pytest.approx(2 / 3, abs=1e-6)]
    assert report.mrr.low is not None
    assert report.mrr.high is not None
    assert report.mrr.low <= 0.5 <= report.mrr.high


def test_csv_says_the_same_as_lines_of_trec_and_order_never_matters(folder: Path) -> None:
    run, judged = read_run(folder / "answer.run"), read_judgements(folder / "right.qrels")
    assert read_judgements(folder / "right.csv") == judged
    for name, text in (("answer.run", RUN), ("right.qrels", JUDGED)):
        lines = text.splitlines()
        random.Random(4).shuffle(lines)
        (folder / name).write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    assert evaluate_run(read_run(folder / "answer.run"), read_judgements(folder / "right.qrels"), "x") == evaluate_run(run, judged, "x")


def test_scores_put_candidates_in_order_and_ranks_break_their_ties(folder: Path) -> None:
    (folder / "answer.run").write_text("q Q0 late 3 1 t\nq Q0 early 2 1.0 t\nq Q0 best 9 2 t\nq Q0 last 1 -1 t\n", encoding="utf-8")
    assert read_run(folder / "answer.run").ranked == {"q": ("best", "early", "late", "last")}


@given(st.lists(st.tuples(st.permutations("abcdefghijklm"), st.dictionaries(st.sampled_from("abcdefghijklmno"), st.integers(0, 3), max_size=6)), min_size=1, max_size=8))
def test_figures_are_those_of_a_plain_reckoning(cases: list[tuple[list[str], dict[str, int]]]) -> None:
    judged = {f"q{n}": grades for n, (_, grades) in enumerate(cases)}
    counted = [(ranked, grades) for ranked, grades in cases if any(grades.values())]
    run = RankedRun("run", {f"q{n}": tuple(ranked) for n, (ranked, _) in enumerate(cases)})
    if not counted:
        with pytest.raises(BadInput, match="EVL114"):
            evaluate_run(run, judged, "judged", 0)
        return
    report = evaluate_run(run, judged, "judged", 0)
    places = [next((p for p, c in enumerate(ranked, 1) if grades.get(c)), 0) for ranked, grades in counted]
    gains = [(_gain([grades.get(c, 0) for c in ranked]), _gain(sorted(grades.values(), reverse=True))) for ranked, grades in counted]
    assert float(report.mrr.value or 0) == pytest.approx(sum(1 / p for p in places if p) / len(places), abs=2e-6)
    assert float(report.ndcg.value or 0) == pytest.approx(sum(got / best for got, best in gains) / len(gains), abs=2e-6)
    for reach, found in report.within.items():
        assert float(found.value or 0) == pytest.approx(sum(0 < p <= reach for p in places) / len(places), abs=1e-6)


def _gain(grades: list[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades[:10], 1))


FAULTS = {
    "columns": ("answer.run", RUN + "q1 Q0 c 3\n", "EVL110", 6),
    "no score": ("answer.run", "q Q0 a 1 high t\n", "EVL110", 1),
    "no number": ("answer.run", "q Q0 a 1 nan t\n", "EVL110", 1),
    "no rank": ("answer.run", "q Q0 a first 1 t\n", "EVL110", 1),
    "twice": ("answer.run", RUN + "q1 Q0 a 3 0 t\n", "EVL111", 6),
    "empty run": ("answer.run", "\n", "EVL112", 0),
    "no utf-8": ("answer.run", "q Q0 \udcff 1 1 t\n", "EVL102", 1),
    "empty judgements": ("right.qrels", "", "EVL112", 0),
    "no relevance": ("right.qrels", "q 0 a yes\n", "EVL110", 1),
    "too relevant": ("right.qrels", "q 0 a 1001\n", "EVL110", 1),
    "two ways": ("right.qrels", JUDGED + "q1 0 a 0\n", "EVL113", 7),
    "no column": ("right.csv", "query,gold\nq1,a\n", "EVL103", 1),
    "no candidate": ("right.csv", "query,candidate\nq1,\n", "EVL110", 2),
    "a quote that never ends": ("right.csv", 'query,candidate\n"q1,a\n', "EVL102", 2),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line(folder: Path, name: str) -> None:
    file, text, code, line = FAULTS[name]
    (folder / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(EngineError) as met:
        (read_run if file == "answer.run" else read_judgements)(folder / file)
    assert [(d.code, d.place.line or 0) for d in met.value.diagnostics if d.place is not None] == [(code, line)]


def test_many_faults_are_counted(folder: Path) -> None:
    (folder / "answer.run").write_text("nothing\n" * 70, encoding="utf-8")
    with pytest.raises(BadInput) as met:
        read_run(folder / "answer.run")
    assert len(met.value.diagnostics) == 21
    (rest,) = [d for d in met.value.diagnostics if "50 more" in d.what]
    assert "mend the lines" in rest.fix


def test_the_command_prints_what_the_page_shows(folder: Path) -> None:
    for name, kind in (("answer.run", "run"), ("right.qrels", "qrels")):
        block = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
        assert block is not None
        (folder / name).write_text(block[1], encoding="utf-8")
    shown = [(c, lines) for c, lines in shown_commands(PAGE) if c.startswith("evaluate run answer.run")]
    assert shown
    for command, lines in shown:
        said = wig_here(folder, folder, *shlex.split(command))
        assert (said.code, not_printed(lines, said.out)) == (0, []), said.err + said.out


def test_the_document_begins_with_a_summary(folder: Path) -> None:
    said = wig_here(folder, folder, "evaluate", "run", "answer.run", "--qrels", "right.csv", "--json")
    found = json.loads(said.out)
    assert list(found)[:3] == ["run", "judgements", "summary"]
    assert (found["summary"]["queries"], float(found["summary"]["mrr"]), found["unanswered"]) == (3, 0.5, 1)
    again = json.loads(wig_here(folder, folder, "evaluate", "run", "answer.run", "--qrels", "right.qrels", "--json").out)
    assert again == found | {"judgements": "right.qrels"}


@pytest.mark.parametrize(("arguments", "status", "code"), [(("gone.run", "--qrels", "right.csv"), 4, "EVL101"), (("answer.run", "--qrels", "gone"), 4, "EVL101"), (("right.csv", "--qrels", "right.csv"), 2, "EVL110")])
def test_bad_input_is_told(folder: Path, arguments: tuple[str, ...], status: int, code: str) -> None:
    said = wig_here(folder, folder, "evaluate", "run", *arguments, "--json")
    assert (said.code, json.loads(said.out)["diagnostics"][0]["code"]) == (status, code)
