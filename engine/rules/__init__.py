"""Rules as data: packs of facts, decision tables and scorings, loaded, checked, tested and evaluated.

In: pack folders, columns of values, a day. Out: outcomes with the row that fired and the cell that stopped each other row,
exact scores, fact columns. Refuses to know: where a title came from, how a graph is stored, how an answer is drawn.
"""

from engine.rules.cases import CaseReport, CaseResult, Unfired, run_cases
from engine.rules.decide import Stop, TableResult
from engine.rules.editor_schema import editor_schema
from engine.rules.fact_store import FactStore, write_facts
from engine.rules.facts import FactColumns, FactTable, evaluate_facts
from engine.rules.lint import check
from engine.rules.load import load_rulebook
from engine.rules.pack import Pack
from engine.rules.rulebook import Rulebook
from engine.rules.score import ScoreLine, ScoreResult, Term
from engine.rules.values import Value

__all__ = [
    "CaseReport", "CaseResult", "FactColumns", "FactStore", "FactTable", "Pack", "Rulebook", "ScoreLine", "ScoreResult",
    "Stop", "TableResult", "Term", "Unfired", "Value", "check", "editor_schema", "evaluate_facts", "load_rulebook",
    "run_cases", "write_facts",
]  # fmt: skip
