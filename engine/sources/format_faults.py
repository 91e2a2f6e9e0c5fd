"""Faults of a document against its format, as diagnostics: each with its place, and the nearest valid name where a name is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.contracts import Diagnostic, Place

DocumentPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FaultCodes:
    """Diagnostic codes of one format."""

    unknown_key: str
    missing_key: str
    wrong_value: str


def nearest(name: str, valid: Iterable[str]) -> str:
    """`did you mean ...?` with the nearest valid name, or the valid names where none is near."""
    choices = sorted(set(valid))
    near = get_close_matches(name, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"use one of {', '.join(choices[:12])}{' ...' if len(choices) > 12 else ''}" if choices else "there is none to choose from"


def format_faults(error: ValidationError, model: type[BaseModel], place_of: Callable[[DocumentPath], Place], codes: FaultCodes) -> Iterator[Diagnostic]:
    """One diagnostic for each fault that pydantic met."""
    for fault in error.errors(include_url=False):
        path = tuple(fault["loc"])
        name, place = str(path[-1]) if path else "", place_of(path)
        where = _text(path[:-1]) or "the document"
        if fault["type"] == "extra_forbidden":
            yield Diagnostic(place, codes.unknown_key, f"unknown key `{name}` in {where}", "a misspelt key would silently be ignored", nearest(name, _keys_at(model, path[:-1])))
        elif fault["type"] == "missing":
            yield Diagnostic(place, codes.missing_key, f"`{name}` is missing in {where}", fix=f"add `{name}:`")
        else:
            met = fault.get("input")
            shown = f", met `{_short(met)}`" if isinstance(met, (str, int)) or (met is not None and not isinstance(met, (dict, list))) else ""
            yield Diagnostic(place, codes.wrong_value, f"`{_text(path)}`: {fault['msg'].removeprefix('Value error, ')}{shown}", fix="see docs/how-to/author_a_family.md" if codes.wrong_value.startswith("WED") else "")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _text(path: DocumentPath) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def _keys_at(model: type[BaseModel], path: DocumentPath) -> tuple[str, ...]:
    """Valid keys at a path of the document."""
    here: Any = model
    for step in path:
        here = _model_in(here)
        if isinstance(step, str) and here is not None and step in here.model_fields:
            here = here.model_fields[step].annotation
    found = _model_in(here)
    return tuple(found.model_fields) if found is not None else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Role, ...]` or `Family | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, list, dict, Union, UnionType, Annotated):
        return next((m for m in map(_model_in, get_args(annotation)) if m is not None), None)
    return None
