"""A small world to try changes in: the embedded graph, the same graph built with authored edits, and patches as text."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.ask import Desk
from engine.build import BuildRequest, build_snapshot
from engine.contracts.learner import LearnerProfile
from engine.documents import data_folder
from engine.graph import Snapshot, Workspace
from engine.patches import Patch, read_patch
from engine.rules import load_rulebook
from engine.sources import read_wedge, title_key

Edit = Callable[[str], str]
TITLES = (
    "Marketing Manager", "brand manager", "brand steward", "Content Marketer", "Customer Success Manager", "support agent", "Nurse", "Attorney", "Data Scientist",
    "Regional Sales Lead", "asdf", "Head of Marketing",
)  # fmt: skip
HEAD: Mapping[str, Any] = {
    "patch": "tried", "author": "Editor", "dated": "2026-11-20", "reason": "To see what moves.",
    "evidence": [{"says": "It is so.", "source": "wedge@1.0.0", "reference": "families/marketing_growth.yaml:209"}],
}  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A kind of change: made as edits of authored files and rule packs by name, and as changes of a patch."""

    name: str
    edits: Mapping[str, Edit]
    rules: Mapping[str, Edit]
    changes: tuple[Mapping[str, Any], ...]


def patch_text(*changes: Mapping[str, Any], **over: Any) -> str:
    """A patch as YAML, days unquoted."""
    text = yaml.safe_dump({**HEAD, **over, "changes": list(changes)}, sort_keys=False, allow_unicode=True)
    return re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", text)


def written(folder: Path, *changes: Mapping[str, Any], **over: Any) -> Patch:
    """A patch read from a file."""
    path = folder / "patch.yaml"
    path.write_text(patch_text(*changes, **over), encoding="utf-8")
    return read_patch(path)


def once(before: str, after: str) -> Edit:
    """Replace a text that stands exactly once."""

    def edit(text: str) -> str:
        assert text.count(before) == 1, before
        return text.replace(before, after)

    return edit


def built_with(tried: Tried, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """A whole build from authored files and rules with the same change."""
    for kind, edits in (("graph_data", tried.edits), ("rules", tried.rules)):
        shutil.copytree(data_folder(kind), folder / kind)
        for name, edit in edits.items():
            path = folder / kind / name
            path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr("engine.build.read_wedge", lambda ledger: read_wedge(ledger, folder / "graph_data"))
    monkeypatch.setattr("engine.build.load_rulebook", lambda: load_rulebook(folder / "rules"))
    return build_snapshot(Workspace(folder / "workspace"), BuildRequest(None)).snapshot


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a SQLite file, sorted."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}


def decisions_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Whole bodies of resolutions and plans, digests included."""
    desk = Desk(snapshot)
    asked = [desk.resolve(title) for title in TITLES]
    return [d.body() for d in (*asked, *(desk.plan(LearnerProfile(title=d.question["title"])) for d in asked))]


def bytes_of(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Digest, time of change and inode of every file."""
    return {
        str(p.relative_to(folder)): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns, p.stat().st_ino) for p in sorted(folder.rglob("*")) if p.is_file()
    }  # fmt: skip


def naming(text: str, act: str, **stamp: Any) -> list[dict[str, Any]]:
    """A title of the marketing manager added or retired, with its naming."""
    key = title_key(text)
    stated = {"provenance": stamp} if stamp else {}
    record = {"change": act, "record": key, **({"properties": {"label": text}, "provenance": {**stamp, "confidence": 1}} if act == "add" else {})}
    return [record, {"change": act, "link": "NAMES", "from": key, "to": "role/marketing-manager", "naming_kind": "alias", **stated}]
