"""Why a title does not have a tier, and the smallest set of facts that would have to be otherwise for it to have it.

In: a desk, a title, a service tier or fallback tier. Out: failed cells, sets of changes in words, the promises around them.
Refuses to know: how a title is matched, how an answer is drawn; it changes and unlocks nothing.
"""

from engine.counterfactual.answer import ChangeSet, Consequence, WhyNot, why_not
from engine.counterfactual.blocking import BlockedRow, FailedCell
from engine.counterfactual.choices import Choices, choices_for
from engine.counterfactual.question import Question, tier_kind
from engine.counterfactual.search import MOST_READING, Found, smallest_changes
from engine.counterfactual.telling import ToldChange
from engine.counterfactual.worlds import Changes, Setting, changed, stands, value_of

__all__ = [
    "MOST_READING", "BlockedRow", "ChangeSet", "Changes", "Choices", "Consequence", "FailedCell", "Found", "Question", "Setting", "ToldChange", "WhyNot",
    "changed", "choices_for", "smallest_changes", "stands", "tier_kind", "value_of", "why_not",
]  # fmt: skip
