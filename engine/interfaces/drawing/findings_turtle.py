"""Findings as a SHACL validation report in Turtle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.validate import FindingReport, Statement

_PREFIX = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
_INDENT = "    "


def findings_turtle(report: FindingReport) -> str:
    """One sh:ValidationReport with a sh:ValidationResult for each component that a value breaks, in the order of the report."""
    statements = [s for f in report.findings for s in f.statements]
    lines = [_PREFIX, "[] a sh:ValidationReport ;", f"{_INDENT}sh:conforms {'false' if statements else 'true'}"]
    if statements:
        lines[-1] += " ;"
        lines.append(f"{_INDENT}sh:result " + " , ".join("\n".join(_result(s, 1)) for s in statements))
    return "\n".join(lines) + " .\n"


def _result(statement: Statement, depth: int) -> Iterator[str]:
    """The lines of one result, nested details inside it."""
    inner = _INDENT * (depth + 1)
    yield "["
    yield f"{inner}a sh:ValidationResult ;"
    pairs = [
        ("focusNode", statement.focus), ("resultPath", statement.path), ("value", statement.value), ("sourceShape", statement.shape),
        ("sourceConstraintComponent", statement.component), ("sourceConstraint", statement.constraint), ("resultSeverity", statement.severity),
        *(("resultMessage", m) for m in statement.messages), *(("detail", "\n".join(_result(d, depth + 1))) for d in statement.detail),
    ]  # fmt: skip
    yield " ;\n".join(f"{inner}sh:{name} {term}" for name, term in pairs if term)
    yield f"{_INDENT * depth}]"
