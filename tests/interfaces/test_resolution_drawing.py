"""Which groups to fall back on an answer shows: those that are likelier than everything narrower."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts import Decision
from engine.interfaces.drawing import resolution_document, resolution_text

OUTCOME: dict[str, Any] = {
    "title": "Loom Person", "normalized": "loom person", "fallback_tier": "none", "service_tier": "exclude_or_not_icp", "runtime_action": "block_unknown_title", "role": None, "ground": None,
    "family": None, "function": None, "seniority": None, "occupation": None, "occupations": [], "stripped": [], "steps": [], "confidence": Decimal("0.3"), "caveats": (), "review_tags": (),
}  # fmt: skip


def decision(*chances: str, **changed: Any) -> Decision:
    named = (("detailed", "51-6063", "Loom Hands"), ("minor", "51-6000", "Cloth Workers"), ("major", "51-0000", "Makers"))
    groups = [{"level": level, "code": code, "title": title, "chance": Decimal(chance)} for (level, code, title), chance in zip(named, chances, strict=False)]
    return Decision("resolution", "2026-11-20", {"title": "Loom Person"}, OUTCOME | {"groups": groups} | changed, Decimal("0.3"), (), (), (), (), (), {})


@pytest.mark.parametrize(
    ("chances", "shown"),
    [
        (("0.3", "0.41", "0.6"), ["within   51-6000 Cloth Workers (minor group): 41 % likely", "within   51-0000 Makers (major group): 60 % likely"]),
        (("0.3", "0.3", "0.6"), ["within   51-0000 Makers (major group): 60 % likely"]),
        (("0.3", "0.5", "0.5"), ["within   51-6000 Cloth Workers (minor group): 50 % likely"]),
        (("0.9", "0.9", "0.9"), []),
        ((), []),
    ],
)
def test_a_group_is_shown_where_it_is_likelier_than_everything_narrower(chances: tuple[str, ...], shown: list[str]) -> None:
    asked = decision(*chances)
    assert [line for line in resolution_text(asked).splitlines() if line.startswith("within")] == shown
    assert resolution_document(asked, ())["groups"] == asked.outcome["groups"]


@pytest.mark.parametrize(
    ("action", "occupations", "shown"),
    [
        ("block_unknown_title", [{"code": "51-6063.00", "title": "Loom Hands", "share": Decimal("0.3")}], ["like     the first occupation at 30 %, if the title names work at all"]),
        ("block_unknown_title", [], []),
        ("block_not_icp", [{"code": "51-6063.00", "title": "Loom Hands", "share": Decimal("0.3")}], ["sure     30 % that the first occupation is right"]),
        ("plan_local_synthetic", [], ["sure     30 % that the title is read rightly"]),
    ],
    ids=["like an occupation", "like nothing", "known work", "read rightly"],
)
def test_nothing_is_called_sure_of_a_title_that_nobody_knows(action: str, occupations: list[dict[str, Any]], shown: list[str]) -> None:
    asked = decision(runtime_action=action, occupations=occupations)
    assert [line for line in resolution_text(asked).splitlines() if line.startswith(("sure", "like"))] == shown
