"""Cases beside packs: what is given, what must come out, which row must fire; run through the same evaluation as everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from engine.contracts import BadInput, Diagnostic, Place
from engine.rules.pack import Pack, Table
from engine.rules.rulebook import Rulebook
from engine.rules.spelling import did_you_mean
from engine.rules.values import value_text

if TYPE_CHECKING:
    from engine.documents import Document
    from engine.rules.authored import ScoringCaseFile, TableCaseFile

_MALFORMED = frozenset({"RUL153", "RUL203", "RUL204", "RUL205"})  # what is given does not fit the pack


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: its sentence, whether it passed, what was expected and what was met (as text), and where it stands."""

    pack: str
    sentence: str
    passed: bool
    expected: str
    met: str
    place: Place


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
        """Whether every case passed."""
        return all(result.passed for result in self.results)


def run_cases(rulebook: Rulebook) -> CaseReport:
    """Run the cases of every pack. Needs packs read from folders.

    Raises BadInput with every fault of form in every `cases.yaml` (DOC1xx, RUL101 to RUL103, RUL153).
    """
    results: list[CaseResult] = []
    unfired: list[Unfired] = []
    faults: list[Diagnostic] = []
    for pack in rulebook.packs.values():
        fired: set[tuple[str, str]] = set()
        try:
            for case, place in _read(pack):
                result, hits = _run(rulebook, pack, case, place)
                results.append(result)
                fired |= hits
        except BadInput as error:
            faults.extend(error.diagnostics)
        unfired += [
            Unfired(pack.name, table.name, rule.id, pack.place("tables", table.name, "rules", number, "id"))
            for table in pack.tables.values() for number, rule in enumerate(table.rules) if (table.name, rule.id) not in fired
        ]  # fmt: skip
        unfired += [Unfired(pack.name, name, "", pack.place("scoring", name)) for name in pack.scorings if (name, "") not in fired]
    if faults:
        raise BadInput(*faults)
    return CaseReport(tuple(results), tuple(unfired))


def has_cases(pack: Pack) -> bool:
    """Whether a `cases.yaml` lies beside the pack."""
    return pack.folder is not None and (pack.folder / "cases.yaml").is_file()


def _read(pack: Pack) -> list[tuple[TableCaseFile | ScoringCaseFile, Place]]:
    from engine.documents import read_document  # YAML and pydantic load only where files are read
    from engine.rules.authored import ScoringCaseFile, TableCaseFile
    from engine.rules.read_pack import validated

    if not has_cases(pack) or pack.folder is None:
        return []
    document = read_document(pack.folder / "cases.yaml", f"rules/{pack.name}/cases.yaml")
    if document.value is None:
        return []
    if not isinstance(document.value, list):
        raise BadInput.at("RUL103", "cases are a list", why="each case stands for itself", fix="begin each with `- case: ...`", place=document.place())
    cases: list[tuple[TableCaseFile | ScoringCaseFile, Place]] = []
    faults: list[Diagnostic] = []
    seen: set[str] = set()
    for number, raw in enumerate(document.value):
        model: Any = ScoringCaseFile if isinstance(raw, dict) and "scoring" in raw else TableCaseFile
        try:
            case = validated(model, document, raw, (number,))
        except BadInput as error:
            faults.extend(error.diagnostics)
            continue
        faults.extend(_case_faults(pack, case, document, number))
        if case.case in seen:
            faults.append(Diagnostic(document.place((number, "case")), "RUL153", f"two cases say `{case.case}`", "a failing case is found by its sentence", "say what is special in this one"))
        seen.add(case.case)
        cases.append((case, document.place((number,))))
    if faults:
        raise BadInput(*faults)
    return cases


def _case_faults(pack: Pack, case: Any, document: Document, number: int) -> list[Diagnostic]:
    scoring = hasattr(case, "scoring")
    name: str = case.scoring if scoring else case.table
    options: Mapping[str, Any] = pack.scorings if scoring else pack.tables
    kind = "scoring" if scoring else "table"
    if name not in options:
        return [Diagnostic(document.place((number, kind)), "RUL153", f"no {kind} `{name}` in pack `{pack.name}`", "the case tests nothing", did_you_mean(name, options))]
    if scoring:
        return []
    table: Table = options[name]
    outputs, ids = [o.name for o in table.outputs], [r.id for r in table.rules]
    faults = [
        Diagnostic(document.place((number, "expect", output)), "RUL153", f"no output `{output}`", "the case expects what the table never says", did_you_mean(output, outputs))
        for output in case.expect if output not in outputs
    ]  # fmt: skip
    faults += [
        Diagnostic(document.place((number, "fires")), "RUL153", f"no row `{rule}`", "the case expects a row that is not there", did_you_mean(rule, ids))
        for rule in _fires(case) or () if rule not in ids
    ]  # fmt: skip
    if not case.expect and case.fires is None:
        faults.append(Diagnostic(document.place((number,)), "RUL153", "the case expects nothing", "it could never fail", "add `expect:` or `fires:`"))
    return faults


def _fires(case: TableCaseFile) -> list[str] | None:
    return None if case.fires is None else [case.fires] if isinstance(case.fires, str) else case.fires


def _run(rulebook: Rulebook, pack: Pack, case: Any, place: Place) -> tuple[CaseResult, set[tuple[str, str]]]:
    try:
        return _run_scoring(rulebook, pack, case, place) if hasattr(case, "scoring") else _run_table(rulebook, pack, case, place)
    except BadInput as error:
        if not any(d.code in _MALFORMED for d in error.diagnostics):  # the rules themselves refuse: the case fails
            met = "; ".join(d.what for d in error.diagnostics)
            return CaseResult(pack.name, case.case, False, "a decision", met, place), set()
        raise BadInput(*(Diagnostic(place, d.code, d.what, d.why, d.fix) for d in error.diagnostics)) from None


def _run_table(rulebook: Rulebook, pack: Pack, case: TableCaseFile, place: Place) -> tuple[CaseResult, set[tuple[str, str]]]:
    table = pack.tables[case.table]
    columns = {name: [tuple(v) if isinstance(v, list) else v] for name, v in case.given.items()}
    result = rulebook.decide(pack.name, case.table, columns, case.as_of or date.max)
    met: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for output in table.outputs:
        if output.name in case.expect:
            raw = case.expect[output.name]
            expected[output.name] = tuple(raw) if isinstance(raw, list) else raw
            met[output.name] = result.outputs[output.name][0]
    fires = _fires(case)
    if fires is not None:
        expected["fires"], met["fires"] = tuple(fires), result.hits[0]
    return CaseResult(pack.name, case.case, expected == met, _line(expected), _line(met), place), {(table.name, rule) for rule in result.hits[0]}


def _run_scoring(rulebook: Rulebook, pack: Pack, case: ScoringCaseFile, place: Place) -> tuple[CaseResult, set[tuple[str, str]]]:
    given: list[Mapping[str, Any]] = [subject.model_extra or {} for subject in case.given]
    names = sorted({name for row in given for name in row})
    columns: dict[str, Sequence[Any]] = {name: [row.get(name) for row in given] for name in names}
    result = rulebook.score(pack.name, case.scoring, columns, case.as_of or date.max, [subject.subject for subject in case.given])
    try:
        expected = [(line.subject, Decimal(str(line.score))) for line in case.expect]
    except InvalidOperation:
        raise BadInput.at("RUL153", "an expected score is no number", why="scores are decimals", fix='write for instance score: "0.512"') from None
    met = [(line.subject, line.share) for line in result.lines]
    return CaseResult(pack.name, case.case, expected == met, _ranking(expected), _ranking(met), place), {(case.scoring, "")}


def _line(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value_text(value)}" for name, value in values.items())


def _ranking(lines: Sequence[tuple[str, Decimal]]) -> str:
    return ", ".join(f"{subject} {value_text(score)}" for subject, score in lines)
