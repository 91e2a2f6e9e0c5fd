"""`wig evaluate titles` as a value: how right the answers to a labelled list are, how sure they may be taken, and what is made of nonsense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from engine.ask import Desk
from engine.contracts import BadInput
from engine.evaluation.asked import AskedOf, Say, asked_of, routes_of
from engine.evaluation.back_off import BackOff, backed_off
from engine.evaluation.calibration import ReliabilityBin, reliability
from engine.evaluation.gold_codes import CarriedGold, carry_forward
from engine.evaluation.intervals import RESAMPLES, SEED, Counted, Estimate, estimate, resampled_sums
from engine.evaluation.labelled_list import LabelledList, Nonsense
from engine.evaluation.title_scores import Case, GroupScores, Threshold, cases_of, scores_of, thresholds_of
from engine.resolver import Route
from engine.rules import Rulebook

PRECISION = Decimal("0.95")
REFUSED = ("unmapped", "not_a_title")  # outcomes of the service pack that make nothing of a text
SERVED = "served"
_OUTCOME = ("service", "service_tier", "outcome")


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence held against accuracy at a level, over answers that list a code."""

    level: str
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class Abstention:
    """Rows whose answer lists no code: their number and share, by outcome, and their distinct titles in the order of the list."""

    rows: int
    share: Estimate
    outcomes: tuple[tuple[str, int], ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenForTitle:
    """A nonsense text of which something was made."""

    text: str
    kind: str
    fallback_tier: str
    outcome: str
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class NonsenseScores:
    """What was made of texts that are no titles. `accepted`: any outcome but a refusal, `served`: planned for. Then counts of outcomes and of tiers,
    texts and accepted ones by kind, and each accepted text."""

    texts: int
    accepted: Estimate
    served: Estimate
    outcomes: tuple[tuple[str, int], ...]
    fallback_tiers: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int, int], ...]
    taken: tuple[TakenForTitle, ...]


@dataclass(frozen=True, slots=True)
class TitleReport:
    """The whole report. `rows` are labelled rows, `distinct` their titles; `carried`, `split` and `unknown` count rows by what became of their gold.

    `levels` are told strictest first; `groups` begin with all titles. `resamples` and `seed` are those of every interval.
    """

    list_name: str
    asked: AskedOf
    scheme: str
    levels: tuple[str, ...]
    rows: int
    distinct: int
    untitled: int
    unlabelled: int
    several_gold: int
    carried: int
    split: int
    unknown: int
    precision: Decimal
    thresholds: tuple[Threshold, ...]
    back_off: BackOff
    groups: tuple[GroupScores, ...]
    reliability: tuple[Reliability, ...]
    abstained: Abstention
    nonsense: NonsenseScores | None
    resamples: int
    seed: int

    @property
    def overall(self) -> GroupScores:
        """All titles."""
        return self.groups[0]


def evaluate_titles(
    desk: Desk, labelled: LabelledList, nonsense: Sequence[Nonsense] = (), *, scheme: str | None = None, precision: Decimal = PRECISION, resamples: int = RESAMPLES, seed: int = SEED,
    as_of: str | None = None, say: Say = lambda _: None,
) -> TitleReport:  # fmt: skip
    """Ask every title (and nonsense text) of a snapshot and measure the answers.

    Raises BadInput EVL105 (gold of another form), EVL106 (no such scheme), EVL107 (a precision that is no share above 0), EVL115 (rules with other outcomes),
    and the rules' own refusals for a day they do not answer.
    """
    refuse_precision(precision)
    refuse_unknown_outcomes(desk.rulebook)
    say("read the gold")
    gold = carry_forward(labelled, scheme, lambda cypher: desk.graph.execute(cypher).rows)
    say(f"ask {len({t.title for t in labelled.titles}):,} titles")
    routes = routes_of(desk, [t.title for t in labelled.titles], as_of, say)
    say("measure the answers")
    report = measured(gold, cases_of(gold.labelled.titles, routes, gold.levels), asked_of(desk, as_of), precision, resamples, seed)
    if not nonsense:
        return report
    say(f"ask {len(nonsense):,} texts that are no titles")
    found = routes_of(desk, [n.text for n in nonsense], as_of, say)
    scores = nonsense_scores(nonsense, [found[n.text] for n in nonsense], resamples, seed)
    return replace(report, nonsense=scores)


def refuse_precision(precision: Decimal) -> None:
    """Raise BadInput EVL107 for a precision that is no share above 0."""
    if not precision.is_finite() or not 0 < precision <= 1:
        raise BadInput.at("EVL107", f"{precision} is no precision", fix="give a share above 0 and up to 1, such as 0.95")


def refuse_unknown_outcomes(rulebook: Rulebook) -> None:
    """Raise BadInput EVL115 where the service pack has no such outcome as those that are counted here: every nonsense text would count as accepted."""
    pack, table, output = _OUTCOME
    known = {value for column in rulebook.pack(pack).tables[table].outputs if column.name == output for value in column.values}
    missing = [name for name in (*REFUSED, SERVED) if name not in known]
    if missing:
        why = "what is made of nonsense is told by these names"
        raise BadInput.at("EVL115", f"`{pack}.{table}` has no {output} `{'` and no `'.join(missing)}`", why=why, fix=f"name the outcomes of the pack as before, or evaluate with the engine that knows {', '.join(sorted(map(str, known)))}")


def measured(gold: CarriedGold, cases: Sequence[Case], asked: AskedOf, precision: Decimal, resamples: int, seed: int) -> TitleReport:
    """The report of answered cases, without nonsense."""
    thresholds = thresholds_of(cases, gold.levels, precision)
    groups = scores_of(cases, thresholds, resamples, seed)
    named = [c for c in cases if c.route.occupations]
    tables = tuple(Reliability(level, reliability([c.confidence for c in named], [c.ranks[level] == 1 for c in named])) for level in gold.levels)
    without = [not c.route.occupations for c in cases]
    silent = [c for c, empty in zip(cases, without, strict=True) if empty]
    abstained = Abstention(len(silent), _share(without, resamples, seed), _counts(c.route.outcome for c in silent), tuple(dict.fromkeys(c.labelled.title for c in silent)))
    several = sum(len(c.labelled.gold) > 1 for c in cases)
    of = gold.labelled
    return TitleReport(
        of.name, asked, gold.scheme, gold.levels, len(cases), len({c.labelled.title for c in cases}), of.untitled, of.unlabelled, several, gold.carried, gold.split, gold.unknown,
        precision, thresholds, backed_off(cases, precision, resamples, seed), groups, tables, abstained, None, resamples, seed,
    )  # fmt: skip


def nonsense_scores(nonsense: Sequence[Nonsense], routes: Sequence[Route], resamples: int, seed: int) -> NonsenseScores:
    """What was made of texts that are no titles."""
    accepted = [r.outcome not in REFUSED for r in routes]
    taken = tuple(TakenForTitle(n.text, n.kind, r.fallback_tier, r.outcome, r.confidence) for n, r, a in zip(nonsense, routes, accepted, strict=True) if a)
    kinds = Counter(n.kind for n in nonsense)
    wrong = Counter(t.kind for t in taken)
    return NonsenseScores(
        len(nonsense), _share(accepted, resamples, seed), _share([r.outcome == SERVED for r in routes], resamples, seed), _counts(r.outcome for r in routes),
        _counts(r.fallback_tier for r in routes), tuple((kind, count, wrong[kind]) for kind, count in kinds.items()), taken,
    )  # fmt: skip


def _share(holds: Sequence[bool], resamples: int, seed: int) -> Estimate:
    columns = np.array([[1, h] for h in holds], dtype=np.int64).reshape(-1, 2)
    (sums,) = resampled_sums(len(holds), [Counted(np.arange(len(holds)), columns)], resamples, seed)
    return estimate(sums[:, 1], sums[:, 0])


def _counts(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda n: (-n[1], n[0])))
