"""Validating RDF files: shapes read, data loaded as predicate views, judged by set queries; what is not compiled goes to pySHACL, and is named."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.contracts import BadInput, Diagnostic
from engine.shapes import algebra, paths
from engine.shapes.algebra import Shape, Shapes, Sparql
from engine.shapes.compile.queries import compiled_queries, uncompiled
from engine.shapes.fallback import FallbackLimits, judge_by_pyshacl
from engine.shapes.paths import Path as ShaclPath
from engine.shapes.reading import read_shapes
from engine.shapes.results import ValidationReport, ValidationResult
from engine.shapes.run import judge, reached
from engine.shapes.sparql import predicates_in
from engine.shapes.terms import RDF, RDFS, Term
from engine.shapes.views import RdfViews, ViewLimits, open_rdf_views


@dataclass(frozen=True, slots=True)
class ValidationLimits:
    """What loading and judging may cost: views in this process, pySHACL in a child."""

    views: ViewLimits = field(default_factory=ViewLimits)
    fallback: FallbackLimits = field(default_factory=FallbackLimits)


def validate(
    data: Sequence[Path], shapes: Sequence[Path] | Shapes, *, fallback: bool = True, limits: ValidationLimits | None = None, progress: Callable[[str], None] = lambda _: None
) -> ValidationReport:
    """Validate RDF files (Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML by suffix; together one data graph) against shapes.

    Shapes whose SPARQL is outside the compiled subset are judged by pySHACL in a confined child process, and `judged_by`
    says so; with `fallback` False they are refused (BadInput SHP209). Raises BadInput SHP1xx and SHP2xx for files and
    shapes that cannot be used, InputOutput where a limit ended the work: never a report that only seems to conform.
    """
    limits = limits or ValidationLimits()
    read = shapes if isinstance(shapes, Shapes) else read_shapes(shapes)
    left = _uncompiled(read)
    if left and not fallback:
        raise BadInput(*left.values())
    compiled = [s for s in read.targeted if s.node not in left]
    progress(f"load {', '.join(p.name for p in data)}")
    with tempfile.TemporaryDirectory(prefix="wig-shapes-") as folder, open_rdf_views(data, Path(folder), predicates_of(read), limits.views) as views:
        progress(f"judge {len(compiled):,} shapes over {views.triples:,} triples")
        report, beyond = _judged(read, views, compiled)
    left |= beyond
    if not left:
        return report
    if not fallback:
        raise BadInput(*left.values())
    progress(f"judge {len(left):,} shapes by pySHACL")
    others = _by_pyshacl(data, read, left, limits.fallback)
    results = sorted((*report.results, *others), key=ValidationResult.order)
    return replace(report, results=tuple(results), judged_by=(*report.judged_by, *((n, "pyshacl") for n in left)))


def _judged(shapes: Shapes, views: RdfViews, chosen: Sequence[Shape]) -> tuple[ValidationReport, dict[Term, Diagnostic]]:
    """Report of the compiled shapes, without those whose query met a value that only another engine can compute with (and why)."""
    try:
        return judge(shapes, views, only=chosen, statements=views.triples), {}
    except BadInput as refused:
        queried = [s for s in chosen if any(isinstance(c, Sparql) for each in reached(shapes, [s]) for c in each.constraints)]
        if not queried:
            raise
        first = refused.diagnostics[0]
    kept, beyond = [s for s in chosen if s not in queried], dict[Term, Diagnostic]()
    for shape in queried:
        try:
            judge(shapes, views, only=[shape])
            kept.append(shape)
        except BadInput:
            beyond[shape.node] = replace(first, place=shape.place, what=f"shape {shape.node.n3()}: {first.what}")
    return judge(shapes, views, only=kept, statements=views.triples), beyond


def _by_pyshacl(data: Sequence[Path], shapes: Shapes, left: Mapping[Term, Diagnostic], limits: FallbackLimits) -> tuple[ValidationResult, ...]:
    try:
        return judge_by_pyshacl(data, "\n".join(shapes.triples), limits, sorted(left, key=lambda n: n.n3()))
    except BadInput as refused:
        # what pySHACL refuses in a shapes graph has no place there; the shapes that it was asked about have one
        about = next(iter(left.values()))
        named = ", ".join(n.n3() for n in left)
        raise BadInput(*(d if d.place.file else replace(d, place=about.place, what=f"{named}: {d.what}") for d in refused.diagnostics)) from None


def _uncompiled(shapes: Shapes) -> dict[Term, Diagnostic]:
    """Targeted shapes that lead to a SPARQL query outside the subset, with what stands against it."""
    found: dict[Term, Diagnostic] = {}
    for shape in shapes.shapes.values():
        uncompiled(shape)  # a query that nobody may run is refused wherever it stands
    for shape in shapes.targeted:
        for each in reached(shapes, [shape]):
            if (fault := uncompiled(each)) is not None:
                found.setdefault(shape.node, fault)
    return found


def predicates_of(shapes: Shapes) -> frozenset[str]:
    """Predicates that judging the shapes will ask for by name, those of compiled queries included."""
    found = {RDF + "type", RDFS + "subClassOf"}
    readable = [s for s in shapes.shapes.values() if uncompiled(s) is None]
    for query in compiled_queries(readable).values():
        found |= predicates_in(query) or frozenset()
    for shape in shapes.shapes.values():
        found |= set(_of_path(shape.path)) if shape.path is not None else set()
        for item in (*shape.targets, *shape.constraints):
            match item:
                case algebra.TargetSubjectsOf(iri) | algebra.TargetObjectsOf(iri) | algebra.Equals(iri) | algebra.Disjoint(iri) | algebra.LessThan(predicate=iri):
                    found.add(iri)
    return frozenset(found)


def _of_path(path: ShaclPath) -> Iterator[str]:
    match path:
        case paths.Predicate(iri):
            yield iri
        case paths.Sequence(steps) | paths.Alternative(steps):
            for step in steps:
                yield from _of_path(step)
        case paths.Inverse(step) | paths.ZeroOrMore(step) | paths.OneOrMore(step) | paths.ZeroOrOne(step):
            yield from _of_path(step)
