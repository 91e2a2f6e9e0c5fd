"""`wig rules` as its authors use it: tables drawn, cases run, coverage told; text, JSON, Markdown, JUnit; exit codes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engine.interfaces.cli.application import app

ROOT = Path(__file__).resolve().parents[2]
PACK = """pack: sample
version: 1.2.0
owner: o
description: d
parameters: {least: {unit: share, reason: r, values: [{from: 2026-01-01, value: 0.5}, {from: 2027-01-01, value: 0.6}]}}
inputs: {s: {type: share}, w: {type: text}}
tables:
  t:
    description: How good it is.
    hit_policy: first
    uses: [s, w]
    outputs: {o: {type: text, values: [good, bad]}}
    rules:
      - {id: good, when: {s: ">= $least", w: "not a|b"}, then: {o: good}, because: "{s} is enough"}
      - {id: rest, when: {}, then: {o: bad}, because: it is not}
"""
CASES = """
- {case: Half is good., table: t, as_of: 2026-06-01, given: {s: 0.5, w: c}, expect: {o: good}}
- {case: Less is bad., table: t, as_of: 2026-06-01, given: {s: 0.4, w: c}, expect: {o: bad}}
- {case: "A <strange> \\"word\\" is bad.", table: t, as_of: 2026-06-01, given: {s: 0.5, w: "a|b"}, expect: {o: bad}}
- {case: A title., title: sales associate, expect: {service_tier: serve_now, role: role/retail-sales-associate}}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "pack.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "sample" / "README.md").write_text("# Sample\n", encoding="utf-8")
    (tmp_path / "sample" / "cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def wig(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["rules", *map(str, arguments)], env={"COLUMNS": "80"})
    return done.exit_code, done.stdout


def document(*arguments: str | Path) -> Any:
    return json.loads(wig(*arguments, "--json")[1])


def test_a_table_is_drawn_with_the_parameters_in_force(packs: Path) -> None:
    code, text = wig("show", "sample", "--folder", packs, "--as-of", "2026-06-01")
    assert code == 0
    assert "if       s: >= $least (0.5)" in text
    assert "and      w: not a|b" in text
    assert "always" in text.split("rest")[1]
    assert "(0.6)" in wig("show", "sample", "t", "--folder", packs)[1]
    assert document("show", "sample", "t", "--folder", packs)[0]["rows"][1] == {"id": "rest", "conditions": [], "outputs": [["o", "bad"]], "because": "it is not"}
    grid = [line for line in wig("show", "sample", "--folder", packs, "--format", "markdown")[1].splitlines() if line.startswith("|")]
    assert len(grid) == 4
    assert r"`not a\|b`" in grid[2], "a bar would part the cell"
    assert wig("show", "sample", "u", "--folder", packs)[0] == 2
    assert wig("show", "sample", "--folder", packs, "--as-of", "2020-01-01")[0] == 2


@pytest.mark.parametrize("pack", ["service", "ranking", "measures"])
def test_the_packs_of_the_product_can_be_shown(pack: str) -> None:
    assert wig("show", pack)[0] == 0
    assert wig("show", pack, "--format", "markdown")[0] == 0


def test_cases_are_told_as_text_json_and_junit(packs: Path) -> None:
    assert wig("test", packs) == (0, "3 passed, 0 failed, 1 of titles not asked (add --titles)\n")
    told = document("test", packs)
    assert (told["passed"], told["failed"], told["not_asked"], len(told["cases"])) == (3, [], 1, 4)
    suite = ET.fromstring(wig("test", packs, "--format", "junit")[1]).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "0", "1")
    assert [c.get("name") for c in suite][2] == 'A <strange> "word" is bad.'


def test_a_failing_case_is_told_with_what_was_expected_and_met(packs: Path) -> None:
    (packs / "sample" / "cases.yaml").write_text(CASES.replace("s: 0.4, w: c}, expect: {o: bad}", "s: 0.4, w: c}, expect: {o: good}"), encoding="utf-8")
    code, text = wig("test", packs)
    assert code == 1
    assert "expected  o: good\n  met       o: bad" in text
    failure = ET.fromstring(wig("test", packs, "--format", "junit")[1]).find(".//failure")
    assert failure is not None
    assert failure.get("message") == "expected o: good, met o: bad"


def test_cases_of_titles_are_asked_of_the_embedded_graph() -> None:
    code, text = wig("test", "--titles")
    assert code == 0, text
    assert "not asked" not in text


def test_coverage_is_told_as_text_json_and_junit(packs: Path) -> None:
    code, text = wig("coverage", packs)
    assert (code, text.splitlines()[-1]) == (0, "9 of 9 covered, 0 proven to make no difference, 0 open")
    assert document("coverage", packs, "--pack", "sample")["complete"] is True
    (packs / "sample" / "cases.yaml").write_text(CASES.replace("s: 0.5, w: c", "s: 0.7, w: c"), encoding="utf-8")
    code, text = wig("coverage", packs)
    assert code == 1
    assert "rules/sample/pack.yaml:14:30  sample.t: good s: no case stands at the bound" in text
    assert "add  a case at 0.6 itself" in text
    suite = ET.fromstring(wig("coverage", packs, "--format", "junit")[1]).find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "1"


@pytest.mark.parametrize("pack", sorted(p.parent.name for p in (ROOT / "rules").glob("*/pack.yaml")))
def test_every_pack_of_the_product_is_covered(pack: str) -> None:
    code, text = wig("coverage", "--pack", pack)
    assert code == 0, text[-4000:]


@pytest.mark.parametrize("arguments", [("coverage", "--pack", "no_such_pack"), ("test", "--format", "html"), ("show", "nothing"), ("coverage", "--json", "--format", "junit")])
def test_what_cannot_be_understood_is_bad_input(arguments: tuple[str, ...]) -> None:
    assert wig(*arguments)[0] == 2
