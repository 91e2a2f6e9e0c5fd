"""Titles of a coverage file (`coverage.parquet`): those of the tiers that become questions, without reading the rest of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.contracts import BadInput, InputOutput, Place

COLUMNS = ("title", "service_tier")


def coverage_titles(path: Path, tiers: Collection[str]) -> tuple[str, ...]:
    """Titles whose row names one of the tiers, each once, in the order of the file.

    Raises InputOutput ADJ101; BadInput ADJ204 (no Parquet), ADJ205 (without the columns `title` and `service_tier`).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = Place(path.name)
    try:
        with pq.ParquetFile(path) as file:
            lacking = [c for c in COLUMNS if c not in file.schema_arrow.names]
            if lacking:
                raise BadInput.at("ADJ205", f"the file has no column `{lacking[0]}`", why="it tells which titles were held", fix="give the coverage.parquet of `wig coverage`", place=place)
            found: dict[str, None] = {}
            for batch in file.iter_batches(columns=list(COLUMNS)):
                titles, told = batch.column("title").to_pylist(), batch.column("service_tier").to_pylist()
                found.update((str(t), None) for t, tier in zip(titles, told, strict=True) if tier in tiers and t)
    except pa.ArrowInvalid as error:
        raise BadInput.at("ADJ204", f"no Parquet file: {str(error).splitlines()[0][:120]}", fix="give the coverage.parquet of `wig coverage`", place=place) from None
    except OSError as error:
        raise InputOutput.at("ADJ101", f"cannot read {path.name}: {error.strerror or 'damaged'}", fix="check the path", place=place) from None
    return tuple(found)
