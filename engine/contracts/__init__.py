"""Values that every room may hold: ids, places, diagnostics, provenance, measures, decisions, receipts.

In and out: plain frozen values. Refuses to know: files, networks, databases.
"""

from engine.contracts.canonical import canonical_json, digest_of, sha256_hex
from engine.contracts.decisions import Alternative, Decision, EvidenceRef, Reason
from engine.contracts.diagnostics import (
    BadInput,
    Corrupt,
    Diagnostic,
    EngineError,
    InputOutput,
    Locked,
    Place,
    Report,
    Severity,
)
from engine.contracts.identifiers import IDENTIFIER_NAMESPACE, iri_of, key, slug, uuid_of
from engine.contracts.measures import MICRO, decimal_text, from_micro, percent_text, to_micro
from engine.contracts.provenance import PROVENANCE_COLUMNS
from engine.contracts.receipts import Fingerprint, Receipt

__all__ = [
    "IDENTIFIER_NAMESPACE", "MICRO", "PROVENANCE_COLUMNS",
    "Alternative", "BadInput", "Corrupt", "Decision", "Diagnostic", "EngineError", "EvidenceRef", "Fingerprint",
    "InputOutput", "Locked", "Place", "Reason", "Receipt", "Report", "Severity",
    "canonical_json", "decimal_text", "digest_of", "from_micro", "iri_of", "key", "percent_text", "sha256_hex", "slug", "to_micro", "uuid_of",
]  # fmt: skip
