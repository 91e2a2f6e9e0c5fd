"""Each kind of defect planted into each pack of the product: the lint finds it there, and found nothing before."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.contracts import BadInput, Diagnostic
from engine.rules import check, load_rulebook

RULES = Path(__file__).resolve().parents[2] / "rules"
PACKS = sorted(p.parent.name for p in RULES.glob("*/pack.yaml"))
Pack = dict[str, Any]
Plant = Callable[[Pack], bool]
DEFECTS: dict[str, tuple[str, Plant]] = {}


class Plain(yaml.SafeDumper):
    """YAML without aliases."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def defect(code: str) -> Callable[[Plant], Plant]:
    def kept(plant: Plant) -> Plant:
        DEFECTS[plant.__name__] = (code, plant)
        return plant

    return kept


def tables(pack: Pack, *policies: str) -> list[Pack]:
    return [t for t in pack.get("tables", {}).values() if not policies or t["hit_policy"] in policies]


def cells(pack: Pack) -> Iterator[tuple[Pack, str]]:
    return ((rule["when"], name) for table in tables(pack) for rule in table["rules"] for name in rule.get("when", {}))


def typed(pack: Pack) -> dict[str, Pack]:
    return {name: column for _, name, column in columns(pack)}


def columns(pack: Pack) -> Iterator[tuple[str, str, Pack]]:
    yield from (("input", n, c) for n, c in pack.get("inputs", {}).items())
    yield from (("fact", n, c) for fact in pack.get("facts", {}).values() for n, c in fact["columns"].items())


@defect("RUL106")
def a_column_that_nobody_declares(pack: Pack) -> bool:
    return any(not table["uses"].append("undeclared_column") for table in tables(pack)[:1])


@defect("RUL108")
def a_table_that_leans_on_itself(pack: Pack) -> bool:
    return any(not table["uses"].append(next(iter(table["outputs"]))) for table in tables(pack)[:1])


@defect("RUL110")
def an_order_of_texts(pack: Pack) -> bool:
    known = typed(pack)
    for when, name in cells(pack):
        if known.get(name, {}).get("type") in ("text", "key", "flag"):
            when[name] = ">= 3"
            return True
    return False


@defect("RUL110")
def a_text_where_a_number_stands(pack: Pack) -> bool:
    known = typed(pack)
    for when, name in cells(pack):
        if known.get(name, {}).get("type") in ("share", "count", "number", "hours", "level"):
            when[name] = "plenty"
            return True
    return False


@defect("RUL111")
def a_value_that_is_not_allowed(pack: Pack) -> bool:
    known = typed(pack)
    for when, name in cells(pack):
        if known.get(name, {}).get("type") == "text" and known[name].get("values"):
            when[name] = "no_such_value"
            return True
    return False


@defect("RUL112")
def a_parameter_that_nobody_states(pack: Pack) -> bool:
    for when, name in cells(pack):
        when[name] = "$no_such_parameter"
        return True
    return False


@defect("RUL114")
def an_output_that_the_table_does_not_have(pack: Pack) -> bool:
    return any(table["rules"][0]["then"].update(no_such_output="x") is None for table in tables(pack)[:1])


@defect("RUL103")
def an_unknown_hit_policy(pack: Pack) -> bool:
    return any(table.update(hit_policy="last") is None for table in tables(pack)[:1])


@defect("RUL144")
def a_gap_that_nobody_meant(pack: Pack) -> bool:
    for table in tables(pack, "first"):
        if table.pop("gaps", None) is not None:
            return True
        if not table["rules"][-1].get("when") and len(table["rules"]) > 1:
            table["rules"].pop()
            return True
    return False


@defect("RUL146")
def rows_that_meet_under_unique(pack: Pack) -> bool:
    for table in tables(pack, "first", "unique"):
        again = copy.deepcopy(table["rules"][0])
        again["id"] = "the_same_again"
        table["rules"].append(again)
        table["hit_policy"] = "unique"
        return True
    return False


@defect("RUL140")
def a_row_behind_one_that_is_wider(pack: Pack) -> bool:
    for table in tables(pack, "first"):
        again = copy.deepcopy(table["rules"][0])
        again["id"] = "the_same_again"
        table["rules"].append(again)
        return True
    return False


@defect("RUL140")
def a_row_behind_one_for_everything(pack: Pack) -> bool:
    for table in tables(pack, "first"):
        table["rules"].insert(0, {**copy.deepcopy(table["rules"][0]), "id": "everything", "when": {}, "because": "always"})
        return True
    return False


@defect("RUL149")
def a_condition_that_holds_on_everything(pack: Pack) -> bool:
    for table in tables(pack):
        for rule in table["rules"]:
            for name in table["uses"]:
                if name not in rule.get("when", {}):
                    rule.setdefault("when", {})[name] = ["missing", "present"]
                    return True
    return False


@defect("RUL152")
def a_gap_that_is_not_there(pack: Pack) -> bool:
    for table in tables(pack, "first"):
        if not table.get("gaps"):
            table["gaps"] = "Nothing is known there."
            return True
    return False


@defect("RUL141")
def an_input_that_nobody_reads(pack: Pack) -> bool:
    pack.setdefault("inputs", {})["unread_input"] = {"type": "count"}
    return True


@defect("RUL142")
def a_parameter_that_nobody_reads(pack: Pack) -> bool:
    pack.setdefault("parameters", {})["unread_parameter"] = {"unit": "count", "reason": "r", "values": [{"from": __import__("datetime").date(2026, 1, 1), "value": 3}]}
    return bool(pack.get("tables") or pack.get("scoring"))


@defect("RUL143")
def a_fact_that_nobody_reads(pack: Pack) -> bool:
    return a_fact(pack, "MATCH (r:Role) OPTIONAL MATCH (r)-[:HAS_WORKFLOW]->(w:Workflow) RETURN r.id AS subject, count(w) AS unread_column")


@defect("RUL132")
def a_fact_without_a_bound(pack: Pack) -> bool:
    return a_fact(pack, "MATCH (r:Occupation)-[:BROADER*]->(w:OccupationGroup) RETURN r.id AS subject, count(w) AS unread_column")


@defect("RUL132")
def a_fact_with_a_lower_bound_only(pack: Pack) -> bool:
    return a_fact(pack, "MATCH (r:Occupation)-[:BROADER*1..]->(w:OccupationGroup) RETURN r.id AS subject, count(w) AS unread_column")


@defect("RUL130")
def a_fact_that_writes(pack: Pack) -> bool:
    return a_fact(pack, "MATCH (r:Role) SET r.label = 'x' RETURN r.id AS subject, count(r) AS unread_column")


@defect("RUL133")
def a_fact_over_an_unknown_relation(pack: Pack) -> bool:
    return a_fact(pack, "MATCH (r:Role)-[:HAS_WORKFLOWS]->(w:Workflow) RETURN r.id AS subject, count(w) AS unread_column")


@defect("RUL135")
def a_fact_over_an_unknown_property(pack: Pack) -> bool:
    return a_fact(pack, "MATCH (r:Role) RETURN r.id AS subject, count(r.lable) AS unread_column")


@defect("RUL120")
def a_weight_that_is_a_share(pack: Pack) -> bool:
    for scoring in pack.get("scoring", {}).values():
        pack.setdefault("parameters", {})["half"] = {"unit": "share", "reason": "r", "values": [{"from": __import__("datetime").date(2026, 1, 1), "value": 0.5}]}
        next(iter(scoring["factors"].values()))["weight"] = "$half"
        return True
    return False


@defect("RUL119")
def an_order_that_leaves_ties(pack: Pack) -> bool:
    return any(scoring["order"].pop() for scoring in pack.get("scoring", {}).values())


def a_fact(pack: Pack, cypher: str) -> bool:
    pack.setdefault("facts", {})["planted_fact"] = {"subject": "Role", "description": "d", "cypher": cypher, "columns": {"unread_column": {"type": "count"}}}
    return True


def found_in(name: str, pack: Pack, folder: Path) -> list[Diagnostic]:
    (folder / name).mkdir(parents=True)
    (folder / name / "pack.yaml").write_text(yaml.dump(pack, Dumper=Plain, sort_keys=False, allow_unicode=True), encoding="utf-8")
    (folder / name / "README.md").write_text("# Planted\n", encoding="utf-8")
    (folder / name / "cases.yaml").write_text("[]\n", encoding="utf-8")
    try:
        return list(check(load_rulebook(folder)).diagnostics)
    except BadInput as error:
        return list(error.diagnostics)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, str]]]:
    """What is said of each pack as it stands, apart from cases."""
    return {name: {(d.code, d.what) for d in found_in(name, read(name), tmp_path_factory.mktemp(name))} for name in PACKS}


def read(name: str) -> Pack:
    loaded: Pack = yaml.safe_load((RULES / name / "pack.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("planted", sorted(DEFECTS))
def test_a_planted_defect_is_found_in_every_pack_that_can_have_it(planted: str, before: dict[str, set[tuple[str, str]]], tmp_path: Path) -> None:
    code, plant = DEFECTS[planted]
    tried = 0
    for name in PACKS:
        pack = read(name)
        if not plant(pack):
            continue
        tried += 1
        new = [d for d in found_in(name, pack, tmp_path / name) if d.code == code and (d.code, d.what) not in before[name]]
        assert new, f"{planted} in {name} was not found"
        assert all(d.place.file == f"rules/{name}/pack.yaml" and d.place.line > 0 and d.what and d.why and d.fix for d in new)
    assert tried
