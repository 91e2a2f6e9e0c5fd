"""Likeness by meaning: vectors of all published titles as a sentence model gives them, and the titles whose vectors are nearest to that of a text.

In: at build time titles and a model; later texts. Out: titles, best first, with their cosine in millionths, exact whatever the batch. The model is kept with
the vectors, so that what answers is what was built. Refuses to know concepts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from engine.contracts import MICRO, Corrupt
from engine.similarity.array_file import Arrays, open_arrays, write_arrays
from engine.similarity.field import Scored, leading
from engine.similarity.model_folder import ModelFiles, read_model_folder
from engine.similarity.sentence_model import SentenceModel, Vectors

VECTORS, MODEL = "meaning.arrays", "model"
PROBE = "marketing manager"
_SAME = 999_000  # the probe's cosine with itself, by another processor or version of the runtime, is above this
_REBUILD = "build it again with `wig build`"
_TOGETHER = 64

Say = Callable[[str], None]


def write_meaning(folder: Path, titles: Sequence[str], model: SentenceModel, kept: Meaning | None = None, say: Say = lambda _: None) -> tuple[str, ...]:
    """Write vectors of the titles, in their order, and the model; answers the names of the files. Vectors that `kept` holds of the same model are taken from it."""
    write_arrays(folder / VECTORS, meaning_arrays(titles, model, kept, say))
    return (VECTORS, *(f"{MODEL}/{name}" for name in model.files.write(folder / MODEL)))


def meaning_arrays(titles: Sequence[str], model: SentenceModel, kept: Meaning | None = None, say: Say = lambda _: None) -> dict[str, Any]:
    """The arrays of an index of meaning, by name."""
    keys = np.array([_key(title) for title in titles], np.uint64)
    vectors = np.zeros((len(titles), model.files.width), np.int16)
    known = np.zeros(len(titles), bool)
    if kept is not None and kept.digest == model.files.digest:
        known, vectors[:] = kept.known(keys)
    absent = np.flatnonzero(~known)
    vectors[absent] = model.vectors([titles[place] for place in absent.tolist()], say)
    digest = np.frombuffer(bytes.fromhex(model.files.digest), np.uint8)
    return {"keys": keys, "vectors": vectors, "model": digest, "probe": model.vectors([PROBE])[0]}


class Meaning:
    """Vectors of titles with the model they are of."""

    def __init__(self, arrays: Arrays, files: ModelFiles) -> None:
        """Raises Corrupt SIM302 where the vectors are not of this model."""
        self.files, self.digest = files, files.digest
        self._keys, self._vectors, self._probe = arrays["keys"], arrays["vectors"], arrays["probe"]
        if bytes(arrays["model"]).hex() != self.digest:
            raise Corrupt.at("SIM302", f"{VECTORS} and the model beside it do not belong together", why="the vectors were made by another model", fix=_REBUILD)
        self._model: SentenceModel | None = None
        self._rows: Any = None
        self._lengths: Any = None
        self._spread: Any = None

    @classmethod
    def open(cls, folder: Path) -> Meaning | None:
        """The meaning in a folder, None where it was built without a model. Raises Corrupt SIM301, SIM302, InputOutput SIM402, BadInput SIM201-SIM204."""
        if not (folder / VECTORS).is_file():
            return None
        return cls(open_arrays(folder / VECTORS), read_model_folder(folder / MODEL))

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def model(self) -> SentenceModel:
        """The model, loaded when first asked. Raises BadInput SIM206 without the extra, Corrupt SIM303 where it answers otherwise than when the titles were read."""
        if self._model is None:
            model = SentenceModel(self.files)
            now, then = model.vectors([PROBE])[0].astype(np.int64), self._probe.astype(np.int64)
            if _cosine(np.array([float(now @ then)]), _length(now) * _length(then))[0] < _SAME and (now.any() or then.any()):
                raise Corrupt.at("SIM303", "the sentence model answers otherwise than when the titles were read", why="another runtime or processor computes it very differently", fix=_REBUILD)
            self._model = model
        return self._model

    def known(self, keys: Any) -> tuple[Any, Vectors]:
        """For each key of a title whether its vector is held, and the vector (zeros where not)."""
        order = np.argsort(self._keys, kind="stable")
        spots = order[np.minimum(np.searchsorted(self._keys[order], keys), len(order) - 1)] if len(order) else np.zeros(len(keys), np.int64)
        held = self._keys[spots] == keys if len(order) else np.zeros(len(keys), bool)
        vectors = np.zeros((len(keys), self.files.width), np.int16)
        vectors[held] = self._vectors[spots[held]]
        return held, vectors

    def best(self, texts: Sequence[str], top: int, least: int) -> Scored:
        """The `top` nearest titles of each text with at least the share `least` (millionths) of its nearest one's cosine; ties by title."""
        asked = self.model.vectors(texts).astype(np.float32)
        if self._rows is None:
            self._rows = self._vectors.astype(np.float32)
            self._lengths = np.sqrt(np.einsum("td,td->t", self._rows, self._rows).astype(np.float64))
            held = self._lengths[self._lengths > 0]
            self._spread = np.float32(0.999 * held.min() / held.max() if len(held) else 1.0)
        parts = [self._nearest(asked[start : start + _TOGETHER], start, top, least) for start in range(0, len(texts), _TOGETHER)] if len(self) else []
        rows, documents, scores = (np.concatenate([part[n] for part in parts]) if parts else np.zeros(0, np.int64) for n in range(3))
        return leading(rows, documents, scores, len(texts), top)

    def _nearest(self, asked: Any, first: int, top: int, least: int) -> tuple[Any, Any, Any]:
        products = asked @ self._rows.T
        place = max(0, products.shape[1] - top)
        floor = np.maximum(np.partition(products, place, axis=1)[:, place] * self._spread, 1.0)  # none of the nearest is below: lengths differ by less than that
        rows, documents = np.nonzero(products >= floor[:, None])
        lengths = np.sqrt((asked.astype(np.float64) ** 2).sum(axis=1))
        cosines = _cosine(products[rows, documents], lengths[rows] * self._lengths[documents])
        greatest = np.zeros(len(asked), np.int64)
        np.maximum.at(greatest, rows, cosines)
        near = cosines >= np.maximum(-(-greatest * (least // 1000) // 1000), 1)[rows]
        return rows[near] + first, documents[near], cosines[near]


def _cosine(products: Any, lengths: Any) -> Any:
    """Cosines in millionths; what points away counts as 0. Products are whole numbers below 2**24, which no order of adding changes."""
    found = np.rint(products.astype(np.float64) * MICRO / np.maximum(lengths, 1.0)).astype(np.int64)
    return np.clip(found, 0, MICRO)


def _length(vector: Any) -> float:
    return float(np.sqrt(float(vector @ vector)))


def _key(title: str) -> int:
    return int.from_bytes(blake2b(title.encode("utf-8", "replace"), digest_size=8).digest(), "little")
