"""Reading the Cypher of a fact without running it: tokens, the labels and relations it names, what it returns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_HOPS = 10
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<space>\s+)|(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<quoted>`[^`]*`)"""
    r"""|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>\.\.|<>|<=|>=|.)""",
    re.DOTALL,
)
WRITING = frozenset({
    "ALTER", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "CREATE", "DELETE", "DETACH", "DROP", "EXPLAIN", "EXPORT", "FOREACH",
    "IMPORT", "INSTALL", "LOAD", "MACRO", "MERGE", "PROFILE", "PROJECT", "REMOVE", "ROLLBACK", "SET", "TRANSACTION", "UNINSTALL", "UPDATE", "USE",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement: kind (name, quoted, string, number, mark) and its text."""

    kind: str
    text: str

    @property
    def upper(self) -> str:
        """Upper-case text of a name; empty for everything else."""
        return self.text.upper() if self.kind == "name" else ""


def tokens(statement: str) -> tuple[Token, ...]:
    """The statement without comments and white space."""
    found = []
    for match in _TOKEN.finditer(statement):
        kind = match.lastgroup or "mark"
        if kind not in ("comment", "space"):
            found.append(Token(kind, match[0]))
    return tuple(found)


def refusals(parts: Sequence[Token]) -> list[tuple[str, str]]:
    """Reasons why a statement is no single read-only traversal over a whole class, as (code, what)."""
    found: list[tuple[str, str]] = []
    if not parts or parts[0].upper not in ("MATCH", "OPTIONAL"):
        found.append(("RUL130", "a fact begins with MATCH"))
    before = ""
    for part in parts:
        if part.upper in WRITING and before not in (".", ":"):
            found.append(("RUL130", f"the keyword {part.upper} is not allowed"))
        if part.upper in ("LIMIT", "SKIP") and before not in (".", ":"):
            found.append(("RUL130", f"{part.upper} leaves out part of the class"))
        if part.kind == "quoted":
            found.append(("RUL130", f"the quoted name {part.text} is not allowed"))
        if part.kind == "mark" and not part.text.isascii():
            found.append(("RUL130", f"the character `{part.text}` is not allowed outside a text"))
        if part.text == ";":
            found.append(("RUL131", "`;` would end the statement"))
        if part.text == "$":
            found.append(("RUL131", "a parameter has no value when facts are evaluated"))
        before = part.text
    if not any(part.upper == "RETURN" for part in parts):
        found.append(("RUL134", "the traversal returns nothing"))
    found.extend(("RUL132", what) for what in _unbounded(parts))
    return list(dict.fromkeys(found))


def _unbounded(parts: Sequence[Token]) -> list[str]:
    found = []
    for start, end in _relationships(parts):
        inner = [p.text for p in parts[start + 1 : end]]
        if "*" not in inner:
            continue
        hops = [t for t in inner[inner.index("*") + 1 :] if t == ".." or t.isdigit() or t.upper() in ("SHORTEST", "ALL", "TRAIL", "ACYCLIC")]
        bounds = [t for t in hops if t == ".." or t.isdigit()]
        if not bounds or bounds[-1] == "..":
            found.append(f"the hops of [{' '.join(inner)}] have no upper bound")
        elif int(bounds[-1]) > MAX_HOPS:
            found.append(f"{bounds[-1]} hops are more than {MAX_HOPS}")
    return found


def _relationships(parts: Sequence[Token]) -> list[tuple[int, int]]:
    """Positions of the brackets of every relationship pattern."""
    found = []
    for position, part in enumerate(parts):
        if part.text == "[" and position and parts[position - 1].text == "-":
            end = next((n for n in range(position, len(parts)) if parts[n].text == "]"), len(parts))
            found.append((position, end))
    return found


def named_terms(parts: Sequence[Token]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Labels of nodes and tables of relationships, in order of appearance."""
    inside = {n for start, end in _relationships(parts) for n in range(start, end)}
    labels: list[str] = []
    relations: list[str] = []
    braces = 0
    for position, part in enumerate(parts[:-1]):
        braces += {"{": 1, "}": -1}.get(part.text, 0)
        following = parts[position + 1]
        if braces == 0 and following.kind == "name" and part.text in (":", "|"):
            if position in inside:
                relations.append(following.text)
            elif part.text == ":" or (labels and parts[position - 1].text == labels[-1]):
                labels.append(following.text)
    return tuple(dict.fromkeys(labels)), tuple(dict.fromkeys(relations))


def properties(parts: Sequence[Token]) -> tuple[str, ...]:
    """Names read with a dot, as in `r.label`, in order of appearance."""
    found = [
        parts[n + 1].text
        for n, part in enumerate(parts[:-1])
        if part.text == "." and n and parts[n - 1].kind == "name" and parts[n + 1].kind == "name"
    ]
    return tuple(dict.fromkeys(found))


def returned(parts: Sequence[Token]) -> list[tuple[str, ...]]:
    """Names of the returned columns, once for each part of a UNION; an item without a name is the empty text."""
    answers: list[tuple[str, ...]] = []
    statements: list[list[Token]] = [[]]
    for part in parts:
        if part.upper == "UNION":
            statements.append([])
        else:
            statements[-1].append(part)
    for statement in statements:
        starts = [n for n, part in enumerate(statement) if part.upper == "RETURN"]
        if not starts:
            answers.append(())
            continue
        items: list[list[Token]] = [[]]
        depth = 0
        for part in statement[starts[-1] + 1 :]:
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(part.text, 0)
            if depth == 0 and part.upper == "ORDER":
                break
            if depth == 0 and part.text == ",":
                items.append([])
            elif not (part.upper == "DISTINCT" and not items[-1]):
                items[-1].append(part)
        answers.append(tuple(_name_of(item) for item in items))
    return answers


def _name_of(item: Sequence[Token]) -> str:
    if len(item) == 1 and item[0].kind == "name":
        return item[0].text
    if len(item) >= 3 and item[-2].upper == "AS" and item[-1].kind == "name":
        return item[-1].text
    return ""
