"""The golden titles on authored content alone and, where the publishers' files are at hand, with O*NET; none of them may be written into the product."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from authored_world import World, authored_world, published_world

from engine.resolver import Resolution, Resolver, TitleIndex, build_title_index
from engine.rules import load_rulebook

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ("titles.yaml", "unseen_titles.yaml")
CASES: list[dict[str, Any]] = [c for f in FILES for c in yaml.load((ROOT / "tests" / "golden" / f).read_text(encoding="utf-8"), yaml.CSafeLoader)["cases"]]
AS_OF = date(2026, 11, 20)
NINE_TITLES = (
    "seasonal sales associate", "support associate - soma", "part-time retail sales associate", "director of business intelligence", "case manager",
    "technical support assistant manager", "family law attorney", "registered nurse - 1755724", "totally unknown future job",
)  # fmt: skip


def resolver_of(world: World, folder: Path) -> Resolver:
    path = folder / "titles.sqlite"
    build_title_index(path, world.rows, world.seniorities)
    return Resolver(TitleIndex(path), world, load_rulebook(), AS_OF)


@pytest.fixture(scope="module")
def wedge(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    return resolver_of(authored_world(), tmp_path_factory.mktemp("wedge"))


@pytest.fixture(scope="module")
def onet(tmp_path_factory: pytest.TempPathFactory, published_data: Path) -> Resolver:
    return resolver_of(published_world(published_data), tmp_path_factory.mktemp("onet"))


def assert_answered(case: dict[str, Any], answer: Resolution) -> None:
    got = {"service_tier": answer.service_tier, "runtime_action": answer.runtime_action}
    wanted = {name: case[name] for name in got}
    for name in ("family", "function"):
        if name in case:
            got[name], wanted[name] = str(getattr(answer, name)), f"{name}/{case[name]}"
    assert got == wanted, [r.sentence for r in answer.reasons]
    assert (answer.ground is not None) == (answer.runtime_action == "plan_local_synthetic")
    if answer.service_tier == "serve_with_fallback":
        assert answer.caveats


@pytest.mark.parametrize("case", [c for c in CASES if c["graph"] == "wedge"], ids=lambda c: ascii(c["title"]))
def test_golden_title_on_authored_content(case: dict[str, Any], wedge: Resolver) -> None:
    assert_answered(case, wedge.resolve(case["title"]))


@pytest.mark.published
@pytest.mark.parametrize("case", [c for c in CASES if c["graph"] == "onet"], ids=lambda c: ascii(c["title"]))
def test_golden_title_with_onet(case: dict[str, Any], onet: Resolver) -> None:
    assert_answered(case, onet.resolve(case["title"]))


@pytest.mark.published
def test_a_title_of_many_occupations_names_none_and_tags_its_clinical_neighbours(onet: Resolver) -> None:
    answer = onet.resolve(NINE_TITLES[4])
    assert answer.occupation is None
    assert len(answer.occupations) == 10
    assert "clinical" in answer.review_tags
    assert answer.fallback_tier == "function"


def _written_strings() -> Iterator[tuple[str, str]]:
    for folder in ("engine", "rules", "graph_data"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py":
                found = [n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            elif path.suffix == ".yaml":
                found = [e.value for e in yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if isinstance(e, yaml.ScalarEvent)]
            elif path.suffix == ".csv":
                with path.open(encoding="utf-8", newline="") as stream:
                    found = [cell for row in csv.reader(stream) for cell in row]
            else:
                continue
            yield from ((path.name, text) for text in found)


def test_no_title_named_in_the_issue_stands_in_code_rules_or_content() -> None:
    titles = set(NINE_TITLES)
    assert titles <= {c["title"] for c in CASES}
    assert [(name, text) for name, text in _written_strings() if text.strip().casefold() in titles] == []
