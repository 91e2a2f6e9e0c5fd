"""Shapes as an algebra: targets, constraints, severities, messages (paths: engine.shapes.paths). One frozen value for each term of SHACL.

Constraints are named after their constraint component (`sh:MinCountConstraintComponent` is `MinCount`); shapes refer to
each other by node, so that a `Shapes` value is a finite graph without circles (the reader refuses recursion).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.contracts import Place
from engine.shapes.paths import Path
from engine.shapes.terms import SH, Iri, Literal, Term

# ---------------------------------------------------------------- targets


@dataclass(frozen=True, slots=True)
class TargetNode:
    """sh:targetNode."""

    node: Term


@dataclass(frozen=True, slots=True)
class TargetClass:
    """sh:targetClass, or a shape that is itself a class."""

    iri: str


@dataclass(frozen=True, slots=True)
class TargetSubjectsOf:
    """sh:targetSubjectsOf."""

    predicate: str


@dataclass(frozen=True, slots=True)
class TargetObjectsOf:
    """sh:targetObjectsOf."""

    predicate: str


Target = TargetNode | TargetClass | TargetSubjectsOf | TargetObjectsOf

# ---------------------------------------------------------------- constraints


@dataclass(frozen=True, slots=True)
class ClassOf:
    """sh:class."""

    iri: str


@dataclass(frozen=True, slots=True)
class Datatype:
    """sh:datatype."""

    iri: str


@dataclass(frozen=True, slots=True)
class NodeKind:
    """sh:nodeKind: which of IRI, BlankNode, Literal are allowed."""

    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class MinCount:
    """sh:minCount."""

    count: int


@dataclass(frozen=True, slots=True)
class MaxCount:
    """sh:maxCount."""

    count: int


@dataclass(frozen=True, slots=True)
class Bound:
    """sh:minExclusive, sh:minInclusive, sh:maxExclusive or sh:maxInclusive: `component` says which."""

    component: str
    limit: Literal


@dataclass(frozen=True, slots=True)
class MinLength:
    """sh:minLength, in characters."""

    length: int


@dataclass(frozen=True, slots=True)
class MaxLength:
    """sh:maxLength, in characters."""

    length: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """sh:pattern with sh:flags: `pattern` as written."""

    pattern: str
    flags: str = ""


@dataclass(frozen=True, slots=True)
class LanguageIn:
    """sh:languageIn: language ranges in lower case."""

    ranges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """sh:uniqueLang true."""


@dataclass(frozen=True, slots=True)
class Equals:
    """sh:equals."""

    predicate: str


@dataclass(frozen=True, slots=True)
class Disjoint:
    """sh:disjoint."""

    predicate: str


@dataclass(frozen=True, slots=True)
class LessThan:
    """sh:lessThan, or sh:lessThanOrEquals where `or_equals`."""

    predicate: str
    or_equals: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """sh:not."""

    shape: Term


@dataclass(frozen=True, slots=True)
class And:
    """sh:and."""

    shapes: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """sh:or."""

    shapes: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Xone:
    """sh:xone."""

    shapes: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class NodeShapeOf:
    """sh:node."""

    shape: Term


@dataclass(frozen=True, slots=True)
class PropertyShapeOf:
    """sh:property."""

    shape: Term


@dataclass(frozen=True, slots=True)
class QualifiedMinCount:
    """sh:qualifiedMinCount with its sh:qualifiedValueShape; `siblings` are the shapes that a counted value must not meet."""

    shape: Term
    count: int
    siblings: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class QualifiedMaxCount:
    """sh:qualifiedMaxCount with its sh:qualifiedValueShape; `siblings` as for QualifiedMinCount."""

    shape: Term
    count: int
    siblings: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """sh:closed true: the predicates that are allowed (own property shapes and sh:ignoredProperties)."""

    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class HasValue:
    """sh:hasValue."""

    value: Term


@dataclass(frozen=True, slots=True)
class In:
    """sh:in."""

    values: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Sparql:
    """A SPARQL-based constraint, or a constraint of a SPARQL-based component.

    `query` is the whole query text with its prefixes and `$PATH` replaced; `ask` where a validator is an ASK query over
    each value; `bindings` are parameters ($name to term); `source` is the node of the constraint (sh:sourceConstraint).
    """

    query: str
    ask: bool
    component: str
    source: Term | None
    bindings: tuple[tuple[str, Term], ...] = ()
    messages: tuple[Literal, ...] = ()


Constraint = (
    ClassOf | Datatype | NodeKind | MinCount | MaxCount | Bound | MinLength | MaxLength | Pattern | LanguageIn | UniqueLang | Equals | Disjoint
    | LessThan | Not | And | Or | Xone | NodeShapeOf | PropertyShapeOf | QualifiedMinCount | QualifiedMaxCount | Closed | HasValue | In | Sparql
)  # fmt: skip


def component_of(constraint: Constraint) -> str:
    """IRI of the constraint component."""
    match constraint:
        case Bound(component=name):
            return f"{SH}{name}ConstraintComponent"
        case Sparql(component=iri):
            return iri
        case LessThan(or_equals=True):
            return f"{SH}LessThanOrEqualsConstraintComponent"
        case ClassOf() | NodeShapeOf() | PropertyShapeOf():
            return f"{SH}{type(constraint).__name__.removesuffix('Of').removesuffix('Shape')}ConstraintComponent"
        case _:
            return f"{SH}{type(constraint).__name__}ConstraintComponent"


# ---------------------------------------------------------------- shapes


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape (`path` None) or property shape. `place` is where it, or the named shape around it, stands in its file.

    `severity` is an IRI; `descriptions` (sh:description) say why the contract exists, `messages` (sh:message) how to mend.
    """

    node: Term
    path: Path | None
    path_node: Term | None
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    deactivated: bool = False
    severity: str = SH + "Violation"
    messages: tuple[Literal, ...] = ()
    descriptions: tuple[Literal, ...] = ()
    names: tuple[Literal, ...] = ()
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class Shapes:
    """All shapes of a shapes graph by node, in a fixed order.

    `owner` names for each anonymous shape the nearest named shape that leads to it. `notes` holds the sh:description of
    SPARQL constraints, which are no shapes. `triples` are the statements of the
    shapes graph (N-Triples lines, sorted), from which blank nodes of a path or shape can be written out in a report.
    """

    shapes: Mapping[Term, Shape]
    owner: Mapping[Term, Iri] = field(default_factory=dict)
    notes: Mapping[Term, tuple[Literal, ...]] = field(default_factory=dict)
    triples: tuple[str, ...] = ()

    @property
    def targeted(self) -> tuple[Shape, ...]:
        """Shapes with a target that are not deactivated, in order."""
        return tuple(s for s in self.shapes.values() if s.targets and not s.deactivated)
