"""Which changes of the rules moved a decision: each change taken over alone, and each left out of the whole.

A change is responsible for a move where it moves a differing aspect when it alone is taken over (`alone`), or where the aspect is not what it became
when it alone is left out (`needed`). Where neither names anything for an aspect, a set that suffices and of which nothing can be left out stands in
(`together`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.compare.rule_changes import RuleChange, mixed
from engine.compare.title_decisions import DecidedTitle, TitleDecisions, moved_aspects
from engine.contracts import BadInput
from engine.rules import Rulebook

Say = Callable[[str], None]
EVERY = 10


@dataclass(frozen=True, slots=True)
class Responsible:
    """A change behind a move: the moved aspects that it moves alone, those that are otherwise without it, and those that it moves with others only."""

    change: RuleChange
    alone: tuple[str, ...]
    needed: tuple[str, ...]
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A title whose decision differs under two rulebooks, and how."""

    title: str
    aspects: tuple[str, ...]
    before: DecidedTitle
    after: DecidedTitle


def responsible_changes(
    decisions: TitleDecisions, before: Rulebook, after: Rulebook, changes: Sequence[RuleChange], moves: Sequence[Moved], say: Say = lambda _: None
) -> dict[str, tuple[Responsible, ...]]:
    """For each moved title the changes behind it, in the order of the changes; empty where the parts do not tell it."""
    deciding = [c for c in changes if c.decides]
    if not moves:
        return {}
    if len(deciding) == 1:
        return {m.title: (Responsible(deciding[0], m.aspects, m.aspects),) for m in moves}
    titles = [m.title for m in moves]
    found: dict[str, list[Responsible]] = {t: [] for t in titles}
    for number, change in enumerate(deciding, 1):
        alone, without = _answers(decisions, mixed(before, after, [change]), titles), _answers(decisions, mixed(after, before, [change]), titles)
        for position, move in enumerate(moves):
            moves_alone = _differing(move, move.before, alone, position)
            needed = _differing(move, move.after, without, position) if without is not None else move.aspects
            if moves_alone or needed:
                found[move.title].append(Responsible(change, moves_alone, needed))
        if number % EVERY == 0:
            say(f"  {number:,} of {len(deciding):,} changes tried")
    for move in moves:
        named = {aspect for r in found[move.title] for aspect in (*r.alone, *r.needed)}
        open_ = tuple(a for a in move.aspects if a not in named)
        if open_:
            found[move.title] = _joined(found[move.title], _sufficient(decisions, before, after, deciding, move, open_), open_, deciding)
    return {title: tuple(some) for title, some in found.items()}


def _joined(known: Sequence[Responsible], joint: Sequence[RuleChange], aspects: tuple[str, ...], order: Sequence[RuleChange]) -> list[Responsible]:
    by_change = {r.change: r for r in known}
    by_change |= {c: replace(by_change.get(c, Responsible(c, (), ())), together=aspects) for c in joint}
    return [by_change[c] for c in order if c in by_change]


def _answers(decisions: TitleDecisions, rulebook: Rulebook, titles: Sequence[str]) -> Mapping[int, DecidedTitle] | None:
    """Decisions by position; None where this mixture is no set of rules that can be asked."""
    try:
        return dict(enumerate(decisions.decide(rulebook, titles)))
    except BadInput:
        return None


def _differing(move: Moved, side: DecidedTitle, answers: Mapping[int, DecidedTitle] | None, position: int) -> tuple[str, ...]:
    if answers is None:
        return ()
    differing = moved_aspects(side, answers[position])
    return tuple(a for a in move.aspects if a in differing)


def _sufficient(
    decisions: TitleDecisions, before: Rulebook, after: Rulebook, deciding: Sequence[RuleChange], move: Moved, aspects: tuple[str, ...]
) -> list[RuleChange]:
    """Changes that together make some aspects what they became and of which none can be left out; they are tried one after the other, in their order."""

    def makes_it(chosen: Sequence[RuleChange]) -> bool:
        answers = _answers(decisions, mixed(before, after, chosen), [move.title])
        return answers is not None and not set(aspects) & set(_differing(move, move.after, answers, 0))

    chosen = list(deciding)
    if not makes_it(chosen):
        return []
    for change in deciding:
        fewer = [c for c in chosen if c is not change]
        if makes_it(fewer):
            chosen = fewer
    return chosen
