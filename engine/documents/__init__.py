"""Authored documents: where the data folders stand and how their YAML is read, with positions and without surprises.

In: a folder name or a file. Out: plain values that know their line and column. Refuses to know what they mean.
"""

from engine.documents.folders import data_folder
from engine.documents.positioned_yaml import Document, parse_document, read_document
from engine.documents.program import program, program_digest

__all__ = ["Document", "data_folder", "parse_document", "program", "program_digest", "read_document"]
