"""Scores as exact sums: each factor quantised once to millionths, weights whole numbers, ties broken by a stated order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.contracts import MICRO, BadInput, decimal_text, from_micro, to_micro
from engine.rules.columns import Encoded
from engine.rules.pack import Factor, Scoring


@dataclass(frozen=True, slots=True)
class Term:
    """One factor of one score. `points` (in 1e-9) is exactly `weight` times `value` in millionths.

    `value` is what was weighted (after the transform), None where the factor is missing and adds nothing; `measured` is
    what was met. `meaning` is the factor's description, `sentence` the arithmetic in words.
    """

    factor: str
    value: Decimal | None
    weight: int
    points: int
    unit: str
    meaning: str
    sentence: str
    measured: Decimal | None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A ranked subject: score in 1e-9 points (1,000,000,000 is a full score of 1), the exact sum of its terms."""

    subject: str
    rank: int
    score: int
    terms: tuple[Term, ...]

    @property
    def share(self) -> Decimal:
        """The score as a decimal: 512000000 points are 0.512."""
        return Decimal(self.score).scaleb(-9)


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """The ranking of one question, best first."""

    pack: str
    version: str
    scoring: str
    lines: tuple[ScoreLine, ...]


def rank(pack: str, version: str, scoring: Scoring, weights: Mapping[str, int], columns: Mapping[str, Encoded], subjects: Sequence[str]) -> ScoreResult:
    """Score and order subjects. Raises BadInput RUL207 for a value outside its range, RUL208 for a subject given twice."""
    refuse_twice(pack, scoring, subjects)
    factors = [(factor, weights[factor.name], _micros(pack, scoring, factor, columns[factor.uses], subjects)) for factor in scoring.factors]
    totals = [0] * len(subjects)
    for _, weight, micros in factors:
        for position, micro in enumerate(micros):
            if micro is not None:
                totals[position] += weight * micro
    lines = []
    for number, position in enumerate(_ordered(scoring, totals, columns, subjects), 1):
        terms = tuple(_term(factor, weight, micros[position]) for factor, weight, micros in factors)
        lines.append(ScoreLine(subjects[position], number, totals[position], terms))
    return ScoreResult(pack, version, scoring.name, tuple(lines))


def refuse_twice(pack: str, scoring: Scoring, subjects: Sequence[str]) -> None:
    """Raises BadInput RUL208 where a subject is given twice."""
    twice = [subject for subject, count in Counter(subjects).items() if count > 1]
    if twice:
        raise BadInput.at("RUL208", f"{pack}.{scoring.name}: subject `{min(twice)}` is given twice", why="a ranking has each subject once", fix="pass each subject once")


def refuse_outside(pack: str, scoring: Scoring, factor: Factor, subject: str, value: Any) -> None:
    """Raises BadInput RUL207: a factor's value of a subject lies outside the factor's range."""
    raise BadInput.at(
        "RUL207", f"{pack}.{scoring.name}: factor `{factor.name}` of `{subject}` is {value}, outside {decimal_text(factor.low)} to {decimal_text(factor.high)}",
        why="a weight means what it says only over the stated range", fix=f"bring `{factor.uses}` into its range before it is scored",
    )  # fmt: skip


def _micros(pack: str, scoring: Scoring, factor: Factor, encoded: Encoded, subjects: Sequence[str]) -> list[int | None]:
    low, high = to_micro(factor.low), to_micro(factor.high)
    by_code: list[int | None] = []
    for code, micro in enumerate(encoded.micros()):
        if micro is not None and not low <= micro <= high:
            subject = subjects[list(encoded.codes).index(code)]
            refuse_outside(pack, scoring, factor, subject, encoded.distinct[code])
        by_code.append(MICRO - micro if micro is not None and factor.transform == "complement" else micro)
    return [by_code[code] for code in encoded.codes]


def _term(factor: Factor, weight: int, micro: int | None) -> Term:
    meaning = factor.description or factor.name
    if micro is None:
        return Term(factor.name, None, weight, 0, factor.unit, meaning, f"{meaning}: missing, adds nothing", None)
    value, points = from_micro(micro), weight * micro
    measured = from_micro(MICRO - micro) if factor.transform == "complement" else value
    source = f"1 - {decimal_text(measured)} = {decimal_text(value)}" if factor.transform == "complement" else decimal_text(value)
    sentence = f"{meaning}: {source} {factor.unit} x {weight} per mille = {decimal_text(Decimal(points).scaleb(-9))}"
    return Term(factor.name, value, weight, points, factor.unit, meaning, sentence, measured)


def _ordered(scoring: Scoring, totals: Sequence[int], columns: Mapping[str, Encoded], subjects: Sequence[str]) -> list[int]:
    """Positions in the stated order; a missing value of a column comes last, whichever way the column is ordered."""
    order = list(range(len(subjects)))
    for name, descending in reversed(scoring.order):  # stable sorts, the least important first
        keys: Sequence[Any] = totals if name == "score" else subjects if name == "subject" else [columns[name].value(i) for i in range(len(subjects))]
        known = sorted((i for i in order if keys[i] is not None), key=keys.__getitem__, reverse=descending)
        order = known + [i for i in order if keys[i] is None]
    return order
