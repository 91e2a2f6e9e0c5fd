"""A folder with a small sentence model, as the well-known sentence models are handed out: what of it is read, and every way in which it may be unfit.

In: a folder. Out: the files that matter, as bytes, with their digests, and how the numbers of words become those of a text. Nothing is fetched and nothing runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Diagnostic, Fingerprint, Place, digest_of, sha256_hex

TOKENIZER, CONFIG = "tokenizer.json", "config.json"
LENGTHS, MODULES, POOLING = "sentence_bert_config.json", "modules.json", "1_Pooling/config.json"
WHOLE = ("onnx/model.onnx", "model.onnx")
ROUNDED = (
    "onnx/model_quantized.onnx", "model_quantized.onnx", "onnx/model_int8.onnx", "onnx/model_qint8_avx512.onnx", "onnx/model_qint8_avx512_vnni.onnx",
    "onnx/model_quint8_avx2.onnx", "onnx/model_qint8_arm64.onnx",
)  # fmt: skip
OTHER_RUNTIMES = ("model.safetensors", "pytorch_model.bin", "tf_model.h5")
LAYERS = ("Transformer", "Pooling", "Normalize")
MEAN, FIRST = "mean", "first"
_POOLS = {"pooling_mode_mean_tokens": MEAN, "pooling_mode_cls_token": FIRST}
_LONGEST, _WIDEST = 512, 8_192
_FIX = "name a folder laid out like all-MiniLM-L6-v2: tokenizer.json, config.json and onnx/model.onnx"

Refuse = Callable[..., None]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What is read of a model: its files by name within the folder; which of them is the network; how numbers of words become one of a text (`mean` or `first`);
    words or pieces of words that a text may have at most (the rest is cut off); numbers that stand for a text."""

    contents: Mapping[str, bytes]
    network: str
    pooling: str
    longest: int
    width: int

    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """Its files as inputs of a build."""
        return tuple([Fingerprint("model", f"model/{name}", sha256_hex(content), len(content)) for name, content in sorted(self.contents.items())])

    @property
    def digest(self) -> str:
        """SHA-256 over names and bytes of its files, hexadecimal."""
        return digest_of(self.fingerprints())

    def write(self, folder: Path) -> tuple[str, ...]:
        """Copy the files into a folder; answers their names."""
        for name, content in sorted(self.contents.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return tuple(sorted(self.contents))


def read_model_folder(folder: Path) -> ModelFiles:
    """Read a folder. Raises BadInput with every fault: SIM201 no folder, SIM202 a file is missing, SIM203 a file cannot be read as what it should be, SIM204 a make
    of model that is not supported."""
    if not folder.is_dir():
        raise BadInput.at("SIM201", f"there is no folder {folder.name} with a sentence model", why="nothing is downloaded: the model is read from a folder of this machine", fix=_FIX, place=Place(str(folder)))
    faults: list[Diagnostic] = []

    def refuse(code: str, name: str, what: str, why: str = "", fix: str = _FIX) -> None:
        faults.append(Diagnostic(Place(str(folder / name)), code, what, why, fix))

    contents = _contents(folder, refuse)
    network = next((name for name in (*WHOLE, *ROUNDED) if name in contents), "")
    documents = {name: _document(name, contents[name], refuse) for name in (CONFIG, LENGTHS, MODULES, POOLING) if name in contents}
    config, lengths = documents.get(CONFIG), documents.get(LENGTHS)
    pooling = _pooling(documents.get(MODULES), documents.get(POOLING), refuse)
    width = _number(CONFIG, config, "hidden_size", 0, _WIDEST, refuse)
    most = _number(CONFIG, config, "max_position_embeddings", _LONGEST, 1 << 20, refuse)
    longest = min(most, _number(LENGTHS, lengths, "max_seq_length", _LONGEST, 1 << 20, refuse), _LONGEST)
    if faults:
        raise BadInput(*sorted(faults))
    return ModelFiles(contents, network, pooling, longest, width)


def _contents(folder: Path, refuse: Refuse) -> dict[str, bytes]:
    """Bytes of the files that matter; of several networks only the first of WHOLE and ROUNDED."""
    found: dict[str, bytes] = {}
    present = [name for name in (*WHOLE, *ROUNDED) if (folder / name).is_file()]
    for name in (TOKENIZER, CONFIG, LENGTHS, MODULES, POOLING, *present[:1]):
        path = folder / name
        if path.is_file():
            try:
                found[name] = path.read_bytes()
            except OSError as error:
                refuse("SIM203", name, f"{name} cannot be read: {error.strerror}", fix="make the file readable")
        elif name in (TOKENIZER, CONFIG):
            refuse("SIM202", name, f"the model has no {name}", "it says how texts become numbers")
    if not present:
        other = [name for name in OTHER_RUNTIMES if (folder / name).is_file()]
        why = f"{other[0]} is for another runtime, which takes ten times the room" if other else "the network is read in the format ONNX"
        fix = "most models are handed out with a folder `onnx`: add its model.onnx; else export it once, elsewhere, with `optimum-cli export onnx --task feature-extraction`"
        refuse("SIM202", WHOLE[0], f"the model has no {WHOLE[0]}", why, fix)
    return found


def _document(name: str, content: bytes, refuse: Refuse) -> Any:
    try:
        told = json.loads(content)
        if not isinstance(told, list if name == MODULES else dict):
            raise ValueError("not of the expected shape")
        return told
    except (ValueError, RecursionError) as error:
        refuse("SIM203", name, f"{name} is not what it should be", f"as JSON: {error}")
        return None


def _pooling(modules: Any, pooling: Any, refuse: Refuse) -> str:
    """How numbers of words become one of a text; without a word about it the mean, as in the well-known models."""
    kinds = [str(entry.get("type", "")).rpartition(".")[2] if isinstance(entry, dict) else "?" for entry in modules or ()]
    strange = [kind for kind in kinds if kind not in LAYERS]
    if strange:
        refuse("SIM204", MODULES, f"the model has a layer `{strange[0]}`", "only a transformer, one pooling by mean or first word and a normalisation are computed here", "use a model without it, such as all-MiniLM-L6-v2")
    if "Pooling" in kinds and pooling is None:
        refuse("SIM202", POOLING, f"the model has no {POOLING}", f"{MODULES} says that there is one")
    if pooling is None:
        return MEAN
    used = sorted(name for name, on in pooling.items() if name.startswith("pooling_mode_") and on is True)
    if len(used) != 1 or used[0] not in _POOLS:
        refuse("SIM204", POOLING, f"the model pools by {', '.join(used) or 'nothing'}", "known are pooling_mode_mean_tokens and pooling_mode_cls_token, one of the two", "use another model, such as all-MiniLM-L6-v2")
        return MEAN
    return _POOLS[used[0]]


def _number(name: str, told: Mapping[str, Any] | None, key: str, absent: int, most: int, refuse: Refuse) -> int:
    """A number from 1 to `most`; `absent` where it is not told (0: it must be). What could not be read was refused before."""
    if told is None:
        return absent or 1
    value = told.get(key)
    if value is None and absent:
        return absent
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        refuse("SIM203", name, f"{name} gives no {key}", f"wanted is a whole number from 1 to {most:,}, told is {value!r}")
        return 1
    return value
