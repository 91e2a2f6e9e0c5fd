"""From any record to its publisher's file and row, and back from a row to records and decisions; one PROV-O document for a build.

In: a published snapshot, a key or a publisher's row. Out: traces, reports about sources and an audit of them, as values, and one
JSON-LD document. Refuses to know: what a licence allows, and how anything is drawn.
"""

from engine.lineage.authority_audit import FamilyAudit, audit_families
from engine.lineage.build_inputs import BuildInputs, gather_inputs, receipt_of, snapshot_name, standing
from engine.lineage.cited_rows import CitedRows, asked_row, cited_rows
from engine.lineage.intake import Intake, SourceIntake, intake_of
from engine.lineage.provenance_document import PROVENANCE, provenance_document, write_provenance
from engine.lineage.publishers_lines import FileState, Line, TracedFile
from engine.lineage.stated_records import StatedRecord, stated_by_source
from engine.lineage.tracing import Trace, built_from, trace_record, trace_row

__all__ = [
    "PROVENANCE",
    "BuildInputs", "CitedRows", "FamilyAudit", "FileState", "Intake", "Line", "SourceIntake", "StatedRecord", "Trace", "TracedFile",
    "asked_row", "audit_families", "built_from", "cited_rows", "gather_inputs", "intake_of", "provenance_document", "receipt_of", "snapshot_name",
    "standing", "stated_by_source", "trace_record", "trace_row", "write_provenance",
]  # fmt: skip
