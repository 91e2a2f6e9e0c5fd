"""Every value of the authored content is found where it was written, what is not written at the record; and reading goes on past faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel, TypeAdapter

from engine.contracts import BadInput
from engine.sources import WedgeSurvey, load_ledger, read_wedge, snippet, survey_wedge
from engine.sources.wedge_format import AuthoredFile

LANTERNS = "families/lanterns.yaml"
# made by the engine: no key of the document gives them
DERIVED = {"id", "from", "to", "identifier", "language", "creator", "position", "task_type", "code", "naming_kind", "importance", "source", "source_ref", "release", "licence", "confidence", "derived_by"}


def survey(folder: Path) -> WedgeSurvey:
    return survey_wedge(load_ledger(), folder)


def text_at(folder: Path, place: Any) -> str:
    return (folder / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1][place.column - 1 :]


def edit(folder: Path, old: str, new: str, file: str = LANTERNS) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def written(value: str) -> str:
    """The beginning of a value as it may stand in a document, without quotes."""
    return re.split(r"[\n:]", value)[0]


def test_every_written_value_is_found_where_it_stands(authored_folder: Path) -> None:
    wedge, seen = survey(authored_folder).wedge, 0
    for target, rows in wedge.rows.rows.items():
        for row in rows if "." not in target else ():
            for column in sorted(set(row) - DERIVED):
                met = row[column]
                for value in met if isinstance(met, tuple) else (met,):
                    if value is None:
                        continue
                    place = wedge.place_of(str(row["id"]), column, value)
                    assert place is not None
                    shown = text_at(authored_folder, place).lstrip("\"'").removeprefix("lesson: ")
                    numeric = re.match(r"[\d.]+\Z", value) is not None
                    assert shown.startswith(written(value)) or shown[0] == "|" or (numeric and Decimal(re.match(r"[\d.]+", shown)[0]) == Decimal(value)), (target, column, value, shown)  # type: ignore[index]
                    seen += 1
    assert seen > 100


LINKS = [
    ("role/lantern-manager", "has_workflow", "workflow/plan-route", "{id: plan-route"), ("role/lantern-manager", "maps_to", "occupation/11-2021.91", "{code: 11-2021.91"),
    ("role/lantern-manager", "in_function", "function/illumination", "illumination"), ("role/lantern-manager", "in_family", "", "id: lanterns"),
    ("module/lantern-briefing", "teaches", "capability/brief-it", "brief-it]"), ("module/lantern-briefing", "practised_by", "", "label: Practise"),
    ("exercise/lantern-briefing", "graded_by", "", "label: Rubric"), ("rubric/lantern-briefing", "has_criterion", "criterion/lantern-briefing.c02", "{id: c02"),
    ("affordance/draft-route", "requires_capability", "capability/brief-it", "brief-it]"), ("task/draft-route", "aligns_with", "task/77777", "77777]"),
    ("workflow/plan-route", "covers", "task/walk-route", "id: walk-route"), ("association/HAS_WORKFLOW/role/lantern-manager--workflow/plan-route", "hours_share", "0.25", "0.25}"),
    ("association/MAPS_TO/role/lantern-manager--occupation/11-2021.91", "mapping_relation", "", "exactMatch"), ("policy/dark-sky", "constrains", "workflow/plan-route", "plan-route"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "column", "value", "shown"), LINKS, ids=[f"{k} {c}" for k, c, _, _ in LINKS])
def test_a_link_is_found_at_the_item_that_names_it(authored_folder: Path, key: str, column: str, value: str, shown: str) -> None:
    place = survey(authored_folder).wedge.place_of(key, column, value)
    assert place is not None
    assert text_at(authored_folder, place).startswith(shown)


def test_what_is_not_written_is_found_at_its_record(authored_folder: Path) -> None:
    edit(authored_folder, "    accountable: The lantern manager\n", "")
    wedge = survey(authored_folder).wedge
    place = wedge.place_of("workflow/plan-route", "accountable")
    assert place == wedge.place_of("workflow/plan-route")
    assert text_at(authored_folder, place) == "id: plan-route"
    assert wedge.place_of("soc/11-0000", "label") is None


def test_a_block_of_text_is_shown_by_its_key(authored_folder: Path) -> None:
    found = survey(authored_folder).wedge.positions.find("module/lantern-briefing", "lesson", "The idea")
    assert found is not None
    assert text_at(authored_folder, found.place) == "lesson: |"
    assert (found.end_line, found.end_column) == (found.place.line, found.place.column + len("lesson: |"))


def test_a_fault_of_the_format_leaves_a_hole_and_hides_nothing_else(authored_folder: Path) -> None:
    edit(authored_folder, "    status: approved\n    approval: lantern-review\n    version", "    status: aproved\n    approval: lantern-review\n    version")
    edit(authored_folder, "    hours: 3\n", "    hours: 300\n")
    met = survey(authored_folder)
    assert [(d.code, met.paths[d]) for d in met.faults] == [("WED103", ("modules", 0, "status"))]
    assert [r["effort_hours"] for r in met.wedge.rows.rows["Module"]] == ["300"]
    assert met.hides("module/lantern-briefing", "status")
    assert not met.hides("module/lantern-briefing", "effort_hours")
    assert not met.hides("module/lantern-briefing")
    with pytest.raises(BadInput):
        read_wedge(load_ledger(), authored_folder)


def test_a_missing_part_stands_in_whole_and_is_hidden_whole(authored_folder: Path) -> None:
    path = authored_folder / LANTERNS
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("    exercise:")] + text[text.index("    rubric:") :], encoding="utf-8")
    met = survey(authored_folder)
    assert [met.paths[d] for d in met.faults] == [("modules", 0, "exercise")]
    assert met.hides("exercise/lantern-briefing", "brief")
    assert met.hides("module/lantern-briefing", "practised_by")
    assert not met.hides("rubric/lantern-briefing", "pass_score")
    assert {r["id"] for r in met.wedge.rows.rows["Rubric"]} == {"rubric/lantern-briefing"}


def test_a_reference_to_nothing_is_told_once_and_looked_at_from_neither_end(authored_folder: Path) -> None:
    edit(authored_folder, "teaches: [brief-it]", "teaches: [brief-itt]")
    met = survey(authored_folder)
    assert [d.code for d in met.faults] == ["WED105"]
    assert met.hides("module/lantern-briefing", "teaches")
    assert met.hides("capability/brief-it", "teaches", backwards=True)
    assert not met.hides("capability/brief-it", "requires_capability", backwards=True)
    assert "TEACHES.Module.Capability" not in {t for t, rows in met.wedge.rows.rows.items() if rows}, "a link to nothing is not judged"


def test_names_that_nobody_wrote_are_blamed_on_nobody(authored_folder: Path) -> None:
    edit(authored_folder, "  - id: plan-route\n    label", "  - id: Plan_Route\n    label")
    edit(authored_folder, "    seniority: manager\n", "")
    assert sorted(d.code for d in survey(authored_folder).faults) == ["WED102", "WED103"]


def test_a_record_written_twice_is_told_once(authored_folder: Path) -> None:
    path = authored_folder / LANTERNS
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text[text.index("  - id: lantern-briefing") :].replace("hours: 3", "hours: 99"), encoding="utf-8")
    met = survey(authored_folder)
    assert {d.code for d in met.faults} == {"WED104"}
    assert met.hides("module/lantern-briefing", "effort_hours")
    assert met.hides("rubric/lantern-briefing")


def test_with_a_file_unread_nothing_is_said_of_what_it_might_hold(authored_folder: Path) -> None:
    (authored_folder / "ground" / "ground.yaml").write_text("functions: [", encoding="utf-8")
    met = survey(authored_folder)
    assert {d.code for d in met.faults} == {"DOC103"}
    assert met.hides("workflow/plan-route", "has_workflow", backwards=True)
    assert met.hides("role/lantern-manager", "in_function")
    assert not met.hides("role/lantern-manager", "in_family")


def fields(model: type[BaseModel], path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], type[BaseModel]]]:
    """Every key of the format with its path and the model that holds it."""
    for name, info in model.model_fields.items():
        yield (*path, name), model
        inner = [a for a in (info.annotation, *get_args(info.annotation)) if isinstance(a, type) and get_origin(a) is None and issubclass(a, BaseModel)]
        for held in inner:
            yield from fields(held, (*path, name, 0) if get_origin(info.annotation) is tuple else (*path, name))


FIELDS = sorted(fields(AuthoredFile), key=repr)


@pytest.mark.parametrize(("path", "model"), FIELDS, ids=[".".join(map(str, p)) for p, _ in FIELDS])
def test_a_snippet_is_valid_where_it_is_pasted(path: tuple[str | int, ...], model: type[BaseModel]) -> None:
    class Reader(yaml.SafeLoader):
        """Decimals as the engine reads them."""

    Reader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(str(loader.construct_scalar(node))))
    pasted = yaml.load(snippet(path), Reader)
    info = model.model_fields[str(path[-1])]
    kind: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    assert list(pasted) == [path[-1]]
    TypeAdapter(kind).validate_python(pasted[path[-1]])
