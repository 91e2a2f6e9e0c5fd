"""Parquet files and workbooks, turned into text columns by a process of its own with limits of memory and time.

Native code reads them; a file made to crash it or to eat memory ends that process and not the build.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.contracts import Diagnostic, InputOutput, Place
from engine.sources.formats.foreign import Form

SECONDS = 120
MEMORY_BYTES = 1024**3
_SCRATCH = "SRC202"
_CHILD = Path(__file__).with_name("binary_child.py")
_ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Converted:
    """Column names in order, the row of the header (0: the form has none), rows of data, and the Arrow file where one was written."""

    header: tuple[str, ...]
    header_row: int
    rows: int
    arrow: Path | None


def convert(path: Path, form: Form, columns: dict[str, str], required: tuple[str, ...], header_row: int, sheet: str, target: Path | None, shown: str) -> Converted | Diagnostic:
    """Check and read a binary file; with `target`, write `_row` and the columns (named by `columns`) as text to an Arrow file.

    Answers a fault for a file that cannot be trusted: SRC266 (formulas), SRC267 (links to elsewhere, macros), SRC268 (document types or
    entities), SRC269 (unpacks to too much), SRC270 (a workbook that cannot be read), SRC271 (no whole Parquet file), SRC272 (a Parquet
    file that cannot be read), SRC221, SRC225, SRC276 (cells), SRC273 (memory, time or a crash). Raises InputOutput SRC202 where
    `target` cannot be written.
    """
    request = {
        "path": str(path), "form": form.value, "columns": columns, "required": list(required), "header_row": header_row, "sheet": sheet,
        "target": None if target is None else str(target), "memory": MEMORY_BYTES, "seconds": SECONDS,
    }  # fmt: skip
    try:
        ended = subprocess.run([sys.executable, "-P", str(_CHILD)], input=json.dumps(request).encode(), capture_output=True, timeout=SECONDS, env={**os.environ, **_ENVIRONMENT}, check=False)
    except OSError as error:
        return _ended(shown, form, f"no process could be started for it: {error.strerror}")
    except subprocess.TimeoutExpired:
        return _ended(shown, form, f"reading it took more than {SECONDS} seconds")
    answer: dict[str, Any] | None = None
    with contextlib.suppress(ValueError, IndexError):
        answer = json.loads(ended.stdout.splitlines()[-1])
    if not isinstance(answer, dict):
        why = "reading it wanted more than the memory allowed" if b"Memory" in ended.stderr or b"alloc" in ended.stderr or ended.returncode in (-6, -9) else "the reader crashed on it"
        return _ended(shown, form, why)
    if "fault" in answer:
        fault = answer["fault"]
        if fault["code"] == _SCRATCH:
            raise InputOutput.at(_SCRATCH, fault["what"], fix=fault["fix"], place=Place(str(target)))
        return Diagnostic(Place(shown, fault["line"]), fault["code"], fault["what"], fault["why"], fault["fix"])
    return Converted(tuple(answer["header"]), answer["header_row"], answer["rows"], target if answer["written"] else None)


def _ended(shown: str, form: Form, why: str) -> Diagnostic:
    return Diagnostic(Place(shown), "SRC273", f"the {form.value} cannot be read safely: {why}", "a damaged or hostile file can do this", "fetch the file again")
