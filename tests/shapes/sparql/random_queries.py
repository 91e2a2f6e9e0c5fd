"""Random queries of the compiled subset, and small random graphs of mixed terms for them.

A query is drawn once and written twice: as SHACL runs it, with `$this`, and with one focus node in the place of `$this`,
which any SPARQL engine runs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from engine.shapes.terms import RDF, XSD, Iri, Literal, Term

EX = "urn:x:"
PREFIXES = f"PREFIX ex: <{EX}>\nPREFIX xsd: <{XSD}>\n"
NODES = [Iri(EX + n) for n in "abcd"]
PREDICATES = [EX + n for n in ("p", "q", "n", "t")]
# forms and datatypes that Oxigraph keeps; other forms and derived integers are in expression_cases.py
NUMBERS = [Literal(v, XSD + t) for v, t in (
    ("0", "integer"), ("1", "integer"), ("2", "integer"), ("-3", "integer"), ("10", "integer"), ("0.5", "decimal"), ("1", "decimal"), ("2.5", "decimal"), ("-0.25", "decimal"),
    ("1.5", "double"), ("2", "double"), ("-10", "double"), ("0.25", "float"),
)]  # fmt: skip
TEXTS = [Literal(v) for v in ("", "a", "ab", "B", "Äb", "1", "b c")] + [Literal(v, RDF + "langString", t) for v, t in (("a", "en"), ("ab", "en"), ("a", "de"), ("x", "en-us"))]
OTHERS = [Literal("true", XSD + "boolean"), Literal("false", XSD + "boolean"), Literal("2020-01-01", XSD + "date"), Literal("2021-05-06", XSD + "date"), Literal("2020-01-01T10:00:00Z", XSD + "dateTime"), Literal("2020-01-01T11:00:00+01:00", XSD + "dateTime"), Literal("z", "urn:unknown")]
OBJECTS: list[Term] = [*NODES, *NODES, *NUMBERS, *TEXTS, *OTHERS]


@dataclass(frozen=True)
class RandomQuery:
    """A query in parts; `{this}` stands for the focus node, `{own}` and `{key}` for it in a SELECT and a GROUP BY."""

    select: str
    pattern: str
    after: str
    variables: tuple[str, ...]

    def shacl(self) -> str:
        """As SHACL runs it."""
        return PREFIXES + self._written("$this", "$this", "$this")

    def grounded(self, focus: Iri) -> str:
        """With one focus node written into it."""
        return PREFIXES + self._written(f"<{focus.value}>", "", "(1 AS ?one)")

    @property
    def grouped(self) -> bool:
        """Whether it has GROUP BY."""
        return "GROUP BY {key}" in self.after

    def ungrouped(self) -> str:
        """The solutions that are grouped."""
        return PREFIXES + RandomQuery("SELECT *", self.pattern, "", ())._written("$this", "$this", "$this")

    def _written(self, this: str, own: str, key: str) -> str:
        text = f"{self.select} WHERE {{{{ {self.pattern} }}}} {self.after}"
        return text.replace("{{", "\0").replace("}}", "\1").replace("{this}", this).replace("{own}", own).replace("{key}", key).replace("\0", "{").replace("\1", "}")


def graph(choice: Random) -> list[tuple[Term, str, Term]]:
    """Up to 24 triples; most of those with ex:p and ex:q join nodes. Two nodes are joined by one predicate only.

    Otherwise `ex:p|ex:q` would have a repeat, which the standard keeps (18.4) and Oxigraph does not.
    """
    # a path of length zero at a node that the data lacks is another thing on which Oxigraph errs (18.4)
    found: dict[tuple[Term, Term], tuple[Term, str, Term]] = {(n, TEXTS[0]): (n, PREDICATES[3], TEXTS[0]) for n in NODES}
    for _ in range(choice.randint(3, 24)):
        predicate = choice.choice(PREDICATES)
        objects = NODES if predicate in PREDICATES[:2] and choice.random() < 0.7 else NUMBERS if predicate == PREDICATES[2] and choice.random() < 0.7 else OBJECTS
        subject, object_ = choice.choice(NODES), choice.choice(objects)
        found.setdefault((subject, object_), (subject, predicate, object_))
    return sorted(found.values(), key=repr)


def query(choice: Random) -> RandomQuery:
    """A query that projects $this, ?value and perhaps others."""
    return _Author(choice).query()


class _Author:
    """Writes one query; variables are named from a small set, so that patterns meet."""

    def __init__(self, choice: Random) -> None:
        self._choice = choice
        self._fresh = 0
        self._inside = False

    def _pick(self, options: Sequence[str]) -> str:
        return self._choice.choice(options)

    def _chance(self, one_in: int) -> bool:
        return self._choice.randint(1, one_in) == 1

    def query(self) -> RandomQuery:
        self.bound: list[str] = []
        pattern = self._group(depth=2, first=True)
        if self._chance(4) and self.bound:
            return self._grouped(pattern)
        if self._chance(5) and "?value" not in pattern:
            pattern += f" BIND({self._expression(1)} AS ?value)"
            self.bound.append("?value")
        others = tuple(sorted({v for v in self.bound if v != "?value" and self._chance(2)}))
        distinct = "DISTINCT " if self._chance(4) else ""
        return RandomQuery(f"SELECT {distinct}{{own}} ?value {' '.join(others)}", pattern, "", tuple(v[1:] for v in others))

    def _grouped(self, pattern: str) -> RandomQuery:
        counted = self._pick(self.bound)
        aggregate = self._pick([f"COUNT({counted})", "COUNT(*)", f"COUNT(DISTINCT {counted})", f"SUM({counted})", f"AVG({counted})", f"SUM({counted} + 1)", f"MIN({counted})", f"MAX({counted} * 2)"])
        having = f" HAVING ({aggregate} {self._pick(['>', '!=', '<='])} {self._pick(['0', '1', '2', '1.5'])})" if self._chance(2) else ""
        key = self._pick(self.bound) if self._chance(3) else None
        group = " GROUP BY {key}" + (f" {key}" if key else "")
        # ?value is taken where a variable of this name was counted
        if "?value" in self.bound:
            pattern, counted, aggregate, having, group = (t.replace("?value", "?w") for t in (pattern, counted, aggregate, having, group))
            key = key.replace("?value", "?w") if key else None
        return RandomQuery(f"SELECT {{own}} ({aggregate} AS ?value) {key or ''}", pattern, group + having, (key[1:],) if key else ())

    # ------------------------------------------------------------ patterns

    def _group(self, depth: int, first: bool = False) -> str:
        start = self._triples(first)
        return " ".join([start, *(self._part(depth) for _ in range(self._choice.randint(0, 2)))])

    def _part(self, depth: int) -> str:
        kinds: list[Callable[[int], str]] = [self._filter, self._filter, self._more]
        if depth > 0:
            kinds += [self._optional, self._union, self._exists, self._bind, self._block] + ([] if self._inside else [self._subselect])
        return self._choice.choice(kinds)(depth)

    def _filter(self, depth: int) -> str:
        return f"FILTER({self._condition(depth)})"

    def _more(self, _depth: int) -> str:
        return self._triples(False)

    def _triples(self, first: bool) -> str:
        subject = "{this}" if first or self._chance(2) or not self.bound else self._pick(self.bound)
        object_ = self._variable()
        predicate = self._pick(["ex:p", "ex:q", "ex:n", "ex:t", "ex:p", "ex:n", "?e", self._path()])
        if self._chance(8):
            subject, object_ = object_, "{this}"
        if predicate == "?e":
            self._note("?e")
        elif self._chance(8):
            return f"{subject} {predicate} {self._pick(['ex:a', 'ex:b', '1', '01', '1.0', chr(34) + 'a' + chr(34), chr(34) + 'a' + chr(34) + '@en', 'true', '{this}'])} ."
        self._note(subject)
        self._note(object_)
        return f"{subject} {predicate} {object_} ."

    def _path(self) -> str:
        return self._pick(["^ex:p", "ex:p/ex:n", "ex:p|ex:q", "ex:p*", "ex:p+", "ex:p?", "ex:p+/ex:n", "(ex:p|ex:q)*/ex:t", "^ex:p/ex:p", "(ex:p/ex:q)+", "(ex:p|^ex:q)?", "ex:p/(ex:n|ex:t)", "(ex:p?)/ex:n"])

    def _variable(self) -> str:
        return self._pick(["?value", "?value", "?x", "?y", "?z"])

    def _note(self, name: str) -> None:
        if name.startswith("?") and name not in self.bound:
            self.bound.append(name)

    def _optional(self, depth: int) -> str:
        return f"OPTIONAL {{{{ {self._group(depth - 1)} }}}}"

    def _block(self, depth: int) -> str:
        return f"{{{{ {self._group(depth - 1)} }}}}"

    def _union(self, depth: int) -> str:
        return f"{{{{ {self._group(depth - 1)} }}}} UNION {{{{ {self._group(depth - 1)} }}}}"

    def _exists(self, depth: int) -> str:
        return f"FILTER({self._existence(depth)})"

    def _existence(self, depth: int) -> str:
        before, inside = list(self.bound), self._inside
        self._inside = True
        text = f"{'NOT ' if self._chance(2) else ''}EXISTS {{{{ {self._triples(False)} {self._part(depth - 1) if depth > 0 and self._chance(2) else ''} }}}}"
        self.bound, self._inside = before, inside
        return text

    def _bind(self, depth: int) -> str:
        self._fresh += 1
        name = f"?b{self._fresh}"
        text = f"BIND({self._expression(depth)} AS {name})"
        self._note(name)
        return text

    def _subselect(self, depth: int) -> str:
        before, self.bound = self.bound, []
        pattern = self._group(depth - 1, first=True)
        inner, self.bound = self.bound, before
        self._fresh += 1
        name = f"?b{self._fresh}"
        if self._chance(2) or not inner:
            self._note(name)
            counted = self._pick(inner) if inner else "*"
            return f"{{{{ SELECT {{own}} (COUNT({counted}) AS {name}) WHERE {{{{ {pattern} }}}} GROUP BY {{key}} }}}}"
        kept = self._pick(inner)
        self._note(kept)
        return f"{{{{ SELECT {self._pick(['', 'DISTINCT '])}{{own}} {kept} WHERE {{{{ {pattern} }}}} }}}}"

    # ------------------------------------------------------------ expressions

    def _condition(self, depth: int) -> str:
        if depth > 0 and self._chance(3):
            one = self._condition(depth - 1)
            return f"!({one})" if self._chance(3) else f"({one} {self._pick(['&&', '||'])} {self._condition(depth - 1)})"
        one = self._operand()
        text = self._pick([one, f"str({one})"])
        match self._pick(["order", "order", "equal", "equal", "in", "test", "test", "datatype", "lang", "regex", "string", "same", "length", "exists"]):
            case "order":
                return f"{one} {self._pick(['<', '>', '<=', '>='])} {self._ordered()}"
            case "equal":
                return f"{one} {self._pick(['=', '!='])} {self._expression(depth)}"
            case "in":
                return f"{one} {self._pick(['IN', 'NOT IN'])} ({self._constant()}, {self._operand()})"
            case "test":
                return f"{self._pick(['isIRI', 'isLiteral', 'isNumeric', 'isBlank'])}({one})" if self._chance(2) or not self.bound else f"bound({self._pick(self.bound)})"
            case "datatype":
                return f"datatype({one}) {self._pick(['=', '!='])} {self._pick(['xsd:integer', 'xsd:string', 'xsd:decimal'])}"
            case "lang":
                return f"langMatches(lang({one}), {self._pick(['en', '*', 'DE'])!r})" if self._chance(2) else f"lang({one}) {self._pick(['=', '!='])} {self._pick(['', 'en'])!r}"
            case "regex":
                return f"regex({text}, {self._pick(['^a', 'b', 'B$', '[a-b]+'])!r}{self._pick(['', ', ' + repr('i')])})"
            case "string":
                return f"{self._pick(['contains', 'strstarts', 'strends'])}({text}, {self._pick(['a', 'b', ''])!r})"
            case "same":
                return f"sameTerm({one}, {self._operand()})"
            case "length":
                return f"strlen({text}) {self._pick(['>', '='])} 1"
            case _:
                return self._existence(0) if depth > 0 else "true"

    def _ordered(self) -> str:
        """An operand of an order that all engines know: each has its own extensions for languages, IRIs and unknown datatypes."""
        if self._chance(2):
            return self._pick(["1", "2.5", "1.5e0", "'a'", "true", "0", "'2020-06-01'^^xsd:date", "'2020-01-01T10:00:00Z'^^xsd:dateTime"])
        return self._pick([f"({self._operand()} {self._pick(['+', '-', '*'])} {self._pick(['0', '1', '2.5'])})", f"strlen(str({self._operand()}))", f"abs({self._operand()})", f"str({self._operand()})"])

    def _operand(self) -> str:
        return self._pick([*self.bound, *self.bound, "{this}", "?nowhere"]) if self.bound else "{this}"

    def _constant(self) -> str:
        return self._pick(["1", "2.5", "1.5e0", "'a'", "'ab'@en", "ex:a", "true", "0", "'z'^^<urn:unknown>", "'2020-06-01'^^xsd:date", "'2020-01-01T10:00:00Z'^^xsd:dateTime"])

    def _expression(self, depth: int) -> str:
        one = self._operand()
        if depth <= 0 or self._chance(3):
            return self._pick([one, self._constant()])
        match self._pick(["calculate", "calculate", "unary", "text", "choose", "truth"]):
            case "calculate":
                return f"({one} {self._pick(['+', '-', '*'])} {self._expression(depth - 1)})" if self._chance(2) else self._pick([f"({one} / 2)", f"({one} + 1)"])
            case "unary":
                return self._pick([f"(- {one})", f"abs({one})", f"ceil({one})", f"floor({one})", f"strlen(str({one}))"])
            case "text":
                return self._pick([f"ucase(str({one}))", f"lcase({one})", f"concat(str({one}), '-')", f"concat({one}, {one})", f"lang({one})", f"str({one})"])
            case "choose":
                return f"coalesce({one}, {self._expression(depth - 1)})" if self._chance(2) else f"if({self._condition(0)}, {one}, {self._expression(depth - 1)})"
            case _:
                return f"({self._condition(0)})"
