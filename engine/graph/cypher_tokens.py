"""Cypher text as tokens, and tokens as text again.

A checker that reads text differently from the engine can be walked past: in the engines `/***/` does not end a comment,
`'\\n'` is the letter n in one and a line break in the other, two neighbouring backtick names are one name. So what runs is
never what a stranger wrote but what was read here and written anew, with each comment a space and each string re-escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NoReturn

from engine.contracts import BadInput, Place

MAX_TEXT = 20_000
MAX_TOKENS = 4_000
_SYMBOLS = ("<>", "<=", ">=", "=~", "..", ">>", "<<", "!=", ":=", *"()[]{},.:|+-*/%^=<>&!;")
_SYMBOL = re.compile("|".join(re.escape(s) for s in _SYMBOLS))
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE]-?[0-9]+)?")
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "`": "`", "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_HEX = re.compile(r"[0-9A-Fa-f]+\Z")


class Kind(StrEnum):
    """What a token is: a bare word, a name in backticks, text in quotes, a number, a parameter, a symbol."""

    WORD = "word"
    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    PARAMETER = "parameter"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `value` is decoded (text without quotes, a parameter without its `$`), `spaced` tells of a gap before it."""

    kind: Kind
    value: str
    place: Place
    spaced: bool

    @property
    def upper(self) -> str:
        """A bare word in upper case, for comparison with keywords; empty for every other kind."""
        return self.value.upper() if self.kind is Kind.WORD else ""

    def is_symbol(self, *symbols: str) -> bool:
        """Whether this is one of the symbols."""
        return self.kind is Kind.SYMBOL and self.value in symbols


def literal(value: str) -> str:
    """Text as a Cypher string that both engines read back as the same text.

    Only backslash and quote are escaped, since the engines disagree about every other escape. Raises BadInput QRY104 for
    what no engine can hold: a NUL or half a surrogate pair.
    """
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise BadInput.at("QRY104", "text holds a NUL or half a character", why="the graph engine cannot store it", fix="remove the character")
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


@lru_cache(maxsize=256)
def tokens_of(cypher: str) -> tuple[Token, ...]:
    """Tokens of a text in their order, comments left out.

    Raises BadInput QRY101 (too long), QRY102 (a character outside ASCII, or unknown), QRY103 (something left open),
    QRY104 (an escape that the engines do not share).
    """
    if len(cypher) > MAX_TEXT:
        raise BadInput.at("QRY101", f"the query has {len(cypher)} characters, more than {MAX_TEXT}", fix="bind long lists as parameters", place=_place(cypher, 0))
    found: list[Token] = []
    position, spaced = 0, False
    while position < len(cypher):
        character = cypher[position]
        if character.isspace():
            position, spaced = position + 1, True
            continue
        if cypher.startswith(("//", "/*"), position):
            position, spaced = _after_comment(cypher, position), True
            continue
        kind, value, end = _token(cypher, position)
        place = _place(cypher, position)
        _refuse_merging(found[-1] if found and not spaced else None, kind, place)
        found.append(Token(kind, value, place, spaced))
        if len(found) > MAX_TOKENS:
            raise BadInput.at("QRY101", f"the query has more than {MAX_TOKENS} words and signs", fix="bind long lists as parameters", place=place)
        position, spaced = end, False
    return tuple(found)


def parameter_names(tokens: Sequence[Token]) -> frozenset[str]:
    """Names of the parameters that a query asks for."""
    return frozenset(t.value for t in tokens if t.kind is Kind.PARAMETER)


def written(token: Token) -> str:
    """One token as text."""
    if token.kind is Kind.TEXT:
        return literal(token.value)
    if token.kind is Kind.NAME:
        return f"`{token.value}`"
    return f"${token.value}" if token.kind is Kind.PARAMETER else token.value


def text_of(tokens: Sequence[Token]) -> str:
    """Tokens as text again, one space wherever the original had a gap or a comment."""
    return "".join((" " if t.spaced else "") + written(t) for t in tokens).strip()


def _place(cypher: str, position: int) -> Place:
    line_start = cypher.rfind("\n", 0, position) + 1
    return Place("<query>", cypher.count("\n", 0, position) + 1, position - line_start + 1)


def _fail(cypher: str, position: int, code: str, what: str, why: str = "", fix: str = "") -> NoReturn:
    raise BadInput.at(code, what, why=why, fix=fix, place=_place(cypher, position))


def _refuse_merging(before: Token | None, kind: Kind, place: Place) -> None:
    """Two tokens that touch and that an engine could read as one are refused."""
    if before is None:
        return
    wordlike = (Kind.WORD, Kind.NUMBER, Kind.PARAMETER)
    if (kind is before.kind and kind in (Kind.TEXT, Kind.NAME)) or (kind in wordlike and before.kind in wordlike):
        raise BadInput.at("QRY102", "two words, names or texts touch each other", why="engines disagree where one ends", fix="put a space between them", place=place)


def _after_comment(cypher: str, start: int) -> int:
    if cypher.startswith("//", start):
        ends = [at for at in (cypher.find("\n", start), cypher.find("\r", start)) if at >= 0]
        return min(ends, default=len(cypher))
    end = cypher.find("*/", start + 2)
    if end < 0:
        _fail(cypher, start, "QRY103", "a comment is left open", fix="close it with */")
    return end + 2


def _token(cypher: str, start: int) -> tuple[Kind, str, int]:
    character = cypher[start]
    if character in "'\"":
        return (Kind.TEXT, *_text(cypher, start))
    if character == "`":
        end = cypher.find("`", start + 1)
        if end < 0:
            _fail(cypher, start, "QRY103", "a backtick is left open", fix="close the name with a backtick")
        name = cypher[start + 1 : end]
        if not name or not name.isprintable():
            _fail(cypher, start, "QRY102", "a name in backticks is empty or holds a control character", fix="write a visible name")
        return Kind.NAME, name, end + 1
    if character == "$":
        word = _WORD.match(cypher, start + 1)
        if word is None:
            _fail(cypher, start, "QRY102", "`$` without a name", fix="name the parameter, as in $role")
        return Kind.PARAMETER, word.group(), word.end()
    for kind, pattern in ((Kind.WORD, _WORD), (Kind.NUMBER, _NUMBER), (Kind.SYMBOL, _SYMBOL)):
        found = pattern.match(cypher, start)
        if found is not None:
            return kind, found.group(), found.end()
    plain = unicodedata.normalize("NFKC", character)
    seen = f"U+{ord(character):04X}" + (f", which looks like `{plain}`" if plain != character and plain.isascii() and plain.isprintable() else "")
    _fail(cypher, start, "QRY102", f"the character {seen} may not stand here", "keywords are plain ASCII, so that none can hide", "use it only inside quotes or backticks")


def _text(cypher: str, start: int) -> tuple[str, int]:
    quote, position = cypher[start], start + 1
    parts: list[str] = []
    while position < len(cypher):
        character = cypher[position]
        if character == quote:
            return _whole(cypher, start, "".join(parts)), position + 1
        if character != "\\":
            parts.append(character)
            position += 1
            continue
        following = cypher[position + 1 : position + 2]
        width = {"u": 4, "U": 8}.get(following, 0)
        digits = cypher[position + 2 : position + 2 + width]
        if width and len(digits) == width and _HEX.match(digits) and int(digits, 16) <= 0x10FFFF:
            parts.append(chr(int(digits, 16)))
        elif following in _ESCAPES and following:
            parts.append(_ESCAPES[following])
        else:
            _fail(cypher, position, "QRY104", f"unknown escape `\\{following}`", "engines disagree about it", "write the character itself, or \\uXXXX")
        position += 2 + width
    _fail(cypher, start, "QRY103", "a text is left open", fix=f"close it with {quote}")


def _whole(cypher: str, start: int, value: str) -> str:
    joined = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if any("\ud800" <= c <= "\udfff" for c in value) else value
    if "\x00" in joined or ("\ufffd" in joined and "\ufffd" not in value):
        _fail(cypher, start, "QRY104", "text holds a NUL or half a character", "the graph engine cannot store it", "remove the character")
    return joined
