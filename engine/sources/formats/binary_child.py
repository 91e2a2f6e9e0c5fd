"""Run as a program of its own: reads one Parquet file or workbook that nobody trusts, and writes text columns to an Arrow file.

It imports nothing of the engine, so that it starts quickly and its limits hold for all it does. Request: one JSON object on standard
input (see binary_tables.convert); answer: one JSON line.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NoReturn

MAX_PARTS = 2_000
MAX_UNPACKED = 256 * 1024**2
MAX_RATIO = 200
MAX_CELL = 131_072
MAX_CELLS = 8_000_000
MAX_TEXT = 256 * 1024**2
MAX_ROWS = 5_000_000
MAX_COLUMNS = 1_000
MAX_FOOTER = 16 * 1024**2
HEADER_WITHIN = 50
CHUNK = 1024 * 1024
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ACTIVE = ("vbaproject", "xl/externallinks/", "xl/connections", "xl/querytables/", "xl/embeddings/", "xl/activex/", "xl/macrosheets/", "xl/ddelinks/", "customui/")
AGAIN = "fetch the file again"


class Refused(Exception):
    """The file is refused."""

    def __init__(self, code: str, what: str, why: str = "", fix: str = AGAIN, line: int = 0) -> None:
        super().__init__(what)
        self.told = {"code": code, "what": what, "why": why, "fix": fix, "line": line}


def main() -> None:
    """Read the request, answer it."""
    request = json.loads(sys.stdin.buffer.readline())
    _limit(request["memory"], request["seconds"])
    sys.modules["numpy"] = None  # type: ignore[assignment]  # nothing here wants it, and it is slow to load
    read: Callable[[dict[str, Any]], dict[str, Any]] = _parquet if request["form"] == "Parquet" else _workbook
    code = "SRC272" if request["form"] == "Parquet" else "SRC270"
    try:
        answer = read(request)
    except Refused as refused:
        answer = {"fault": refused.told}
    except MemoryError:
        answer = {"fault": Refused("SRC273", f"the {request['form']} cannot be read safely: reading it wanted more than the memory allowed", "a damaged or hostile file can do this").told}
    except BaseException as error:  # native readers raise whatever they like, panics among it
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        answer = {"fault": Refused(code, f"the {request['form']} cannot be read: {said}", "it was damaged, or is none").told}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    os._exit(0)  # native threads may wait for what will not come


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system; the caller's time limit still holds
        return
    for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))


def _workbook(request: dict[str, Any]) -> dict[str, Any]:
    _check_parts(request["path"])
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(request["path"])
    names = book.sheet_names
    if request["sheet"] and request["sheet"] not in names:
        raise Refused("SRC270", f"the workbook has no sheet `{request['sheet']}`; met: {', '.join(names[:10])}", "the table stands on a sheet of that name")
    if not names:
        raise Refused("SRC270", "the workbook has no sheet", "there is nothing to read")
    sheet = book.get_sheet_by_name(request["sheet"] or names[0])
    rows = [[text_of(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    header_at = _header(rows, request["required"], request["header_row"])
    header = [(cell or "").strip() for cell in rows[header_at]] if header_at < len(rows) else []
    data = [(number, row) for number, row in enumerate(rows[header_at + 1 :], header_at + 2) if any(row)]
    for number, row in data:
        for cell in row:
            if cell and len(cell) > MAX_CELL:
                raise Refused("SRC225", f"a cell of {len(cell)} characters", "no row of this publisher comes near it", line=number)
            if cell and "\0" in cell:
                raise Refused("SRC221", "a NUL character", "the file was damaged or is not text", line=number)
    found = {request["columns"][name]: [row[n] if n < len(row) else None for _, row in data] for n, name in enumerate(header) if name in request["columns"]}
    written = _whole(header, request) and _write(request["target"], [n for n, _ in data], found)
    return {"header": header, "header_row": header_at + 1, "rows": len(data), "written": written}


def _header(rows: list[list[str | None]], required: list[str], stated: int) -> int:
    """Index of the first row that holds every required column, else of the row that the layout states."""
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        if set(required) <= {(cell or "").strip() for cell in row}:
            return index
    return stated - 1


def _check_parts(path: str) -> None:
    """Refuse a workbook that unpacks to too much, computes, links elsewhere, carries programs, or declares entities."""
    try:
        archive = zipfile.ZipFile(path)
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused("SRC270", f"not a whole workbook: {str(error)[:120]}", "a workbook is a zip, and this one is damaged") from None
    if len(parts) > MAX_PARTS:
        raise Refused("SRC269", f"{len(parts)} parts in the workbook, at most {MAX_PARTS} are read", "a small file can unpack to far too much")
    if len({p.filename.lower() for p in parts}) < len(parts):
        raise Refused("SRC270", "a part stands in the workbook twice", "two readers may take different ones")
    total = 0
    for part in parts:
        name = part.filename.replace("\\", "/").lower()
        if any(sign in name for sign in _ACTIVE):
            raise Refused("SRC267", f"the workbook holds `{part.filename[:100]}`: a program, or a link to elsewhere", "only a table of values is read", "save the sheet as a workbook of values, or as csv")
        total += _check_part(archive, part, total)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int) -> int:
    """Unpack a part without keeping more than one piece; answers how many bytes came out."""
    name, size, tail = part.filename.replace("\\", "/").lower(), 0, b""
    xml, sheet = name.endswith((".xml", ".rels", ".vml")), "worksheets/" in name and name.endswith(".xml")
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if before + size > MAX_UNPACKED or (size > 8 * CHUNK and size > MAX_RATIO * max(part.compress_size, 1)):
                    raise Refused("SRC269", f"`{part.filename[:100]}` unpacks to more than is read", f"at most {MAX_UNPACKED} bytes in all, and {MAX_RATIO} times its packed size")
                if xml:
                    if size == len(chunk) and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
                        raise Refused("SRC268", f"`{part.filename[:100]}` is not UTF-8", "what it declares cannot be checked")
                    _check_xml(tail + chunk, part.filename[:100], sheet)
                    tail = chunk[-64:]
    except Refused:
        raise
    except Exception as error:  # every way in which an unpacked part may be damaged
        raise Refused("SRC270", f"`{part.filename[:100]}` cannot be unpacked: {str(error)[:120]}", "the workbook is damaged") from None
    return size


def _check_xml(piece: bytes, name: str, sheet: bool) -> None:
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or b"<!doctype" in piece:
        raise Refused("SRC268", f"`{name}` declares a document type or entities", "a few of them can grow to any size, or read other files")
    if sheet and _FORMULA.search(piece):
        raise Refused("SRC266", f"`{name}` holds formulas", "a value that is computed is not the publisher's, and may come from elsewhere", "save the sheet as values, or as csv")
    if name.lower().endswith((".rels", "[content_types].xml")) and (b"externalLink" in piece or b"vbaProject" in piece or b"macroEnabled" in piece or b"/oleObject" in piece):
        raise Refused("SRC267", f"`{name}` names a program, or a link to elsewhere", "only a table of values is read", "save the sheet as a workbook of values, or as csv")


def _parquet(request: dict[str, Any]) -> dict[str, Any]:
    _check_footer(request["path"])
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    file = pq.ParquetFile(request["path"], thrift_string_size_limit=MAX_FOOTER, thrift_container_size_limit=1_000_000, memory_map=False, pre_buffer=False, page_checksum_verification=True)
    meta = file.metadata
    unpacked = sum(max(meta.row_group(n).total_byte_size, 0) for n in range(meta.num_row_groups))
    if not 0 <= meta.num_rows <= MAX_ROWS or meta.num_columns > MAX_COLUMNS or unpacked > MAX_UNPACKED:
        raise Refused("SRC272", f"the Parquet file declares {meta.num_rows} rows, {meta.num_columns} columns, {unpacked} bytes", f"at most {MAX_ROWS}, {MAX_COLUMNS} and {MAX_UNPACKED} are read")
    header = list(file.schema_arrow.names)
    wanted = [name for name in header if name in request["columns"]]
    if meta.num_rows * len(wanted) > MAX_CELLS:
        raise Refused("SRC269", f"{meta.num_rows} rows of {len(wanted)} columns are more than is read", f"at most {MAX_CELLS} cells")
    if len(set(wanted)) < len(wanted) or not _whole(header, request):
        return {"header": header, "header_row": 0, "rows": meta.num_rows, "written": False}
    table = file.read(columns=wanted, use_threads=False)
    table.validate(full=True)
    if table.num_rows != meta.num_rows:
        raise Refused("SRC271", f"{table.num_rows} rows where the footer declares {meta.num_rows}", "the file was cut off or changed")
    found = {request["columns"][name]: _texts(table.column(name), name) for name in wanted}
    return {"header": header, "header_row": 0, "rows": table.num_rows, "written": _write(request["target"], list(range(1, table.num_rows + 1)), found)}


def _check_footer(path: str) -> None:
    """The magic at both ends, and a footer that lies inside the file."""
    size = os.path.getsize(path)
    with open(path, "rb") as stream:
        start = stream.read(4)
        stream.seek(max(size - 8, 0))
        end = stream.read(8)
    if size < 12 or start != b"PAR1" or end[4:] != b"PAR1":
        raise Refused("SRC271", "not a whole Parquet file: its first or last bytes are wrong", "a file that was cut off looks like this")
    length = int.from_bytes(end[:4], "little")
    if not 0 < length <= min(size - 12, MAX_FOOTER):
        raise Refused("SRC271", f"the footer declares a length of {length} bytes in a file of {size}", "it lies, or the file was cut off")


def _texts(column: Any, name: str) -> list[str | None]:
    import pyarrow as pa

    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type) or pa.types.is_fixed_size_binary(column.type):
        raise Refused("SRC276", f"the column `{name}` holds bytes, not text", "their encoding is not known")
    values = [text_of(value) for value in column.to_pylist()]
    for number, text in enumerate(values, 1):
        if text and len(text) > MAX_CELL:
            raise Refused("SRC225", f"a cell of {len(text)} characters", "no row of this publisher comes near it", line=number)
        if text and "\0" in text:
            raise Refused("SRC221", "a NUL character", "the file was damaged or is not text", line=number)
    return values


def text_of(value: Any) -> str | None:
    """A value as text: numbers shortest and exact (65470, never 65470.0), days in ISO form, lists and objects as JSON with sorted keys."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == value and abs(value) < 1e16 and value == int(value):
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_refuse_value)


def _refuse_value(value: Any) -> NoReturn:
    raise Refused("SRC276", f"a cell holds a {type(value).__name__} inside a list or object", "it has no text form here")


def _whole(header: Iterable[str], request: dict[str, Any]) -> bool:
    return set(request["required"]) <= set(header)


def _write(target: str | None, rows: list[int], columns: dict[str, list[str | None]]) -> bool:
    if target is None:
        return False
    import pyarrow as pa

    if len(rows) * len(columns) > MAX_CELLS or sum(len(text) for values in columns.values() for text in values if text) > MAX_TEXT:
        raise Refused("SRC269", f"{len(rows)} rows of {len(columns)} columns hold more than is read", f"at most {MAX_CELLS} cells and {MAX_TEXT} characters")
    table = pa.table({"_row": pa.array(rows, pa.int64()), **{name: pa.array(values, pa.string()) for name, values in columns.items()}})
    try:
        with pa.OSFile(target, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    except OSError as error:  # not the file's fault
        raise Refused("SRC202", f"cannot write to the scratch folder: {os.strerror(error.errno) if error.errno else error}", fix="make room or permit writing there") from None
    return True


if __name__ == "__main__":
    main()
