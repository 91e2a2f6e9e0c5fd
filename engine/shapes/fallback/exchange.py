"""Validation results as JSON between the child process and its parent: both write and read it here."""

from __future__ import annotations

from typing import Any

from engine.shapes.paths import Alternative, Inverse, OneOrMore, Path, Predicate, Sequence, ZeroOrMore, ZeroOrOne
from engine.shapes.results import ValidationResult
from engine.shapes.terms import Blank, Iri, Literal, Term

_STEPS: dict[str, type[Inverse] | type[ZeroOrMore] | type[OneOrMore] | type[ZeroOrOne]] = {"inverse": Inverse, "zero or more": ZeroOrMore, "one or more": OneOrMore, "zero or one": ZeroOrOne}
_NAMES = {kind: name for name, kind in _STEPS.items()}


def write_term(term: Term | None) -> list[str] | None:
    """A term as a list: kind, text, and for literals datatype and language."""
    match term:
        case None:
            return None
        case Literal(value, datatype, language):
            return ["literal", value, datatype, language]
        case Iri(value):
            return ["iri", value]
        case Blank(value):
            return ["blank", value]


def read_term(written: list[str]) -> Term:
    """The term that `write_term` wrote."""
    kind, *parts = written
    return Literal(*parts) if kind == "literal" else Blank(*parts) if kind == "blank" else Iri(*parts)


def write_path(path: Path) -> list[Any]:
    """A path as nested lists."""
    match path:
        case Predicate(iri):
            return ["predicate", iri]
        case Sequence(paths):
            return ["sequence", *map(write_path, paths)]
        case Alternative(paths):
            return ["alternative", *map(write_path, paths)]
        case Inverse(step) | ZeroOrMore(step) | OneOrMore(step) | ZeroOrOne(step):
            return [_NAMES[type(path)], write_path(step)]


def read_path(written: list[Any]) -> Path:
    """The path that `write_path` wrote."""
    kind, *parts = written
    if kind == "predicate":
        return Predicate(parts[0])
    if kind in _STEPS:
        return _STEPS[kind](read_path(parts[0]))
    return (Sequence if kind == "sequence" else Alternative)(tuple(map(read_path, parts)))


def write_result(result: ValidationResult) -> dict[str, Any]:
    """One result with its details."""
    return {
        "focus": write_term(result.focus), "path": None if result.path is None else write_path(result.path), "value": write_term(result.value),
        "source_shape": write_term(result.source_shape), "component": result.component, "severity": result.severity, "messages": [write_term(m) for m in result.messages],
        "source_constraint": write_term(result.source_constraint), "detail": [write_result(d) for d in result.detail],
    }  # fmt: skip


def read_result(written: dict[str, Any]) -> ValidationResult:
    """The result that `write_result` wrote."""
    messages = (read_term(m) for m in written["messages"])
    return ValidationResult(
        focus=read_term(written["focus"]), path=None if written["path"] is None else read_path(written["path"]), value=_read_optional(written["value"]),
        source_shape=read_term(written["source_shape"]), component=written["component"], severity=written["severity"], messages=tuple(m for m in messages if isinstance(m, Literal)),
        source_constraint=_read_optional(written["source_constraint"]), detail=tuple(map(read_result, written["detail"])),
    )  # fmt: skip


def _read_optional(written: list[str] | None) -> Term | None:
    return None if written is None else read_term(written)
