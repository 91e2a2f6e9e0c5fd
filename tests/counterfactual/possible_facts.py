"""Which facts of a title can be true together, written apart from the engine; and facts drawn at random that can."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.resolver import TitleFacts

MICRO = Decimal("0.000001")
TIERS = (
    "serve_now", "serve_with_fallback", "multi_llm_adjudication_required", "exclude_or_not_icp",
    "exact", "alias", "function", "archetype", "llm", "none",
)  # fmt: skip
SHARES = ("strength", "votes_inside", "votes_held", "votes_outside", "votes_function", "rival_function", "votes_archetype")


def contradictions(facts: TitleFacts) -> list[str]:
    """What cannot be true together in these facts, in words."""
    v: Mapping[str, Any] = facts.votes
    named = v["best_claim"] in ("exact", "alias")
    found = {
        "a share is outside 0 to 1": any(not 0 <= v[s] <= 1 for s in SHARES),
        "the audiences hold more than all votes": v["votes_inside"] + v["votes_held"] + v["votes_outside"] > 1,
        "another function has more votes than the leading one": v["rival_function"] > v["votes_function"],
        "two functions hold more than all votes": v["votes_function"] + v["rival_function"] > 1,
        "a function falls back on an archetype that has fewer votes": v["votes_archetype"] < v["votes_function"],
        "roles are named without a claim that names roles": bool(v["roles"]) != named,
        "a role's votes are not for work inside the audience": named and v["votes_inside"] != 1,
        "a canonical name matched word for word is not trusted whole": v["best_claim"] == "exact" and v["strength"] != 1,
        "nothing claims the title, yet something follows from a claim": v["best_claim"] is None
        and (any(v[s] for s in SHARES) or v["second_job"] is not None or any(facts.grounds.values()) or bool(facts.depth)),
        "a claim is not trusted at all": v["best_claim"] is not None and v["strength"] <= 0,
        "a second job without words, or words without it": (v["second_job"] is None) != (v["second_job_words"] == 0),
        "a role stands under a title that names none": not named and facts.grounds["role"] is not None,
        "the text is no title, yet something claims it": facts.state == "not_a_title" and v["best_claim"] is not None,
    }
    return [fault for fault, holds in found.items() if holds]


def _micro(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda n: n * MICRO)


@st.composite
def possible_facts(draw: st.DrawFn) -> TitleFacts:
    """Facts of a title that contradict nothing; words of fields out of a few that the rules know and one that they do not."""
    claim = draw(st.sampled_from([None, "exact", "alias", "class_of_work", "ground"]))
    words = draw(st.lists(st.sampled_from(["legal", "warehouse", "blue"]), unique=True, max_size=2).map(tuple))
    nothing = Decimal("0.000000")
    votes: dict[str, Any] = {"best_claim": claim, "roles": 0, **dict.fromkeys(SHARES, nothing), "second_job": None, "second_job_words": 0, "field_words": words}
    grounds: dict[str, str | None] = dict.fromkeys(("role", "function", "archetype"))
    if claim is None:
        return TitleFacts("title", votes, grounds, {}, _answer(), Decimal(0))
    second = draw(st.sampled_from([None, None, "inside", "held", "outside"]))
    votes |= {"second_job": second, "second_job_words": draw(st.integers(1, 3)) if second else 0}
    votes["strength"] = Decimal("1.000000") if claim == "exact" else draw(_micro(1, 1_000_000))
    if claim in ("exact", "alias"):
        votes |= {"roles": draw(st.integers(1, 3)), "votes_inside": Decimal("1.000000")}
        grounds["role"] = "role/some"
    else:
        inside = draw(st.integers(0, 1_000_000))
        held = draw(st.integers(0, 1_000_000 - inside))
        votes |= {"votes_inside": inside * MICRO, "votes_held": held * MICRO, "votes_outside": draw(_micro(0, 1_000_000 - inside - held))}
    function = draw(st.integers(0, 1_000_000))
    votes |= {"votes_function": function * MICRO, "rival_function": draw(_micro(0, min(function, 1_000_000 - function))), "votes_archetype": draw(_micro(function, 1_000_000))}
    for kind in ("function", "archetype"):
        grounds[kind] = f"{kind}/some" if votes[f"votes_{kind}"] else None
    depth = {kind: draw(_depth) for kind, ground in grounds.items() if ground}
    return TitleFacts("title", votes, grounds, depth, _answer(), Decimal(1))


_depth = st.fixed_dictionaries({
    "status": st.sampled_from(["draft", "in_review", "approved", "retired"]), "workflows": st.integers(0, 4), "approvals": st.integers(0, 2),
})  # fmt: skip


def _answer() -> dict[str, Any]:
    return {"domains": (), "occupations": 0, "occupation_known": False, "management_dropped": False, "corrected": False}
