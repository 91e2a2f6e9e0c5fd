"""Where authored content stands, down to the field and the item of a list; extents of the text for whoever draws it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import yaml

from engine.contracts import Place
from engine.documents import Document
from engine.sources.format_faults import DocumentPath

try:  # as engine.documents does: the C parser where there is one
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

ASSOCIATION = "association/"
# columns and relations whose key in the document is not their own name, by class: "." the record itself, "^key" of the file, "<key" beside the record
FIELDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "RoleFamily": {},
    "Occupation": {"label": "name", "broader": "code"},
    "Evidence": {"evidence_kind": "kind", "value_unit": "unit", "cited_work": "cited"},
    "Role": {
        "in_family": "^family", "in_function": "function", "falls_back_to": "function", "at_seniority": "seniority", "supported_by": "approval",
        "maps_to": "occupations", "has_workflow": "workflows", "performs": "workflows",
    },
    "Workflow": {"produces": "deliverable", "covers": "tasks"},
    "Task": {"aligns_with": "onet_tasks", "afforded_by": "affordance"},
    "Affordance": {"risk_level": "risk", "requires_capability": "requires", "supported_by": "evidence"},
    "Capability": {"ladder_level": "level"},
    "Module": {"ladder_level": "level", "effort_hours": "hours", "supported_by": "approval", "prerequisite": "prerequisites", "practised_by": "exercise"},
    "Exercise": {"effort_hours": "hours", "graded_by": "<rubric"},
    "Rubric": {"has_criterion": "criteria", "supported_by": "approval", "version": "<version", "modified": "<modified"},
    "Criterion": {"label": "claim", "check_type": "check"},
    "Function": {"supported_by": "approval", "has_workflow": "workflows"},
    "Archetype": {"supported_by": "approval", "has_workflow": "workflows"},
    "Policy": {"legal_citation": "citation", "effective_from": "effective", "constrains": "workflows"},
    "Title": {"label": "."},
})  # fmt: skip
Stretch = tuple[int, int, int, int]
LINK_FIELDS: Mapping[str, str] = MappingProxyType({"mapping_relation": "relation"})


@dataclass(frozen=True, slots=True)
class Passage:
    """What was written in one place of a document: a record of class `target`, or a relationship where `target` is ''."""

    document: Document
    path: DocumentPath
    target: str = ""

    @property
    def place(self) -> Place:
        """Where it begins; where its nearest ancestor does if it is not there."""
        return self.document.place(self.path)

    def field(self, column: str) -> DocumentPath | None:
        """Path of the value of a column or relation; None where no key of the document gives it."""
        name = (FIELDS.get(self.target, {}) if self.target else LINK_FIELDS).get(column, column)
        match name[0]:
            case ".":
                return self.path
            case "^":
                return (name[1:],)
            case "<":
                return (*self.path[:-1], name[1:])
        return (*self.path, name) if isinstance(value_at(self.document.value, self.path), dict) else None

    def referring(self, value: str) -> DocumentPath | None:
        """Path of the first list of the record in which the record of key `value` is named."""
        own = value_at(self.document.value, self.path) if "/" in value else None
        return next(((*self.path, name) for name, items in own.items() if isinstance(items, list) and any(holds(i, value) for i in items)), None) if isinstance(own, dict) else None

    def column(self, path: DocumentPath) -> str:
        """Column or relation that a key below this passage gives; the key itself where it gives none."""
        named = str(path[len(self.path)]) if len(path) > len(self.path) else ""
        return next((c for c, name in FIELDS.get(self.target, {}).items() if name == named and named), named)


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of a file: where it begins and (exclusive, from 1; 0 unknown) ends, its YAML path, and whether it is the thing itself or what stands around it."""

    place: Place
    end_line: int = 0
    end_column: int = 0
    path: DocumentPath = ()
    exact: bool = True


@dataclass(frozen=True)
class Positions:
    """Where each record (by key) and relationship (by table, start, end) was written, keys written twice, and the text of each file."""

    records: Mapping[str, Passage] = field(default_factory=dict)
    links: Mapping[tuple[str, str, str], Passage] = field(default_factory=dict)
    doubled: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)

    def passage(self, record_key: str) -> Passage | None:
        """Where a record was written, or the relationship that an association key names."""
        if record_key.startswith(ASSOCIATION):
            _, table, ends = record_key.split("/", 2)
            start, _, end = ends.partition("--")
            return self.links.get((table, start, end)) or self.records.get(start)
        return self.records.get(record_key)

    def find(self, record_key: str, column: str = "", value: str = "") -> Position | None:
        """Field `column` of a record, or the item of its list that holds `value` (a lexical form or the key of a record).

        Without a column: the item of any list of the record that refers to the record `value`. Falls back to the record where
        nothing of it is written; None for a record of another source.
        """
        passage = self.passage(record_key)
        if passage is None:
            return None
        path = passage.field(column) if column else passage.referring(value)
        if path is None or path not in passage.document.places:
            return self._position(passage.document, passage.path, exact=not column)
        items = value_at(passage.document.value, path)
        if value and isinstance(items, list):
            path = next(((*path, n) for n, item in enumerate(items) if holds(item, value)), path)
        return self._position(passage.document, path, exact=True)

    def at(self, place: Place) -> Position:
        """The stretch of text that begins at a place."""
        line, column, end_line, end_column = self._stretch(place)
        return Position(Place(place.file, line, column, place.path), end_line, end_column)

    def record_at(self, file: str, path: DocumentPath) -> tuple[str, str]:
        """Key of the innermost record around a path of a file, and the column that the path gives; ('', '') outside every record."""
        around = [(len(p.path), key) for key, p in self.records.items() if p.document.file == file and len(p.path) < len(path) and path[: len(p.path)] == p.path]
        if not around:
            return "", ""
        record_key = max(around)[1]
        return record_key, self.records[record_key].column(path)

    def value(self, file: str, path: DocumentPath) -> Any:
        """What stands at a path of a file; None where nothing does, and for the file as a whole."""
        document = next((p.document for p in self.records.values() if p.document.file == file), None)
        return value_at(document.value, path) if document is not None and path else None

    def written(self, file: str, path: DocumentPath) -> str:
        """The plain value at a path of a file as text; '' for lists, mappings and what is not there."""
        value = self.value(file, path)
        return "" if value is None or isinstance(value, (dict, list)) else str(value).lower() if isinstance(value, bool) else str(value)

    def lines(self, file: str, first: int, last: int) -> tuple[tuple[int, str], ...]:
        """Lines of a file with their numbers, from 1; those that the file does not have are left out."""
        every = self.texts.get(file, "").split("\n")
        return tuple((n, every[n - 1].rstrip("\r")) for n in range(max(first, 1), min(last, len(every)) + 1))

    def _position(self, document: Document, path: DocumentPath, *, exact: bool) -> Position:
        place = document.place(path)
        line, column, end_line, end_column = self._stretch(place)
        return Position(Place(place.file, line, column, place.path), end_line, end_column, path, exact)

    def _stretch(self, place: Place) -> Stretch:
        begun = place.line, place.column
        return stretches(self.texts.get(place.file, "")).get(begun, (*begun, 0, 0))


@lru_cache(maxsize=64)
def stretches(text: str) -> Mapping[tuple[int, int], Stretch]:
    """By line and column where a value of a YAML text begins: the stretch of one line that shows it. Empty for a text that is not YAML."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        return {}
    return dict(_shown(root, text.split("\n"))) if root is not None else {}


def _shown(root: yaml.Node, lines: Sequence[str]) -> Iterator[tuple[tuple[int, int], Stretch]]:
    waiting = [(root, root)]
    while waiting:
        node, name = waiting.pop()
        start, end = node.start_mark, node.end_mark
        block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        shown = name.start_mark if block else start  # the sign of a block says little: its key says which text it is
        same = end.line == start.line and end.column > start.column and not block
        last = end.column if same else len(lines[start.line].rstrip())
        yield (start.line + 1, start.column + 1), (shown.line + 1, shown.column + 1, start.line + 1, last + 1)
        if isinstance(node, yaml.MappingNode):
            waiting += [(value, key) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(child, child) for child in node.value]


def value_at(value: Any, path: DocumentPath) -> Any:
    """The value at a path of a document; None where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def holds(item: Any, value: str) -> bool:
    """Whether an item of a list stands for a value: the same text, or a reference (its own or in `id` or `code`) to the record of that key."""
    if isinstance(item, dict):
        return any(holds(item[name], value) for name in ("id", "code") if name in item)
    local = value.partition("/")[2]
    return str(item) == value or (local != "" and str(item) in (local, local.rpartition(".")[2]))
