"""Where things stand in a Turtle file: a scanner that keeps positions, for diagnostics that point at a line and column.

In: the text of a file (Turtle, TriG, N-Triples) and, for the places of anonymous nodes, the triples that a parser made
of it. Out: `Places`. Refuses to know: truth. Whether the text is well-formed is the parser's business; the scanner
survives any text, in linear time, and where it cannot tell a place it answers with the statement or the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from engine.contracts import Place
from engine.shapes.terms import RDF, Blank, Iri, Literal, Term

SCANNED = frozenset((".ttl", ".turtle", ".trig", ".nt", ".ntriples"))
_TYPE, _FIRST, _REST = RDF + "type", RDF + "first", RDF + "rest"
# possessive throughout: no text makes it go back, and an open string is a token too
_TOKEN = re.compile(
    r"""(?P<space>\s++|\#[^\r\n]*+)
    |(?P<long>\"\"\"(?:[^"\\]++|\\.|"(?!""))*+(?:\"\"\")?+|'''(?:[^'\\]++|\\.|'(?!''))*+(?:''')?+)
    |(?P<short>"(?:[^"\\\r\n]++|\\[^\r\n])*+"?+|'(?:[^'\\\r\n]++|\\[^\r\n])*+'?+)
    |(?P<iri><(?:[^\x00-\x20<>"{}|^`\\]++|\\[uU][0-9A-Fa-f]{4,8})*+>)
    |(?P<at>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    |(?P<name>(?:[^\s<>"'()\[\]{};,.\#^@\\]|\\\S|\.(?=[0-9]))(?:[^\s<>"'()\[\]{};,.\#^@\\]++|\\\S|\.++(?=[^\s<>"'()\[\]{};,.\#^@]))*+)
    |(?P<mark>\^\^|[\[\](){};,.])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTER_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LONGEST = 100_000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class _Object(NamedTuple):
    """An object as written: the node that has it, its predicate, its text as decoded (None for an anonymous node), where it begins."""

    node: int
    predicate: str
    text: str | None
    start: int


@dataclass(slots=True)
class _Frame:
    """What is open: a statement, a bracket or a list. A list has the node and predicate that it is the object of, and its last cell."""

    kind: str
    node: int | None = None
    predicate: str | None = None
    last: int | None = None
    start: int = 0


class _Scan:
    """One pass over the text. Nodes are numbered in the order in which they begin; a list is a chain of cells."""

    def __init__(self, text: str, base: str) -> None:
        self.starts: list[int] = []
        self.roots: list[int] = []  # for each node the subject of the statement that it stands in
        self.named: dict[str, int] = {}
        self.anonymous: list[int] = []  # nodes without a name that are subjects of statements
        self.children: dict[tuple[int, str], list[int]] = defaultdict(list)
        self.objects: list[_Object] = []
        self._base, self._prefixes = base, dict[str, str]()
        self._stack = [_Frame("statement")]
        self._directive: list[str] = []
        self._skip = False  # a datatype follows
        for token in _TOKEN.finditer(text):
            kind = token.lastgroup
            if kind in ("space", "other"):
                continue
            if kind == "mark":
                self._mark(token.group(), token.start())
            else:
                self._term(kind or "", token.group(), token.start())

    # ------------------------------------------------------------ tokens

    def _mark(self, mark: str, start: int) -> None:
        top = self._stack[-1]
        if mark == "^^":
            self._skip = True
        elif mark == ";":
            top.predicate = None
        elif mark in ".{}":  # at any depth: a file that forgot a bracket finds its way again
            self._stack = [_Frame("statement")]
            self._directive = []
        elif mark == "[":
            self._stack.append(_Frame("bracket", self._anonymous(top, start)))
        elif mark == "(":
            around = (self._cell(start), _FIRST) if top.kind == "list" else (top.node, top.predicate)
            self._stack.append(_Frame("list", *around, start=start))
        elif top.kind == {"]": "bracket", ")": "list"}.get(mark):
            self._stack.pop()
            if top.kind == "list" and top.last is None and top.node is not None:
                self.objects.append(_Object(top.node, top.predicate or "", RDF + "nil", top.start))

    def _term(self, kind: str, text: str, start: int) -> None:
        top = self._stack[-1]
        if self._skip:
            self._skip = False
        elif self._directive or (top.kind == "statement" and top.node is None and text.lower() in ("@prefix", "@base", "prefix", "base")):
            self._direct(text)
        elif kind != "at" and not (top.kind == "statement" and top.node is None and text.upper() == "GRAPH"):
            self._place_object(top, self._decoded(kind, text, top), start)

    def _direct(self, text: str) -> None:
        """`@prefix p: <iri>` and `@base <iri>`, a word at a time."""
        self._directive.append(text)
        wanted = 2 if self._directive[0].lower().endswith("base") else 3
        if len(self._directive) == wanted:
            iri = self._resolved(self._directive[-1][1:-1])
            if wanted == 2:
                self._base = iri
            else:
                self._prefixes[self._directive[1].removesuffix(":")] = iri
            self._directive = []

    def _decoded(self, kind: str, text: str, top: _Frame) -> str:
        if kind == "iri":
            return self._resolved(_unescaped(text[1:-1]))
        if kind in ("long", "short"):
            quotes = 3 if kind == "long" else 1
            return _unescaped(text[quotes:-quotes] if text.endswith(text[:quotes]) and len(text) >= 2 * quotes else text[quotes:])
        if text == "a" and top.kind != "list" and top.node is not None and top.predicate is None:
            return _TYPE
        prefix, colon, local = text.partition(":")
        return self._prefixes[prefix] + _unescaped(local) if colon and prefix in self._prefixes else text

    def _resolved(self, iri: str) -> str:
        if _SCHEME.match(iri) or not self._base:
            return iri
        try:
            return urljoin(self._base, iri)
        except ValueError:  # an address of a form that urljoin refuses
            return iri

    # ------------------------------------------------------------ nodes

    def _new(self, start: int, root: int | None) -> int:
        self.starts.append(start)
        self.roots.append(len(self.roots) if root is None else root)
        return len(self.starts) - 1

    def _place_object(self, top: _Frame, text: str, start: int) -> None:
        """A term with a name or a value: subject, predicate or object, by what is open."""
        if top.kind == "list":
            self.objects.append(_Object(self._cell(start), _FIRST, text, start))
        elif top.node is None:
            if text not in self.named:
                self.named[text] = self._new(start, None)
            top.node = self.named[text]
        elif top.predicate is None:
            top.predicate = text
        else:
            self.objects.append(_Object(top.node, top.predicate, text, start))

    def _anonymous(self, top: _Frame, start: int) -> int:
        """A node without a name: it begins a statement, or is an object of what is open."""
        if top.kind == "list":
            return self._child(self._cell(start), _FIRST, start)
        if top.node is None:
            top.node = self._new(start, None)
            self.anonymous.append(top.node)
            return top.node
        return self._child(top.node, top.predicate or "", start)

    def _child(self, node: int, predicate: str, start: int) -> int:
        child = self._new(start, self.roots[node])
        self.children[node, predicate].append(child)
        self.objects.append(_Object(node, predicate, None, start))
        return child

    def _cell(self, start: int) -> int:
        """The next cell of the list that is open; its first cell is what stands for the list."""
        top, around = self._stack[-1], self._stack[-2]
        if top.last is not None:
            top.last = self._child(top.last, _REST, start)
        elif top.node is not None:
            top.last = self._child(top.node, top.predicate or "", top.start)
        else:
            top.last = self._anonymous(around, top.start)
        return top.last


class Places:
    """Places in one file. Asked with node keys: an IRI as itself, a blank node as `_:` and its label."""

    def __init__(self, file: Place, text: str, base: str, triples: Iterable[tuple[Term, str, Term]]) -> None:
        self._file, self._text = file, text
        self._scan = _Scan(text, base)
        self._nodes = {**self._scan.named, **_recognised(self._scan, triples)}

    def place_of(self, subject: str, predicate: str | None = None, text: str | None = None) -> Place:
        """Place of the first object of the predicate (with that IRI or lexical form) of the subject, or anywhere inside its statement.

        Falls back to the predicate's first object with any text, then to the subject (where its statement or bracket
        begins), then to the file.
        """
        node = self._nodes.get(subject)
        if node is None:
            return self._file
        wanted = ((predicate, text), (predicate, None)) if text is not None else ((predicate, None),)
        if predicate is not None:
            for name, value in wanted:
                for within in ((False, node), (True, self._scan.roots[node])):
                    start = self._first.get((*within, name or "", value))
                    if start is not None:
                        return self._at(start)
        return self._at(self._scan.starts[node])

    @cached_property
    def subjects(self) -> Mapping[str, Place]:
        """Every subject that begins a statement and has an IRI or a label, at its first statement, in the order of the file."""
        return {name: self._at(self._scan.starts[node]) for name, node in self._scan.named.items()}

    @cached_property
    def _first(self) -> dict[tuple[bool, int, str, str | None], int]:
        """Where an object of (node itself or whole statement, node, predicate, text) first begins; made when a fault first asks."""
        found: dict[tuple[bool, int, str, str | None], int] = {}
        for o in self._scan.objects:
            for key in ((False, o.node, o.predicate), (True, self._scan.roots[o.node], o.predicate)):
                found.setdefault((*key, None), o.start)
                if o.text is not None:
                    found.setdefault((*key, o.text), o.start)
        return found

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer(r"\r\n?|\n", self._text))]

    def _at(self, start: int) -> Place:
        line = bisect_right(self._lines, start)
        return Place(self._file.file, line, start - self._lines[line - 1] + 1)


def subject_places(path: Path, text: str, triples: Iterable[tuple[Term, str, Term]] = (), base: str = "") -> Places:
    """Places in the text of a file; only the file itself where its suffix names no format that is scanned.

    `triples` are what a parser made of this text, in the parser's order: with them blank nodes that have a made-up label
    are found too. `base` is the IRI that relative IRIs were resolved against, as long as the text names none.
    """
    return Places(Place(str(path)), text if path.suffix.lower() in SCANNED else "", base, triples)


def _recognised(scan: _Scan, triples: Iterable[tuple[Term, str, Term]]) -> dict[str, int]:
    """Blank nodes of the parser by the nodes of the scanner: told by who refers to them, with which predicate, in which order."""
    blanks: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    subjects, objects = dict[str, None](), set[str]()
    for subject, predicate, value in triples:
        subjects[_key(subject)] = None
        if isinstance(value, Blank) and _key(value) not in scan.named:
            blanks[_key(subject), predicate][_key(value)] = None
            objects.add(_key(value))
    below: dict[int, list[str]] = defaultdict(list)
    for node, predicate in scan.children:
        below[node].append(predicate)
    begun = [s for s in subjects if s.startswith("_:") and s not in objects and s not in scan.named]
    found = dict(_paired(begun, scan.anonymous))
    queue = [*scan.named.items(), *found.items()]
    while queue:
        key, node = queue.pop()
        for predicate in below.get(node, ()):
            pairs = _paired(list(blanks.get((key, predicate), ())), scan.children[node, predicate])
            found.update(pairs)
            queue.extend(pairs)
    return found


def _paired(keys: list[str], nodes: list[int]) -> list[tuple[str, int]]:
    """One to one in order, or nothing where the parser and the scanner saw different things."""
    return list(zip(keys, nodes, strict=True)) if len(keys) == len(nodes) else []


def _key(term: Term) -> str:
    return term.value if isinstance(term, (Iri, Literal)) else f"_:{term.value}"


def _unescaped(text: str) -> str:
    # nobody asks for the place of a text this long by the text itself
    return _ESCAPE.sub(_character, text) if "\\" in text and len(text) <= _LONGEST else text


def _character(escape: re.Match[str]) -> str:
    code, long_code, letter = escape.groups()
    if letter is not None:
        return _LETTER_ESCAPES.get(letter, letter)
    number = int(code or long_code, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"
