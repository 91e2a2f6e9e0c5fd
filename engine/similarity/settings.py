"""The numbers of the rule pack `likeness`, as in force on a day: weights of the signals, of the confidence, and the gate of the unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.contracts import to_micro
from engine.rules import Rulebook

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
    def of(cls, rulebook: Rulebook, as_of: date) -> LikenessSettings:
        """Read them as in force on a day."""

        def shares(name: str) -> dict[str, int]:
            return {key: to_micro(value) for key, value in sorted(rulebook.parameter(PACK, name, as_of).items())}

        confidence = {target: shares(f"{target}_confidence") for target in TARGETS}
        return cls(shares("signal_weight"), confidence, to_micro(rulebook.parameter(PACK, "least_known", as_of)))
