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
        ("role/' OR 1=1 //", {}, "GRA301", "role/marketing-manager"),
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
    graph = to_networkx(whole.nodes, whole.edges).to_undirected()
    lengths = nx.single_source_shortest_path_length(graph, "workflow/a")
    for key in sorted(lengths)[::5]:
        path = shortest_path(store, schema, "workflow/a", key)
        assert path is not None
        assert len(path.edges) == lengths[key]


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
