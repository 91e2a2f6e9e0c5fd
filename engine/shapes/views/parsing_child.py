"""Child process: parses one RDF file and pours its triples out as canonical N-Triples, one line each.

Native parsers recurse, expand and hoard, and some of what they meet makes them do it without end; so a file that is not
small is parsed in a process with a limit on memory and processor time, which has no code that could open a connection.
It imports nothing of the engine: it starts in a blink and shares nothing.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Protocol
from xml.parsers import expat

import pyoxigraph as ox

FORMATS = {
    "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
XML_DEPTH = 1_000
ENTITY_LENGTH = 4_096
MARKUP = re.compile("<|&(?!(?:amp|lt|gt|quot|apos);)")
REFUSED_STATUS = 3
REFUSED_MARK = "refused: "  # an interpreter may have things of its own to say on standard error
OUTSIDE_WHY = "data is judged as it was given: nothing is fetched, and no other file is read"


class Write(Protocol):
    """Where N-Triples go: like `write` of a binary file."""

    def __call__(self, data: bytes, /) -> Any: ...


class Refused(Exception):
    """The file cannot be used: the parts of a diagnostic, lines and columns from 1, 0 where unknown."""

    def __init__(self, code: str, what: str, why: str = "", fix: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(what)
        self.parts: dict[str, Any] = {"code": code, "what": what, "why": why, "fix": fix, "line": line, "column": column}


class _Sink(io.BytesIO):
    """Measures what passes, and keeps none of it: a small file that says the same prefix again and again can stand for terabytes."""

    def __init__(self, write: Write, most: int) -> None:
        super().__init__()
        self._write, self._left = write, most

    def write(self, data: Any, /) -> int:
        """As of a binary file."""
        self._left -= len(data)
        if self._left < 0:
            raise Refused("SHP112", "the file stands for far more text than it holds", "prefixes or entities that grow without measure fill the disk", "write long names out, or split them")
        self._write(data)
        return len(data)


class _Lines:
    """Counts lines that pass."""

    def __init__(self, write: Write) -> None:
        self._write, self.count = write, 0

    def __call__(self, data: bytes, /) -> None:
        self.count += data.count(b"\n")
        self._write(data)


def pour(path: str, form: str, base: str, most: int, write: Write) -> None:
    """Write the triples of a file as canonical N-Triples, at most `most` bytes; named graphs are merged. Raises Refused, or OSError."""
    {"rdfxml": _check_xml, "jsonld": _check_json}.get(form, _check_start)(path)
    try:
        if form == "jsonld":
            lines = _Lines(write)
            _serialize(path, form, base, _Sink(lines, most))
            _check_nothing_dropped(path, base, lines.count)
        else:
            _serialize(path, form, base, _Sink(write, most))
    except SyntaxError as error:
        raise _refusal(error, path, form) from None
    except MemoryError as error:
        if "buffer" not in str(error):
            raise
        raise Refused("SHP112", "a single term or comment is longer than 16 MiB", "the parser holds a term in memory as a whole", "keep long texts in files of their own, and link them") from None


def _serialize(path: str, form: str, base: str, sink: _Sink, lenient: bool = False) -> None:
    parsed: Any = ox.parse(path=path, format=FORMATS[form], base_iri=None if form in ("ntriples", "nquads") else base, lenient=lenient)
    if form in ("trig", "nquads", "jsonld"):
        parsed = map(attrgetter("triple"), parsed)
    ox.serialize(parsed, sink, ox.RdfFormat.N_TRIPLES)


def _refusal(error: SyntaxError, path: str, form: str) -> Refused:
    what = str(error.msg).partition(": ")[2] if str(error.msg).startswith("Parser error at ") else str(error.msg)
    if "LoadDocumentCallback" in what:
        return _remote_context(path)
    fix = "look at the place named, and at the line before it"
    if "end of file" in what:
        fix = "the file ends too early: write or copy it again"
    elif "UTF-8" in what:
        fix = "save the file in UTF-8"
    elif "scheme" in what and form in ("ntriples", "nquads"):
        fix = "write every IRI out: this format knows no relative ones"
    return Refused("SHP110", what, "a graph that is only partly read must not be judged", fix, error.lineno or 0, error.offset or 0)


def _check_start(path: str) -> None:
    with open(path, "rb") as file:
        start = file.read(3)
    if start == b"\xef\xbb\xbf" or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused("SHP110", "the file begins with a byte order mark", "RDF in text is UTF-8 without one", "save the file as UTF-8 without a byte order mark", 1, 1)


def _check_xml(path: str) -> None:
    """Well-formed to its end, without references to elsewhere, shallow: the RDF/XML parser takes a file that just ends for a whole one."""
    depth, parser = 0, expat.ParserCreate()

    def here(code: str, what: str, why: str, fix: str) -> Refused:
        return Refused(code, what, why, fix, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def opened(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > XML_DEPTH:
            raise here("SHP112", f"elements are nested deeper than {XML_DEPTH}", "the parser's time grows with the square of the depth", "name nested nodes by rdf:about, and write them one after the other")

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(_name: str, system: str | None, public: str | None, _internal: int) -> None:
        if system or public:
            raise here("SHP111", f"the document type stands elsewhere: {system or public}", OUTSIDE_WHY, "leave the DOCTYPE out")

    def entity(name: str, _parameter: int, value: str | None, _base: object, system: str | None, public: str | None, _notation: object) -> None:
        if value is None or system or public:
            raise here("SHP111", f"the entity {name} stands elsewhere: {system or public}", OUTSIDE_WHY, "write its text into the file")
        if MARKUP.search(value) or len(value) > ENTITY_LENGTH:
            raise here("SHP112", f"the entity {name} holds markup or other entities, or is longer than {ENTITY_LENGTH} characters", "nested entities grow without measure, and parsers differ over markup in them", "write the text out")

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = doctype, entity
    try:
        with open(path, "rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        cut = error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS] or (depth > 0 and "no element" in str(error))
        fix = "the file ends too early: write or copy it again" if cut else "look at the place named, and at the line before it"
        raise Refused("SHP110", f"no well-formed XML: {expat.errors.messages[error.code]}", "a graph that is only partly read must not be judged", fix, error.lineno, error.offset + 1) from None


def _check_json(path: str) -> None:
    with open(path, "rb") as file:
        first = file.read(4096).lstrip()[:1]
    if first not in (b"{", b"["):
        raise Refused("SHP110", "no JSON object or array", "JSON-LD is an object, or an array of objects", "check what was exported", 1, 1)


def _check_nothing_dropped(path: str, base: str, lines: int) -> None:
    """The JSON-LD parser drops without a word what is no valid IRI or language; a parser that lets them stand must meet no more."""
    whole = _Lines(lambda _: None)
    _serialize(path, "jsonld", base, _Sink(whole, sys.maxsize), lenient=True)
    if whole.count != lines:
        raise Refused(
            "SHP110", f"{whole.count - lines} statements hold something that is no valid IRI or language tag{_first_bad(path, base)}",
            "JSON-LD leaves such statements out without a word, so that a part of the data would not be judged", "mend the IRI: no blanks, no <>{}|^`, percent signs only as %20",
        )  # fmt: skip


def _first_bad(path: str, base: str) -> str:
    for quad in ox.parse(path=path, format=ox.RdfFormat.JSON_LD, base_iri=base, lenient=True):
        for term in quad.triple:
            made: Callable[[], object] | None = None
            if isinstance(term, ox.NamedNode):
                made = lambda iri=term.value: ox.NamedNode(iri)  # noqa: E731
            elif isinstance(term, ox.Literal) and term.language:
                made = lambda tag=term.language: ox.Literal("", language=tag)  # noqa: E731
            try:
                if made is not None:
                    made()
            except ValueError:
                return f", first: {term.value if isinstance(term, ox.NamedNode) else term.language}"
    return ""


def _remote_context(path: str) -> Refused:
    """Which context it is, and on which line: only sought when the parser has already refused."""
    found: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> None:
        for key, value in pairs:
            if key in ("@context", "@import"):
                found.extend(v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str))

    with open(path, "rb") as file:
        data = file.read()
    try:
        json.loads(data, object_pairs_hook=note)
    except (ValueError, RecursionError):
        found.clear()
    name = f" {found[0]}" if found else ""
    at = data.find(json.dumps(found[0]).encode()) if found else -1
    line, column = (data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)) if at >= 0 else (0, 0)
    return Refused("SHP111", f"the JSON-LD context{name} stands elsewhere", OUTSIDE_WHY, "write the context out as an object in the file", line, column)


def main() -> None:
    """Request as JSON in the first argument; N-Triples to standard output; a refusal as a marked line of JSON to standard error and exit status 3."""
    import resource

    request = json.loads(sys.argv[1])
    for limit, size in ((resource.RLIMIT_AS, request["memory_bytes"]), (resource.RLIMIT_CPU, request["seconds"]), (resource.RLIMIT_CORE, 0)):
        _, hardest = resource.getrlimit(limit)
        resource.setrlimit(limit, (size if hardest == resource.RLIM_INFINITY else min(size, hardest), hardest))
    with open(1, "wb", buffering=1 << 20, closefd=False) as out:
        try:
            pour(request["path"], request["format"], request["base"], request["most"], out.write)
        except Refused as refused:
            sys.stderr.write(f"\n{REFUSED_MARK}{json.dumps(refused.parts)}\n")
            sys.stderr.flush()
            sys.exit(REFUSED_STATUS)


if __name__ == "__main__":
    main()
