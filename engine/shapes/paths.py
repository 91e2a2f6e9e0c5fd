"""Property paths of shapes: the algebra (SHACL section 2.3.1), paths walked backwards, and paths as text in SPARQL's notation and in Turtle's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Predicate:
    """One step along a predicate."""

    iri: str


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path walked backwards."""

    path: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """Two or more paths, one after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any of two or more paths."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ZeroOrMore:
    """A path any number of times."""

    path: Path


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """A path at least once."""

    path: Path


@dataclass(frozen=True, slots=True)
class ZeroOrOne:
    """A path at most once."""

    path: Path


Path = Predicate | Inverse | Sequence | Alternative | ZeroOrMore | OneOrMore | ZeroOrOne


def inverted(path: Path) -> Path:
    """A path walked backwards, with the inversion pushed down to its predicates."""
    match path:
        case Predicate():
            return Inverse(path)
        case Inverse(step):
            return normal(step)
        case Sequence(steps):
            return Sequence(tuple(inverted(s) for s in reversed(steps)))
        case Alternative(choices):
            return Alternative(tuple(inverted(c) for c in choices))
        case ZeroOrMore(step):
            return ZeroOrMore(inverted(step))
        case OneOrMore(step):
            return OneOrMore(inverted(step))
        case ZeroOrOne(step):
            return ZeroOrOne(inverted(step))


def normal(path: Path) -> Path:
    """The same path with every inversion at a predicate."""
    match path:
        case Predicate():
            return path
        case Inverse(step):
            return inverted(step)
        case Sequence(steps):
            return Sequence(tuple(normal(s) for s in steps))
        case Alternative(choices):
            return Alternative(tuple(normal(c) for c in choices))
        case ZeroOrMore(step):
            return ZeroOrMore(normal(step))
        case OneOrMore(step):
            return OneOrMore(normal(step))
        case ZeroOrOne(step):
            return ZeroOrOne(normal(step))


def sparql_path(path: Path | None, namespace: str = "", *, inside: bool = False) -> str:
    """A path as SPARQL writes it; predicates of `namespace` by their bare name, others in angle brackets."""

    def nested(part: Path) -> str:
        return sparql_path(part, namespace, inside=True)

    match path:
        case None:
            return ""
        case Predicate(iri):
            return iri.removeprefix(namespace) if namespace and iri.startswith(namespace) else f"<{iri}>"
        case Inverse(part):
            return f"^({nested(part)})" if isinstance(part, Inverse) else f"^{nested(part)}"  # SPARQL's grammar allows one mark
        case Sequence(parts) | Alternative(parts):
            text = ("/" if isinstance(path, Sequence) else "|").join(nested(p) for p in parts)
            return f"({text})" if inside else text
        case ZeroOrMore(part) | OneOrMore(part) | ZeroOrOne(part):
            mark = {"ZeroOrMore": "*", "OneOrMore": "+", "ZeroOrOne": "?"}[type(path).__name__]
            marked = isinstance(part, (Inverse, ZeroOrMore, OneOrMore, ZeroOrOne))
            return f"({nested(part)}){mark}" if marked else f"{nested(part)}{mark}"


def turtle_path(path: Path | None) -> str:
    """A path as the object of sh:resultPath in Turtle; '' where there is none."""
    match path:
        case None:
            return ""
        case Predicate(iri):
            return f"<{iri}>"
        case Sequence(parts):
            return f"( {' '.join(turtle_path(p) for p in parts)} )"
        case Alternative(parts):
            return f"[ sh:alternativePath ( {' '.join(turtle_path(p) for p in parts)} ) ]"
        case Inverse(part) | ZeroOrMore(part) | OneOrMore(part) | ZeroOrOne(part):
            word = type(path).__name__
            return f"[ sh:{word[0].lower()}{word[1:]}Path {turtle_path(part)} ]"
