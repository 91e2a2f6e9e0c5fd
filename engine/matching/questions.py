"""A query made ready: its own words, the words also said for them, all its names and what is written of it, its own or the graph's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.matching.knowledge import ESCO, ONET, Knowledge
from engine.matching.label_list import LabelRow
from engine.matching.label_words import LabelWords, once


@dataclass(frozen=True, slots=True)
class Question:
    """One query. `plain` are its levelled words, `asked` those that tell the work, `said` these with other words for them,
    `names` and `written` levelled texts (never empty);
    `expanded_by` is the record of the graph that it names (empty: none), `added` the other words."""

    id: str
    label: str
    plain: str
    asked: str
    said: str
    names: tuple[str, ...]
    written: tuple[str, ...]
    expanded_by: str
    added: str

    @property
    def known(self) -> bool:
        """Whether more than its own label speaks for it."""
        return bool(self.expanded_by) or len(self.names) > 1 or self.written != (self.said,)


def questions_of(rows: Sequence[LabelRow], knowledge: Knowledge, words: LabelWords) -> tuple[Question, ...]:
    """Queries in order. One names an occupation of the graph by id (code, address, key) or by the occupation's own name."""
    return tuple(_question(row, knowledge, words) for row in rows)


def _question(row: LabelRow, knowledge: Knowledge, words: LabelWords) -> Question:
    asked = words.asked(row.label)
    added = words.also_said(asked)
    said = f"{asked} {added}" if added else asked
    number = _named(row, knowledge, words)
    names, texts = [row.label, *row.alternatives], [row.description]
    if number is not None:
        known = knowledge.occupations[number]
        names += known.labels
        texts += [known.description, *known.tasks]
    levelled = once(words.plain(name) for name in names) if len(once(names)) > 1 else (said,)
    written = once(words.plain(text) for text in texts) or (said,)
    return Question(row.id, row.label, words.plain(row.label), asked, said, levelled or (said,), written, knowledge.occupations[number].key if number is not None else "", added)


def _named(row: LabelRow, knowledge: Knowledge, words: LabelWords) -> int | None:
    for given in (row.id, row.concept):
        if given and given in knowledge.by_id:
            return knowledge.by_id[given]
    named = knowledge.by_own_name.get(words.plain(row.label), ())
    for taxonomy in (ONET, ESCO):
        found = [n for n in named if knowledge.occupations[n].taxonomy == taxonomy]
        if len(found) == 1:
            return found[0]
    return None
