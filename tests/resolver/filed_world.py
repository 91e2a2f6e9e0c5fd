"""A small invented world of flowers: titles, words of seniority and facts, under the real rule packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.resolver import SeniorityTerm, TitleRow
from engine.rules import load_rulebook

AS_OF = date(2026, 11, 20)
SOURCE = ("source/test@1", "row 1", "1", "CC0-1.0")
RULES = load_rulebook()
TITLES = [
    ("Bouquet Adviser", "role/bouquet-adviser", "canonical"),
    ("bouquet clerk", "role/bouquet-adviser", "alias"),
    ("shared name", "role/bouquet-adviser", "alias"),
    ("shared name", "role/draft-role", "alias"),
    ("Draft Role", "role/draft-role", "canonical"),
    ("wedding", "role/bouquet-adviser", "specialism"),
    ("flower trade", "function/flowers", "term"),
    ("Flower Broker", "occupation/41-0001.00", "canonical"),
    ("Petal Person", "occupation/41-0001.00", "alternate"),
    ("Petal Person", "occupation/41-0002.00", "alternate"),
    ("Petal Person", "occupation/23-0001.00", "alternate"),
    ("Petal Person", "occupation/41-0003.00", "alternate"),
    ("Seed Advocates", "occupation/23-0001.00", "canonical"),
    ("seed advocate", "soc/23-0001", "alias"),
    ("Tractor Drivers", "occupation/53-0001.00", "canonical"),
    ("Split Person", "occupation/41-0001.00", "alternate"),
    ("Split Person", "occupation/53-0001.00", "alternate"),
    ("Groundless Person", "occupation/41-0009.00", "canonical"),
]
TERMS = [("senior", 3), ("junior", 1), ("supervisor", 4), ("manager", 5), ("director", 6), ("chief", 3), ("chief", 5)]


class InventedFacts:
    """Facts of the invented world: classes by code, one function with its archetype, one role approved and one in draft."""

    def columns(self, fact: str, subjects: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        return {
            "audience.class_of_work": self._classes,
            "fallback.nearest_ground": lambda keys: {"ground": [None if "0009" in k or "41-" not in k else "function/flowers" for k in keys]},
            "fallback.function_archetype": lambda keys: {"function_archetype": ["archetype/specialist" for _ in keys]},
            "fallback.role_standing": self._roles,
            "service.ground_depth": self._depth,
        }[fact](subjects)

    @staticmethod
    def _classes(keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        codes = [k.partition("/")[2][:7] for k in keys]
        return {"detailed": codes, "broad": [None for _ in keys], "minor": [None for _ in keys], "major": [c[:2] + "-0000" for c in codes]}

    @staticmethod
    def _roles(keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        return {
            "role_function": ["function/flowers" for _ in keys], "role_archetype": ["archetype/specialist" for _ in keys],
            "family": ["family/flowers" for _ in keys], "role_occupation": ["occupation/41-0001.00" for _ in keys], "role_occupation_name": ["Flower Brokers" for _ in keys],
        }  # fmt: skip

    @staticmethod
    def _depth(keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        return {"status": ["draft" if "draft" in k else "approved" for k in keys], "workflows": [4 for _ in keys], "approvals": [1 for _ in keys]}


ROWS = [TitleRow(text, target, target, kind, *SOURCE) for text, target, kind in TITLES]
SENIORITIES = [SeniorityTerm((word,), f"seniority/{word}-{rank}", rank) for word, rank in TERMS]
