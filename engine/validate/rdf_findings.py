"""Judging any RDF data against any shapes; each result told with what its shape says and where the shape stands."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.contracts import Place
from engine.shapes import Shapes, ValidationReport, Violation, local_name, read_shapes, term_text, validate, violation_of
from engine.validate.authored_findings import CODE, weight_of
from engine.validate.findings import Finding, FindingReport, SourceLine, Statement, Suggestion
from engine.validate.sentences import remedy, what_was_met
from engine.validate.suggestions import nearest_value

Say = Callable[[str], None]
_ADDRESS = re.compile(r"<[^>]*[#/:]([^>#/:]+)>")  # an IRI whose last part says enough to a reader
_TOKEN = re.compile(r"\S+")


def judge_rdf(data: Sequence[Path], shapes: Sequence[Path], *, fallback: bool = True, say: Say = lambda _: None) -> FindingReport:
    """Every validation result of data files against shapes files, as findings at the place of the shape.

    With `fallback` False a shape that cannot be compiled is refused. Raises what `engine.shapes.validate` raises: BadInput
    SHP1xx and SHP2xx for files and shapes that cannot be used, InputOutput where they cannot be read or judging was stopped.
    """
    say("read the shapes")
    read = read_shapes(shapes)
    say("judge the data")
    report = validate(data=data, shapes=read, fallback=fallback, progress=lambda m: say(f"  {m}"))
    return findings_of(report, read)


def findings_of(report: ValidationReport, shapes: Shapes) -> FindingReport:
    """The findings of a validation report; `shapes` are those that it was judged by."""
    texts: dict[str, tuple[str, ...]] = {}
    found = [_finding(violation_of(result, shapes, term_text), texts) for result in report.results]
    engines = [(local_name(term_text(shape).strip("<>")), engine) for shape, engine in report.judged_by]
    return FindingReport.of(found, report.focus_nodes, engines)


def _finding(v: Violation, texts: dict[str, tuple[str, ...]]) -> Finding:
    component = v.component.removesuffix("ConstraintComponent")
    place, field = v.shape_place, _ADDRESS.sub(r"\1", v.path)
    near = nearest_value(v.value, v.allowed) if component in ("In", "HasValue") else ""
    line, what = _line(place, texts), what_was_met(component, v.shape, v.focus, field, v.value, v.limit)
    token = _TOKEN.match(line, place.column - 1) if line and place.column else None
    return Finding(
        Place(_shown(place.file), place.line, place.column, place.path), CODE, weight_of(v.severity), what if v.focus in what else f"`{v.focus}`: {what}",
        v.message or remedy(component, v.shape, field, v.limit, v.allowed), v.why, end_line=place.line if token else 0, end_column=token.end() + 1 if token else 0, shape=v.shape,
        component=component, focus=v.focus, path=v.path, value=v.value, value_n3=v.value_n3, suggestion=Suggestion(v.allowed, near), excerpt=(SourceLine(place.line, line),) if line else (),
        statements=(_statement(v),),
    )  # fmt: skip


def _statement(v: Violation) -> Statement:
    details = tuple(_statement(d) for d in v.detail)
    return Statement(v.focus_n3, v.source_shape, f"<{v.component_iri}>", v.path_turtle, v.value_n3, v.source_constraint, v.messages_n3, f"<{v.severity_iri}>", details)


def _shown(file: str) -> str:
    """A file below the working folder by its relative path."""
    here = os.getcwd() + os.sep
    return file.removeprefix(here)


def _line(place: Place, texts: dict[str, tuple[str, ...]]) -> str:
    if not place.line:
        return ""
    if place.file not in texts:
        try:
            texts[place.file] = tuple(Path(place.file).read_text(encoding="utf-8", errors="replace").split("\n"))
        except OSError:
            texts[place.file] = ()
    lines = texts[place.file]
    return lines[place.line - 1].rstrip("\r") if place.line <= len(lines) else ""
