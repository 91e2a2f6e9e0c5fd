"""Decision tables over columns: every cell is tested on the distinct values of its column, every row on all undecided subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from engine.contracts import BadInput, Reason
from engine.rules.columns import Encoded
from engine.rules.pack import PLACEHOLDER, Pack, Rule, Table
from engine.rules.unary import ParameterRef, Verdict, bind, operands, parse, test_text
from engine.rules.values import Column, ParameterValue, Value, share_text, value_text

Filled = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A bound cell: its column, the test and the test's text with the parameters in force."""

    column: str
    holds: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A row with its parameters filled in. `cited` are the parameters it leans on, `sentence` text, and column names with how their value is written."""

    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[Value | None, ...]
    cited: Mapping[str, ParameterValue]
    sentence: tuple[tuple[str, Filled | None], ...]


@dataclass(frozen=True, slots=True)
class BoundTable:
    """A table with the parameters of one day filled in."""

    pack: str
    version: str
    table: Table
    rules: tuple[BoundRule, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a row did not fire: the first cell that did not hold, its test and the value it met (None is missing)."""

    rule: str
    input: str
    test: str
    met: Value | None


def bind_table(pack: Pack, table: Table, columns: Mapping[str, Column], parameters: Mapping[str, ParameterValue]) -> BoundTable:
    """Fill the parameters of one day into a table whose meaning has been checked."""
    return BoundTable(pack.name, pack.version, table, tuple(_bind_rule(table, rule, columns, parameters) for rule in table.rules))


def parameters_of(table: Table) -> tuple[str, ...]:
    """Names of the parameters that a table cites, in name order."""
    return tuple(sorted({name for rule in table.rules for name in _cited(rule)}))


def _cited(rule: Rule) -> list[str]:
    in_cells = [o.value.name for _, raw in rule.when for o in operands(parse(raw)) if isinstance(o.value, ParameterRef)]
    in_outputs = [raw[1:] for _, raw in rule.then if isinstance(raw, str) and raw.startswith("$")]
    return sorted({*in_cells, *in_outputs, *(name[1:] for name in rule.placeholders if name.startswith("$"))})


def _bind_rule(table: Table, rule: Rule, columns: Mapping[str, Column], parameters: Mapping[str, ParameterValue]) -> BoundRule:
    cells = tuple(Cell(name, bind(parse(raw), columns[name], parameters), test_text(raw, parameters)) for name, raw in rule.when)
    stated = dict(rule.then)
    outputs = []
    for output in table.outputs:
        raw = stated.get(output.name)
        if isinstance(raw, str) and raw.startswith("$"):
            raw = parameters[raw[1:]]
        outputs.append(None if raw is None else output.typed(raw))
    fixed: dict[str, ParameterValue | None] = {f"${name}": value for name, value in parameters.items()}
    fixed.update((output.name, value) for output, value in zip(table.outputs, outputs, strict=True))
    parts: list[tuple[str, Filled | None]] = []
    position = 0
    for found in PLACEHOLDER.finditer(rule.because):
        parts.append((rule.because[position : found.start()], None))
        name, filled = found[1], share_text if found[2] else value_text
        parts.append((filled(fixed[name]), None) if name in fixed else (name, filled))
        position = found.end()
    parts.append((rule.because[position:], None))
    return BoundRule(rule.id, cells, tuple(outputs), {name: parameters[name] for name in _cited(rule)}, tuple(p for p in parts if p[0]))


class Stops(Sequence[tuple[Stop, ...]]):
    """For each subject the rows that did not fire and the cell that stopped each, drawn from the columns of the evaluation."""

    def __init__(self, evaluation: Evaluation | None, size: int) -> None:
        self._evaluation = evaluation
        self._size = size
        self._known: dict[tuple[int, int, int], Stop] = {}

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> tuple[Stop, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Stop, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[Stop, ...] | Sequence[tuple[Stop, ...]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._size))]
        if not -self._size <= index < self._size:
            raise IndexError(index)
        subject = index % self._size
        return () if self._evaluation is None else tuple(self._of(self._evaluation, subject))

    def _of(self, evaluation: Evaluation, subject: int) -> Iterator[Stop]:
        hits = evaluation.hits[subject]
        for number, rule in enumerate(evaluation.bound.rules):
            if number in hits:
                if evaluation.bound.table.hit_policy == "first":
                    return
                continue
            for position, cell in enumerate(rule.cells):
                encoded = evaluation.columns[cell.column]
                code = encoded.codes[subject]
                if not evaluation.verdicts[number][position][code]:
                    key = (number, position, code)
                    if key not in self._known:
                        self._known[key] = Stop(rule.id, cell.column, cell.text, encoded.distinct[code])
                    yield self._known[key]
                    break


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The columns that an evaluation leaves: for each cell its verdict on each distinct value, for each subject the rows that hold."""

    bound: BoundTable
    columns: Mapping[str, Encoded]
    verdicts: Sequence[Sequence[Sequence[bool]]]
    hits: Sequence[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a table says about each subject, in the order asked.

    `outputs` and `fired` hold None where no row holds; under `collect` an output is gathered over all rows that hold
    (list: tuple in row order, empty without a hit; count: 0 without a hit; sum, min, max: None without a hit), `fired`
    is the first of them and `hits` are all. `stops` is empty where the trace was not asked for. `upstream` holds the
    results of tables whose outputs this one used.
    """

    size: int
    outputs: Mapping[str, tuple[Value | None, ...]]
    fired: tuple[str | None, ...]
    hits: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]
    upstream: Mapping[str, TableResult]
    stops: Sequence[tuple[Stop, ...]] = field(compare=False, repr=False)
    evaluation: Evaluation = field(compare=False, repr=False)

    def reasons(self, subject: int) -> tuple[Reason, ...]:
        """The rows that hold for a subject (by position), with the values and parameters each met."""
        evaluation = self.evaluation
        return tuple(self._reason(evaluation.bound.rules[number], subject) for number in evaluation.hits[subject])

    def reason(self, subject: int) -> Reason:
        """The row that fired for a subject; where none did, a reason with an empty rule that says so."""
        found = self.reasons(subject)
        if found:
            return found[0]
        bound = self.evaluation.bound
        met = {name: self.evaluation.columns[name].value(subject) for name in bound.table.uses}
        return Reason(bound.pack, bound.version, bound.table.name, "", met, f"no row of `{bound.table.name}` holds")

    def _reason(self, rule: BoundRule, subject: int) -> Reason:
        evaluation = self.evaluation
        names = dict.fromkeys([cell.column for cell in rule.cells] + [name for name, filled in rule.sentence if filled])
        bindings: dict[str, Any] = {name: evaluation.columns[name].value(subject) for name in names}
        bindings.update((f"${name}", value) for name, value in rule.cited.items())
        return Reason(evaluation.bound.pack, evaluation.bound.version, evaluation.bound.table.name, rule.id, bindings, sentence_of(rule, evaluation.columns, subject))


def sentence_of(rule: BoundRule, columns: Mapping[str, Encoded], subject: int) -> str:
    """The row's sentence with the subject's values filled in."""
    return "".join(filled(columns[text].value(subject)) if filled else text for text, filled in rule.sentence)


def evaluate(bound: BoundTable, columns: Mapping[str, Encoded], size: int, trace: bool, upstream: Mapping[str, TableResult]) -> TableResult:
    """Decide all subjects. Raises BadInput RUL206 where two rows of a `unique` table hold for one subject."""
    first = bound.table.hit_policy == "first"
    still: Sequence[int] = range(size)
    hits: list[tuple[int, ...]] = [()] * size
    verdicts: list[list[list[bool]]] = []
    for number, rule in enumerate(bound.rules):
        held, tested = _held(rule, columns, still)
        verdicts.append(tested)
        if first:
            alone = (number,)
            for subject in held:
                hits[subject] = alone
            still = [] if len(held) == len(still) else [i for i in still if not hits[i]]
            if not still:
                break
        else:
            for subject in held:
                hits[subject] = (*hits[subject], number)
    if bound.table.hit_policy == "unique":
        _refuse_double(bound, hits)
    evaluation = Evaluation(bound, columns, verdicts, hits)
    ids = [rule.id for rule in bound.rules]
    return TableResult(
        size, _outputs(bound, hits), tuple(ids[h[0]] if h else None for h in hits), tuple(tuple(ids[n] for n in h) for h in hits),
        _sentences(bound, columns, hits), upstream, Stops(evaluation if trace else None, size), evaluation,
    )  # fmt: skip


def _held(rule: BoundRule, columns: Mapping[str, Encoded], still: Sequence[int]) -> tuple[Sequence[int], list[list[bool]]]:
    """Subjects among `still` for which every cell holds; the verdict of each cell that was tested, by code."""
    tested: list[list[bool]] = []
    for cell in rule.cells:
        if not still:
            break
        encoded = columns[cell.column]
        holds = cell.holds
        verdict = [holds(value) is True for value in encoded.distinct]
        tested.append(verdict)
        codes = encoded.codes
        still = [i for i in still if verdict[codes[i]]]
    return still, tested


def _refuse_double(bound: BoundTable, hits: Sequence[tuple[int, ...]]) -> None:
    for subject, found in enumerate(hits):
        if len(found) > 1:
            names = " and ".join(f"`{bound.rules[n].id}`" for n in found)
            raise BadInput.at(
                "RUL206", f"{bound.pack}.{bound.table.name}, position {subject}: rows {names} both hold", why="hit policy `unique` allows one",
                fix="make their cells exclude each other, or choose another hit policy",
            )  # fmt: skip


def _outputs(bound: BoundTable, hits: Sequence[tuple[int, ...]]) -> dict[str, tuple[Value | None, ...]]:
    result: dict[str, tuple[Value | None, ...]] = {}
    for position, output in enumerate(bound.table.outputs):
        stated = [rule.outputs[position] for rule in bound.rules]
        known: dict[tuple[int, ...], Value | None] = {}
        for found in set(hits):
            if bound.table.hit_policy == "collect":
                known[found] = _gathered(bound.table.aggregate, [stated[n] for n in found])
            else:
                known[found] = stated[found[0]] if found else None
        result[output.name] = tuple(map(known.__getitem__, hits))
    return result


def _gathered(aggregate: str | None, values: list[Any]) -> Value | None:
    if aggregate == "count":
        return len(values)
    if aggregate == "list":
        return tuple(values)
    if not values:
        return None
    total: Value = sum(values) if aggregate == "sum" else min(values) if aggregate == "min" else max(values)
    return total


def _sentences(bound: BoundTable, columns: Mapping[str, Encoded], hits: Sequence[tuple[int, ...]]) -> tuple[str, ...]:
    named = [[name for name, filled in rule.sentence if filled] for rule in bound.rules]
    coded = [[columns[name].codes for name in names] for names in named]
    known: dict[tuple[Any, ...], str] = {}
    result = []
    for subject, found in enumerate(hits):
        key = (found, *(codes[subject] for n in found for codes in coded[n]))
        if key not in known:
            known[key] = " ".join(sentence_of(bound.rules[n], columns, subject) for n in found)
        result.append(known[key])
    return tuple(result)
