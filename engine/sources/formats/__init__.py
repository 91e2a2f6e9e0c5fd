"""How each form of file is read: tab text, quoted text, JSON lines, Parquet and workbooks, none of them trusted.

In: bytes or a path, and a layout. Out: columns of text with the line of every record, or every fault with its line.
Refuses to know: publishers, releases, and any database.
"""

from engine.sources.formats.binary_tables import Converted, convert
from engine.sources.formats.foreign import Form, foreign, form_of
from engine.sources.formats.json_lines import json_header, read_json_lines
from engine.sources.formats.line_faults import MAX_LINE, cut_off, line_faults, plain_faults, too_long
from engine.sources.formats.quoted_text import quoted_header, read_quoted
from engine.sources.formats.records import Faults, Records

__all__ = [
    "MAX_LINE", "Converted", "Faults", "Form", "Records", "convert", "cut_off", "foreign", "form_of", "json_header", "line_faults", "plain_faults", "quoted_header", "read_json_lines",
    "read_quoted", "too_long",
]  # fmt: skip
