"""The rows that fired before and after a move, and the first cell that tells the two evaluations apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.compare.rule_attribution import Moved
from engine.compare.title_decisions import TitleDecisions
from engine.contracts import decimal_text
from engine.resolver import Derivation, Tiers, Weighed
from engine.rules import Rulebook, TableResult

TABLES = (("audience", "fallback.title_audience"), ("fallback", "fallback.fallback_tier"), ("service", "service.service_tier"), ("tags", "service.review_tags"), ("caveats", "service.caveats"))
EVIDENCE, CLASS = "title_evidence.title_evidence", "audience.audience"


@dataclass(frozen=True, slots=True)
class RowChange:
    """Rows of a table that fired before and after, empty where none did; `subject` is the record that was asked about, '' for the title itself."""

    table: str
    subject: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstCell:
    """Where two evaluations part: a row and its cell (or outcome, or factor), the test and the value met on either side, as text."""

    table: str
    subject: str
    row: str
    cell: str
    test_before: str
    test_after: str
    met_before: str
    met_after: str
    sentence: str


def rows_of_moves(decisions: TitleDecisions, before: Rulebook, after: Rulebook, moves: Sequence[Moved]) -> dict[str, tuple[tuple[RowChange, ...], FirstCell | None]]:
    """For each moved title the tables whose rows differ, in the order they are asked, and the first cell that differs."""
    first, second = (decisions.traced(book, [getattr(m, side).facts for m in moves]) for book, side in ((before, "before"), (after, "after")))
    return {m.title: _rows(decisions, before, after, m, a, b) for m, a, b in zip(moves, first, second, strict=True)}


def _rows(decisions: TitleDecisions, before: Rulebook, after: Rulebook, move: Moved, first: Tiers, second: Tiers) -> tuple[tuple[RowChange, ...], FirstCell | None]:
    found: list[tuple[RowChange, FirstCell | None]] = []
    if move.before.facts != move.after.facts:
        found += _candidates(decisions.derive(before, move.title), decisions.derive(after, move.title))
    for name, table in TABLES:
        found += _table(table, "", getattr(first, name), first.position, getattr(second, name), second.position)
    cell = next((c for _, c in found if c is not None), None)
    return tuple(r for r, _ in found if r.before != r.after), cell or _first_score(move)


def _candidates(first: Derivation, second: Derivation) -> Iterator[tuple[RowChange, FirstCell | None]]:
    """Records whose claim or class differs, in the order they were weighed."""
    later = {_record(w): w for w in second.weighed}
    for one in first.weighed:
        other = later.get(_record(one))
        if other is None:
            continue
        yield from _table(EVIDENCE, one.candidate.target, one.asked.result, one.asked.position, other.asked.result, other.asked.position)
        mine, theirs = one.meaning.asked, other.meaning.asked
        if mine and theirs:
            yield from _table(CLASS, one.candidate.target, mine.result, mine.position, theirs.result, theirs.position)
        if one.vote != other.vote:
            said = f"the vote of {one.candidate.target} is {one.vote} millionths before and {other.vote} after"
            yield RowChange(EVIDENCE, one.candidate.target, (), ()), FirstCell(EVIDENCE, one.candidate.target, "", "vote", "", "", str(one.vote), str(other.vote), said)


def _record(weighed: Weighed) -> tuple[str, str, str, tuple[str, ...]]:
    c = weighed.candidate
    return c.target, c.found.title, c.road, c.dropped


def _table(table: str, subject: str, first: TableResult, i: int, second: TableResult, j: int) -> Iterator[tuple[RowChange, FirstCell | None]]:
    before, after = first.hits[i], second.hits[j]
    if before != after:
        yield RowChange(table, subject, before, after), _parting(table, subject, first, i, second, j)
        return
    for name in first.outputs:
        if name in second.outputs and first.outputs[name][i] != second.outputs[name][j]:
            met = _said(first.outputs[name][i]), _said(second.outputs[name][j])
            row = before[0] if before else ""
            yield RowChange(table, subject, before, after), FirstCell(table, subject, row, name, "", "", *met, f"row {row} of {table} says {name}: {met[1]} where it said {met[0]}")
            return


def _parting(table: str, subject: str, first: TableResult, i: int, second: TableResult, j: int) -> FirstCell:
    """The cell behind rows that differ. Of a row that fired before and one that fires now, the one that is asked first decides."""
    went = next((r for r in first.hits[i] if r not in second.hits[j]), None)
    came = next((r for r in second.hits[j] if r not in first.hits[i]), None)
    order_before, order_after = _order(first), _order(second)
    if went is not None and (came is None or (went in order_after and order_after.index(went) < order_after.index(came))):
        return _cell(table, subject, went, first, i, second, j, stopped_after=True)
    if went is not None and went not in order_after:
        return FirstCell(table, subject, went, "", "", "", "", "", f"row {went} of {table} is gone")
    assert came is not None  # rows differ, so one went or one came
    if came not in order_before:
        return FirstCell(table, subject, came, "", "", "", "", "", f"row {came} of {table} is new")
    if went is not None and order_before.index(came) > order_before.index(went):
        return FirstCell(table, subject, came, "", "", "", "", "", f"row {came} of {table} is now asked before {went}")
    return _cell(table, subject, came, first, i, second, j, stopped_after=False)


def _order(result: TableResult) -> list[str]:
    return [rule.id for rule in result.evaluation.bound.rules]


def _cell(table: str, subject: str, row: str, first: TableResult, i: int, second: TableResult, j: int, *, stopped_after: bool) -> FirstCell:
    """The first cell of a row that does not hold on one side, as it stands on both."""
    stopping, at = (second, j) if stopped_after else (first, i)
    rule = next((r for r in stopping.evaluation.bound.rules if r.id == row), None)
    if rule is None:
        return FirstCell(table, subject, row, "", "", "", "", "", f"row {row} of {table} is {'gone' if stopped_after else 'new'}")
    name = next((c.column for c in rule.cells if not c.holds(stopping.evaluation.columns[c.column].value(at))), "")
    (test_before, met_before), (test_after, met_after) = _test(first, i, row, name), _test(second, j, row, name)
    held = "holds no more" if stopped_after else "holds now"
    tests = f"`{test_after or 'any'}`" if test_before == test_after else f"`{test_before or 'any'}` before and `{test_after or 'any'}` now"
    met = met_after if met_before == met_after else f"{met_before} before and {met_after} now"
    said = f"row {row} of {table} {held}: {name} asks {tests} and meets {met}" if name else f"row {row} of {table} {held}"
    return FirstCell(table, subject, row, name, test_before, test_after, met_before, met_after, said)


def _test(result: TableResult, position: int, row: str, name: str) -> tuple[str, str]:
    """A cell's test with the parameters in force ('' where the row asks nothing of the column) and what it meets."""
    columns = result.evaluation.columns
    text = next((c.text for r in result.evaluation.bound.rules if r.id == row for c in r.cells if c.column == name), "")
    return text, _said(columns[name].value(position)) if name in columns else ""


def _first_score(move: Moved) -> FirstCell | None:
    """The first module of a path whose place or score differs, and the first factor that makes it so."""
    first, second = move.before.plan, move.after.plan
    if first is None or second is None or "path" not in move.aspects:
        return None
    terms = {s.module: {t.factor: t for t in s.terms} for s in second.steps}
    for step in first.steps:
        for term in step.terms:
            other = terms.get(step.module, {}).get(term.factor)
            if other is not None and (term.weight, term.value) != (other.weight, other.value):
                met = f"{_said(term.value)} x {term.weight} per mille", f"{_said(other.value)} x {other.weight} per mille"
                said = f"{term.factor} of {step.module} counts {met[0]} before and {met[1]} now"
                return FirstCell("ranking.module_score", step.module, "", term.factor, str(term.weight), str(other.weight), _said(term.value), _said(other.value), said)
    return None


def _said(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, (tuple, list)):
        return ", ".join(_said(v) for v in value) or "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return decimal_text(value) if hasattr(value, "as_tuple") else str(value)
