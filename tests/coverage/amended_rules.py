"""A desk whose rules are those of the product with a pack `audit` of the test's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.ask import Desk
from engine.graph import Snapshot
from engine.rules import load_rulebook

RULES = Path(__file__).resolve().parents[2] / "rules"


def desk_with(snapshot: Snapshot, folder: Path, *edits: tuple[str, str]) -> Desk:
    """A desk over a snapshot; each edit replaces text of the pack, which must be there."""
    shutil.copytree(RULES, folder / "rules")
    pack = folder / "rules" / "audit" / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    pack.write_text(text, encoding="utf-8")
    desk = Desk(snapshot)
    desk.__dict__["rulebook"] = load_rulebook(folder / "rules")
    return desk
