"""The numbers of matching: weights of signals, reach, and how the raw share of a candidate is turned into the confidence that it is right."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from engine.contracts import MICRO, BadInput, to_micro
from engine.rules import Rulebook

PACK = "matching"
SIGNALS = ("own_name", "label_words", "label_letters", "names", "letters", "written", "described", "group", "group_written", "bridge")
EXAMPLE_SIGNALS = (
    "example_words", "example_letters", "example_terms", "example_nearest", "example_occupations", "example_count", "example_lack", "taught_words", "taught_letters",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """Weights by signal and other numbers, all in millionths. With examples the weights move from those `far_from_examples` to those `near_examples` with the
    likeness of the labelled title nearest to the query. `certainty`: points (raw share, share that was right), ascending, read off lists of
    `certainty_candidates` concepts."""

    weights: Mapping[str, int]
    far_from_examples: Mapping[str, int]
    near_examples: Mapping[str, int]
    label_weight: int
    bridge_sharpness: int
    certainty: tuple[tuple[int, int], ...]
    certainty_with_examples: tuple[tuple[int, int], ...]
    certainty_candidates: int

    def weights_at(self, likeness: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int64]]:
        """Weights by signal, for each likeness (millionths) of the nearest labelled title."""
        found = {}
        for name in sorted({*self.far_from_examples, *self.near_examples}):
            far, near = self.far_from_examples.get(name, 0), self.near_examples.get(name, 0)
            found[name] = far + (near - far) * likeness // MICRO
        return found

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
    """The numbers in force on a day. Raises BadInput MAT110 where the rules were published before there was matching, RUL214 where they weigh an unknown signal."""
    if PACK not in rulebook.packs:
        raise BadInput.at("MAT110", "the rules of this snapshot know no matching", why="they were published by an earlier engine", fix="build anew with `wig build`")

    def named(name: str, known: Collection[str]) -> dict[str, int]:
        return {key: to_micro(value) for key, value in rulebook.weights(PACK, name, known, day).items()}

    def points(name: str) -> tuple[tuple[int, int], ...]:
        return tuple(sorted((to_micro(Decimal(raw)), to_micro(right)) for raw, right in rulebook.parameter(PACK, name, day).items()))

    return Settings(
        named("signal_weights", SIGNALS), named("signal_weights_far_from_examples", (*SIGNALS, *EXAMPLE_SIGNALS)), named("signal_weights_near_examples", (*SIGNALS, *EXAMPLE_SIGNALS)),
        to_micro(rulebook.parameter(PACK, "label_weight", day)),
        to_micro(rulebook.parameter(PACK, "bridge_sharpness", day)), points("certainty"), points("certainty_with_examples"), int(rulebook.parameter(PACK, "certainty_candidates", day)),
    )  # fmt: skip
