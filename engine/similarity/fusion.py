"""Late fusion: what each signal says of each concept, as a share of the most it says of any, weighed and added as integers.

In: texts, in batches. Out: points of every concept and the shares they were made of. Refuses to know how sure that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.contracts import MICRO
from engine.similarity.index import Nouns, SimilarityIndex
from engine.similarity.plain_words import forms_of
from engine.similarity.signals import MEANING
from engine.similarity.terms import Integers

BEST = "_best"  # ending of the signals that are likenesses and so shares by themselves
PRIOR = "titles"  # how many titles a concept has, as a logarithm


@dataclass(frozen=True, slots=True)
class Fused:
    """Points of a batch, [texts, concepts], in millionths of a point. `likeness` of the nearest title that names the concept (millionths) and its `matched` naming,
    by letters and words; `meant`: the same two by a sentence model, None without one.

    `known`: share of each text's weight that the terms of published titles hold, by field; `words` and `nouns` of each text.
    """

    points: Integers
    likeness: Any
    matched: Any
    known: Mapping[str, Integers]
    words: Integers
    nouns: Nouns
    told: _Told
    meant: tuple[Any, Any] | None = None

    def shares(self, places: Integers) -> dict[str, Any]:
        """Of each signal the share (0 to 1) that it gives to these concepts, [texts, places]: the mean of the title's forms, of a likeness the greatest."""
        return self.told.shares(places)


@dataclass(frozen=True, slots=True)
class _Told:
    """Scores of every form, the greatest of each form by signal (0: the signal is a share by itself), and which forms are one title."""

    scores: Mapping[str, Any]
    greatest: Mapping[str, Any]
    starts: Integers
    counts: Integers

    def shares(self, places: Integers) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, scores in sorted(self.scores.items()):
            greatest = self.greatest[name]
            total = scores[self.starts[:, None], places] / greatest[self.starts, None]
            for turn in range(1, int(self.counts.max(initial=1))):
                more = np.flatnonzero(self.counts > turn)
                form = self.starts[more] + turn
                share = scores[form[:, None], places[more]] / greatest[form, None]
                total[more] = np.maximum(total[more], share) if name.endswith(BEST) else total[more] + share
            found[name] = total if name.endswith(BEST) else total / self.counts[:, None]
        return found


def fuse(index: SimilarityIndex, titles: Sequence[str], weights: Mapping[str, int]) -> Fused:
    """Points of every concept for every title; `weights` in millionths by signal (a negative one speaks against)."""
    forms = [forms_of(title) for title in titles]
    flat = [form for parts in forms for form in parts]
    counts = np.fromiter(map(len, forms), np.int64, len(forms))
    starts = np.cumsum(counts) - counts
    signalled = index.signals(flat, [name for name in index.signal_names if name in weights])
    greatest = {name: np.full(len(flat), float(MICRO)) if name.endswith(BEST) else np.maximum(found.max(axis=1), 1) * 1.0 for name, found in signalled.scores.items()}
    points = np.zeros((len(forms), len(index.concepts)))
    buffer = np.empty((len(flat), len(index.concepts)))  # one for all signals: most of the time goes into moving such arrays
    each = np.repeat(counts, counts)
    for name in sorted(set(weights) & set(signalled.scores)):
        found = signalled.scores[name]
        if name.endswith(BEST):
            best = _greatest(found, starts, counts)
            points += _weighed(best, weights[name] / MICRO, buffer[: len(best)])
        else:
            points += _added(_weighed(found, (weights[name] / (greatest[name] * each))[:, None], buffer), starts, counts)
    if PRIOR in weights:
        points += np.rint(index.prior() * float(weights[PRIOR]))
    likeness, matched = _nearest(signalled.scores, signalled.matched, starts, counts)
    nouns = Nouns(*(values[starts] for values in (signalled.nouns.ending, signalled.nouns.greatest, signalled.nouns.last)))
    words = np.fromiter((len(parts[0].split()) for parts in forms), np.int64, len(forms))
    known = {name: values[starts] for name, values in signalled.known.items()}
    meant = None if signalled.meant is None else _nearest(signalled.scores, {MEANING: signalled.meant}, starts, counts)
    return Fused(points.astype(np.int64), likeness, matched, known, words, nouns, _Told(signalled.scores, greatest, starts, counts), meant)


def _weighed(scores: Any, weights: Any, into: Any) -> Any:
    """Scores by their weights, as whole numbers."""
    return np.rint(np.multiply(scores, weights, out=into), out=into)


def _added(values: Any, starts: Integers, counts: Integers) -> Any:
    """Sums over the forms of each title; nearly all titles have one form only."""
    if len(values) == len(starts):
        return values
    total = values[starts]
    for turn in range(1, int(counts.max(initial=1))):
        more = np.flatnonzero(counts > turn)
        total[more] += values[starts[more] + turn]
    return total


def _greatest(values: Any, starts: Integers, counts: Integers) -> Any:
    if len(values) == len(starts):
        return values
    total = values[starts]
    for turn in range(1, int(counts.max(initial=1))):
        more = np.flatnonzero(counts > turn)
        total[more] = np.maximum(total[more], values[starts[more] + turn])
    return total


def _nearest(scores: Mapping[str, Any], matched: Mapping[str, Any], starts: Integers, counts: Integers) -> tuple[Any, Any]:
    """Greatest likeness over the fields of titles and the forms, with its naming; at a tie the later naming, so that the order of fields is all the same."""
    packed = None
    for name, places in sorted(matched.items()):
        one = _greatest((scores[f"{name}{BEST}"] << 32) + (places + 1), starts, counts)
        packed = one if packed is None else np.maximum(packed, one)
    if packed is None:
        raise ValueError("an index without a field of titles")
    return packed >> 32, (packed & ((1 << 32) - 1)) - 1
