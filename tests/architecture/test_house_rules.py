"""What the house keeps to: a light cold start, tiers in the rules, facts that are traversals, and no word of the workshop."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from the_house import ROOT, modules, own_files, shown

from engine.contracts import InputOutput
from engine.documents import data_folder
from engine.graph import GraphStore, Snapshot
from engine.rules import FactStore, load_rulebook

HEAVY = ("duckdb", "pyarrow", "kuzu", "ladybug", "rdflib", "pyshacl", "pyoxigraph", "networkx", "numpy")
DATA_FOLDERS = ("ontology", "shapes", "rules", "graph_data")
RESOLVE_AND_TELL = """
import json, sys
from engine.interfaces.cli.application import app
app(["resolve", *sys.argv[1:], "--json"], standalone_mode=False)
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(("titles", "may"), [(["Marketing Manager", "Senior Marketing Manager - Austin"], set()), (["Marketing Manager", "wholly unheard-of occupation"], {"numpy"})])
def test_resolving_from_a_cold_shell_loads_nothing_heavy(workspace: Path, titles: list[str], may: set[str]) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "WIG_WORKSPACE": str(workspace)}
    done = subprocess.run([sys.executable, "-P", "-c", RESOLVE_AND_TELL, *titles], env=env, capture_output=True, text=True, timeout=60, check=True)
    answers = json.loads(done.stdout)
    assert [a["title"] for a in answers] == titles
    assert answers[0]["role"] == "role/marketing-manager"
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert "rapidfuzz" in loaded, "the list of modules is not that of the process that resolved"
    assert loaded & set(HEAVY) <= may  # what a title is like is told by columns of numbers; a title that is filed needs none


def _values_of(pack: str, table: str, output: str) -> set[str]:
    written = yaml.safe_load((ROOT / "rules" / pack / "pack.yaml").read_text(encoding="utf-8"))
    return set(written["tables"][table]["outputs"][output]["values"])


def _texts(path: Path) -> Iterator[str]:
    """Text constants of a module, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs)


def test_tiers_and_actions_come_from_the_rules() -> None:
    tiers = _values_of("fallback", "fallback_tier", "fallback_tier")
    served = _values_of("service", "service_tier", "service_tier") | _values_of("service", "service_tier", "runtime_action")
    assert (len(tiers), len(served)) == (6, 8)

    def names_one(text: str) -> bool:
        beginning = len(text) >= 5 and text.endswith("_") and any(name.startswith(text) for name in served)
        return text in tiers or beginning or any(name in text for name in served)

    allowed = tomllib.loads((ROOT / "tests/architecture/tier_literals.toml").read_text(encoding="utf-8"))
    found = {shown(p): {t for t in _texts(p) if names_one(t)} for p in modules() if "drawing" not in p.parts}
    assert {name: sorted(words) for name, words in found.items() if words} == {name: sorted(entry["words"]) for name, entry in allowed.items()}
    assert all(len(entry["reason"]) > 15 for entry in allowed.values())


@pytest.fixture(scope="module")
def store(embedded: Snapshot) -> Iterator[FactStore]:
    """The published facts."""
    facts = FactStore(embedded.facts)
    yield facts
    facts.close()


@pytest.fixture(scope="module")
def graph(embedded: Snapshot) -> Iterator[GraphStore]:
    """The graph they were taken from."""
    with embedded.open_graph() as opened:
        yield opened


FACTS = [(pack.name, name) for pack in load_rulebook().packs.values() for name in sorted(pack.facts)]


def _plain(value: Any) -> Any:
    """A value of a graph or of a column in one form: exact decimals of six places, lists sorted."""
    if isinstance(value, list | tuple):
        return sorted(value)
    if isinstance(value, float | Decimal):
        return Decimal(repr(value) if isinstance(value, float) else value).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
    return value


@pytest.mark.parametrize(("pack", "name"), FACTS, ids=[f"{p}.{n}" for p, n in FACTS])
def test_a_published_fact_equals_its_traversal(pack: str, name: str, store: FactStore, graph: GraphStore) -> None:
    fact = load_rulebook().packs[pack].facts[name]
    answer = graph.execute(fact.cypher)
    live = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
    subjects = sum(graph.execute(f"MATCH (n:{name}) RETURN count(n)").rows[0][0] for name in fact.subject.split("|"))
    assert bool(live) == bool(subjects), "a fact about nothing proves nothing, where the embedded graph has such records"
    asked = [row["subject"] for row in live]
    contexts = [row["context"] for row in live] if fact.context else None
    kept = store.columns(f"{pack}.{name}", asked, contexts)
    for column in (c.name for c in fact.columns):
        assert [_plain(v) for v in kept[column]] == [row[column] for row in live], column
    whole = store.all(f"{pack}.{name}")
    assert sorted(zip(whole.subjects, whole.contexts, strict=True)) == sorted((row["subject"], row.get("context", "")) for row in live)


def test_every_fact_of_the_rules_is_published_and_no_other(store: FactStore) -> None:
    assert sorted(store.names()) == sorted(f"{p}.{n}" for p, n in FACTS)


def test_a_subject_with_nothing_counts_zero_and_an_unknown_subject_is_missing(store: FactStore) -> None:
    found = store.columns("service.ground_depth", ["role/marketing-manager", "role/nobody-wrote-this"])
    assert found["workflows"][0] >= 2
    assert found["workflows"][1] is None


# written in parts, so that this file does not hold what it looks for
MACHINE = re.compile(r"(?<![\w.:/])/(?:" + "|".join(("work", "root", "home", "Users", "mnt", "tmp/" + "dev", "opt/wheels")) + r")/")
INDEX_HOSTS = re.compile("|".join(("pypi" + r"\.", "python" + "hosted", "index" + "-url", "find" + "-links", "arti" + "factory", "dev" + "pi")), re.IGNORECASE)
FILE_LINKS = re.compile("file:" + "//")


def test_the_project_speaks_of_itself_alone() -> None:
    assert len(own_files()) > 200
    told = []
    for path in own_files():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            told += [f"{shown(path)}:{number} {met[0]}" for pattern in (MACHINE, INDEX_HOSTS, FILE_LINKS) if (met := pattern.search(line))]
    assert told == []


def test_in_a_checkout_the_data_stands_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.documents.folders.__file__", str(ROOT / "engine" / "documents" / "folders.py"))
    assert [data_folder(name) for name in DATA_FOLDERS] == [ROOT / name for name in DATA_FOLDERS]


def test_in_an_installation_the_data_stands_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "engine"
    monkeypatch.setattr("engine.documents.folders.__file__", str(package / "documents" / "folders.py"))
    for name in DATA_FOLDERS:
        with pytest.raises(InputOutput, match=f"DOC001  the data folder `{name}`"):
            data_folder(name)
        (tmp_path / "site" / name).mkdir(parents=True)  # a stranger's top-level folder of the same name
        (package / "data" / name).mkdir(parents=True)
        assert data_folder(name) == package / "data" / name


def test_an_installed_copy_reads_its_own_data(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(ROOT / "engine", site / "engine", ignore=shutil.ignore_patterns("__pycache__", "data"))
    forced = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert set(forced) == set(DATA_FOLDERS)
    for origin, place in forced.items():
        shutil.copytree(ROOT / origin, site / place)
    asked = "\n".join((
        "import json, engine",
        "from engine.documents import data_folder", "from engine.ontology import load_schema", "from engine.rules import load_rulebook", "from engine.sources import load_ledger, read_wedge",
        f"told = [str(data_folder(n)) for n in {DATA_FOLDERS!r}]",
        "told += [engine.__file__, len(load_schema().classes), load_rulebook().digest, len(read_wedge(load_ledger()).rows.rows)]",
        "print(json.dumps(told))",
    ))  # fmt: skip
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run([sys.executable, "-P", "-c", asked], cwd=elsewhere, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, timeout=60, check=True)
    *folders, module, classes, digest, tables = json.loads(done.stdout)
    assert [Path(f) for f in folders] == [site / "engine" / "data" / name for name in DATA_FOLDERS]
    assert Path(module).is_relative_to(site)
    assert (digest, classes > 20, tables > 20) == (load_rulebook().digest, True, True)
