"""Lists of the market taken in: every folder with a manifest below the source folder becomes observed titles, or is refused with a reason.

A list is a source of its own, `source/market@<name>-<date>`, of the layer market_signal, under the licence that its manifest states. Titles
that fold to one string are one observed title; its label is the commonest spelling, of equals the first in code point order. The rows go
into two record tables and no others, whatever a list or its manifest says.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from engine.contracts import BadInput, Diagnostic, Fingerprint, Place, key, sha256_hex
from engine.sources.ledger import Ledger, Origin
from engine.sources.ledger_format import KnownRelease
from engine.sources.market.guard import NO_COUNT, ContentGuard, IntakeDrop, guard_names, refuse_a_list_of_persons, title_faults
from engine.sources.market.listing import Listing, open_listing
from engine.sources.market.manifest import MANIFEST, Manifest, read_manifest
from engine.sources.market.policy import IntakePolicy
from engine.sources.naming import title_key
from engine.sources.rows import Row, SourceRows

OBSERVED, SPELLED = "ObservedTitle", "SPELLED_AS.ObservedTitle.Title"
MAX_DEPTH = 2
TAKEN_IN = ("ship", "runtime")
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, order=True)
class IntakeFinding:
    """What came in of one list. `rows_kept` are rows behind an observed title; `unread` columns were declared by nobody."""

    release: str
    file: str
    rows_in: int
    rows_kept: int
    titles: int
    dropped: tuple[IntakeDrop, ...]
    unread: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MarketList:
    """One list: its origin and its titles as (local key, label, observations, line of the first row), in order of the key."""

    origin: Origin
    file: str
    titles: tuple[tuple[str, str, int, int], ...]

    def rows(self, known: Container[str]) -> SourceRows:
        """Observed titles, and SPELLED_AS to those titles whose keys are `known`."""
        observed: list[Row] = []
        spelled: list[Row] = []
        for local, label, count, line in self.titles:
            stamp = self.origin.provenance(f"{self.file}:{line}", derived_by="market.titles")
            record = key("observed", f"{self.origin.release}.{local}")
            observed.append({"id": record, "label": label, "observations": str(count), **stamp})
            if key("title", local) in known:
                spelled.append({"from": record, "to": key("title", local), "join_method": "same_text", **stamp})
        return SourceRows(self.origin, {OBSERVED: observed, SPELLED: spelled})


@dataclass(frozen=True, slots=True)
class Intake:
    """All lists in order of their release, what was found in each, and the fingerprints of manifests and files."""

    lists: tuple[MarketList, ...]
    findings: tuple[IntakeFinding, ...]
    fingerprints: tuple[Fingerprint, ...]

    def rows(self, known: Container[str] = frozenset()) -> Iterator[SourceRows]:
        """Rows of each list for the warehouse; `known` holds the keys of the graph's titles."""
        return (one.rows(known) for one in self.lists)

    @property
    def gaps(self) -> tuple[str, ...]:
        """One sentence for each list, and one for each thing that was left out."""
        return tuple(_sentences(self.findings))


def read_market(source_dir: Path | None, ledger: Ledger, policy: IntakePolicy, say: Progress = lambda _: None) -> Intake:
    """Take in every list below a folder (at most MAX_DEPTH folders down); none is no fault.

    Raises BadInput with the faults of all lists: SRC362, SRC363 (manifest), SRC364 to SRC367 (file), SRC368, SRC369 (refused by the guard),
    SRC370 (two lists of one name and date), SRC372 (too many titles); InputOutput SRC201.
    """
    lists: list[MarketList] = []
    findings: list[IntakeFinding] = []
    fingerprints: list[Fingerprint] = []
    faults: list[Diagnostic] = []
    seen: dict[str, Path] = {}
    for folder in list_folders(source_dir):
        try:
            manifest = read_manifest(folder / MANIFEST)
            if manifest.release in seen:
                raise BadInput.at("SRC370", f"two lists are called {manifest.release}", why="their titles could not be told apart", fix="give one another name or date", place=Place(str(folder / MANIFEST)))
            seen[manifest.release] = folder
            say(f"reading the title list {manifest.release}")
            one, finding, prints = _read(folder, manifest, ledger, policy)
        except BadInput as error:
            faults.extend(error.diagnostics)
            continue
        lists.extend([one] if manifest.allowed_use in TAKEN_IN else [])
        findings.append(finding)
        fingerprints.extend(prints)
    if faults:
        raise BadInput(*faults)
    return Intake(tuple(sorted(lists, key=lambda m: m.origin.release)), tuple(sorted(findings)), tuple(sorted(fingerprints)))


def list_folders(source_dir: Path | None) -> tuple[Path, ...]:
    """Folders that hold a manifest, the given one and those at most MAX_DEPTH below, in order of their names; links are not followed."""
    found: list[Path] = []
    pending = [(source_dir, 0)] if source_dir is not None and source_dir.is_dir() else []
    while pending:
        folder, depth = pending.pop()
        try:
            names = sorted(os.listdir(folder))
        except OSError:  # discovery, which looks at every folder, says so
            continue
        if MANIFEST in names:
            found.append(folder)
        elif depth < MAX_DEPTH:
            pending.extend((folder / n, depth + 1) for n in names if not n.startswith(".") and (folder / n).is_dir() and not (folder / n).is_symlink())
    return tuple(sorted(found))


def origin_of(manifest: Manifest, ledger: Ledger) -> Origin:
    """The ledger's entry for market lists with what the manifest says: title, owner, licence, use, date. Layer, confidence and rank are the ledger's."""
    ledgers = ledger.origin("market")
    citation = manifest.citation or f"{manifest.title}, collected {manifest.collected.isoformat()}, {manifest.owner}."
    entry = ledgers.entry.model_copy(update={
        "title": manifest.title, "owner": manifest.owner, "licence": manifest.licence, "allowed_use": manifest.allowed_use, "runtime_eligible": manifest.allowed_use in TAKEN_IN,
        "licence_text": f"As the manifest of the list states: {manifest.licence}.", "citation": citation, "attribution": citation,
        "releases": (KnownRelease(release=manifest.release, release_date=manifest.collected.isoformat()),),
    })  # fmt: skip
    return Origin(entry, manifest.release, ledgers.rank, ledgers.ledger_line)


def _read(folder: Path, manifest: Manifest, ledger: Ledger, policy: IntakePolicy) -> tuple[MarketList, IntakeFinding, tuple[Fingerprint, ...]]:
    listing = open_listing(folder, manifest)
    guard = ContentGuard(listing, policy, guard_names(listing, policy))
    collected = _collect(listing, guard, policy)
    met = title_faults(list(collected.rows), policy)
    refuse_a_list_of_persons(listing, policy, met.values(), len(collected.rows))
    lost: Counter[tuple[str, str]] = Counter()
    for text, fault in met.items():
        lost[fault] += collected.rows[text]
    drops = [*guard.judged(), *(IntakeDrop(code, kind, 0, n) for (code, kind), n in lost.items()), *([IntakeDrop(NO_COUNT, "count", 0, collected.uncounted)] if collected.uncounted else [])]
    titles, kept = _titles(collected, met), sum(collected.rows.values()) - sum(lost.values())
    reason = "" if manifest.allowed_use in TAKEN_IN else f"its allowed use is {manifest.allowed_use}: it was checked and nothing of it is in the graph"
    finding = IntakeFinding(manifest.release, manifest.file, collected.rows_in, kept, len(titles), tuple(sorted(drops)), len(listing.header) - len(manifest.columns), reason)
    raw = (folder / MANIFEST).read_bytes()
    prints = (
        Fingerprint("source", f"market@{manifest.release}/{MANIFEST}", sha256_hex(raw), len(raw)),
        Fingerprint("source", f"market@{manifest.release}/{manifest.file}", sha256_hex(listing.raw), len(listing.raw)),
    )
    return MarketList(origin_of(manifest, ledger), manifest.file, titles), finding, prints


@dataclass(slots=True)
class _Collected:
    """By title, as it is spelled: rows, observations, line of the first row. Plain numbers, since there may be millions of them."""

    rows: dict[str, int] = field(default_factory=dict)
    observations: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    rows_in: int = 0
    uncounted: int = 0

    def add(self, title: str, rows: int, observations: int, line: int) -> None:
        self.rows[title] = self.rows.get(title, 0) + rows
        self.observations[title] = self.observations.get(title, 0) + observations
        self.first[title] = min(self.first.get(title, line), line)


def _collect(listing: Listing, guard: ContentGuard, policy: IntakePolicy) -> _Collected:
    """Every row counted once, white space in a title made one blank. Raises BadInput SRC372."""
    found = _Collected()
    rows, observations, first = found.rows, found.observations, found.first
    limit = policy.limits.distinct_titles
    for chunk in listing.chunks(int(policy.limits.cell_characters.value)):
        guard.look(chunk)
        found.rows_in += len(chunk.lines)
        counts: Iterable[int] = repeat(1)
        if listing.count_position is not None:
            numbers = chunk.columns[listing.count_position]
            told = {text: int(text) if _COUNT.fullmatch(text.strip()) else 0 for text in set(numbers)}
            counts = map(told.__getitem__, numbers)
        for cell, count, line in zip(chunk.columns[listing.title_position], counts, chunk.lines, strict=False):
            if not count:
                found.uncounted += 1
            elif cell in rows:
                rows[cell] += 1
                observations[cell] += count
            else:
                rows[cell], observations[cell], first[cell] = 1, count, line
        if len(rows) > limit.value:
            raise BadInput.at("SRC372", f"more than {limit.value} distinct titles", why=limit.reason, fix="split the list, or leave out what is no title", place=Place(listing.shown))
    for cell in list(rows):
        if (text := " ".join(cell.split())) != cell:
            found.add(text, rows.pop(cell), observations.pop(cell), first.pop(cell))
    return found


def _titles(collected: _Collected, forbidden: Mapping[str, object]) -> tuple[tuple[str, str, int, int], ...]:
    """One title for each folded string that is not forbidden, in order of its key."""
    keys: dict[str, str] = {}
    more: dict[str, list[str]] = {}
    for text in collected.rows:
        if text not in forbidden and keys.setdefault(local := title_key(text).partition("/")[2], text) is not text:
            more.setdefault(local, []).append(text)
    seen, first = collected.observations, collected.first
    found = []
    for local, text in keys.items():
        if local in more:
            spelt = [text, *more[local]]
            found.append((local, min(spelt, key=lambda t: (-seen[t], t)), sum(map(seen.__getitem__, spelt)), min(map(first.__getitem__, spelt))))
        else:
            found.append((local, text, seen[text], first[text]))
    return tuple(sorted(found))


def _sentences(findings: tuple[IntakeFinding, ...]) -> Iterator[str]:
    for f in findings:
        yield f"title list {f.release}: {f.titles:,} titles from {f.rows_kept:,} of {f.rows_in:,} rows{f'; {f.reason}' if f.reason else ''}"
        for d in f.dropped:
            where = f"column {d.column} ({d.kind}) left out, with {d.count:,} filled cells" if d.column else f"{d.count:,} rows left out ({d.kind})"
            yield f"title list {f.release}: {d.code} {where}"
        if f.unread:
            yield f"title list {f.release}: {f.unread} columns that the manifest does not declare were looked at by the guard and not read"
