"""Digest, carried form, editor schema, and the packs of the product."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.contracts import Corrupt, sha256_hex
from engine.rules import Rulebook, cases_schema, check, editor_schema, load_rulebook, run_cases

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 20)
PACK = """
parameters:
  p: {unit: count, reason: r, values: [{from: 2026-01-01, value: 0.50}]}
  q: {unit: text, reason: r, values: [{from: 2026-01-01, value: "0.5"}]}
inputs: {x: {type: share}, y: {type: text}}
tables:
  t:
    description: d
    hit_policy: first
    uses: [x, y]
    outputs: {o: {type: text}}
    rules: [{id: r, when: {x: "> $p", y: $q}, then: {o: v}, because: s}]
"""
SAME = """
# a comment
inputs:
  y: {type: text}
  x:
    type: share
parameters:
  q: {reason: r, unit: text, values: [{value: '0.5', from: 2026-01-01}]}
  p: {reason: r, unit: count, values: [{value: 0.5, from: 2026-01-01}]}
tables:
  t:
    rules: [{because: s, then: {o: v}, when: {y: $q, x: "> $p"}, id: r}]
    outputs: {o: {type: text}}
    uses: [x, y]
    hit_policy: first
    description: d
"""


def test_the_digest_covers_content_only(book: Callable[..., Rulebook]) -> None:
    first = book(PACK)
    digest, fingerprint = first.digest, first.fingerprints()
    second = book(SAME)
    assert second.digest == digest
    assert second.fingerprints() != fingerprint
    changed = {book(PACK.replace(*change)).digest for change in (("0.50", "0.51"), ("> $p", ">= $p"), ("[x, y]", "[y, x]"), ("o: v", "o: w"), ("because: s", "because: z"), ("q: {unit: text, reason: r, values: [{from: 2026-01-01, value: \"0.5\"", "q: {unit: text, reason: r, values: [{from: 2026-01-01, value: \"0.6\""))}
    assert len(changed | {digest}) == 7


def test_the_fingerprint_names_the_file_and_its_bytes(book: Callable[..., Rulebook], tmp_path: Path) -> None:
    (found,) = book(PACK).fingerprints()
    raw = (tmp_path / "rules" / "sample" / "pack.yaml").read_bytes()
    assert (found.kind, found.name, found.sha256, found.size) == ("rule", "rules/sample/pack.yaml", sha256_hex(raw), len(raw))


def test_a_snapshot_carries_the_rulebook_as_json(service: Rulebook) -> None:
    text = service.to_json()
    assert json.loads(text)["digest"] == service.digest
    carried = Rulebook.from_json(text)
    assert carried.packs == service.packs
    assert carried.fingerprints() == service.fingerprints()
    assert carried.to_json() == text
    assert isinstance(carried.parameter("sample", "serve_confidence", DAY), Decimal)


@pytest.mark.parametrize("damage", [lambda t: t[:-2], lambda t: t.replace("0.85", "0.80", 1), lambda _: "", lambda _: "{}", lambda t: t.replace('"packs"', '"pakcs"')])
def test_a_damaged_rulebook_is_corrupt(service: Rulebook, damage: Callable[[str], str]) -> None:
    with pytest.raises(Corrupt, match="RUL222"):
        Rulebook.from_json(damage(service.to_json()))


def test_the_editor_schemas_have_not_drifted() -> None:
    committed = (ROOT / "rules" / "pack.schema.json").read_text(encoding="utf-8")
    assert committed == editor_schema(), 'python -c "from engine.rules import editor_schema; print(editor_schema(), end=str())" > rules/pack.schema.json'
    committed = (ROOT / "rules" / "cases.schema.json").read_text(encoding="utf-8")
    assert committed == cases_schema(), 'python -c "from engine.rules import cases_schema; print(cases_schema(), end=str())" > rules/cases.schema.json'


def test_the_editor_schema_takes_the_cases_of_the_product_and_refuses_a_misspelt_key() -> None:
    validator = Draft202012Validator(json.loads(cases_schema()))
    for path in sorted((ROOT / "rules").glob("*/cases.yaml")):
        assert [e.message for e in validator.iter_errors(as_editors_see(path))] == []
    assert not validator.is_valid([{"case": "c", "table": "t", "givn": {}}])


def test_the_editor_schema_takes_good_packs_and_refuses_bad_ones() -> None:
    validator = Draft202012Validator(json.loads(editor_schema()))
    for path in sorted((ROOT / "rules").glob("*/pack.yaml")):
        assert [e.message for e in validator.iter_errors(as_editors_see(path))] == []
    for name in ("RUL101_unknown_key", "RUL102_missing_key", "RUL103_unknown_hit_policy"):
        assert not validator.is_valid(as_editors_see(Path(__file__).parent / "broken" / f"{name}.yaml"))


def as_editors_see(path: Path) -> Any:
    """JSON has no dates: an editor sees them as text."""
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    return json.loads(json.dumps(loaded, default=str))


def test_the_packs_of_the_product_load_pass_and_are_clean() -> None:
    rules = load_rulebook()
    report = run_cases(rules)
    assert [f"{r.pack}: {r.sentence} expected {r.expected}, met {r.met}" for r in report.results if r.asked and not r.passed] == []
    assert [d.text() for d in check(rules).errors] == []


def test_the_seven_frequency_categories_rise() -> None:
    frequency = load_rulebook().parameter("measures", "task_frequency", DAY)
    assert list(frequency) == list("1234567")
    values = [frequency[c] for c in "1234567"]
    assert values == sorted(values)
    assert frequency["5"] == 260
    assert frequency["7"] == 260 * 8


def test_a_carried_rulebook_decides_without_readers_of_files_and_heavy_libraries(service: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "book.json").write_text(service.to_json(), encoding="utf-8")
    program = (
        "import sys, pathlib, datetime; from engine.rules import FactStore, Rulebook;"
        f"b = Rulebook.from_json(pathlib.Path({str(tmp_path / 'book.json')!r}).read_text(encoding='utf-8'));"
        "r = b.decide('sample', 'tier', {'audience': ['outside']}, datetime.date(2026, 11, 20)); assert r.outputs['tier'] == ('exclude',);"
        "print(sorted(m for m in ('yaml', 'pydantic', 'duckdb', 'pyarrow', 'kuzu', 'ladybug', 'rdflib', 'networkx', 'numpy') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_reference_page_lists_every_code_and_its_example_works(book: Callable[..., Rulebook]) -> None:
    page = (ROOT / "docs" / "reference" / "rule_packs.md").read_text(encoding="utf-8")
    stated = {c for module in (ROOT / "engine" / "rules").glob("*.py") for c in re.findall(r"RUL\d{3}", module.read_text(encoding="utf-8"))}
    assert stated - set(re.findall(r"RUL\d{3}", page)) == set()
    example, scoring, cases, more = (block.split("\n```")[0] for block in page.split("```yaml\n")[1:5])
    body = example[example.index("parameters:") :].replace("inputs:\n", "inputs:\n  match: {type: share}\n  effort: {type: share}\n  hours: {type: hours}\n")
    body = body.replace("parameters:\n", "parameters:\n  ease_weight: {unit: per mille, reason: r, values: [{from: 2026-11-20, value: 100}]}\n")
    report = run_cases(book(f"{body}\n{scoring}", f"{cases}\n{more}", name="service"))
    assert [(r.sentence, r.met) for r in report.results if r.asked and not r.passed] == []
    assert [r.asked for r in report.results] == [True] * 6 + [False]
