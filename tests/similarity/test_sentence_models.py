"""A sentence model from a folder: what it answers, that neither batch nor order matters, and what is said of a folder that is unfit."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tiny_model import MEANINGS, WIDTH, broken_network, only_other_weights, write_json, write_network, write_tiny_model

from engine.contracts import BadInput
from engine.similarity import ModelFiles, SentenceModel, read_model_folder

TABLE = np.ones((3, WIDTH), np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def model(folder: Path) -> SentenceModel:
    return SentenceModel(read_model_folder(folder))


def cosine(model: SentenceModel, one: str, other: str) -> float:
    a, b = model.vectors([one, other]).astype(float)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def test_a_text_is_the_mean_of_its_words_at_the_length_of_a_unit(model: SentenceModel) -> None:
    mean = np.mean([MEANINGS["kite"], MEANINGS["maker"]], axis=0)
    assert model.vectors(["Kite maker"])[0].tolist() == np.rint(mean / np.linalg.norm(mean) * 4_000).tolist()
    assert cosine(model, "papalote artisan", "kite maker") > 0.98 > 0.5 > cosine(model, "papalote artisan", "bell tuner")


def test_what_the_model_knows_nothing_of_is_no_direction(model: SentenceModel) -> None:
    assert not model.vectors(["zzz", "", "\ud800", "日本"]).any()


def test_a_text_is_cut_where_the_model_ends(model: SentenceModel) -> None:
    assert np.array_equal(model.vectors(["kite " * 32 + "moss"]), model.vectors(["kite"]))


def test_a_model_that_pools_by_its_first_word(tmp_path: Path) -> None:
    first = SentenceModel(read_model_folder(write_tiny_model(tmp_path, pooling="first")))
    assert np.array_equal(first.vectors(["moss farmer"]), first.vectors(["moss"]))


def test_a_network_that_answers_for_the_whole_text(tmp_path: Path, model: SentenceModel) -> None:
    write_tiny_model(tmp_path)
    rows = np.array([np.zeros(WIDTH), *(MEANINGS[word] for word in sorted(MEANINGS))], np.float32)
    write_network(tmp_path / "onnx" / "model.onnx", rows, output="sentence_embedding", pooled=True)
    whole = SentenceModel(read_model_folder(tmp_path))
    assert np.abs(whole.vectors(["kite maker"]).astype(int) - model.vectors(["kite maker"])).max() <= 1


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from([*sorted(MEANINGS), "zzz"]), max_size=5).map(" ".join), min_size=1, max_size=90, unique=True), turned=st.randoms(use_true_random=False))
def test_a_text_is_the_same_alone_among_others_and_in_any_order(folder: Path, model: SentenceModel, texts: list[str], turned: Random) -> None:
    fresh = SentenceModel(read_model_folder(folder))
    other = list(texts)
    turned.shuffle(other)
    together, mixed = fresh.vectors(texts), SentenceModel(read_model_folder(folder)).vectors(other)
    for text, vector in zip(texts, together, strict=True):
        assert np.array_equal(vector, mixed[other.index(text)])
        assert np.array_equal(vector, model.vectors([text])[0])


def test_a_network_that_looks_at_the_whole_batch_is_asked_one_text_at_a_time(tmp_path: Path) -> None:
    """As those do whose numbers were rounded for speed: their scale is that of the batch."""
    write_tiny_model(tmp_path)
    rows = np.array([np.zeros(WIDTH), *(MEANINGS[word] for word in sorted(MEANINGS))], np.float32)
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"]), helper.make_node("ReduceMean", ["rows", "axes"], ["mean"], keepdims=1), helper.make_node("Sub", ["rows", "mean"], ["centred"])]
    nodes.append(helper.make_node("Add", ["centred", "table_mean"], ["last_hidden_state"]))
    wanted = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "words"]) for name in ("input_ids", "attention_mask")]
    answer = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "words", WIDTH])]
    held = [numpy_helper.from_array(rows, "table"), numpy_helper.from_array(np.array([0, 1], np.int64), "axes"), numpy_helper.from_array(rows.mean(axis=0), "table_mean")]
    made = helper.make_model(helper.make_graph(nodes, "batch", wanted, answer, held), opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(made, str(tmp_path / "onnx" / "model.onnx"))
    model = SentenceModel(read_model_folder(tmp_path))
    assert not model.together
    words = sorted(MEANINGS)
    texts = [f"{one} {other}" for one in words for other in words]
    alone = SentenceModel(read_model_folder(tmp_path))
    assert np.array_equal(model.vectors(texts), np.concatenate([alone.vectors([text]) for text in texts]))


def test_the_digest_is_that_of_the_files_that_are_read(folder: Path, tmp_path: Path) -> None:
    again = read_model_folder(write_tiny_model(tmp_path / "again"))
    (tmp_path / "again" / "README.md").write_text("of no matter")
    assert read_model_folder(tmp_path / "again").digest == again.digest == read_model_folder(folder).digest
    assert read_model_folder(write_tiny_model(tmp_path / "other", {**MEANINGS, "kite": (1, 0, 0, 0, 0.2, 0)})).digest != again.digest


def test_a_whole_network_is_preferred_to_a_rounded_one(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "m")
    shutil.copy(folder / "onnx" / "model.onnx", tmp_path / "m" / "onnx" / "model_qint8_avx512.onnx")
    assert set(read_model_folder(tmp_path / "m").contents) == set(read_model_folder(folder).contents)
    (tmp_path / "m" / "onnx" / "model.onnx").unlink()
    assert read_model_folder(tmp_path / "m").network == "onnx/model_qint8_avx512.onnx"


def edited(name: str, **told: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / name
        write_json(path, {**json.loads(path.read_text(encoding="utf-8")), **told})

    return edit


def overwritten(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content) and None


def network(**how: Any) -> Callable[[Path], None]:
    return lambda folder: write_network(folder / "onnx" / "model.onnx", TABLE, **how)


UNFIT: dict[str, tuple[Callable[[Path], object], list[str], str]] = {
    "no folder": (shutil.rmtree, ["SIM201"], "there is no folder"),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), ["SIM202"], "has no tokenizer.json"),
    "two files lack": (lambda f: [(f / name).unlink() for name in ("tokenizer.json", "config.json")], ["SIM202", "SIM202"], "has no config.json"),
    "weights for another runtime": (only_other_weights, ["SIM202"], "model.safetensors is for another runtime"),
    "no network at all": (lambda f: (f / "onnx" / "model.onnx").unlink(), ["SIM202"], "has no onnx/model.onnx"),
    "modules without their pooling": (lambda f: (f / "1_Pooling" / "config.json").unlink(), ["SIM202"], "1_Pooling/config.json"),
    "a configuration that is no JSON": (overwritten("config.json", b"{"), ["SIM203"], "config.json is not what it should be"),
    "a configuration of another shape": (overwritten("config.json", b"[]"), ["SIM203"], "config.json is not what it should be"),
    "no width": (edited("config.json", hidden_size=None), ["SIM203"], "gives no hidden_size"),
    "a width that is none": (edited("config.json", hidden_size=True), ["SIM203"], "gives no hidden_size"),
    "a length that is none": (edited("sentence_bert_config.json", max_seq_length=0), ["SIM203"], "gives no max_seq_length"),
    "a tokenizer that is none": (overwritten("tokenizer.json", b"\xff\x00"), ["SIM203"], "tokenizer.json is not what it should be"),
    "a network cut short": (broken_network, ["SIM203"], "no network that can be run"),
    "a network of nothing": (overwritten("onnx/model.onnx", b""), ["SIM203"], "no network that can be run"),
    "a layer that is not computed": (overwritten("modules.json", b'[{"type": "sentence_transformers.models.Dense"}]'), ["SIM204"], "a layer `Dense`"),
    "modules that are none": (overwritten("modules.json", b"[1]"), ["SIM204"], "a layer `?`"),
    "pooling by the greatest": (edited("1_Pooling/config.json", pooling_mode_mean_tokens=False, pooling_mode_max_tokens=True), ["SIM204"], "pools by pooling_mode_max_tokens"),
    "pooling in two ways": (edited("1_Pooling/config.json", pooling_mode_cls_token=True), ["SIM204"], "pools by pooling_mode_cls_token, pooling_mode_mean_tokens"),
    "a network that asks for more": (network(inputs=("input_ids", "pixels")), ["SIM205"], "the network asks for input_ids, pixels"),
    "a network that answers otherwise": (network(output="logits", pooled=True), ["SIM205"], "the network answers with logits"),
    "a network of another width": (edited("config.json", hidden_size=WIDTH + 1), ["SIM205"], "expected was (1, 1, 7)"),
    "a network without numbers": (lambda f: write_network(f / "onnx" / "model.onnx", TABLE * np.inf), ["SIM205"], "numbers that are none"),
}


@pytest.mark.parametrize("fault", sorted(UNFIT))
def test_an_unfit_folder_is_refused_with_what_and_how(folder: Path, tmp_path: Path, fault: str) -> None:
    damage, codes, said = UNFIT[fault]
    shutil.copytree(folder, tmp_path / "m")
    damage(tmp_path / "m")
    with pytest.raises(BadInput) as refused:
        SentenceModel(read_model_folder(tmp_path / "m"))
    told = refused.value.diagnostics
    assert [d.code for d in told] == codes
    assert any(said in f"{d.what} {d.why}" for d in told)
    assert all(d.what and d.why and d.fix and d.place.file for d in told)


def test_an_id_that_the_network_does_not_know_is_no_traceback(tmp_path: Path) -> None:
    write_tiny_model(tmp_path)
    write_network(tmp_path / "onnx" / "model.onnx", TABLE)
    with pytest.raises(BadInput, match=r"SIM205.*does not run"):
        SentenceModel(read_model_folder(tmp_path)).vectors(["tuner"])


def test_without_the_extra_it_is_said_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "onnxruntime" else found(name, *rest))
    files: ModelFiles = read_model_folder(folder)
    with pytest.raises(BadInput, match=r"SIM206.*onnxruntime") as refused:
        SentenceModel(files)
    assert "work-intelligence-graph[semantic]" in refused.value.diagnostics[0].fix
