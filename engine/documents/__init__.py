"""Documents: where the data folders stand, how authored YAML is read, with positions and without surprises, and how JSON and lists of strangers are.

In: a folder name, a file or a text. Out: plain values that know their line (and column). Refuses to know what they mean.
"""

from engine.documents.delimited_text import NotDelimited, NotUtf8, TextFault, TooLarge, delimited_rows, utf8_text
from engine.documents.folders import data_folder
from engine.documents.positioned_yaml import Document, parse_document, read_document
from engine.documents.program import program, program_digest
from engine.documents.strict_json import strict_json

__all__ = [
    "Document", "NotDelimited", "NotUtf8", "TextFault", "TooLarge", "data_folder", "delimited_rows", "parse_document", "program", "program_digest", "read_document", "strict_json",
    "utf8_text",
]  # fmt: skip
