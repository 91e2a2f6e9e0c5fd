"""Paths of shapes as text: in SPARQL's notation and in Turtle's."""

from __future__ import annotations

from engine.shapes.algebra import Alternative, Inverse, OneOrMore, Path, Predicate, Sequence, ZeroOrMore, ZeroOrOne


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
            return f"^{nested(part)}"
        case Sequence(parts) | Alternative(parts):
            text = ("/" if isinstance(path, Sequence) else "|").join(nested(p) for p in parts)
            return f"({text})" if inside else text
        case ZeroOrMore(part) | OneOrMore(part) | ZeroOrOne(part):
            mark = {"ZeroOrMore": "*", "OneOrMore": "+", "ZeroOrOne": "?"}[type(path).__name__]
            repeated = isinstance(part, (ZeroOrMore, OneOrMore, ZeroOrOne))  # SPARQL's grammar allows one mark
            return f"({nested(part)}){mark}" if repeated else f"{nested(part)}{mark}"


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
