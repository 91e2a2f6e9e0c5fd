"""What the contracts found, as values: a validation result told with what its shape says, paths as SPARQL and as Turtle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.contracts import Diagnostic, Place
from engine.shapes.algebra import (
    Bound,
    ClassOf,
    Constraint,
    Datatype,
    Disjoint,
    Equals,
    HasValue,
    In,
    LanguageIn,
    LessThan,
    MaxCount,
    MaxLength,
    MinCount,
    MinLength,
    NodeKind,
    Pattern,
    PropertyShapeOf,
    QualifiedMaxCount,
    QualifiedMinCount,
    Shapes,
    TargetClass,
    component_of,
)  # fmt: skip
from engine.shapes.paths import Predicate, sparql_path, turtle_path
from engine.shapes.results import ValidationResult
from engine.shapes.terms import Blank, Iri, Literal, Term

AUTHORED_CONTENT = "authored content"
ASSOCIATION = "association/"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One sh:ValidationResult: focus key, path (SPARQL text, names of the ontology bare; '' where none), value met, shape, constraint component, message, and why.

    `allowed` lists the values that the constraint allows, `limit` is its plain parameter (`1200` of a minLength). `focus_n3`,
    `value_n3`, `source_shape`, `source_constraint`, `path_turtle`, `messages_n3` and the IRIs are the terms as a report graph writes them;
    `detail` holds nested results; `shape_place` is where the shape stands.
    """

    focus: str
    path: str
    value: str
    shape: str
    component: str
    message: str
    why: str
    severity: str = "Violation"
    focus_n3: str = ""
    value_n3: str = ""
    allowed: tuple[str, ...] = ()
    limit: str = ""
    source_shape: str = ""
    source_constraint: str = ""
    path_turtle: str = ""
    component_iri: str = ""
    severity_iri: str = ""
    messages_n3: tuple[str, ...] = ()
    shape_place: Place = field(default_factory=Place)
    detail: tuple[Violation, ...] = ()

    @property
    def authored_at(self) -> str:
        """Key of the record at which the fault is authored: an association stands with the record it starts from."""
        return self.focus.split("/", 2)[2].split("--", 1)[0] if self.focus.startswith(ASSOCIATION) else self.focus

    @property
    def link(self) -> tuple[str, str, str] | None:
        """Table, start and end of the relationship that the focus stands for; None where it is a record."""
        if not self.focus.startswith(ASSOCIATION):
            return None
        _, table, ends = self.focus.split("/", 2)
        start, _, end = ends.partition("--")
        return table, start, end

    def diagnostic(self, place_of: Callable[[str], Place]) -> Diagnostic:
        """The violation as a diagnostic at the place where the focus record stands in its source."""
        met = f", met {self.value[:80]!r}" if self.value else ""
        on = f" on {self.path}" if self.path else ""
        what = f"`{self.focus}` breaks the contract {self.shape}{on} ({self.component.removesuffix('ConstraintComponent')}{met})"
        return Diagnostic(place_of(self.authored_at), "SHP301", what, self.why, self.message)


@dataclass(frozen=True, slots=True)
class ContractReport:
    """Verdict over all records: violations sorted, how many focus records were judged by class, and which engine judged.

    `judged_by` names the engine of each shape where more than one judged. `seconds` is the wall time of judging and
    stands in no digest.
    """

    violations: tuple[Violation, ...]
    judged: tuple[tuple[str, int], ...]
    engine: str
    seconds: float
    judged_by: tuple[tuple[str, str], ...] = ()

    @property
    def authored(self) -> int:
        """How many authored records were judged."""
        return dict(self.judged).get(AUTHORED_CONTENT, 0)

    @property
    def conforms(self) -> bool:
        """True where nothing breaks a contract."""
        return not self.violations


def violation_of(result: ValidationResult, shapes: Shapes, short: Callable[[Term], str], namespace: str = "") -> Violation:
    """A validation result with what its shape says of it. `short` writes a term for people; predicates of `namespace` stand bare in the path."""
    shape = shapes.shapes.get(result.source_shape)
    owner = shapes.owner.get(result.source_shape)
    around = shapes.shapes.get(owner) if owner is not None else None
    named = next((t for t in (result.source_constraint, result.source_shape, owner) if isinstance(t, Iri)), None)
    constraint = next((c for c in shape.constraints if component_of(c) == result.component), None) if shape is not None else None
    notes = shapes.notes.get(result.source_constraint, ()) if result.source_constraint is not None else ()
    return Violation(
        focus=short(result.focus), path=sparql_path(result.path, namespace), value="" if result.value is None else short(result.value),
        shape=local_name(named.value) if named is not None else "an unnamed shape", component=local_name(result.component),
        message=_told(result.messages or (shape.messages if shape else ()) or (around.messages if around else ())),
        why=_told(notes or (shape.descriptions if shape else ()) or (around.descriptions if around else ())), severity=local_name(result.severity),
        focus_n3=result.focus.n3(), value_n3="" if result.value is None else result.value.n3(), allowed=_allowed(constraint, short), limit=_limit(constraint, short),
        source_shape=result.source_shape.n3(), source_constraint="" if result.source_constraint is None else result.source_constraint.n3(), path_turtle=turtle_path(result.path),
        component_iri=result.component, severity_iri=result.severity, messages_n3=tuple(m.n3() for m in result.messages), shape_place=shape.place if shape is not None else Place(), detail=tuple(violation_of(d, shapes, short, namespace) for d in result.detail),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldContract:
    """What a shape says of one property of one class: the name of the shape, how to mend, why."""

    shape: str
    message: str
    why: str


def contracts_of_fields(shapes: Shapes, namespace: str) -> Mapping[tuple[str, str], FieldContract]:
    """The contract of each property by class and property name in a namespace; a shape with a name of its own speaks before one without."""
    found: dict[tuple[str, str], FieldContract] = {}
    for shape in shapes.targeted:
        classes = [t.iri.removeprefix(namespace) for t in shape.targets if isinstance(t, TargetClass)]
        for part in (shapes.shapes[c.shape] for c in shape.constraints if isinstance(c, PropertyShapeOf)):
            if isinstance(part.path, Predicate) and part.path.iri.startswith(namespace):
                named = part.node if isinstance(part.node, Iri) else shapes.owner.get(part.node)
                told = FieldContract(local_name(named.value) if named is not None else "", _told(part.messages), _told(part.descriptions))
                for name in classes:
                    if isinstance(part.node, Iri) or (name, part.path.iri.removeprefix(namespace)) not in found:
                        found[name, part.path.iri.removeprefix(namespace)] = told
    return found


def term_text(term: Term) -> str:
    """A term for people: an IRI in angle brackets, a blank node with its label, a literal by its lexical form."""
    return term.value if isinstance(term, Literal) else f"_:{term.value}" if isinstance(term, Blank) else f"<{term.value}>"


def local_name(iri: str) -> str:
    """What stands after the last `#`, `/` or `:` of an IRI; the whole where nothing does."""
    return iri[max(iri.rfind(c) for c in "#/:") + 1 :] or iri


def _told(texts: Iterable[Literal]) -> str:
    """Texts in one language: English, else those without a language, else the first by its tag."""
    every = sorted(texts)
    for best in ("en", "", *sorted({t.language for t in every})):
        if chosen := [t.value for t in every if t.language == best or (best and t.language.startswith(f"{best}-"))]:
            return " ".join(chosen)
    return ""


def _allowed(constraint: Constraint | None, short: Callable[[Term], str]) -> tuple[str, ...]:
    match constraint:
        case In(values):
            return tuple(short(v) for v in values)
        case HasValue(value):
            return (short(value),)
        case NodeKind(kinds):
            return tuple(sorted(kinds))
        case LanguageIn(ranges):
            return ranges
    return ()


def _limit(constraint: Constraint | None, short: Callable[[Term], str]) -> str:
    match constraint:
        case MinCount(n) | MaxCount(n) | MinLength(n) | MaxLength(n) | QualifiedMinCount(count=n) | QualifiedMaxCount(count=n):
            return str(n)
        case Bound(limit=limit):
            return limit.value
        case Pattern(pattern):
            return pattern
        case ClassOf(iri) | Datatype(iri):
            return local_name(iri)
        case Equals(predicate) | Disjoint(predicate) | LessThan(predicate):
            return local_name(predicate)
        case HasValue(value):
            return short(value)
    return ""
