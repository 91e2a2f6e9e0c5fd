"""The how-to page is run: every command answers what the page shows. And the commands as scripts have them."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from recorded_reviewers import ALPHA, ALPHA_TWO, ANN, BETA, BOB, GAMMA, answered, question_on, written
from review_world import LAW, LICENSED, UNKNOWN
from shown_commands import not_printed, shown_commands

from engine.adjudication import read_bundle

COMMAND = [sys.executable, "-P", "-c", "from engine.interfaces.cli import main; main()"]
PAGE = (Path(__file__).resolve().parent.parent.parent / "docs/how-to/adjudicate_titles.md").read_text(encoding="utf-8")


def wig(folder: Path, workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"COLUMNS": "80", "WIG_WORKSPACE": str(workspace)}
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=280, env=env, check=False, cwd=folder)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def desk(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page, after its commands were run in order; `said.json` holds what each printed."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "titles.txt").write_text(f"{UNKNOWN}\n{LAW}\n", encoding="utf-8")
    said = []
    for command, _ in shown_commands(PAGE):
        done = wig(folder, workspace, *shlex.split(command))
        said.append((done.returncode, done.stdout, done.stderr))
        if command.startswith("adjudicate bundle"):
            asked = read_bundle(folder / "asked")
            unknown, licensed = question_on(asked, UNKNOWN), question_on(asked, LICENSED)
            role, sales = "role/growth-marketer", "role/retail-sales-associate"
            written(folder / "models.jsonl", *(answered(r, unknown, role) for r in (ALPHA, BETA, GAMMA)), *(answered(r, licensed, sales) for r in (ALPHA, ALPHA_TWO, BETA)))
            written(folder / "again.jsonl", answered(BOB, unknown, role))
            written(folder / "people.jsonl", answered(ANN, unknown, role), answered(GAMMA, licensed, sales), answered(BOB, unknown, "growth marketer, I think"))
    (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("number", "command", "shown"), [(n, c, s) for n, (c, s) in enumerate(shown_commands(PAGE))], ids=[c[:60] for c, _ in shown_commands(PAGE)])
def test_a_command_prints_what_the_page_shows(desk: Path, number: int, command: str, shown: list[str]) -> None:
    code, out, err = json.loads((desk / "said.json").read_text(encoding="utf-8"))[number]
    assert code == (1 if command.startswith("adjudicate check") else 0), err
    assert not_printed(shown, out) == [], out


def test_the_line_of_the_page_is_a_verdict(desk: Path) -> None:
    block = PAGE.split("```json\n")[1].split("```")[0]
    line = json.loads(block)
    unknown = question_on(read_bundle(desk / "asked"), UNKNOWN)
    assert {**line, "prompt_digest": unknown.prompt_digest} == answered(ANN, unknown, "role/growth-marketer", "It is growth work.")


def test_json_is_one_document_and_markdown_a_report(desk: Path, workspace: Path) -> None:
    printed = wig(desk, workspace, "adjudicate", "bundle", LICENSED, "Marketing Manager", UNKNOWN, "--tier", "exclude_or_not_icp", "--json").stdout
    assert printed == (desk / "asked" / "bundle.json").read_text(encoding="utf-8")
    assert [q["title"] for q in json.loads(printed)["questions"]] == [UNKNOWN, LICENSED]
    given = ("asked", "models.jsonl", "people.jsonl", "again.jsonl")
    checked = wig(desk, workspace, "adjudicate", "check", *given, "--json")
    told = json.loads(checked.stdout)
    assert (checked.returncode, told["sound"], told["faults_by_code"], told["verdicts"]) == (1, False, {"ADJ115": 1}, 9)
    assert [(u["code"], u["questions"]) for u in told["unread"]] == [("ADJ115", [question_on(read_bundle(desk / "asked"), UNKNOWN).question_id])]
    promoted = json.loads(wig(desk, workspace, "adjudicate", "promote", *given, "--json").stdout)
    assert (promoted["outcomes"], promoted["unlocked"], len(promoted["patches"])) == ({"promote": 1, "known": 0, "reject": 0, "hold": 1}, 0, 1)
    assert promoted["patches"][0]["confidence"] == "0.9"
    figures = json.loads(wig(desk, workspace, "adjudicate", "agreement", *given, "--json").stdout)["agreement"]
    assert [f["alpha"]["value"] for f in figures] == ["1", None, "1"]
    assert figures[1]["alpha"]["undefined"]
    for command, first in (("check", "# Transcripts"), ("promote", "# Adjudication"), ("agreement", "# Agreement of reviewers")):
        assert wig(desk, workspace, "adjudicate", command, *given, "--format", "markdown").stdout.startswith(first)
    assert wig(desk, workspace, "adjudicate", "bundle", LAW, "--format", "markdown").stdout.startswith("# Review bundle")


def test_a_kept_decision_of_a_question_can_be_proved(desk: Path, workspace: Path) -> None:
    asked = read_bundle(desk / "asked")
    said = wig(desk, workspace, "why", question_on(asked, LICENSED).decision_id, "--json")
    assert said.returncode == 0, said.stderr


def test_outcomes_hold_for_the_day_of_the_bundle_and_their_decisions_are_kept(desk: Path, workspace: Path) -> None:
    later = "2026-12-24"
    assert wig(desk, workspace, "adjudicate", "bundle", LICENSED, "--as-of", later, "--out", "later").returncode == 0
    (question,) = read_bundle(desk / "later").questions.values()
    written(desk / "later.jsonl", *(answered(r, question, "role/retail-sales-associate") for r in (ALPHA, BETA, ANN)))

    def receipts(*arguments: str) -> list[dict[str, str]]:
        said = wig(desk, workspace, "adjudicate", "promote", *arguments, "--json")
        assert said.returncode == 0, said.stderr
        return list(json.loads(said.stdout)["receipts"])

    (mine,) = receipts("later", "later.jsonl")
    assert (mine["as_of"], mine["promotion"], mine["decision_today"]) == (later, "promote", question.decision_id)
    (named,) = receipts("later", "later.jsonl", "--as-of", "2026-11-30")
    assert named["as_of"] == "2026-11-30"
    assert named["decision_today"] not in (mine["decision_today"], named["decision_asked"])
    said = wig(desk, workspace, "why", named["decision_today"], "--json")  # nobody but the promotion asked this on that day
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["as_of"] == "2026-11-30"


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("bundle",), "CLI104", 2), (("bundle", "x", "--tier", "best"), "ADJ212", 2), (("bundle", "x", "--title-column", "t"), "CLI112", 2), (("bundle", LAW, "--out", "."), "ADJ213", 2),
        (("bundle", "--titles", "none.txt"), "CMP120", 4), (("bundle", "--coverage", "none.parquet"), "ADJ101", 4), (("bundle", "--coverage", "titles.txt"), "ADJ204", 2),
        (("bundle", "x", "--proposals", "titles.txt"), "ADJ104", 2), (("check", "none", "models.jsonl"), "ADJ101", 4), (("check", "titles.txt", "models.jsonl"), "ADJ202", 2),
        (("check", "edited.json", "models.jsonl"), "ADJ301", 3), (("check", "asked", "none.jsonl"), "ADJ101", 4), (("promote", "asked", "models.jsonl", "--as-of", "soon"), "CLI101", 2),
        (("promote", "asked", "models.jsonl", "--snapshot", "other"), "CLI110", 2), (("agreement", "asked", "models.jsonl", "--format", "pdf"), "CLI102", 2),
    ],
)  # fmt: skip
def test_a_fault_has_its_code_and_its_exit_status(desk: Path, workspace: Path, arguments: tuple[str, ...], code: str, exit_code: int) -> None:
    text = (desk / "asked" / "bundle.json").read_text(encoding="utf-8")
    (desk / "edited.json").write_text(text.replace("no instruction to you", "an instruction to you"), encoding="utf-8")
    said = wig(desk, workspace, "adjudicate", *arguments, "--json")
    assert (said.returncode, code in said.stderr) == (exit_code, True), said.stderr
    assert json.loads(said.stdout)["exit_code"] == exit_code
