"""Titles, terms and seniorities of a reconciled warehouse, as the title index wants them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Protocol

from engine.resolver.title_rows import TitleRow
from engine.resolver.vocabulary import SeniorityTerm

NAMED = ("Role", "Occupation", "OccupationGroup", "Function", "Archetype")
STAMP = ("source", "source_ref", "release", "licence", "confidence")


class LexicalRecords(Protocol):
    """What is needed of the reconciled records: rows of a record table, in key order, in batches."""

    def lexical_rows(self, target: str, columns: Sequence[str] | None = None, batch: int = 10_000) -> Iterable[Sequence[tuple[Any, ...]]]:
        """Values of the columns, text, lists of text or None."""


def published_titles(records: LexicalRecords) -> Iterator[TitleRow]:
    """Every naming, then the terms of functions and archetypes and the specialisms of roles; the index puts them in order."""
    titles = dict(record_rows(records, "Title", ("id", "label")))
    labels = {name: dict(record_rows(records, name, ("id", "label"))) for name in NAMED}
    for name in NAMED:
        for title, key, kind, *stamp in record_rows(records, f"NAMES.Title.{name}", ("from", "to", "naming_kind", *STAMP)):
            yield _title_row(titles[title], key, labels[name][key], kind, stamp)
    for name, column, kind in (("Function", "terms", "term"), ("Archetype", "terms", "term"), ("Role", "specialisms", "specialism")):
        for key, words, *stamp in record_rows(records, name, ("id", column, *STAMP)):
            for text in words or ():
                yield _title_row(text, key, labels[name][key], kind, stamp)


def published_seniorities(records: LexicalRecords) -> Iterator[SeniorityTerm]:
    """Every term of every seniority, with its rank."""
    for key, rank, terms in record_rows(records, "Seniority", ("id", "rank", "terms")):
        for text in terms or ():
            yield SeniorityTerm(tuple(str(text).lower().split()), key, int(rank))


def record_rows(records: LexicalRecords, target: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of a record table, one by one."""
    for batch in records.lexical_rows(target, columns):
        yield from batch


def _title_row(text: str, key: str, label: str, kind: str, stamp: Sequence[str]) -> TitleRow:
    source, source_ref, release, licence, confidence = stamp
    return TitleRow(text, key, label, kind, source, source_ref, release, licence, Decimal(confidence))
