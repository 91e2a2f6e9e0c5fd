"""`wig match` from files to a run file, its JSON and its refusals."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from invented_delivery import write_lists
from shown_commands import not_printed, shown_commands
from wig_command import Answer, wig_here

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/match_labels.md").read_text(encoding="utf-8")
AGAINST = ("--against", "candidates.csv", "--out", "answer.run")


def _match(workspace: Path, folder: Path, *arguments: str) -> Answer:
    return wig_here(workspace, write_lists(folder), "match", "queries.csv", *AGAINST, *arguments)


def test_a_run_lists_every_candidate_once_best_first(workspace: Path, tmp_path: Path) -> None:
    assert _match(workspace, tmp_path).code == 0
    lines = [line.split() for line in (tmp_path / "answer.run").read_text(encoding="utf-8").splitlines()]
    assert {tuple(x[i] for i in (1, 5)) for x in lines} == {("Q0", "wig-match")}
    assert [x[0] for x in lines] == [f"q{n}" for n in range(1, 6) for _ in range(4)]
    assert [x[3] for x in lines] == ["1", "2", "3", "4"] * 5
    assert {x[0]: x[2].rpartition("/")[2] for x in lines if x[3] == "1"}.items() >= {("q1", "aaa"), ("q3", "aaa"), ("q4", "own")}
    assert not list(tmp_path.glob(".*"))


def test_the_document_says_what_spoke_for_a_candidate(workspace: Path, tmp_path: Path) -> None:
    said = _match(workspace, tmp_path, "--json", "--explain", "1", "--examples", "examples.csv")
    document = json.loads(said.out)
    assert (document["queries"], document["candidates"], document["examples"], document["left_out"]["examples"]) == (5, 4, 2, {"candidate is not in the list": 1})
    planner, kite = document["answers"][0], document["answers"][3]
    assert planner["expansion"]["record"] == "occupation/11-2021.91"
    assert planner["candidates"][0]["justification"]["expanded_by"] == "esco/aaa"
    assert kite["candidates"][0]["id"] == "own"
    assert "example_nearest" in {s["signal"] for s in kite["candidates"][0]["justification"]["signals"]}
    assert 0 < float(kite["candidates"][0]["confidence"]) <= 1


def test_top_bounds_the_run(workspace: Path, tmp_path: Path) -> None:
    assert _match(workspace, tmp_path, "--top", "1").code == 0
    assert len((tmp_path / "answer.run").read_text(encoding="utf-8").splitlines()) == 5


def test_the_same_lists_give_the_same_bytes(workspace: Path, tmp_path: Path) -> None:
    said = [_match(workspace, tmp_path / name, "--json") for name in ("one", "two")]
    assert said[0].out == said[1].out
    assert (tmp_path / "one" / "answer.run").read_bytes() == (tmp_path / "two" / "answer.run").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("match", "absent.csv", *AGAINST), 4, "MAT100"),
        (("match", "examples.csv", *AGAINST), 2, "MAT102"),
        (("match", "queries.csv", "--against", "queries.csv", "--out", "queries.csv"), 2, "MAT121"),
        (("match", "queries.csv", "--against", "candidates.csv", "--out", "no/such/folder.run"), 4, "MAT120"),
        (("match", "queries.csv", *AGAINST, "--examples", "queries.csv"), 2, "MAT104"),
        (("match", "queries.csv", *AGAINST, "--as-of", "2020-01-01"), 2, "RUL202"),
    ],
)
def test_what_cannot_be_matched_is_refused(workspace: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, code: str) -> None:
    said = wig_here(workspace, write_lists(tmp_path), *arguments, "--json")
    assert said.code == status
    assert [d["code"] for d in json.loads(said.out)["diagnostics"]] == [code]
    assert not (tmp_path / "answer.run").exists()


def test_the_page_shows_what_the_command_prints(workspace: Path, tmp_path: Path) -> None:
    for name, text in _lists_of_page():
        (tmp_path / name).write_text(text, encoding="utf-8")
    commands = shown_commands(PAGE)
    assert commands
    for command, shown in commands:
        said = wig_here(workspace, tmp_path, *command.split())
        assert said.code == 0, said.err
        assert not_printed(shown, said.out) == []


def _lists_of_page() -> list[tuple[str, str]]:
    """Each block of csv with the name of the file told in the line before it."""
    parts = PAGE.split("```csv\n")
    return [(before.rstrip().rpartition("`")[0].rpartition("`")[2], after.partition("```")[0]) for before, after in pairwise(parts)]
