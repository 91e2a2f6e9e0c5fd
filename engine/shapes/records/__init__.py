"""Staged records of a build under their contracts, judged in place: no RDF is made.

In: lexical records in DuckDB, shape files. Out: a `ContractReport` with every violation. Refuses to know: RDF files, and
what becomes of the records.
"""

from engine.shapes.records.judge import judge_records
from engine.shapes.records.record_views import LexicalRecords, RecordViews

__all__ = ["LexicalRecords", "RecordViews", "judge_records"]
