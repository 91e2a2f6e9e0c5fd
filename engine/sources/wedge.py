"""The authored wedge: every YAML file below graph_data/families and graph_data/ground, checked as a whole, as lexical rows with their places.

In: a folder of authored files. Out: `Wedge`. Every fault of every file is collected and shown at once. Refuses to know:
whether content is good; the contracts judge that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from engine.contracts import BadInput, Diagnostic, EngineError, Fingerprint, InputOutput, Place, sha256_hex
from engine.documents import Document, data_folder, read_document
from engine.sources.format_faults import FaultCodes, format_faults
from engine.sources.ledger import Ledger
from engine.sources.regular_file import refuse_irregular
from engine.sources.rows import SourceRows
from engine.sources.soc import read_structure
from engine.sources.wedge_format import AuthoredFile
from engine.sources.wedge_references import reference_faults
from engine.sources.wedge_rows import wedge_rows

FOLDERS = ("families", "ground")
CODES = FaultCodes("WED101", "WED102", "WED103")


@dataclass(frozen=True, slots=True)
class AuthoredDocument:
    """A file as read and as understood."""

    document: Document
    content: AuthoredFile


@dataclass(frozen=True, slots=True)
class Wedge:
    """Rows of the authored content, the place of every record by key, and the fingerprints of its files."""

    rows: SourceRows
    places: Mapping[str, Place]
    fingerprints: tuple[Fingerprint, ...]
    gaps: tuple[str, ...]

    def place_of(self, record_key: str) -> Place | None:
        """Where a record was authored; None for a record of another source."""
        return self.places.get(record_key)


def read_wedge(ledger: Ledger, folder: Path | None = None) -> Wedge:
    """Read and check the authored content of `folder` (default: graph_data of this installation).

    Raises BadInput with every fault: DOC1xx (not a document), WED101 (unknown key), WED102 (missing key), WED103 (wrong value),
    WED104 (duplicate id), WED105 (dangling reference), WED106 (roles without a family), WED107 (one code, two names);
    InputOutput DOC002, SRC201 or WED100 where files cannot be read.
    """
    root = folder or data_folder("graph_data")
    if not root.is_dir():
        raise InputOutput.at("WED100", "no such folder of authored content", fix="check the path", place=Place(str(root)))
    origin = ledger.origin("wedge")
    documents: list[AuthoredDocument] = []
    fingerprints: list[Fingerprint] = []
    faults: list[Diagnostic] = []
    unreadable: list[Diagnostic] = []
    for part in FOLDERS:
        for path in sorted((root / part).glob("*.yaml")):
            name = f"{part}/{path.name}"
            try:
                refuse_irregular(path, name)
                document = read_document(path, name)
                raw = path.read_bytes()
            except InputOutput as error:
                unreadable.extend(error.diagnostics)
                continue
            except EngineError as error:
                faults.extend(error.diagnostics)
                continue
            fingerprints.append(Fingerprint("source", f"wedge@{origin.release}/{name}", sha256_hex(raw), len(raw)))
            understood = _understood(document, faults)
            if understood is not None:
                documents.append(AuthoredDocument(document, understood))
    if unreadable:
        raise InputOutput(*unreadable, *faults)
    groups, _ = read_structure()
    # references are judged over the files that were understood; with unread ones each missing id would be blamed twice
    faults.extend(reference_faults([(d.document, d.content) for d in documents], {code for _, code, _, _ in groups}, complete=not faults))
    if faults:
        raise BadInput(*faults)
    rows, places = wedge_rows([(d.document, d.content) for d in documents], origin)
    gaps = () if documents else ("there is no authored content: no role, workflow or module is known",)
    return Wedge(SourceRows(origin, rows), places, tuple(sorted(fingerprints)), gaps)


def _understood(document: Document, faults: list[Diagnostic]) -> AuthoredFile | None:
    if document.value is None:
        faults.append(Diagnostic(document.place(), "WED103", "the file is empty", "what it held would silently be gone", "write its content, or remove the file"))
        return None
    if not isinstance(document.value, dict):
        faults.append(Diagnostic(document.place(), "WED103", "the file must hold keys such as `roles:` or `workflows:`", fix="see docs/how-to/author_a_family.md"))
        return None
    try:
        return AuthoredFile.model_validate(document.value)
    except ValidationError as error:
        faults.extend(format_faults(error, AuthoredFile, document.place, CODES))
        return None
