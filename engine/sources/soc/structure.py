"""The embedded SOC 2018 structure: codes and names, so that classes of work are known offline."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from engine.contracts import BadInput, Diagnostic, Fingerprint, InputOutput, Place, key, sha256_hex
from engine.documents import data_folder
from engine.sources.ledger import Ledger
from engine.sources.naming import title_key
from engine.sources.rows import Row, SourceRows

STRUCTURE = "soc_2018.csv"
LEVELS = ("major", "minor", "broad", "detailed")
NAMED_LEVELS = ("broad", "detailed")
_CODE = re.compile(r"\d\d-\d{4}\Z")


def read_structure(path: Path | None = None) -> tuple[tuple[tuple[int, str, str, str], ...], Fingerprint]:
    """Lines of the embedded structure as (line, code, level, name), and its fingerprint.

    Raises InputOutput SRC120 where it cannot be read; BadInput SRC121 with every line that is no group, repeats one or has no parent.
    """
    source = path or data_folder("graph_data") / STRUCTURE
    try:
        raw = source.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InputOutput.at("SRC120", f"cannot read {source.name}: {error.strerror}", fix="reinstall work-intelligence-graph", place=Place(source.name)) from None
    except UnicodeDecodeError as error:
        raise BadInput.at("SRC121", f"byte 0x{raw[error.start]:02x} is not UTF-8", place=Place(source.name, raw[: error.start].count(b"\n") + 1)) from None
    groups: list[tuple[int, str, str, str]] = []
    faults: list[Diagnostic] = []
    seen: dict[str, str] = {}
    for number, cells in enumerate(csv.reader(io.StringIO(text)), 1):
        if number == 1:
            continue
        if len(cells) != 3 or not _CODE.match(cells[0]) or cells[1] not in LEVELS or not cells[2].strip():
            faults.append(Diagnostic(Place(source.name, number), "SRC121", "not a line of code, level and name", fix="write it as `11-1011,detailed,Chief Executives`"))
        elif cells[0] in seen:
            faults.append(Diagnostic(Place(source.name, number), "SRC121", f"`{cells[0]}` stands twice", fix="keep one of the two"))
        else:
            seen[cells[0]] = cells[1]
            groups.append((number, cells[0], cells[1], cells[2]))
    parents = wider(seen.items())
    faults.extend(
        Diagnostic(Place(source.name, number), "SRC121", f"`{code}` has no wider group", fix="add its broad, minor and major group")
        for number, code, level, _ in groups if level != "major" and code not in parents
    )  # fmt: skip
    if faults:
        raise BadInput(*faults)
    return tuple(groups), Fingerprint("source", f"soc@2018/{STRUCTURE}", sha256_hex(raw), len(raw))


def wider(groups: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Code to the code of the next wider group, from (code, level) pairs.

    In code order a group belongs to the last group of the next wider level before it: 15-1252 in 15-1250 in 15-1200 in 15-0000,
    and 29-1221 in 29-1210. A group whose major group differs from that has no entry.
    """
    parents: dict[str, str] = {}
    last: dict[str, str] = {}
    for code, level in sorted(groups):
        last[level] = code
        depth = LEVELS.index(level)
        candidate = last.get(LEVELS[depth - 1]) if depth else None
        if candidate is not None and candidate[:2] == code[:2]:
            parents[code] = candidate
    return parents


def embedded_soc(ledger: Ledger, path: Path | None = None) -> SourceRows:
    """Groups, their hierarchy, and the names of broad and detailed groups as titles. Raises as read_structure."""
    groups, _ = read_structure(path)
    origin = ledger.origin("soc")
    parents = wider((code, level) for _, code, level, _ in groups)
    rows: dict[str, list[Row]] = {"OccupationGroup": [], "BROADER.OccupationGroup.OccupationGroup": [], "Title": [], "NAMES.Title.OccupationGroup": []}
    for number, code, level, name in groups:
        stamp = origin.provenance(f"{STRUCTURE}:{number}", derived_by="soc.structure")
        rows["OccupationGroup"].append({"id": key("soc", code), "label": name, "code": code, "group_level": level, **stamp})
        if level != "major":
            rows["BROADER.OccupationGroup.OccupationGroup"].append({"from": key("soc", code), "to": key("soc", parents[code]), **stamp})
        if level in NAMED_LEVELS:
            rows["Title"].append({"id": title_key(name), "label": name, **stamp})
            rows["NAMES.Title.OccupationGroup"].append({"from": title_key(name), "to": key("soc", code), "naming_kind": "group_name", **stamp})
    return SourceRows(origin, rows)


def soc_fingerprint(path: Path | None = None) -> Fingerprint:
    """Fingerprint of the embedded structure, for the receipt. Raises as read_structure."""
    return read_structure(path)[1]
