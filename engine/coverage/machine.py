"""What the machine refuses while a list is covered, in our words; and a count of processors that counts only those we may use."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from engine.contracts import BadInput, Corrupt, EngineError, InputOutput, Locked, Place

# a refusal as a traceback shows it: Diagnostic.text() behind the name of its class
_TOLD = re.compile(
    r"engine\.contracts\.diagnostics\.(?P<kind>BadInput|Corrupt|InputOutput|Locked): (?P<file>[^\n]*?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?  (?P<code>[A-Z]{3}\d{3})  (?P<what>[^\n]*)"
    r"(?:\n  why  (?P<why>[^\n]*))?(?:\n  fix  (?P<fix>[^\n]*))?"
)
_FAULT = re.compile(r"[\w.]*(Error|Exception|Refused|Killed)\b")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def machine_refusals(doing: str) -> Iterator[None]:
    """Turn an OSError of the block into InputOutput: COV401 not permitted, COV402 the disk is full, COV403 anything else."""
    try:
        yield
    except OSError as error:
        told = os.strerror(error.errno) if error.errno else str(error).splitlines()[0]
        if error.errno in _FULL or "No space left" in str(error):
            refusal = InputOutput.at("COV402", f"{doing}: the disk is full", why=told, fix="make room and run the same command again: what was finished is kept")
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            refusal = InputOutput.at("COV401", f"{doing}: not permitted", why=told, fix="choose a folder that you may write to with --out")
        else:
            refusal = InputOutput.at("COV403", f"{doing}: {told}", fix="check the folder given with --out; what was finished is kept")
        raise refusal from None


def processors() -> int:
    """How many processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def refusal_within(error: BaseException, cluster: str) -> EngineError:
    """The refusal that a worker of a cluster raised, out of what the cluster made of it; InputOutput COV406 where it was none of ours."""
    met: BaseException | None = error
    while met is not None:
        if isinstance(met, EngineError):
            return met
        met = getattr(met, "cause", None) or met.__cause__
    told = _TOLD.search(str(error))
    if told:
        kind = {"BadInput": BadInput, "Corrupt": Corrupt, "InputOutput": InputOutput, "Locked": Locked}[told["kind"]]
        place = Place("" if told["file"] == str(Place()) else told["file"], int(told["line"] or 0), int(told["column"] or 0))
        return kind.at(told["code"], told["what"].rstrip(), why=(told["why"] or f"told by a worker of {cluster}").rstrip(), fix=(told["fix"] or "").rstrip(), place=place)
    lines = [line.strip() for line in str(error).splitlines() if _FAULT.match(line.strip())]
    if "No space left" in str(error):
        return InputOutput.at("COV402", f"{cluster} cannot write answers: the disk is full", fix="make room and run the same command again: what was finished is kept")
    return InputOutput.at("COV406", f"{cluster} gave up: {lines[-1] if lines else type(error).__name__}", why=lines[0] if lines else "", fix="see the cluster's own log; what was finished is kept")
