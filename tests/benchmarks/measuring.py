"""What every benchmark uses: a median of single runs, and the line that it leaves for the end of the run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Tell = Callable[[str, float, str, float], None]


def seconds_of(run: Callable[[], object], rounds: int = 200) -> float:
    """Median wall seconds of single runs, after one that is not counted."""
    run()
    met = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        met.append(time.perf_counter() - started)
    return statistics.median(met)
