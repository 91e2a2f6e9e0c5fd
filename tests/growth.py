"""How the work of a call grows with its input, as a ratio of two measures of one run: a slow machine is slow in both."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

LEAST = 0.002  # processor seconds; below it the clock of a small run says more of the clock than of the run


def grows_in_step(run: Callable[[int], object], small: int, times: int = 8) -> bool:
    """Whether `run(small * times)` takes less than `times ** 1.75` as much processor time as `run(small)`.

    The bound lies between growth in step (`times`, with room for caches that overflow) and growth with the square. The best of up to three tries counts.
    """
    run(small)  # what is loaded on first use is no part of the growth
    gc.collect()
    gc.disable()  # it walks over what other tests of this process keep, the more often the more a run makes
    try:
        return any(_seconds(run, small * times) < times**1.75 * max(_seconds(run, small), LEAST) for _ in range(3))
    finally:
        gc.enable()


def _seconds(run: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    run(size)
    return time.process_time() - begun
