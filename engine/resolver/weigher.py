"""Weighs candidates: what each may claim (pack `title_evidence`) and which class of work each means (pack `audience`).

In: candidates and facts. Out: the same, weighed. Refuses to know votes and service tiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import MICRO, from_micro
from engine.resolver.candidates import Candidate, untouched
from engine.resolver.resolution import Facts
from engine.resolver.votes import Asked, Meaning, Weighed
from engine.rules import Rulebook

_CLASSED = ("occupation", "soc")
_SHARES = ("coverage", "familiarity", "back")
_PLAIN = ("head_titles", "shared_words", "head_general", "strangers", "rest_declared", "rest_unknown", "unlike_titles")
_COLUMNS = ("target_class", "audience", "road", "naming", "origin", "untouched", "dropped_rank", *_SHARES, "likelihood", *_PLAIN)
Meanings = MutableMapping[str, Meaning]


class Weigher:
    """Asks the packs about candidates. `meanings` are those of targets that are known already; they depend on nothing but the target, so the caller may keep them."""

    def __init__(self, facts: Facts, rulebook: Rulebook, as_of: date) -> None:
        self._facts, self._rulebook, self._as_of = facts, rulebook, as_of

    def weigh(self, candidates: Sequence[Candidate], meanings: Meanings) -> tuple[Weighed, ...]:
        """Claims and meanings of one title's candidates, in their order, with the trace of every one."""
        if not candidates:
            return ()
        self.learn([c.found.target for c in candidates], meanings)
        rows = [_row(c, meanings[c.found.target].audience) for c in candidates]
        result = self._rulebook.decide("title_evidence", "title_evidence", _columns(rows), self._as_of)
        return tuple(_weighed(c, meanings[c.found.target], Asked(result, i)) for i, c in enumerate(candidates))

    def weigh_many(self, titles: Sequence[Sequence[Candidate]], meanings: Meanings) -> list[tuple[Weighed, ...]]:
        """The same for many titles without the trace, every distinct row of evidence decided once."""
        self.learn([c.found.target for candidates in titles for c in candidates], meanings)
        places: dict[tuple[Any, ...], int] = {}
        rows = [[places.setdefault(_row(c, meanings[c.found.target].audience), len(places)) for c in candidates] for candidates in titles]
        if not places:
            return [() for _ in titles]
        result = self._rulebook.decide("title_evidence", "title_evidence", _columns(list(places)), self._as_of, trace=False)
        asked = [Asked(result, i) for i in range(len(places))]
        return [tuple([_weighed(c, meanings[c.found.target], asked[i]) for c, i in zip(candidates, numbers, strict=True)]) for candidates, numbers in zip(titles, rows, strict=True)]

    def learn(self, targets: Iterable[str], meanings: Meanings) -> None:
        """Add the meaning of every target that is not known yet."""
        by_class: dict[str, list[str]] = {}
        for target in dict.fromkeys(targets):
            if target not in meanings:
                by_class.setdefault(target.partition("/")[0], []).append(target)
        if not by_class:
            return
        classed = [t for name in _CLASSED for t in by_class.get(name, [])]
        if classed:
            meanings.update(self._of_classes(classed))
        if "role" in by_class:
            meanings.update(self._of_roles(by_class["role"]))
        functions = by_class.get("function", [])
        archetypes = self._archetypes(functions)
        meanings.update({f: Meaning("inside", None, f, f, archetypes[f]) for f in functions})
        meanings.update({a: Meaning("inside", None, a, None, a) for a in by_class.get("archetype", [])})

    def _archetypes(self, functions: Sequence[str]) -> dict[str, str | None]:
        if not functions:
            return {}
        return dict(zip(functions, self._facts.columns("fallback.function_archetype", functions)["function_archetype"], strict=True))

    def _of_classes(self, targets: list[str]) -> dict[str, Meaning]:
        classes = dict(self._facts.columns("audience.class_of_work", targets))
        grounds = self._facts.columns("fallback.nearest_ground", targets)["ground"]
        result = self._rulebook.decide("audience", "audience", classes, self._as_of, trace=False)
        said: Mapping[str, Sequence[Any]] = result.outputs
        archetypes = self._archetypes(sorted({g for g in grounds if g and g.startswith("function/")}))
        found = {}
        for i, (target, ground) in enumerate(zip(targets, grounds, strict=True)):
            function = ground if ground in archetypes else None
            archetype = archetypes[function] if function else ground
            found[target] = Meaning(said["audience"][i], said["domain"][i], ground, function, archetype, asked=Asked(result, i))
        return found

    def _of_roles(self, targets: list[str]) -> dict[str, Meaning]:
        facts = self._facts.columns("fallback.role_standing", targets)
        return {
            target: Meaning(
                "inside", None, target, facts["role_function"][i], facts["role_archetype"][i], facts["family"][i], facts["role_occupation"][i],
                facts["role_occupation_name"][i],
            )
            for i, target in enumerate(targets)
        }  # fmt: skip


def _weighed(candidate: Candidate, meaning: Meaning, asked: Asked) -> Weighed:
    claim = asked.result.outputs["claim"][asked.position]
    return Weighed(candidate, str(claim) if claim else None, meaning, candidate.strength // candidate.rivals, asked)


def _row(c: Candidate, audience: str | None) -> tuple[Any, ...]:
    """What the table asks of a candidate, in the order of `_COLUMNS`, shares still in millionths."""
    return (
        c.found.target_class, audience, c.road, c.naming, c.origin, untouched(c.dropped), c.dropped_rank, c.coverage, c.familiarity, c.back, c.likelihood, c.head_titles,
        c.shared_words, c.head_general, c.strangers, c.rest_declared, c.rest_unknown, c.unlike_titles,
    )  # fmt: skip


def _columns(rows: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    columns: dict[str, Sequence[Any]] = dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True))
    for name in (*_SHARES, "likelihood"):
        shares = {micro: None if micro is None else _share(micro) for micro in set(columns[name])}
        columns[name] = [shares[micro] for micro in columns[name]]
    return columns


def _share(micro: int) -> Decimal:
    return from_micro(min(micro, MICRO))
