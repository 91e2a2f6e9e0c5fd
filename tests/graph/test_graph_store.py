"""The adapter answers alike whatever the engine, and refuses what an engine would let pass silently."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import types
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput, Corrupt, EngineError
from engine.graph import ENGINES, GraphStore, Snapshot, create_graph, literal, open_graph, require_engine

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=30)


def test_values_come_back_as_plain_python(store: GraphStore) -> None:
    rows = store.execute("MATCH (m:Module) RETURN m.id, m.modified, m.ladder_level, m.effort_hours, m.outcomes, m.description, m.confidence > 0.5").rows
    assert rows == (("module/m", date(2026, 5, 1), 2, 1.5, [], None, True),)


def test_nodes_and_relations_carry_the_same_inner_names_in_both_engines(store: GraphStore) -> None:
    (node, relation), = store.execute("MATCH (r:Role)-[h:HAS_WORKFLOW]->(w:Workflow) WHERE w.id = 'workflow/a' RETURN r, h").rows
    assert node["_label"] == "Role"
    assert node["specialisms"] == ["email", "search"]
    assert relation["_label"] == "HAS_WORKFLOW"
    assert relation["importance"] == 0.2
    assert {"_id", "_src", "_dst"} <= set(relation)


def test_column_names_and_order(store: GraphStore) -> None:
    answer = store.execute("MATCH (w:Workflow) RETURN w.id AS workflow, w.label ORDER BY workflow DESC")
    assert answer.columns == ("workflow", "w.label")
    assert [row[0] for row in answer.rows] == ["workflow/c", "workflow/b", "workflow/a"]


@pytest.mark.parametrize("key", ["workflow/a", "it's", 'a "b" \\ c', "\\u0041", "Ω\n"])
def test_a_text_parameter_finds_a_key_and_nothing_else(store: GraphStore, key: str) -> None:
    rows = store.execute("MATCH (w:Workflow) WHERE w.id = $key RETURN w.id", {"key": key}).rows
    assert rows == ((key,),) * (key == "workflow/a")


@given(TEXT)
@settings(max_examples=80, deadline=None)
def test_any_text_survives_as_parameter_and_as_literal(store: GraphStore, text: str) -> None:
    assert store.execute("RETURN $text", {"text": text}).rows == ((text,),)
    assert store.execute(f"RETURN {literal(text)}").rows == ((text,),)


def test_numbers_and_lists_are_bound(store: GraphStore) -> None:
    rows = store.execute("MATCH (o:Occupation) WHERE o.id IN $keys AND o.job_zone > $zone RETURN o.id ORDER BY o.id", {"keys": ["occupation/03", "occupation/05"], "zone": 1}).rows
    assert rows == (("occupation/03",),)


@pytest.mark.parametrize(
    ("cypher", "parameters", "code"),
    [
        ("MATCH (o:Occupation) WHERE o.id = $key RETURN o.id", {}, "QRY111"),
        ("MATCH (o:Occupation) RETURN o.id", {"key": "x"}, "QRY111"),
        ("MATCH (o:Occupation) WHERE o.id = $key RETURN o.id", {"Key": "x"}, "QRY111"),
        ("RETURN 1; RETURN 2", {}, "QRY107"),
        ("RETURN", {}, "QRY301"),
        ("MATCH (o:Nowhere) RETURN o", {}, "QRY301"),
        ("RETURN 1/0", {}, "QRY301"),
        ("RETURN 'open", {}, "QRY103"),
    ],
)
def test_a_faulty_statement_is_bad_input(store: GraphStore, cypher: str, parameters: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        store.execute(cypher, parameters)
    assert {d.code for d in caught.value.diagnostics} == {code}
    assert all(d.fix for d in caught.value.diagnostics)


def test_a_published_graph_takes_no_writes(store: GraphStore) -> None:
    with pytest.raises(EngineError):
        store.execute("CREATE (:Skill {id: 'skill/new'})")
    assert store.execute("MATCH (s:Skill) RETURN count(s)").rows == ((1,),)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _leftover(path: Path) -> None:
    path.with_name(path.name + ".wal").write_bytes(b"old rows")


def _foreign(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + path.read_bytes()[16:])


def _absent(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("damage", "kind", "code"), [(_empty, Corrupt, "GRA105"), (_leftover, Corrupt, "GRA106"), (_foreign, Corrupt, "GRA107"), (_absent, BadInput, "GRA104")]
)
def test_a_damaged_file_is_never_opened(tmp_path: Path, snapshot: Snapshot, engine: str, damage: Any, kind: type[EngineError], code: str) -> None:
    path = tmp_path / f"graph.{engine}"
    path.write_bytes(snapshot.graph.read_bytes())
    damage(path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(kind) as caught:
        open_graph(path, engine)
    assert caught.value.diagnostics[0].code == code
    assert "wig build" in caught.value.diagnostics[0].fix
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_the_file_of_one_engine_is_not_given_to_the_other(tmp_path: Path, engine: str) -> None:
    other = next(e for e in ENGINES.values() if e.name != engine)
    path = tmp_path / "graph"
    path.write_bytes(other.magic + bytes(4096))
    with pytest.raises(Corrupt):
        open_graph(path, engine)


def test_a_new_graph_wants_a_fresh_name(tmp_path: Path, engine: str) -> None:
    (tmp_path / "graph.wal").write_bytes(b"old rows")
    with pytest.raises(BadInput, match="GRA108"):
        create_graph(tmp_path / "graph", engine)


def test_an_unknown_engine_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="kuzu, ladybug"):
        open_graph(tmp_path / "graph", "neptune")


def test_an_engine_is_required_by_name_before_any_work(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    require_engine(engine)
    with pytest.raises(BadInput, match="kuzu, ladybug") as caught:
        require_engine("neptune")
    assert caught.value.diagnostics[0].code == "GRA101"
    monkeypatch.setitem(sys.modules, ENGINES[engine].module, None)
    with pytest.raises(BadInput, match="pip install") as caught:
        require_engine(engine)
    assert caught.value.diagnostics[0].code == "GRA102"


def test_requiring_an_engine_does_not_load_it(engine: str) -> None:
    script = "import sys; from engine.graph import ENGINES, require_engine; require_engine(sys.argv[1]); print(ENGINES[sys.argv[1]].module in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script, engine], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.stdout == "False\n"


def test_two_engines_never_share_a_process(monkeypatch: pytest.MonkeyPatch, snapshot: Snapshot, engine: str) -> None:
    other = next(e for e in ENGINES.values() if e.name != engine)
    monkeypatch.setitem(sys.modules, other.module, types.ModuleType(other.module))
    with pytest.raises(BadInput, match="GRA103"):
        open_graph(snapshot.graph, engine)


def test_an_engine_that_is_not_installed_comes_with_its_remedy(monkeypatch: pytest.MonkeyPatch, snapshot: Snapshot, engine: str) -> None:
    def absent(name: str) -> types.ModuleType:
        raise ModuleNotFoundError(f"No module named '{name}'")

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(BadInput, match="pip install"):
        open_graph(snapshot.graph, engine)
