"""The candidates as concepts: which labels mean the same, and all that is written of each, in the list and in the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.matching.knowledge import ESCO, ONET, Knowledge, KnownOccupation
from engine.matching.label_list import LabelRow
from engine.matching.label_words import LabelWords, once


@dataclass(frozen=True, slots=True)
class Concept:
    """What some labels mean: its key, rows of the list (their numbers), own label, all labels, description, group and words of the group.

    `expanded_by` is the record of the graph that added to it; empty where the graph does not know it.
    """

    key: str
    rows: tuple[int, ...]
    label: str
    labels: tuple[str, ...]
    description: str
    group: str
    group_text: str
    expanded_by: str


def concepts_of(rows: Sequence[LabelRow], knowledge: Knowledge, words: LabelWords) -> tuple[Concept, ...]:
    """Concepts by key. Rows share one by their `concept`, else by the occupation that their id or label names in the graph; a label of several
    occupations stands under each."""
    told = any(row.concept for row in rows)
    taxonomy = "" if told else _taxonomy(rows, knowledge, words)
    members: dict[str, list[int]] = defaultdict(list)
    known: dict[str, KnownOccupation] = {}
    for number, row in enumerate(rows):
        for key, occupation in _meant(row, knowledge, words, taxonomy):
            members[key].append(number)
            if occupation is not None:
                known[key] = occupation
    return tuple(_concept(key, [(n, rows[n]) for n in members[key]], known.get(key)) for key in sorted(members))


def _taxonomy(rows: Sequence[LabelRow], knowledge: Knowledge, words: LabelWords) -> str:
    """The publisher whose occupations the labels name most; a list without concepts is read by that one alone."""
    counts = {ESCO: 0, ONET: 0}
    for row in rows:
        for taxonomy in {knowledge.occupations[number].taxonomy for number in knowledge.by_any_name.get(words.plain(row.label), ())}:
            counts[taxonomy] += 1
    best = max(counts, key=lambda t: (counts[t], t))
    return best if counts[best] * 2 > len(rows) else ""


def _meant(row: LabelRow, knowledge: Knowledge, words: LabelWords, taxonomy: str) -> list[tuple[str, KnownOccupation | None]]:
    number = knowledge.by_id.get(row.concept or row.id)
    if number is not None:
        return [(row.concept or row.id, knowledge.occupations[number])]
    if row.concept or not taxonomy:
        return [(row.concept or row.id, None)]
    named = [knowledge.occupations[n] for n in knowledge.by_any_name.get(words.plain(row.label), ())]
    return [(occupation.key, occupation) for occupation in named if occupation.taxonomy == taxonomy] or [(row.id, None)]


def _concept(key: str, rows: Sequence[tuple[int, LabelRow]], known: KnownOccupation | None) -> Concept:
    listed = [row for _, row in rows]
    own = next((row for row in listed if row.id == key), listed[0])
    label = known.label if known else own.label
    labels = once((label, *(r.label for r in listed), *(a for r in listed for a in r.alternatives), *(known.labels if known else ())))
    descriptions = once((*(r.description.strip() for r in listed), known.description if known else ""))
    group, text = (known.group, known.group_text) if known else ("", "")
    return Concept(key, tuple(n for n, _ in rows), label, labels, " ".join(descriptions), group, text, known.key if known else "")


def names_of_groups(concepts: Iterable[Concept]) -> dict[str, tuple[str, ...]]:
    """All labels that stand in a group, by group."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept in concepts:
        if concept.group:
            found[concept.group].extend(concept.labels)
    return {group: once(labels) for group, labels in sorted(found.items())}
