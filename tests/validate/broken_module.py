"""Breaks one module of the authored content in five ways: two against the format, three against contracts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILE = "families/marketing_growth.yaml"
MODULE = "mkt-brief-the-assistant"


@dataclass(frozen=True)
class Break:
    """What is done to the module, and what the author must be told: the words at which the finding begins, and in it."""

    sentence: str
    old: str
    new: str
    code: str
    begins: str
    says: str
    fix: str
    snippet: str
    page: str


FIVE = (
    Break("a misspelt status", "status: approved", "status: aproved", "WED103", "aproved", "`status` is `aproved`", "use one of draft, in_review, approved, retired", "status: approved", "contracts.md#modulestructure"),
    Break("effort out of range", "hours: 3.0", "hours: 400", "SHP301", "400", "`hours` is `400`, above 40", "`hours`, of type decimal, from 0.25 to 40", "hours: 40", "contracts.md#modulestructure"),
    Break("a circle of prerequisites", "prerequisites: []", f"prerequisites: [{MODULE}]", "SHP301", f"{MODULE}]", "PrerequisiteCircle", "break the circle of prerequisites", "prerequisites: []", "contracts.md#prerequisitecircle"),
    Break("a lesson too short", r"    lesson: \|\n.*?(?=    exercise:)", "    lesson: |\n      Just try it.\n", "SHP301", "lesson: |", "`lesson` is too short", "write the lesson out", "lesson: |", "contracts.md#modulelesson"),
    Break("no exercise", r"    exercise:\n.*?(?=    rubric:)", "", "WED102", f"id: {MODULE}", f"`module/{MODULE}` has no `exercise`", "add `exercise:`", "exercise:", "contracts.md#moduleexercise"),
)  # fmt: skip


def break_module(folder: Path) -> None:
    """Apply all five to the content of a folder."""
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    start = text.index(f"  - id: {MODULE}\n    label")
    end = text.index("\n  - id: ", start) + 1
    module = text[start:end]
    for one in FIVE:
        pattern = one.old if one.old.startswith("    ") else re.escape(one.old)
        module, times = re.subn(pattern, one.new.replace("\\", "\\\\"), module, count=1, flags=re.DOTALL)
        assert times == 1, one.sentence
    path.write_text(text[:start] + module + text[end:], encoding="utf-8")
