"""Two builds, releases, sources or versions of the rules held against each other: what differs, and which decisions move because of it.

In: a folder of publishers' files and two releases, or a published snapshot and the rules asked over it. Out: differences, effects on titles, as values.
Refuses to know: which side is right, how anything is drawn, and any database.
"""

from engine.compare.disagreements import DisagreementReport, disagreements
from engine.compare.embedded_titles import embedded_titles
from engine.compare.expected_moves import ExpectedMove, read_expected_moves, unexpected_moves
from engine.compare.movers import Mover
from engine.compare.release_desk import release_desk
from engine.compare.releases import ReleaseComparison, compare_releases, release_named
from engine.compare.rule_attribution import Responsible
from engine.compare.rule_changes import RuleChange, mixed, rule_changes
from engine.compare.rule_revisions import RuleRevision, open_revision
from engine.compare.rules_difference import RuleMove, RulesDifference, rules_difference
from engine.compare.title_decisions import COMPARED, DecidedTitle, TitleDecisions
from engine.compare.title_effects import ASPECTS, Cause, TitleAnswer, TitleEffects, TitleMove, effects_of, title_effects
from engine.compare.title_list import read_titles
from engine.compare.what_if import ChangeEffect, DecisionMove, WhatIf, what_if

__all__ = [
    "ASPECTS", "COMPARED", "Cause", "ChangeEffect", "DecidedTitle", "DecisionMove", "DisagreementReport", "ExpectedMove", "Mover", "ReleaseComparison", "Responsible", "RuleChange", "RuleMove", "RuleRevision", "RulesDifference", "TitleAnswer",
    "TitleDecisions", "TitleEffects", "TitleMove", "WhatIf", "compare_releases", "disagreements", "effects_of", "embedded_titles", "mixed", "open_revision", "read_expected_moves", "read_titles", "release_desk", "release_named",
    "rule_changes", "rules_difference", "title_effects", "unexpected_moves", "what_if",
]  # fmt: skip
