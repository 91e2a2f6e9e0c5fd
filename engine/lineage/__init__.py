"""From any record to its publisher's file and row, and back from a row to records and decisions; one PROV-O document for a build.

In: a published snapshot, the journal, what a build read and found. Out: traces, a build's inputs and receipt, its provenance
document. Refuses to know: how it is drawn, and whether an answer was right.
"""

from engine.lineage.build_inputs import BuildInputs, gather_inputs, receipt_of, snapshot_name, standing

__all__ = ["BuildInputs", "gather_inputs", "receipt_of", "snapshot_name", "standing"]
