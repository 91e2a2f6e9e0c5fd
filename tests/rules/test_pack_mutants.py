"""Mutation of the product's packs: a slip in any condition, bound, value, output or weight fails a case, or is proven to change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml
from campaign_size import sized
from pack_mutants import Mutant, mutants

from engine.contracts import BadInput
from engine.rules import coverage, load_rulebook, run_cases

RULES = Path(__file__).resolve().parents[2] / "rules"
STEP = sized(3, 1)  # every third slip in CI, every one in a whole campaign
PACKS = sorted(p.parent.name for p in RULES.glob("*/pack.yaml"))


class Plain(yaml.SafeDumper):
    """YAML without aliases."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


@pytest.fixture
def fails(tmp_path: Path) -> Any:
    def judged(pack: dict[str, Any], name: str) -> bool:
        """Whether a case of the pack fails, or names a row that is lost. A slip is a pack that loads: else it is no slip."""
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text(yaml.dump(pack, Dumper=Plain, sort_keys=False, allow_unicode=True), encoding="utf-8")
        (folder / "cases.yaml").write_bytes((RULES / name / "cases.yaml").read_bytes())
        rulebook = load_rulebook(tmp_path)
        try:
            return not run_cases(rulebook).passed
        except BadInput:
            return True

    return judged


def proven(name: str) -> set[tuple[str, str, str]]:
    """Conditions of which going through all inputs has shown that some slip changes nothing: (table, row, column)."""
    return {(i.demand.table, i.demand.rule, i.demand.column) for i in coverage(load_rulebook(), [name]).items if i.state == "impossible"}


def survivors(name: str, fails: Any) -> Iterator[Mutant]:
    pack = yaml.safe_load((RULES / name / "pack.yaml").read_text(encoding="utf-8"))
    assert not fails(pack, name), "the pack as it stands must pass"
    for mutant in islice(mutants(pack), 0, None, STEP):
        if not fails(mutant.pack, name):
            yield mutant


@pytest.mark.campaign
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("name", PACKS)
def test_every_slip_in_a_pack_fails_a_case_or_is_proven_to_change_nothing(name: str, fails: Any) -> None:
    idle = proven(name)
    pack = yaml.safe_load((RULES / name / "pack.yaml").read_text(encoding="utf-8"))
    left = []
    for mutant in survivors(name, fails):
        row = pack["tables"][mutant.table]["rules"][mutant.row]["id"] if mutant.row >= 0 else ""
        if (mutant.table, row, mutant.column) not in idle:
            left.append(mutant.what)
    assert left == [], f"{len(left)} slips that no case notices"


def test_a_slip_in_a_small_pack_fails_a_case(fails: Any) -> None:
    """A few slips of one pack in every run; those of all packs in the campaign."""
    pack = yaml.safe_load((RULES / "licence" / "pack.yaml").read_text(encoding="utf-8"))
    made = list(mutants(pack))
    assert len(made) > 60
    assert [m.what for m in made[::7] if not fails(m.pack, "licence")] == []
