"""What stands around a node comes in one order, within bounds, and says what it left out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import networkx as nx
import pytest
from graph_fixtures import HUB_SIZE, write_records

from engine.contracts import BadInput
from engine.graph import GraphStore, LeftOut, load_graph, neighbourhood, open_graph, shortest_path, to_networkx
from engine.ontology import Schema

ROLE, SKILL = "role/marketing-manager", "skill/writing"


def test_one_hop_with_everything_in_order(store: GraphStore, schema: Schema) -> None:
    around = neighbourhood(store, schema, ROLE)
    assert [(n.hops, n.kind, n.key) for n in around.nodes] == [
        (0, "Role", ROLE), (1, "Occupation", "occupation/03"), (1, "Workflow", "workflow/a"), (1, "Workflow", "workflow/b"), (1, "Workflow", "workflow/c"),
    ]  # fmt: skip
    assert [(e.relation, e.start, e.end) for e in around.edges] == [
        ("HAS_WORKFLOW", ROLE, "workflow/a"), ("HAS_WORKFLOW", ROLE, "workflow/b"), ("HAS_WORKFLOW", ROLE, "workflow/c"), ("MAPS_TO", ROLE, "occupation/03"),
    ]  # fmt: skip
    assert around.truncated == ()
    first = around.nodes[0]
    assert (first.label, first.source, first.source_ref, first.release, first.licence) == ("Marketing Manager", "source/wedge@1", "wedge.yaml:1:1", "1", "CC-BY-4.0")
    assert first.confidence == Decimal("0.9")
    assert around.edges[0].properties == {"importance": Decimal("0.2"), "hours_share": Decimal("0.1")}
    assert around.edges[3].properties == {"mapping_relation": "exactMatch"}


def test_zero_hops_is_the_node_alone(store: GraphStore, schema: Schema) -> None:
    around = neighbourhood(store, schema, "task/2", hops=0)
    assert [(n.key, n.label) for n in around.nodes] == [("task/2", "Æsir – überall")]
    assert around.edges == ()


def test_a_node_without_neighbours(store: GraphStore, schema: Schema) -> None:
    assert neighbourhood(store, schema, "task/2", hops=3).edges == ()


def test_a_hub_keeps_the_most_important_and_says_how_many_it_left_out(store: GraphStore, schema: Schema) -> None:
    around = neighbourhood(store, schema, SKILL, limit=3)
    assert [e.start for e in around.edges] == [f"occupation/{n}" for n in (37, 38, 39)]
    assert around.truncated == (LeftOut("REQUIRES_SKILL", False, HUB_SIZE - 3),)
    workflows = neighbourhood(store, schema, ROLE, limit=1, types=["HAS_WORKFLOW"])
    assert [e.end for e in workflows.edges] == ["workflow/b"]
    assert workflows.truncated == (LeftOut("HAS_WORKFLOW", True, 2),)


def test_further_hops_follow_both_directions(store: GraphStore, schema: Schema) -> None:
    around = neighbourhood(store, schema, ROLE, hops=3, limit=2)
    reached = {n.key: n.hops for n in around.nodes}
    assert reached["occupation/03"] == 1
    assert reached["task/1"] == reached[SKILL] == 2
    assert reached["occupation/07"] == 3
    assert all(e.start in reached and e.end in reached for e in around.edges)
    assert len({(e.relation, e.start, e.end) for e in around.edges}) == len(around.edges)


def test_an_edge_left_out_by_one_end_and_kept_by_the_other_is_not_counted(store: GraphStore, schema: Schema) -> None:
    around = neighbourhood(store, schema, SKILL, hops=3, limit=HUB_SIZE)
    assert around.truncated == ()
    assert len([e for e in around.edges if e.relation == "REQUIRES_SKILL"]) == HUB_SIZE


def test_the_whole_is_capped_too(store: GraphStore, schema: Schema) -> None:
    around = neighbourhood(store, schema, SKILL, hops=2, limit=100, most_nodes=5)
    assert len(around.nodes) == 5
    assert around.truncated[0].count >= HUB_SIZE - 4


def test_the_whole_has_two_hundred_nodes_unless_asked_otherwise(tmp_path: Path, engine: str, schema: Schema) -> None:
    keys = [f"occupation/{n:03}" for n in range(250)]
    rows = {
        "Occupation": [{"id": k, "label": k, "code": k} for k in keys],
        "Skill": [{"id": SKILL, "label": "Writing"}],
        "REQUIRES_SKILL.Occupation.Skill": [{"from": k, "to": SKILL, "importance": 0.5} for k in keys],
    }
    write_records(tmp_path / "records", rows)
    load_graph(tmp_path / "records", tmp_path / "graph", engine, schema)
    with open_graph(tmp_path / "graph", engine) as graph:
        around = neighbourhood(graph, schema, SKILL, hops=4, limit=300)
        assert len(around.nodes) == 200
        assert around.truncated == (LeftOut("REQUIRES_SKILL", False, 51),)
        assert len(neighbourhood(graph, schema, SKILL, limit=300, most_nodes=1000).nodes) == 251


@pytest.mark.parametrize("types", [["Workflow"], ["hasWorkflow"], ["HAS_WORKFLOW"], ["HAS_WORKFLOW", "Workflow"]])
def test_types_are_relations_or_classes(store: GraphStore, schema: Schema, types: list[str]) -> None:
    assert {n.kind for n in neighbourhood(store, schema, ROLE, types=types).nodes} == {"Role", "Workflow"}


@pytest.mark.parametrize(
    ("key", "options", "code", "hint"),
    [
        ("role/marketing-manger", {}, "GRA301", "role/marketing-manager"),
        ("rolle/marketing-manager", {}, "GRA301", "role"),
        ("", {}, "GRA301", "occupation"),
        ("function/x", {}, "GRA301", "Function"),
        ("role/' OR 1=1 //", {}, "GRA301", "this graph has 1, for example role/marketing-manager"),
        ("role/marketing", {}, "GRA301", "did you mean role/marketing-manager?"),
        ("occupation/00x", {}, "GRA301", "did you mean occupation/00?"),
        ("occupation/nonsense", {}, "GRA301", "this graph has 40, for example occupation/00, occupation/01, occupation/02"),
        (ROLE, {"types": ["Zzz"]}, "GRA302", "known: AFFORDED_BY"),
        (ROLE, {"types": ["Workflows"]}, "GRA302", "Workflow"),
        (ROLE, {"hops": 7}, "GRA303", "6"),
        (ROLE, {"limit": 0}, "GRA303", "at least one"),
    ],
)
def test_what_is_not_there_comes_with_the_nearest(store: GraphStore, schema: Schema, key: str, options: dict[str, int], code: str, hint: str) -> None:
    with pytest.raises(BadInput) as caught:
        neighbourhood(store, schema, key, **options)
    assert caught.value.diagnostics[0].code == code
    assert hint in caught.value.diagnostics[0].fix


def test_two_asks_are_equal(store: GraphStore, schema: Schema) -> None:
    assert neighbourhood(store, schema, SKILL, hops=3, limit=4) == neighbourhood(store, schema, SKILL, hops=3, limit=4)


class _Counting:
    """A store that counts what it is asked."""

    def __init__(self, store: GraphStore) -> None:
        self._store, self.asked = store, 0

    def __getattr__(self, name: str) -> object:
        if name == "execute":
            self.asked += 1
        return getattr(self._store, name)


def test_the_number_of_queries_does_not_grow_with_the_nodes(store: GraphStore, schema: Schema) -> None:
    tables = len(list(schema.association_tables()))
    counting = _Counting(store)
    neighbourhood(counting, schema, SKILL, hops=2, limit=HUB_SIZE)  # type: ignore[arg-type]
    assert counting.asked <= 2 * tables + 2 + len(schema.classes)


def test_the_shortest_path_is_the_same_from_both_ends(store: GraphStore, schema: Schema) -> None:
    there = shortest_path(store, schema, ROLE, "occupation/07")
    assert there is not None
    assert [n.key for n in there.nodes] == [ROLE, "occupation/03", SKILL, "occupation/07"]
    assert [n.hops for n in there.nodes] == [0, 1, 2, 3]
    assert [e.relation for e in there.edges] == ["MAPS_TO", "REQUIRES_SKILL", "REQUIRES_SKILL"]
    back = shortest_path(store, schema, "occupation/07", ROLE)
    assert back is not None
    assert [n.key for n in reversed(back.nodes)] == [n.key for n in there.nodes]


def test_paths_of_no_length_too_long_and_through_chosen_classes(store: GraphStore, schema: Schema) -> None:
    same = shortest_path(store, schema, ROLE, ROLE)
    assert same is not None
    assert [n.key for n in same.nodes] == [ROLE]
    assert same.edges == ()
    assert shortest_path(store, schema, ROLE, "occupation/07", max_hops=2) is None
    assert shortest_path(store, schema, ROLE, "task/2") is None
    through = shortest_path(store, schema, ROLE, "occupation/07", types=["Occupation", "Task"])
    assert through is not None
    assert [n.key for n in through.nodes] == [ROLE, "occupation/03", "task/1", "occupation/07"]
    with pytest.raises(BadInput, match="GRA301"):
        shortest_path(store, schema, ROLE, "task/3")


def test_paths_agree_with_networkx(store: GraphStore, schema: Schema) -> None:
    whole = neighbourhood(store, schema, SKILL, hops=6, limit=1000)
    ties = [e for e in whole.edges if e.properties.get("importance") != 0]
    graph = to_networkx(whole.nodes, ties).to_undirected()
    lengths = nx.single_source_shortest_path_length(graph, "workflow/a")
    for key in sorted(lengths)[::5]:
        path = shortest_path(store, schema, "workflow/a", key)
        assert path is not None
        assert len(path.edges) == lengths[key]


def test_a_path_walks_no_edge_whose_score_is_zero(tmp_path: Path, engine: str, schema: Schema) -> None:
    ends = ("occupation/a", "occupation/b", "occupation/c")
    tier = {"relatedness_tier": "Primary-Short"}
    rows = {
        "Occupation": [{"id": e, "label": e, "code": e} for e in ends],
        "Interest": [{"id": "interest/1", "label": "Realistic"}, {"id": "interest/2", "label": "Social"}],
        "Skill": [{"id": SKILL, "label": "Writing"}],
        "HAS_INTEREST.Occupation.Interest": [
            {"from": ends[0], "to": "interest/1", "interest_score": 0.0}, {"from": ends[1], "to": "interest/1", "interest_score": 0.7},
            {"from": ends[0], "to": "interest/2", "interest_score": 0.1}, {"from": ends[2], "to": "interest/2", "interest_score": 0.1},
        ],
        "REQUIRES_SKILL.Occupation.Skill": [{"from": ends[0], "to": SKILL, "importance": 0.4, "level": 0.0}, {"from": ends[1], "to": SKILL, "level": None}],
        "RELATED_TO.Occupation.Occupation": [{"from": ends[2], "to": ends[1], "relatedness_rank": 1, **tier}],
    }  # fmt: skip
    write_records(tmp_path / "records", rows)
    load_graph(tmp_path / "records", tmp_path / "graph", engine, schema)
    with open_graph(tmp_path / "graph", engine) as graph:
        path = shortest_path(graph, schema, ends[0], ends[1])
        assert path is not None
        assert [n.key for n in path.nodes] == [ends[0], "interest/2", ends[2], ends[1]]
        assert shortest_path(graph, schema, ends[0], "interest/1", types=["HAS_INTEREST"]) is None
        assert shortest_path(graph, schema, ends[1], SKILL) is not None
        assert "interest/1" in {n.key for n in neighbourhood(graph, schema, ends[0]).nodes}


def test_networkx_keeps_relations_apart_and_can_write_graphml(store: GraphStore, schema: Schema) -> None:
    around = neighbourhood(store, schema, ROLE)
    graph = to_networkx(around.nodes, around.edges)
    assert graph.number_of_edges() == len(around.edges)
    assert graph.nodes[ROLE]["label"] == "Marketing Manager"
    assert graph.edges[ROLE, "workflow/b", "HAS_WORKFLOW"]["importance"] == "0.9"
    assert "graphml" in "".join(nx.generate_graphml(graph))


def test_of_two_rows_between_the_same_nodes_one_is_shown_whatever_their_order(tmp_path: Path, engine: str, schema: Schema) -> None:
    shown = []
    for name, importances in (("one", (0.4, 0.6)), ("two", (0.6, 0.4))):
        rows = {
            "Occupation": [{"id": "occupation/a", "label": "A", "code": "a"}],
            "Skill": [{"id": SKILL, "label": "Writing"}],
            "REQUIRES_SKILL.Occupation.Skill": [{"from": "occupation/a", "to": SKILL, "importance": i} for i in importances],
        }
        write_records(tmp_path / name / "records", rows)
        load_graph(tmp_path / name / "records", tmp_path / name / "graph", engine, schema)
        with open_graph(tmp_path / name / "graph", engine) as graph:
            shown.append((neighbourhood(graph, schema, SKILL).edges, shortest_path(graph, schema, SKILL, "occupation/a")))
    assert shown[0] == shown[1]
    assert len(shown[0][0]) == 1
