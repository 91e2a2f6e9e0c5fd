"""Faults as values: where, what, why, how to mend; collected, sorted, and only then shown.

An author's faults are `Diagnostic`s in a `Report`. Exceptions carry diagnostics to the door, where their class
decides the exit code: 2 bad input, 3 integrity, 4 input/output, 5 locked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the work, a warning is shown, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: line and column count from 1, 0 where unknown; `path` is the YAML path or the table row."""

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        """`file:line:column` as editors understand it."""
        parts = [self.file or "<input>"]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One fault: place, code (`SRC101`), what was met, why it is a problem, how to mend it."""

    place: Place
    code: str
    what: str
    why: str = ""
    fix: str = ""
    severity: Severity = Severity.ERROR

    def text(self) -> str:
        """Three lines for a terminal: place, code and fact; then why; then fix."""
        lines = [f"{self.place}  {self.code}  {self.what}"]
        if self.why:
            lines.append(f"  why  {self.why}")
        if self.fix:
            lines.append(f"  fix  {self.fix}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Report:
    """Diagnostics sorted by place and code, without repeats."""

    diagnostics: tuple[Diagnostic, ...] = field(default=())

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic]) -> Report:
        """Collect, sort and drop repeats."""
        return cls(tuple(sorted(set(diagnostics))))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Only those that stop the work."""
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)


class EngineError(Exception):
    """Base of every refusal that reaches a door; carries diagnostics and the exit code."""

    exit_code: ClassVar[int] = 2

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = Report.of(diagnostics).diagnostics
        super().__init__("\n".join(d.text() for d in self.diagnostics))

    def __reduce__(self) -> tuple[type[EngineError], tuple[Diagnostic, ...]]:
        """A refusal travels from a worker process with its diagnostics."""
        return type(self), self.diagnostics

    @classmethod
    def at(cls, code: str, what: str, *, why: str = "", fix: str = "", place: Place | None = None) -> EngineError:
        """Short form for a single fault."""
        return cls(Diagnostic(place or Place(), code, what, why, fix))


class BadInput(EngineError):
    """What was given cannot be used as it is (exit 2)."""

    exit_code = 2


class Corrupt(EngineError):
    """A digest does not match or a file is not what it was (exit 3)."""

    exit_code = 3


class InputOutput(EngineError):
    """The machine refused: missing permission, full disk, unreadable file (exit 4)."""

    exit_code = 4


class Locked(EngineError):
    """Somebody else holds the workspace (exit 5)."""

    exit_code = 5
