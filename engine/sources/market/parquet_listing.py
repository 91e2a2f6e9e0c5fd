"""A list in a Parquet file: read as text by the process of its own that reads every Parquet file here, all columns, since the guard looks at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import BadInput, Diagnostic, Place
from engine.sources.formats import Converted, Form, convert

if TYPE_CHECKING:
    import pyarrow as pa

_NO_COLUMN = ("\0",)  # no file has it: asks for the header alone


def read_parquet(path: Path, shown: str) -> tuple[tuple[str, ...], pa.Table]:
    """Column names, and a table of the row number and all columns as text.

    Raises BadInput with the code of what cannot be trusted (SRC269, SRC271 to SRC273, SRC221, SRC225, SRC276), and SRC365 for a name that stands twice.
    """
    import pyarrow as pa

    header = _converted(path, {}, _NO_COLUMN, None, shown).header
    if len(set(header)) < len(header) or not header:
        raise BadInput(Diagnostic(Place(shown), "SRC365", "two columns have one name, or there is none", "columns are found by their names", "write the file again with distinct names"))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "listing.arrow"
        _converted(path, {name: f"c{n}" for n, name in enumerate(header)}, header, target, shown)
        return header, pa.ipc.open_file(pa.py_buffer(target.read_bytes())).read_all()


def table_records(header: tuple[str, ...], table: pa.Table, size: int) -> Iterator[tuple[int, list[str]]]:
    """The header, then every row with its number from 1; what is missing is an empty cell."""
    yield 0, list(header)
    for batch in table.to_batches(max_chunksize=size):
        rows, *columns = (column.to_pylist() for column in batch.columns)
        for row, *cells in zip(rows, *columns, strict=True):
            yield row, [cell or "" for cell in cells]


def _converted(path: Path, columns: dict[str, str], required: tuple[str, ...], target: Path | None, shown: str) -> Converted:
    answer = convert(path, Form.PARQUET, columns, required, 1, "", target, shown)
    if isinstance(answer, Diagnostic):  # its own words may hold what stands in the file
        raise BadInput(Diagnostic(Place(shown, answer.place.line), answer.code, "the Parquet file cannot be taken in", answer.why, "write it again with plain columns of text, numbers and dates"))
    return answer
