"""Which answers about given titles a release moves, and by which namings that came or went.

Two whole builds are made, alike in everything but the release, and each title is asked of both for one day. Each release has a
workspace of its own below the given folder, with one snapshot in it: while nothing it was made from changes, it is not built again.
A cause is a record of the release difference that stands behind one of the two answers and not behind the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from engine.compare.release_desk import release_desk
from engine.compare.releases import ReleaseComparison, Say
from engine.contracts import Decision, EvidenceRef
from engine.warehouse import Change

ASPECTS = ("fallback_tier", "service_tier", "runtime_action", "occupation", "role", "ground")
EVERY = 250  # titles between two reports of progress


@dataclass(frozen=True, slots=True)
class TitleAnswer:
    """What one build answers: tiers, action, code and name of the occupation, role and ground ('' where there is none)."""

    fallback_tier: str
    service_tier: str
    runtime_action: str
    occupation: str
    occupation_title: str
    role: str
    ground: str
    confidence: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """A record behind one of the two answers only: `came` or `went` with a release at a row, or `weighs` where both releases state it."""

    how: str
    record: str
    release: str
    source_ref: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TitleMove:
    """A title whose answer moved: the aspects that did, both answers, and why."""

    title: str
    moved: tuple[str, ...]
    before: TitleAnswer
    after: TitleAnswer
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class TitleEffects:
    """Titles asked, the day they were asked for, how many moved in each aspect, service tiers before and after with their number, and every move."""

    asked: int
    as_of: str
    aspects: Mapping[str, int]
    service_tiers: tuple[tuple[str, str, int], ...]
    moves: tuple[TitleMove, ...]


def title_effects(source_dir: Path, comparison: ReleaseComparison, titles: Sequence[str], home: Path, say: Say = lambda _: None) -> TitleEffects:
    """Build both into `home` where they do not stand there yet, ask both, and name the causes.

    `home` gets a workspace for each release (`onet@29.1`), of some 200 MB with all publishers; remove it to have the room back.
    Raises whatever a build raises, Locked WSP501 while another comparison builds the same release there.
    """
    before, after = (release_desk(source_dir, home, name, say) for name in (comparison.difference.before, comparison.difference.after))
    day = max(before.receipt.release_date, after.receipt.release_date)
    say(f"ask {len(titles):,} titles of both")
    pairs: list[tuple[Decision, Decision]] = []
    for number, title in enumerate(titles, 1):
        pairs.append((before.resolve(title, day), after.resolve(title, day)))
        if number % EVERY == 0:
            say(f"  {number:,} of {len(titles):,} titles")
    return effects_of(comparison, pairs, day)


def effects_of(comparison: ReleaseComparison, pairs: Sequence[tuple[Decision, Decision]], as_of: str) -> TitleEffects:
    """Compare decisions about the same titles, before and after."""
    changes = _by_row(comparison.difference.changes)
    moves, tiers = [], Counter[tuple[str, str]]()
    for before, after in pairs:
        first, second = answer_of(before), answer_of(after)
        tiers[first.service_tier, second.service_tier] += 1
        moved = tuple(a for a in ASPECTS if getattr(first, a) != getattr(second, a))
        if moved:
            moves.append(TitleMove(str(before.question["title"]), moved, first, second, _causes(comparison, changes, before, after)))
    aspects = {a: sum(a in m.moved for m in moves) for a in ASPECTS}
    return TitleEffects(len(pairs), as_of, aspects, tuple((b, a, n) for (b, a), n in sorted(tiers.items())), tuple(moves))


def answer_of(decision: Decision) -> TitleAnswer:
    """What a decision about a title answers."""
    o = decision.outcome
    occupation = o["occupation"] or {}
    named = (occupation.get("code") or "", occupation.get("title") or "")
    return TitleAnswer(o["fallback_tier"], o["service_tier"], o["runtime_action"], *named, o["role"] or "", o["ground"] or "", decision.confidence)


def _by_row(changes: Sequence[Change]) -> dict[tuple[str, str, str], Change]:
    """Namings that came or went, by what happened, what is named, and the publisher's row."""
    found: dict[tuple[str, str, str], Change] = {}
    for change in changes:
        if change.target.startswith("NAMES.") and change.kind in ("added", "removed"):
            found.setdefault((change.kind, change.end, change.after_ref or change.before_ref), change)
    return found


def _causes(comparison: ReleaseComparison, changes: Mapping[tuple[str, str, str], Change], before: Decision, after: Decision) -> tuple[Cause, ...]:
    releases = {"removed": comparison.difference.before, "added": comparison.difference.after}
    first, second = ({(e.record, e.used_for): e for e in d.evidence} for d in (before, after))
    causes: list[Cause] = []
    weighs: list[Cause] = []
    for kind, mine, others in (("removed", first, second), ("added", second, first)):
        for place in sorted(set(mine) - set(others)):
            evidence = mine[place]
            change = changes.get((kind, evidence.record, evidence.source_ref))
            if change is not None:
                causes.append(_cause(change, releases[kind]))
            else:
                weighs.append(_weighing(evidence, releases[kind]))
    return tuple(sorted(set(causes))) or tuple(sorted(set(weighs)))


def _cause(change: Change, release: str) -> Cause:
    how, ref = ("came", change.after_ref) if change.kind == "added" else ("went", change.before_ref)
    stood = "came with" if how == "came" else "stood last in"
    return Cause(how, change.key, release, ref, f"NAMES {change.key} {stood} {release} {ref}")


def _weighing(evidence: EvidenceRef, release: str) -> Cause:
    """Evidence of one answer only, stated by both releases or by another source: the titles around it changed."""
    said = f"{evidence.used_for}: stands behind the answer with {release} only, though its row ({evidence.source_ref}) is no change of the release"
    return Cause("weighs", evidence.record, release, evidence.source_ref, said)
