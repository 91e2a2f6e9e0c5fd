"""Drawings of values: text for a terminal, JSON documents, diagrams. None of them computes.

In: decisions, neighbourhoods, receipts. Out: text. Refuses to know: where a value came from."""

from engine.interfaces.drawing.audit_drawing import audit_sections
from engine.interfaces.drawing.build_drawing import build_document, build_text, status_document, status_text
from engine.interfaces.drawing.case_drawing import cases_document, cases_junit, cases_text, coverage_document, coverage_junit, coverage_text
from engine.interfaces.drawing.checked_proof_drawing import checked_proof_document, checked_proof_text
from engine.interfaces.drawing.coverage_drawing import covered_document, covered_html, covered_markdown, covered_text
from engine.interfaces.drawing.diagnostic_drawing import diagnostic_text
from engine.interfaces.drawing.difference_drawing import DIFFERENCE_FORMATS, difference_document
from engine.interfaces.drawing.disagreement_drawing import DISAGREEMENT_FORMATS, disagreements_document
from engine.interfaces.drawing.evaluation_drawing import evaluation_document, evaluation_html, evaluation_markdown, evaluation_text
from engine.interfaces.drawing.finding_formats import FINDING_FORMATS
from engine.interfaces.drawing.findings_json import diagnostics_document
from engine.interfaces.drawing.findings_text import engine_name, findings_text, summary
from engine.interfaces.drawing.intake_drawing import intake_document, intake_sections
from engine.interfaces.drawing.match_drawing import matches_document, matches_text, run_document, run_text
from engine.interfaces.drawing.neighbourhood_drawing import NEIGHBOURHOOD_FORMATS, neighbourhood_document
from engine.interfaces.drawing.plan_drawing import plan_document, plan_text
from engine.interfaces.drawing.proof_drawing import proof_document
from engine.interfaces.drawing.proof_graphs import PROOF_FORMATS
from engine.interfaces.drawing.replay_drawing import replay_document, replay_markdown, replay_text
from engine.interfaces.drawing.report_html import sections_html
from engine.interfaces.drawing.report_sections import sections_markdown, sections_text
from engine.interfaces.drawing.resolution_drawing import cited_lines, resolution_document, resolution_text
from engine.interfaces.drawing.row_drawing import rows_text
from engine.interfaces.drawing.rule_drawing import rules_markdown, rules_text
from engine.interfaces.drawing.rules_difference_drawing import rules_difference_document, rules_difference_markdown, rules_difference_text
from engine.interfaces.drawing.source_check_drawing import check_document, check_text, fetch_document, fetch_text
from engine.interfaces.drawing.source_drawing import entries_document, entry_document, entry_text, ledger_text
from engine.interfaces.drawing.trace_drawing import trace_document, trace_mermaid, trace_text
from engine.interfaces.drawing.verification_drawing import verification_document, verification_text
from engine.interfaces.drawing.what_if_drawing import what_if_document, what_if_markdown, what_if_text
from engine.interfaces.drawing.why_not_drawing import why_not_document, why_not_mermaid, why_not_text

__all__ = [
    "DIFFERENCE_FORMATS", "DISAGREEMENT_FORMATS", "FINDING_FORMATS", "NEIGHBOURHOOD_FORMATS", "PROOF_FORMATS", "audit_sections", "build_document", "build_text", "cases_document", "cases_junit", "cases_text", "check_document", "check_text", "checked_proof_document", "checked_proof_text", "cited_lines", "coverage_document", "coverage_junit", "coverage_text", "covered_document", "covered_html", "covered_markdown", "covered_text", "diagnostic_text", "diagnostics_document", "difference_document", "disagreements_document", "engine_name", "entries_document", "entry_document", "entry_text", "evaluation_document", "evaluation_html", "evaluation_markdown", "evaluation_text", "fetch_document", "fetch_text", "findings_text", "intake_document", "intake_sections", "ledger_text", "matches_document", "matches_text", "neighbourhood_document", "plan_document", "plan_text", "proof_document", "replay_document", "replay_markdown", "replay_text", "resolution_document", "resolution_text", "rows_text", "rules_difference_document", "rules_difference_markdown", "rules_difference_text", "rules_markdown", "rules_text", "run_document", "run_text", "sections_html", "sections_markdown", "sections_text", "status_document", "status_text", "summary", "trace_document", "trace_mermaid", "trace_text", "verification_document", "verification_text", "what_if_document", "what_if_markdown", "what_if_text", "why_not_document", "why_not_mermaid", "why_not_text",
]  # fmt: skip
