"""How sure a ranking is: a logistic model over what can be seen of it without knowing the answer, for the best concept and for the group of the best.

In: fused points. Out: probabilities in millionths. Refuses to know where its weights come from; they are parameters with their data and date.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.contracts import MICRO
from engine.similarity.fusion import Fused
from engine.similarity.terms import Integers

CONSIDERED = 40  # concepts among which the chances are shared out
FEATURES = (
    "constant", "odds", "margin", "agreement", "likeness", "nearest", "ambiguity", "known_letters", "known_phrases", "known_words", "one_word", "two_words", "many_words",
    "words_share", "name_share", "text_share", "votes_share", "group_odds", "titles", "last_share", "greatest_share", "ending",
)  # fmt: skip


def chances(points: Any) -> Any:
    """Points of the considered concepts, best first, as shares of one: each point makes a concept e times as likely."""
    weighed = np.exp((points - points[:, :1]) / float(MICRO))
    return weighed / weighed.sum(axis=1, keepdims=True)


def log_odds(share: Any) -> Any:
    """Logarithm of share to the rest, kept within what a millionth can tell."""
    held = np.clip(share, 1e-6, 1 - 1e-6)
    return np.log(held / (1 - held))


def features(fused: Fused, top: Integers, told: Mapping[str, Any], shares: Any, rivals: Integers, grouped: Any, prior: Any) -> Any:
    """FEATURES of the best concept of each text. `top`: concepts considered, best first; `told`: of each signal their shares; `shares`: their chances; `rivals`: number of concepts that the matched
    title names (0 without one); `grouped`: the chance of the best concept's group."""
    size = len(top)
    rows, best = np.arange(size), top[:, 0]
    leading = np.stack([told[name].argmax(axis=1) == 0 for name in sorted(told)], axis=1)
    second = shares[:, 1] if shares.shape[1] > 1 else np.zeros(size)

    def share(name: str) -> Any:
        return told[name][:, 0] if name in told else np.zeros(size)

    def known(name: str) -> Any:
        return fused.known[name] / float(MICRO) if name in fused.known else np.zeros(size)

    columns: Mapping[str, Any] = {
        "constant": np.ones(size), "odds": log_odds(shares[:, 0]), "margin": shares[:, 0] - second, "agreement": leading.mean(axis=1),
        "likeness": fused.likeness[rows, best] / float(MICRO), "nearest": fused.likeness.max(axis=1) / float(MICRO), "ambiguity": np.log1p(rivals),
        "known_letters": known("near_letters"), "known_phrases": known("near_phrases"), "known_words": known("all_words"),
        "one_word": fused.words == 1, "two_words": fused.words == 2, "many_words": np.maximum(fused.words - 4, 0) / 4.0,
        "words_share": share("all_words"), "name_share": share("name"), "text_share": share("text"), "votes_share": share("near_letters"),
        "group_odds": log_odds(grouped), "titles": prior[best],
        "last_share": fused.nouns.last, "greatest_share": fused.nouns.greatest, "ending": np.log1p(fused.nouns.ending),
    }  # fmt: skip
    return np.stack([np.asarray(columns[name], np.float64) for name in FEATURES], axis=1)


def probability(told: Any, weights: Mapping[str, int]) -> Integers:
    """Probability in millionths for rows of FEATURES."""
    score = np.zeros(len(told))
    for place, name in enumerate(FEATURES):
        if name in weights:
            score += told[:, place] * (weights[name] / float(MICRO))
    found: Integers = np.rint(MICRO / (1.0 + np.exp(-score))).astype(np.int64)
    return found
