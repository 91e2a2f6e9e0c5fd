"""What a file really is, by its first bytes: a web page saved as csv or a gzip file is told as what it is."""

from __future__ import annotations

from enum import Enum

from engine.contracts import Diagnostic, Place

_SIGNATURES = (
    (b"\x1f\x8b", "a gzip file"), (b"PK\x03\x04", "a zip or a workbook"), (b"PK\x05\x06", "an empty zip"), (b"PAR1", "a Parquet file"), (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"BZh", "a bzip2 file"), (b"\xfd7zXZ", "an xz file"), (b"7z\xbc\xaf", "a 7z archive"), (b"%PDF", "a PDF file"), (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself"),
)  # fmt: skip
_WIDE = ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_PAGE = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<error")


class Form(Enum):
    """How a file is read."""

    TAB_TEXT = "tab text"
    QUOTED_TEXT = "quoted text"
    JSON_LINES = "JSON lines"
    PARQUET = "Parquet"
    WORKBOOK = "workbook"

    @property
    def binary(self) -> bool:
        """Whether it is read by native code, in a process of its own."""
        return self in (Form.PARQUET, Form.WORKBOOK)


def form_of(name: str, quoted: bool) -> Form:
    """The form that a file's name tells."""
    suffix = name.rsplit(".", 1)[-1].lower()
    named = {"jsonl": Form.JSON_LINES, "parquet": Form.PARQUET, "xlsx": Form.WORKBOOK}
    return named.get(suffix, Form.QUOTED_TEXT if quoted else Form.TAB_TEXT)


def foreign(raw: bytes, form: Form, shown: str) -> Diagnostic | None:
    """SRC261 (a web page), SRC262 (two or four bytes a character), SRC260 (any other kind of file); None where the bytes may be what the name says."""
    start = raw[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_PAGE):
        return Diagnostic(Place(shown, 1), "SRC261", "the file is a web page (HTML or XML), not the table", "sites answer errors and log-in pages under any name", "fetch the file again and look at what comes")
    if form.binary:
        wanted = b"PAR1" if form is Form.PARQUET else b"PK\x03\x04"
        if raw.startswith(wanted):
            return None
        met = next((what for signature, what in _SIGNATURES if raw.startswith(signature)), "something else" if raw else "empty")
        return Diagnostic(Place(shown), "SRC260", f"the file is {met}, not a {form.value}", "its first bytes tell", "fetch the file again")
    for signature, name in _WIDE:
        if raw.startswith(signature):
            return Diagnostic(Place(shown, 1), "SRC262", f"the file is {name}, not UTF-8", "the text would be read wrongly", "save the file as UTF-8")
    if raw[:64].count(b"\0") > 8:
        return Diagnostic(Place(shown, 1), "SRC262", "the file has two or four bytes a character (UTF-16 or UTF-32), not UTF-8", "the text would be read wrongly", "save the file as UTF-8")
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            return Diagnostic(Place(shown, 1), "SRC260", f"the file is {what}, not text", "its first bytes tell; nothing is unpacked unasked", "unpack it, or fetch the text file")
    return None
