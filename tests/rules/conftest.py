"""Packs written for a test, as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from engine.rules import Rulebook, load_rulebook

HEAD = """\
version: 1.0.0
owner: Test
description: A pack for a test.
"""

SERVICE = """
parameters:
  serve_confidence:
    unit: share
    reason: Below it a wrong role is too likely.
    values:
      - {from: 2026-01-01, value: 0.85}
      - {from: 2027-01-01, value: 0.9}
  regulated:
    unit: list
    reason: Work under licence.
    values: [{from: 2026-01-01, value: [law, medicine]}]
facts:
  role_depth:
    subject: Role
    description: Workflows of a role.
    cypher: MATCH (r:Role) OPTIONAL MATCH (r)-[:HAS_WORKFLOW]->(w:Workflow) RETURN r.id AS subject, count(w) AS workflows
    columns:
      workflows: {type: count}
inputs:
  signal: {type: text, values: [canonical, alias, none]}
  confidence: {type: share}
  domains: {type: list}
  note: {type: text}
tables:
  audience:
    description: For whom.
    hit_policy: first
    uses: [domains]
    outputs:
      audience: {type: text, values: [inside, outside, held]}
    rules:
      - {id: held, when: {domains: contains any of $regulated}, then: {audience: held}, because: "one of {$regulated} is among {domains}"}
      - {id: outside, when: {domains: contains clinical}, then: {audience: outside}, because: "{domains} is outside"}
      - {id: inside, when: {}, then: {audience: inside}, because: everything else}
  tier:
    description: How a title is served.
    hit_policy: first
    uses: [audience, signal, workflows, confidence]
    outputs:
      tier: {type: text, values: [now, fallback, hold, exclude]}
      trust: {type: share}
    rules:
      - {id: excluded, when: {audience: outside}, then: {tier: exclude, trust: null}, because: "{audience} of the audience"}
      - {id: held, when: {audience: held}, then: {tier: hold, trust: null}, because: regulated}
      - id: deep
        when: {confidence: ">= $serve_confidence", signal: [canonical, alias], workflows: ">= 3"}
        then: {tier: now, trust: $serve_confidence}
        because: "{workflows} workflows, confidence {confidence}, at least {$serve_confidence}, so {tier}"
      - {id: weak, when: {confidence: "[0.5..0.85)", signal: not none}, then: {tier: fallback, trust: 0.5}, because: "confidence {confidence}"}
"""


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Rulebook]:
    """Load one pack from the text of its sections (and of its cases)."""

    def load(text: str, cases: str | None = None, name: str = "sample") -> Rulebook:
        folder = tmp_path / "rules" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pack.yaml").write_text(f"pack: {name}\n{HEAD}{dedent(text)}", encoding="utf-8")
        (folder / "README.md").write_text("# Sample\n", encoding="utf-8")
        if cases is not None:
            (folder / "cases.yaml").write_text(dedent(cases), encoding="utf-8")
        return load_rulebook(folder.parent)

    return load


@pytest.fixture
def service(book: Callable[..., Rulebook]) -> Rulebook:
    """A small service pack with composition, facts and dated parameters."""
    return book(SERVICE)
