"""Distinct titles cut into parts: small Parquet files in title order, the unit in which work is handed out and done again."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.contracts import sha256_hex
from engine.coverage.machine import machine_refusals
from engine.coverage.routing import TITLES

# a part of titles that are far longer than titles are is closed early, so that a part always fits in memory
PART_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """Titles of a part: its place in title order from 0, how many titles and rows of the list, its file and what its bytes were."""

    number: int
    titles: int
    rows: int
    name: str
    sha256: str

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Part:
        """From its JSON form. Raises ValueError where something is lacking or of another type."""
        told: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        name, sha256 = told.get("name"), told.get("sha256")
        counts = [n for n in (told.get("number"), told.get("titles"), told.get("rows")) if type(n) is int and n >= 0]
        if len(counts) != 3 or name != part_name(counts[0]) or not isinstance(sha256, str):
            raise ValueError("a part of the list is not described as one")
        return cls(counts[0], counts[1], counts[2], name, sha256)


def part_name(number: int) -> str:
    """Name of a part's file."""
    return f"part-{number:07d}.parquet"


def write_parts(batches: Iterable[Any], folder: Path, size: int) -> Iterator[Part]:
    """Write `folder/part-0000000.parquet` and so on, of `size` titles or PART_BYTES, whichever comes first."""
    held: list[Any] = []
    titles = number = 0
    for batch in batches:
        held.append(batch)
        titles += batch.num_rows
        while titles >= size or sum(b.nbytes for b in held) > PART_BYTES:
            table = pa.Table.from_batches(held)
            cut = _cut(table, size)
            yield _written(table.slice(0, cut), folder, number)
            number += 1
            held = table.slice(cut).to_batches()
            titles = table.num_rows - cut
            if not titles:
                break
    if titles:
        yield _written(pa.Table.from_batches(held), folder, number)


def _cut(table: Any, size: int) -> int:
    """How many of the first rows make a part: at least one."""
    cut = min(size, table.num_rows)
    while cut > 1 and table.slice(0, cut).nbytes > PART_BYTES:
        cut //= 2
    return int(cut)


def _written(table: Any, folder: Path, number: int) -> Part:
    sink = io.BytesIO()
    pq.write_table(table.cast(TITLES), sink, compression="zstd")
    name, data = part_name(number), sink.getvalue()
    with machine_refusals("cannot write the parts of the list"):
        (folder / name).write_bytes(data)
    return Part(number, table.num_rows, int(pc.sum(table.column("rows")).as_py()), name, sha256_hex(data))


def runs(parts: Sequence[Part], longest: int) -> Iterator[tuple[Part, ...]]:
    """Parts that follow each other without a gap, at most `longest` together."""
    run: list[Part] = []
    for part in parts:
        if run and (len(run) >= longest or part.number != run[-1].number + 1):
            yield tuple(run)
            run = []
        run.append(part)
    if run:
        yield tuple(run)
