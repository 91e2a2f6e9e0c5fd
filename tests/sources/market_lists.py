"""Invented lists of the market, as a user would bring them."""

from __future__ import annotations

from pathlib import Path

MANIFEST = {
    "name": "nordic-postings", "title": "Nordic postings", "owner": "An invented board", "licence": "CC-BY-4.0", "allowed_use": "runtime", "collected": "2026-10-01",
    "file": "titles.csv", "format": "csv", "title_column": "title", "count_column": "seen", "columns": ["title", "seen"],
}  # fmt: skip


def manifest_text(**changes: object) -> str:
    """A manifest; None leaves a key out."""
    lines = []
    for key, value in (MANIFEST | changes).items():
        if value is not None:
            shown = str(value) if key == "collected" else "[" + ", ".join(f'"{v}"' for v in value) + "]" if isinstance(value, list) else f'"{value}"'
            lines.append(f"{key} = {shown}")
    return "\n".join(lines) + "\n"


def write_list(folder: Path, text: str | bytes, own: str = "list", **changes: object) -> Path:
    """One list in a folder of its own; answers the folder above."""
    here = folder / own
    here.mkdir(parents=True)
    (here / "intake.toml").write_text(manifest_text(**changes), encoding="utf-8")
    (here / str(changes.get("file", "titles.csv"))).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
