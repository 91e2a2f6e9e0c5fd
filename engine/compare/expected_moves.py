"""A file of expected moves: which titles may move when rules are compared, in which aspects, and to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.compare.rule_attribution import Moved
from engine.compare.title_decisions import COMPARED
from engine.contracts import BadInput, Diagnostic, decimal_text
from engine.documents import Document, read_document

KEYS = ("title", "aspects", "becomes", "because")


@dataclass(frozen=True, slots=True)
class ExpectedMove:
    """A title that may move: in these aspects only (empty: in any), and to these values where they are stated."""

    title: str
    aspects: tuple[str, ...]
    becomes: Mapping[str, str]

    def allows(self, move: Moved) -> bool:
        """Whether a move is this one."""
        within = not self.aspects or set(move.aspects) <= {*self.aspects, *self.becomes}
        return self.title == move.title and within and all(said(getattr(move.after, a)) == v for a, v in self.becomes.items())


def said(value: Any) -> str:
    """A compared value as a file states it: decimals plain, lists joined by commas, a path as its modules, '' for nothing."""
    if isinstance(value, tuple):
        return ", ".join(str(v[0]) if isinstance(v, tuple) else str(v) for v in value)
    return decimal_text(value) if hasattr(value, "as_tuple") else str(value)


def unexpected_moves(moves: Sequence[Moved], expected: Sequence[ExpectedMove]) -> tuple[str, ...]:
    """Titles whose move no entry allows, in their order."""
    return tuple(m.title for m in moves if not any(e.allows(m) for e in expected))


def read_expected_moves(path: Path) -> tuple[ExpectedMove, ...]:
    """Entries in file order. Raises BadInput CMP210 with every fault of the file, InputOutput DOC1xx."""
    document = read_document(path, str(path))
    entries = document.value.get("moves") if isinstance(document.value, dict) and list(document.value) == ["moves"] else None
    if not isinstance(entries, list):
        raise BadInput.at("CMP210", "expected moves are a list under `moves:`", fix="write `moves:` and below it `- title: ...`; `moves: []` where none is expected", place=document.place())
    faults = [f for number, entry in enumerate(entries) for f in _faults(document, number, entry)]
    if faults:
        raise BadInput(*faults)
    return tuple(ExpectedMove(" ".join(e["title"].split()), tuple(e.get("aspects", ())), {a: said(v) for a, v in e.get("becomes", {}).items()}) for e in entries)


def _faults(document: Document, number: int, entry: Any) -> list[Diagnostic]:
    why = "an entry that says nothing would let every move pass, or none"

    def fault(what: str, fix: str, *path: str | int) -> Diagnostic:
        return Diagnostic(document.place(("moves", number, *path)), "CMP210", what, why, fix)

    if not isinstance(entry, dict) or not isinstance(entry.get("title"), str) or not entry["title"].strip():
        return [fault("an entry without a title", "write `- title: ...`")]
    found = [fault(f"unknown key `{key}`", f"use {', '.join(KEYS)}", key) for key in entry if key not in KEYS]
    aspects, becomes = entry.get("aspects", []), entry.get("becomes", {})
    if not isinstance(aspects, list) or not isinstance(becomes, dict):
        return [*found, fault("`aspects` is a list and `becomes` a mapping", "write `aspects: [path]`, `becomes: {service_tier: ...}`")]
    found += [fault(f"unknown aspect `{a}`", f"use {', '.join(COMPARED)}", "aspects") for a in aspects if a not in COMPARED]
    found += [fault(f"unknown aspect `{a}`", f"use {', '.join(COMPARED)}", "becomes") for a in becomes if a not in COMPARED]
    return found
