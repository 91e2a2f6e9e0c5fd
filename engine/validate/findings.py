"""A finding as a value that any front can draw: where, what, why, how to mend it; and a report of them in a stable order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from engine.contracts import Diagnostic, Place, Severity, digest_of, sha256_hex


class Weight(StrEnum):
    """How much a finding weighs, as SHACL says it."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 weighs most."""
        return list(Weight).index(self)

    def reaches(self, least: Weight) -> bool:
        """Whether it weighs as much as `least`, or more."""
        return self.rank <= least.rank


@dataclass(frozen=True, slots=True, order=True)
class SourceLine:
    """A line of the file around a finding, with its number from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What would mend it: the allowed values, the nearest valid term to what was met, and YAML to paste; each may be empty."""

    allowed: tuple[str, ...] = ()
    nearest: str = ""
    snippet: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """The terms of a validation result as Turtle writes them; `value`, `path` and `constraint` may be ''. `messages` are literals."""

    focus: str
    shape: str
    component: str
    path: str = ""
    value: str = ""
    constraint: str = ""
    messages: tuple[str, ...] = ()
    severity: str = ""
    detail: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of authored content, or one validation result.

    `place` counts from 1 and names a file relative to `folder`; `end_line` and `end_column` (exclusive) are 0 where unknown.
    `focus` is the key of a record or an RDF term, `path` SPARQL text or a key of the document, `value` the lexical form met.
    `also` names further constraint components of the same shape that the same value breaks, with `statements` for all.
    """

    place: Place
    code: str
    weight: Weight
    what: str
    message: str = ""
    why: str = ""
    end_line: int = 0
    end_column: int = 0
    folder: str = ""
    shape: str = ""
    component: str = ""
    also: tuple[str, ...] = ()
    focus: str = ""
    path: str = ""
    value: str = ""
    value_n3: str = ""
    suggestion: Suggestion = Suggestion()
    page: str = ""
    excerpt: tuple[SourceLine, ...] = ()
    statements: tuple[Statement, ...] = ()

    @property
    def file(self) -> str:
        """The file as the user can open it from where they stand."""
        return "/".join(p for p in (self.folder.rstrip("/"), self.place.file) if p)

    @property
    def at(self) -> str:
        """`file:line:column`, as editors understand it."""
        return str(Place(self.file, self.place.line, self.place.column))

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that stay when lines move: over shape, component, focus, path and a digest of the value.

        A blank node counts by its shape alone: its label is of one reading only. A fault outside every record counts by file.
        """
        focus = "_:" if self.focus.startswith("_:") else self.focus or self.place.file
        value = self.value_n3 or self.value
        return digest_of([self.code, self.shape, self.component, focus, self.path, "" if value.startswith("_:") else sha256_hex(value.encode())])[:32]

    def order(self) -> tuple[object, ...]:
        """Sort key: file, line, column, then what it is about."""
        return (self.file, self.place, self.code, self.shape, self.focus, self.path, self.component, self.value_n3, self.value, self.weight.rank, self.what, self.message, self.statements)

    def diagnostic(self) -> Diagnostic:
        """The finding as the diagnostic of a refusal."""
        severity = {Weight.VIOLATION: Severity.ERROR, Weight.WARNING: Severity.WARNING, Weight.INFO: Severity.NOTE}[self.weight]
        return Diagnostic(self.place, self.code, self.what, self.why, self.message, severity)


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding that a baseline accepts: its fingerprint, how often, and for people what it is about."""

    fingerprint: str
    count: int
    about: str


@dataclass(frozen=True, slots=True)
class FindingReport:
    """Findings in order of place, what was judged by which engine, and what a baseline said of them.

    `judged` counts records (or focus nodes); `judged_by` pairs what was judged with the engine, in order. `accepted` counts
    findings that a baseline accepts and that are left out; `vanished` are accepted findings that no longer occur.
    """

    findings: tuple[Finding, ...]
    judged: int
    judged_by: tuple[tuple[str, str], ...]
    accepted: int = 0
    vanished: tuple[AcceptedFinding, ...] = field(default=())

    @classmethod
    def of(cls, findings: Iterable[Finding], judged: int, judged_by: Iterable[tuple[str, str]]) -> FindingReport:
        """A report in its stable order."""
        return cls(tuple(sorted(findings, key=Finding.order)), judged, tuple(dict.fromkeys(judged_by)))

    @property
    def conforms(self) -> bool:
        """True where nothing was found, and nothing accepted."""
        return not self.findings and not self.accepted

    @property
    def engines(self) -> str:
        """Which engines judged, for people."""
        return " and ".join(dict.fromkeys(engine for _, engine in self.judged_by))

    def count(self, weight: Weight) -> int:
        """How many findings have a weight."""
        return sum(1 for f in self.findings if f.weight is weight)

    def fails(self, least: Weight | None) -> bool:
        """Whether a finding weighs at least so much; None for never."""
        return least is not None and any(f.weight.reaches(least) for f in self.findings)
