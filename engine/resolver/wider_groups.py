"""Where a title may be answered when its occupation is unsure: six digits, minor group and major group of SOC, each with the chance that the right one is in it.

In: occupations with their shares, or what a title is like. Out: one group of each level, narrowest first, none less likely than the one before it.
Refuses to know tiers. A code begins as its groups do: seven characters tell six digits, four the minor and two the major group of SOC 2018.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engine.contracts import MICRO, from_micro, to_micro
from engine.resolver.likeness import Likened
from engine.resolver.title_index import TitleIndex

Beginnings = tuple[tuple[str, int], ...]  # how the codes of a group begin, and a share in millionths
_OCCUPATION = "occupation/"
_SIX, _MINOR, _MAJOR = 7, 4, 2
GROUP_LEVELS = {"detailed": _SIX, "minor": _MINOR, "major": _MAJOR}
_PERCENT = MICRO // 100
_KEPT = 40_000  # answers kept


def groups_by_share(occupations: Sequence[tuple[str, int]]) -> Beginnings:
    """Six digits of the first occupation, and the minor and the major group with the greatest share; at a tie that of the occupation listed first."""
    codes = [(key.removeprefix(_OCCUPATION), share) for key, share in occupations]
    if not codes:
        return ()
    found = []
    for length in GROUP_LEVELS.values():
        sums: dict[str, int] = {}
        for code, share in codes:
            sums[code[:length]] = sums.get(code[:length], 0) + share
        best = codes[0][0][:_SIX] if length == _SIX else max(sums, key=lambda begins: sums[begins])
        found.append((best, sums[best]))
    return tuple(found)


def groups_of_likened(likened: Likened) -> Beginnings:
    """Six digits of the first occupation with its chance, and what the index of likeness says of wider groups; where that names another group than the one
    around the narrower, the likelier of the two. What may be no title at all is in no group either."""
    begins, chance = likened.codes[0].occupation.removeprefix(_OCCUPATION)[:_SIX], likened.codes[0].chance
    stated = {_MAJOR if group.endswith("0000") else _MINOR: (group.partition("/")[2], share) for group, share in likened.groups}
    found = [(begins, chance)]
    for length in (_MINOR, _MAJOR):
        code, share = stated.get(length, (begins, 0))
        if likened.doubtful:
            share = share * (likened.title or 0) // MICRO
        begins, chance = (code[:length], share) if share > chance else (begins[:length], chance)
        found.append((begins, chance))
    return tuple(found)


class WiderGroups:
    """Names the groups of titles by the codes that one index knows."""

    def __init__(self, index: TitleIndex) -> None:
        self._index = index
        self._codes: dict[str, str] = {}
        self._kept: dict[tuple[Beginnings, int], tuple[tuple[str, Decimal], ...]] = {}

    def of(self, beginnings: Beginnings, trust: int | None, confidence: Decimal) -> tuple[tuple[str, Decimal], ...]:
        """Code and chance of each group, in whole percents rounded down: its share times `trust` (millionths), or times the confidence where that is None.

        SOC numbers its minor groups from 1: a code with a 0 there has none."""
        asked = (beginnings, to_micro(confidence) if trust is None else trust)
        found = self._kept.get(asked)
        if found is None:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            named = [(self._code(begins), from_micro(share * asked[1] // MICRO // _PERCENT * _PERCENT)) for begins, share in beginnings if not begins.endswith("-0")]
            found = self._kept[asked] = tuple(named)
        return found

    def label(self, code: str) -> str:
        """Name of a group; empty where the index holds none."""
        return self._index.label(f"soc/{code}")

    def _code(self, begins: str) -> str:
        """The code of a group from its beginning: a few minor groups (15-1200) have no round number."""
        if begins not in self._codes:
            self._codes[begins] = self._minor(begins) if len(begins) == _MINOR else f"{begins}-0000" if len(begins) == _MAJOR else begins
        return self._codes[begins]

    def _minor(self, begins: str) -> str:
        numbered = [f"{begins}{hundreds}00" for hundreds in range(10)]
        return next((code for code in numbered if self.label(code)), numbered[0])


def group_level(code: str) -> str:
    """`detailed` (six digits), `minor` or `major`, by the zeros that a code ends in."""
    return "major" if code.endswith("0000") else "minor" if code.endswith("00") else "detailed"
