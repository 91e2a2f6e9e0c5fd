"""The semantic audit of a covered list: the packet of every title of a served tier held against what its tier promises, by the rule pack `audit`.

Which tiers are served, which checks are asked of them and which of every title, and which caveats count, stands in the pack. Titles that were understood alike get
one question; packets are read once for each ground. What is found changes no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from engine.contracts import BadInput
from engine.coverage.routing import READ_AT_ONCE
from engine.coverage.served_packets import PacketFacts, ServedPackets
from engine.coverage.tally import Count

if TYPE_CHECKING:
    from engine.ask import Desk
    from engine.rules import Rulebook

PACK = "audit"
PACKET_CHECKS, TITLE_CHECKS, MOVES_SHOWN = "packet_checks", "title_checks", "moves_shown"  # parameters: checks of packets, checks of every title, size of a report
SCOPE, UPWARD = "scope", "upward"  # tables: whether a tier has packets, and which tier a title would move up to
_ASKED = ("service_tier", "fallback_tier", "runtime_action", "outcome", "role_id", "ground", "function", "occupation_code", "reasons")
_CAVEAT = "service.caveats."
_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Alike:
    """What titles that are audited together have in common; '' where an answer names nothing."""

    service_tier: str
    fallback_tier: str
    runtime_action: str
    outcome: str
    role: str
    ground: str
    function: str
    occupation: str
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One table of the pack: how many titles and rows passed and failed."""

    name: str
    passed: Count
    failed: Count


@dataclass(frozen=True, slots=True)
class Failure:
    """Titles that fail a check alike: which row of the table fired, its sentence, what they share, how many they are, and the first of them by title."""

    check: str
    rule: str
    sentence: str
    alike: Alike
    count: Count
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PacketAudit:
    """Checks in the order of the pack's story, failures by check and size, the grounds whose packets were read, and the service tiers that have packets."""

    checks: tuple[Check, ...]
    failures: tuple[Failure, ...]
    grounds: tuple[str, ...]
    tiers: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether no title failed."""
        return not self.failures

    def stated(self) -> dict[str, Any]:
        """As it stands in a receipt."""
        checks = {c.name: {"passed": {"titles": c.passed.titles, "rows": c.passed.rows}, "failed": {"titles": c.failed.titles, "rows": c.failed.rows}} for c in self.checks}
        return {"checks": checks, "tiers": list(self.tiers), "grounds": list(self.grounds), "failures": [{"check": f.check, "rule": f.rule, "ground": f.alike.ground, "titles": f.count.titles, "rows": f.count.rows} for f in self.failures]}


def refuse_older_rules(rulebook: Rulebook, as_of: date) -> None:
    """Tell before the work, not after it, that the rules cannot judge a list: BadInput COV123 (published before they could), RUL202 (no figures on that day)."""
    pack = rulebook.packs.get(PACK)
    parts = () if pack is None else (*pack.parameters, *pack.tables)
    lacking = [name for name in (PACKET_CHECKS, TITLE_CHECKS, MOVES_SHOWN, SCOPE, UPWARD) if name not in parts]
    if pack is None or lacking:
        what = "the snapshot was published before its rules could judge a covered list"
        raise BadInput.at("COV123", what, why=f"its rule pack `{PACK}` lacks {', '.join(lacking)}", fix="build anew with `wig build`")
    for name in pack.parameters:
        rulebook.parameter(PACK, name, as_of)


def audit_packets(answers: Path, desk: Desk, as_of: date) -> PacketAudit:
    """Audit a file of answers. Raises BadInput RUL201 where the snapshot was published before there was such a pack."""
    rulebook = desk.rulebook
    tiers = _tiers_with_packets(rulebook, as_of)
    of_packets, of_titles = (tuple(map(str, rulebook.parameter(PACK, name, as_of))) for name in (PACKET_CHECKS, TITLE_CHECKS))
    names = (*of_packets, *of_titles)
    titles, rows, first = Counter[Alike](), Counter[Alike](), dict[Alike, list[str]]()
    for alike, title, count in _alike(answers, tiers):
        titles[alike] += 1
        rows[alike] += count
        shown = first.setdefault(alike, [])
        if len(shown) < _EXAMPLES:
            shown.append(title)
    asked = sorted(titles, key=_order)
    packets = ServedPackets(desk)
    columns = _columns(asked, packets, tiers, rulebook)
    checks, failures = [], []
    for name in names:
        result = rulebook.decide(PACK, name, columns, as_of, size=len(asked), trace=False)
        tally: dict[str, list[int]] = {"passed": [0, 0], "failed": [0, 0]}
        for position, alike in enumerate(asked):
            if name not in of_titles and alike.service_tier not in tiers:
                continue
            verdict = str(result.outputs[name][position])
            tally[verdict][0] += titles[alike]
            tally[verdict][1] += rows[alike]
            if verdict == "failed":
                reason = result.reasons(position)[0]
                failures.append(Failure(name, reason.rule, reason.sentence, alike, Count(titles[alike], rows[alike]), tuple(first[alike])))
        checks.append(Check(name, Count(*tally["passed"]), Count(*tally["failed"])))
    failures.sort(key=lambda f: (names.index(f.check), -f.count.rows, _order(f.alike)))
    return PacketAudit(tuple(checks), tuple(failures), packets.grounds(), tiers)


def failing_titles(answers: Path, audit: PacketAudit) -> Iterator[tuple[str, int, Failure]]:
    """Every title that fails, with its rows, once for each failure, in title order."""
    by_kind: dict[Alike, list[Failure]] = {}
    for failure in audit.failures:
        by_kind.setdefault(failure.alike, []).append(failure)
    for alike, title, rows in _alike(answers, audit.tiers) if by_kind else ():
        for failure in by_kind.get(alike, ()):
            yield title, rows, failure


def _tiers_with_packets(rulebook: Rulebook, as_of: date) -> tuple[str, ...]:
    """Service tiers whose titles are given a packet, in the order of the pack."""
    known = rulebook.pack(PACK).inputs["service_tier"].values
    scope = rulebook.decide(PACK, SCOPE, {"service_tier": known}, as_of, trace=False).outputs[SCOPE]
    return tuple(str(tier) for tier, found in zip(known, scope, strict=True) if found == "packet")


def _alike(answers: Path, tiers: Sequence[str]) -> Iterator[tuple[Alike, str, int]]:
    """Every title with what it shares with others; of titles without a packet only what the checks of every title ask."""
    with pq.ParquetFile(answers) as file:
        for batch in file.iter_batches(READ_AT_ONCE, columns=["title", "rows", *_ASKED]):
            columns = [batch.column(name).to_pylist() for name in (*_ASKED, "title", "rows")]
            for service, fallback, action, outcome, role, ground, function, occupation, reasons, title, rows in zip(*columns, strict=True):
                decided = service or "", fallback or "", action or "", outcome or ""
                if service in tiers:
                    caveats = tuple(r[len(_CAVEAT) :].partition(":")[0] for r in reasons or () if r.startswith(_CAVEAT))
                    yield Alike(*decided, role or "", ground or "", function or "", occupation or "", caveats), title, rows
                else:
                    yield Alike(*decided, "", ground or "", "", "", ()), title, rows


def _order(alike: Alike) -> tuple[Any, ...]:
    return alike.service_tier, alike.fallback_tier, alike.runtime_action, alike.outcome, alike.role, alike.ground, alike.function, alike.occupation, alike.caveats


def _columns(asked: Sequence[Alike], packets: ServedPackets, tiers: Sequence[str], rulebook: Rulebook) -> Mapping[str, list[Any]]:
    met: list[PacketFacts | None] = [packets.facts(a.ground) if a.ground and a.service_tier in tiers else None for a in asked]
    demanded = set(rulebook.pack(PACK).inputs["caveat_rules"].values)  # the pack names the caveats that it asks for; others may stand in an answer too
    return {
        "service_tier": [a.service_tier or None for a in asked],
        "fallback_tier": [a.fallback_tier or None for a in asked],
        "runtime_action": [a.runtime_action or None for a in asked],
        "outcome": [a.outcome or None for a in asked],
        "ground_kind": [a.ground.partition("/")[0] or None for a in asked],
        "ground_is_answer": [_is_answer(a) for a in asked],
        "function_agrees": [None if not a.role or not a.function or m is None else a.function in m.functions for a, m in zip(asked, met, strict=True)],
        "occupation_agrees": [None if not a.role or not a.occupation or m is None else a.occupation in m.occupations for a, m in zip(asked, met, strict=True)],
        "workflows": [m and m.workflows for m in met],
        "fewest_tasks": [m and m.fewest_tasks for m in met],
        "fewest_evidence": [m and m.fewest_evidence for m in met],
        "kinds": [m and m.kinds for m in met],
        "accountable": [m and m.accountable for m in met],
        "caveat_rules": [tuple(dict.fromkeys(c for c in a.caveats if c in demanded)) for a in asked],
    }


def _is_answer(alike: Alike) -> bool | None:
    """Whether the ground is what the answer names; None where it names neither role nor function."""
    kind = alike.ground.partition("/")[0]
    if kind == "role" or alike.role:
        return alike.ground == alike.role
    return alike.ground == alike.function if kind == "function" else None
