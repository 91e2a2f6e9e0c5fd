"""Rows of a warehouse as the index of likeness wants them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.similarity import ConceptText, LabelledConcept, WiderGroup, published_groups, published_namings, published_texts

TABLES: dict[str, list[dict[str, Any]]] = {
    "Title": [{"id": "title/kite maker", "label": "Kite Maker"}, {"id": "title/toys", "label": "Toys"}],
    "NAMES.Title.Occupation": [{"from": "title/kite maker", "to": "occupation/1.00", "naming_kind": "canonical", "source_ref": "a:1"}],
    "NAMES.Title.OccupationGroup": [
        {"from": "title/kite maker", "to": "soc/1", "naming_kind": "direct_match", "source_ref": "b:1"}, {"from": "title/toys", "to": "soc/0", "naming_kind": "group_name", "source_ref": "b:2"},
        {"from": "title/toys", "to": "soc/lost", "naming_kind": "direct_match", "source_ref": "b:3"},
    ],
    "Occupation": [{"id": "occupation/1.00", "description": "Makes kites."}, {"id": "occupation/1.01", "description": None}],
    "Task": [{"id": "task/1", "statement": "Sew sails."}],
    "PERFORMS.Occupation.Task": [{"from": "occupation/1.01", "to": "task/1"}],
    "OccupationGroup": [
        {"id": "soc/1", "description": "Kite people.", "group_level": "detailed"}, {"id": "soc/0", "description": "All toys.", "group_level": "minor"},
        {"id": "soc/round", "description": None, "group_level": "major"},
    ],
    "BROADER.OccupationGroup.OccupationGroup": [{"from": "soc/1", "to": "soc/0"}, {"from": "soc/0", "to": "soc/round"}, {"from": "soc/round", "to": "soc/0"}],
    "BROADER.Occupation.OccupationGroup": [{"from": "occupation/1.01", "to": "soc/1"}, {"from": "occupation/1.00", "to": "soc/1"}],
}  # fmt: skip


class Records:
    """Record tables of a few invented rows."""

    def lexical_rows(self, target: str, columns: Sequence[str] | None = None, batch: int = 10_000) -> Iterable[Sequence[tuple[Any, ...]]]:  # noqa: ARG002 - the protocol names it
        yield [tuple(row[name] for name in columns or row) for row in TABLES[target]]


def test_titles_of_a_detailed_group_name_the_occupation_that_stands_for_it() -> None:
    assert list(published_namings(Records())) == [
        LabelledConcept("Kite Maker", "occupation/1.00", "canonical", "a:1"), LabelledConcept("Kite Maker", "occupation/1.00", "direct_match", "b:1"),
    ]  # fmt: skip


def test_descriptions_tasks_and_definitions() -> None:
    assert list(published_texts(Records())) == [
        ConceptText("occupation/1.00", "Makes kites."), ConceptText("occupation/1.01", "Sew sails."), ConceptText("occupation/1.00", "Kite people."),
    ]  # fmt: skip


def test_groups_up_to_the_widest_even_where_they_go_round() -> None:
    assert set(published_groups(Records())) == {
        WiderGroup(f"occupation/1.0{n}", level, group) for n in (0, 1) for level, group in ((0, "soc/1"), (2, "soc/0"), (3, "soc/round"))
    }  # fmt: skip
