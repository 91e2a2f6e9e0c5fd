"""A stranger's query gets its answer, or a clear refusal within its limits; no process is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from graph_fixtures import HUB_SIZE

import engine.graph.query as asking
from engine.contracts import BadInput, Corrupt
from engine.graph import QueryLimits, Snapshot, run_query
from engine.graph.child_process import Ending, converse
from engine.graph.query_child import json_value

ENDLESS = "RETURN " + "CASE WHEN true THEN " * 600 + "1" + " END" * 600  # the planners of both engines never come back from it
ROOT = Path(__file__).resolve().parent.parent.parent


def _children(parent: int) -> list[str]:
    """Process ids of the query children of a process."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line.split()[1] == str(parent) and "query_child" in line]


def test_an_answer_in_json_types(snapshot: Snapshot) -> None:
    answer = run_query(snapshot, "MATCH (m:Module) RETURN m.modified AS day, m.ladder_level AS level, m.effort_hours AS hours, m.outcomes AS list, m.creator AS nobody")
    assert answer.columns == ("day", "level", "hours", "list", "nobody")
    assert answer.rows == (("2026-05-01", 2, 1.5, [], None),)
    assert not answer.truncated


def test_nodes_relations_and_paths_lose_their_inner_ids(snapshot: Snapshot) -> None:
    answer = run_query(snapshot, "MATCH p = (r:Role)-[h:HAS_WORKFLOW]->(w:Workflow {id: $id}) RETURN r, h, p", {"id": "workflow/a"})
    (node, relation, path), = answer.rows
    assert node["_label"] == "Role"
    assert node["id"] == "role/marketing-manager"
    assert relation["importance"] == 0.2
    assert [n["id"] for n in path["_nodes"]] == ["role/marketing-manager", "workflow/a"]
    assert not {"_id", "_src", "_dst"} & {k for part in (node, relation, *path["_nodes"], *path["_rels"]) for k in part}


def test_text_that_needs_escapes_arrives(snapshot: Snapshot) -> None:
    assert run_query(snapshot, "MATCH (t:Task) RETURN t.statement ORDER BY t.id").rows == (("Write the weekly\nnewsletter",), ("Æsir – überall",))


def test_rows_stop_at_the_limit_and_say_so(snapshot: Snapshot) -> None:
    answer = run_query(snapshot, "MATCH (o:Occupation) RETURN o.id ORDER BY o.id", limits=QueryLimits(rows=3))
    assert answer.rows == (("occupation/00",), ("occupation/01",), ("occupation/02",))
    assert answer.truncated
    assert not run_query(snapshot, "MATCH (o:Occupation) RETURN o.id", limits=QueryLimits(rows=HUB_SIZE)).truncated


def test_an_answer_of_too_many_bytes_is_cut(snapshot: Snapshot) -> None:
    answer = run_query(snapshot, "UNWIND range(1, 400) AS x RETURN repeat('a', 100000)", limits=QueryLimits(seconds=30))
    assert answer.truncated
    assert 0 < len(answer.rows) < 400


@pytest.mark.parametrize(
    ("cypher", "limits", "codes"),
    [
        ("UNWIND range(1, 200000000) AS x RETURN count(x)", QueryLimits(seconds=20, memory_bytes=1 << 28), {"QRY202"}),
        ("UNWIND range(1, 200000000) AS x RETURN count(x)", QueryLimits(seconds=1, memory_bytes=1 << 31), {"QRY201", "QRY202"}),
        ("MATCH (a:Occupation), (b:Occupation), (c:Occupation), (d:Occupation), (e:Occupation) RETURN count(DISTINCT a.id + b.id + c.id + d.id + e.id)", QueryLimits(seconds=1), {"QRY201", "QRY202"}),
        ("RETURN repeat('a', 2000000000)", QueryLimits(seconds=20, memory_bytes=1 << 28), {"QRY202"}),
        (ENDLESS, QueryLimits(seconds=1), {"QRY201"}),
    ],
)
def test_a_query_without_measure_ends_within_its_limits(snapshot: Snapshot, cypher: str, limits: QueryLimits, codes: set[str]) -> None:
    started = time.monotonic()
    with pytest.raises(BadInput) as caught:
        run_query(snapshot, cypher, limits=limits)
    assert caught.value.diagnostics[0].code in codes
    assert time.monotonic() - started < limits.seconds + 30  # the child may be slow to start, and no more
    assert _children(os.getpid()) == []


@pytest.mark.parametrize(
    ("cypher", "parameters", "code"),
    [("MATCH (r:Role) RETURN r.nonsense", {}, "QRY301"), ("RETURN 1/0", {}, "QRY301"), ("CREATE (:Role)", {}, "QRY106"), ("RETURN $x", {}, "QRY111")],
)
def test_a_faulty_query_is_bad_input(snapshot: Snapshot, cypher: str, parameters: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        run_query(snapshot, cypher, parameters)
    assert code in {d.code for d in caught.value.diagnostics}


@pytest.mark.parametrize(
    ("ending", "code", "word"),
    [
        (Ending(-11, False, ""), "QRY203", "SIGSEGV"),
        (Ending(-9, True, ""), "QRY201", "seconds"),
        (Ending(-24, False, ""), "QRY201", "seconds"),
        (Ending(-6, False, "terminate called after throwing an instance of 'std::bad_alloc'"), "QRY202", "memory"),
        (Ending(1, False, "Traceback"), "QRY203", "status 1"),
        (Ending(0, False, ""), "QRY203", "status 0"),
    ],
)
def test_every_way_in_which_a_child_can_end_has_its_message(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, ending: Ending, code: str, word: str) -> None:
    monkeypatch.setattr(asking, "converse", lambda *_: ending)
    with pytest.raises(BadInput, match=word) as caught:
        run_query(snapshot, "RETURN 1")
    assert caught.value.diagnostics[0].code == code


def test_a_child_that_crashes_or_chatters_is_heard_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_crashing_child.py").write_text(
        "import os, signal, sys\ndef main():\n    sys.stdin.readline()\n    print('no json', flush=True)\n    print('{\"row\": 1}', flush=True)\n"
        "    print('oops', file=sys.stderr, flush=True)\n    os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    monkeypatch.setattr("engine.graph.child_process._ROOT", tmp_path)
    heard: list[dict[str, Any]] = []
    ending = converse("a_crashing_child", {"x": "y" * 200_000}, heard.append, 20)
    assert heard == [{"row": 1}]
    assert ending.status == -11
    assert ending.complaint.startswith("oops")
    assert not ending.out_of_time


def test_a_query_ends_with_the_one_who_asked(snapshot: Snapshot) -> None:
    script = (
        "import sys; from pathlib import Path; from engine.graph import QueryLimits, Snapshot, run_query\n"
        f"run_query(Snapshot(Path(sys.argv[1]), Path(sys.argv[2])), '{ENDLESS}', limits=QueryLimits(60))"
    )
    asker = subprocess.Popen([sys.executable, "-c", script, str(snapshot.folder), str(snapshot.memory)], env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        children = _until(lambda: _children(asker.pid))
        asker.kill()
        asker.wait()
        assert children
        assert _until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()])
    finally:
        asker.kill()


def _until(met: Callable[[], Any], seconds: float = 10.0) -> Any:
    """What `met` answers as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (answer := met()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def test_the_bytes_of_the_graph_are_checked_before_a_query(snapshot: Snapshot, tmp_path: Path) -> None:
    import shutil

    copy = Snapshot(shutil.copytree(snapshot.folder, tmp_path / "copy"), tmp_path / "memory")
    data = bytearray(copy.graph.read_bytes())
    data[len(data) // 2] ^= 1
    copy.graph.write_bytes(data)
    with pytest.raises(Corrupt, match="WSP306"):
        run_query(copy, "RETURN 1")


def test_values_without_a_json_form_become_text() -> None:
    assert json_value([Decimal("1.50"), b"\x01", {"_id": 1, "a": (1, None)}]) == ["1.5", "01", {"a": [1, None]}]


def test_what_is_no_finite_number_becomes_null(snapshot: Snapshot) -> None:
    assert json_value([float("nan"), float("inf"), -float("inf"), Decimal("NaN"), Decimal("-Infinity"), 0.0]) == [None] * 5 + [0.0]
    answer = run_query(snapshot, "RETURN CAST('nan' AS DOUBLE) AS a, CAST('inf' AS DOUBLE) AS b, [CAST('-inf' AS DOUBLE), 1.5] AS c")
    assert answer.rows == ((None, None, [None, 1.5]),)
