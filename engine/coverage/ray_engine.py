"""Routing on Ray Data: `map_batches` over Arrow tables, answers written by the workers. Ray's one address."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.coverage.machine import refusal_within
from engine.coverage.routing import RoutingSnapshot, route_batch
from engine.coverage.work_folder import Portion

_PARTS_A_WORKER = 64
_TASKS_A_WORKER = 4


class RayEngine:
    """The cluster that RAY_ADDRESS or `ray job submit` names, else `workers` processes of this machine."""

    def __init__(self, snapshot: RoutingSnapshot, workers: int, batch: int) -> None:
        self._snapshot, self._workers, self._batch = snapshot, workers, batch
        self._started = False
        self.parts_together = workers * _PARTS_A_WORKER

    def __enter__(self) -> Self:
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        os.environ.setdefault("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
        import ray

        if not ray.is_initialized():
            shared: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
            if os.environ.get("RAY_ADDRESS"):
                ray.init(**shared)
            else:
                ray.init(address="local", num_cpus=self._workers, include_dashboard=False, **shared)
            self._started = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        import ray

        if self._started:
            ray.shutdown()

    def route(self, portions: Sequence[Portion], titles: Path, answers: Path) -> Iterator[tuple[Portion, Path]]:
        """See Engine; one portion after the other, each spread over all workers."""
        import ray.data
        import ray.exceptions

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        for portion in portions:
            folder = answers / f"portion-{portion.first:07d}"
            # parts are read by name: Ray's own listing of many files imports an absent module in several threads at once and trips over it
            named = ray.data.from_items([{"file": str(titles / p.name)} for p in portion.parts], override_num_blocks=min(len(portion.parts), self._workers * _TASKS_A_WORKER))
            found = named.map_batches(read_parts, batch_format="pyarrow", batch_size=1)
            routed = found.map_batches(route_table, batch_format="pyarrow", batch_size=self._batch, zero_copy_batch=True, fn_kwargs={"snapshot": self._snapshot})
            try:
                routed.write_parquet(str(folder))
            except ray.exceptions.RayError as error:
                raise refusal_within(error, "Ray") from None
            yield portion, folder


def read_parts(named: Any) -> Any:
    """The titles of the parts whose files the batch names in its column `file`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pa.concat_tables([pq.read_table(file) for file in named.column("file").to_pylist()])


def route_table(titles: Any, snapshot: RoutingSnapshot) -> Any:
    """`route_batch` in the form that Ray hands over and takes back."""
    import pyarrow as pa

    return pa.Table.from_batches([route_batch(titles, snapshot)])
