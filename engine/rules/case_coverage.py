"""What the cases beside a pack pin down: every row, condition, bound, value, output and weight on which some case hangs.

A case hangs on a condition where it would fail if the condition were left out, turned round, or lost a bound or a value,
and nothing else changed. So each condition has a case where it holds and one where it fails, both with the outcome
hanging on it alone. Where no input at all could tell the slip apart, that is proven over all inputs, never excused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from engine.contracts import Place
from engine.rules.cases import CaseRun, pack_runs
from engine.rules.decide import gathered, parameters_of
from engine.rules.pack import Pack, Scoring, Table
from engine.rules.read_cases import ScoringCase, TableCase
from engine.rules.regions import Undecided
from engine.rules.rulebook import Rulebook
from engine.rules.score_coverage import scoring_demands
from engine.rules.slips import Demand, another, output_slips
from engine.rules.space import Space, days_of
from engine.rules.table_result import TableResult
from engine.rules.unary import Unary, bind, parse
from engine.rules.values import Column, ParameterValue, Value, value_text
from engine.rules.variants import Variant, variants

State = Literal["covered", "open", "impossible", "undecided"]


@dataclass(frozen=True, slots=True)
class Covered:
    """A demand and what became of it: the sentence of a case that meets it, or why none does."""

    pack: str
    demand: Demand
    state: State
    case: str
    place: Place


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Every demand, in the order of packs, tables and rows."""

    items: tuple[Covered, ...]

    @property
    def complete(self) -> bool:
        """Whether no demand is open. What is impossible has been proven so; what is undecided counts as open."""
        return all(item.state in ("covered", "impossible") for item in self.items)

    def counts(self) -> dict[str, int]:
        """Number of demands by state."""
        return {state: sum(item.state == state for item in self.items) for state in ("covered", "open", "impossible", "undecided")}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A passed case of a table: the values that its columns had, which cells held, and what the case states."""

    case: TableCase
    met: Mapping[str, Value | None]
    held: tuple[tuple[bool, ...], ...]
    hits: tuple[int, ...]
    columns: Mapping[str, Column]
    parameters: Mapping[str, ParameterValue]


def coverage(rulebook: Rulebook, packs: Sequence[str] | None = None) -> CoverageReport:
    """Coverage of every pack (or those named) by its own cases. Only cases that pass count. Raises BadInput as run_cases."""
    items: list[Covered] = []
    for pack in (found for name, found in rulebook.packs.items() if packs is None or name in packs):
        runs = pack_runs(rulebook, pack)
        for table in pack.tables.values():
            seen = [_seen(pack, table, run) for run in runs if _counts(run, table)]
            items += _of_table(pack, table, seen)
        for scoring in pack.scorings.values():
            items += _of_scoring(pack, scoring, [run for run in runs if isinstance(run.case, ScoringCase) and run.case.scoring == scoring.name and run.result.passed])
    return CoverageReport(tuple(items))


def _counts(run: CaseRun, table: Table) -> bool:
    return isinstance(run.case, TableCase) and run.case.table == table.name and run.result.passed and isinstance(run.outcome, TableResult)


def _seen(pack: Pack, table: Table, run: CaseRun) -> _Seen:
    assert isinstance(run.case, TableCase)
    assert isinstance(run.outcome, TableResult)
    evaluation = run.outcome.evaluation
    met = {name: evaluation.columns[name].value(0) for name in table.uses}
    held = tuple(tuple(cell.holds(met[cell.column]) is True for cell in rule.cells) for rule in evaluation.bound.rules)
    columns = {name: evaluation.columns[name].column for name in table.uses}
    ids = [rule.id for rule in table.rules]
    return _Seen(run.case, met, held, tuple(ids.index(rule) for rule in run.outcome.hits[0]), columns, pack.parameters_at(run.case.as_of, parameters_of(table)))


def _of_table(pack: Pack, table: Table, seen: Sequence[_Seen]) -> Iterator[Covered]:
    spaces: dict[tuple[date, int], Space] = {}
    for number, rule in enumerate(table.rules):
        for name, raw in rule.when:
            place = pack.place("tables", table.name, "rules", number, "when", name)
            for demand, by_day in _conditions(pack, table, number, name, parse(raw)):
                case = next((s.case.sentence for s in seen if _tells(table, s, number, name, by_day(s.parameters))), None)
                if case is not None:
                    yield Covered(pack.name, demand, "covered", case, place)
                else:
                    state, why = _possible(pack, table, number, name, by_day, spaces)
                    yield Covered(pack.name, demand, state, why, place)
        place = pack.place("tables", table.name, "rules", number, "id")
        demand = Demand(table.name, rule.id, "", "row", "a case that the row decides")
        case = next((s.case.sentence for s in seen if number in s.hits and _notices(table, s, _without(table, s, number))), None)
        yield Covered(pack.name, demand, "covered" if case else "open", case or demand.needs, place)
        for demand, output in output_slips(table, number):
            place = pack.place("tables", table.name, "rules", number, "then", demand.column)
            case = next((s.case.sentence for s in seen if number in s.hits and _notices(table, s, s.hits, (number, output))), None)
            # the count of collected rows is the same whatever each of them says
            uncovered: State = "impossible" if table.aggregate == "count" else "open"
            yield Covered(pack.name, demand, "covered" if case else uncovered, case or demand.needs, place)


def _conditions(pack: Pack, table: Table, number: int, name: str, test: Unary) -> Iterator[tuple[Demand, Any]]:
    """Demands of one cell under the latest parameters; with each a function from the parameters of a day to the slip."""
    latest = pack.parameters_at(date.max, parameters_of(table))
    for position, variant in enumerate(variants(test, latest)):
        demand = Demand(table.name, table.rules[number].id, name, variant.kind, variant.needs)

        def on(parameters: Mapping[str, ParameterValue], wanted: Variant = variant, position: int = position) -> Unary | None:
            found = list(variants(test, parameters))
            same = [v for v in found if v.kind == wanted.kind and v.needs == wanted.needs] or found[position : position + 1]
            return same[0].test if same and same[0].kind == wanted.kind else None

        yield demand, on


def _tells(table: Table, seen: _Seen, number: int, name: str, slip: Unary | None) -> bool:
    """Whether the case would fail if the cell read as the slip does."""
    if slip is None:
        return False
    cells = [column for column, _ in table.rules[number].when]
    position = cells.index(name)
    if not all(held for other, held in enumerate(seen.held[number]) if other != position):
        return False
    slipped = bind(slip, seen.columns[name], seen.parameters)(seen.met[name]) is True
    if slipped == seen.held[number][position]:
        return False
    if table.hit_policy == "first":
        holding = [n for n, held in enumerate(seen.held) if (slipped if n == number else all(held))]
        return _notices(table, seen, tuple(holding[:1]))
    hits = tuple(sorted({*seen.hits, number} if slipped else set(seen.hits) - {number}))
    return _notices(table, seen, hits)


def _without(table: Table, seen: _Seen, number: int) -> tuple[int, ...]:
    if table.hit_policy != "first":
        return tuple(n for n in seen.hits if n != number)
    return tuple(n for n, held in enumerate(seen.held) if n != number and all(held))[:1]


def _notices(table: Table, seen: _Seen, hits: tuple[int, ...], slip: tuple[int, Column] | None = None) -> bool:
    """Whether the case fails where these rows hold, one of them with another output."""
    if table.hit_policy == "unique" and len(hits) > 1:
        return True  # refused, so the case fails
    if seen.case.fires is not None and tuple(table.rules[n].id for n in hits) != seen.case.fires:
        return True
    for name, expected in seen.case.expect.items():
        values: list[Any] = [dict(table.rules[n].then).get(name) for n in hits]
        values = [seen.parameters[v[1:]] if isinstance(v, str) and v.startswith("$") else v for v in values]
        if slip is not None and slip[1].name == name:
            values[hits.index(slip[0])] = another(slip[1], values[hits.index(slip[0])])
        met = gathered(table.aggregate, values) if table.hit_policy == "collect" else values[0] if values else None
        if met != expected:
            return True
    return False


def _possible(pack: Pack, table: Table, number: int, name: str, by_day: Any, spaces: dict[tuple[date, int], Space]) -> tuple[State, str]:
    """Whether any input on any day could tell the slip apart; with what a case needs, or why there is none."""
    before = range(number) if table.hit_policy == "first" else range(0)
    try:
        for day in days_of(pack, table):
            slip = by_day(pack.parameters_at(day, parameters_of(table)))
            if slip is None:
                continue
            if (day, number) not in spaces:
                spaces[day, number] = _row_space(pack, table, number, day)
            space = spaces[day, number]
            cells = space.rows[-1]
            differ = space.cuts[name].holds[cells[name]] ^ space.cuts[name].holds[slip]
            found = space.outside({**space.box({n: t for n, t in cells.items() if n != name}), name: differ}, before) if differ else None
            if found is not None:
                return "open", ", ".join(f"{column}: {value_text(value)}" for column, value in found.items() if column in cells or value is not None)
    except Undecided as limit:
        return "undecided", str(limit)
    return "impossible", "no input at all can tell"


def _row_space(pack: Pack, table: Table, number: int, day: date) -> Space:
    """The inputs that matter to a row: its own conditions with all their slips, and the rows that go before it."""
    parameters = pack.parameters_at(day, parameters_of(table))
    rule = table.rules[number]
    further = {name: [slip.test for slip in variants(parse(raw), parameters)] for name, raw in rule.when}
    return Space(pack, replace(table, rules=table.rules[:number] + (rule,) if table.hit_policy == "first" else (rule,)), parameters, further)


def _of_scoring(pack: Pack, scoring: Scoring, runs: Sequence[CaseRun]) -> Iterator[Covered]:
    for demand, place, case in scoring_demands(pack, scoring, runs):
        yield Covered(pack.name, demand, "covered" if case else "open", case or demand.needs, place)
