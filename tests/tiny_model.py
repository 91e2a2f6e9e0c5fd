"""A sentence model of a few words, made on the spot and laid out like the well-known ones: its network looks up a row for each word, so what is alike is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

MEANINGS: Mapping[str, Sequence[float]] = {
    "kite": (1, 0, 0, 0, 0.1, 0), "papalote": (1, 0, 0, 0, 0, 0), "maker": (0, 0, 0, 1, 0, 0), "builder": (0, 0, 0, 0.9, 0.1, 0), "artisan": (0, 0, 0, 1, 0, 0.1), "tester": (0, 0, 0, 0, 1, 0),
    "moss": (0, 1, 0, 0, 0, 0.1), "fern": (0, 0.6, 0, 0, 0, 0.6), "grower": (0, 0.2, 0, 0, 0, 1), "farmer": (0, 0.2, 0, 0, 0, 1), "bell": (0, 0, 1, 0, 0, 0), "tuner": (0, 0, 0.4, 0, 0.5, 0),
    "marketing": (0.1, 0.1, 0.1, 0.1, 0, 0), "manager": (0, 0, 0, 0.2, 0.1, 0.1),
}  # fmt: skip
WIDTH = 6


def write_tiny_model(folder: Path, meanings: Mapping[str, Sequence[float]] = MEANINGS, pooling: str = "mean", network: str = "onnx/model.onnx") -> Path:
    """A whole folder; answers it."""
    words = ["[UNK]", *sorted(meanings)]
    width = len(next(iter(meanings.values())))
    table = np.zeros((len(words), width), np.float32)
    for place, word in enumerate(words[1:], 1):
        table[place] = meanings[word]
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_padding(length=16, pad_id=1)  # as files that are handed out do; here with a word that would be heard
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(folder / "config.json", {"hidden_size": width, "max_position_embeddings": 64})
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": 32, "do_lower_case": False})
    write_json(folder / "modules.json", [{"idx": n, "path": path, "type": f"sentence_transformers.models.{kind}"} for n, (path, kind) in enumerate((("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")))])
    write_json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": width, "pooling_mode_mean_tokens": pooling == "mean", "pooling_mode_cls_token": pooling == "first"})
    write_network(folder / network, table)
    return folder


def write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document), encoding="utf-8")


def write_network(path: Path, table: np.ndarray, *, inputs: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids"), output: str = "last_hidden_state", pooled: bool = False) -> None:
    """A network that looks up rows of a table; `pooled`: it answers with their mean for the whole text."""
    shape = ["texts", "words"]
    nodes = [helper.make_node("Gather", ["table", inputs[0]], ["rows" if pooled else output])]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["rows", "axes"], [output], keepdims=0))
    answer = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", table.shape[1]] if pooled else [*shape, table.shape[1]])
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs], [answer],
        [numpy_helper.from_array(table, "table"), *([numpy_helper.from_array(np.array([1], np.int64), "axes")] if pooled else [])],
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.SerializeToString())


def only_other_weights(folder: Path) -> None:
    """What the folder of a model looks like that was handed out for another runtime alone."""
    (folder / "onnx" / "model.onnx").unlink()
    (folder / "model.safetensors").write_bytes(b"\0" * 8)


def broken_network(folder: Path) -> None:
    onnx_file = folder / "onnx" / "model.onnx"
    onnx_file.write_bytes(onnx_file.read_bytes()[:60])
