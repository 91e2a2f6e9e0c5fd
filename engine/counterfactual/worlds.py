"""Worlds beside the one that is: the facts of a title with some of them changed, and all that must change with them.

In: facts and changes. Out: facts that hang together. What hangs together, in full:
a record that claims the title is what makes it have votes, roles, trust and grounds; only claims `exact` and `alias` name roles, and a role's
votes are all for work inside the audience; an exact claim is a role's own name, matched word for word; the shares of the three audiences are
parts of one whole, so what one gains beyond what is free the others lose in proportion; no other function has more votes than the leading one,
and every function falls back on an archetype; a second job has words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import MICRO, from_micro, to_micro
from engine.resolver import TitleFacts
from engine.rules import Rulebook, Value

Changes = Mapping[str, Value | None]
ROLE_CLAIMS = ("exact", "alias")
WHOLE = ("votes_inside", "votes_held", "votes_outside")
TITLE_WORDS = ("second_job", "second_job_words", "field_words")
GROUND_KINDS = ("role", "function", "archetype")
_SHARES = (*WHOLE, "votes_function", "rival_function", "votes_archetype")
_FREE_OF_ROLES = ("best_claim", "roles", *TITLE_WORDS)
_FREE_OF_NOTHING = ("best_claim", "field_words")
_NONE = from_micro(0)
_ALL = from_micro(MICRO)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a change may lean on: the role that the title comes nearest to, with its depth, and how far a record filed for a title is trusted, by claim."""

    near_role: str | None
    near_depth: Mapping[str, Value | None]
    trust: Mapping[str, Decimal]

    @classmethod
    def of(cls, rulebook: Rulebook, as_of: date, near_role: str | None = None, near_depth: Mapping[str, Value | None] | None = None) -> Setting:
        """With the trust in force on a day: a title filed word for word, in the list that such a claim comes from."""
        road: Mapping[str, Decimal] = rulebook.parameter("title_evidence", "road_strength", as_of)
        naming: Mapping[str, Decimal] = rulebook.parameter("title_evidence", "naming_strength", as_of)
        lists = {"exact": "canonical", "alias": "alias", "settled_class": "alias", "class_of_work": "occupation_name", "ground": "term"}
        trust = {claim: from_micro(to_micro(road["exact"]) * to_micro(naming[name]) // MICRO) for claim, name in lists.items()}
        return cls(near_role, near_depth or {}, trust)


def depth_fact(kind: str, column: str) -> str:
    """How a fact of a ground is named among changes: `depth.role.workflows`."""
    return f"depth.{kind}.{column}"


def value_of(facts: TitleFacts, fact: str) -> Value | None:
    """The value of a fact by its name: an input of the pack `fallback`, or a depth column of a ground."""
    if fact.startswith("depth."):
        _, kind, column = fact.split(".")
        return facts.depth.get(kind, {}).get(column)
    return facts.votes.get(fact)


def may_change(facts: TitleFacts, claim: Value | None, fact: str) -> bool:
    """Whether a fact is free where the best claim is this, or follows from it: a name that is filed for a title matches it word for word."""
    if fact.startswith("depth."):
        return claim is not None
    if claim in ROLE_CLAIMS:
        return fact in _FREE_OF_ROLES or (fact == "strength" and claim == facts.votes["best_claim"] == "alias")
    return fact in _FREE_OF_NOTHING if claim is None else fact != "roles"


def changed(facts: TitleFacts, changes: Changes, setting: Setting) -> TitleFacts:
    """The world with the changes and all that follows from them. A change that contradicts another is cut to what is possible (see `stands`)."""
    claim = changes.get("best_claim", facts.votes.get("best_claim"))
    votes: dict[str, Any] = {**facts.votes, **{k: v for k, v in changes.items() if not k.startswith("depth.")}}
    grounds, depth = dict(facts.grounds), {kind: dict(columns) for kind, columns in facts.depth.items()}
    confidence = facts.record_confidence
    if claim is None:
        votes |= {"best_claim": None, "roles": 0, "strength": _NONE, "second_job": None, "second_job_words": 0, **dict.fromkeys(_SHARES, _NONE)}
        grounds, depth, confidence = dict.fromkeys(grounds), {}, Decimal(0)
    else:
        if claim != facts.votes.get("best_claim"):
            _file(claim, facts, changes, setting, votes, grounds, depth)
            confidence = confidence or Decimal(1)
        _settle(claim, changes, votes)
        for fact, value in changes.items():
            if fact.startswith("depth."):
                _, kind, column = fact.split(".")
                depth.setdefault(kind, {})[column] = value
    chance = facts.chance if "best_claim" not in changes else None  # that of other records is not known
    return replace(facts, votes=votes, grounds=grounds, depth=depth, record_confidence=confidence, chance=chance)


def stands(world: TitleFacts, changes: Changes) -> bool:
    """Whether every change is met in the world as it was stated; where not, no world is possible in which all of them are."""
    return all(value_of(world, fact) == value for fact, value in changes.items())


def _file(claim: Any, facts: TitleFacts, changes: Changes, setting: Setting, votes: dict[str, Any], grounds: dict[str, Any], depth: dict[str, Any]) -> None:
    """Another record claims the title than today: how far it is trusted, and what it brings."""
    before = facts.votes.get("best_claim")
    if claim in ROLE_CLAIMS or (before is None and "strength" not in changes):
        votes["strength"] = setting.trust[str(claim)]
    if claim in ROLE_CLAIMS and before not in ROLE_CLAIMS:
        votes |= {"votes_function": _ALL, "rival_function": _NONE, "votes_archetype": _ALL}
        grounds["role"] = setting.near_role
        depth["role"] = dict(setting.near_depth)
    elif claim not in ROLE_CLAIMS:
        grounds["role"] = None
        depth.pop("role", None)
        if claim == "ground" and before is None:
            # a function or archetype names work we write for, and a function falls back on an archetype
            votes |= {name: changes.get(name, _ALL) for name in ("votes_inside", "votes_archetype")}


def _settle(claim: Any, changes: Changes, votes: dict[str, Any]) -> None:
    if claim in ROLE_CLAIMS:
        votes |= {"roles": max(1, votes["roles"]), "votes_inside": _ALL, "votes_held": _NONE, "votes_outside": _NONE}
    else:
        votes["roles"] = 0
        _share_out(changes, votes)
    votes["strength"] = max(votes["strength"], from_micro(1))
    votes["rival_function"] = min(votes["rival_function"], votes["votes_function"], _ALL - votes["votes_function"])
    votes["votes_archetype"] = max(votes["votes_archetype"], votes["votes_function"])
    votes["second_job_words"] = max(1, votes["second_job_words"]) if votes["second_job"] is not None else 0


def _share_out(changes: Changes, votes: dict[str, Any]) -> None:
    """The audiences' shares of one whole: those that were not stated make room in proportion."""
    stated = [name for name in WHOLE if name in changes]
    left = MICRO
    for name in stated:
        votes[name] = from_micro(min(to_micro(votes[name]), left))
        left -= to_micro(votes[name])
    others = {name: to_micro(votes[name]) for name in WHOLE if name not in changes}
    total = sum(others.values())
    if total > left:
        votes |= {name: from_micro(share * left // total) for name, share in others.items()}
