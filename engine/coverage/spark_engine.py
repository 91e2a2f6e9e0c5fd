"""Routing on Spark: `mapInArrow` over record batches, answers written by the executors. Spark's one address."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from engine.contracts import InputOutput
from engine.coverage.machine import refusal_within
from engine.coverage.routing import ANSWERS, RoutingSnapshot, route_batch
from engine.coverage.work_folder import Portion

_PARTS_A_WORKER = 64
_TASKS_A_WORKER = 4
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.session.timeZone": "UTC"}


class SparkEngine:
    """The cluster of `spark-submit` where it started us, else `workers` threads of a Spark of this machine."""

    def __init__(self, snapshot: RoutingSnapshot, workers: int, batch: int) -> None:
        self._snapshot, self._workers, self._batch = snapshot, workers, batch
        self._session: Any = None
        self.parts_together = workers * _PARTS_A_WORKER

    def __enter__(self) -> Self:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("wig coverage").config("spark.sql.execution.arrow.maxRecordsPerBatch", str(self._batch))
        if "SPARK_ENV_LOADED" not in os.environ and "PYSPARK_GATEWAY_PORT" not in os.environ:
            # nobody submitted us: a Spark of this machine, with this Python
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            builder = builder.master(f"local[{self._workers}]").config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
            for name, value in _QUIET.items():
                builder = builder.config(name, value)
        try:
            self._session = builder.getOrCreate()
        except PySparkRuntimeError as error:
            raise InputOutput.at("COV405", "Spark does not start", why=str(error).splitlines()[0], fix="install a Java runtime of version 17 or 21, and set JAVA_HOME where `java` is not on the path") from None
        self._session.sparkContext.setLogLevel("ERROR")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._session is not None:
            self._session.stop()

    def route(self, portions: Sequence[Portion], titles: Path, answers: Path) -> Iterator[tuple[Portion, Path]]:
        """See Engine; one portion after the other, each spread over all executors."""
        from py4j.protocol import Py4JJavaError
        from pyspark.errors import PySparkException

        snapshot = self._snapshot

        def routed(batches: Iterator[Any]) -> Iterator[Any]:
            return (route_batch(batch, snapshot) for batch in batches)

        for portion in portions:
            folder = answers / f"portion-{portion.first:07d}"
            found = self._session.read.parquet(*(str((titles / p.name).resolve()) for p in portion.parts))
            tasks = min(len(portion.parts), self._workers * _TASKS_A_WORKER)
            try:
                found.repartition(tasks).mapInArrow(routed, _described()).write.mode("overwrite").parquet(str(folder.resolve()))
            except (PySparkException, Py4JJavaError) as error:
                raise refusal_within(error, "Spark") from None
            yield portion, folder


def _described() -> str:
    """The columns of the answers in Spark's words."""
    words = {pa.string(): "string", pa.int64(): "bigint", pa.float64(): "double", pa.list_(pa.string()): "array<string>", pa.list_(pa.float64()): "array<double>"}
    return ", ".join(f"`{f.name}` {words[f.type]}" for f in ANSWERS)
