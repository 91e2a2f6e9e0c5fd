"""How many cases a campaign takes: some in every CI run, the whole number where it is asked for.

`WIG_CAMPAIGN=whole pytest -m campaign` runs the numbers that the reference pages state as measured.
"""

from __future__ import annotations

import os

import pytest

SIZES = ("ci", "whole")


def sized(ci: int, whole: int) -> int:
    """`ci` cases, or `whole` where WIG_CAMPAIGN=whole. Any other word stops the run: a misspelt one must not shrink a campaign."""
    asked = os.environ.get("WIG_CAMPAIGN") or SIZES[0]
    if asked not in SIZES:
        raise pytest.UsageError(f"WIG_CAMPAIGN is `{asked}`: use one of {', '.join(SIZES)}")
    return whole if asked == "whole" else ci
