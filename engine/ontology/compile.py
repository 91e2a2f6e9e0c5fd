"""Compile the ontology into its committed outputs, or say which of them have drifted."""

from __future__ import annotations

from pathlib import Path

from engine.contracts import Diagnostic, Place
from engine.ontology.emit import OUTPUTS
from engine.ontology.turtle_reader import read_turtle

TURTLE = "ontology/work_intelligence.ttl"


def compile_ontology(root: Path) -> tuple[str, ...]:
    """Write every output below the checkout `root`; answers the names of those that changed."""
    schema = read_turtle(root / TURTLE)
    changed = []
    for name, emit in OUTPUTS.items():
        path, text = root / name, emit(schema)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return tuple(changed)


def drifted(root: Path) -> tuple[Diagnostic, ...]:
    """One diagnostic (ONT201) for each committed output that the Turtle no longer gives."""
    schema = read_turtle(root / TURTLE)
    return tuple(
        Diagnostic(Place(name), "ONT201", "differs from what the ontology compiles to", "a hand edit or a forgotten compile makes two truths", "run `wig ontology compile` and commit the result")
        for name, emit in OUTPUTS.items()
        if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != emit(schema)
    )
