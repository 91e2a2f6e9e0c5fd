"""Whether the version of every pack rose as its change demands; the definition stands in the pack `version_rise`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.compare.rule_attribution import Responsible
from engine.compare.rule_changes import RuleChange
from engine.contracts import BadInput
from engine.rules import Pack, Rulebook, load_rulebook, run_cases

if TYPE_CHECKING:
    from engine.compare.rules_difference import RuleMove

PACK, SAME = "version_rise", "same"
RISES = ("major", "minor", "patch")  # of the three numbers of a version, in their order
_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")
AskTitle = Callable[[Rulebook, str, date], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CaseMove:
    """A case beside a pack that meets something else: its sentence and both answers as text (a refusal reads as its message)."""

    pack: str
    sentence: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PackRise:
    """A pack's versions, the rise that was stated and the least one required (major, minor, patch or same), why, and whether it is enough."""

    pack: str
    before: str
    after: str
    stated: str
    required: str
    because: str
    enough: bool


def pack_rises(before: Rulebook, after: Rulebook, changes: Sequence[RuleChange], moves: Sequence[RuleMove], cases: Sequence[CaseMove], day: date) -> tuple[PackRise, ...]:
    """One for every pack that both versions have and that differs in anything, its version included, in name order."""
    names = [n for n in before.packs if n in after.packs]
    changed = [n for n in names if any(c.pack == n for c in changes) or before.packs[n].version != after.packs[n].version]
    if not changed:
        return ()
    book = load_rulebook()
    columns: dict[str, list[Any]] = {}
    for name in changed:
        mine = [c for c in changes if c.pack == name]
        moved = [m for m in moves if _behind(m.because, name, mine)]
        said = {
            "interface_cut": any(c.breaks for c in mine), "titles_unserved": sum(m.before.served and not m.after.served for m in moved),
            "decisions_moved": len(moved), "cases_moved": sum(c.pack == name for c in cases), "parts_changed": any(c.adds for c in mine), "text_changed": bool(mine),
        }  # fmt: skip
        for column, value in said.items():
            columns.setdefault(column, []).append(value)
    result = book.decide(PACK, "version_rise", columns, day)
    required = [str(r) for r in result.outputs["rise"]]
    return tuple(_rise(n, before.packs[n].version, after.packs[n].version, required[i], result.sentences[i]) for i, n in enumerate(changed))


def _behind(because: Sequence[Responsible], pack: str, mine: Sequence[RuleChange]) -> bool:
    """Whether a pack has part in a move; a move that the parts do not tell counts for every pack that could have made it."""
    return any(r.change.pack == pack for r in because) or (not because and any(c.decides for c in mine))


def _rise(pack: str, before: str, after: str, required: str, because: str) -> PackRise:
    first, second = _numbers(before), _numbers(after)
    stated = next((name for name, a, b in zip(RISES, first, second, strict=True) if a != b), SAME)
    order = (*RISES, SAME)
    enough = second >= first and order.index(stated) <= order.index(required)
    return PackRise(pack, before, after, stated if second >= first else "fall", required, because, enough)


def _numbers(version: str) -> tuple[int, int, int]:
    met = _NUMBERS.match(version)
    return (int(met[1]), int(met[2]), int(met[3])) if met else (0, 0, 0)


def moved_cases(before: Rulebook, after: Rulebook, changes: Sequence[RuleChange], ask: AskTitle) -> tuple[CaseMove, ...]:
    """Cases of either version, asked of both, that meet something else; a case that stands in both files is told once.

    `ask` answers the cases of titles under a rulebook. Packs without a folder (a snapshot's) bring no cases.
    """
    found: dict[tuple[str, str], CaseMove] = {}
    differing = {c.pack for c in changes}
    for name in [n for n in before.packs if n in after.packs]:
        first, second = before.packs[name], after.packs[name]
        files = {(f / "cases.yaml").read_bytes(): f for f in (first.folder, second.folder) if f is not None and (f / "cases.yaml").is_file()}
        for folder in files.values():
            met_before, titles = _met(before, replace(first, folder=folder), ask)
            if name not in differing and not titles:
                continue  # tables that say the same answer the same
            met_after, _ = _met(after, replace(second, folder=folder), ask)
            for sentence in dict.fromkeys([*met_before, *met_after]):
                met = [side.get(sentence, side.get("", "")) for side in (met_before, met_after)]
                if met[0] != met[1]:
                    found.setdefault((name, sentence), CaseMove(name, sentence, *met))
    return tuple(found.values())


def _met(rulebook: Rulebook, pack: Pack, ask: AskTitle) -> tuple[dict[str, str], bool]:
    """What each case of a pack meets, and whether titles were asked; where the pack cannot take its cases at all, the refusal under ''."""
    asked: list[str] = []

    def answer(title: str, day: date) -> Mapping[str, Any]:
        asked.append(title)
        return ask(rulebook, title, day)

    try:
        return {r.sentence: r.met for r in run_cases(Rulebook([pack]), answer).results}, bool(asked)
    except BadInput as error:
        return {"": error.diagnostics[0].what}, bool(asked)
