"""The column of titles in a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from engine.contracts import BadInput, Place

if TYPE_CHECKING:
    from engine.coverage.title_file import RowCounts

_BATCH = 16_384
_SHOWN_COLUMNS = 20


def parquet_titles(path: Path, column: str, counts: RowCounts) -> Iterator[str | None]:
    """Values of the column, None where a row has none. Raises BadInput COV105 (no such column), COV109 (not text), COV110 (damaged)."""
    import pyarrow.parquet as pq

    place = Place(path.name)
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            if schema.names.count(column) != 1:
                fix = f"name one of: {', '.join(schema.names[:_SHOWN_COLUMNS])}"
                raise BadInput.at("COV105", f"the list has no column `{column}`" if column not in schema.names else f"the list has `{column}` more than once", fix=fix, place=place)
            kind = schema.field(column).type
            if not _text(kind):
                raise BadInput.at("COV109", f"the column `{column}` holds {kind}, not text", why="a title is text", fix="name the column of titles with --column", place=place)
            for batch in file.iter_batches(_BATCH, columns=[column]):
                values = batch.column(0)
                for value in (values.dictionary_decode() if pa.types.is_dictionary(values.type) else values).to_pylist():
                    if isinstance(value, bytes):
                        value = _decoded(value, counts)
                    yield value
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInput.at("COV110", f"the list is damaged: {said}", why="a Parquet file that was cut off looks like this", fix="copy or export it again", place=place) from None


def _text(kind: Any) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    views = (pa.types.is_string_view(inner), pa.types.is_binary_view(inner)) if hasattr(pa.types, "is_string_view") else ()
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner) or pa.types.is_binary(inner) or pa.types.is_large_binary(inner) or pa.types.is_null(inner) or any(views))


def _decoded(value: bytes, counts: RowCounts) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        counts.recoded += 1
        return value.decode("latin-1")
