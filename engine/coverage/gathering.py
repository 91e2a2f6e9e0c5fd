"""Finished portions put together: one file of answers in title order, its digest, the digest of the list, and what it all comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.contracts import Corrupt, Place
from engine.coverage.content_digest import ContentDigest
from engine.coverage.machine import machine_refusals
from engine.coverage.routing import ANSWERS, READ_AT_ONCE
from engine.coverage.tally import Tally
from engine.coverage.title_order import in_title_order
from engine.coverage.work_folder import Routed


@dataclass(frozen=True, slots=True)
class Gathered:
    """All answers: how many titles and rows of the list, of these without a title and with a NUL in it, digests of the list (titles with their rows) and of the answers, and the tally."""

    titles: int
    rows: int
    blank: int
    control: int
    list_digest: str
    answer_digest: str
    tally: Tally


def gather(routed: Sequence[Routed], into: Path, scratch: Path, told: Callable[[int], None]) -> Gathered:
    """Write the answers of portions (by their first part) to a Parquet file. `told` hears how many titles are through.

    Raises Corrupt COV303 where a title stands twice or out of order, InputOutput COV401 to COV403.
    """
    with machine_refusals("cannot write the answers"), pq.ParquetWriter(into, ANSWERS, compression="zstd") as writer:
        held: list[Any] = []

        def kept() -> Iterator[Any]:
            for batch in _in_order(routed, scratch):
                held.append(batch)
                if sum(b.num_rows for b in held) >= READ_AT_ONCE:  # small parts would make small row groups, which read slowly
                    writer.write_table(pa.Table.from_batches(held))
                    held.clear()
                yield batch

        met = _met(kept(), told)
        if held:
            writer.write_table(pa.Table.from_batches(held))
    return met


def reread(answers: Path, changed: Callable[[Any], Any] = lambda batch: batch, told: Callable[[int], None] = lambda _: None) -> Gathered:
    """The same of a file of answers as it stands, or of its titles as `changed` answers a batch anew. Raises Corrupt COV303, COV304 (no such file)."""
    try:
        with pq.ParquetFile(answers) as file:
            return _met((changed(_answers(found)) for found in file.iter_batches(READ_AT_ONCE)), told)
    except (OSError, pa.ArrowException, KeyError) as error:
        what, why = f"the answers are not there or damaged: {str(error).splitlines()[0]}", "the receipt vouches for them"
        raise Corrupt.at("COV304", what, why=why, fix="run `wig coverage` again", place=Place(answers.name)) from None


def _met(batches: Iterator[Any], told: Callable[[int], None]) -> Gathered:
    """What answers in title order come to."""
    listed, answered, tally = ContentDigest(), ContentDigest(), Tally()
    titles = rows = blank = control = 0
    last: str | None = None
    for batch in batches:
        last = _followed(batch.column("title"), last)
        listed.add(batch.select(["title", "rows"]))
        answered.add(batch)
        tally.add(batch)
        titles += batch.num_rows
        rows += _sum(batch.column("rows"))
        blank += _sum(batch.column("rows").filter(pc.equal(batch.column("title"), "")))
        control += _sum(batch.column("rows").filter(pc.match_substring(batch.column("title"), "\0")))
        told(titles)
    return Gathered(titles, rows, blank, control, listed.hex(), answered.hex(), tally)


def _sum(rows: Any) -> int:
    return int(pc.sum(rows).as_py() or 0)


def _in_order(routed: Sequence[Routed], scratch: Path) -> Iterator[Any]:
    for portion in routed:
        if len(portion.files) == 1 and len(portion.parts) == 1:  # written by one worker from one part: in order already
            with pq.ParquetFile(portion.files[0]) as file:
                yield from (_answers(b) for b in file.iter_batches(READ_AT_ONCE))
            continue
        yield from in_title_order(_read(portion.files), scratch / "order", add_up=False)


def _read(files: Sequence[Path]) -> Iterator[Any]:
    for path in files:
        with pq.ParquetFile(path) as file:
            yield from (_answers(b) for b in file.iter_batches(READ_AT_ONCE))


def _answers(batch: Any) -> Any:
    """The columns of ANSWERS, in their order and types, whoever wrote them. Raises ArrowInvalid where they are others, or a title or its rows are missing."""
    table = pa.Table.from_batches([batch]).select(ANSWERS.names).cast(ANSWERS)
    if table.column("title").null_count or table.column("rows").null_count:
        raise pa.ArrowInvalid("a title, or how many rows have it, is missing")
    return pa.RecordBatch.from_arrays([c.combine_chunks() if c.num_chunks != 1 else c.chunk(0) for c in table.columns], schema=ANSWERS)


def _followed(titles: Any, last: str | None) -> str | None:
    """The last title of a batch, after a look that each comes after the one before it."""
    if not len(titles):
        return last
    first = titles[0].as_py()
    pairs = pc.less(titles.slice(0, len(titles) - 1), titles.slice(1))
    if (last is not None and last.encode() >= first.encode()) or pc.all(pairs, min_count=0).as_py() is False:
        raise Corrupt.at("COV303", "a title stands twice or out of order among the answers", why="each title is answered once", fix="run again with --anew")
    return str(titles[len(titles) - 1].as_py())
