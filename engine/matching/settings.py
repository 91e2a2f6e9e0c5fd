"""The numbers of matching: weights of signals, reach, and how the raw share of a candidate is turned into the confidence that it is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from engine.contracts import MICRO, BadInput
from engine.rules import Rulebook

PACK = "matching"


@dataclass(frozen=True, slots=True)
class Settings:
    """Weights by signal and other numbers, all in millionths. `certainty`: points (raw share, share that was right), ascending, read off
    lists of `certainty_candidates` concepts."""

    weights: Mapping[str, int]
    weights_with_examples: Mapping[str, int]
    label_weight: int
    bridge_sharpness: int
    certainty: tuple[tuple[int, int], ...]
    certainty_with_examples: tuple[tuple[int, int], ...]
    certainty_candidates: int

    def confidence(self, raw: npt.NDArray[np.int64], examples: bool) -> npt.NDArray[np.int64]:
        """Share that was right at such a raw share, in millionths, on straight lines between the points."""
        points = self.certainty_with_examples if examples else self.certainty
        shares, right = np.array([p[0] for p in points], np.int64), np.array([p[1] for p in points], np.int64)
        at = np.clip(np.searchsorted(shares, raw, side="right") - 1, 0, len(points) - 2)
        width = np.maximum(shares[at + 1] - shares[at], 1)
        along = np.clip(raw - shares[at], 0, width)
        found: npt.NDArray[np.int64] = right[at] + (right[at + 1] - right[at]) * along // width
        return found


def settings_of(rulebook: Rulebook, day: date) -> Settings:
    """The numbers in force on a day. Raises BadInput MAT110 where the rules were published before there was matching."""
    if PACK not in rulebook.packs:
        raise BadInput.at("MAT110", "the rules of this snapshot know no matching", why="they were published by an earlier engine", fix="build anew with `wig build`")

    def named(name: str) -> dict[str, int]:
        return {str(key): _millionths(value) for key, value in rulebook.parameter(PACK, name, day).items()}

    def points(name: str) -> tuple[tuple[int, int], ...]:
        return tuple(sorted((_millionths(Decimal(raw)), right) for raw, right in named(name).items()))

    return Settings(
        named("signal_weights"), named("signal_weights_with_examples"), _millionths(rulebook.parameter(PACK, "label_weight", day)),
        _millionths(rulebook.parameter(PACK, "bridge_sharpness", day)), points("certainty"), points("certainty_with_examples"), int(rulebook.parameter(PACK, "certainty_candidates", day)),
    )  # fmt: skip


def _millionths(value: object) -> int:
    return int((Decimal(str(value)) * MICRO).to_integral_value())
