"""The answer to why-not: what stands between a title and a tier, and the smallest sets of changes that would give it.

In: a desk, a title, a tier. Out: a WhyNot. It only tells: nothing is changed, filed or unlocked by asking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.ask import Desk
from engine.contracts import Decision
from engine.counterfactual.blocking import BlockedRow, blocked_rows
from engine.counterfactual.choices import choices_for
from engine.counterfactual.question import Question, tier_kind
from engine.counterfactual.search import MOST_READING, Found, smallest_changes
from engine.counterfactual.telling import MAKERS, ToldChange, tell
from engine.counterfactual.worlds import GROUND_KINDS, ROLE_CLAIMS, Changes, Setting, changed, depth_fact, value_of
from engine.resolver import TitleFacts
from engine.rules import Value

SHOWN = 5
_NOT_OURS = {"held": "regulated", "outside": "outside the audience"}


@dataclass(frozen=True, slots=True)
class Consequence:
    """A fact that changes because others do: it follows from them and is no change of its own."""

    fact: str
    now: Value | None
    then: Value | None


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes that give the tier together and of which none can be left out; what follows from them; the tiers that the title then has."""

    changes: tuple[ToldChange, ...]
    follows: tuple[Consequence, ...]
    fallback_tier: str
    service_tier: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a title does not have a tier, and what would have to be true.

    `verdict`: `has_it` (nothing to change), `changes` (`sets` holds the smallest sets, at most five, those nearest to an author's hand first), `promise`
    (no change of records can give it; `promises` says why), `not_found` (no set with up to `most_reading` changes to how the title is read).
    `promises` are the promises that stand around the answer; `found` the number of smallest sets and `worlds` how many were decided to find them.
    """

    title: str
    wanted: str
    verdict: str
    fallback_tier: str
    service_tier: str
    as_of: str
    decision_id: str
    blocked: tuple[BlockedRow, ...]
    sets: tuple[ChangeSet, ...]
    promises: tuple[str, ...]
    found: int
    worlds: int
    most_reading: int
    digests: Mapping[str, str]


def why_not(desk: Desk, title: str, tier: str, as_of: str | None = None) -> WhyNot:
    """Ask why a title does not have a service tier or fallback tier.

    Raises BadInput WHN101 for an unknown tier, ASK101 where the snapshot's rules do not answer for the day.
    """
    kind = tier_kind(desk.rulebook, tier)
    decision = desk.resolve(title, as_of)
    facts, day = desk.title_facts(title, as_of), desk.day(as_of)
    question = Question(facts, tier, kind == "service", desk.rulebook, day, _setting(desk, decision, as_of))
    now = question.tiers([facts])[0]
    records = [e.record for e in decision.evidence]
    has_it = question.met(now)
    choices = choices_for(facts, desk.rulebook, day, question.served)
    found = Found((), 0) if has_it else smallest_changes(question, choices)
    told = sorted((_told(question, title, changes) for changes in found.sets), key=_order)
    verdict = "has_it" if has_it else "changes" if told else "not_found" if choices.reading else "promise"
    return WhyNot(
        title, tier, verdict, now.fallback_tier, now.service_tier, day.isoformat(), decision.decision_id,
        () if has_it else blocked_rows(question, now, records), tuple(told[:SHOWN]), () if has_it else _promises(facts, now.said("audience", "title_audience"), decision, told),
        len(told), found.worlds, MOST_READING, decision.digests,
    )  # fmt: skip


def _setting(desk: Desk, decision: Decision, as_of: str | None) -> Setting:
    """With the first role among the accepted records: a title that only ends in a role's name, say, could be filed among its names."""
    role = next((e.record for e in decision.evidence if e.record.startswith("role/")), None)
    depth = {name: values[0] for name, values in desk.facts.columns("service.ground_depth", [role]).items()} if role else {}
    return Setting.of(desk.rulebook, desk.day(as_of), role, depth)


def _told(question: Question, title: str, changes: Changes) -> ChangeSet:
    after = changed(question.facts, changes, question.setting)
    tiers = question.tiers([after])[0]
    told = tuple(tell(title, question.facts, after, fact, value) for fact, value in changes.items())
    return ChangeSet(told, _follows(question.facts, after, changes), tiers.fallback_tier, tiers.service_tier)


def _follows(before: TitleFacts, after: TitleFacts, changes: Changes) -> tuple[Consequence, ...]:
    depth = [depth_fact(kind, name) for kind in GROUND_KINDS for name in {**before.depth.get(kind, {}), **after.depth.get(kind, {})}]
    pairs = ((fact, value_of(before, fact), value_of(after, fact)) for fact in (*before.votes, *depth) if fact not in changes)
    return tuple(Consequence(fact, now, then) for fact, now, then in pairs if now != then)


def _order(found: ChangeSet) -> tuple[object, ...]:
    """Fewest changes out of an author's hand first, then as found; another name for a role before a new name of its own."""
    makers = [change.maker for change in found.changes]
    claims = [-ROLE_CLAIMS.index(str(c.then)) for c in found.changes if c.fact == "best_claim" and c.then in ROLE_CLAIMS]
    return *(makers.count(maker) for maker in reversed(MAKERS)), *claims


def _promises(facts: TitleFacts, audience: object, decision: Decision, sets: list[ChangeSet]) -> tuple[str, ...]:
    """What stands fast whatever records say; `audience` is for whom the title is today."""
    if facts.state != "title":
        why = "; ".join(r.sentence for r in decision.reasons if r.rule == "not_a_title")
        return (f"Only a job title is given a tier of work: {why}. No record can change that, only another text.",)
    said = []
    claimed = facts.votes.get("best_claim") in ROLE_CLAIMS
    if not claimed and sets and all(any(c.fact == "best_claim" and c.then in ROLE_CLAIMS for c in s.changes) for s in sets):
        said.append(
            "An occupation without an authored role is never `exact` or `alias` and never served in full, however well it is known: only an authored role that"
            " goes by the title changes that."
        )
        if audience in _NOT_OURS:
            said.append(f"The work is {_NOT_OURS[audience]} today. To author a role for it is to decide for whom this product writes: editors decide that, and no fact about the title does.")
    if any(c.fact.endswith(".approvals") for s in sets for c in s.changes):
        said.append("Nothing is unlocked without approval evidence on record; this answer tells what is lacking and approves nothing.")
    return tuple(said)
