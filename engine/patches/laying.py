"""Changes of a patch laid over records: what does not fit the records is told first, then every change is made, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.contracts import PROVENANCE_COLUMNS, BadInput, Diagnostic
from engine.patches.patch import Change, ParameterChange, RecordChange
from engine.rules import Amendment, Rulebook, amended
from engine.warehouse import Cell, PublishedRecords, may_dangle

READ_BY_BUILD = frozenset({"measures"})  # packs whose parameters are used while publishers' files are read


@dataclass(frozen=True, slots=True)
class Laid:
    """What laying changed: record tables in order, and relationships that went because a retired record was their end."""

    targets: tuple[str, ...]
    went_along: tuple[str, ...]


def refuse_unfit(records: PublishedRecords | None, rulebook: Rulebook, changes: Sequence[Change]) -> None:
    """Raises BadInput with every change that does not fit: WIF110 (not there), WIF111 (there already), WIF112 (several namings),
    WIF113 (an end that is no record), WIF114 (a parameter that only a build reads), and what `rules.amended` finds. `records` may be None where none is changed."""
    faults = [] if records is None else [f for change in changes if isinstance(change, RecordChange) for f in _record_faults(records, change, changes)]
    faults += [
        Diagnostic(c.place, "WIF114", f"`{c.subject}` is read while publishers' files are, not when a title is asked", "an overlay is laid over records that are already made", "change the pack and build")
        for c in changes if isinstance(c, ParameterChange) and c.pack in READ_BY_BUILD
    ]  # fmt: skip
    try:
        amended_rules(rulebook, changes)
    except BadInput as error:
        faults += error.diagnostics
    if faults:
        raise BadInput(*faults)


def amended_rules(rulebook: Rulebook, changes: Sequence[Change]) -> Rulebook:
    """The rulebook with the changed parameters; the same one where none is changed. Raises BadInput as `rules.amended`."""
    wanted = [Amendment(c.pack, c.name, c.since, c.value, c.act == "add", c.place) for c in changes if isinstance(c, ParameterChange)]
    return amended(rulebook, wanted) if wanted else rulebook


def lay(records: PublishedRecords, changes: Sequence[Change], home: Mapping[str, str]) -> Laid:
    """Make the changes, which fit. `home` is the provenance of what is added without one of its own.

    Raises BadInput WIF115 with every relationship of authored content that a retired record would leave leading nowhere.
    """
    touched: set[str] = set()
    along: list[str] = []
    retired: dict[str, RecordChange] = {}
    for change in changes:
        if not isinstance(change, RecordChange):
            continue
        touched.add(change.target)
        if change.act == "retire":
            records.take(change.target, change.identity)
            if "id" in change.identity:
                retired[change.identity["id"]] = change
                if change.with_links:
                    for target, ends in records.links_of(change.identity["id"]):
                        records.take(target, ends)
                        touched.add(target)
                        along.append(f"{target.partition('.')[0]} {ends['from']} -> {ends['to']}")
            continue
        for row in _rows(records, change, home):
            records.take(change.target, {name: str(row[name]) for name in ("id", "from", "to", "naming_kind") if row.get(name) is not None})
            records.put(change.target, row)
    faults: list[Diagnostic] = []
    for link in records.loose_links({c.target for c in retired.values()}):
        if link.source != home["source"] or may_dangle(link.target):
            # a build drops what a publisher states of a record that is not there
            records.drop_loose(link)
            touched.add(link.target)
            along.append(f"{link.target.partition('.')[0]} {link.start} -> {link.end}")
        else:
            what = f"{link.target.partition('.')[0]} {link.start} -> {link.end} ({link.source_ref}) would lead nowhere"
            faults.append(Diagnostic(retired[link.absent].place, "WIF115", what, "an authored relationship joins two records", "retire it too, or write `with_links: true`"))
    if faults:
        raise BadInput(*faults)
    return Laid(tuple(sorted(touched)), tuple(sorted(along)))


def _rows(records: PublishedRecords, change: RecordChange, home: Mapping[str, str]) -> Iterator[dict[str, Cell]]:
    """The rows that will stand."""
    if change.act == "add":
        yield {**change.identity, **change.cells, **home, "source_ref": str(change.place), **change.stamp}
        return
    for found in records.find(change.target, change.identity):
        kept = dict(found)
        if change.whole:
            kept = {n: found[n] for n in (*change.identity, "naming_kind", *PROVENANCE_COLUMNS) if n in found}
        # what a publisher states stays the publisher's word: another value is the author's
        stamp = {} if found["source"] == home["source"] else {**home, "source_ref": str(change.place)}
        yield {**kept, **change.cells, **stamp, **change.stamp}


def _record_faults(records: PublishedRecords, change: RecordChange, changes: Sequence[Change]) -> Iterator[Diagnostic]:
    found = records.find(change.target, change.identity)
    if change.act == "add":
        if found:
            yield Diagnostic(change.place, "WIF111", f"{change.subject} is there already", "a key names one record", "replace it instead")
        yield from _end_faults(records, change, changes)
    elif not found:
        yield Diagnostic(change.place, "WIF110", f"{change.subject} is not in this snapshot", "only what is there can be replaced or retired", "look with `wig explore`, or add it")
    elif len(found) > 1:
        kinds = ", ".join(str(row.get("naming_kind")) for row in found)
        yield Diagnostic(change.place, "WIF112", f"{change.subject} stands {len(found)} times", "a naming is known by its kind too", f"add `naming_kind:`, one of {kinds}")


def _end_faults(records: PublishedRecords, change: RecordChange, changes: Sequence[Change]) -> Iterator[Diagnostic]:
    if "from" not in change.identity or may_dangle(change.target):
        return
    _, start, end = change.target.split(".")
    added = {c.identity["id"] for c in changes if isinstance(c, RecordChange) and c.act == "add" and "id" in c.identity}
    for key, name in ((change.identity["from"], start), (change.identity["to"], end)):
        if key not in added and not records.find(name, {"id": key}):
            yield Diagnostic(change.place, "WIF113", f"`{key}` is no {name} of this snapshot", "a link joins two records", "name one that exists, or add it in the same patch")
