"""Titles and facts straight from the authored files and, where they are at hand, the publishers' files: a stand-in for a built graph.

The same titles and facts come out of a real build; here they are read without one, so that the resolver's tests need neither DuckDB nor a graph engine.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.documents import data_folder, read_document
from engine.resolver import SeniorityTerm, TitleRow

WEDGE = ("source/wedge@1", "graph_data", "1", "CC-BY-4.0")
ONET = ("source/onet@30.1", "Alternate Titles.txt", "30.1", "CC-BY-4.0")
SOC = ("source/soc@2018", "direct match titles", "2018", "LicenseRef-public-domain")


@dataclass
class World:
    """Rows of the title index, seniorities, and fact columns by subject. Answers `columns` as a fact store does."""

    rows: list[TitleRow] = field(default_factory=list)
    seniorities: list[SeniorityTerm] = field(default_factory=list)
    facts: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def state(self, fact: str, subject: str, **values: Any) -> None:
        self.facts.setdefault(fact, {})[subject] = values

    def columns(self, fact: str, subjects: Sequence[str]) -> Mapping[str, list[Any]]:
        known = self.facts[fact]
        names = next(iter(known.values()))
        return {name: [known.get(subject, {}).get(name) for subject in subjects] for name in names}


def authored_world() -> World:
    """Roles, functions, archetypes, plain class names and SOC groups, as authored in graph_data."""
    world = World()
    grounds: dict[str, str] = {}
    for path in sorted(data_folder("graph_data").glob("*/*.yaml")):
        _read_file(world, read_document(path).value, grounds)
    _read_groups(world, grounds)
    return world


def published_world(folder: Path) -> World:
    """The same with O*NET's occupations and alternate titles and the SOC direct-match titles."""
    world = authored_world()
    labels = {}
    for row in _tab(folder / "onet_30_1" / "Occupation Data.txt"):
        code, label = row["O*NET-SOC Code"], row["Title"]
        labels[code] = label
        world.rows.append(TitleRow(label, f"occupation/{code}", label, "canonical", *ONET))
        for fact in ("audience.class_of_work", "fallback.nearest_ground"):
            world.state(fact, f"occupation/{code}", **world.facts[fact][f"soc/{code[:7]}"])
    for row in _tab(folder / "onet_30_1" / "Alternate Titles.txt"):
        code = row["O*NET-SOC Code"]
        for text in (row["Alternate Title"], row["Short Title"]):
            if text and text != "n/a":
                world.rows.append(TitleRow(text, f"occupation/{code}", labels[code], "alternate", *ONET))
    with (folder / "soc_2018" / "soc_2018_direct_match_title_file.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            world.rows.append(TitleRow(row["2018 SOC Direct Match Title"], f"soc/{row['2018 SOC Code']}", row["2018 SOC Title"], "direct_match", *SOC))
    return world


def _tab(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def _read_file(world: World, document: Mapping[str, Any], grounds: dict[str, str]) -> None:
    for s in document.get("seniorities", []):
        world.seniorities += [SeniorityTerm(tuple(str(t).lower().split()), f"seniority/{s['id']}", s["rank"]) for t in s["terms"]]
    for kind in ("function", "archetype"):
        for ground in document.get(f"{kind}s", []):
            key = f"{kind}/{ground['id']}"
            world.rows += [TitleRow(str(t), key, ground["label"], "term", *WEDGE) for t in ground["terms"]]
            for group in ground["groups"]:
                if kind == "function" or str(group) not in grounds:
                    grounds[str(group)] = key
            _state_depth(world, key, ground)
            if kind == "function":
                world.state("fallback.function_archetype", key, function_archetype=f"archetype/{ground['falls_back_to']}")
    for role in document.get("roles", []):
        key = f"role/{role['id']}"
        named = [("canonical", role["label"]), *(("alias", a) for a in role["aliases"]), *(("specialism", s) for s in role["specialisms"])]
        world.rows += [TitleRow(str(text), key, role["label"], kind, *WEDGE) for kind, text in named]
        exact = next((f"occupation/{o['code']}" for o in role["occupations"] if o["relation"] == "exactMatch"), None)
        world.state(
            "fallback.role_standing", key, family=f"family/{document['family']['id']}", role_function=f"function/{role['function']}", role_archetype=None, role_occupation=exact, role_occupation_name=None,
        )  # fmt: skip
        _state_depth(world, key, role)
    for name in document.get("class_names", []):
        world.rows += [TitleRow(str(n), f"soc/{name['group']}", str(n), "alias", *WEDGE) for n in name["names"]]


def _state_depth(world: World, key: str, ground: Mapping[str, Any]) -> None:
    world.state("service.ground_depth", key, status=ground["status"], workflows=len(ground["workflows"]), approvals=1 if ground.get("approval") else 0)


def _read_groups(world: World, grounds: Mapping[str, str]) -> None:
    """SOC groups stand in the file in order, each below the wider one before it."""
    above: dict[str, str | None] = {}
    levels = ("major", "minor", "broad", "detailed")
    with (data_folder("graph_data") / "soc_2018.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            code, level = row["code"], row["level"]
            above = {name: above.get(name) if levels.index(name) < levels.index(level) else None for name in levels} | {level: code}
            key = f"soc/{code}"
            world.rows.append(TitleRow(row["name"], key, row["name"], "group_name", *SOC))
            world.state("audience.class_of_work", key, **{name: above[name] for name in reversed(levels)})
            nearest = next((grounds[c] for name in reversed(levels) if (c := above[name]) in grounds and c is not None), None)
            world.state("fallback.nearest_ground", key, ground=nearest)
