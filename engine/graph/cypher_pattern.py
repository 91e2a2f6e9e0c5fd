"""Which classes and relations a query names, and where it leaves them open, read from its words without running it.

In: Cypher text. Out: `QueryPattern`, which errs towards open. Refuses to know: an engine, and why somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.graph.cypher_tokens import Kind, Token, tokens_of
from engine.graph.cypher_vocabulary import FUNCTIONS

_NODE_ENDS = (")", "{", ":")
_ENDS_OF_WITH = ("MATCH", "OPTIONAL", "UNWIND", "RETURN", "WITH", "WHERE", "ORDER", "SKIP", "LIMIT", "CALL", "UNION")


@dataclass(frozen=True, slots=True)
class QueryPattern:
    """`names` are all words of the query. `open_nodes`: some node has no class when it is first named; `open_relations`: some
    relation has no name; `passing`: some path has a variable number of steps, so that it passes by nodes nobody names.
    """

    names: frozenset[str]
    open_nodes: bool
    open_relations: bool
    passing: bool


def query_pattern(cypher: str) -> QueryPattern:
    """The pattern of a statement. Raises BadInput QRY101-QRY104 where the text cannot be read."""
    tokens = tokens_of(cypher)
    names = frozenset(t.value for t in tokens if t.kind in (Kind.WORD, Kind.NAME))
    relations = [i for i, t in enumerate(tokens) if t.is_symbol("[") and i and tokens[i - 1].is_symbol("-")]
    bare = any(a.is_symbol("-") and b.is_symbol("-") for a, b in pairwise(tokens))
    return QueryPattern(
        names, any(_open_nodes(tokens)), bare or any(not _named(tokens, i) for i in relations),
        any(t.is_symbol("*") for i in relations for t in _inside(tokens, i)),
    )  # fmt: skip


def _open_nodes(tokens: Sequence[Token]) -> Iterator[bool]:
    """True for each node that has no class when it is first named. What WITH or a closing brace takes out of scope is forgotten."""
    bound: set[str] = set()
    outer: list[set[str]] = []
    for index, token in enumerate(tokens):
        if token.is_symbol("{"):
            outer.append(set(bound))
        elif token.is_symbol("}") and outer:
            bound = outer.pop()
        elif token.upper == "UNION":
            bound = set()
        elif token.upper == "WITH" and not (index and tokens[index - 1].upper in ("STARTS", "ENDS")):
            kept = set(_carried(tokens, index + 1))
            bound = bound if "*" in kept else bound & kept
        elif token.is_symbol("("):
            name, at = _name_after(tokens, index)
            end = tokens[at] if at < len(tokens) else token
            called = index > 0 and (tokens[index - 1].upper in FUNCTIONS - {"EXISTS"} or (index > 1 and tokens[index - 2].upper == "CALL"))
            if called or not (end.is_symbol(*_NODE_ENDS) or end.upper == "WHERE"):
                continue
            if end.is_symbol(":"):
                bound.add(name)
            elif not name or name not in bound:
                yield True


def _carried(tokens: Sequence[Token], start: int) -> Iterator[str]:
    """Names that WITH passes on as they are: items that are one word and nothing else; `*` for all."""
    item: list[Token] = []
    depth = 0
    for token in tokens[start:]:
        depth += token.is_symbol("(", "[", "{") - token.is_symbol(")", "]", "}")
        over = depth <= 0 and token.upper in _ENDS_OF_WITH
        if over or (depth == 0 and token.is_symbol(",")):
            words = [t.value for t in item if t.upper != "DISTINCT"]
            if len(words) == 1:
                yield words[0]
            item = []
        else:
            item.append(token)
        if over:
            return


def _name_after(tokens: Sequence[Token], bracket: int) -> tuple[str, int]:
    """The name that follows a bracket ('' for none), and the index of what comes then."""
    at = bracket + 1
    if at < len(tokens) and tokens[at].kind in (Kind.WORD, Kind.NAME) and tokens[at].upper != "WHERE":
        return tokens[at].value, at + 1
    return "", at


def _named(tokens: Sequence[Token], bracket: int) -> bool:
    _, at = _name_after(tokens, bracket)
    return at < len(tokens) and tokens[at].is_symbol(":")


def _inside(tokens: Sequence[Token], bracket: int) -> Iterator[Token]:
    for token in tokens[bracket + 1 :]:
        if token.is_symbol("]"):
            return
        yield token
