"""What an index of likeness is made of, read from a reconciled warehouse: titles of occupations, texts about them, and the groups they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from engine.similarity.concept_texts import ConceptText, LabelledConcept, WiderGroup

LEVELS = {"detailed": 0, "broad": 1, "minor": 2, "major": 3}


class LexicalRecords(Protocol):
    """What is needed of the reconciled records: rows of a record table, in key order, in batches."""

    def lexical_rows(self, target: str, columns: Sequence[str] | None = None, batch: int = 10_000) -> Iterable[Sequence[tuple[Any, ...]]]:
        """Values of the columns, text, lists of text or None."""


def published_namings(records: LexicalRecords) -> Iterator[LabelledConcept]:
    """Every title of every occupation. A title of a detailed group names the occupation that stands for the group."""
    titles = dict(_rows(records, "Title", ("id", "label")))
    for title, concept, kind, stated in _rows(records, "NAMES.Title.Occupation", ("from", "to", "naming_kind", "source_ref")):
        yield LabelledConcept(titles[title], concept, kind, stated)
    within = _within(records)
    for title, group, kind, stated in _rows(records, "NAMES.Title.OccupationGroup", ("from", "to", "naming_kind", "source_ref")):
        if kind == "direct_match" and group in within:
            yield LabelledConcept(titles[title], within[group], kind, stated)


def published_texts(records: LexicalRecords) -> Iterator[ConceptText]:
    """Descriptions and tasks of occupations, and the definition of a detailed group for its occupation."""
    for concept, text in _rows(records, "Occupation", ("id", "description")):
        if text:
            yield ConceptText(concept, text)
    tasks = dict(_rows(records, "Task", ("id", "statement")))
    for concept, task in _rows(records, "PERFORMS.Occupation.Task", ("from", "to")):
        yield ConceptText(concept, tasks[task])
    within = _within(records)
    for group, text in _rows(records, "OccupationGroup", ("id", "description")):
        if text and group in within:
            yield ConceptText(within[group], text)


def published_groups(records: LexicalRecords) -> Iterator[WiderGroup]:
    """The detailed, broad, minor and major group of every occupation."""
    level = {group: LEVELS.get(name, -1) for group, name in _rows(records, "OccupationGroup", ("id", "group_level"))}
    above = dict(_rows(records, "BROADER.OccupationGroup.OccupationGroup", ("from", "to")))
    for concept, group in _rows(records, "BROADER.Occupation.OccupationGroup", ("from", "to")):
        seen: set[str] = set()
        while group and group not in seen:
            seen.add(group)
            if level.get(group, -1) >= 0:
                yield WiderGroup(concept, level[group], group)
            group = above.get(group, "")


def _within(records: LexicalRecords) -> Mapping[str, str]:
    """The one occupation that stands for a detailed group: the first by key, which is the group's own code where that is an occupation."""
    found: dict[str, str] = {}
    for concept, group in sorted(_rows(records, "BROADER.Occupation.OccupationGroup", ("from", "to"))):
        found.setdefault(group, concept)
    return found


def _rows(records: LexicalRecords, target: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for batch in records.lexical_rows(target, columns):
        yield from batch
