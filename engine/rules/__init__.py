"""Rules as data: packs of facts, decision tables and scorings, loaded, checked, tested and evaluated.

In: pack folders, columns of values, a day. Out: outcomes with the row that fired and the cell that stopped each other row,
exact scores, fact columns. Refuses to know: where a title came from, how a graph is stored, how an answer is drawn.
"""

from engine.rules.amended import Amendment, amended
from engine.rules.case_coverage import CoverageReport, Covered, coverage
from engine.rules.cases import CaseReport, CaseResult, Unfired, run_cases
from engine.rules.decision_ids import DecisionText
from engine.rules.editor_schema import cases_schema, editor_schema
from engine.rules.fact_store import FactStore, write_facts
from engine.rules.facts import FactColumns, FactTable, evaluate_facts
from engine.rules.lint import check, refuse_contradictions
from engine.rules.load import load_rulebook
from engine.rules.pack import Pack
from engine.rules.rankings import Rankings, millionths
from engine.rules.readable import ReadableRow, ReadableScoring, ReadableTable, readable
from engine.rules.row_needs import Need, RowNeeds, row_needs
from engine.rules.rulebook import Rulebook
from engine.rules.score import ScoreLine, ScoreResult, Term
from engine.rules.table_result import Stop, TableResult
from engine.rules.telling_values import telling_values
from engine.rules.values import Column, ParameterValue, Value

__all__ = [
    "Amendment", "CaseReport", "CaseResult", "Column", "CoverageReport", "Covered", "DecisionText", "FactColumns", "FactStore", "FactTable", "Need", "Pack", "ParameterValue", "Rankings", "ReadableRow",
    "ReadableScoring", "ReadableTable", "RowNeeds", "Rulebook", "ScoreLine", "ScoreResult", "Stop", "TableResult", "Term", "Unfired",
    "Value", "amended", "cases_schema", "check", "coverage", "editor_schema", "evaluate_facts", "load_rulebook", "millionths", "readable", "refuse_contradictions", "row_needs",
    "run_cases", "telling_values", "write_facts",
]  # fmt: skip
