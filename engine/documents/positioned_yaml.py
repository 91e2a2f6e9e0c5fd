"""YAML that keeps positions, refuses duplicate keys, tags and aliases, and reads only true and false as booleans."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from engine.contracts import BadInput, Diagnostic, InputOutput, Place

try:  # the C parser is ten times as fast and accepts the same language
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 40
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
YamlPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A read file: its value (dict, list, str, int, Decimal, bool, date, None) and the place of every value in it."""

    file: str
    value: Any
    places: dict[YamlPath, Place] = field(repr=False)

    def place(self, path: YamlPath = ()) -> Place:
        """Place of the value at a path; of its nearest ancestor where the path itself is absent."""
        for end in range(len(path), -1, -1):
            found = self.places.get(path[:end])
            if found is not None:
                return found
        return Place(self.file, 1, 1)


def read_document(path: Path, name: str | None = None) -> Document:
    """Read one YAML file. `name` is how diagnostics call it (default: its file name).

    Raises InputOutput DOC002 where it cannot be read, BadInput DOC101-DOC106 with every fault of the file.
    """
    shown = name or path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputOutput.at("DOC002", f"cannot read {shown}: {error.strerror}", fix="check that the file exists and may be read", place=Place(shown)) from None
    return parse_document(raw, shown)


def parse_document(raw: bytes, shown: str) -> Document:
    """Parse the bytes of a YAML document; see read_document."""
    if len(raw) > MAX_BYTES:
        raise BadInput.at("DOC101", f"{len(raw)} bytes is more than the {MAX_BYTES} a document may have", fix="split the file", place=Place(shown))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        raise BadInput.at("DOC102", f"byte 0x{raw[error.start]:02x} is not UTF-8", fix="save the file as UTF-8", place=Place(shown, line, column)) from None
    faults: list[Diagnostic] = []
    try:
        events = _depth_checked(text, shown)
        node = yaml.compose(text, Loader=_Loader) if events else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        raise BadInput.at("DOC103", f"not YAML: {error.problem or error.context}", fix="mend the indentation or quoting at this place", place=place) from None
    except yaml.YAMLError as error:
        raise BadInput.at("DOC103", f"not YAML: {str(error).splitlines()[0]}", fix="remove control characters and save the file as UTF-8", place=Place(shown)) from None
    places: dict[YamlPath, Place] = {}
    value = _value(node, (), shown, places, faults) if node is not None else None
    if faults:
        raise BadInput(*faults)
    return Document(shown, value, places)


def _depth_checked(text: str, shown: str) -> bool:
    """Refuse aliases, tags and deep nesting before anything is built from them; false where the stream is empty."""
    depth, any_value = 0, False
    for event in yaml.parse(text, Loader=_Loader):
        mark = event.start_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        if isinstance(event, yaml.AliasEvent):
            raise BadInput.at("DOC104", f"alias `*{event.anchor}` is not allowed", why="aliases can blow a small file up without limit", fix="write the value out", place=place)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise BadInput.at("DOC105", f"nested deeper than {MAX_DEPTH} levels", fix="flatten the document", place=place)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            any_value = True
            if event.tag is not None:
                raise BadInput.at("DOC104", f"tag `{event.tag}` is not allowed", why="documents hold plain data only", fix="remove the tag", place=place)
    return any_value


def _value(node: yaml.Node, path: YamlPath, shown: str, places: dict[YamlPath, Place], faults: list[Diagnostic]) -> Any:
    places[path] = Place(shown, node.start_mark.line + 1, node.start_mark.column + 1, _path_text(path))
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = Place(shown, key_node.start_mark.line + 1, key_node.start_mark.column + 1, _path_text(path))
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if name is None:
                faults.append(Diagnostic(place, "DOC106", "a key must be a plain word", fix="use a text key"))
                continue
            if name in result:
                faults.append(Diagnostic(place, "DOC106", f"duplicate key `{name}`", "the second value would silently replace the first", "keep one of the two"))
                continue
            result[name] = _value(value_node, (*path, name), shown, places, faults)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, index), shown, places, faults) for index, child in enumerate(node.value)]
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style:  # quoted or block text is text; plain is None or "" by parser
        return text
    if text in ("", "null", "~"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return Decimal(text)
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _path_text(path: YamlPath) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
