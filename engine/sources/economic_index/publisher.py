"""The index put together: its files, its projections in order, its gaps and joins, and how a delivery tells its release."""

from __future__ import annotations

import re

from engine.sources.economic_index.files import FILES
from engine.sources.economic_index.market import MARKET_GAPS, MARKET_JOINS, MARKET_PROJECTIONS
from engine.sources.economic_index.tasks import TASK_GAPS, TASK_JOINS, TASK_PROJECTIONS
from engine.sources.layout import Publisher

_FOLDER = re.compile(r"(\d{4})[_-](\d{2})[_-](\d{2})", re.ASCII)


def release_of(folder: str, _read_me: str) -> str | None:
    """The day in the folder's name: `economic_index_2025_02_10` and `release_2025_02_10` are release 2025-02-10."""
    met = _FOLDER.search(folder)
    return "-".join(met.groups()) if met else None


ECONOMIC_INDEX = Publisher(
    "economic-index", FILES, (*TASK_PROJECTIONS, *MARKET_PROJECTIONS), (*TASK_GAPS, *MARKET_GAPS), (*TASK_JOINS, *MARKET_JOINS), release_of=release_of,
)  # fmt: skip
