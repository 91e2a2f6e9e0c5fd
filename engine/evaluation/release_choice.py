"""The snapshot that holds a wanted release: one of the workspace, else a build of its own beside it. The current pointer is never moved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from engine.ask import Desk
from engine.compare import release_desk, release_named
from engine.contracts import BadInput, EngineError
from engine.graph import Snapshot, Workspace

Say = Callable[[str], None]


def desk_for_release(workspace: Workspace, name: str, source_dir: Path | None = None, say: Say = lambda _: None) -> Desk:
    """Where `name` (`onet@29.1`) answers.

    The newest whole snapshot of the workspace whose receipt states the release; else a build below `releases/`, from `source_dir` or the folder that the
    current snapshot was built from, made where it does not stand there. Raises BadInput CMP101 (no release), EVL108 (no snapshot and no folder), and
    whatever a build raises.
    """
    source, release = release_named(name)
    for snapshot in reversed(workspace.snapshots()):
        if _states(snapshot, source, release):
            say(f"ask {snapshot.name}, which holds {name}")
            return Desk(snapshot)
    folder = source_dir or _built_from(workspace)
    if folder is not None:
        return release_desk(folder, workspace.folder / "releases", name, say)
    beside = Workspace(workspace.folder / "releases" / name).current()
    if beside is not None and _states(beside, source, release):
        say(f"ask {beside.name}, which holds {name}")
        return Desk(beside)
    raise BadInput.at("EVL108", f"no snapshot of this workspace holds {name}", why="and there is no folder to build it from", fix="name the folder of publishers' files with --source-dir")


def _states(snapshot: Snapshot, source: str, release: str) -> bool:
    try:
        return snapshot.receipt().releases.get(source) == release
    except EngineError:
        return False  # a broken snapshot answers nothing


def _built_from(workspace: Workspace) -> Path | None:
    """The folder of publishers' files of the current snapshot, where it still stands."""
    current = workspace.current()
    try:
        folder = json.loads(current.findings.read_text(encoding="utf-8")).get("built_from") if current else None
    except (OSError, ValueError):
        return None
    return Path(folder) if folder and Path(folder).is_dir() else None
