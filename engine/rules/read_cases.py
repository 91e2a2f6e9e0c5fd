"""Cases beside a pack, read from `cases.yaml` and written out: what a case takes over from another, and one case for each variation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from engine.contracts import BadInput, Diagnostic, Place
from engine.rules.pack import Pack
from engine.rules.spelling import did_you_mean
from engine.rules.values import Value, value_text

if TYPE_CHECKING:
    from engine.documents import Document

Given = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class TableCase:
    """One input of a table, the outputs it must get, and the rows that must fire (None: not stated)."""

    sentence: str
    place: Place
    table: str
    as_of: date
    given: Given
    expect: Given
    fires: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ScoringCase:
    """Subjects with their columns, and the ranking with scores that must come out."""

    sentence: str
    place: Place
    scoring: str
    as_of: date
    subjects: tuple[str, ...]
    given: tuple[Given, ...]
    expect: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class TitleCase:
    """A job title asked of the embedded graph, and what its resolution must say."""

    sentence: str
    place: Place
    title: str
    as_of: date
    expect: Given


Case = TableCase | ScoringCase | TitleCase


def has_cases(pack: Pack) -> bool:
    """Whether a `cases.yaml` lies beside the pack."""
    return pack.folder is not None and (pack.folder / "cases.yaml").is_file()


def read_cases(pack: Pack) -> tuple[Case, ...]:
    """The cases of a pack in the order of their file. Raises BadInput with every fault (DOC1xx, RUL101 to RUL103), RUL153 (a case that names what its pack lacks)."""
    from engine.documents import read_document  # YAML and pydantic load only where files are read

    if not has_cases(pack) or pack.folder is None:
        return ()
    document = read_document(pack.folder / "cases.yaml", f"rules/{pack.name}/cases.yaml")
    if document.value is None:
        return ()
    if not isinstance(document.value, list):
        raise BadInput.at("RUL103", "cases are a list", why="each case stands for itself", fix="begin each with `- case: ...`", place=document.place())
    reader = _Reader(pack, document)
    for number, raw in enumerate(document.value):
        reader.take(number, raw)
    if reader.faults:
        raise BadInput(*reader.faults)
    return tuple(reader.cases)


class _Reader:
    """Takes cases one after the other, so that a later one can lean on an earlier one."""

    def __init__(self, pack: Pack, document: Document) -> None:
        self.pack, self.document = pack, document
        self.cases: list[Case] = []
        self.faults: list[Diagnostic] = []
        self._given: dict[str, tuple[str, date, Given]] = {}
        self._sentences: set[str] = set()

    def take(self, number: int, raw: Any) -> None:
        from engine.rules.authored import FactsCaseFile, ScoringCaseFile, TableCaseFile, TitleCaseFile
        from engine.rules.read_pack import validated

        kinds: dict[str, Any] = {"scoring": ScoringCaseFile, "title": TitleCaseFile, "facts": FactsCaseFile}
        kind = next((key for key in kinds if isinstance(raw, dict) and key in raw), "table")
        try:
            case = validated(kinds.get(kind, TableCaseFile), self.document, raw, (number,))
        except BadInput as error:
            self.faults.extend(error.diagnostics)
            return
        if case.case in self._sentences:
            self._fault(number, "case", f"two cases say `{case.case}`", "a failing case is found by its sentence", "say what is special in this one")
        self._sentences.add(case.case)
        before = len(self.faults)
        written = list({"scoring": self._scoring, "title": self._title, "facts": self._facts}.get(kind, self._table)(number, case))
        if len(self.faults) == before:
            self.cases += written

    def _table(self, number: int, case: Any) -> Iterator[Case]:
        fires = None if case.fires is None else (case.fires,) if isinstance(case.fires, str) else tuple(case.fires)
        if not case.expect and fires is None:
            self._fault(number, "case", "the case expects nothing", "it could never fail", "add `expect:` or `fires:`")
        if not self._known_table(number, case.table):
            return
        self._known_outputs(number, case.table, case.expect, fires or ())
        given, day = _values(case.given), case.as_of or date.max
        if case.like is not None:
            if case.like not in self._given or self._given[case.like][0] != case.table:
                options = [sentence for sentence, found in self._given.items() if found[0] == case.table]
                self._fault(number, "like", "no case of this table before it says so", "a case leans on one that stands before it", did_you_mean(case.like, options))
                return
            _, base_day, base = self._given[case.like]
            given, day = {**base, **given}, case.as_of or base_day
        self._given[case.case] = (case.table, day, given)
        place = self.document.place((number,))
        for position, raw in enumerate(case.each or [None]):
            varied = _values(raw or {})
            shown = f" [{', '.join(f'{name}: {value_text(value)}' for name, value in varied.items())}]" if raw is not None else ""
            where = self.document.place((number, "each", position)) if raw is not None else place
            yield TableCase(case.case + shown, where, case.table, day, {**given, **varied}, _values(case.expect), fires)

    def _facts(self, number: int, case: Any) -> Iterator[Case]:
        rows = {row.subject: _values(row.model_extra or {}) for row in case.facts}
        if not self._known_table(number, case.table):
            return
        for position, wanted in enumerate(case.expect):
            expect = {name: value for name, value in _values(wanted.model_extra or {}).items() if name != "fires"}
            raw = (wanted.model_extra or {}).get("fires")
            fires = None if raw is None else (raw,) if isinstance(raw, str) else tuple(raw)
            self._known_outputs(number, case.table, expect, fires or (), position)
            if wanted.subject not in rows:
                self._fault(number, "expect", f"no facts of `{wanted.subject}`", "the case expects something of a subject that it does not state", did_you_mean(wanted.subject, rows))
                continue
            place = self.document.place((number, "expect", position))
            yield TableCase(f"{case.case} [{wanted.subject}]", place, case.table, case.as_of or date.max, {**_values(case.given), **rows[wanted.subject]}, expect, fires)

    def _scoring(self, number: int, case: Any) -> Iterator[Case]:
        if case.scoring not in self.pack.scorings:
            self._fault(number, "scoring", f"no scoring `{case.scoring}` in pack `{self.pack.name}`", "the case tests nothing", did_you_mean(case.scoring, self.pack.scorings))
            return
        try:
            expect = tuple((line.subject, Decimal(str(line.score))) for line in case.expect)
        except InvalidOperation:
            self._fault(number, "expect", "an expected score is no number", "scores are decimals", 'write for instance score: "0.512"')
            return
        given = tuple(_values(subject.model_extra or {}) for subject in case.given)
        yield ScoringCase(case.case, self.document.place((number,)), case.scoring, case.as_of or date.max, tuple(s.subject for s in case.given), given, expect)

    def _title(self, number: int, case: Any) -> Iterator[Case]:
        yield TitleCase(case.case, self.document.place((number,)), case.title, case.as_of or date.max, _values(case.expect))

    def _known_table(self, number: int, table: str) -> bool:
        if table not in self.pack.tables:
            self._fault(number, "table", f"no table `{table}` in pack `{self.pack.name}`", "the case tests nothing", did_you_mean(table, self.pack.tables))
        return table in self.pack.tables

    def _known_outputs(self, number: int, table: str, expect: Given, fires: tuple[str, ...], *under: int) -> None:
        outputs, ids = [o.name for o in self.pack.tables[table].outputs], [r.id for r in self.pack.tables[table].rules]
        for output in expect:
            if output not in outputs:
                self._fault(number, ("expect", *under, output), f"no output `{output}`", "the case expects what the table never says", did_you_mean(output, outputs))
        for rule in fires:
            if rule not in ids:
                self._fault(number, "fires", f"no row `{rule}`", "the case expects a row that is not there", did_you_mean(rule, ids))

    def _fault(self, number: int, key: str | tuple[str | int, ...], what: str, why: str, fix: str) -> None:
        self.faults.append(Diagnostic(self.document.place((number, *((key,) if isinstance(key, str) else key))), "RUL153", what, why, fix))


def _values(raw: Mapping[str, Any]) -> Given:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
