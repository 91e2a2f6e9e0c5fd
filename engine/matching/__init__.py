"""Matching lists of labels: ranks the labels of one list against those of another, with what the graph knows of either, and says why.

In: queries, candidates, examples, a snapshot's records, parameters of the rule pack `matching`. Out: ranked candidates with predicted confidence and justification.
Refuses to know: crosswalks between taxonomies, gold answers, how a ranking is drawn, every weight that is not in the pack.
"""

from engine.matching.knowledge import Knowledge, KnownOccupation, knowledge_of, read_knowledge
from engine.matching.label_list import Examples, LabelList, LabelRow, read_examples, read_labels
from engine.matching.label_words import LabelWords, label_words
from engine.matching.questions import Question, questions_of
from engine.matching.ranking import Answer, Matcher, Ranked, SignalShare
from engine.matching.run_file import run_lines, write_run
from engine.matching.settings import Settings, settings_of

__all__ = [
    "Answer", "Examples", "Knowledge", "KnownOccupation", "LabelList", "LabelRow", "LabelWords", "Matcher", "Question", "Ranked", "Settings", "SignalShare", "knowledge_of", "label_words", "questions_of",
    "read_examples", "read_knowledge", "read_labels", "run_lines", "settings_of", "write_run",
]  # fmt: skip
