"""Files as the N-Triples that the child is given: blank nodes get the names that the views and the reader of shapes give them.

So results of both engines stand in one report, and nothing in it changes from run to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.shapes.terms import Blank, Term
from engine.shapes.views import ReadingLimits, parsed_triples

# labels that the parser draws at random, and the names that they get
_UNNAMED = re.compile("[a-f][0-9a-f]{23,31}|anon-.*")


def data_lines(files: Sequence[Path], limits: ReadingLimits) -> Iterator[str]:
    """Statements of data files, as `open_rdf_views` names their nodes. Raises BadInput SHP110 to SHP113, InputOutput SHP114 as `parsed_triples` does."""
    names: dict[tuple[int, str], str] = {}
    for number, path in enumerate(files, 1):
        prefix = f"f{number}-" if len(files) > 1 else ""

        def named(term: Term, number: int = number, prefix: str = prefix) -> Term:
            if not isinstance(term, Blank):
                return term
            if not _UNNAMED.fullmatch(term.value):
                return Blank(prefix + term.value)
            return Blank(names.setdefault((number, term.value), f"anon-{len(names) + 1}"))

        for subject, predicate, value in parsed_triples(path, limits):
            yield _line(named(subject), predicate, named(value))


def shapes_text(files: Sequence[Path], limits: ReadingLimits) -> str:
    """Statements of shapes files, as `read_shapes` names their nodes: b1, b2 and so on in the order of the files."""
    lines: list[str] = []
    names: dict[tuple[Path, str], str] = {}
    for path in files:

        def named(term: Term, path: Path = path) -> Term:
            return Blank(names.setdefault((path, term.value), f"b{len(names) + 1}")) if isinstance(term, Blank) else term

        lines += (_line(named(subject), predicate, named(value)) for subject, predicate, value in parsed_triples(path, limits))
    return "".join(lines)


def _line(subject: Term, predicate: str, value: Term) -> str:
    return f"{subject.n3()} <{predicate}> {value.n3()} .\n"
