"""The how-to page is run: every command answers what the page shows. And the commands as scripts have them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from patched_world import HEAD, patch_text
from shown_commands import not_printed, shown_commands
from wig_command import Answer, run_wig

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/how-to/try_a_change.md"
STRICTER = {"change": "add", "parameter": "service.least_workflows", "from": "2027-01-01", "value": 90}


def wig(folder: Path, workspace: Path, *arguments: str) -> Answer:
    """What a command says where the files of the page stand."""
    return run_wig(*arguments, folder=folder, WIG_WORKSPACE=str(workspace))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the page."""
    folder = tmp_path_factory.mktemp("desk")
    block = re.search(r"```yaml title=brand_steward.yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (folder / "brand_steward.yaml").write_text(block[1], encoding="utf-8")
    stricter = patch_text(STRICTER, **{**HEAD, "patch": "stricter"})
    (folder / "stricter.yaml").write_text(stricter, encoding="utf-8")
    (folder / "many.yaml").write_text(f"{block[1]}---\n{stricter}---\npatch: half\ndated: 2026-11-20\nreason: x\nchanges: [{{change: retire, record: title/x}}]\n", encoding="utf-8")
    (folder / "titles.txt").write_text("Brand Steward\nMarketing Manager\nasdf\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("command", "shown"), shown_commands(PAGE.read_text(encoding="utf-8")), ids=[c[:60] for c, _ in shown_commands(PAGE.read_text(encoding="utf-8"))])
def test_a_command_prints_what_the_page_shows(desk: Path, workspace: Path, command: str, shown: list[str]) -> None:
    said = wig(desk, workspace, *shlex.split(command))
    assert said.code == 0, said.err
    assert not_printed(shown, said.out) == [], said.out


def test_json_is_one_document_and_markdown_a_report(desk: Path, workspace: Path) -> None:
    told = json.loads(wig(desk, workspace, "what-if", "stricter.yaml", "--titles", "titles.txt", "--as-of", "2027-01-01", "--json").out)
    assert (told["asked"], told["moved"], [m["title"] for m in told["moves"]]) == (3, 1, ["Marketing Manager"])
    assert told["moves"][0]["moved_by"] == [1]
    assert told["moves"][0]["before"]["path"]
    assert not told["moves"][0]["after"]["path"]
    assert told["aspects"]["service_tier"] == 1
    page = wig(desk, workspace, "what-if", "stricter.yaml", "--titles", "titles.txt", "--format", "markdown")
    assert page.code == 0, page.err
    assert page.out.startswith("# What if: stricter")
    sorted_ = json.loads(wig(desk, workspace, "patch", "replay", "many.yaml", "--json").out)
    assert sorted_["untouched"]
    assert sum(sorted_["lanes"].values()) == sorted_["rows"] == len(sorted_["receipts"]) == 3
    assert "| hold for source mining | 1 |" in wig(desk, workspace, "patch", "replay", "many.yaml", "--format", "markdown").out


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("what-if", "bad.yaml"), "WIF101", 2), (("what-if", "none.yaml"), "DOC002", 4), (("what-if", "stricter.yaml", "--as-of", "soon"), "CLI101", 2),
        (("what-if", "stricter.yaml", "--title-column", "x"), "CLI112", 2), (("what-if", "stricter.yaml", "--format", "pdf"), "CLI102", 2),
        (("what-if", "stricter.yaml", "--snapshot", "other"), "CLI110", 2), (("patch", "replay", "none.yaml"), "WIF402", 4), (("patch", "replay", "many.yaml", "--out", "."), "WIF125", 2),
    ],
)  # fmt: skip
def test_a_fault_has_its_code_and_its_exit_status(desk: Path, workspace: Path, arguments: tuple[str, ...], code: str, exit_code: int) -> None:
    (desk / "bad.yaml").write_text(patch_text(STRICTER) + "reasons: none\n", encoding="utf-8")
    said = wig(desk, workspace, *arguments, "--json") if "--format" not in arguments else wig(desk, workspace, *arguments)
    assert (said.code, code in said.err) == (exit_code, True), said.err
    if "--format" not in arguments:
        assert json.loads(said.out)["exit_code"] == exit_code
