"""The W3C test suite as read from its files: for each test two files and the expected results, or an expected failure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from engine.shapes import paths
from engine.shapes.results import ValidationResult
from engine.shapes.terms import RDF, SH, Blank, Iri, Literal, Term

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
STEPS = {"inversePath": paths.Inverse, "zeroOrMorePath": paths.ZeroOrMore, "oneOrMorePath": paths.OneOrMore, "zeroOrOnePath": paths.ZeroOrOne}


@dataclass(frozen=True)
class Expected:
    """What a test asks for: results in any order. `fresh` are blank nodes that stand in the report alone: any blank node will do."""

    conforms: bool
    results: tuple[ValidationResult, ...]
    fresh: frozenset[Blank]


@dataclass(frozen=True)
class SuiteTest:
    """One test; `expected` None asks for a failure. The name is the path of its file in the suite, without the ending."""

    name: str
    data: Path
    shapes: Path
    expected: Expected | None


def suite_tests(folder: Path) -> list[SuiteTest]:
    """All tests of the suite by name: also those that no manifest includes."""
    return [test for path in sorted(folder.rglob("*.ttl")) if "sht:Validate" in path.read_text(encoding="utf-8") for test in _tests(folder, path)]


def _tests(folder: Path, path: Path) -> Iterator[SuiteTest]:
    graph = _Graph(path)
    for head in graph.objects(Iri(path.as_uri()), MF + "entries"):
        for entry in graph.members(head):
            action, result = graph.one(entry, MF + "action"), graph.one(entry, MF + "result")
            data, shapes = _local(graph.one(action, SHT + "dataGraph")), _local(graph.one(action, SHT + "shapesGraph"))
            expected = None if result == Iri(SHT + "Failure") else graph.expected(result)
            yield SuiteTest(path.relative_to(folder).with_suffix("").as_posix(), data, shapes, expected)


def _local(node: Term) -> Path:
    return Path(node.value.split(":", 1)[1].replace("//", "", 1))


class _Graph:
    """Statements of one file, by subject and predicate."""

    def __init__(self, path: Path) -> None:
        self._objects: dict[tuple[Term, str], list[Term]] = defaultdict(list)
        self._places: dict[Term, set[tuple[Term, str]]] = defaultdict(set)
        self._numbers: dict[Term, Blank] = {}
        for statement in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri=path.as_uri()):
            subject, predicate, value = our_term(statement.subject), statement.predicate.value, our_term(statement.object)
            for term in (subject, value):
                if isinstance(term, Blank):
                    self._numbers.setdefault(term, Blank(f"b{len(self._numbers) + 1}"))
            self._objects[subject, predicate].append(value)
            self._places[value].add((subject, predicate))

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        return self._objects.get((subject, predicate), [])

    def one(self, subject: Term, predicate: str) -> Term:
        (found,) = self.objects(subject, predicate)
        return found

    def optional(self, subject: Term, predicate: str) -> Term | None:
        return self.one(subject, predicate) if self.objects(subject, predicate) else None

    def members(self, head: Term) -> Iterator[Term]:
        while head != Iri(RDF + "nil"):
            yield self.one(head, RDF + "first")
            head = self.one(head, RDF + "rest")

    def path(self, node: Term) -> paths.Path:
        if isinstance(node, Iri):
            return paths.Predicate(node.value)
        if self.objects(node, RDF + "first"):
            return paths.Sequence(tuple(map(self.path, self.members(node))))
        for choices in self.objects(node, SH + "alternativePath"):
            return paths.Alternative(tuple(map(self.path, self.members(choices))))
        (step,) = [kind(self.path(inner)) for name, kind in STEPS.items() for inner in self.objects(node, SH + name)]
        return step

    def expected(self, report: Term) -> Expected:
        nodes = self.objects(report, SH + "result")
        results = tuple(map(self._result, nodes))
        held = {t for r in results for t in (r.focus, r.value, r.source_shape, r.source_constraint) if isinstance(t, Blank)}
        subjects = {s for s, _ in self._objects}
        fresh = frozenset(b for b in held if b not in subjects and all(s in nodes for s, _ in self._places[b]))
        return Expected(self.one(report, SH + "conforms").value == "true", tuple(self._with_numbers(r, fresh) for r in results), fresh)

    def _with_numbers(self, result: ValidationResult, fresh: frozenset[Blank]) -> ValidationResult:
        """Anonymous shapes as the reader of shapes names them: b1, b2 and so on in the order of the file."""
        numbers = {t: n for t, n in self._numbers.items() if t not in fresh}
        source = result.source_constraint
        return replace(result, source_shape=numbers.get(result.source_shape, result.source_shape), source_constraint=numbers.get(source, source) if source is not None else None)

    def _result(self, node: Term) -> ValidationResult:
        path, component, severity = (self.optional(node, SH + n) for n in ("resultPath", "sourceConstraintComponent", "resultSeverity"))
        assert isinstance(component, Iri)
        assert isinstance(severity, Iri)
        return ValidationResult(
            focus=self.one(node, SH + "focusNode"), path=None if path is None else self.path(path), value=self.optional(node, SH + "value"),
            source_shape=self.one(node, SH + "sourceShape"), component=component.value, severity=severity.value,
            messages=tuple(sorted(m for m in self.objects(node, SH + "resultMessage") if isinstance(m, Literal))), source_constraint=self.optional(node, SH + "sourceConstraint"),
        )  # fmt: skip


def our_term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    """A term as pyoxigraph reads it, as ours."""
    if isinstance(node, ox.NamedNode):
        return Iri(node.value)
    if isinstance(node, ox.BlankNode):
        return Blank(node.value)
    assert isinstance(node, ox.Literal)
    return Literal(node.value, node.datatype.value, node.language or "")
