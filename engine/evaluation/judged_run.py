"""A ranked run and its judgements from files: TREC lines (`query Q0 candidate rank score tag` and `query 0 candidate relevance`), judgements also as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from engine.contracts import BadInput, Diagnostic, Place
from engine.documents import NotDelimited, delimited_rows
from engine.evaluation.labelled_list import MAX_CELL, MOST_FAULTS, text_of

MOST_RELEVANT = 1_000  # a grade of relevance beyond it is a slip of the pen
_RUN, _JUDGED = 6, 4  # columns

Judgements = Mapping[str, Mapping[str, int]]
Fault = tuple[str, str, str, str]  # code, what, why, fix
Cells = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class RankedRun:
    """Candidates of each query, best first: by falling score, equal scores by the rank stated, then by candidate."""

    name: str
    ranked: Mapping[str, tuple[str, ...]]


def read_run(path: Path) -> RankedRun:
    """A run file. Raises InputOutput EVL101 (cannot be read); BadInput EVL102 (too large, not UTF-8), EVL110 (lines that are none of a run), EVL111 (a
    candidate twice for a query), EVL112 (no line)."""
    found: dict[str, list[tuple[Decimal, int, str]]] = {}
    seen: set[tuple[str, str]] = set()

    def take(cells: list[str]) -> Fault | None:
        if len(cells) != _RUN:
            return "EVL110", f"{len(cells)} columns instead of {_RUN}", "a line is `query Q0 candidate rank score tag`", "write the run as `wig match` does"
        query, _, candidate, rank, score, _ = cells
        try:
            place, points = int(rank), Decimal(score)
        except (ValueError, InvalidOperation):
            return "EVL110", f"`{rank[:40]} {score[:40]}` are no rank and score", "a line is `query Q0 candidate rank score tag`", "write the run as `wig match` does"
        if not points.is_finite():
            return "EVL110", f"`{score[:40]}` is no score", "candidates cannot be put in order by it", "give a finite number"
        if (query, candidate) in seen:
            return "EVL111", f"`{candidate[:60]}` stands twice for `{query[:60]}`", "its place would be counted twice", "list a candidate once for a query"
        seen.add((query, candidate))
        found.setdefault(query, []).append((-points, place, candidate))
        return None

    _take(path, ((n, line.split()) for n, line in enumerate(text_of(path).splitlines(), 1) if line.strip()), take)
    return RankedRun(path.name, {query: tuple(c for _, _, c in sorted(rows)) for query, rows in sorted(found.items())})


def read_judgements(path: Path) -> Judgements:
    """Relevance by query and candidate, from TREC lines or, for `.csv`, from the columns query, candidate and perhaps relevance (1 where there is none).
    What is not relevant (0 and below) is kept as 0. Raises as read_run; BadInput EVL103 (a column is missing), EVL113 (a pair judged in two ways)."""
    found: dict[str, dict[str, int]] = {}

    def take(cells: list[str]) -> Fault | None:
        if len(cells) != _JUDGED or not cells[0] or not cells[2]:
            return "EVL110", f"{sum(map(bool, cells))} cells that say something", "a judgement is `query 0 candidate relevance`, in csv `query,candidate[,relevance]`", "mend the line"
        query, _, candidate, grade = cells
        try:
            relevance = max(0, int(grade))
        except ValueError:
            return "EVL110", f"`{grade[:40]}` is no relevance", "it is a whole number, 0 for what is not relevant", "mend the line"
        if relevance > MOST_RELEVANT:
            return "EVL110", f"a relevance of {relevance}", f"grades go up to {MOST_RELEVANT:,}", "mend the line"
        if found.setdefault(query, {}).setdefault(candidate, relevance) != relevance:
            return "EVL113", f"`{candidate[:60]}` is judged in two ways for `{query[:60]}`", "either could be meant", "keep one of the two"
        return None

    _take(path, _csv_cells(path) if path.suffix == ".csv" else ((n, line.split()) for n, line in enumerate(text_of(path).splitlines(), 1) if line.strip()), take)
    return {query: dict(sorted(rows.items())) for query, rows in sorted(found.items())}


def _csv_cells(path: Path) -> Cells:
    rows = delimited_rows(text_of(path), MAX_CELL)
    try:
        header = [name.strip() for name in next(rows, (0, []))[1]]
        if missing := [name for name in ("query", "candidate") if name not in header]:
            raise BadInput.at("EVL103", f"there is no column `{'` and no column `'.join(missing)}`", fix="name the columns query, candidate and relevance", place=Place(str(path), 1))
        graded = header.index("relevance") if "relevance" in header else -1
        for line, row in rows:
            if row:
                cells = [*(cell.strip() for cell in row), *[""] * len(header)]
                yield line, [cells[header.index("query")], "0", cells[header.index("candidate")], cells[graded] if graded >= 0 else "1"]
    except NotDelimited as fault:
        raise BadInput.at("EVL102", f"not CSV: {fault.what}", fix="mend the file", place=Place(str(path), fault.line)) from None


def _take(path: Path, lines: Cells, take: Callable[[list[str]], Fault | None]) -> None:
    """Each line handed on; at most MOST_FAULTS faults are told, and how many there are."""
    faults: list[Diagnostic] = []
    count = read = 0
    for number, cells in lines:
        read += 1
        fault = take(cells)
        if fault is not None:
            count += 1
            if len(faults) < MOST_FAULTS:
                faults.append(Diagnostic(Place(str(path), number), *fault))
    if count > len(faults):
        faults.append(Diagnostic(Place(str(path)), "EVL110", f"and {count - len(faults):,} more", "only the first are told", "mend the lines that are told and ask again: what is left is told then"))
    if faults:
        raise BadInput(*faults)
    if not read:
        raise BadInput.at("EVL112", "the file holds no line", fix="give a run of `wig match`, or judgements of its queries", place=Place(str(path)))
