"""Graphs to measure on, and the lines that a run of the benchmarks ends with: what was met, over what the machine can do."""

from __future__ import annotations

from pathlib import Path

import pytest
from measuring import Tell

from engine.ask import Desk
from engine.build import BuildRequest, Built, build_snapshot
from engine.graph import Workspace

_LINES = pytest.StashKey[list[str]]()
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measurements on publishers' files are left out of every run that measures nothing: they build the whole graph."""
    if config.getoption("benchmark_enable"):
        return
    left = [i for i in items if HERE in i.path.parents and i.get_closest_marker("published")]
    items[:] = [i for i in items if i not in left]
    config.hook.pytest_deselected(items=left)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Keep a line for the end of the run: what was measured, its seconds, the limit beside it, the limit's seconds."""
    lines = request.config.stash.setdefault(_LINES, [])

    def said(what: str, seconds: float, limit: str, limit_seconds: float) -> None:
        lines.append(f"{what:<58} {_time(seconds):>10}  {seconds / limit_seconds:8.2f} x {limit} ({_time(limit_seconds)})")

    return said


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.1f} us"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The lines, in the order in which they were measured."""
    if lines := config.stash.get(_LINES, []):
        terminalreporter.section("ratios: what was measured over its limit, in this run")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The embedded graph."""
    return build_snapshot(Workspace(tmp_path_factory.mktemp("measured")), BuildRequest())


@pytest.fixture(scope="session")
def embedded_desk(embedded: Built) -> Desk:
    """A desk on the embedded graph."""
    return Desk(embedded.snapshot)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, published_data: Path) -> Built:
    """A whole build from the publishers' files, contracts and all."""
    return build_snapshot(Workspace(tmp_path_factory.mktemp("published")), BuildRequest(published_data))


@pytest.fixture(scope="session")
def published_desk(published: Built) -> Desk:
    """A desk on the graph with O*NET."""
    return Desk(published.snapshot)
