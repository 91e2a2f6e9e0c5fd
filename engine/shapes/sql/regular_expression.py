"""Regular expressions of SHACL and SPARQL as patterns that DuckDB runs in linear time.

In: a pattern and flags as `sh:pattern` and SPARQL's REGEX take them (fn:matches of XPath over XML Schema expressions).
Out: an RE2 pattern with its flags inside, for `regexp_matches(text, pattern)`. Refuses to guess: what RE2 cannot run as
the standard means it is a `PatternRefused` with the position of the fault, never a pattern that means something else.

Read beyond the standard, since engines in wide use agree on the meaning: `\\b` and `\\B` (boundary of ASCII words), a
backslash before any ASCII punctuation mark, a lone `]` or `}`, a `-` inside a class after a range or a class escape.
`.` without flag `s` matches everything but a line feed, as in the edition that SPARQL 1.1 cites. `\\w` is the standard's:
letters, marks, numbers and symbols, not `_`, which is punctuation.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import duckdb

_QUANTIFIERS = "?*+{"
_MOST_REPEATS = 1000
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
# what follows `(?` in other dialects, the longest first
_FOREIGN_GROUPS = (
    ("<=", "look-behind"), ("<!", "look-behind"), ("=", "look-ahead"), ("!", "look-ahead"), (">", "an atomic group"), ("P=", "a back-reference"),
    ("P<", "a named group"), ("<", "a named group"), ("'", "a named group"), ("#", "a comment"), ("|", "a branch reset"), ("(", "a conditional group"),
)  # fmt: skip
_CATEGORY = re.compile(r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
_WORD = ("L", "M", "N", "S")  # all characters but punctuation, separators and others
_ASSIGNED = ("L", "M", "N", "P", "S", "Z")
_SPACE = ((9, 10), (13, 13), (32, 32))
# NameStartChar and what NameChar adds, XML 1.0, fifth edition
_NAME_START = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D),
    (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME = (*_NAME_START, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))


class PatternRefused(ValueError):
    """A pattern that cannot be run as the standard means it.

    `reason` is a phrase for an author; `position` counts characters of the pattern before the fault, or of the flags
    where `part` is `flags`.
    """

    def __init__(self, reason: str, position: int = 0, part: str = "pattern") -> None:
        self.reason, self.position, self.part = reason, position, part
        super().__init__(f"{reason} (at character {position + 1} of the {part})")


def re2_of(pattern: str, flags: str = "") -> str:
    """The RE2 pattern that matches what fn:matches would with these flags (any of s, m, i, x, q).

    Takes time linear in the pattern at any nesting. Raises PatternRefused. RE2's own limits (memory, nested repeats) are
    not known here: ask `prove_runnable` once for each pattern.
    """
    for at, flag in enumerate(flags):
        if flag not in "smixq":
            raise PatternRefused(f"`{flag}` is no flag: the flags are s, m, i, x and q", at, "flags")
    lone = next((at for at, character in enumerate(pattern) if "\ud800" <= character <= "\udfff"), None)
    if lone is not None:
        raise PatternRefused("half of a surrogate pair is no character", lone)
    if "q" in flags:
        return ("(?i)" if "i" in flags else "") + "".join(_code_point(ord(c)) for c in pattern)
    letters = "".join(flag for flag in "ims" if flag in flags)
    source = _without_space(pattern) if "x" in flags else list(enumerate(pattern))
    return (f"(?{letters})" if letters else "") + _Translation(source, "i" in flags).text()


def prove_runnable(re2: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Let the engine compile a translated pattern once, so that its limits show before any data flows; raises PatternRefused."""
    try:
        # a cursor has its own transaction: a refused pattern leaves the caller's alone
        connection.cursor().execute("SELECT regexp_matches('', ?)", [re2]).fetchone()
    except duckdb.Error as error:
        raise PatternRefused(f"the linear-time engine cannot run it: {str(error).splitlines()[0].split(': ', 1)[-1][:120]}") from error


def _without_space(pattern: str) -> list[tuple[int, str]]:
    """Flag x: white space goes before anything is read, but not inside character classes."""
    kept: list[tuple[int, str]] = []
    inside = escaped = False
    for at, character in enumerate(pattern):
        if not inside and character in " \t\n\r":
            continue
        kept.append((at, character))
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "[]":
            inside = character == "["
    return kept


class _Translation:
    """One pass over the characters of a pattern, each with its position; no recursion, so that nesting costs nothing."""

    def __init__(self, source: Sequence[tuple[int, str]], folds: bool) -> None:
        self._source, self._folds, self._at = source, folds, 0

    def _peek(self, ahead: int = 0) -> str:
        where = self._at + ahead
        return self._source[where][1] if where < len(self._source) else ""

    def _next(self) -> str:
        character = self._peek()
        self._at += 1
        return character

    def _refuse(self, reason: str, at: int) -> NoReturn:
        raise PatternRefused(reason, self._source[at][0])

    def text(self) -> str:
        out: list[str] = []
        groups: list[int] = []
        before = "nothing"  # what a quantifier would repeat
        while character := self._peek():
            start = self._at
            if character in _QUANTIFIERS:
                if before != "an atom":
                    possessive = character == "+" and before == "a quantifier"
                    self._refuse("a possessive quantifier is not of this language" if possessive else f"`{character}` repeats {before}", start)
                out.append(self._quantifier(start))
                before = "a quantifier"
                continue
            self._at += 1
            before = "nothing" if character in "(|" else "an atom"
            if character == "(":
                groups.append(start)
                self._group()
                out.append("(?:")
            elif character == ")":
                if not groups:
                    self._refuse("`)` closes no group", start)
                groups.pop()
                out.append(")")
            elif character == "[":
                out.append(self._class(start))
            elif character == "\\":
                out.append(self._escape(start))
            else:
                out.append(character if character in ".^$|" else _code_point(ord(character)))
        if groups:
            self._refuse("`(` is never closed", groups[-1])
        return "".join(out)

    def _group(self) -> None:
        """What stands behind `(`: nothing, or `?:`; other dialects' groups are refused by name."""
        if self._peek() == "?" and self._peek(1) == ":":
            self._at += 2
        elif self._peek() == "?":
            behind = self._peek(1) + self._peek(2)
            name = next((name for sign, name in _FOREIGN_GROUPS if behind.startswith(sign)), "a group with flags inside")
            self._refuse(f"{name} is not of this language", self._at - 1)

    def _quantifier(self, start: int) -> str:
        character = self._next()
        text = self._counts(start) if character == "{" else character
        if self._peek() == "?":  # a reluctant quantifier finds the same matches to exist
            self._at += 1
        return text

    def _counts(self, start: int) -> str:
        numbers = [""]
        while (character := self._next()) != "}" or not numbers[0]:
            if character and character in string.digits:
                numbers[-1] += character
            elif character == "," and len(numbers) == 1 and numbers[0]:
                numbers.append("")
            else:
                self._refuse("`{` opens no quantifier {n}, {n,} or {n,m}; a brace itself is written \\{", start)
        # leading noughts go first, so that the length tells a number too large to read
        numbers = [n.lstrip("0") or "0" if n else n for n in numbers]
        if any(len(n) > 4 or int(n or 0) > _MOST_REPEATS for n in numbers):
            self._refuse(f"the linear-time engine repeats at most {_MOST_REPEATS} times", start)
        if len(numbers) == 2 and numbers[1] and int(numbers[1]) < int(numbers[0]):
            self._refuse(f"{{{','.join(numbers)}}} counts backwards", start)
        return "{" + ",".join(numbers) + "}"

    def _escape(self, start: int) -> str:
        """An escape outside a class; its backslash has been read."""
        if self._peek() in ("b", "B"):
            return "\\" + self._next()
        read = self._escaped(start)
        return _code_point(ord(read)) if isinstance(read, str) else self._emit(_Items(False, [], [read]), start)

    def _escaped(self, start: int) -> str | _Escape:
        """The character, or the set of characters, that an escape means."""
        character = self._next()
        if character in _CONTROL:
            return _CONTROL[character]
        if character and character in string.punctuation:
            return character
        if character in ("p", "P"):
            return self._property(start, character == "P")
        if (escape := _letter(character)) is not None:
            return escape
        if not character:
            self._refuse("`\\` at the end escapes nothing", start)
        if character in string.digits:
            self._refuse("a back-reference cannot be run in linear time", start)
        hint = {"A": "; write ^", "Z": "; write $", "z": "; write $"}.get(character, "; write the character itself" if character in "xuUN" else "")
        self._refuse(f"`\\{character}` is no escape of this language{hint}", start)

    def _property(self, start: int, negated: bool) -> _Escape:
        name = ""
        if self._next() != "{":
            self._refuse(f"`\\{'P' if negated else 'p'}` wants a name in braces: \\p{{L}}", start)
        while (character := self._next()) != "}":
            if not character or len(name) > 60:
                self._refuse("the name of a property is never closed by `}`", start)
            name += character
        if name.startswith("Is"):
            self._refuse(f"blocks of characters are not supported: write the range of `{name[2:]}` out", start)
        if not _CATEGORY.fullmatch(name):
            self._refuse(f"`{name}` is no category of characters", start)
        return _category(name, negated)

    def _class(self, start: int) -> str:
        """A character class; its `[` has been read."""
        items = _Items(self._peek() == "^", [], [])
        self._at += items.negated
        while (character := self._next()) != "]":
            at = self._at - 1
            if not character:
                self._refuse("`[` is never closed", start)
            if character == "[":
                self._refuse("`[` inside a class is written \\[", at)
            if character == "-" and self._peek() in ("[", "-"):
                fault = "subtraction of classes is not supported: write out the ranges that remain" if self._peek() == "[" else "two hyphens can be read in two ways"
                self._refuse(f"{fault}; `-` itself is written \\-", at)
            low = self._escaped(at) if character == "\\" else character
            if isinstance(low, _Escape):
                items.escapes.append(low)
            elif self._peek() == "-" and self._peek(1) not in ("]", "[", ""):
                self._at += 1
                items.ranges.append((ord(low), self._range_end(low, at)))
            else:
                items.ranges.append((ord(low), ord(low)))
        if not items.ranges and not items.escapes:
            self._refuse("the class is empty; a bracket itself is written \\]", start)
        return self._emit(items, start)

    def _range_end(self, low: str, start: int) -> int:
        at, character = self._at, self._next()
        high = self._escaped(at) if character == "\\" else character
        if isinstance(high, _Escape):
            self._refuse("a range ends in one character, not in a class", at)
        if character == "-":
            self._refuse("`-` as the end of a range is written \\-", at)
        if high < low:
            self._refuse(f"the range {low}-{high} runs backwards", start)
        return ord(high)

    def _emit(self, items: _Items, start: int) -> str:
        text = items.re2(self._folds)
        if text is None:
            self._refuse("a negated class of these sets together cannot be run; write out the ranges", start)
        return text


# ---------------------------------------------------------------- sets of characters


@dataclass(frozen=True, slots=True)
class _Escape:
    """A class escape: general categories or ranges, or all that is in neither. `caseless` where no character has another case outside."""

    categories: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()
    negated: bool = False
    caseless: bool = True

    @property
    def nameless(self) -> bool:
        """True for the complement of several categories, which RE2 cannot say among others inside brackets."""
        return self.negated and len(self.categories) > 1

    def inside(self) -> str:
        """As it stands inside RE2 brackets; without its negation where it is nameless."""
        sign = "P" if self.negated and not self.nameless else "p"
        return "".join(f"\\{sign}{{{c}}}" for c in self.categories) + _ranges_text(_complement(self.ranges) if self.negated and self.ranges else self.ranges)


@dataclass(frozen=True, slots=True)
class _Items:
    """What stands between brackets: characters and ranges, which fold case under flag i, and class escapes, which never do."""

    negated: bool
    ranges: list[tuple[int, int]]
    escapes: list[_Escape]

    def re2(self, folds: bool) -> str | None:
        """One class, or alternatives that come to the same; None for what all but several of them would be."""
        folding = _ranges_text(self.ranges) + "".join(e.inside() for e in self.escapes if not e.nameless and (e.caseless or not folds))
        fixed = "".join(e.inside() for e in self.escapes if not e.nameless and folds and not e.caseless)
        parts = [("[{}{}]", folding, False)] * bool(folding) + [("(?-i:[{}{}])", fixed, False)] * bool(fixed)
        parts += [("[{}{}]", e.inside(), True) for e in self.escapes if e.nameless]
        texts = [form.format("^" if self.negated != complemented else "", body) for form, body, complemented in parts]
        if len(texts) > 1:
            return None if self.negated else f"(?:{'|'.join(texts)})"
        return texts[0]


_LETTERS = {
    "d": _Escape(("Nd",)), "w": _Escape(_WORD), "s": _Escape(ranges=_SPACE),
    "i": _Escape(ranges=_NAME_START, caseless=False), "c": _Escape(ranges=_NAME, caseless=False),
}  # fmt: skip


def _letter(letter: str) -> _Escape | None:
    """\\d \\w \\s \\i \\c and, by capitals, all else; None for other letters."""
    known = _LETTERS.get(letter.lower())
    return replace(known, negated=letter.isupper()) if known else None


def _category(name: str, negated: bool) -> _Escape:
    """\\p{name} of a general category, or \\P{name}."""
    if name in ("C", "Cn"):  # RE2 does not count unassigned characters among C: say it by what is assigned
        return _Escape(_ASSIGNED + (() if name == "C" else ("Cc", "Cf", "Co", "Cs")), negated=not negated)
    # letters have other cases, and one mark (U+0345) is iota to a folding engine
    return _Escape((name,), negated=negated, caseless=name[0] != "L" and name not in ("M", "Mn"))


def _code_point(code: int) -> str:
    """One character that stands for itself, inside a class or outside."""
    character = chr(code)
    if character in string.ascii_letters + string.digits:
        return character
    return "\\" + character if character in string.punctuation else f"\\x{{{code:x}}}"


def _ranges_text(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(_code_point(low) + (f"-{_code_point(high)}" if high > low else "") for low, high in ranges)


def _complement(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    gaps, free = [], 0
    for low, high in sorted(ranges):
        if low > free:
            gaps.append((free, low - 1))
        free = max(free, high + 1)
    return [*gaps, (free, 0x10FFFF)]
