"""The packs of a git revision, written to an empty folder: git is only asked what it keeps, and nothing of a repository is run.

Objects are read with `ls-tree` and `cat-file`, which know no filters, hooks or aliases; nothing is fetched, and names and sizes are checked before
a file is written.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from engine.contracts import BadInput, EngineError

SECONDS = 60
MAX_FILES, MAX_BYTES = 500, 8 * 1024 * 1024
_WANTED = re.compile(r"(?P<pack>[a-z][a-z0-9_]*)/(?P<file>pack\.yaml|cases\.yaml)\Z")
_ENTRY = re.compile(r"(?P<mode>[0-9]{6}) (?P<kind>[a-z]+) (?P<object>[0-9a-f]{40,64}) +(?P<size>[0-9]+|-)\t(?P<path>.*)", re.DOTALL)
_REGULAR = ("100644", "100755")
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def write_rules_of(revision: str, root: Path, into: Path) -> str:
    """Write the packs and cases of a revision below `into` and return its commit.

    The rules are sought as `rules/` below `root`, then below the top of the repository. Raises BadInput CMP202 (no git), CMP203 (no
    repository), CMP204 (no such revision), CMP205 (no rules there, or files that are no packs of ours).
    """
    program = shutil.which("git")
    if program is None:
        raise BadInput.at("CMP202", f"`{revision}` is no folder and no snapshot, and git is not installed", why="a revision is read from a repository", fix="install git, or name a folder with packs")
    top = _asked(program, root, "rev-parse", "--show-toplevel")
    if top is None:
        raise BadInput.at(
            "CMP203", f"`{revision}` is no folder and no snapshot, and {root.resolve()} lies in no git repository", why="a revision is one of the repository that holds the rules",
            fix="run in a checkout, name one with --root, or name a folder with packs",
        )  # fmt: skip
    commit = (_asked(program, root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") or b"").decode("ascii", "replace").strip()
    if not _COMMIT.fullmatch(commit):
        raise BadInput.at("CMP204", f"`{revision}` is no folder, no snapshot and no revision of the git repository", fix="name a branch, a tag or a commit that is here; `git log` lists them")
    folder = Path(os.fsdecode(top.rstrip(b"\n")))
    listed = _listed(program, root, folder, commit)
    if not listed:
        raise BadInput.at("CMP205", f"there is no rules/ folder with packs in `{revision}`", why="rules are folders with a pack.yaml each", fix="name a revision that holds the rules")
    for name, found in sorted(listed.items()):
        content = _asked(program, root, "cat-file", "blob", found)
        if content is None or len(content) > MAX_BYTES:
            raise _refused(revision, f"`{name}` cannot be read")
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return commit


def _listed(program: str, root: Path, top: Path, commit: str) -> dict[str, str]:
    """Packs and cases of a commit by name below the rules folder, with their object."""
    here = root.resolve()
    below = here.relative_to(top.resolve()).as_posix() if here.is_relative_to(top.resolve()) else "."
    for prefix in dict.fromkeys(("rules/" if below == "." else f"{below}/rules/", f"{below}/", "rules/")):
        raw = _asked(program, top, "ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", prefix)
        entries = [_ENTRY.fullmatch(os.fsdecode(e)) for e in (raw or b"").split(b"\0") if e]
        found: dict[str, str] = {}
        for entry in entries:
            name = entry["path"].removeprefix(prefix) if entry and entry["path"].startswith(prefix) else ""
            if entry is None or not _WANTED.fullmatch(name):
                continue
            if entry["mode"] not in _REGULAR or int(entry["size"]) > MAX_BYTES or len(found) >= MAX_FILES:
                raise _refused(commit[:12], f"`{entry['path']}` is no regular file of at most {MAX_BYTES // 1024 // 1024} MB, or one of more than {MAX_FILES}")
            found[name] = entry["object"]
        if any(name.endswith("/pack.yaml") for name in found):
            return found
    return {}


def _refused(revision: str, what: str) -> EngineError:
    return BadInput.at("CMP205", f"the rules of `{revision}` are refused: {what}", why="packs of a revision are plain files", fix="compare with a revision that holds plain packs")


def _asked(program: str, folder: Path, *arguments: str) -> bytes | None:
    """What git answers, None where it refuses."""
    settings = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never")
    command = [program, "--no-pager", "--no-replace-objects", "--literal-pathspecs", *(part for s in settings for part in ("-c", s)), "-C", str(folder), *arguments]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment = kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
