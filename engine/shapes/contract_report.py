"""What the contracts found, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.contracts import Diagnostic, Place

AUTHORED_CONTENT = "authored content"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One sh:ValidationResult: focus key, path (property name or ''), value met, shape, constraint component, message, and why."""

    focus: str
    path: str
    value: str
    shape: str
    component: str
    message: str
    why: str
    severity: str = "Violation"

    @property
    def authored_at(self) -> str:
        """Key of the record at which the fault is authored: an association stands with the record it starts from."""
        return self.focus.split("/", 2)[2].split("--", 1)[0] if self.focus.startswith("association/") else self.focus

    def diagnostic(self, place_of: Callable[[str], Place]) -> Diagnostic:
        """The violation as a diagnostic at the place where the focus record stands in its source."""
        met = f", met {self.value[:80]!r}" if self.value else ""
        on = f" on {self.path}" if self.path else ""
        what = f"`{self.focus}` breaks the contract {self.shape}{on} ({self.component.removesuffix('ConstraintComponent')}{met})"
        return Diagnostic(place_of(self.authored_at), "SHP301", what, self.why, self.message)


@dataclass(frozen=True, slots=True)
class ContractReport:
    """Verdict over all records: violations sorted, how many focus records were judged by class, and which engine judged.

    `seconds` is the wall time of judging and stands in no digest.
    """

    violations: tuple[Violation, ...]
    judged: tuple[tuple[str, int], ...]
    engine: str
    seconds: float

    @property
    def authored(self) -> int:
        """How many authored records were judged."""
        return dict(self.judged).get(AUTHORED_CONTENT, 0)

    @property
    def conforms(self) -> bool:
        """True where nothing breaks a contract."""
        return not self.violations
