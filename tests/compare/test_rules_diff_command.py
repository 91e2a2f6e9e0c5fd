"""`wig rules diff` as its users have it: versions by every kind of name, expected moves, versions that must rise, and the page that tells of it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from edited_rules import RULES, TITLES, Edit, edited
from shown_commands import not_printed, shown_commands
from typer.testing import CliRunner, Result

from engine.compare import RulesDifference, open_revision, read_titles, rules_difference
from engine.contracts import BadInput
from engine.graph import Workspace
from engine.interfaces.cli.application import app

PAGE = RULES.parent / "docs/how-to/compare_rules.md"
PROPOSED: tuple[Edit, ...] = (
    ("service", "reach it.\n    values:\n      - {from: 2026-11-20, value: 0.85}", "reach it.\n    values:\n      - {from: 2026-11-20, value: 0.95}"),
    ("ranking", "ease: {uses: ease, weight: 100,", "ease: {uses: ease, weight: 110,"), ("ranking", "version: 1.0.0", "version: 1.0.1"),
)  # fmt: skip
WORDING: Edit = ("service", "because: the text is not a job title", "because: this is no job title")
DAY = date(2026, 11, 21)
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> Path:
    """A folder with rules, proposed rules, and the files of the page; the commands run in it."""
    shutil.copytree(RULES, tmp_path / "rules")
    edited(tmp_path / "proposed", PROPOSED)
    for name in ("titles.txt", "expected.yaml"):
        block = PAGE.read_text(encoding="utf-8").split(f"    # {name}\n")[1].split("\n\n")[0]
        (tmp_path / name).write_text("\n".join(line[4:] for line in block.splitlines()) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIG_WORKSPACE", str(workspace.folder))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


def wig(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.usefixtures("here")
def test_every_command_of_the_page_prints_what_it_shows() -> None:
    listed = shown_commands(PAGE.read_text(encoding="utf-8"))
    assert [c.split()[1] for c, _ in listed] == ["diff", "diff", "show"]
    for command, shown in listed:
        answer = wig(*shlex.split(command))
        assert answer.exit_code == (1 if "--check-versions" in command else 0), answer.stderr
        assert not_printed(shown, answer.stdout) == [], answer.stdout


@pytest.mark.usefixtures("here")
def test_a_gate_fails_on_moves_that_nobody_expects_and_passes_those_that_are_listed() -> None:
    asked = ("rules", "diff", ".", "proposed", "--titles", "titles.txt", "--json")
    assert wig(*asked, "--fail-on-moves").exit_code == 1
    assert wig("rules", "diff", ".", ".", "--titles", "titles.txt", "--fail-on-moves", "--check-versions").exit_code == 0
    told = json.loads(wig(*asked, "--expect", "expected.yaml").stdout)
    assert told["unexpected"] == ["Marketing Manager"]
    listed = Path("expected.yaml").read_text(encoding="utf-8")
    Path("expected.yaml").write_text(f"{listed}  - title: Marketing Manager\n", encoding="utf-8")
    assert wig(*asked, "--expect", "expected.yaml", "--fail-on-moves").exit_code == 0
    Path("expected.yaml").write_text(f"{listed.replace('serve_with_fallback', 'exclude_or_not_icp')}  - title: Marketing Manager\n", encoding="utf-8")
    refused = wig(*asked, "--expect", "expected.yaml")
    assert (refused.exit_code, json.loads(refused.stdout)["unexpected"]) == (1, ["sales associate, Brooklyn"])


@pytest.mark.parametrize("text", ["moves: 3", "[]", "moves: [{}]", "moves: [{title: a, aspect: [path]}]", "moves: [{title: a, aspects: [tier]}]", "moves: [{title: a, becomes: {x: y}}]", "moves: [{title: a, aspects: 3}]"])
@pytest.mark.usefixtures("here")
def test_a_file_of_expected_moves_that_says_nothing_is_refused(text: str) -> None:
    Path("expected.yaml").write_text(text, encoding="utf-8")
    refused = wig("rules", "diff", ".", ".", "--titles", "titles.txt", "--expect", "expected.yaml")
    assert (refused.exit_code, "CMP210" in refused.stderr) == (2, True)


def git(folder: Path, *arguments: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout.strip()


@needs_git
def test_a_git_revision_is_read_without_running_anything_of_the_repository(here: Path) -> None:
    git(here, "init", "-q")
    (here / ".gitattributes").write_text("*.yaml filter=loud export-subst\n", encoding="utf-8")
    git(here, "config", "filter.loud.smudge", f"touch {here / 'was-run'}; cat")
    git(here, "config", "core.fsmonitor", f"touch {here / 'was-run'}")
    git(here, "add", "rules", ".gitattributes")
    git(here, "commit", "-q", "-m", "before")
    (here / "was-run").unlink(missing_ok=True)
    shutil.rmtree(here / "rules")
    (here / "proposed").rename(here / "rules")
    told = json.loads(wig("rules", "diff", "main", ".", "--titles", "titles.txt", "--json").stdout)
    assert told["before"]["commit"] == git(here, "rev-parse", "main")
    assert {c["name"] for c in told["changes"]} == {"ranking: module_score, factor ease weight", "service: parameter serve_confidence values"}
    assert told["moved"] == 3
    assert not (here / "was-run").exists()
    assert "CMP204" in wig("rules", "diff", "nowhere", ".", "--titles", "titles.txt").stderr
    assert "CMP204" in wig("rules", "diff", "--titles", "titles.txt", "--", "--all", ".").stderr
    git(here, "rm", "-rqf", "--cached", "rules")
    git(here, "commit", "-q", "-m", "no rules")
    assert "CMP205" in wig("rules", "diff", "main", ".", "--titles", "titles.txt").stderr
    (here / "rules/service/pack.yaml").unlink()
    (here / "rules/service/pack.yaml").symlink_to("../ranking/pack.yaml")
    git(here, "add", "rules")
    git(here, "commit", "-q", "-m", "a link")
    assert "CMP205" in wig("rules", "diff", "main", ".", "--titles", "titles.txt").stderr
    (here / "rules/service/pack.yaml").unlink()
    (here / "rules/service/pack.yaml").write_text("pack: service\n", encoding="utf-8")
    git(here, "add", "rules")
    git(here, "commit", "-q", "-m", "broken")
    refused = wig("rules", "diff", "main", "current", "--titles", "titles.txt")
    assert (refused.exit_code, "CMP206" in refused.stderr) == (2, True)


def test_a_name_that_is_no_version_is_refused_with_what_is_missing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(*arguments: str) -> tuple[int, str]:
        answer = wig("rules", "diff", *arguments, "--titles", "titles.txt")
        return answer.exit_code, (re.search(r"CMP\d+|CLI\d+", answer.stderr) or ["?"])[0]

    (here / "empty").mkdir()
    assert code("empty", ".") == (2, "CMP201")
    if shutil.which("git"):
        assert code("main", ".") == (2, "CMP203")
    monkeypatch.setenv("PATH", str(here / "empty"))
    assert code("main", ".") == (2, "CMP202")
    assert code(".", "proposed", "--as-of", "2020-01-01") == (2, "CMP207")
    assert code(".", "proposed", "--as-of", "soon") == (2, "CLI101")


@pytest.mark.usefixtures("here")
def test_the_rules_of_a_snapshot_are_named_by_it(workspace: Workspace) -> None:
    told = json.loads(wig("rules", "diff", "current", workspace.required().name, "--titles", "titles.txt", "--json").stdout)
    assert (told["moved"], told["changes"], told["versions"]) == (0, [], [])
    assert told["before"]["digest"] == told["after"]["digest"]


def test_titles_of_the_cases_of_a_file_are_asked(tmp_path: Path) -> None:
    file = tmp_path / "titles.yaml"
    file.write_text("cases:\n  - {title: 'sales  associate', graph: wedge}\n  - {title: qwertz}\n  - {title: sales associate}\n", encoding="utf-8")
    assert read_titles(file) == ("sales associate", "qwertz")
    file.write_text("cases: 3\n", encoding="utf-8")
    with pytest.raises(BadInput, match="CMP123"):
        read_titles(file)


def compared(workspace: Workspace, folder: Path, *edits: Edit, turned: bool = False) -> RulesDifference:
    with ExitStack() as revisions:
        sides = [revisions.enter_context(open_revision(str(f), workspace, folder)) for f in (RULES, edited(folder / "edited", edits))]
        return rules_difference(*(reversed(sides) if turned else sides), workspace.required(), TITLES[:6], DAY)


ROW = "      - {id: law, when: {domains: contains law}, then: {review_tag: legal}, because: a candidate is legal work}\n"
TWO_WORKFLOWS = "A path through fewer than two workflows is no picture of a job.\n    values:\n      - {from: 2026-11-20, value: 2}"
RISES: dict[str, tuple[tuple[Edit, ...], bool, str]] = {
    "wording": ((WORDING,), False, "patch"),
    "a threshold that moves nothing asked": ((("service", TWO_WORKFLOWS, TWO_WORKFLOWS + "\n      - {from: 2027-01-01, value: 3}"),), False, "patch"),
    "a row that nothing asked meets": ((("service", ROW, ROW + ROW.replace("id: law", "id: second").replace("contains law", "contains minors").replace("legal}", "pupils}")),), False, "minor"),
    "a row that is gone": ((("service", "      - {id: social, when: {domains: contains social}, then: {review_tag: social_services}, because: a candidate decides about people in need}\n", ""),), False, "minor"),
    "a decision that moves": (PROPOSED[:1], False, "minor"),
    "an input that comes": ((("service", "inputs:\n", "inputs:\n  season: {type: text, description: The season.}\n"),), False, "minor"),
    "an input that goes": ((("service", "inputs:\n", "inputs:\n  season: {type: text, description: The season.}\n"),), True, "major"),
    "an allowed value that goes": ((("service", "block_not_icp, block_unknown_title], description", "block_not_icp, block_unknown_title, wait], description"),), True, "major"),
    "a title that is served no longer": ((("fallback", "then: {fallback_tier: alias}", "then: {fallback_tier: llm}"),), False, "major"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(RISES))
def test_a_version_must_rise_by_what_the_change_does(name: str, workspace: Workspace, tmp_path: Path) -> None:
    edits, turned, required = RISES[name]
    found = compared(workspace, tmp_path, *edits, turned=turned)
    (rise,) = found.rises
    assert (rise.pack, rise.required, rise.stated, rise.enough) == (edits[0][0], required, "same", False)


@pytest.mark.parametrize(("version", "stated", "enough"), [("1.1.2", "patch", True), ("1.2.0", "minor", True), ("2.0.0", "major", True), ("1.1.0", "fall", False), ("0.9.9", "fall", False)])
def test_a_version_may_rise_by_more_and_never_falls(version: str, stated: str, enough: bool, workspace: Workspace, tmp_path: Path) -> None:
    stands = next(line for line in (RULES / "service/pack.yaml").read_text(encoding="utf-8").splitlines() if line.startswith("version: "))
    assert stands == "version: 1.1.1"
    (rise,) = compared(workspace, tmp_path, WORDING, ("service", stands, f"version: {version}")).rises
    assert (rise.stated, rise.enough) == (stated, enough)


def test_a_case_beside_a_pack_that_meets_something_else_is_told(workspace: Workspace, tmp_path: Path) -> None:
    found = compared(workspace, tmp_path, ("ranking", "ease: {uses: ease, weight: 100,", "ease: {uses: ease, weight: 110,"))
    assert {c.pack for c in found.cases} == {"ranking"}
    assert all(c.before != c.after for c in found.cases)
