"""Rows put in title order with the disk as memory: sorted runs are written, then merged, so that memory grows neither with the rows nor with their order.

A database was measured first: its counting of 75 million distinct titles wants more memory than a run may take, where this needs some tens of megabytes for each step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.coverage.machine import machine_refusals
from engine.coverage.routing import BATCH as _BATCH

RUN_BYTES = 24_000_000
MERGED_AT_ONCE = 32  # runs; more are merged in rounds


def in_title_order(batches: Iterable[Any], scratch: Path, *, add_up: bool) -> Iterator[Any]:
    """Record batches in the order of the titles' UTF-8 bytes. With `add_up` (columns `title`, `rows`) each title comes once, its rows added up.

    Raises InputOutput COV401 to COV403 where the scratch folder cannot be written.
    """
    with machine_refusals("cannot sort the titles"):
        scratch.mkdir(parents=True, exist_ok=True)
    runs: list[Path] = []
    held: list[Any] = []
    size = made = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= RUN_BYTES:
            runs.append(_written(_sorted(held, add_up).to_batches(_BATCH), scratch / f"run-{made}.arrow"))
            made, held, size = made + 1, [], 0
    if not runs:
        yield from _sorted(held, add_up).to_batches(_BATCH) if held else ()
        return
    if held:
        runs.append(_written(_sorted(held, add_up).to_batches(_BATCH), scratch / f"run-{made}.arrow"))
        made += 1
    held = []
    while len(runs) > MERGED_AT_ONCE:
        some, runs = runs[:MERGED_AT_ONCE], runs[MERGED_AT_ONCE:]
        runs.append(_written(_merged(some, add_up), scratch / f"run-{made}.arrow"))
        made += 1
    yield from _merged(runs, add_up)


def _sorted(batches: Sequence[Any], add_up: bool) -> Any:
    table = pa.Table.from_batches(batches)
    if add_up:
        table = table.group_by("title").aggregate([("rows", "sum")]).rename_columns(["title", "rows"])
    return table.sort_by("title")


def _written(batches: Iterable[Any], path: Path) -> Path:
    with machine_refusals("cannot sort the titles"):
        writer = None
        for batch in batches:
            writer = writer or pa.ipc.new_stream(str(path), batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
            writer.write_batch(batch)
        if writer is not None:
            writer.close()
    return path


def _merged(runs: Sequence[Path], add_up: bool) -> Iterator[Any]:
    """All rows of sorted runs in order. What stands below the least of the last titles at hand cannot be followed by anything smaller."""
    readers = [pa.ipc.open_stream(pa.OSFile(str(run))) for run in runs]  # by path they would be mapped, and count as memory
    at_hand = [reader.read_next_batch() for reader in readers]
    done = [False] * len(readers)
    while True:
        for i, reader in enumerate(readers):
            while not done[i] and at_hand[i].num_rows < _BATCH:
                try:
                    more = reader.read_next_batch()
                except StopIteration:
                    done[i] = True
                else:
                    at_hand[i] = pa.concat_batches([at_hand[i], more])
        bounds = [batch.column("title")[batch.num_rows - 1].as_py().encode() for batch, over in zip(at_hand, done, strict=True) if not over]
        bound = min(bounds).decode() if bounds else None
        taken = []
        for i, batch in enumerate(at_hand):
            count = batch.num_rows if bound is None else pc.sum(pc.less_equal(batch.column("title"), bound)).as_py() or 0
            if count:
                taken.append(batch.slice(0, count))
                at_hand[i] = batch.slice(count)
        if taken:
            yield from _sorted(taken, add_up).to_batches(_BATCH)
        if bound is None:
            break
    for reader, run in zip(readers, runs, strict=True):
        reader.close()
        run.unlink(missing_ok=True)
