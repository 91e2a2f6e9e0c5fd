"""Two releases of one source: both built to reconciled records from the same folder, then compared."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.build import frequency_times
from engine.contracts import BadInput
from engine.licensing import LicencePolicy, LicensedSource
from engine.rules import load_rulebook
from engine.sources import PUBLISHERS, Delivery, Ledger, Publisher, discover, embedded_soc, load_ledger, read_wedge
from engine.warehouse import ReleaseDifference, ReleaseSide, Warehouse, compare_sides, keep_side

Say = Callable[[str], None]
CROSSWALK = "FormerCode"
_RELEASE = re.compile(r"(?P<name>[a-z0-9-]+)@(?P<release>[A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class ReleaseComparison:
    """A difference, the title of its source, and both releases as their licence sees them."""

    source: str
    title: str
    releases: tuple[LicensedSource, ...]
    difference: ReleaseDifference

    def policy(self) -> LicencePolicy:
        """What may leave of it, by the rules of this installation. Raises BadInput LIC101 where they hold no licence policy."""
        return LicencePolicy(load_rulebook(), self.releases, date.max)


def release_named(text: str) -> tuple[str, str]:
    """Source and release from `onet@29.1`. Raises BadInput CMP101."""
    met = _RELEASE.fullmatch(text)
    if met is None:
        raise BadInput.at("CMP101", f"`{text}` names no release", fix="write SOURCE@RELEASE, for instance onet@29.1")
    return met["name"], met["release"]


def compare_releases(source_dir: Path, before: str, after: str, say: Say = lambda _: None) -> ReleaseComparison:
    """Compare two delivered releases of one source (`onet@29.1`, `onet@30.1`).

    Raises BadInput CMP101 (no release), CMP102 (two sources), CMP103 (a source that is not read from files), CMP104 (one release twice),
    and whatever the files raise.
    """
    (name, first), (other, second) = release_named(before), release_named(after)
    if name != other:
        raise BadInput.at("CMP102", f"{before} and {after} are two sources", why="a difference is between two releases of one source", fix="name two releases of the same source")
    ledger = load_ledger()
    readable = [p.name for p in PUBLISHERS]
    if name not in readable:
        raise BadInput.at("CMP103", f"`{name}` is no source whose releases can be compared", fix=f"use one of {', '.join(sorted(readable))}")
    if first == second:
        raise BadInput.at("CMP104", f"{before} is named twice", why="a release does not differ from itself", fix="name an earlier and a later release")
    with tempfile.TemporaryDirectory(prefix="wig-diff-") as scratch:
        sides: list[ReleaseSide] = []
        for place, release in enumerate((first, second)):
            say(f"read {name}@{release}")
            sides.append(_side(source_dir, ledger, name, release, Path(scratch) / str(place), say))
        say("compare the records")
        difference = compare_sides(sides[0], sides[1])
    stated = [ledger.origin(name, release).source_record() for release in (first, second)]
    licensed = tuple(LicensedSource(*(r[c] for c in ("id", "label", "owner", "licence", "allowed_use", "citation"))) for r in stated)
    return ReleaseComparison(name, ledger.entry(name).title, licensed, difference)


def _side(source_dir: Path, ledger: Ledger, name: str, release: str, scratch: Path, say: Say) -> ReleaseSide:
    """One release, reconciled with what its own records lean on, and kept on disk; the warehouse is closed again."""
    found = discover(source_dir, ledger, {name: release}, scratch)
    wanted = [d for d in found.deliveries if _needed(d, name, ledger)]
    with Warehouse(scratch / "warehouse", progress=lambda message: say(f"  {message}")) as warehouse:
        warehouse.load_rows(embedded_soc(ledger))
        warehouse.load_rows(read_wedge(ledger).rows)
        for delivery in wanted:
            warehouse.stage(delivery)
        warehouse.stage_nothing(_unstaged(wanted))
        times = frequency_times(load_rulebook())
        for delivery in wanted:
            warehouse.project(delivery, times)
        warehouse.reconcile()
        compared = next(d for d in wanted if d.publisher.name == name)
        return keep_side(warehouse, scratch / "records", f"{name}@{release}", _files(compared))


def _needed(delivery: Delivery, name: str, ledger: Ledger) -> bool:
    """The source itself, those that stand before it in the ledger (its rows may join theirs), and publishers of crosswalks of codes."""
    publisher = delivery.publisher
    return delivery.origin.rank <= ledger.origin(name).rank or any(p.target == CROSSWALK for p in publisher.projections)


def _unstaged(wanted: list[Delivery]) -> list[Publisher]:
    staged = {d.publisher.name for d in wanted}
    return [p for p in PUBLISHERS if p.name not in staged]


def _files(delivery: Delivery) -> dict[str, tuple[str, ...]]:
    """For each layout that came (under its general name): the names by which rows may refer to its file."""
    release = delivery.origin.release
    return {
        t.layout.file: tuple(dict.fromkeys((t.layout.file.replace("{release}", release), *(a.replace("{release}", release) for a in t.layout.alternatives), t.path.name)))
        for t in delivery.tables if t.layout.projected
    }  # fmt: skip
