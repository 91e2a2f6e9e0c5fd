"""A proof in every format, and the door to the checker."""

from __future__ import annotations

import io
import json
from pathlib import Path

import networkx
import pytest
from proof_documents import Proved
from rdflib import PROV, Graph, URIRef
from wig_command import Answer, Wig, run_wig

TITLE = "Marketing Manager"
FORMATS = ("text", "json", "mermaid", "graphml", "prov")


@pytest.fixture(scope="module")
def given(workspace: Path) -> str:
    """Id of a plan that was given."""
    decision: str = json.loads(Wig(workspace)("plan", TITLE, "--json").out)["decision_id"]
    return decision


@pytest.fixture(scope="module")
def drawn(workspace: Path, given: str) -> dict[str, Answer]:
    return {f: Wig(workspace)("why", given, "--format", f) for f in FORMATS}


def test_no_format_changes_the_decision(drawn: dict[str, Answer], given: str) -> None:
    assert {f: said.code for f, said in drawn.items()} == dict.fromkeys(FORMATS, 0)
    assert json.loads(drawn["json"].out)["decision_id"] == given
    assert json.loads(drawn["json"].out)["same"] is True
    assert given in drawn["text"].out
    assert given in drawn["graphml"].out
    assert given in drawn["prov"].out


def test_text_names_rows_values_thresholds_and_sources(drawn: dict[str, Answer]) -> None:
    text = drawn["text"].out
    for words in (
        "service 1.", "authored_and_deep", "asked for >= $serve_confidence (0.85)", "not regulated: asked for audience held, met inside", "fallback.role_standing of role/marketing-manager",
        "families/marketing_growth.yaml:", "CC-BY-4.0", "0.85 x 0.97 = 0.8245", "starting_level", "what lost", "evidence",
    ):  # fmt: skip
        assert words in text, words


def test_mermaid_holds_every_step_once(drawn: dict[str, Answer]) -> None:
    steps = len(json.loads(drawn["json"].out)["proof"]["nodes"])
    lines = [line for line in drawn["mermaid"].out.splitlines() if not line.startswith("  %% attribution: ")]
    assert lines[0] == "flowchart BT"
    assert sum(" --> " not in line for line in lines[1:]) == steps


def test_graphml_is_the_same_graph(drawn: dict[str, Answer]) -> None:
    graph = networkx.read_graphml(io.BytesIO(drawn["graphml"].out.encode()))
    nodes = json.loads(drawn["json"].out)["proof"]["nodes"]
    assert set(graph.nodes) == {n["id"] for n in nodes}
    assert set(graph.edges) == {(u["node"], n["id"]) for n in nodes for u in n["uses"]}
    assert networkx.is_directed_acyclic_graph(graph)
    assert all(graph.nodes[n["id"]]["source_ref"] for n in nodes if n["kind"] == "record")


def test_prov_is_read_as_provenance(drawn: dict[str, Answer], given: str) -> None:
    graph = Graph().parse(data=drawn["prov"].out, format="json-ld")
    decision = URIRef(f"https://w3id.org/work-intelligence-graph/id/{given}")
    (answer,) = graph.objects(decision, PROV.wasDerivedFrom)
    reached = set(graph.transitive_objects(answer, PROV.wasDerivedFrom))
    nodes = json.loads(drawn["json"].out)["proof"]["nodes"]
    assert len(reached) == len(nodes)
    assert len(set(graph.subjects(PROV.hadPrimarySource))) == sum("provenance" in n for n in nodes)
    for table in (n for n in nodes if n["kind"] == "table"):
        assert URIRef(f"https://w3id.org/work-intelligence-graph/id/rules/{table['asked']['pack']}/{table['asked']['version']}/{table['asked']['table']}") in set(graph.objects(None, PROV.hadPlan))
    assert not [s for s in graph.subjects(PROV.used) if not list(graph.objects(s, PROV.wasAssociatedWith))]


def test_a_proof_that_holds(workspace: Path, given: str) -> None:
    said = Wig(workspace)("why", given, "--check")
    assert said.code == 0, said.err
    assert said.out.startswith(f"the proof of {given} holds")
    told = json.loads(Wig(workspace)("why", given, "--check", "--json").out)
    assert told["holds"] is True
    assert told["fault"] is None
    assert sum(told["steps"].values()) > 60


def test_a_kept_proof_is_checked_from_its_file(workspace: Path, drawn: dict[str, Answer], tmp_path: Path) -> None:
    kept = tmp_path / "proof.json"
    kept.write_text(drawn["json"].out, encoding="utf-8")
    assert Wig(workspace)("why", str(kept), "--check").code == 0
    kept.write_text(drawn["json"].out.replace('"fired": [\n            "authored_and_deep"', '"fired": [\n            "authored_but_unsure"'), encoding="utf-8")
    said = Wig(workspace)("why", str(kept), "--check")
    assert said.code == 1, said.out
    assert "does not hold" in said.out
    assert "table/service.service_tier" in said.out
    assert "authored_but_unsure" in said.out


def test_a_digest_that_differs_has_its_own_exit_status(workspace: Path, proved: Proved, tmp_path: Path) -> None:
    document = proved(TITLE)
    document["digests"]["rules"] = "0" * 64
    kept = tmp_path / "proof.json"
    kept.write_text(json.dumps(document), encoding="utf-8")
    said = Wig(workspace)("why", str(kept), "--check")
    assert said.code == 3
    assert "digest of the rules" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (("why", "decision/000000000000", "--check"), "CLI103", 2), (("why", "role/marketing-manager", "--check"), "CLI102", 2), (("why", "role/marketing-manager", "--format", "prov"), "CLI102", 2),
        (("why", "nowhere.json", "--check"), "WHY102", 4), (("why", "decision/000000000000", "--format", "svg"), "CLI102", 2),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(arguments: tuple[str, ...], code: str, status: int, workspace: Path) -> None:
    said = Wig(workspace)(*arguments)
    assert said.code == status
    assert code in said.err


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"proof": 1, "decision_id": "x"}', "[" * 100_000])
def test_a_file_that_is_no_proof(text: str, workspace: Path, tmp_path: Path) -> None:
    kept = tmp_path / "proof.json"
    kept.write_text(text, encoding="utf-8")
    said = Wig(workspace)("why", str(kept), "--check")
    assert said.code == 2
    assert "WHY101" in said.err


def test_resolve_loads_neither_the_prover_nor_the_checker(workspace: Path) -> None:
    code = "import sys; from engine.interfaces.cli import main; sys.argv = ['wig', 'resolve', 'Marketing Manager']\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    code += "print(sorted({'engine.proof', 'engine.replay', 'pyarrow', 'kuzu', 'networkx', 'rdflib', 'numpy', 'duckdb'} & set(sys.modules)))"
    assert run_wig(code=code, WIG_WORKSPACE=str(workspace)).out.splitlines()[-1] == "[]"
