"""Fingerprints of the ontology and of what it compiled to."""

from __future__ import annotations

from engine.contracts import Fingerprint, sha256_hex
from engine.documents import data_folder


def ontology_fingerprints() -> tuple[Fingerprint, ...]:
    """One for each Turtle file and each compiled output, in name order."""
    root = data_folder("ontology")
    found = []
    for path in sorted([*root.glob("*.ttl"), *(root / "compiled").iterdir()]):
        raw = path.read_bytes()
        found.append(Fingerprint("ontology", f"ontology/{path.relative_to(root).as_posix()}", sha256_hex(raw), len(raw)))
    return tuple(found)
