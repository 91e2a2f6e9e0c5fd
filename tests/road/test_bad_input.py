"""Every bad input: one clear message on standard error, the right exit code, no traceback, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from wig_command import COMMAND, Wig


def test_an_empty_title_a_huge_one_and_an_unknown_option(wedge: Wig) -> None:
    for title in ("", "   ", "x" * 4000):
        answer = wedge("plan", title)
        assert answer.code == 2
        assert "CLI105" in answer.err
    assert wedge("plan", "--no-such-option").code == 2
    assert wedge("no-such-command").code == 2


def test_a_title_of_a_megabyte_is_an_answer_for_resolve(wedge: Wig) -> None:
    # longer than one argument may be on this system, so it goes through the engine's own door
    script = "import sys; from engine.ask import Desk; from engine.graph import Workspace; from pathlib import Path\n"
    script += "d = Desk(Workspace(Path(sys.argv[1])).required()).resolve('manager ' * 131072); print(d.outcome['runtime_action'], d.outcome['fallback_tier'])"
    done = subprocess.run([COMMAND[0], "-P", "-c", script, str(wedge.workspace)], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["block_unknown_title", "none"], done.stderr


@pytest.mark.parametrize("command", [("resolve", "x"), ("explore", "role/x"), ("query", "MATCH (n:Role) RETURN n.id"), ("snapshots", "use", "x"), ("sources", "status"), ("verify",)])
def test_a_workspace_without_a_graph_says_so(fresh: Wig, command: tuple[str, ...]) -> None:
    answer = fresh(*command)
    assert answer.code == 2
    assert "wig" in answer.err


def test_a_missing_source_folder(fresh: Wig) -> None:
    answer = fresh("build", "--source-dir", "/no/such/folder")
    assert answer.code == 4
    assert "/no/such/folder" in answer.err
    assert not (fresh.workspace / "current").exists()


def test_a_folder_without_publishers_files(fresh: Wig, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert fresh("build", "--source-dir", str(tmp_path / "empty")).code == 2


@pytest.mark.parametrize(
    ("name", "damage", "code"),
    [
        ("graph.kuzu", b"", 3),
        ("facts.sqlite", b"not a database", 3),
        ("receipt.json", b"{", 3),
        ("graph.kuzu.wal", b"old rows", 3),
    ],
    ids=["empty graph", "garbled facts", "garbled receipt", "leftover write-ahead file"],
)
def test_a_damaged_snapshot_is_an_integrity_fault(wedge: Wig, tmp_path: Path, name: str, damage: bytes, code: int) -> None:
    shutil.copytree(wedge.workspace, tmp_path / "w")
    wig = Wig(tmp_path / "w")
    (snapshot,) = (wig.workspace / "snapshots").iterdir()
    (snapshot / name).write_bytes(damage)
    answer = wig("plan", "Marketing Manager")
    assert answer.code == code
    assert answer.err
    assert answer.out == ""


def test_json_answers_a_refusal_with_one_document(fresh: Wig) -> None:
    answer = fresh("resolve", "x", "--json")
    assert answer.code == 2
    assert answer.json["exit_code"] == 2
    assert answer.json["diagnostics"][0]["fix"]


def test_a_second_build_at_the_same_time_is_locked_out(fresh: Wig) -> None:
    environment = {**os.environ, "WIG_WORKSPACE": str(fresh.workspace)}
    first = subprocess.Popen([*COMMAND, "build", "--only", "wedge"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        if (fresh.workspace / "building").exists():
            break
        time.sleep(0.02)
    second = fresh("build", "--only", "wedge")
    assert second.code == 5
    assert "another build" in second.err
    assert first.wait() == 0
    assert fresh("resolve", "x").code == 0


def test_an_answer_survives_a_workspace_that_cannot_keep_it(wedge: Wig, tmp_path: Path) -> None:
    shutil.copytree(wedge.workspace, tmp_path / "w", ignore=shutil.ignore_patterns("decisions.sqlite*"))
    (tmp_path / "w" / "decisions.sqlite").mkdir()
    answer = Wig(tmp_path / "w")("plan", "Marketing Manager")
    assert answer.code == 0
    assert "not kept" in answer.err


def test_an_unknown_release_engine_part_or_day_is_refused(wedge: Wig) -> None:
    for arguments in (("build", "--release", "onet"), ("build", "--only", "half"), ("build", "--engine", "neo"), ("resolve", "x", "--as-of", "soon"), ("explore", "role/marketing-manager", "--format", "png"), ("explore", "role/marketing-manager", "--json", "--format", "mermaid")):
        answer = wedge(*arguments)
        assert answer.code == 2
        assert "fix" in answer.err


def test_a_broken_module_is_reported_with_file_line_and_column(tmp_path: Path, wedge: Wig) -> None:
    root = Path(__file__).resolve().parent.parent.parent
    shutil.copytree(root / "graph_data", tmp_path / "graph_data")
    family = tmp_path / "graph_data/families/marketing_growth.yaml"
    lines = family.read_text(encoding="utf-8").splitlines(keepends=True)
    where = next(i for i, line in enumerate(lines) if line.strip().startswith("weight:"))
    lines[where] = lines[where].split("weight:")[0] + "weight: 0.99\n"
    family.write_text("".join(lines), encoding="utf-8")
    answer = wedge("validate", str(tmp_path / "graph_data"))
    assert answer.code == 1
    assert "families/marketing_growth.yaml:" in answer.out
    assert "weights of the criteria sum to one" in answer.out


def test_output_that_cannot_be_written_is_an_input_output_fault(wedge: Wig) -> None:
    environment = {**os.environ, "WIG_WORKSPACE": str(wedge.workspace)}
    for arguments in (("plan", "Marketing Manager", "--json"), ("plan", "Marketing Manager")):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False)
        assert done.returncode == 4
        assert "Traceback" not in done.stderr


def test_bytes_that_are_no_text_are_refused_at_the_door(wedge: Wig) -> None:
    environment = {**os.environ, "WIG_WORKSPACE": str(wedge.workspace)}
    done = subprocess.run([*COMMAND, "resolve", b"\xff\xfe"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert "CLI111" in done.stderr
    assert done.stdout == ""


def test_a_usage_fault_is_a_document_too_where_json_was_asked_for(wedge: Wig) -> None:
    for arguments in (("plan", "--bogus", "--json"), ("query", "RETURN 1", "--seconds", "0", "--json"), ("resolve", "--json")):
        answer = wedge(*arguments)
        assert answer.code == 2
        assert answer.json["exit_code"] == 2


def test_content_that_is_not_there_does_not_conform(wedge: Wig, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    answer = wedge("validate", str(tmp_path / "nothing"))
    assert answer.code == 1
    assert "VAL101" in answer.out


def test_characters_that_hide_or_steer_are_written_out(wedge: Wig) -> None:
    answer = wedge("resolve", "market\u202eing\u200b boss")
    assert "\u202e" not in answer.out
    assert "\\u202e" in answer.out
