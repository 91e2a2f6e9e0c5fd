"""What a table says about its subjects, and why: drawn on demand from the columns that the evaluation leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from engine.contracts import Reason
from engine.rules.columns import Encoded
from engine.rules.values import Value

if TYPE_CHECKING:
    from engine.rules.decide import BoundRule, BoundTable, Cell

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a row did not fire: the first cell that did not hold, its test and the value it met (None is missing)."""

    rule: str
    input: str
    test: str
    met: Value | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The columns that an evaluation leaves, the whole trace of every subject.

    `row_sets` hold for each column, by code, the rows whose cell there holds (bit n is row n). Subjects for whom the same
    rows hold share a pattern: `patterns` are row numbers ascending (the first only under hit policy `first`), `said` the
    outputs by pattern, `pattern_of` the number of each subject's pattern.
    """

    bound: BoundTable
    columns: Mapping[str, Encoded]
    row_sets: Mapping[str, Sequence[int]]
    patterns: Sequence[tuple[int, ...]]
    said: Mapping[str, tuple[Value | None, ...]]
    pattern_of: Sequence[int]

    def rows(self, subject: int) -> tuple[int, ...]:
        """Rows that hold for a subject, by number."""
        return self.patterns[self.pattern_of[subject]]

    def encoded(self, output: str) -> Encoded:
        """An output as a column for the next table."""
        column = next(c for c in self.bound.table.outputs if c.name == output)
        return Encoded(self.bound.table.result_column(column), self.said[output], self.pattern_of)

    def listed(self) -> Evaluation:
        """The same with plain lists for arrays, which are read faster one by one."""
        columns = {name: replace(encoded, codes=listed_codes(encoded.codes)) for name, encoded in self.columns.items()}
        return replace(self, columns=columns, pattern_of=listed_codes(self.pattern_of))

    @property
    def hits(self) -> Sequence[tuple[int, ...]]:
        """For each subject the rows that hold, by number."""
        return [self.patterns[p] for p in listed_codes(self.pattern_of)]

    def sentence(self, rule: BoundRule, subject: int) -> str:
        """The row's sentence with the subject's values filled in."""
        return "".join(filled(self.columns[text].value(subject)) if filled else text for text, filled in rule.sentence)


def listed_codes(codes: Sequence[int]) -> Sequence[int]:
    """Codes as a plain list, whether they came as one or as an array; numpy need not be loaded to tell."""
    plain: Sequence[int] = codes.tolist() if hasattr(codes, "tolist") else codes
    return plain


class Drawn(Sequence[T], Generic[T]):
    """One item for each subject, made when it is asked for; equal to any sequence of the same items."""

    def __init__(self, evaluation: Evaluation, size: int) -> None:
        self._evaluation = evaluation
        self._size = size

    def _of(self, subject: int) -> T:
        raise NotImplementedError

    def _over(self, evaluation: Evaluation) -> Drawn[T]:
        return type(self)(evaluation, self._size)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self._of(i) for i in range(*index.indices(self._size))]
        if not -self._size <= index < self._size:
            raise IndexError(index)
        return self._of(index % self._size)

    def __iter__(self) -> Iterator[T]:
        return map(self._over(self._evaluation.listed())._of, range(self._size))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(other) == self._size and all(a == b for a, b in zip(self, other, strict=True))

    def __repr__(self) -> str:
        return repr(tuple(self))


class Sentences(Drawn[str]):
    """For each subject the sentences of the rows that hold, in row order."""

    def __init__(self, evaluation: Evaluation, size: int) -> None:
        super().__init__(evaluation, size)
        rules = evaluation.bound.rules
        self._named = [[evaluation.columns[name].codes for n in rows for name, filled in rules[n].sentence if filled] for rows in evaluation.patterns]
        self._known: dict[tuple[int, ...], str] = {}

    def _of(self, subject: int) -> str:
        pattern = self._evaluation.pattern_of[subject]
        key = (pattern, *(codes[subject] for codes in self._named[pattern]))
        if key not in self._known:
            rules = self._evaluation.bound.rules
            self._known[key] = " ".join(self._evaluation.sentence(rules[n], subject) for n in self._evaluation.patterns[pattern])
        return self._known[key]


class Stops(Drawn[tuple[Stop, ...]]):
    """For each subject the rows that did not fire and the cell that stopped each; nothing where the trace was not asked for."""

    def __init__(self, evaluation: Evaluation, size: int, traced: bool) -> None:
        super().__init__(evaluation, size)
        self._traced = traced
        self._met = [(evaluation.row_sets[name], evaluation.columns[name].codes) for name in evaluation.row_sets]
        self._failed: dict[tuple[int, ...], tuple[_StopCell, ...]] = {}
        self._cells: dict[tuple[int, int], _StopCell] = {}

    def _over(self, evaluation: Evaluation) -> Stops:
        return Stops(evaluation, self._size, self._traced)

    def _of(self, subject: int) -> tuple[Stop, ...]:
        if not self._traced:
            return ()
        met = tuple([sets[codes[subject]] for sets, codes in self._met])
        return tuple([cell[cell.codes[subject]] for cell in self._stopping(met, subject)])

    def _stopping(self, met: tuple[int, ...], subject: int) -> tuple[_StopCell, ...]:
        """The cells that stop a subject: the same for all whose values let the same rows through."""
        failed = self._failed.get(met)
        if failed is None:
            failed = self._failed[met] = tuple([self._cell(row, position) for row, position in self._failing(subject)])
        return failed

    def _failing(self, subject: int) -> Iterator[tuple[int, int]]:
        """Rows that do not hold, each with the position of its first cell that does not; under `first` those before the row that fired."""
        evaluation = self._evaluation
        hits = evaluation.rows(subject)
        before = hits[0] if hits and evaluation.bound.table.hit_policy == "first" else len(evaluation.bound.rules)
        for number, rule in enumerate(evaluation.bound.rules[:before]):
            if number in hits:
                continue
            for position, cell in enumerate(rule.cells):
                code = evaluation.columns[cell.column].codes[subject]
                if not evaluation.row_sets[cell.column][code] >> number & 1:
                    yield number, position
                    break

    def _cell(self, row: int, position: int) -> _StopCell:
        if (row, position) not in self._cells:
            rule = self._evaluation.bound.rules[row]
            self._cells[row, position] = _StopCell(rule, rule.cells[position], self._evaluation.columns[rule.cells[position].column])
        return self._cells[row, position]


class _StopCell(dict[int, Stop]):
    """A cell that stops subjects: one stop for each value it meets, by code."""

    def __init__(self, rule: BoundRule, cell: Cell, encoded: Encoded) -> None:
        super().__init__()
        self.codes = encoded.codes
        self._rule, self._cell, self._distinct = rule.id, cell, encoded.distinct

    def __missing__(self, code: int) -> Stop:
        found = self[code] = Stop(self._rule, self._cell.column, self._cell.text, self._distinct[code])
        return found


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a table says about each subject, in the order asked.

    `outputs` and `fired` hold None where no row holds; under `collect` an output is gathered over all rows that hold
    (list: tuple in row order, empty without a hit; count: 0 without a hit; sum, min, max: None without a hit), `fired`
    is the first of them and `hits` are all. `sentences` and `stops` are drawn when they are read; `stops` is empty where
    the trace was not asked for. `upstream` holds the results of tables whose outputs this one used.
    """

    size: int
    outputs: Mapping[str, tuple[Value | None, ...]]
    fired: tuple[str | None, ...]
    hits: tuple[tuple[str, ...], ...]
    sentences: Sequence[str]
    upstream: Mapping[str, TableResult]
    stops: Sequence[tuple[Stop, ...]] = field(compare=False, repr=False)
    evaluation: Evaluation = field(compare=False, repr=False)

    def reasons(self, subject: int) -> tuple[Reason, ...]:
        """The rows that hold for a subject (by position), with the values and parameters each met."""
        evaluation = self.evaluation
        return tuple(self._reason(evaluation.bound.rules[number], subject) for number in evaluation.rows(subject))

    def reason(self, subject: int) -> Reason:
        """The row that fired for a subject; where none did, a reason with an empty rule that says so."""
        found = self.reasons(subject)
        if found:
            return found[0]
        bound = self.evaluation.bound
        met = {name: self.evaluation.columns[name].value(subject) for name in bound.table.uses}
        return Reason(bound.pack, bound.version, bound.table.name, "", met, f"no row of `{bound.table.name}` holds")

    def lines(self, subject: int) -> tuple[tuple[str, str], ...]:
        """The rows that hold for a subject, each with its sentence: what `reasons` says, without the values behind it."""
        evaluation = self.evaluation
        rules = evaluation.bound.rules
        return tuple([(rules[number].id, evaluation.sentence(rules[number], subject)) for number in evaluation.rows(subject)])

    def _reason(self, rule: BoundRule, subject: int) -> Reason:
        evaluation = self.evaluation
        names = dict.fromkeys([cell.column for cell in rule.cells] + [name for name, filled in rule.sentence if filled])
        bindings: dict[str, Any] = {name: evaluation.columns[name].value(subject) for name in names}
        bindings.update((f"${name}", value) for name, value in rule.cited.items())
        return Reason(evaluation.bound.pack, evaluation.bound.version, evaluation.bound.table.name, rule.id, bindings, evaluation.sentence(rule, subject))
