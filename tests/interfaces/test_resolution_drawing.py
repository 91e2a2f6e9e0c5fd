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


def decision(*chances: str) -> Decision:
    named = (("detailed", "51-6063", "Loom Hands"), ("minor", "51-6000", "Cloth Workers"), ("major", "51-0000", "Makers"))
    groups = [{"level": level, "code": code, "title": title, "chance": Decimal(chance)} for (level, code, title), chance in zip(named, chances, strict=False)]
    return Decision("resolution", "2026-11-20", {"title": "Loom Person"}, OUTCOME | {"groups": groups}, Decimal("0.3"), (), (), (), (), (), {})


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
