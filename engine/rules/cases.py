"""Cases beside packs: what is given, what must come out, which row must fire; run through the same evaluation as everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import BadInput, Diagnostic, Place
from engine.rules.pack import Pack
from engine.rules.read_cases import Case, Given, ScoringCase, TableCase, TitleCase, has_cases, read_cases
from engine.rules.rulebook import Rulebook
from engine.rules.score import ScoreResult
from engine.rules.table_result import TableResult
from engine.rules.values import Value, value_text

__all__ = ["CaseReport", "CaseResult", "CaseRun", "Unfired", "has_cases", "pack_runs", "run_cases"]
_MALFORMED = frozenset({"RUL203", "RUL204", "RUL205"})  # what is given does not fit the pack
AskTitle = Callable[[str, date], Mapping[str, Value | None]]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: its sentence, whether it passed, what was expected and what was met (as text), and where it stands.

    `asked` is false for the case of a title where no graph was given; it then counts as neither passed nor failed.
    """

    pack: str
    sentence: str
    passed: bool
    expected: str
    met: str
    place: Place
    asked: bool = True


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A case with its result and what the evaluation left; `outcome` is None where the rules refused, or for a title."""

    case: Case
    result: CaseResult
    outcome: TableResult | ScoreResult | None


@dataclass(frozen=True, slots=True)
class Unfired:
    """A row of a table (or a whole scoring, `rule` empty) that no case of its own table fires."""

    pack: str
    table: str
    rule: str
    place: Place


@dataclass(frozen=True, slots=True)
class CaseReport:
    """Results in the order of the files, and what no case fires."""

    results: tuple[CaseResult, ...]
    unfired: tuple[Unfired, ...]

    @property
    def passed(self) -> bool:
        """Whether every case that was asked passed."""
        return all(result.passed for result in self.results if result.asked)


def run_cases(rulebook: Rulebook, ask: AskTitle | None = None) -> CaseReport:
    """Run the cases of every pack. Needs packs read from folders; `ask` answers the cases of titles, which are not asked without it.

    Raises BadInput with every fault of form in every `cases.yaml` (DOC1xx, RUL101 to RUL103, RUL153).
    """
    results: list[CaseResult] = []
    unfired: list[Unfired] = []
    faults: list[Diagnostic] = []
    for pack in rulebook.packs.values():
        try:
            runs = pack_runs(rulebook, pack, ask)
        except BadInput as error:
            faults.extend(error.diagnostics)
            continue
        results += [run.result for run in runs]
        fired = {(run.case.table, rule) for run in runs if isinstance(run.case, TableCase) and isinstance(run.outcome, TableResult) for rule in run.outcome.hits[0]}
        scored = {run.case.scoring for run in runs if isinstance(run.case, ScoringCase) and run.outcome}
        unfired += [
            Unfired(pack.name, table.name, rule.id, pack.place("tables", table.name, "rules", number, "id"))
            for table in pack.tables.values() for number, rule in enumerate(table.rules) if (table.name, rule.id) not in fired
        ]  # fmt: skip
        unfired += [Unfired(pack.name, name, "", pack.place("scoring", name)) for name in pack.scorings if name not in scored]
    if faults:
        raise BadInput(*faults)
    return CaseReport(tuple(results), tuple(unfired))


def pack_runs(rulebook: Rulebook, pack: Pack, ask: AskTitle | None = None, cases: Sequence[Case] | None = None) -> list[CaseRun]:
    """Run the cases of one pack (or those given), in their order. Raises BadInput as run_cases."""
    faults: list[Diagnostic] = []
    runs: list[CaseRun] = []
    for case in read_cases(pack) if cases is None else cases:
        try:
            runs.append(_run(rulebook, pack, case, ask))
        except BadInput as error:
            faults += [Diagnostic(case.place, d.code, d.what, d.why, d.fix) for d in error.diagnostics]
    if faults:
        raise BadInput(*faults)
    return runs


def _run(rulebook: Rulebook, pack: Pack, case: Case, ask: AskTitle | None) -> CaseRun:
    try:
        if isinstance(case, TableCase):
            return _run_table(rulebook, pack, case)
        if isinstance(case, ScoringCase):
            return _run_scoring(rulebook, pack, case)
        return _run_title(pack, case, ask)
    except BadInput as error:
        if any(d.code in _MALFORMED for d in error.diagnostics):
            raise
        met = "; ".join(d.what for d in error.diagnostics)  # the rules themselves refuse: the case fails
        return CaseRun(case, CaseResult(pack.name, case.sentence, False, "a decision", met, case.place), None)


def _run_table(rulebook: Rulebook, pack: Pack, case: TableCase) -> CaseRun:
    result = rulebook.decide(pack.name, case.table, {name: [value] for name, value in case.given.items()}, case.as_of)
    met: dict[str, Any] = {name: result.outputs[name][0] for name in case.expect}
    expected: dict[str, Any] = dict(case.expect)
    if case.fires is not None:
        expected["fires"], met["fires"] = case.fires, result.hits[0]
    return CaseRun(case, CaseResult(pack.name, case.sentence, expected == met, _line(expected), _line(met), case.place), result)


def _run_scoring(rulebook: Rulebook, pack: Pack, case: ScoringCase) -> CaseRun:
    names = sorted({name for row in case.given for name in row})
    columns: dict[str, Sequence[Any]] = {name: [row.get(name) for row in case.given] for name in names}
    result = rulebook.score(pack.name, case.scoring, columns, case.as_of, case.subjects)
    met = tuple((line.subject, line.share) for line in result.lines)
    return CaseRun(case, CaseResult(pack.name, case.sentence, case.expect == met, _ranking(case.expect), _ranking(met), case.place), result)


def _run_title(pack: Pack, case: TitleCase, ask: AskTitle | None) -> CaseRun:
    if ask is None:
        return CaseRun(case, CaseResult(pack.name, case.sentence, False, _line(case.expect), "not asked: no graph was given", case.place, asked=False), None)
    answer = ask(case.title, case.as_of)
    met = {name: answer.get(name) for name in case.expect}
    return CaseRun(case, CaseResult(pack.name, case.sentence, met == dict(case.expect), _line(case.expect), _line(met), case.place), None)


def _line(values: Given | Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value_text(value)}" for name, value in values.items())


def _ranking(lines: Sequence[tuple[str, Decimal]]) -> str:
    return ", ".join(f"{subject} {value_text(score)}" for subject, score in lines)
