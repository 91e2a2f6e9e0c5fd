"""Finds ontology, shapes, rules and graph_data: inside an installed package, else beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from engine.contracts import InputOutput

DATA_FOLDERS = ("ontology", "shapes", "rules", "graph_data")


def data_folder(name: str) -> Path:
    """Folder `name` of the four data folders.

    Raises InputOutput DOC001 where the installation lacks it.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "data" / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise InputOutput.at(
        "DOC001", f"the data folder `{name}` is not part of this installation",
        why="the engine reads its ontology, shapes, rules and authored content from files",
        fix="reinstall work-intelligence-graph, or run from a complete checkout",
    )  # fmt: skip
