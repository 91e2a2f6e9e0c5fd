"""The authored wedge: every YAML file below graph_data/families and graph_data/ground, checked as a whole, as lexical rows with their places.

In: a folder of authored files. Out: `Wedge`. Every fault of every file is collected and shown at once. Refuses to know:
whether content is good; the contracts judge that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from engine.contracts import BadInput, Diagnostic, EngineError, Fingerprint, InputOutput, Place, Report, key, sha256_hex
from engine.documents import Document, data_folder, read_document
from engine.sources.format_faults import DocumentPath, FaultCodes, format_faults
from engine.sources.ledger import Ledger
from engine.sources.regular_file import refuse_irregular
from engine.sources.rows import Row, SourceRows
from engine.sources.soc import read_structure
from engine.sources.wedge_format import AuthoredFile
from engine.sources.wedge_holes import Holes, Mended, mended
from engine.sources.wedge_positions import Positions
from engine.sources.wedge_references import reference_faults
from engine.sources.wedge_rows import wedge_rows

FOLDERS = ("families", "ground")
MAY_DANGLE = "ALIGNS_WITH.Task.Task"
CODES = FaultCodes("WED101", "WED102", "WED103")


@dataclass(frozen=True, slots=True)
class Wedge:
    """Rows of the authored content, where everything in them was written, and the fingerprints of its files."""

    rows: SourceRows
    positions: Positions
    fingerprints: tuple[Fingerprint, ...]
    gaps: tuple[str, ...]

    def place_of(self, record_key: str, column: str = "", value: str = "") -> Place | None:
        """Where a record was authored, or its field `column` (a column, or a relation in small letters), or the item of that list that holds `value`.

        Falls back to the record where the field is not written; None for a record of another source.
        """
        found = self.positions.find(record_key, column, value)
        return found.place if found else None


@dataclass(frozen=True, slots=True)
class WedgeSurvey:
    """Authored content as far as it could be read, every fault of its format and references with its path, and the holes that these leave."""

    wedge: Wedge
    faults: tuple[Diagnostic, ...]
    paths: Mapping[Diagnostic, DocumentPath]
    holes: Holes

    def hides(self, record_key: str, column: str = "", *, backwards: bool = False) -> bool:
        """Whether a finding on a column of a record only repeats a fault of the format; `backwards` where the column is one of the records that point at it."""
        positions = self.wedge.positions
        return record_key in positions.doubled or self.holes.hide(positions.passage(record_key), column, backwards=backwards)


def read_wedge(ledger: Ledger, folder: Path | None = None) -> Wedge:
    """Read and check the authored content of `folder` (default: graph_data of this installation).

    Raises BadInput with every fault: DOC1xx (not a document), WED101 (unknown key), WED102 (missing key), WED103 (wrong value),
    WED104 (duplicate id), WED105 (dangling reference), WED106 (roles without a family), WED107 (one code, two names);
    InputOutput DOC002, SRC201 or WED100 where files cannot be read.
    """
    survey = survey_wedge(ledger, folder)
    if survey.faults:
        raise BadInput(*survey.faults)
    return survey.wedge


def survey_wedge(ledger: Ledger, folder: Path | None = None) -> WedgeSurvey:
    """Read the authored content on past its faults; for judging only, never for building. Raises InputOutput as read_wedge does."""
    root = folder or data_folder("graph_data")
    if not root.is_dir():
        raise InputOutput.at("WED100", "no such folder of authored content", fix="check the path", place=Place(str(root)))
    origin, reading = ledger.origin("wedge"), _Reading()
    for part in FOLDERS:
        for path in sorted((root / part).glob("*.yaml")):
            reading.read(path, f"{part}/{path.name}", origin.release)
    if reading.unreadable:
        raise InputOutput(*reading.unreadable, *reading.faults)
    groups = {code for _, code, _, _ in read_structure()[0]}
    referred = list(reference_faults(reading.understood, groups, reading.invented))
    for fault, dangling in referred:
        where = _left_by(fault, reading)
        reading.holes.append((fault.place.file, where))
        # with a file unread each id that it defines would be blamed twice
        if not dangling or reading.complete:
            reading.fault(fault, where)
    rows, positions = wedge_rows(reading.understood, origin)
    if reading.faults:
        rows = _leading_somewhere(rows, {*positions.records, *(key("soc", code) for code in groups)})
    gaps = () if reading.understood else ("there is no authored content: no role, workflow or module is known",)
    wedge = Wedge(SourceRows(origin, rows), replace(positions, texts=reading.texts), tuple(sorted(reading.fingerprints)), gaps)
    faults = Report.of(reading.faults).diagnostics
    return WedgeSurvey(wedge, faults, {d: reading.faults[d] for d in faults}, Holes.of(reading.holes, positions, complete=reading.complete))


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    understood: list[tuple[Document, AuthoredFile]] = field(default_factory=list)
    fingerprints: list[Fingerprint] = field(default_factory=list)
    faults: dict[Diagnostic, DocumentPath] = field(default_factory=dict)
    unreadable: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    holes: list[tuple[str, DocumentPath]] = field(default_factory=list)
    invented: set[str] = field(default_factory=set)
    complete: bool = True

    def fault(self, fault: Diagnostic, path: DocumentPath = ()) -> None:
        self.faults.setdefault(fault, path)

    def read(self, path: Path, name: str, release: str) -> None:
        """One file: its content, or its faults and as much of its content as can be read."""
        try:
            refuse_irregular(path, name)
            document = read_document(path, name)
        except InputOutput as error:
            self.unreadable.extend(error.diagnostics)
            return
        except EngineError as error:
            for fault in error.diagnostics:
                self.fault(fault)
            self.texts[name] = path.read_bytes().decode("utf-8", "replace")
            self.complete = False
            return
        raw = path.read_bytes()
        self.texts[name] = raw.decode("utf-8", "replace")
        self.fingerprints.append(Fingerprint("source", f"wedge@{release}/{name}", sha256_hex(raw), len(raw)))
        if document.value is None:
            self.fault(Diagnostic(document.place(), "WED103", "the file is empty", "what it held would silently be gone", "write its content, or remove the file"))
            self.complete = False
        elif not isinstance(document.value, dict):
            self.fault(Diagnostic(document.place(), "WED103", "the file must hold keys such as `roles:` or `workflows:`", fix="see docs/how-to/author_a_family.md"))
            self.complete = False
        else:
            self._understand(document)

    def _understand(self, document: Document) -> None:
        try:
            self.understood.append((document, AuthoredFile.model_validate(document.value)))
        except ValidationError as error:
            paths: list[DocumentPath] = []

            def place_of(path: DocumentPath) -> Place:
                paths.append(path)
                return document.place(path)

            for fault, path in zip(format_faults(error, AuthoredFile, place_of, CODES), paths, strict=False):  # the path is known once its fault is
                self.fault(fault, path)
            self._patch(document, mended(document.value, error))

    def _patch(self, document: Document, patched: Mended | None) -> None:
        if patched is None:
            self.complete = False
            return
        self.understood.append((document, patched.content))
        self.invented |= patched.invented
        self.complete = self.complete and patched.whole
        self.holes += [(document.file, hole) for hole in patched.holes]


def _left_by(fault: Diagnostic, reading: _Reading) -> DocumentPath:
    """The hole that a fault of a reference leaves: nothing hangs on what it points at."""
    if fault.code == "WED106":
        return ("family",)
    places = next(document.places for document, _ in reading.understood if document.file == fault.place.file)
    return next((path for path, place in places.items() if place == fault.place), ())


def _leading_somewhere(rows: Mapping[str, list[Row]], known: Collection[str]) -> dict[str, list[Row]]:
    """Rows without the links from or to what nobody wrote; a publisher's tasks may be absent."""
    def stands(target: str, row: Row) -> bool:
        return target == MAY_DANGLE or "." not in target or (row["from"] in known and row["to"] in known)

    return {target: [row for row in some if stands(target, row)] for target, some in rows.items()}
