"""Where titles are routed: processes of this machine, Ray Data or Spark. Each runs the same pure function and answers the same rows.

In: portions of parts, a folder for the answers of each. Out: portions as they are done, in any order. Refuses to know: what a title is.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from engine.contracts import BadInput
from engine.coverage.routing import RoutingSnapshot
from engine.coverage.work_folder import Portion

ENGINES = ("local", "ray", "spark")
_NEEDS = {"ray": ("ray", "pandas"), "spark": ("pyspark", "pandas")}


class Engine(Protocol):
    """A way to route portions. Entered before the list is read, so that workers can start meanwhile."""

    parts_together: int  # how many parts make a portion: what a killed run may lose of each worker's time

    def __enter__(self) -> Self:
        """Start workers."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End them."""

    def route(self, portions: Sequence[Portion], titles: Path, answers: Path) -> Iterator[tuple[Portion, Path]]:
        """Each portion with the folder under `answers` that holds its answers, as soon as they are whole. Parts lie in `titles`."""


def engine_named(name: str, snapshot: RoutingSnapshot, workers: int, batch: int) -> Engine:
    """The engine of that name. Raises BadInput COV120 (unknown), COV121 (its extra is not installed)."""
    if name not in ENGINES:
        raise BadInput.at("COV120", f"there is no engine `{name}`", fix=f"use one of: {', '.join(ENGINES)}")
    absent = [n for n in _NEEDS.get(name, ()) if importlib.util.find_spec(n) is None]
    if absent:
        raise BadInput.at("COV121", f"the engine `{name}` needs {', '.join(absent)}, which is not installed", why="cluster libraries are extras", fix=f"pip install 'work-intelligence-graph[{name}]'")
    if name == "ray":
        from engine.coverage.ray_engine import RayEngine

        return RayEngine(snapshot, workers, batch)
    if name == "spark":
        from engine.coverage.spark_engine import SparkEngine

        return SparkEngine(snapshot, workers, batch)
    from engine.coverage.local_engine import LocalEngine

    return LocalEngine(snapshot, workers)
