"""Many questions ranked at once: for each the best few of its candidates, exactly as `score.rank` ranks one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.contracts import BadInput, from_micro
from engine.rules.columns import BULK, Encoded, encode
from engine.rules.pack import Scoring
from engine.rules.score import ScoreLine, ScoreResult, rank
from engine.rules.values import DECIMALS, INTEGERS, Column

MISSING = -(2**63)  # a missing value in an array of millionths


@dataclass(frozen=True, slots=True)
class Batch:
    """A scoring asked about `questions` of `candidates` each, the candidates of one question after the other.

    A column, as the subjects, holds one value for each candidate of each question, or one for each candidate that is the
    same in every question. `columns` are encoded values, or arrays of millionths.
    """

    pack: str
    version: str
    scoring: Scoring
    weights: Mapping[str, int]
    columns: Mapping[str, Any]
    subjects: Sequence[str]
    questions: int
    candidates: int

    def one(self, question: int) -> ScoreResult:
        """The full ranking of one question."""
        columns = {name: self._slice(name, column, question) for name, column in self.columns.items()}
        start = 0 if len(self.subjects) == self.candidates else question * self.candidates
        return rank(self.pack, self.version, self.scoring, self.weights, columns, self.subjects[start : start + self.candidates])

    def _slice(self, name: str, column: Any, question: int) -> Encoded:
        values = column.codes if isinstance(column, Encoded) else column
        start = 0 if len(values) == self.candidates else question * self.candidates
        found = values[start : start + self.candidates]
        if isinstance(column, Encoded):
            return Encoded(column.column, column.distinct, list(found))
        typed = [None if micro == MISSING else from_micro(int(micro)) for micro in found]
        return Encoded(Column(name, "number"), tuple(typed), range(len(typed)))


@dataclass(frozen=True, slots=True, eq=False)
class Rankings:
    """For each question the places of its best candidates, best first, and their scores in 1e-9 points; two numpy arrays where there were many."""

    positions: Sequence[Sequence[int]]
    scores: Sequence[Sequence[int]]
    batch: Batch = field(repr=False)

    def lines(self, question: int) -> tuple[ScoreLine, ...]:
        """The best candidates of a question with their terms, as `Rulebook.score` gives them."""
        return self.batch.one(question).lines[: len(self.positions[question])]


def rank_many(batch: Batch, top: int) -> Rankings:
    """The best `top` of every question. Raises BadInput RUL207 to RUL209."""
    top = min(top, batch.candidates)
    arrays = any(not isinstance(column, Encoded) for column in batch.columns.values())
    if not arrays and batch.questions * batch.candidates < BULK:
        results = [batch.one(question) for question in range(batch.questions)]
        places = [{subject: position for position, subject in enumerate(_subjects(batch, question))} for question in range(batch.questions)]
        best = [result.lines[:top] for result in results]
        return Rankings([[at[line.subject] for line in lines] for at, lines in zip(places, best, strict=True)], [[line.score for line in lines] for lines in best], batch)
    from engine.rules.ranking_arrays import best_of_each

    return Rankings(*best_of_each(batch, top), batch)


def _subjects(batch: Batch, question: int) -> Sequence[str]:
    start = 0 if len(batch.subjects) == batch.candidates else question * batch.candidates
    return batch.subjects[start : start + batch.candidates]


def column_of_batch(column: Column, values: Any, sizes: tuple[int, int], where: str) -> Any:
    """A caller's column for a batch: a sequence of values, or a numpy array of whole millionths (int64, MISSING is missing).

    Raises BadInput RUL204 (length), RUL205 (a value, or an array that holds anything but whole millionths).
    """
    if len(values) not in sizes:
        what = f"{where}: column `{column.name}` has {len(values)} values"
        raise BadInput.at("RUL204", what, why="a column has one value for each candidate, of every question or the same in all", fix=f"pass {sizes[0]} or {sizes[1]} values")
    kind = getattr(values, "dtype", None)
    if kind is None:
        return encode(column, values, where)
    if str(kind) != "int64" or column.type not in DECIMALS | INTEGERS or values.ndim != 1:
        what = f"{where}: column `{column.name}` ({column.type}) is an array of {kind}"
        raise BadInput.at("RUL205", what, why="an array holds whole millionths, so that no last bits decide", fix="pass an int64 array with one dimension made by `millionths`, or a sequence of values")
    return values


def millionths(values: Sequence[Any]) -> Any:
    """Numbers (Decimal, int, None for missing) as an int64 array of millionths, half to even, for `Rulebook.score_many`.

    To be made once for values that are scored many times. Raises BadInput RUL205.
    """
    from engine.rules.ranking_arrays import micros_of

    return micros_of(encode(Column("millionths", "number"), values, "millionths"))
