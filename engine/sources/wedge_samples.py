"""Valid stand-ins for parts of authored content: to read on past a fault, and as snippets that an author can paste."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from engine.sources.format_faults import DocumentPath
from engine.sources.wedge_format import AuthoredFile

# tried in order; the first that the format takes stands in
_PLAIN: tuple[Any, ...] = ("11-2021.00", "11-2021", "1.0.0", "name", "c01", 1, Decimal("0.5"), True, date(2026, 1, 1))
_WIDTH = 100
# a text whose parts the guide for authors asks for
_OUTLINES = {"lesson": "## The idea\n\nto be written\n\n## Worked example\n\nto be written\n\n## What goes wrong\n\nto be written\n\n## How to check\n\nto be written\n"}


def kind_at(path: DocumentPath) -> Any:
    """The type that the format wants at a path of an authored file; None where it knows no such path."""
    here: Any = AuthoredFile
    for step in path:
        if isinstance(step, int):
            here = _item_kind(here)
        else:
            model = _model_in(here)
            found = model.model_fields.get(step) if model is not None else None
            here = Annotated[(found.annotation, *found.metadata)] if found is not None and found.metadata else found.annotation if found is not None else None
        if here is None:
            return None
    return here


def sample(kind: Any, word: Callable[[], str], *, items: bool) -> Any:
    """A value as a document would hold it, valid for a type of the format; lists hold one item where `items`, else none."""
    model = _model_in(kind)
    item = _item_kind(kind)
    if item is not None:
        return [sample(item, word, items=items)] if items else []
    if model is not None:
        required = {name: f for name, f in model.model_fields.items() if f.is_required()}
        return {name: sample(Annotated[(f.annotation, *f.metadata)] if f.metadata else f.annotation, word, items=items) for name, f in required.items()}
    choices = next((get_args(part) for part in _parts(kind) if get_origin(part) is Literal), ())
    return choices[0] if choices else next(value for value in (word(), *_PLAIN) if _fits(kind, value))


def snippet(path: DocumentPath, value: Any = None) -> str:
    """YAML to paste at a path: `key: value`, or `- value` in a list; without a value a skeleton of what the format wants there."""
    if value is None:
        kind = kind_at(path)
        if kind is None:
            return ""
        value = _OUTLINES.get(str(path[-1])) or sample(kind, lambda: "to be written", items=True)
    last = path[-1] if path else ""
    return yaml.dump({last: value} if isinstance(last, str) else [value], Dumper=_Plain, sort_keys=False, allow_unicode=True, width=_WIDTH).rstrip("\n")


class _Plain(yaml.SafeDumper):
    """Writes decimals as plain numbers."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002 - as above
        return super().increase_indent(flow, False)  # items stand further in than their key, as in the files of the product


_Plain.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None))
_Plain.add_representer(Decimal, lambda dumper, number: dumper.represent_scalar("tag:yaml.org,2002:float", format(number, "f")))


def choices_at(path: DocumentPath) -> tuple[str, ...]:
    """The closed list of values at a path; empty where there is none."""
    return next((tuple(map(str, get_args(part))) for part in _parts(kind_at(path)) if get_origin(part) is Literal), ())


def _fits(kind: Any, value: Any) -> bool:
    try:
        _adapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=256)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _parts(kind: Any) -> Iterator[Any]:
    """A type and what its annotations and alternatives wrap."""
    yield kind
    if get_origin(kind) in (Annotated, Union, UnionType):
        for part in get_args(kind):
            yield from _parts(part)


def _model_in(kind: Any) -> type[BaseModel] | None:
    return next((part for part in _parts(kind) if isinstance(part, type) and issubclass(part, BaseModel)), None)


def _item_kind(kind: Any) -> Any:
    return next((get_args(part)[0] for part in _parts(kind) if get_origin(part) is tuple), None)
