"""Routing in processes of this machine: a part at a time each, so that memory grows with workers and not with the list."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.connection import wait as wait_for_any
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.contracts import InputOutput
from engine.coverage.machine import machine_refusals
from engine.coverage.routing import RoutingSnapshot, open_routing, route_batch
from engine.coverage.work_folder import Portion

_AHEAD = 2  # parts handed out for each worker: one in work, one waiting


class LocalEngine:
    """`workers` processes; with one the titles are routed in this process."""

    parts_together = 1

    def __init__(self, snapshot: RoutingSnapshot, workers: int) -> None:
        self._snapshot, self._workers = snapshot, workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._workers > 1:
            # a server that forks before it has threads starts workers with everything imported; where there is none each worker imports for itself
            ways = multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
            if "forkserver" in ways:
                context.set_forkserver_preload(["engine.coverage.routing", "engine.ask", "engine.resolver", "pyarrow.parquet"])
            self._pool = ProcessPoolExecutor(self._workers, mp_context=context, initializer=_start, initargs=(self._snapshot,))
            for _ in range(self._workers):  # each task starts one more process while none is idle
                self._pool.submit(_nothing)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def route(self, portions: Sequence[Portion], titles: Path, answers: Path) -> Iterator[tuple[Portion, Path]]:
        """See Engine. Raises InputOutput COV404 where a worker was ended from outside."""
        if self._pool is None:
            for portion in portions:
                _answer([str(titles / p.name) for p in portion.parts], _folder(answers, portion), self._snapshot)
                yield portion, _folder(answers, portion)
            return
        waiting, running = iter(portions), dict[Future[None], Portion]()
        try:
            while True:
                for portion in islice(waiting, self._workers * _AHEAD - len(running)):
                    running[self._pool.submit(_answer, [str(titles / p.name) for p in portion.parts], _folder(answers, portion), self._snapshot)] = portion
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    portion = running.pop(future)
                    future.result()
                    yield portion, _folder(answers, portion)
        except BrokenProcessPool:
            raise InputOutput.at("COV404", "a worker was ended from outside", why="as the system does where memory runs out", fix="run the same command again, with fewer --workers; what was finished is kept") from None


def _folder(answers: Path, portion: Portion) -> Path:
    return answers / f"portion-{portion.first:07d}"


def _answer(files: Sequence[str], folder: Path, snapshot: RoutingSnapshot) -> None:
    """Answer the titles of some parts in one file, whose rows are in the order of the parts."""
    import pyarrow.parquet as pq

    with machine_refusals("cannot write answers"):
        folder.mkdir(parents=True, exist_ok=True)
        writer = None
        with contextlib.ExitStack() as open_files:
            for file in files:
                for batch in pq.read_table(file).to_batches():
                    routed = route_batch(batch, snapshot)
                    writer = writer or open_files.enter_context(pq.ParquetWriter(folder / "answers.parquet", routed.schema, compression="zstd"))
                    writer.write_batch(routed)


def _start(snapshot: RoutingSnapshot) -> None:
    """A worker begins: it leaves interruptions to its parent, ends when that is gone, and opens the snapshot."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(Exception):  # told by the first part, where somebody listens
        open_routing(snapshot)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_any([parent.sentinel])
        os._exit(1)


def _nothing() -> None:
    """Only to start a worker."""
