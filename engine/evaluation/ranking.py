"""Where the right code stands in a ranked list: strictly, by six digits, and by minor group."""

from __future__ import annotations

from collections.abc import Sequence

STRICT, LENIENT, MINOR = "strict", "lenient", "minor"
DEPTH = 10  # codes that an answer lists at most
# an exact whole number stands for the reciprocal of every rank up to DEPTH: the least common multiple of 1 to 10
WHOLE = 2_520
# `11-2021.00` strictly, `11-2021` as SOC has it, `11-2` for the minor group: its first digit after the hyphen tells it in SOC 2018
_KEPT = {STRICT: 10, LENIENT: 7, MINOR: 4}
LEVELS = tuple(_KEPT)


def at_level(code: str, level: str) -> str:
    """The part of a code that counts at a level. Raises KeyError for an unknown level."""
    return code[: _KEPT[level]]


def gold_rank(ranked: Sequence[str], gold: Sequence[str], level: str = STRICT) -> int:
    """Place (from 1) of the first code that is right; 0 where none of the first ten is. Any gold code counts."""
    right = {at_level(code, level) for code in gold}
    return next((place for place, code in enumerate(ranked[:DEPTH], 1) if at_level(code, level) in right), 0)


def reciprocal(rank: int) -> int:
    """WHOLE / rank, exactly; 0 for rank 0."""
    return WHOLE // rank if rank else 0
