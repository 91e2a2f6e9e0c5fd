"""Records become a graph with the same counts, or a message that names the row."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from graph_fixtures import HUB_SIZE, small_rows, write_records

import engine.graph.load as loading
from engine.contracts import BadInput, InputOutput
from engine.graph import load_graph, open_graph
from engine.graph.child_process import Ending
from engine.ontology import Schema

ALL_ROWS = "MATCH (o:Occupation)-[r:REQUIRES_SKILL]->(s:Skill) RETURN o.id, r.importance, r.not_relevant, s.id"


def _fault(records: Path, tmp_path: Path, engine: str, schema: Schema) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load_graph(records, tmp_path / "graph", engine, schema)
    return caught.value


def test_counts_and_one_closed_file(records: Path, tmp_path: Path, engine: str, schema: Schema) -> None:
    said: list[str] = []
    loaded = load_graph(records, tmp_path / "graph", engine, schema, said.append)
    assert dict(loaded.counts) == {target: len(rows) for target, rows in small_rows().items() if rows}
    assert (loaded.nodes, loaded.relationships) == (HUB_SIZE + 8, HUB_SIZE + 6)
    assert [p.name for p in tmp_path.iterdir()] == ["graph"]
    assert said[0] == "Module: 1 rows"
    assert len(said) == len(loaded.counts)


def test_two_loads_answer_in_the_same_order(records: Path, tmp_path: Path, engine: str, schema: Schema) -> None:
    answers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        load_graph(records, tmp_path / name / "graph", engine, schema)
        with open_graph(tmp_path / name / "graph", engine) as graph:
            answers.append(graph.execute(ALL_ROWS).rows)
    assert answers[0] == answers[1]
    assert len(answers[0]) == HUB_SIZE


def test_a_folder_with_quotes_spaces_and_accents(tmp_path: Path, engine: str, schema: Schema) -> None:
    folder = tmp_path / "it's a \"Büro\" – ok"
    write_records(folder, {"Skill": [{"id": "skill/a", "label": "A"}]})
    (tmp_path / "out").mkdir()
    assert load_graph(folder, tmp_path / "out" / "graph", engine, schema).nodes == 1


def test_a_folder_that_the_engine_would_read_as_a_pattern(tmp_path: Path, engine: str, schema: Schema) -> None:
    folder = write_records(tmp_path / "a[1]", {"Skill": [{"id": "skill/a", "label": "A"}]})
    assert _fault(folder, tmp_path, engine, schema).diagnostics[0].code == "GRA206"


def test_duplicate_keys_are_named_in_order(tmp_path: Path, engine: str, schema: Schema) -> None:
    rows = [{"id": f"skill/{n}", "label": n} for n in ("b", "a", "b", "a", "c")]
    error = _fault(write_records(tmp_path / "records", {"Skill": rows}), tmp_path, engine, schema)
    assert [(d.code, d.place.file, d.what) for d in error.diagnostics] == [
        ("GRA203", "Skill.parquet", "the key `skill/a` stands 2 times in Skill"),
        ("GRA203", "Skill.parquet", "the key `skill/b` stands 2 times in Skill"),
    ]


def test_a_missing_key_is_named(tmp_path: Path, engine: str, schema: Schema) -> None:
    error = _fault(write_records(tmp_path / "records", {"Skill": [{"id": "skill/a"}, {"label": "B"}]}), tmp_path, engine, schema)
    assert error.diagnostics[0].code == "GRA205"


@pytest.mark.parametrize(("column", "edge"), [("from", {"from": "occupation/none", "to": "skill/a"}), ("to", {"from": "occupation/a", "to": "skill/none"})])
def test_a_dangling_reference_is_named(tmp_path: Path, engine: str, schema: Schema, column: str, edge: dict[str, str]) -> None:
    rows = {
        "Occupation": [{"id": "occupation/a", "label": "A", "code": "a"}],
        "Skill": [{"id": "skill/a", "label": "A"}],
        "REQUIRES_SKILL.Occupation.Skill": [{"from": "occupation/a", "to": "skill/a"}, edge],
    }
    error = _fault(write_records(tmp_path / "records", rows), tmp_path, engine, schema)
    assert [d.code for d in error.diagnostics] == ["GRA204"]
    assert f"`{column}` names `{edge[column]}`" in error.diagnostics[0].what


def test_every_unusable_file_is_named_at_once(tmp_path: Path, engine: str, schema: Schema) -> None:
    folder = write_records(tmp_path / "records", {"Skill": [{"id": "skill/a", "label": "A"}], "Task": [{"id": "task/1"}]})
    (folder / "Nonsense.parquet").write_bytes(b"PAR1")
    (folder / "Role.parquet").write_bytes((folder / "Skill.parquet").read_bytes()[:60])
    table = pq.read_table(folder / "Task.parquet")
    pq.write_table(table.select(["statement", "id", *table.column_names[2:]]), folder / "Task.parquet")
    error = _fault(folder, tmp_path, engine, schema)
    assert [(d.place.file, d.code) for d in error.diagnostics] == [("Nonsense.parquet", "GRA201"), ("Role.parquet", "GRA201"), ("Task.parquet", "GRA202")]
    assert not (tmp_path / "graph").exists()


def test_a_missing_record_folder(tmp_path: Path, engine: str, schema: Schema) -> None:
    with pytest.raises(InputOutput):
        load_graph(tmp_path / "nowhere", tmp_path / "graph", engine, schema)


def test_an_engine_that_dies_is_an_input_output_error(monkeypatch: pytest.MonkeyPatch, records: Path, tmp_path: Path, engine: str, schema: Schema) -> None:
    monkeypatch.setattr(loading, "converse", lambda *_: Ending(-11, False, ""))
    with pytest.raises(InputOutput, match="GRA210"):
        load_graph(records, tmp_path / "graph", engine, schema)


def test_a_failed_load_on_a_full_disk_says_so_whatever_the_engine_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: str, schema: Schema) -> None:
    folder = write_records(tmp_path / "records", {"Skill": [{"id": "skill/a"}, {"id": "skill/a"}]})
    monkeypatch.setattr(loading.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 4096}))
    with pytest.raises(InputOutput, match="the disk is full"):
        load_graph(folder, tmp_path / "graph", engine, schema)
