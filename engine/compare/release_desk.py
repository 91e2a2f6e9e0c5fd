"""A build that differs from any other only in the release of one source, kept in a workspace of its own so that nothing current is moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.ask import Desk
from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace

Say = Callable[[str], None]


def release_desk(source_dir: Path, home: Path, name: str, say: Say = lambda _: None) -> Desk:
    """Where one release (`onet@29.1`) answers: built into `home`/<name> unless it stands there, with the sentence model of the workspace's current snapshot where that
    has one; of the snapshots made of it only the newest is kept.

    Raises whatever a build raises, Locked WSP501 while another one builds the same release there.
    """
    source, _, release = name.partition("@")
    say(f"build with {name}, unless it stands")
    workspace = Workspace(home / name)
    current = Workspace(home.parent).current()
    built = build_snapshot(workspace, BuildRequest(source_dir, {source: release}, semantic_model=None if current is None else current.sentence_model), lambda step: say(f"  {step.strip()}"))
    say(f"  {name} stands already" if built.unchanged else f"  {name} is built")
    workspace.prune(1)
    return Desk(built.snapshot)
