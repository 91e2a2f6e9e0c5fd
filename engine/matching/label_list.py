"""A list of labels from a csv or parquet file: id, label, and where given concept, description and alternative labels; faults collected, unusable rows counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.contracts import BadInput, Diagnostic, InputOutput, Place
from engine.documents import NotDelimited, NotUtf8, TooLarge, delimited_rows, utf8_text
from engine.matching.label_words import once, split_labels

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "label_id", "concept_uri", "conceptUri", "uri", "code"),
    "label": ("label", "title", "name", "preferredLabel", "text"),
    "concept": ("concept", "concept_id"),
    "description": ("description", "definition"),
    "alternatives": ("alternative_labels", "alt_labels", "altLabels", "alternatives"),
}
QUERY, CANDIDATE = ("title", "query", "query_title", "label", "vacancyTitle"), ("candidate_id", "candidate", "id", "conceptUri", "concept_uri", "gold")
MAX_BYTES = 512 * 1024 * 1024
MAX_LABEL = 1_000  # characters
_SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label of a list; `line` is where it stands (csv line, or row number in a parquet file)."""

    id: str
    label: str
    concept: str = ""
    description: str = ""
    alternatives: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class LabelList:
    """Usable rows in the order of their ids, and how many were left out for which reason."""

    rows: tuple[LabelRow, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled pairs (query title, candidate id) in order, and how many were left out for which reason."""

    pairs: tuple[tuple[str, str], ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_labels(path: Path) -> LabelList:
    """The list of a file. Raises InputOutput MAT100 (cannot be read); BadInput MAT101 (not UTF-8, csv or parquet, or too large), MAT102 (a column is
    missing), MAT103 (an id twice, empty or with blanks in it), MAT104 (no usable row). A row without a label, or with one of more than MAX_LABEL
    characters, is left out and counted."""
    faults: list[Diagnostic] = []
    left: Counter[str] = Counter()
    seen: dict[str, int] = {}
    kept: list[LabelRow] = []
    for line, cells in _rows(path, {"id": COLUMNS["id"], "label": COLUMNS["label"]}, {name: COLUMNS[name] for name in ("concept", "description", "alternatives")}):
        row = LabelRow(cells["id"].strip(), " ".join(cells["label"].split()), cells["concept"].strip(), cells["description"], split_labels(cells["alternatives"]), line)
        fault = _id_fault(row, seen)
        if fault:
            faults.append(Diagnostic(Place(str(path), line), "MAT103", *fault))
        elif not row.label or len(row.label) > MAX_LABEL:
            left["label longer than 1,000 characters" if row.label else "no label"] += 1
        else:
            kept.append(row)
        seen.setdefault(row.id, line)
    if faults:
        raise BadInput(*_first(faults))
    if not kept:
        raise BadInput.at("MAT104", "the list holds no usable label", fix="give rows with an id and a label of at most 1,000 characters", place=Place(str(path)))
    return LabelList(tuple(sorted(kept, key=lambda r: r.id)), dict(sorted(left.items())))


def read_examples(path: Path, candidates: Iterable[str]) -> Examples:
    """Labelled pairs of a file; a pair whose candidate is not in the list, or without a title, is left out and counted. Raises as read_labels, without MAT103."""
    known, left, pairs = frozenset(candidates), Counter[str](), []
    for _, cells in _rows(path, {"title": QUERY, "candidate": CANDIDATE}, {}):
        title, candidate = " ".join(cells["title"].split()), cells["candidate"].strip()
        if not title or len(title) > MAX_LABEL:
            left["label longer than 1,000 characters" if title else "no label"] += 1
        elif candidate not in known:
            left["candidate is not in the list"] += 1
        else:
            pairs.append((title, candidate))
    if not pairs:
        raise BadInput.at("MAT104", "the file holds no usable example", fix="give pairs of a query title and the id of a candidate in the list", place=Place(str(path)))
    return Examples(tuple(sorted(pairs)), dict(sorted(left.items())))


def _id_fault(row: LabelRow, seen: Mapping[str, int]) -> tuple[str, str, str] | None:
    if not row.id:
        return "a row has no id", "an answer could not name it", "give every row an id of its own"
    if len(row.id.split()) > 1 or len(row.id) > MAX_LABEL:
        return f"the id `{row.id[:60]}` holds blanks or is too long", "a run file parts its columns by blanks", "give ids without blanks"
    if row.id in seen:
        return f"the id `{row.id[:60]}` stands twice; first on line {seen[row.id]}", "an answer could mean either row", "give every row an id of its own; labels of one concept share `concept`"
    return None


def _first(faults: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    if len(faults) <= _SHOWN_FAULTS:
        return faults
    rest = Diagnostic(faults[0].place, "MAT103", f"{len(faults) - _SHOWN_FAULTS} more rows have such a fault", "only the first are shown", "mend these and run again")
    return (*faults[:_SHOWN_FAULTS], rest)


def _rows(path: Path, wanted: Mapping[str, tuple[str, ...]], optional: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by our names) of every row that is not wholly blank."""
    names, lines = _parquet(path) if path.suffix.lower() in (".parquet", ".pq") else _csv(path)
    spelt = {name.strip().casefold(): place for place, name in reversed(list(enumerate(names)))}
    found = {ours: next((spelt[t.casefold()] for t in theirs if t.casefold() in spelt), None) for ours, theirs in (*wanted.items(), *optional.items())}
    missing = [Diagnostic(Place(str(path), 1), "MAT102", f"there is no column `{ours}`", f"these columns are there: {', '.join(names)[:300] or 'not one'}", f"name one of them {' or '.join(theirs)}")
               for ours, theirs in wanted.items() if found[ours] is None]  # fmt: skip
    if missing:
        raise BadInput(*missing)
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            yield line, {ours: cells[place] if place is not None and place < len(cells) else "" for ours, place in found.items()}


def _csv(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    try:
        text = utf8_text(path, MAX_BYTES)
    except OSError as error:
        raise InputOutput.at("MAT100", f"cannot read the list: {error.strerror}", fix="check the path", place=Place(str(path))) from None
    except TooLarge as fault:
        raise BadInput.at("MAT101", f"the list is {fault.what}", fix="give it in parts, or as parquet", place=Place(str(path))) from None
    except NotUtf8 as fault:
        raise BadInput.at("MAT101", fault.what, why="a guess would spoil labels", fix="save the list as UTF-8", place=Place(str(path), fault.line)) from None
    rows = _told(text, path)
    return next(rows, (0, []))[1], rows


def _told(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with their lines, the header first."""
    try:
        yield from delimited_rows(text, MAX_BYTES)
    except NotDelimited as fault:
        raise BadInput.at("MAT101", f"not csv: {fault.what}", fix="mend the quotes of this line", place=Place(str(path), fault.line)) from None


def _parquet(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and not path.is_file():
            raise InputOutput.at("MAT100", "cannot read the list: there is no such file", fix="check the path", place=Place(str(path))) from None
        raise BadInput.at("MAT101", f"not parquet: {str(error).splitlines()[0][:200]}", fix="save the list anew", place=Place(str(path))) from None
    columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    return list(table.column_names), ((number, list(cells)) for number, cells in enumerate(zip(*columns, strict=True), 1))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(once(_cell(v) for v in value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
