"""Cases of titles: the rules in hand asked over the embedded graph, whose facts are evaluated by these same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path

from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace
from engine.resolver import Resolution, Resolver, TitleIndex
from engine.rules import FactStore, Rulebook, Value, evaluate_facts, write_facts

SAID = tuple(field.name for field in fields(Resolution))  # what a case may expect of a title


def embedded_titles(rulebook: Rulebook, folder: Path, say: Callable[[str], None] = lambda _: None) -> Callable[[str, date], Mapping[str, Value | None]]:
    """Build the embedded graph in an empty folder and return what answers a title under the rules given.

    The answer holds the fields of a resolution named in SAID. Raises EngineError as a build does; the folder belongs to the caller.
    """
    snapshot = build_snapshot(Workspace(folder), BuildRequest(None), say).snapshot
    with snapshot.open_graph() as graph:
        write_facts(folder / "facts_of_the_cases.sqlite", evaluate_facts(rulebook, lambda cypher: astuple(graph.execute(cypher))))
    index, facts = TitleIndex(snapshot.verified_path("titles.sqlite"), lambda: snapshot.verified_folder(snapshot.similarity.name)), FactStore(folder / "facts_of_the_cases.sqlite")

    def answer(title: str, as_of: date) -> Mapping[str, Value | None]:
        resolution = Resolver(index, facts, rulebook, as_of).resolve(title)
        return {name: getattr(resolution, name) for name in SAID}

    return answer
