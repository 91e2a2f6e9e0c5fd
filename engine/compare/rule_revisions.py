"""A version of the rules by its name: a folder with packs, the current rules, a snapshot's, or those of a git revision."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.compare.git_rules import write_rules_of
from engine.contracts import BadInput
from engine.graph import Snapshot, Workspace
from engine.rules import Rulebook, load_rulebook

HERE, CURRENT, RULES = ".", "current", "rules"


@dataclass(frozen=True, slots=True)
class RuleRevision:
    """A rulebook under the name it was asked by; `origin` says in words where it was read, `commit` is empty outside of git.

    Rules of a snapshot carry no cases: those stand beside packs in a folder.
    """

    name: str
    origin: str
    commit: str
    rulebook: Rulebook


@contextmanager
def open_revision(name: str, workspace: Workspace, root: Path) -> Iterator[RuleRevision]:
    """The rules of a revision, whose files stand as long as it is open. `root` is the folder that `.` and git start from.

    In this order: `.` (the packs below `root`, else those of this installation), `current` (the current snapshot's), a folder with packs, a
    snapshot's name, a git revision of the repository that holds `root`. Raises BadInput CMP201 to CMP206, and the faults of packs.
    """
    folder = _packs_below(root) if name == HERE else _packs_below(Path(name))
    if name == HERE and folder is None:
        yield RuleRevision(name, "the rules of this installation", "", load_rulebook())
    elif name == CURRENT:
        yield _of_snapshot(name, workspace.required())
    elif folder is not None:
        yield RuleRevision(name, f"folder {folder}", "", load_rulebook(folder))
    elif snapshot := next((s for s in workspace.snapshots() if s.name == name), None):
        yield _of_snapshot(name, snapshot)
    elif Path(name).is_dir():
        raise BadInput.at("CMP201", f"the folder `{name}` holds no rules", why="rules are folders with a pack.yaml each, in the folder itself or in `rules` below it", fix="name the folder that holds the packs")
    else:
        with tempfile.TemporaryDirectory(prefix="wig-rules-") as scratch:
            commit = write_rules_of(name, root, Path(scratch) / RULES)
            try:
                rulebook = load_rulebook(Path(scratch) / RULES)
            except BadInput as error:
                first = error.diagnostics[0]
                raise BadInput.at(
                    "CMP206", f"the rules of `{name}` ({commit[:12]}) cannot be loaded: {first.what}", why=first.why,
                    fix=f"compare with a revision whose packs this engine reads ({len(error.diagnostics)} faults)", place=first.place,
                ) from None  # fmt: skip
            yield RuleRevision(name, f"git revision {name}", commit, rulebook)


def _packs_below(folder: Path) -> Path | None:
    """The folder, or `rules` below it, where that holds packs."""
    return next((f for f in (folder, folder / RULES) if f.is_dir() and any(f.glob("*/pack.yaml"))), None)


def _of_snapshot(name: str, snapshot: Snapshot) -> RuleRevision:
    text = snapshot.verified_path("rulebook.json").read_text(encoding="utf-8")
    return RuleRevision(name, f"snapshot {snapshot.name}", "", Rulebook.from_json(text))
