"""A publisher's bare code of any edition finds its records: what has it today first, then what had it once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graph_fixtures import write_records

from engine.contracts import BadInput
from engine.graph import GraphStore, is_published_code, load_graph, neighbourhood, open_graph, records_of_code
from engine.ontology import Schema

ROWS = {
    "Occupation": [{"id": "occupation/15-1251.00", "label": "Kite Programmers", "code": "15-1251.00"}, {"id": "occupation/11-2021.00", "label": "Lantern Managers", "code": "11-2021.00"}],
    "OccupationGroup": [{"id": "soc/15-1251", "label": "Kite Programmers", "code": "15-1251"}],
    "FormerCode": [
        {"id": "former/onet-soc-2010-15-1131.00", "label": "Old Kite Programmers", "code": "15-1131.00", "classification": "onet-soc@2010"},
        {"id": "former/onet-soc-2010-11-2021.00", "label": "Lantern Managers", "code": "11-2021.00", "classification": "onet-soc@2010"},
        {"id": "former/soc-2010-15-1131", "label": "Old Kite Programmers", "code": "15-1131", "classification": "soc@2010"},
    ],
    "REPLACED_BY.FormerCode.Occupation": [
        {"from": "former/onet-soc-2010-15-1131.00", "to": "occupation/15-1251.00"}, {"from": "former/onet-soc-2010-11-2021.00", "to": "occupation/11-2021.00"},
    ],
    "REPLACED_BY.FormerCode.OccupationGroup": [{"from": "former/soc-2010-15-1131", "to": "soc/15-1251"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, engine: str, schema: Schema) -> Iterator[GraphStore]:
    folder = tmp_path_factory.mktemp("codes")
    load_graph(write_records(folder / "records", ROWS), folder / "graph", engine, schema)
    with open_graph(folder / "graph", engine) as opened:
        yield opened


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("15-1131.00", ("former/onet-soc-2010-15-1131.00",)), ("15-1131", ("former/soc-2010-15-1131",)), ("15-1251", ("soc/15-1251",)),
        ("11-2021.00", ("occupation/11-2021.00", "former/onet-soc-2010-11-2021.00")), ("occupation/11-2021.00", ()), ("Lantern Managers", ()), ("", ()),
    ],
)  # fmt: skip
def test_records_of_a_code(graph: GraphStore, schema: Schema, code: str, keys: tuple[str, ...]) -> None:
    assert records_of_code(graph, schema, code) == keys


def test_a_former_code_leads_to_what_replaced_it(graph: GraphStore, schema: Schema) -> None:
    (former,) = records_of_code(graph, schema, "15-1131.00")
    assert [(e.relation, e.end) for e in neighbourhood(graph, schema, former).edges] == [("REPLACED_BY", "occupation/15-1251.00")]


def test_a_code_that_nothing_has_is_told(graph: GraphStore, schema: Schema) -> None:
    with pytest.raises(BadInput, match="GRA301"):
        records_of_code(graph, schema, "99-9999.00")


@pytest.mark.parametrize("text", ["15-11310", "15-1131.0", " 15-1131", "١٥-1131", "15-1131.00'", "kite"])
def test_what_is_no_code(text: str) -> None:
    assert not is_published_code(text)
