"""The numbers of the rule pack `likeness`, as in force on a day: weights of the signals, of the confidence, and the gate of the unknown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from engine.contracts import to_micro
from engine.rules import Rulebook
from engine.similarity.confidence import FEATURES
from engine.similarity.fusion import BEST, PRIOR
from engine.similarity.signals import MEANING, SIGNALS, TITLE_FIELDS

PACK = "likeness"
TARGETS = ("concept", "minor_group", "major_group", "title")


@dataclass(frozen=True, slots=True)
class LikenessSettings:
    """`weights`: of each signal's share, in millionths of a point. `confidence`: for each of TARGETS, by feature, in millionths.

    `least_known`: below this probability (millionths) of being a title at all, a text counts as none.
    """

    weights: Mapping[str, int]
    confidence: Mapping[str, Mapping[str, int]]
    least_known: int

    @classmethod
    def of(cls, rulebook: Rulebook, as_of: date, with_meaning: bool = False) -> LikenessSettings:
        """Read them as in force on a day; `with_meaning`: the weights for an index with a sentence model. Raises BadInput RUL214 where they weigh what this engine cannot see."""

        def shares(name: str, known: Collection[str]) -> dict[str, int]:
            return {key: to_micro(value) for key, value in rulebook.weights(PACK, name, known, as_of).items()}

        confidence = {target: shares(f"{target}_confidence", FEATURES) for target in TARGETS}
        fields = (*TITLE_FIELDS, MEANING) if with_meaning else tuple(TITLE_FIELDS)
        weights = shares("signal_weight_with_meaning" if with_meaning else "signal_weight", (*SIGNALS, *fields, *(f"{name}{BEST}" for name in fields), PRIOR))
        return cls(weights, confidence, to_micro(rulebook.parameter(PACK, "least_known", as_of)))
