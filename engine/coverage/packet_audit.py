"""The semantic audit of a covered list: every served title's packet held against what its tier promises, by the rule pack `audit`.

Titles that were understood alike get one question; packets are read once for each ground. What is found changes no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from engine.coverage.served_packets import PacketFacts, ServedPackets
from engine.coverage.tally import SERVED, Count

if TYPE_CHECKING:
    from engine.ask import Desk

PACK = "audit"
OF_EVERY_TITLE = "silence"  # the other tables are asked of served titles
CHECKS = ("family", "depth", "evidence", "accountability", "caveats", OF_EVERY_TITLE)
_ASKED = ("service_tier", "fallback_tier", "runtime_action", "outcome", "role_id", "ground", "function", "occupation_code", "reasons")
_CAVEAT = "service.caveats."
_EXAMPLES = 10
_BATCH = 16_384


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
    """Checks in the order of the pack's story, failures by check and size, and the grounds whose packets were read."""

    checks: tuple[Check, ...]
    failures: tuple[Failure, ...]
    grounds: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether no title failed."""
        return not self.failures

    def stated(self) -> dict[str, Any]:
        """As it stands in a receipt."""
        checks = {c.name: {"passed": {"titles": c.passed.titles, "rows": c.passed.rows}, "failed": {"titles": c.failed.titles, "rows": c.failed.rows}} for c in self.checks}
        return {"checks": checks, "grounds": list(self.grounds), "failures": [{"check": f.check, "rule": f.rule, "ground": f.alike.ground, "titles": f.count.titles, "rows": f.count.rows} for f in self.failures]}


def audit_packets(answers: Path, desk: Desk, as_of: date) -> PacketAudit:
    """Audit a file of answers. Raises BadInput RUL201 where the snapshot was published before there was such a pack."""
    titles, rows, first = Counter[Alike](), Counter[Alike](), dict[Alike, list[str]]()
    for alike, title, count in _alike(answers):
        titles[alike] += 1
        rows[alike] += count
        shown = first.setdefault(alike, [])
        if len(shown) < _EXAMPLES:
            shown.append(title)
    asked = sorted(titles, key=_order)
    packets = ServedPackets(desk)
    columns = _columns(asked, packets)
    checks, failures = [], []
    for name in CHECKS:
        result = desk.rulebook.decide(PACK, name, columns, as_of, size=len(asked), trace=False)
        tally: dict[str, list[int]] = {"passed": [0, 0], "failed": [0, 0]}
        for position, alike in enumerate(asked):
            if name != OF_EVERY_TITLE and alike.outcome != SERVED:
                continue
            verdict = str(result.outputs[name][position])
            tally[verdict][0] += titles[alike]
            tally[verdict][1] += rows[alike]
            if verdict == "failed":
                reason = result.reasons(position)[0]
                failures.append(Failure(name, reason.rule, reason.sentence, alike, Count(titles[alike], rows[alike]), tuple(first[alike])))
        checks.append(Check(name, Count(*tally["passed"]), Count(*tally["failed"])))
    failures.sort(key=lambda f: (CHECKS.index(f.check), -f.count.rows, _order(f.alike)))
    return PacketAudit(tuple(checks), tuple(failures), packets.grounds())


def failing_titles(answers: Path, audit: PacketAudit) -> Iterator[tuple[str, int, Failure]]:
    """Every title that fails, with its rows, once for each failure, in title order."""
    by_kind: dict[Alike, list[Failure]] = {}
    for failure in audit.failures:
        by_kind.setdefault(failure.alike, []).append(failure)
    for alike, title, rows in _alike(answers) if by_kind else ():
        for failure in by_kind.get(alike, ()):
            yield title, rows, failure


def _alike(answers: Path) -> Iterator[tuple[Alike, str, int]]:
    with pq.ParquetFile(answers) as file:
        for batch in file.iter_batches(_BATCH, columns=["title", "rows", *_ASKED]):
            columns = [batch.column(name).to_pylist() for name in (*_ASKED, "title", "rows")]
            for service, fallback, action, outcome, role, ground, function, occupation, reasons, title, rows in zip(*columns, strict=True):
                if outcome == SERVED:
                    caveats = tuple(r[len(_CAVEAT) :].partition(":")[0] for r in reasons if r.startswith(_CAVEAT))
                    alike = Alike(service, fallback, action, outcome, role or "", ground or "", function or "", occupation or "", caveats)
                else:
                    alike = Alike(service, fallback, action, outcome, "", ground or "", "", "", ())
                yield alike, title, rows


def _order(alike: Alike) -> tuple[Any, ...]:
    return alike.service_tier, alike.fallback_tier, alike.runtime_action, alike.outcome, alike.role, alike.ground, alike.function, alike.occupation, alike.caveats


def _columns(asked: Sequence[Alike], packets: ServedPackets) -> Mapping[str, list[Any]]:
    met: list[PacketFacts | None] = [packets.facts(a.ground) if a.ground and a.outcome == SERVED else None for a in asked]
    known = {"by_function", "by_archetype", "role_unsure"}
    return {
        "service_tier": [a.service_tier for a in asked],
        "fallback_tier": [a.fallback_tier for a in asked],
        "runtime_action": [a.runtime_action for a in asked],
        "ground_kind": [a.ground.partition("/")[0] or None for a in asked],
        "ground_is_answer": [_is_answer(a) for a in asked],
        "function_agrees": [None if not a.role or not a.function or m is None else a.function in m.functions for a, m in zip(asked, met, strict=True)],
        "occupation_agrees": [None if not a.role or not a.occupation or m is None else a.occupation in m.occupations for a, m in zip(asked, met, strict=True)],
        "workflows": [m and m.workflows for m in met],
        "fewest_tasks": [m and m.fewest_tasks for m in met],
        "fewest_evidence": [m and m.fewest_evidence for m in met],
        "kinds": [m and m.kinds for m in met],
        "accountable": [m and m.accountable for m in met],
        "caveat_rules": [tuple(dict.fromkeys(c if c in known else "other" for c in a.caveats)) for a in asked],
    }


def _is_answer(alike: Alike) -> bool | None:
    """Whether the ground is what the answer names; None where it names neither role nor function."""
    kind = alike.ground.partition("/")[0]
    if kind == "role" or alike.role:
        return alike.ground == alike.role
    return alike.ground == alike.function if kind == "function" else None
