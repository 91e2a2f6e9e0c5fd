"""What the published graph knows of occupations, for expanding labels: their names, descriptions, tasks and groups.

Read from the snapshot's records of occupations alone; links between two publishers' occupations are not opened, so no crosswalk can speak here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.graph import Snapshot
from engine.matching.label_words import LabelWords, once

ONET, ESCO = "Occupation", "EscoOccupation"
READ = ("EscoOccupation", "IscoGroup", "NAMES.Title.Occupation", "Occupation", "PERFORMS.Occupation.Task", "Task", "Title")


@dataclass(frozen=True, slots=True)
class KnownOccupation:
    """One occupation of a publisher: key of its record, the ids people may use for it, its own name, other names, description, tasks, words of its group."""

    key: str
    taxonomy: str
    ids: tuple[str, ...]
    label: str
    names: tuple[str, ...]
    description: str = ""
    tasks: tuple[str, ...] = ()
    group: str = ""
    group_text: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Its own name, then the others."""
        return once((self.label, *self.names))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Occupations by key, with look-ups by id and by levelled name. An empty one knows nothing and is allowed."""

    occupations: tuple[KnownOccupation, ...]
    by_id: Mapping[str, int] = field(default_factory=dict)
    by_own_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    by_any_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def of(self, taxonomy: str) -> tuple[int, ...]:
        """Numbers of one taxonomy's occupations, by key."""
        return tuple(number for number, known in enumerate(self.occupations) if known.taxonomy == taxonomy)


def knowledge_of(occupations: Iterable[KnownOccupation], words: LabelWords) -> Knowledge:
    """Occupations with their look-ups, whatever order they come in."""
    ordered = tuple(sorted(occupations, key=lambda o: o.key))
    own: dict[str, list[int]] = defaultdict(list)
    named: dict[str, list[int]] = defaultdict(list)
    ids: dict[str, int] = {}
    for number, known in enumerate(ordered):
        for given in known.ids:
            ids.setdefault(given, number)
        own[words.plain(known.label)].append(number)
        for label in dict.fromkeys(map(words.plain, known.labels)):
            named[label].append(number)
    return Knowledge(ordered, ids, {k: tuple(v) for k, v in own.items()}, {k: tuple(v) for k, v in named.items()})


def read_knowledge(snapshot: Snapshot, words: LabelWords) -> Knowledge:
    """What a snapshot's records tell. Raises Corrupt where a record file is not what was sealed."""
    held = {entry.name for entry in snapshot.sealed_files()}
    paths = {target: snapshot.verified_path(name) for target in READ if (name := f"records/{target}.parquet") in held}
    return knowledge_of((*_onet(_reader(paths)), *_esco(_reader(paths))), words)


Rows = Callable[[str, tuple[str, ...]], list[dict[str, Any]]]


def _reader(paths: Mapping[str, Path]) -> Rows:
    import pyarrow.parquet as pq

    def rows(target: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
        if target not in paths:
            return []
        found: list[dict[str, Any]] = pq.read_table(paths[target], columns=list(columns)).to_pylist()
        return found

    return rows


def _onet(rows: Rows) -> Iterable[KnownOccupation]:
    title = {r["id"]: r["label"] for r in rows("Title", ("id", "label"))}
    statement = {r["id"]: r["statement"] for r in rows("Task", ("id", "statement"))}
    names: dict[str, list[str]] = defaultdict(list)
    tasks: dict[str, list[str]] = defaultdict(list)
    for r in rows("NAMES.Title.Occupation", ("from", "to")):
        names[r["to"]].append(title[r["from"]])
    for r in rows("PERFORMS.Occupation.Task", ("from", "to")):
        tasks[r["from"]].append(statement[r["to"]])
    for r in rows("Occupation", ("id", "label", "code", "description")):
        key = r["id"]
        yield KnownOccupation(key, ONET, once((key, r["code"] or "")), r["label"], once(sorted(names[key])), r["description"] or "", once(sorted(tasks[key])))


def _esco(rows: Rows) -> Iterable[KnownOccupation]:
    groups = {r["code"]: r for r in rows("IscoGroup", ("code", "label", "description"))}
    for r in rows("EscoOccupation", ("id", "label", "alternate_labels", "code", "concept_address", "description")):
        code = r["code"] or ""
        group = groups.get(code.partition(".")[0])
        text = f"{group['label']} {group['description'] or ''}" if group else ""
        others = once(r["alternate_labels"] or ())
        yield KnownOccupation(
            r["id"], ESCO, once((r["id"], r["concept_address"] or "", code)), r["label"], others, r["description"] or "", (), group["code"] if group else "", text
        )
