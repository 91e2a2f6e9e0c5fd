"""Validation results in the terms of SHACL's report vocabulary, as values."""

from __future__ import annotations

from dataclasses import dataclass

from engine.shapes.paths import Path
from engine.shapes.terms import SH, Literal, Term, sort_key


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One sh:ValidationResult. `component` and `severity` are IRIs; `detail` holds nested results (sh:detail)."""

    focus: Term
    path: Path | None
    value: Term | None
    source_shape: Term
    component: str
    severity: str = SH + "Violation"
    messages: tuple[Literal, ...] = ()
    source_constraint: Term | None = None
    detail: tuple[ValidationResult, ...] = ()

    def order(self) -> tuple[object, ...]:
        """Sort key: focus, shape, path, component, value."""
        return (sort_key(self.focus), sort_key(self.source_shape), repr(self.path), self.component, sort_key(self.value), sort_key(self.source_constraint), self.messages)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """Verdict over a data graph: results in a stable order, with repeats kept where SHACL asks for them (one for each language, one for each pair).

    `judged_by` says which engine judged which targeted shape (`compiled` or `pyshacl`), by shape. `focus_nodes` counts
    the nodes that were judged against targeted shapes. `seconds` is the wall time of validation without loading.
    """

    results: tuple[ValidationResult, ...]
    judged_by: tuple[tuple[Term, str], ...] = ()
    focus_nodes: int = 0
    seconds: float = 0.0

    @property
    def conforms(self) -> bool:
        """True where there is no result of any severity (SHACL section 3.4.1)."""
        return not self.results
