"""The shape files of this installation and their fingerprints."""

from __future__ import annotations

from pathlib import Path

from engine.contracts import Fingerprint, sha256_hex
from engine.documents import data_folder


def shape_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Every `*.ttl` directly in the shapes folder, by name; examples in subfolders are no contracts."""
    return tuple(sorted((folder or data_folder("shapes")).glob("*.ttl")))


def shape_fingerprints(folder: Path | None = None) -> tuple[Fingerprint, ...]:
    """Fingerprint of each shape file, in name order."""
    found = []
    for path in shape_files(folder):
        raw = path.read_bytes()
        found.append(Fingerprint("shape", f"shapes/{path.name}", sha256_hex(raw), len(raw)))
    return tuple(found)
