"""Reads a file that approves a release; every fault with its line and column."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from engine.contracts import BadInput, Diagnostic, Place
from engine.documents import read_document
from engine.release import ReleaseApproval

# as the contract on approvers says it (shapes/approvals.ttl)
_MACHINE = re.compile(r"\b(ai|language model|chatbot|bot|agent model)\b", re.IGNORECASE)


def _human(name: str) -> str:
    if _MACHINE.search(name):
        raise ValueError("a model that approves what models may do has approved itself: let a human approve and give the name or office")
    return name


class ApprovalFile(BaseModel):
    """Who approved which receipt, on which day, in which words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    receipt: Annotated[str, Field(min_length=1)]
    approved_by: Annotated[str, Field(min_length=1), AfterValidator(_human)]
    dated: date
    statement: Annotated[str, Field(min_length=1)]


def read_approval(path: Path) -> ReleaseApproval:
    """The approval in a YAML file. Raises BadInput RUL173 with all faults of the file."""
    document = read_document(path, str(path))
    if not isinstance(document.value, dict):
        raise BadInput.at("RUL173", "an approval is a list of `name: value` lines", fix="give receipt, approved_by, dated and statement", place=document.place())
    try:
        stated = ApprovalFile.model_validate(document.value)
    except ValidationError as error:
        raise BadInput(*(_diagnostic(document.place(tuple(fault["loc"])), ".".join(str(p) for p in fault["loc"]), fault["msg"]) for fault in error.errors())) from None
    return ReleaseApproval(stated.receipt, stated.approved_by, stated.dated, stated.statement)


def _diagnostic(place: Place, name: str, message: str) -> Diagnostic:
    return Diagnostic(place, "RUL173", f"`{name}`: {message}", "an approval is evidence, so all of it must be there", "give receipt, approved_by, dated and statement")
