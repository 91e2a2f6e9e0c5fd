"""Evaluation: how right answers about titles are, how sure they may be taken, and what is made of texts that are no titles.

In: a labelled list, texts that are no titles, a published snapshot or the release wanted. Out: a TitleReport with bootstrap intervals, as values.
Refuses to know: how an answer is found, what figure would be good enough, and how a report is drawn.
"""

from engine.evaluation.asked import AskedOf, asked_of, routes_of
from engine.evaluation.calibration import BINS, ReliabilityBin, calibration_error, reliability, threshold_for
from engine.evaluation.gold_codes import SCHEMES, CarriedGold, carry_forward
from engine.evaluation.intervals import RESAMPLES, SEED, Counted, Estimate, estimate, resampled_sums
from engine.evaluation.labelled_list import LabelledList, LabelledTitle, Nonsense, read_labelled, read_nonsense
from engine.evaluation.ranking import LENIENT, LEVELS, MINOR, STRICT, at_level, gold_rank
from engine.evaluation.release_choice import desk_for_release
from engine.evaluation.title_report import (
    PRECISION,
    Abstention,
    NonsenseScores,
    Reliability,
    TakenForTitle,
    TitleReport,
    evaluate_titles,
    nonsense_scores,
)
from engine.evaluation.title_scores import Case, GroupScores, LevelScores, Threshold, cases_of, scores_of, thresholds_of

__all__ = [
    "BINS", "LENIENT", "LEVELS", "MINOR", "PRECISION", "RESAMPLES", "SCHEMES", "SEED", "STRICT",
    "Abstention", "AskedOf", "CarriedGold", "Case", "Counted", "Estimate", "GroupScores", "LabelledList", "LabelledTitle", "LevelScores", "Nonsense", "NonsenseScores", "Reliability",
    "ReliabilityBin", "TakenForTitle", "Threshold", "TitleReport",
    "asked_of", "at_level", "calibration_error", "carry_forward", "cases_of", "desk_for_release", "estimate", "evaluate_titles", "gold_rank", "nonsense_scores", "read_labelled", "read_nonsense",
    "reliability", "resampled_sums", "routes_of", "scores_of", "threshold_for", "thresholds_of",
]  # fmt: skip
