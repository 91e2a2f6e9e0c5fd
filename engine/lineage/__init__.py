"""From any record to its publisher's file and row, and back from a row to records and decisions; one PROV-O document for a build."""

__all__: list[str] = []
