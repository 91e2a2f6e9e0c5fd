"""The plan of the house: who may import whom, how large a room may grow, what it may be called."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from the_house import ENGINE, ROOT, modules, shown

MOST_LINES = 350
MOST_LINES_OF_A_FRONT_DOOR = 40
FORBIDDEN_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core", "new", "v2", "old"}
FRONT_DOORS = [p for p in modules() if p.name == "__init__.py"]


def test_imports_follow_the_contracts() -> None:
    # a process of its own: the linter keeps its graph of imports for the life of the process
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", done.stdout)
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert kept is not None, done.stdout
    assert int(kept[1]) == len(written) > 0


def test_every_room_has_its_floor_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    floors = {name.strip() for layer in next(c for c in contracts if c["type"] == "layers")["layers"] for name in layer.split("|")}
    rooms = {p.name for p in ENGINE.iterdir() if (p / "__init__.py").is_file()} | {p.stem for p in ENGINE.glob("*.py") if p.name != "__init__.py"}
    assert rooms == floors


def test_no_module_outgrows_its_room() -> None:
    allowed: dict[str, str] = tomllib.loads((ROOT / "tests/architecture/size_allowance.toml").read_text(encoding="utf-8"))["modules"]
    lines = {shown(p): len(p.read_text(encoding="utf-8").splitlines()) for p in modules()}
    grown = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert set(grown) == set(allowed), "longer than 350 lines without a reason, or a reason that nothing needs any more"
    assert all(len(reason) > 20 for reason in allowed.values())


@pytest.mark.parametrize("door", FRONT_DOORS, ids=shown)
def test_a_front_door_is_short_and_defines_nothing(door: Path) -> None:
    text = door.read_text(encoding="utf-8")
    assert len(text.splitlines()) < MOST_LINES_OF_A_FRONT_DOOR
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a front door says what its room is for"
    named = []
    for statement in tree.body[1:]:
        if isinstance(statement, ast.Assign):
            assert [ast.unparse(t) for t in statement.targets] in (["__all__"], ["__version__"])
            named += ast.literal_eval(statement.value) if ast.unparse(statement.targets[0]) == "__all__" else []
        else:
            assert isinstance(statement, (ast.Import, ast.ImportFrom)), f"line {statement.lineno} does more than name what others may use"
    imported = [a.asname or a.name for s in tree.body if isinstance(s, ast.ImportFrom) and s.module != "__future__" for a in s.names]
    assert sorted(named) == sorted(imported)


def test_rooms_are_entered_by_their_front_door_alone() -> None:
    """From another room only `engine.<room>` and, for values every room holds, `engine.contracts.<module>`."""
    through_a_window = {
        "engine/interfaces/cli/authoring.py": {"engine.ontology.compile"},  # writes the compiled outputs: nobody else may
    }
    found: dict[str, set[str]] = {}
    for path in modules():
        room = path.relative_to(ENGINE).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("engine.") and node.module.count(".") >= 2:
                other = node.module.split(".")[1]
                if other not in (room, "contracts"):
                    found.setdefault(shown(path), set()).add(node.module)
    assert found == through_a_window


def test_names_say_what_a_module_is_for() -> None:
    parts = {part for path in modules() for part in path.relative_to(ENGINE).with_suffix("").parts}
    assert [name for name in sorted(parts) if set(name.strip("_").split("_")) & FORBIDDEN_WORDS] == []
