"""Records on their way into the warehouse: lexical rows of one source, by record table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.sources.ledger import Origin

Lexical = str | tuple[str, ...] | None
Row = Mapping[str, Lexical]


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Rows by record table. Each holds the key columns, properties where known, and the six provenance columns."""

    origin: Origin
    rows: Mapping[str, Sequence[Row]]
