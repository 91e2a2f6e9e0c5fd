"""Expressions of a query over the rows of a relation (SPARQL 1.1 section 17), as values in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Literal, URIRef, Variable

from engine.shapes.sparql.arithmetic import calculated, mapped, negated, number_of, number_term
from engine.shapes.sparql.comparisons import equal, less, operand, truth_of
from engine.shapes.sparql.kinds import NODES, NUMBERS, TEXTS, Kind, is_of
from engine.shapes.sparql.program import PreBound, Program
from engine.shapes.sparql.query_text import term_of
from engine.shapes.sparql.relations import Column, Relation
from engine.shapes.sparql.stages import NotInLine, Stages
from engine.shapes.sparql.string_functions import cased, concatenated, language_matches, language_of, length, matched, shown, tested
from engine.shapes.sparql.values import (
    BOOLEAN,
    CODE,
    UNBOUND,
    DatatypeValue,
    NumberValue,
    TermValue,
    Truth,
    Unsupported,
    Value,
    negation,
    null,
    same,
)  # fmt: skip
from engine.shapes.terms import Iri


class ExistsCompiler(Protocol):
    """Compiles the pattern of EXISTS for the rows of a scope."""

    def __call__(self, graph: Any, scope: Scope) -> str:
        """SQL condition, over a row of alias `o`, that the pattern has a solution."""


class Scope(Stages):
    """The rows that expressions look at, and their variables.

    Without a `relation` long expressions and EXISTS raise NotInLine: in the condition of a join there is no room for them.
    """

    def __init__(
        self, program: Program, pre: PreBound, variables: Mapping[str, tuple[Column, str]], *, relation: Relation | None = None,
        exists: ExistsCompiler | None = None, aliases: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(relation)
        self.program, self.pre = program, pre
        self._variables, self._exists, self._aliases = variables, exists, aliases or {}

    # ------------------------------------------------------------ values

    def value(self, node: Any) -> Value:
        """Value of an expression of the algebra. Raises Unsupported."""
        if isinstance(node, Variable):
            return self.variable(str(node))
        if isinstance(node, (URIRef, Literal)):
            return self.program.constant(term_of(node))
        if isinstance(node, CompValue):
            return self._compound(node)
        raise Unsupported("expression", f"{'a blank node' if isinstance(node, BNode) else repr(node)} in an expression")

    def variable(self, name: str) -> TermValue | NumberValue:
        """Value of a variable; unbound where the rows do not have it."""
        name = self._aliases.get(name, name)
        if name in self.program.constants:
            return self.program.constant(self.program.constants[name])
        if name in self._variables:
            column, alias = self._variables[name]
            return column.value(alias)
        assert name not in self.pre.columns, f"?{name} was to be at hand"
        return UNBOUND

    def term(self, node: Any) -> TermValue:
        """Value of an expression as a term."""
        value = operand(self._ready(self.value(node)))
        return self.named_term(number_term(value) if isinstance(value, NumberValue) else value)

    def number(self, node: Any) -> NumberValue:
        """Value of an expression as a number."""
        value = operand(self._ready(self.value(node)))
        return self.named_number(number_of(value) if isinstance(value, TermValue) else value)

    def truth(self, node: Any, *, only_true: bool = False) -> str:
        """SQL of the effective boolean value; NULL is an error. With `only_true` an error may be false."""
        if isinstance(node, CompValue) and node.name in ("ConditionalAndExpression", "ConditionalOrExpression"):
            joint = " AND " if node.name == "ConditionalAndExpression" else " OR "
            return "(" + joint.join(self.truth(part, only_true=only_true) for part in (node.expr, *node.other)) + ")"
        if isinstance(node, CompValue) and node.name == "RelationalExpression":
            return self._related(node, only_true)
        return self._effective(self.value(node))

    def _effective(self, value: Value) -> str:
        """SPARQL 1.1 section 17.2.2."""
        if isinstance(value, Truth):
            return value.sql
        if isinstance(value, DatatypeValue):
            return null(BOOLEAN)
        whens = []
        if isinstance(value, NumberValue):
            return _not_zero(value)
        if value.kinds & {Kind.BOOLEAN}:
            whens.append(f"WHEN {is_of(value.d, frozenset((Kind.BOOLEAN,)), value.kinds)} THEN coalesce({truth_of(value)}, FALSE)")
        if value.kinds & TEXTS:
            whens.append(f"WHEN {is_of(value.d, TEXTS, value.kinds)} THEN {value.v} <> ''")
        if value.kinds & NUMBERS:
            # an ill-typed number is false
            whens.append(f"WHEN {is_of(value.d, NUMBERS, value.kinds)} THEN coalesce({_not_zero(self._read(value))}, FALSE)")
        return f"(CASE {' '.join(whens)} END)" if whens else null(BOOLEAN)

    # ------------------------------------------------------------ operators and functions

    def _compound(self, node: CompValue) -> Value:
        name = node.name
        if name in ("ConditionalAndExpression", "ConditionalOrExpression", "RelationalExpression"):
            return Truth(self.truth(node))
        if name in ("AdditiveExpression", "MultiplicativeExpression"):
            result = self.number(node.expr)
            for operator, other in zip(node.op, node.other, strict=True):
                result = self.named_number(calculated(result, str(operator), self.number(other)))
            return result
        if name == "UnaryNot":
            return Truth(negation(self.truth(node.expr)))
        if name in ("UnaryMinus", "UnaryPlus"):
            return negated(self.number(node.expr)) if name == "UnaryMinus" else self.number(node.expr)
        if name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            if self._exists is None:
                raise NotInLine
            # the translated pattern is an attribute, the entry of the same name still holds the syntax
            found = self._exists(node.graph, self)
            return Truth(found if name == "Builtin_EXISTS" else f"(NOT {found})")
        if name.startswith("Builtin_"):
            self._refuse_cased_languages(node)
            return self._function(name.removeprefix("Builtin_").upper(), node)
        raise Unsupported("function call" if name == "Function" else name, f"{node.iri if name == 'Function' else name} is not compiled")

    def _related(self, node: CompValue, only_true: bool) -> str:
        self._refuse_cased_languages(node)
        operator = str(node.op)
        if operator in ("IN", "NOT IN"):
            others = node.other if isinstance(node.other, list) else []
            one = self.value(node.expr)
            alike = [equal(*self._aligned(one, self.value(o)), only_true=only_true and operator == "IN", read=self._read) for o in others]
            found = "(" + (" OR ".join(alike) or "FALSE") + ")"
            return found if operator == "IN" else negation(found)
        a, b = self._aligned(self.value(node.expr), self.value(node.other))
        if operator in ("=", "!="):
            found = equal(a, b, only_true=only_true and operator == "=", read=self._read)
            return found if operator == "=" else negation(found)
        return less(a, b, operator, read=self._read)

    def _aligned(self, a: Value, b: Value) -> tuple[Value, Value]:
        """Operands of a comparison: a constant datatype by its code, and long SQL named."""
        if isinstance(a, DatatypeValue) or isinstance(b, DatatypeValue):
            return self._as_datatype(a), self._as_datatype(b)
        return self._ready(a), self._ready(b)

    def _read(self, term: TermValue) -> NumberValue:
        return self.named_number(number_of(term))

    def _ready(self, value: Value) -> Value:
        if isinstance(value, NumberValue):
            return self.named_number(value)
        if isinstance(value, Truth):
            return Truth(self._named(value.sql))
        return self.named_term(value) if isinstance(value, TermValue) else value

    def _as_datatype(self, value: Value) -> DatatypeValue:
        if isinstance(value, DatatypeValue):
            return value
        if isinstance(value, TermValue) and isinstance(value.constant, Iri):
            return DatatypeValue(str(self.program.views.code(value.constant.value)))
        raise Unsupported("DATATYPE", "the result of DATATYPE is compared with something else than a constant IRI")

    def _refuse_cased_languages(self, node: CompValue) -> None:
        """Languages stand in lower case in the views; a constant with capitals beside LANG would never be met."""
        if node.name == "Builtin_LANGMATCHES":
            return
        values = [v for value in dict.values(node) for v in (value if isinstance(value, list) else [value])]
        if not any(isinstance(v, CompValue) and v.name == "Builtin_LANG" for v in values):
            return
        texts = [str(v) for v in values if isinstance(v, Literal)]
        texts += [c.value for v in values if isinstance(v, Variable) and (c := self.program.constants.get(str(v))) is not None]
        if any(text != text.lower() for text in texts):
            raise Unsupported("LANG", "a language is compared with capitals; write it in lower case or use LANGMATCHES")

    def _function(self, name: str, node: CompValue) -> Value:
        unary: dict[str, Callable[[TermValue], Value]] = {
            "STR": lambda t: shown(t, self.program.views), "LANG": language_of, "DATATYPE": _datatype, "STRLEN": length,
            "UCASE": lambda t: cased(t, "upper"), "LCASE": lambda t: cased(t, "lower"),
            "ISIRI": lambda t: _is(t, frozenset((Kind.IRI,))), "ISURI": lambda t: _is(t, frozenset((Kind.IRI,))),
            "ISBLANK": lambda t: _is(t, frozenset((Kind.BLANK,))), "ISLITERAL": lambda t: _is(t, t.kinds - NODES),
            "ISNUMERIC": lambda t: Truth(f"CASE WHEN {t.present} THEN {self._read(t).present} END"),
        }  # fmt: skip
        if name in unary:
            argument = self.term(node.arg)
            # the database stumbles over some functions of what is always NULL
            return unary[name](argument) if argument.kinds else UNBOUND
        if name in ("CONTAINS", "STRSTARTS", "STRENDS"):
            text, part = self.term(node.arg1), self.term(node.arg2)
            return UNBOUND if not text.kinds & TEXTS or not part.kinds & TEXTS else tested(text, part, {"CONTAINS": "contains", "STRSTARTS": "starts_with", "STRENDS": "ends_with"}[name])
        if name in ("ABS", "CEIL", "FLOOR", "ROUND"):
            return mapped(self.number(node.arg), name.lower())
        match name:
            case "BOUND":
                value = self.variable(str(node.arg))
                return Truth(f"({value.present})")
            case "SAMETERM":
                a, b = self.term(node.arg1), self.term(node.arg2)
                if a.inexact or b.inexact:
                    raise Unsupported("sameTerm", "the lexical form of a computed number is left open by the standard")
                return Truth(same(a, b))
            case "LANGMATCHES":
                tag, wanted = self.term(node.arg1), self.term(node.arg2)
                return language_matches(tag, wanted) if tag.kinds & TEXTS and wanted.kinds & TEXTS else UNBOUND
            case "REGEX":
                text = self.term(node.text)
                found = matched(text, self.term(node.pattern), None if node.flags is None else self.term(node.flags))
                return found if text.kinds & TEXTS else UNBOUND
            case "CONCAT":
                parts = [self.term(a) for a in node.arg]
                return concatenated(parts) if all(p.kinds & TEXTS for p in parts) else UNBOUND
            case "IF":
                condition = self.let(self.truth(node.arg1))
                return self._chosen([(condition, self.value(node.arg2)), (f"NOT {condition}", self.value(node.arg3))])
            case "COALESCE":
                values = [self._ready(self.value(a)) for a in node.arg]
                return self._chosen([(_present(v), v) for v in values])
        raise Unsupported(name, f"the function {name} is not compiled")

    def _chosen(self, options: list[tuple[str, Value]]) -> Value:
        """The first value whose condition holds."""
        def first(parts: list[str]) -> str:
            return f"CASE {' '.join(f'WHEN {condition} THEN {part}' for (condition, _), part in zip(options, parts, strict=True))} END"

        values = [v for _, v in options]
        if all(isinstance(v, Truth) for v in values):
            return Truth(f"({first([v.sql for v in values if isinstance(v, Truth)])})")
        numbers = [v for v in values if isinstance(v, NumberValue)]
        if len(numbers) == len(values):
            kinds = frozenset[Kind]().union(*(n.kinds for n in numbers))
            exact = first([n.exact or "NULL" for n in numbers]) if any(n.exact for n in numbers) else None
            approximate = first([n.approximate or "NULL" for n in numbers]) if any(n.approximate for n in numbers) else None
            return NumberValue(kinds, first([n.rank for n in numbers]), exact, approximate)
        terms = [self._as_term(v) for v in values]
        parts = (first([t.v for t in terms]), first([t.d for t in terms]), first([t.l for t in terms]))
        return TermValue(frozenset[Kind]().union(*(t.kinds for t in terms)), parts=parts, inexact=any(t.inexact for t in terms))

    def settled(self, node: Any) -> Value:
        """Value of an expression with its long parts named, ready to be kept in a column."""
        return self._ready(self.value(node))

    def _as_term(self, value: Value) -> TermValue:
        value = operand(self._ready(value))
        return number_term(value) if isinstance(value, NumberValue) else value


def _not_zero(number: NumberValue) -> str:
    parts = []
    if number.exact is not None:
        parts.append(f"{number.exact} <> 0")
    if number.approximate is not None:
        parts.append(f"({number.approximate} <> 0 AND NOT isnan({number.approximate}))")
    return f"coalesce({', '.join(parts)})" if parts else null(BOOLEAN)


def _datatype(term: TermValue) -> DatatypeValue:
    if term.kinds <= NODES:
        return DatatypeValue(null(CODE))
    return DatatypeValue(f"CASE WHEN {is_of(term.d, term.kinds - NODES, term.kinds)} THEN {term.d} END")


def _is(term: TermValue, kinds: frozenset[Kind]) -> Truth:
    if term.kinds <= kinds:
        return Truth(f"CASE WHEN {term.present} THEN TRUE END" if term.kinds else null(BOOLEAN))
    return Truth(f"CASE WHEN {term.present} THEN {is_of(term.d, kinds & term.kinds, term.kinds)} END")


def _present(value: Value) -> str:
    if isinstance(value, Truth):
        return f"{value.sql} IS NOT NULL"
    if isinstance(value, DatatypeValue):
        raise Unsupported("DATATYPE", "the result of DATATYPE can only be compared with IRIs")
    return value.present
