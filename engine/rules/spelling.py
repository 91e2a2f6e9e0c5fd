"""The nearest valid name, for the remedy of a diagnostic."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """Remedy sentence: the nearest valid name, else the list of them in name order."""
    names = sorted(set(valid))
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"use one of {', '.join(f'`{n}`' for n in names[:12])}" if names else "none is declared here"
