"""What stands between a title and a tier: the rows that would give it, the cells of them that fail, and the row that fired before.

In: a question and the tiers as they are. Out: rows with their failed cells and where each met value comes from. Refuses to know what might change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.counterfactual.question import Question
from engine.counterfactual.worlds import TITLE_WORDS
from engine.resolver import GROUNDS, Tiers
from engine.rules import RowNeeds, Value, row_needs

_DERIVED = {"fallback_tier": "fallback_tier", "audience": "title_audience", "title_audience": "title_audience"}  # inputs that a table of `fallback` says


@dataclass(frozen=True, slots=True)
class FailedCell:
    """A cell that does not hold: its input, test, the value met (None is missing), where that value comes from, and the record it concerns (or None)."""

    input: str
    test: str
    met: Value | None
    origin: str
    record: str | None


@dataclass(frozen=True, slots=True)
class BlockedRow:
    """A row that would give what is wanted. Where no cell failed, an earlier row, `fired`, was met first; `said` is the sentence of that one."""

    pack: str
    table: str
    rule: str
    gives: str
    failed: tuple[FailedCell, ...]
    fired: str
    said: str


def blocked_rows(question: Question, tiers: Tiers, records: Sequence[str]) -> tuple[BlockedRow, ...]:
    """Rows that would give the wanted tier, table by table downwards: `service_tier`, then `fallback_tier` and `title_audience` where a cell fails on what
    those say. `records` are the keys of the accepted records, best first."""
    values = _values(question, tiers)
    origins = _origins(question, tiers, records)
    found: list[BlockedRow] = []
    wanted = [("service" if question.served else "fallback", "service_tier" if question.served else "fallback_tier", frozenset({question.wanted}))]
    while wanted:
        pack, table, accepted = wanted.pop(0)
        rows = [row for row in row_needs(question.rulebook, pack, table, values, question.as_of) if str(row.says.get(table)) in accepted]
        fired = {"service_tier": tiers.service, "fallback_tier": tiers.fallback, "title_audience": tiers.audience}[table].reason(tiers.position)
        found += [_blocked(pack, table, row, fired.rule, fired.sentence, origins) for row in rows]
        for name in dict.fromkeys(need.input for row in rows for need in row.needs if not need.holds and need.input in _DERIVED):
            below = _DERIVED[name]
            if all(t != below for _, t, _ in wanted) and all(r.table != below for r in found):
                wanted.append(("fallback", below, _accepted(question, pack, table, values, name, rows)))
    return tuple(row for row in found if row.failed or row.rule != row.fired)


def _values(question: Question, tiers: Tiers) -> dict[str, Value | None]:
    """What the tables met: one value by the name of each input."""
    facts = question.facts
    audience = tiers.said("audience", "title_audience")
    depth = facts.depth.get(GROUNDS.get(tiers.fallback_tier, ""), {})
    said: dict[str, Value | None] = {"title_state": facts.state, "fallback_tier": tiers.fallback_tier, "audience": audience, "title_audience": audience, "match": tiers.match}
    return {**facts.votes, **facts.answer, **depth, **said}


def _origins(question: Question, tiers: Tiers, records: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Where the value of each input comes from, and the record it concerns."""
    facts, best = question.facts, records[0] if records else None
    ground = facts.grounds.get(GROUNDS.get(tiers.fallback_tier, ""))
    matched = f"match evidence, {len(records)} accepted record{'s' if len(records) != 1 else ''}" if records else "match evidence: no record was accepted"
    found: dict[str, tuple[str, str | None]] = dict.fromkeys(facts.votes, (matched, best))
    found |= dict.fromkeys(TITLE_WORDS, ("the words of the title", None))
    found |= {"title_state": ("the text itself", None), "match": (f"{matched}: trust in the best times the share of the votes", best)}
    depth = f"graph fact service.ground_depth of {ground}" if ground else "there is no ground whose depth could be asked"
    found |= {c.name: (depth, ground) for c in question.rulebook.pack("service").facts["ground_depth"].columns}
    return found | {name: (f"table fallback.{table}", None) for name, table in _DERIVED.items()}


def _blocked(pack: str, table: str, row: RowNeeds, fired: str, said: str, origins: Mapping[str, tuple[str, str | None]]) -> BlockedRow:
    failed = tuple(FailedCell(n.input, n.test, n.met, *origins.get(n.input, ("an input", None))) for n in row.needs if not n.holds)
    return BlockedRow(pack, table, row.rule, f"{table} {row.says[table]}", failed, fired, said)


def _accepted(question: Question, pack: str, table: str, values: Mapping[str, Value | None], name: str, rows: Sequence[RowNeeds]) -> frozenset[str]:
    """Values of an input that the cells of some rows accept, of those that a table may say."""
    rules = {row.rule for row in rows}
    said = next(o for o in question.rulebook.pack("fallback").tables[_DERIVED[name]].outputs if o.name == _DERIVED[name])
    return frozenset(
        str(value) for value in said.values
        if any(need.holds for row in row_needs(question.rulebook, pack, table, {**values, name: value}, question.as_of) if row.rule in rules for need in row.needs if need.input == name)
    )  # fmt: skip
