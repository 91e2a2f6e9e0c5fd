"""What is asked: a title's facts, the tier that is wanted, and what its decision rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from engine.contracts import BadInput
from engine.counterfactual.worlds import Changes, Setting, changed, stands
from engine.resolver import Tiers, TitleFacts, decide_tiers
from engine.rules import Rulebook


@dataclass(frozen=True, slots=True)
class Question:
    """`served` tells that the wanted tier is a service tier; else it is a fallback tier."""

    facts: TitleFacts
    wanted: str
    served: bool
    rulebook: Rulebook
    as_of: date
    setting: Setting

    def tiers(self, worlds: Sequence[TitleFacts]) -> tuple[Tiers, ...]:
        """The tiers of worlds, decided together."""
        return decide_tiers(worlds, self.rulebook, self.as_of, trace=False)

    def met(self, tiers: Tiers) -> bool:
        """Whether a decision is the one that is wanted."""
        return (tiers.service_tier if self.served else tiers.fallback_tier) == self.wanted

    def flips(self, changes: Changes) -> bool:
        """Whether the changes make a possible world whose tier is the one wanted."""
        world = changed(self.facts, changes, self.setting)
        return stands(world, changes) and self.met(self.tiers([world])[0])


def tier_kind(rulebook: Rulebook, tier: str) -> str:
    """`service` or `fallback`, by what the tables of the packs may say. Raises BadInput WHN101 for a tier that neither knows."""
    known = {kind: [str(v) for c in rulebook.pack(kind).tables[f"{kind}_tier"].outputs if c.name == f"{kind}_tier" for v in c.values] for kind in ("service", "fallback")}
    for kind, tiers in known.items():
        if tier in tiers:
            return kind
    every = [*known["service"], *known["fallback"]]
    near = get_close_matches(tier, every, 1)
    fix = f"did you mean `{near[0]}`?" if near else f"service tiers: {', '.join(known['service'])}; fallback tiers: {', '.join(known['fallback'])}"
    raise BadInput.at("WHN101", f"there is no tier `{tier}`", why="a title has one service tier and one fallback tier", fix=fix)
