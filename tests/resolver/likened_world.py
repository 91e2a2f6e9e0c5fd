"""A world large enough for titles to be likened in: 400 invented trades with their titles, an index of titles and one of likeness."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path

from filed_world import AS_OF, RULES, SENIORITIES, SOURCE, InventedFacts

from engine.resolver import Resolver, TitleIndex, TitleRow, build_title_index
from engine.similarity import ConceptText, LabelledConcept, WiderGroup, build_similarity

MATERIALS = (
    "amber", "basalt", "copper", "damask", "ebony", "flannel", "granite", "hemlock", "indigo", "jasper", "kelp", "lacquer", "marble", "nickel", "obsidian", "pewter",
    "quartz", "rattan", "slate", "velvet",
)  # fmt: skip
TRADES = (
    "turner", "polisher", "weaver", "carver", "grinder", "sorter", "moulder", "gilder", "engraver", "dyer", "cutter", "fitter", "finisher", "mender", "caster", "binder",
    "roller", "washer", "grader", "packer",
)  # fmt: skip
TITLES = {f"occupation/41-{place:04}.00": (f"{material.title()} {trade.title()}", f"{material} {trade} hand") for place, (trade, material) in enumerate(product(TRADES, MATERIALS), 1)}


def likened_world(folder: Path, more: Mapping[str, tuple[str, ...]] | None = None) -> Resolver:
    """A resolver over that world; `more` titles by occupation."""
    named = [(title, concept, "canonical" if place == 0 else "alternate") for concept, titles in TITLES.items() for place, title in enumerate((*titles, *(more or {}).get(concept, ())))]
    build_title_index(folder / "titles.sqlite", [TitleRow(title, concept, TITLES[concept][0], kind, *SOURCE) for title, concept, kind in named], SENIORITIES)
    (folder / "likeness").mkdir(exist_ok=True)
    groups = [WiderGroup(concept, level, f"soc/41-{(place // len(MATERIALS) + 1) * 100 if level == 2 else 0:04}") for place, concept in enumerate(TITLES) for level in (2, 3)]
    build_similarity(
        folder / "likeness", [LabelledConcept(title, concept, kind, f"{concept}#{kind}") for title, concept, kind in named],
        [ConceptText(concept, f"works with {titles[0]}") for concept, titles in TITLES.items()], groups,
    )  # fmt: skip
    return Resolver(TitleIndex(folder / "titles.sqlite", lambda: folder / "likeness"), InventedFacts(), RULES, AS_OF)
