"""How far reviewers agree beyond chance: Cohen's kappa for two, Fleiss' kappa for equal numbers of answers, Krippendorff's alpha where some are missing.

All three are computed exactly, in whole numbers and fractions, and told with six places, half to even. Where a figure has no value it is undefined, with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import combinations

PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement: its value (1 is perfect, 0 what chance gives, below that worse), or None with the reason; the units it rests on.

    `observed` and `expected` are shares: how often two answers agree (for alpha: disagree), and how often they would by chance.
    """

    name: str
    value: Decimal | None
    undefined: str
    units: int
    observed: Decimal | None = None
    expected: Decimal | None = None


Units = Mapping[str, Mapping[str, str]]  # question -> reviewer -> answer


def cohens_kappa(first: Sequence[str], second: Sequence[str]) -> Coefficient:
    """Cohen's kappa of two raters over the same units: (po - pe) / (1 - pe), pe from each rater's own margins.

    J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 20 (1), 1960, pages 37 to 46, formula 1.
    Raises ValueError where the two are not equally long.
    """
    name, n = "Cohen's kappa", len(first)
    if n != len(second):
        raise ValueError("both raters answer the same units")
    if not n:
        return Coefficient(name, None, "no question was answered by both", 0)
    agree = Fraction(sum(a == b for a, b in zip(first, second, strict=True)), n)
    one, two = Counter(first), Counter(second)
    chance = Fraction(sum(one[c] * two[c] for c in one), n * n)
    if chance == 1:
        return Coefficient(name, None, "both gave one and the same answer throughout, so chance would agree as often", n, _told(agree), _told(chance))
    return Coefficient(name, _told((agree - chance) / (1 - chance)), "", n, _told(agree), _told(chance))


def fleiss_kappa(units: Units) -> Coefficient:
    """Fleiss' kappa over units that all have the same number of answers, two or more, whoever gave them.

    J. L. Fleiss, "Measuring Nominal Scale Agreement Among Many Raters", Psychological Bulletin 76 (5), 1971, pages 378 to 382, formulas 2 to 7.
    """
    name = "Fleiss' kappa"
    rated = [Counter(answers.values()) for answers in units.values() if answers]
    sizes = {sum(c.values()) for c in rated}
    if not rated:
        return Coefficient(name, None, "nobody answered", 0)
    if len(sizes) > 1:
        return Coefficient(name, None, f"questions have from {min(sizes)} to {max(sizes)} answers; it asks for equal numbers (alpha does not)", len(rated))
    (raters,) = sizes
    if raters < 2:
        return Coefficient(name, None, "every question has one answer only", len(rated))
    total = len(rated) * raters
    observed = Fraction(sum(k * (k - 1) for c in rated for k in c.values()), len(rated) * raters * (raters - 1))
    overall: Counter[str] = sum(rated, Counter())
    expected = Fraction(sum(k * k for k in overall.values()), total * total)
    if expected == 1:
        return Coefficient(name, None, "all gave one and the same answer throughout, so chance would agree as often", len(rated), _told(observed), _told(expected))
    return Coefficient(name, _told((observed - expected) / (1 - expected)), "", len(rated), _told(observed), _told(expected))


def krippendorffs_alpha(units: Units) -> Coefficient:
    """Krippendorff's alpha for nominal data, with answers missing where they are: 1 - Do / De over units with two answers or more.

    K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania, 2011, section C (nominal data, any number of observers, missing
    data): 1 - (n - 1) * sum(o_cc' off the diagonal) / sum(n_c * n_c', c other than c').
    """
    name = "Krippendorff's alpha"
    pairable = [c for answers in units.values() if sum((c := Counter(answers.values())).values()) > 1]
    if not pairable:
        return Coefficient(name, None, "no question has two answers", 0)
    values: Counter[str] = sum(pairable, Counter())
    n = sum(values.values())
    apart = sum((Fraction(m * m - sum(k * k for k in c.values()), m - 1) for c in pairable if (m := sum(c.values()))), Fraction(0))
    expected = Fraction(n * n - sum(k * k for k in values.values()), n * (n - 1))
    observed = apart / n
    if expected == 0:
        return Coefficient(name, None, "all gave one and the same answer throughout, so nothing tells agreement from habit", len(pairable), _told(observed), _told(expected))
    return Coefficient(name, _told(1 - observed / expected), "", len(pairable), _told(observed), _told(expected))


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Cohen's kappa of two reviewers over the questions that both answered."""

    first: str
    second: str
    kappa: Coefficient


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Agreement over the same answers seen in one way (`seen_as`): reviewers, units, both coefficients of many, and that of every pair."""

    seen_as: str
    reviewers: tuple[str, ...]
    questions: int
    answers: int
    fleiss: Coefficient
    alpha: Coefficient
    pairs: tuple[PairAgreement, ...]


def agreement(units: Units, seen_as: str) -> AgreementReport:
    """All coefficients over answers by question and reviewer; reviewers and pairs in order of name."""
    reviewers = sorted({r for answers in units.values() for r in answers})
    pairs = []
    for first, second in combinations(reviewers, 2):
        both = [units[q] for q in sorted(units) if first in units[q] and second in units[q]]
        pairs.append(PairAgreement(first, second, cohens_kappa([a[first] for a in both], [a[second] for a in both])))
    answered = {q: a for q, a in units.items() if a}
    return AgreementReport(seen_as, tuple(reviewers), len(answered), sum(map(len, answered.values())), fleiss_kappa(units), krippendorffs_alpha(units), tuple(pairs))


def answers_of(verdicts: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """Triples of question, reviewer and answer as units; of two answers of one reviewer to one question neither is kept."""
    units: dict[str, dict[str, str]] = {}
    several: set[tuple[str, str]] = set()
    for question, reviewer, answer in verdicts:
        known = units.setdefault(question, {}).setdefault(reviewer, answer)
        if known != answer:
            several.add((question, reviewer))
    for question, reviewer in several:
        del units[question][reviewer]
    return units


def _told(value: Fraction) -> Decimal:
    scaled = round(value * 1_000_000)  # of a Fraction: exact, half to even
    return (Decimal(scaled) / 1_000_000).quantize(PLACES, ROUND_HALF_EVEN)
