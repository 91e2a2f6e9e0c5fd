"""O*NET put together: its files, its projections in order, its gaps, and how a delivery tells its release."""

from __future__ import annotations

import re

from engine.sources.layout import Publisher
from engine.sources.onet.elements import ELEMENT_PROJECTIONS
from engine.sources.onet.files import FILES
from engine.sources.onet.gaps import GAPS
from engine.sources.onet.occupations import OCCUPATION_PROJECTIONS
from engine.sources.onet.preparation import JOINS, PREPARATION_GAPS, PREPARATION_PROJECTIONS
from engine.sources.onet.tasks import TASK_PROJECTIONS

_READ_ME = re.compile(r"O\*NET\s+(\d+\.\d+)\s+Database", re.IGNORECASE)
_FOLDER = re.compile(r"(?:onet|db)_(\d+)_(\d+)", re.IGNORECASE)


def release_of(folder: str, read_me: str) -> str | None:
    """Release from the Read Me, else from a folder or zip called like `db_30_1_text`."""
    stated = _READ_ME.search(read_me)
    if stated:
        return stated[1]
    named = _FOLDER.search(folder)
    return f"{named[1]}.{named[2]}" if named else None


ONET = Publisher(
    "onet", FILES, (*OCCUPATION_PROJECTIONS, *TASK_PROJECTIONS, *ELEMENT_PROJECTIONS, *PREPARATION_PROJECTIONS), (*GAPS, *PREPARATION_GAPS), JOINS, release_of=release_of,
)  # fmt: skip
