"""Lets one read-only Cypher statement of a stranger through, and refuses everything else before an engine sees it.

In: text, parameters, the schema. Out: a `SafeQuery` whose text is written anew from the tokens that were checked, or BadInput
with every fault. Refuses to know: an engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.contracts import BadInput, Diagnostic, Place
from engine.graph.cypher_tokens import Kind, Token, parameter_names, text_of, tokens_of
from engine.graph.cypher_vocabulary import FIRST_WORDS, FORBIDDEN, FUNCTIONS, KEYWORDS, NAMES_FOLLOW, TABLE_FUNCTIONS
from engine.graph.nearest_names import nearest, remedy
from engine.ontology import Schema

MAX_HOPS = 6
MAX_DEPTH = 40
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SOME_FUNCTIONS = "allowed are count, collect, sum, avg, min, max, lower, size and others; see docs/how-to/query_the_graph.md"
_READ_ONLY = "queries read one published graph; nothing they say may change it, read files or start a second statement"


@dataclass(frozen=True, slots=True)
class SafeQuery:
    """A checked query: its text written anew, its parameters by name."""

    text: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Open:
    """An open bracket: where it stands among the tokens, and whether it is the `[` of a relationship pattern."""

    index: int
    sign: str
    relation: bool


def refuse_unsafe(cypher: str, parameters: Mapping[str, Any], schema: Schema) -> SafeQuery:
    """The query, written anew and safe to run.

    Raises BadInput with every fault, by place: QRY101-QRY104 unreadable text, QRY105 not a reading statement, QRY106 a
    forbidden word, QRY107 `;`, QRY108 an unknown function, QRY109 a hop count without or above the bound, QRY110 brackets,
    QRY111 a parameter unbound, unknown or of a wrong type, QRY112 a label or relation that the ontology lacks.
    """
    tokens = _names_quoted(tokens_of(cypher))
    if not tokens:
        raise BadInput.at("QRY105", "the query is empty", fix="write for example: MATCH (r:Role) RETURN r.id LIMIT 10", place=Place("<query>", 1, 1))
    opened = _innermost(tokens)
    faults = [
        *_statement_faults(tokens), *_word_faults(tokens), *_function_faults(tokens), *_hop_faults(tokens, opened),
        *_parameter_faults(tokens, parameters), *_label_faults(tokens, opened, schema),
    ]  # fmt: skip
    if faults:
        raise BadInput(*faults)
    return SafeQuery(text_of(tokens), dict(sorted(parameters.items())))


def _names_quoted(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Forbidden words that stand where only a name can stand go into backticks: after a dot, after AS, as the key of a map."""
    quoted, braces = list(tokens), [""]
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.is_symbol("(", "[", "{"):
            braces.append(token.value)
        elif token.is_symbol(")", "]", "}") and len(braces) > 1:
            braces.pop()
        if token.upper not in FORBIDDEN or before is None:
            continue
        key_of_map = braces[-1] == "{" and before.is_symbol("{", ",") and after is not None and after.is_symbol(":")
        if before.is_symbol(".") or before.upper == "AS" or key_of_map:
            quoted[index] = replace(token, kind=Kind.NAME)
    return tuple(quoted)


def _innermost(tokens: Sequence[Token]) -> tuple[_Open | None, ...]:
    """For each token the bracket that it stands in. Raises BadInput QRY110 where brackets do not pair or nest too deep."""
    stack: list[_Open] = []
    result: list[_Open | None] = []
    for index, token in enumerate(tokens):
        if token.is_symbol(")", "]", "}"):
            if not stack or _CLOSING[stack[-1].sign] != token.value:
                raise BadInput.at("QRY110", f"`{token.value}` closes nothing", fix="pair the brackets", place=token.place)
            stack.pop()
        result.append(stack[-1] if stack else None)
        if token.is_symbol("(", "[", "{"):
            stack.append(_Open(index, token.value, token.value == "[" and index > 0 and tokens[index - 1].is_symbol("-")))
            if len(stack) > MAX_DEPTH:
                why = "the engine's parser has no limit of its own"
                raise BadInput.at("QRY110", f"brackets nest deeper than {MAX_DEPTH}", why=why, fix="flatten the expression", place=token.place)
    if stack:
        raise BadInput.at("QRY110", f"`{stack[-1].sign}` is never closed", fix="pair the brackets", place=tokens[stack[-1].index].place)
    return tuple(result)


def _statement_faults(tokens: Sequence[Token]) -> Iterator[Diagnostic]:
    if tokens[0].upper not in FIRST_WORDS:
        yield Diagnostic(tokens[0].place, "QRY105", f"a query may not begin with `{tokens[0].value}`", _READ_ONLY, "begin with MATCH, UNWIND, WITH, RETURN or CALL")
    if not any(t.upper == "RETURN" for t in tokens):
        yield Diagnostic(tokens[-1].place, "QRY105", "the query returns nothing", "a reading statement ends with RETURN", "add RETURN and what you want to see")
    for token in tokens:
        if token.is_symbol(";"):
            yield Diagnostic(token.place, "QRY107", "`;` is not allowed", "it starts a second statement", "send one statement, without `;`")


def _word_faults(tokens: Sequence[Token]) -> Iterator[Diagnostic]:
    for index, token in enumerate(tokens):
        if token.upper not in FORBIDDEN:
            continue
        if token.upper == "CALL":
            called = tokens[index + 1] if index + 1 < len(tokens) else token
            if called.upper not in TABLE_FUNCTIONS or index + 2 >= len(tokens) or not tokens[index + 2].is_symbol("("):
                fix = "allowed: " + ", ".join(sorted(f.lower() for f in TABLE_FUNCTIONS))
                yield Diagnostic(token.place, "QRY106", f"`CALL {called.value}` is not allowed", _READ_ONLY, fix)
            continue
        fix = f"remove it, or put {token.value} in backticks if it is a name" if _could_be_name(tokens, index) else "remove it; ask only for what is there"
        yield Diagnostic(token.place, "QRY106", f"`{token.value}` is not allowed", _READ_ONLY, fix)


def _could_be_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a variable or a label could stand at `index`: after an opening bracket, a colon, a comma, an operator, RETURN and the like."""
    if index == 0:
        return False
    before, after = tokens[index - 1], tokens[index + 1] if index + 1 < len(tokens) else None
    opens = before.upper in NAMES_FOLLOW or (before.kind is Kind.SYMBOL and before.value not in (")", "]", "}", ";", "*"))
    goes_on = after is not None and (after.is_symbol("(") or after.kind not in (Kind.WORD, Kind.SYMBOL) or (after.kind is Kind.WORD and after.upper not in KEYWORDS))
    return opens and not goes_on


def _function_faults(tokens: Sequence[Token]) -> Iterator[Diagnostic]:
    for index, token in enumerate(tokens[:-1]):
        if not tokens[index + 1].is_symbol("("):
            continue
        if token.kind is Kind.NAME:
            yield Diagnostic(token.place, "QRY108", f"a function may not be called as `{token.value}` in backticks", "it would hide what is called", "write its name plainly")
        elif token.kind is Kind.WORD and token.upper not in FUNCTIONS | KEYWORDS | FORBIDDEN:
            if token.upper in TABLE_FUNCTIONS and index and tokens[index - 1].upper == "CALL":
                continue
            near = nearest(token.value, FUNCTIONS, 1)
            fix = f"did you mean {near[0].lower()}?" if near else _SOME_FUNCTIONS
            yield Diagnostic(token.place, "QRY108", f"the function `{token.value}` is not allowed", "only functions that compute from their arguments are", fix)


def _hop_faults(tokens: Sequence[Token], opened: Sequence[_Open | None]) -> Iterator[Diagnostic]:
    """A star in a relationship pattern needs a written upper bound: without one the engine silently stops at 30."""
    for index, token in enumerate(tokens):
        inside = opened[index]
        if not token.is_symbol("*") or inside is None or not inside.relation:
            continue
        if not (index - 1 == inside.index or tokens[index - 1].kind in (Kind.WORD, Kind.NAME)):
            continue
        bound = _upper_bound(tokens, index + 1)
        if bound is None:
            fix = f"write for example *1..3 (at most {MAX_HOPS})"
            yield Diagnostic(token.place, "QRY109", "`*` without a written upper bound", "the engine would silently stop at 30 hops", fix)
        elif bound > MAX_HOPS:
            what = f"up to {bound} hops is more than {MAX_HOPS}"
            yield Diagnostic(token.place, "QRY109", what, "the number of paths grows without measure", f"write at most *1..{MAX_HOPS}")


def _upper_bound(tokens: Sequence[Token], start: int) -> int | None:
    at = start
    while tokens[at].upper in ("ALL", "SHORTEST", "TRAIL", "ACYCLIC", "WSHORTEST"):
        at += 1
    if tokens[at].is_symbol("(") and tokens[at - 1].upper == "WSHORTEST":
        at += 3
    bound = None
    while at < len(tokens) and (tokens[at].kind is Kind.NUMBER or tokens[at].is_symbol("..")):
        bound = int(tokens[at].value) if tokens[at].value.isdigit() else None
        at += 1
    follows = at < len(tokens) and (tokens[at].is_symbol("]", "{", "(") or tokens[at].kind in (Kind.WORD, Kind.NAME))
    return bound if follows else None


def _parameter_faults(tokens: Sequence[Token], parameters: Mapping[str, Any]) -> Iterator[Diagnostic]:
    asked = parameter_names(tokens)
    for token in tokens:
        if token.kind is Kind.PARAMETER and token.value not in parameters:
            what = f"the parameter `${token.value}` has no value"
            yield Diagnostic(token.place, "QRY111", what, "an unbound parameter would match everything", f"bind {token.value}")
    for name in sorted(parameters):
        if name not in asked:
            fix = "the query asks for: " + (", ".join(sorted(asked)) or "none")
            yield Diagnostic(Place("<query>"), "QRY111", f"the query has no parameter `${name}`", "a misspelt name would be ignored silently", fix)
        elif not _bindable(parameters[name]):
            why = "parameters are text, numbers, true, false or a list of one of them"
            yield Diagnostic(Place("<query>"), "QRY111", f"the value of `${name}` cannot be bound", why, "change the value")


def _bindable(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(isinstance(v, (str, int, float)) for v in value) and len({type(v) for v in value}) == 1
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    return isinstance(value, float) or (isinstance(value, int) and -(2**63) <= value < 2**63)


def _label_faults(tokens: Sequence[Token], opened: Sequence[_Open | None], schema: Schema) -> Iterator[Diagnostic]:
    tables = sorted({r.table for r in schema.relations.values()})
    classes = sorted(schema.classes)
    for index, token in enumerate(tokens):
        inside = opened[index]
        if not token.is_symbol(":") or inside is None or inside.sign == "{" or (inside.sign == "[" and not inside.relation):
            continue
        if index - inside.index > 2 or (index - inside.index == 2 and tokens[index - 1].kind not in (Kind.WORD, Kind.NAME)):
            continue
        known, what = (tables, "relation") if inside.relation else (classes, "class")
        for named in _names_after(tokens, index):
            if named.value not in known:
                fix = remedy(named.value, known, "docs/reference/ontology.md")
                yield Diagnostic(named.place, "QRY112", f"the ontology has no {what} `{named.value}`", "the pattern could never match", fix)


def _names_after(tokens: Sequence[Token], colon: int) -> Iterator[Token]:
    """Names of a label expression `:A|B`, `:A:B` or `:A|:B` from its first colon on."""
    for token in tokens[colon:]:
        if token.kind in (Kind.WORD, Kind.NAME):
            yield token
        elif not token.is_symbol(":", "|"):
            return
