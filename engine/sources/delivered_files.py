"""Which file of a folder is which table of a publisher, and which releases the names tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.sources.layout import Publisher, TableLayout

_RELEASE = r"(?P<release>\d+(?:[.-]\d+)*)"


@dataclass(frozen=True, slots=True)
class DeliveredFiles:
    """Files of one release in one folder: names by staged table, and pairs of a name that was taken and one that was left for it.

    `release` is '' where the names tell none.
    """

    release: str
    names: Mapping[str, str]
    left: tuple[tuple[str, str], ...]


def delivered_files(publisher: Publisher, names: frozenset[str]) -> tuple[DeliveredFiles, ...]:
    """Deliveries of a publisher among these names, one for each release that names tell, in order of the releases' text.

    A delivery is one required or telling file, or two of any. Files whose names tell no release belong to every one of the folder.
    """
    met = {layout.staged_table: tuple(_matches(layout, names)) for layout in publisher.tables}
    releases = sorted({release for found in met.values() for _, release in found if release}) or [""]
    result = []
    for release in releases:
        mine = {table: [name for name, told in found if told in ("", release)] for table, found in met.items()}
        taken = {table: found[0] for table, found in mine.items() if found}
        if len(taken) >= 2 or any(layout.telling or not layout.optional for layout in publisher.tables if layout.staged_table in taken):
            left = tuple((found[0], name) for found in mine.values() for name in found[1:])
            result.append(DeliveredFiles(release, taken, left))
    return tuple(result)


def _matches(layout: TableLayout, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Names that may be this table, in the layout's order of preference, each with the release that it tells ('': none)."""
    for wanted in layout.names:
        if "{release}" not in wanted:
            if wanted in names:
                yield wanted, ""
            continue
        before, after = wanted.split("{release}")
        pattern = re.compile(re.escape(before) + _RELEASE + re.escape(after), re.ASCII)
        yield from ((name, told["release"]) for name in sorted(names) if (told := pattern.fullmatch(name)))
