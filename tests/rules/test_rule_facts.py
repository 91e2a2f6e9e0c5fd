"""Facts: read statically, evaluated once, kept in a file, read back as they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput, Corrupt, InputOutput
from engine.rules import FactColumns, FactStore, FactTable, Rulebook, evaluate_facts, write_facts
from engine.rules.values import Column

D = Decimal
PACK = """
facts:
  depth:
    subject: Role|Function
    description: d
    cypher: MATCH (r:Role:Function) RETURN r.id AS subject, r.status AS status, r.confidence AS trust, count(*) AS paths, true AS open, list_sort(collect(r.label)) AS words
    columns:
      paths: {type: count}
      trust: {type: share}
      status: {type: text, values: [approved, draft]}
      open: {type: flag}
      words: {type: list}
  reach:
    subject: Module
    context: Role
    description: d
    cypher: MATCH (m:Module)-[:TEACHES]->(:Capability)<-[:REQUIRES_CAPABILITY]-(a:Affordance) MATCH (r:Role) RETURN m.id AS subject, r.id AS context, count(a) AS uses
    columns: {uses: {type: count}}
"""
ANSWERS: dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]] = {
    "depth": (
        ["subject", "status", "trust", "paths", "open", "words"],
        [["role/b", "draft", 0.1 + 0.2, 3, True, ["z", "é"]], ["function/a", None, None, 0, False, []], ["role/a'\"", "approved", 1, 2, None, None]],
    ),
    "reach": (["uses", "context", "subject"], [[2, "role/b", "module/x"], [1, "role/a", "module/y"], [0, "role/a", "module/x"]]),
}


def run_of(answers: dict[str, Any]) -> Callable[[str], Any]:
    return lambda cypher: answers["reach" if "TEACHES" in cypher else "depth"]


@pytest.fixture
def rules(book: Callable[..., Rulebook]) -> Rulebook:
    return book(PACK)


def test_facts_come_in_key_order_and_typed(rules: Rulebook) -> None:
    tables = evaluate_facts(rules, run_of(ANSWERS)).tables
    depth, reach = tables["sample.depth"], tables["sample.reach"]
    assert list(tables) == ["sample.depth", "sample.reach"]
    assert depth.subjects == ("function/a", "role/a'\"", "role/b")
    assert depth.values["trust"] == (None, D(1), D("0.3"))
    assert depth.values["words"] == ((), None, ("z", "é"))
    assert depth.values["open"] == (False, None, True)
    assert list(zip(reach.subjects, reach.contexts, reach.values["uses"], strict=True)) == [
        ("module/x", "role/a", 0), ("module/x", "role/b", 2), ("module/y", "role/a", 1),
    ]  # fmt: skip


def test_the_store_gives_back_what_was_written(rules: Rulebook, tmp_path: Path) -> None:
    facts = evaluate_facts(rules, run_of(ANSWERS))
    path = tmp_path / "fact store %20?#.sqlite"
    write_facts(path, facts)
    store = FactStore(path)
    assert store.names() == ("sample.depth", "sample.reach")
    columns = store.columns("sample.depth", ["role/b", "role/unknown", "role/b", "function/a"])
    assert columns == {
        "paths": [3, None, 3, 0], "trust": [D("0.3"), None, D("0.3"), None], "status": ["draft", None, "draft", None],
        "open": [True, None, True, False], "words": [("z", "é"), None, ("z", "é"), ()],
    }  # fmt: skip
    assert store.columns("sample.reach", ["module/x", "module/x"], ["role/b", "role/z"]) == {"uses": [2, None]}
    assert store.contexts("sample.reach", "module/x") == [
        {"subject": "module/x", "context": "role/a", "uses": 0}, {"subject": "module/x", "context": "role/b", "uses": 2},
    ]  # fmt: skip
    assert [row["subject"] for row in store.contexts("sample.reach", "role/a")] == ["module/x", "module/y"]
    whole = store.all("sample.depth")
    assert (whole.subjects, whole.values) == (facts.tables["sample.depth"].subjects, facts.tables["sample.depth"].values)
    store.close()
    with pytest.raises(InputOutput, match="RUL223"):
        write_facts(path, facts)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((["subject", "workflows"], []), "RUL211"),
        (([*ANSWERS["depth"][0]], [["role/a", "approved", float("nan"), 1, True, []]]), "RUL212"),
        (([*ANSWERS["depth"][0]], [["role/a", "approved", 1.5, 1, True, []]]), "RUL212"),
        (([*ANSWERS["depth"][0]], [["role/a", "aproved", 1.0, 1, True, []]]), "RUL212"),
        (([*ANSWERS["depth"][0]], [["role/a", "draft", 1.0, 1.0, True, []]]), "RUL212"),
        (([*ANSWERS["depth"][0]], [["role/a", "draft", 1.0, 1, 1, []]]), "RUL212"),
        (([*ANSWERS["depth"][0]], [["role/a", "draft", 1.0, 1, True, ["a", None]]]), "RUL212"),
        (([*ANSWERS["depth"][0]], [["role/a", "draft", 1.0, 1, True, []]] * 2), "RUL213"),
        (([*ANSWERS["depth"][0]], [[None, "draft", 1.0, 1, True, []]]), "RUL213"),
        (([*ANSWERS["depth"][0]], [["workflow/a", "draft", 1.0, 1, True, []]]), "RUL213"),
    ],
)
def test_an_answer_that_is_not_what_was_declared_is_refused(rules: Rulebook, answer: Any, code: str) -> None:
    with pytest.raises(BadInput) as error:
        evaluate_facts(rules, run_of({**ANSWERS, "depth": answer}))
    assert [d.code for d in error.value.diagnostics] == [code]
    assert "sample.depth" in str(error.value)
    assert error.value.diagnostics[0].place.line > 0


def test_faults_are_counted_out_of_reach_of_a_flood(rules: Rulebook) -> None:
    rows = [[f"role/{n}", "draft", 7.0, 1, True, []] for n in range(500)]
    with pytest.raises(BadInput) as error:
        evaluate_facts(rules, run_of({**ANSWERS, "depth": (ANSWERS["depth"][0], rows)}))
    assert len(error.value.diagnostics) == 20


def test_what_is_no_fact_store_is_refused(rules: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="RUL220"):
        FactStore(tmp_path / "none.sqlite")
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("not a database " * 200, encoding="utf-8")
    connection = sqlite3.connect(tmp_path / "other")
    connection.execute("CREATE TABLE x (a)")
    connection.commit()
    connection.close()
    for name in ("empty", "text", "other"):
        with pytest.raises(Corrupt, match="RUL221"):
            FactStore(tmp_path / name)
    write_facts(tmp_path / "good", evaluate_facts(rules, run_of(ANSWERS)))
    for call in (
        lambda store: store.columns("sample.deepth", []),
        lambda store: store.columns("sample.reach", ["module/x"]),
        lambda store: store.columns("sample.depth", ["role/a"], ["role/a"]),
        lambda store: store.all("none"),
    ):
        with pytest.raises(BadInput, match="RUL224"):
            call(FactStore(tmp_path / "good"))


text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=40, deadline=None)
@given(rows=st.dictionaries(text, st.tuples(st.none() | st.decimals(-9, 9, places=6), st.none() | st.lists(text).map(tuple), st.none() | text), max_size=8))
def test_any_value_survives_the_store(rows: dict[str, tuple[Any, ...]], tmp_path_factory: pytest.TempPathFactory) -> None:
    subjects = tuple(sorted(rows))
    columns = (Column("n", "number"), Column("l", "list"), Column("t", "text"))
    values = {c.name: tuple(rows[s][position] for s in subjects) for position, c in enumerate(columns)}
    path = tmp_path_factory.mktemp("facts") / "facts.sqlite"
    write_facts(path, FactColumns({"a.b": FactTable("a.b", "Role", "", columns, subjects, ("",) * len(subjects), values)}))
    store = FactStore(path)
    assert store.columns("a.b", subjects) == {name: list(v) for name, v in values.items()}
    assert store.all("a.b").values == values


GOOD = [
    "MATCH (r:Role) RETURN r.id AS subject, count(*) AS n",
    "match (r:Role {status: 'SET; $x'}) // CREATE\n return r.id as subject, 2 * 3 AS n /* DROP */",
    "OPTIONAL MATCH (r:Role)-[p:PERFORMS*1..3]->(t:Task) RETURN DISTINCT r.id AS subject, size([1, 2]) AS n ORDER BY subject",
    "MATCH (subject:Role) WITH subject.id AS subject, 1 AS n RETURN subject, n",
    "MATCH (r:Role) RETURN r.id AS subject, 1 AS n UNION ALL MATCH (r:Role) RETURN r.id AS subject, 2 AS n",
    "MATCH (a:Role)-[:HAS_WORKFLOW|PERFORMS]->(:Workflow:Task) RETURN a.id AS subject, max(CASE WHEN a.status = 'x' THEN 1 ELSE 0 END) AS n",
]
BAD = [
    ("MATCH (r:Role) DETACH DELETE r RETURN r.id AS subject, 1 AS n", "RUL130"),
    ("MATCH (r:Role) SeT r.label = 'x' RETURN r.id AS subject, 1 AS n", "RUL130"),
    ("CALL show_tables() RETURN name AS subject, 1 AS n", "RUL130"),
    ("LOAD FROM '/etc/passwd' RETURN * AS subject, 1 AS n", "RUL130"),
    ("MATCH (r:Role) /* */ COPY r TO 'x' RETURN r.id AS subject, 1 AS n", "RUL130"),
    ("MATCH (r:Role) RETURN r.id AS subject, 1 AS n LIMIT 3", "RUL130"),
    ("MATCH (r:`Role`) RETURN r.id AS subject, 1 AS n", "RUL130"),
    ("MATCH (r:Rоle) RETURN r.id AS subject, 1 AS n", "RUL130"),  # a Cyrillic letter
    ("MATCH (r:Role) WHERE r.id = $id RETURN r.id AS subject, 1 AS n", "RUL131"),
    ("MATCH (r:Role) RETURN r.id AS subject, 1 AS n;", "RUL131"),
    ("MATCH (r:Role)-[*]->(t:Task) RETURN r.id AS subject, 1 AS n", "RUL132"),
    ("MATCH (r:Role)-[p:PERFORMS*2..]->(t:Task) RETURN r.id AS subject, 1 AS n", "RUL132"),
    ("MATCH (r:Role)-[p* SHORTEST 1..99]->(t:Task) RETURN r.id AS subject, 1 AS n", "RUL132"),
    ("MATCH (r:Rol) RETURN r.id AS subject, 1 AS n", "RUL133"),
    ("MATCH (r:Role)-[:PERFORM]->(t) RETURN r.id AS subject, 1 AS n", "RUL133"),
    ("MATCH (r:Role)-[:PERFORMS|HAS_WORK]->(t) RETURN r.id AS subject, 1 AS n", "RUL133"),
    ("MATCH (r:Role) RETURN r.id, 1 AS n", "RUL134"),
    ("MATCH (r:Role) RETURN r.id AS subject", "RUL134"),
    ("MATCH (r:Role) RETURN r.id AS subject, 1 AS n, 2 AS m", "RUL134"),
    ("MATCH (r:Role)", "RUL134"),
    ("MATCH (r:Role) RETURN r.idd AS subject, 1 AS n", "RUL135"),
]
FACT = "facts:\n  f:\n    subject: Role\n    description: d\n    cypher: |\n      {}\n    columns: {{n: {{type: count}}}}\n"


@pytest.mark.parametrize("cypher", GOOD)
def test_read_only_bounded_traversals_are_let_through(book: Callable[..., Rulebook], cypher: str) -> None:
    assert book(FACT.format(cypher.replace("\n", "\n      "))).packs["sample"].facts["f"].columns[0].name == "n"


@pytest.mark.parametrize(("cypher", "code"), BAD, ids=[c for c, _ in BAD])
def test_everything_else_is_refused(book: Callable[..., Rulebook], cypher: str, code: str) -> None:
    with pytest.raises(BadInput) as error:
        book(FACT.format(cypher))
    assert code in {d.code for d in error.value.diagnostics}
