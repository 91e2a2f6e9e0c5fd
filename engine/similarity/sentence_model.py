"""A small sentence model run on the processor: texts become vectors of whole numbers, of which equal products mean equal closeness on every run.

In: the files of a model and texts. Out: vectors. Refuses to know titles and concepts. The libraries of the extra `semantic` are loaded here and nowhere else.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.contracts import BadInput, EngineError, Place
from engine.similarity.model_folder import FIRST, TOKENIZER, ModelFiles
from engine.similarity.terms import MAX_LETTERS

UNIT = 4_000  # length of a vector: products stay below 2**24, which single-precision numbers add exactly, in whatever order
NEEDS = ("onnxruntime", "tokenizers")
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
BY_WORD, BY_TEXT = ("last_hidden_state", "token_embeddings"), "sentence_embedding"
_BATCH, _TRIED = 32, (1, 5, 12)
_MANY, _TOLD = 40, 2_000
_KEPT = 20_000

Vectors = npt.NDArray[np.int16]
Say = Callable[[str], None]


class SentenceModel:
    """A model that is ready to answer. Texts are run alone or among others of just their length, whichever is faster and only where that gives the same digits."""

    def __init__(self, files: ModelFiles) -> None:
        """Raises BadInput SIM203 (a file is not what it should be), SIM205 (inputs or outputs that no sentence model has), SIM206 (the extra is not installed)."""
        absent = [name for name in NEEDS if importlib.util.find_spec(name) is None]
        if absent:
            what = f"a sentence model needs {' and '.join(absent)}, which is not installed"
            raise BadInput.at("SIM206", what, why="the runtime of sentence models is an extra; a snapshot that was built with a model answers with it or not at all", fix="pip install 'work-intelligence-graph[semantic]', or build without --semantic-model")
        self.files = files
        self._tokenizer = _tokenizer(files)
        self._session = _session(files)
        self._inputs, self._output, self._by_word = _signature(files, self._session)
        self._kept: dict[str, Vectors] = {}
        self._run([_Pieces((0,), (0,))])  # a network that cannot run is found now, not after half a build

    @cached_property
    def together(self) -> bool:
        """Whether a text among others gets the digits that it gets alone, on this processor and by this network (one that rounds by batch does not): then lists go faster."""
        known = max(1, self._tokenizer.get_vocab_size())
        for length in _TRIED:
            rows = [_Pieces(tuple([(row * 7 + place) % known for place in range(length)]), (0,) * length) for row in range(_BATCH)]
            alone = np.concatenate([self._run([row]) for row in rows[:: _BATCH // 4]])
            if not np.array_equal(alone, self._run(rows)[:: _BATCH // 4]):
                return False
        return True

    def vectors(self, texts: Sequence[str], say: Say = lambda _: None) -> Vectors:
        """Vectors of texts, [texts, width], each of length UNIT (all zeros for a text of which the model knows nothing). Any batch gives the same."""
        if len(self._kept) + len(texts) > _KEPT:
            self._kept.clear()
        asked = list(dict.fromkeys(text for text in texts if text not in self._kept))
        pieces = {text: self._pieces(text) for text in asked}
        size = _BATCH if len(asked) > _BATCH and self.together else 1
        by_length = sorted(asked, key=lambda text: len(pieces[text].ids))
        parts = [part for _, some in groupby(by_length, key=lambda text: len(pieces[text].ids)) for part in _parted(list(some), size)]
        done = told = 0
        for part, found in zip(parts, _run_each(lambda part: self._run([pieces[text] for text in part]), parts), strict=True):
            self._kept.update(zip(part, found, strict=True))
            done += len(part)
            if done - told >= _TOLD:
                told = done
                say(f"{done:,} of {len(asked):,} titles read by the sentence model")
        return np.stack([self._kept[text] for text in texts]) if texts else np.zeros((0, self.files.width), np.int16)

    def _pieces(self, text: str) -> _Pieces:
        found = self._tokenizer.encode(text[:MAX_LETTERS].encode("utf-8", "replace").decode("utf-8"))
        return _Pieces(tuple(found.ids), tuple(found.type_ids))

    def _run(self, rows: Sequence[_Pieces]) -> Vectors:
        """Vectors of texts of one and the same length."""
        shape = (len(rows), len(rows[0].ids))
        if not shape[1]:
            return np.zeros((len(rows), self.files.width), np.int16)
        given = {"input_ids": np.array([r.ids for r in rows], np.int64), "attention_mask": np.ones(shape, np.int64), "token_type_ids": np.array([r.kinds for r in rows], np.int64)}
        try:
            (raw,) = self._session.run([self._output], {name: given[name] for name in self._inputs})
        except Exception as error:  # the runtime has no common kind of its own
            raise _unfit(self.files, f"the network does not run: {_first_line(error)}") from None
        told, wanted = np.asarray(raw, np.float64), (*(shape if self._by_word else shape[:1]), self.files.width)
        if told.shape != wanted:
            raise _unfit(self.files, f"`{self._output}` is of shape {told.shape}, expected was {wanted}")
        if not np.isfinite(told).all():
            raise _unfit(self.files, "the network answers with numbers that are none")
        flat = told if not self._by_word else told[:, 0] if self.files.pooling == FIRST else told.mean(axis=1)
        lengths = np.sqrt((flat * flat).sum(axis=1, keepdims=True))
        found: Vectors = np.rint(flat * (UNIT / np.where(lengths > 0, lengths, 1.0))).astype(np.int16)
        return found


class _Pieces(NamedTuple):
    """A text as numbers of words or pieces of words, and which part of a pair each belongs to (always the first)."""

    ids: tuple[int, ...]
    kinds: tuple[int, ...]


def _run_each(run: Callable[[list[str]], Vectors], parts: list[list[str]]) -> Iterator[Vectors]:
    """What becomes of each part, in order; of many parts some at a time, since the runtime itself uses one thread."""
    if len(parts) <= _MANY:
        yield from map(run, parts)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        yield from pool.map(run, parts)


def _parted(texts: list[str], size: int) -> list[list[str]]:
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def _tokenizer(files: ModelFiles) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_buffer(files.contents[TOKENIZER])
        tokenizer.no_padding()  # files handed out pad every text to one length
        tokenizer.enable_truncation(files.longest)
        return tokenizer
    except Exception as error:
        raise BadInput.at("SIM203", f"{TOKENIZER} is not what it should be", why=_first_line(error), fix="take the file from the model's publisher again", place=Place(TOKENIZER)) from None


def _session(files: ModelFiles) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # sums are made in one order
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(files.contents[files.network], options, providers=["CPUExecutionProvider"])
    except Exception as error:
        what = f"{files.network} is no network that can be run"
        raise BadInput.at("SIM203", what, why=_first_line(error), fix="take the file from the model's publisher again; its weights must stand in that one file", place=Place(files.network)) from None


def _signature(files: ModelFiles, session: Any) -> tuple[tuple[str, ...], str, bool]:
    """Names of the inputs, the output, and whether that has a row for every word."""
    inputs = tuple(value.name for value in session.get_inputs())
    strange = [name for name in inputs if name not in INPUTS]
    if strange or INPUTS[0] not in inputs:
        raise _unfit(files, f"the network asks for {', '.join(inputs) or 'nothing'}; known are {', '.join(INPUTS)}")
    ranks = {value.name: len(value.shape or ()) for value in session.get_outputs()}
    for name in (*BY_WORD, *(n for n, rank in ranks.items() if rank == 3)):
        if ranks.get(name) == 3:
            return inputs, name, True
    if ranks.get(BY_TEXT) == 2:
        return inputs, BY_TEXT, False
    raise _unfit(files, f"the network answers with {', '.join(sorted(ranks)) or 'nothing'}; expected was {BY_WORD[0]} or {BY_TEXT}")


def _unfit(files: ModelFiles, what: str) -> EngineError:
    return BadInput.at("SIM205", what, why="so it is no sentence model, or not the one that config.json describes", fix="export it for feature extraction, or use another, such as all-MiniLM-L6-v2", place=Place(files.network))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
