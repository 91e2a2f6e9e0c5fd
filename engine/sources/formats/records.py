"""Records that were read here and not by the database, and the faults of a file, of which a flood is counted and not held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.contracts import Diagnostic, Place

MAX_FAULTS = 50
MAX_COUNTED = 100_000
MAX_CELLS = 8_000_000  # of one file; they are held in memory


@dataclass(frozen=True, slots=True)
class Records:
    """Values by staged column, in file order, with the line on which each record begins."""

    lines: list[int]
    columns: Mapping[str, list[str | None]]


class Faults:
    """The first MAX_FAULTS faults of a file and how many more there are, counted to MAX_COUNTED."""

    def __init__(self, faults: Iterable[Diagnostic] = ()) -> None:
        self._first: list[Diagnostic] = []
        self._more = 0
        self.extend(faults)

    def __bool__(self) -> bool:
        return bool(self._first)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._first)

    def add(self, fault: Diagnostic) -> None:
        """Keep one of the first, count any other."""
        if len(self._first) < MAX_FAULTS:
            self._first.append(fault)
        else:
            self._more += 1

    def extend(self, faults: Iterable[Diagnostic]) -> None:
        """Add until there are too many to count."""
        for fault in faults:
            self.add(fault)
            if self._more >= MAX_COUNTED:
                return

    def join(self, other: Faults) -> None:
        """Add what another reader met in the same file."""
        self.extend(other)
        self._more += other._more

    def told(self, shown: str) -> tuple[Diagnostic, ...]:
        """The faults, and SRC229 that counts the rest."""
        if not self._more:
            return tuple(self._first)
        many = f"{self._more}" if self._more < MAX_COUNTED else f"at least {MAX_COUNTED}"
        return (*self._first, Diagnostic(Place(shown), "SRC229", f"{many} more faults in this file are not listed", fix="mend these first"))


def too_many_cells(shown: str, cells: int) -> Diagnostic:
    """SRC263."""
    return Diagnostic(Place(shown), "SRC263", f"the file has about {cells} cells, at most {MAX_CELLS} are read", "it would not fit into memory", "look at what the file is")
