"""Reads a learner profile file; every fault with its line and column."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from rapidfuzz import process

from engine.contracts import BadInput, Diagnostic
from engine.contracts.learner import LearnerProfile
from engine.documents import read_document


def read_profile(path: Path) -> LearnerProfile:
    """Profile in a YAML file. Raises BadInput PRF101 with all faults of the file."""
    document = read_document(path, str(path))
    if not isinstance(document.value, dict):
        raise BadInput.at("PRF101", "a profile is a list of `name: value` lines", fix="begin with `title: ...`", place=document.place())
    try:
        return LearnerProfile.model_validate(document.value)
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            where = tuple(p for p in fault["loc"] if p != "[key]")
            fix = "see docs/how-to/plan_for_a_learner.md for every field"
            if fault["type"] == "extra_forbidden":
                near = process.extractOne(str(where[-1]), list(LearnerProfile.model_fields))
                fix = f"did you mean `{near[0]}`? " + fix if near and near[1] >= 60 else fix
            name = ".".join(str(p) for p in where) or "profile"
            faults.append(Diagnostic(document.place(where), "PRF101", f"`{name}`: {fault['msg']}", "a profile is checked before anything is planned on it", fix))
        raise BadInput(*faults) from None
