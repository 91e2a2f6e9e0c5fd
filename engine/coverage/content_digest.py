"""A digest of rows in title order that no partition, engine or file format can move.

Rows are taken in blocks of 65,536, counted in the order of titles, whatever batches they came in. Of each block SHA-256 takes, column after column, the name of
the column and a zero byte, the number of rows (8 bytes), then: for text the length of every value in bytes (4 bytes; -1 where missing) and all values without
separator; for lists the length of every list, then their items as if they were a column; for whole numbers 8 bytes each; for shares their millionths, 8 bytes each. All numbers are
little-endian. A sum or exclusive-or of row digests would not depend on order either, but lets two lost rows cancel out; and whole columns hash at the speed of memory.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BLOCK = 65_536
_MISSING = -1


class ContentDigest:
    """Takes batches in title order; all must have the columns of the first."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._held: list[Any] = []
        self._rows = 0

    def add(self, batch: Any) -> None:
        """Take the next rows."""
        self._held.append(batch)
        self._rows += batch.num_rows
        while self._rows >= BLOCK:
            table = pa.Table.from_batches(self._held)
            self._take(table.slice(0, BLOCK))
            self._held = table.slice(BLOCK).to_batches()
            self._rows -= BLOCK

    def hex(self) -> str:
        """The digest, 64 hexadecimal digits; nothing may be added after."""
        if self._rows:
            self._take(pa.Table.from_batches(self._held))
            self._held, self._rows = [], 0
        return self._digest.hexdigest()

    def _take(self, table: Any) -> None:
        for name in table.column_names:
            self._digest.update(f"{name}\0".encode() + table.num_rows.to_bytes(8, "little"))
            column = table.column(name)
            self._column(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0))

    def _column(self, values: Any) -> None:
        if isinstance(values, pa.ChunkedArray):
            values = pa.concat_arrays(values.chunks)
        if pa.types.is_list(values.type):
            self._lengths(pc.list_value_length(values))
            self._column(values.flatten())
        elif pa.types.is_string(values.type):
            self._lengths(pc.binary_length(values))
            filled = pc.fill_null(values, "")
            _, offsets, data = filled.buffers()
            ends = np.frombuffer(offsets, "<i4", len(filled) + 1, filled.offset * 4) if len(filled) else np.zeros(1, "<i4")
            if data is not None:
                self._digest.update(memoryview(data)[int(ends[0]) : int(ends[-1])])
        elif pa.types.is_floating(values.type):
            self._digest.update(np.rint(values.to_numpy(zero_copy_only=False) * 1_000_000).astype("<i8").tobytes())
        else:
            self._digest.update(values.to_numpy(zero_copy_only=False).astype("<i8").tobytes())

    def _lengths(self, lengths: Any) -> None:
        self._digest.update(pc.fill_null(lengths, _MISSING).to_numpy(zero_copy_only=False).astype("<i4").tobytes())
