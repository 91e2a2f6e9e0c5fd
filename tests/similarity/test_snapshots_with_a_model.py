"""A snapshot that was built with a sentence model holds it, says so, is recomputed with it, and answers with nothing else."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from shown_commands import not_printed, shown_commands
from tiny_model import only_other_weights, write_tiny_model
from wig_command import Wig, run_wig

from engine.ask import Desk
from engine.build import BuildRequest
from engine.compare import release_desk
from engine.contracts import BadInput, Corrupt
from engine.graph import Snapshot, Workspace
from engine.patches import overlay_of, read_patch
from engine.similarity import read_model_folder

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/use_a_sentence_model.md").read_text(encoding="utf-8")
PATCH = """patch: tried
author: Editor
dated: 2026-11-20
reason: To see what moves.
evidence:
  - {says: It is so., source: wedge@1.0.0, reference: "families/marketing_growth.yaml:209"}
changes:
  - %s
"""
CHANGES = {
    "of a record": "{change: replace, record: module/mkt-brief-the-assistant, property: effort_hours, value: 2.5}",
    "of a parameter": "{change: add, parameter: service.serve_confidence, from: 2026-11-21, value: 0.9}",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model and a workspace that was built with it."""
    folder = tmp_path_factory.mktemp("home")
    write_tiny_model(folder / "model")
    built = Wig(folder / "workspace")("build", "--only", "wedge", WIG_SEMANTIC_MODEL=str(folder / "model"))
    assert built.code == 0, built.err
    assert "model      onnx/model.onnx" in built.out
    return folder


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def current(home: Path) -> Snapshot:
    return Workspace(home / "workspace").required()


def test_the_receipt_names_the_files_of_the_model_and_nothing_is_built_twice(home: Path) -> None:
    again = Wig(home / "workspace")("build", "--only", "wedge", "--semantic-model", str(home / "model"), "--json")
    assert again.json["unchanged"]
    named = [entry["name"] for entry in again.json["receipt"]["inputs"] if entry["kind"] == "model"]
    assert named == ["model/1_Pooling/config.json", "model/config.json", "model/modules.json", "model/onnx/model.onnx", "model/sentence_bert_config.json", "model/tokenizer.json"]


def test_a_decision_names_the_digest_of_the_model(home: Path) -> None:
    assert Desk(current(home)).resolve("Marketing Manager").digests["model"] == read_model_folder(home / "model").digest


def test_it_is_recomputed_with_the_model_that_it_holds(home: Path) -> None:
    (home / "model").rename(home / "elsewhere")
    try:
        verified = Wig(home / "workspace")("verify")
    finally:
        (home / "elsewhere").rename(home / "model")
    assert verified.code == 0, verified.out
    assert "holds" in verified.out


def test_a_changed_byte_of_the_model_is_noticed(home: Path) -> None:
    snapshot = current(home)
    path = snapshot.similarity / "model" / "onnx" / "model.onnx"
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        opened = Desk(snapshot).index.likeness
        assert opened is not None
        with pytest.raises(Corrupt, match="WSP306"):
            opened()
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("kind", sorted(CHANGES))
def test_an_overlay_answers_with_the_model_too(home: Path, tmp_path: Path, kind: str) -> None:
    snapshot = current(home)
    (tmp_path / "p.yaml").write_text(PATCH % CHANGES[kind], encoding="utf-8")
    with overlay_of(snapshot, read_patch(tmp_path / "p.yaml").changes) as overlay:
        assert held(overlay.snapshot.similarity) == held(snapshot.similarity)


def test_a_folder_that_is_none_is_refused_before_anything_is_built(home: Path) -> None:
    refused = Wig(home / "workspace")("build", "--only", "wedge", "--semantic-model", str(home / "nowhere"))
    assert refused.code == 2
    assert "SIM201" in refused.err


def test_the_page_shows_what_the_commands_print(home: Path) -> None:
    write_tiny_model(home / "all-MiniLM-L6-v2")
    only_other_weights(write_tiny_model(home / "weights-only"))
    (build, told), (refused, why) = shown_commands(PAGE)
    again = run_wig(*shlex.split(build), "--anew", folder=home, WIG_WORKSPACE=str(home / "workspace"), COLUMNS="200")
    assert not_printed(told, again.out) == []
    answer = run_wig(*shlex.split(refused), folder=home, WIG_WORKSPACE=str(home / "workspace"), COLUMNS="200")
    assert answer.code == 2
    assert not_printed(why, answer.err) == []


def test_another_release_is_built_with_the_same_model(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path | None] = []

    def build(_: Workspace, request: BuildRequest, __: object) -> None:
        asked.append(request.semantic_model)
        raise BadInput.at("STOP", "asked is enough")

    monkeypatch.setattr(sys.modules[release_desk.__module__], "build_snapshot", build)
    with pytest.raises(BadInput, match="STOP"):
        release_desk(home, home / "workspace" / "releases", "onet@29.1")
    assert asked == [current(home).similarity / "model"]
