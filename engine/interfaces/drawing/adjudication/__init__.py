"""Drawings of adjudication: review bundles, transcripts, agreement, outcomes.

In: values of the room `adjudication`. Out: JSON documents, and sections for text and Markdown. Refuses to know: rules, files and snapshots.
"""

from engine.interfaces.drawing.adjudication.agreement_drawing import agreement_document, agreement_sections
from engine.interfaces.drawing.adjudication.outcomes_drawing import promotion_document, promotion_sections
from engine.interfaces.drawing.adjudication.questions_drawing import bundle_sections, check_transcripts_document, check_transcripts_sections

__all__ = [
    "agreement_document", "agreement_sections", "bundle_sections", "check_transcripts_document", "check_transcripts_sections", "promotion_document", "promotion_sections",
]  # fmt: skip
