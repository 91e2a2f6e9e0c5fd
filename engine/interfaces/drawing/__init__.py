"""Drawings of values: text for a terminal, JSON documents, diagrams. None of them computes.

In: decisions, neighbourhoods, receipts. Out: text. Refuses to know: where a value came from.
"""

from engine.interfaces.drawing.build_drawing import build_document, build_text, status_document, status_text
from engine.interfaces.drawing.diagnostic_drawing import diagnostic_text
from engine.interfaces.drawing.finding_formats import FINDING_FORMATS
from engine.interfaces.drawing.findings_json import diagnostics_document
from engine.interfaces.drawing.findings_text import engine_name, findings_text, summary
from engine.interfaces.drawing.neighbourhood_drawing import FORMATS as NEIGHBOURHOOD_FORMATS
from engine.interfaces.drawing.neighbourhood_drawing import neighbourhood_document
from engine.interfaces.drawing.plan_drawing import plan_document, plan_text
from engine.interfaces.drawing.proof_drawing import proof_document, proof_mermaid, proof_text
from engine.interfaces.drawing.resolution_drawing import resolution_document, resolution_text
from engine.interfaces.drawing.row_drawing import rows_text
from engine.interfaces.drawing.source_drawing import ledger_text
from engine.interfaces.drawing.verification_drawing import verification_document, verification_text

__all__ = [
    "FINDING_FORMATS", "NEIGHBOURHOOD_FORMATS", "build_document", "build_text", "diagnostic_text", "diagnostics_document", "engine_name", "findings_text", "ledger_text", "neighbourhood_document", "plan_document", "plan_text", "proof_document",
    "proof_mermaid", "proof_text", "resolution_document", "resolution_text", "rows_text", "status_document", "status_text", "summary",
    "verification_document", "verification_text",
]  # fmt: skip
