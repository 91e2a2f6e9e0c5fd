"""Evaluation: how right answers about titles are, how sure they may be taken, what is made of texts that are no titles, and how well a run ranks.

In: a labelled list, texts that are no titles, a snapshot or the release wanted; a run and its judgements. Out: a TitleReport or RunReport with intervals, as values.
Refuses to know: how an answer is found, what figure would be good enough, and how a report is drawn.
"""

from engine.evaluation.asked import AskedOf, asked_of, routes_of
from engine.evaluation.back_off import BackOff, BackOffLevel, backed_off
from engine.evaluation.calibration import BINS, ReliabilityBin, calibration_error, reliability, threshold_for
from engine.evaluation.gold_codes import SCHEMES, CarriedGold, carry_forward, checked_scheme
from engine.evaluation.intervals import RESAMPLES, SEED, Counted, Estimate, estimate, resampled_sums
from engine.evaluation.judged_run import Judgements, RankedRun, read_judgements, read_run
from engine.evaluation.labelled_list import LabelledList, LabelledTitle, Nonsense, read_labelled, read_nonsense
from engine.evaluation.ranking import LENIENT, LEVELS, MINOR, STRICT, at_level, gold_rank
from engine.evaluation.release_choice import desk_for_release
from engine.evaluation.run_report import RunReport, evaluate_run
from engine.evaluation.title_report import (
    PRECISION,
    Abstention,
    NonsenseScores,
    Reliability,
    TakenForTitle,
    TitleReport,
    evaluate_titles,
    nonsense_scores,
    refuse_precision,
    refuse_unknown_outcomes,
)
from engine.evaluation.title_scores import Case, GroupScores, LevelScores, Threshold, cases_of, scores_of, thresholds_of

__all__ = [
    "BINS", "LENIENT", "LEVELS", "MINOR", "PRECISION", "RESAMPLES", "SCHEMES", "SEED", "STRICT",
    "Abstention", "AskedOf", "BackOff", "BackOffLevel", "CarriedGold", "Case", "Counted", "Estimate", "GroupScores", "Judgements", "LabelledList", "LabelledTitle", "LevelScores", "Nonsense", "NonsenseScores", "RankedRun", "Reliability",
    "ReliabilityBin", "RunReport", "TakenForTitle", "Threshold", "TitleReport",
    "asked_of", "at_level", "backed_off", "calibration_error", "carry_forward", "cases_of", "checked_scheme", "desk_for_release", "estimate", "evaluate_run", "evaluate_titles", "gold_rank", "nonsense_scores", "read_judgements", "read_labelled", "read_nonsense", "read_run",
    "refuse_precision", "refuse_unknown_outcomes", "reliability", "resampled_sums", "routes_of", "scores_of", "threshold_for", "thresholds_of",
]  # fmt: skip
