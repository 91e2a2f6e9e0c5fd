"""What the tests of this room share: where the invented sources stand, and a finished build."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from engine.warehouse import Findings, RecordDigests, Warehouse

DATA = Path(__file__).resolve().parent.parent / "sources" / "data"
TIMES = {1: Decimal(1), 2: Decimal(4), 3: Decimal(24), 4: Decimal(104), 5: Decimal(260), 6: Decimal(780), 7: Decimal(2080)}


@dataclass(frozen=True)
class Built:
    """A warehouse that is still open, with what it found and wrote."""

    warehouse: Warehouse
    findings: Findings
    digests: RecordDigests

    def rows(self, target: str, *columns: str) -> dict[tuple[object, ...], tuple[object, ...]]:
        """Values of the columns by key."""
        keys = ("id",) if "." not in target else ("from", "to")
        found = itertools.chain.from_iterable(self.warehouse.lexical_rows(target, (*keys, *columns)))
        return {row[: len(keys)]: row[len(keys) :] for row in found}


Build = Callable[..., Built]
