"""A pack folder read into a Pack: YAML with positions, the form checked by pydantic, every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.contracts import BadInput, Diagnostic, Fingerprint, sha256_hex
from engine.documents import Document, read_document
from engine.rules.authored import ColumnFile, FactFile, PackFile, ScoringFile, TableFile
from engine.rules.pack import DatedValue, Fact, Factor, Pack, Parameter, Rule, Scoring, Table
from engine.rules.spelling import did_you_mean
from engine.rules.values import Column

M = TypeVar("M", bound=BaseModel)
_MESSAGES = {
    "string_too_short": "the text is empty",
    "too_short": "the list is too short",
    "too_long": "the list is too long",
    "literal_error": "the word is not one of those allowed",
    "string_pattern_mismatch": "the text does not have the form asked for",
}


def read_pack(folder: Path) -> Pack:
    """The pack in a folder. Raises BadInput with every fault of form (DOC1xx, RUL101 to RUL104); meaning is checked elsewhere."""
    name = f"rules/{folder.name}/pack.yaml"
    document = read_document(folder / "pack.yaml", name)
    model = validated(PackFile, document, document.value)
    if model.pack != folder.name:
        raise BadInput.at(
            "RUL104", f"pack `{model.pack}` stands in the folder `{folder.name}`", why="a pack is found by its folder",
            fix=f"write `pack: {folder.name}` or rename the folder", place=document.place(("pack",)),
        )  # fmt: skip
    raw = (folder / "pack.yaml").read_bytes()
    return _pack(model, document, folder, Fingerprint("rule", name, sha256_hex(raw), len(raw)))


def validated(model: type[M], document: Document, value: Any, under: tuple[str | int, ...] = ()) -> M:
    """A mapping of a document as its model. Raises BadInput with every fault: RUL101 unknown key, RUL102 missing key, RUL103 wrong form."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BadInput(*(_diagnostic(model, document, under, dict(fault)) for fault in error.errors(include_url=False))) from None


def _diagnostic(model: type[BaseModel], document: Document, under: tuple[str | int, ...], fault: Mapping[str, Any]) -> Diagnostic:
    path, kind = tuple(fault["loc"]), str(fault["type"])
    place = document.place((*under, *path))
    last = path[-1] if path else "document"
    if kind == "extra_forbidden":
        return Diagnostic(place, "RUL101", f"unknown key `{last}`", "a misspelt key would silently say nothing", did_you_mean(str(last), _keys_at(model, path[:-1])))
    if kind == "missing":
        return Diagnostic(place, "RUL102", f"the key `{last}` is missing", "nothing stands in for it", f"add `{last}:`")
    if path and path[-1] == "[key]":
        return Diagnostic(place, "RUL103", f"`{path[-2]}` is no name", "names are lower-case words joined by underscores", "rename it, for instance `serve_confidence`")
    met = fault["input"]
    shown = "" if isinstance(met, (dict, list)) else f" (met `{met}`)"
    message = _MESSAGES.get(kind, str(fault["msg"]).removeprefix("Value error, "))
    expected = fault.get("ctx", {}).get("expected") or fault.get("ctx", {}).get("pattern")
    fix = f"expected: {expected}" if expected else "see docs/reference/rule_packs.md for the form of this value"
    return Diagnostic(place, "RUL103", f"`{last}`: {message}{shown}", "the file is read without guessing", fix)


def _keys_at(model: Any, path: Sequence[str | int]) -> list[str]:
    """Keys that a model allows at a path inside it."""
    for part in path:
        while get_origin(model) is Annotated:
            model = get_args(model)[0]
        if get_origin(model) in (Union, UnionType):
            model = next(a for a in get_args(model) if a is not type(None))
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {f.alias or n: f for n, f in model.model_fields.items()}
            model = fields[str(part)].annotation if str(part) in fields else None
        else:
            arguments = get_args(model)
            model = arguments[-1] if arguments else None
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [f.alias or n for n, f in model.model_fields.items()]
    return []


def _pack(model: PackFile, document: Document, folder: Path, fingerprint: Fingerprint) -> Pack:
    parameters = {
        name: Parameter(
            name, p.unit, p.reason, p.source,
            tuple(sorted((DatedValue(v.since, tuple(v.value) if isinstance(v.value, list) else v.value) for v in p.values), key=lambda v: v.since)),
        )
        for name, p in model.parameters.items()
    }  # fmt: skip
    return Pack(
        model.pack, model.version, model.owner, model.description, parameters,
        {name: _fact(name, f) for name, f in model.facts.items()},
        {name: column(name, c) for name, c in model.inputs.items()},
        {name: _table(name, t) for name, t in model.tables.items()},
        {name: _scoring(name, s) for name, s in model.scoring.items()},
        fingerprint, document, folder,
    )  # fmt: skip


def column(name: str, model: ColumnFile) -> Column:
    """A column from its authored form."""
    return Column(name, model.type, model.description, tuple(model.values))


def _fact(name: str, model: FactFile) -> Fact:
    return Fact(name, model.subject, model.context or "", model.description, model.cypher, tuple(column(n, c) for n, c in model.columns.items()))


def _table(name: str, model: TableFile) -> Table:
    outputs = tuple(column(n, c) for n, c in model.outputs.items())
    order = {used: position for position, used in reversed(list(enumerate(model.uses)))}
    stated = {output.name: position for position, output in enumerate(outputs)}
    rules = tuple(
        Rule(
            r.id,
            # cells are tested in the order of `uses`, so that a digest without key order still fixes the trace
            tuple(sorted(((n, tuple(c) if isinstance(c, list) else c) for n, c in r.when.items()), key=lambda cell: order.get(cell[0], len(order)))),
            tuple(sorted(r.then.items(), key=lambda cell: stated.get(cell[0], len(stated)))),
            r.because,
        )
        for r in model.rules
    )  # fmt: skip
    aggregate = model.aggregate or ("list" if model.hit_policy == "collect" else None)
    return Table(name, model.description, model.hit_policy, aggregate, tuple(model.uses), outputs, rules, model.gaps)


def _scoring(name: str, model: ScoringFile) -> Scoring:
    factors = tuple(
        Factor(n, f.uses, f.weight if isinstance(f.weight, int) else f.weight[1:], f.unit, f.range[0], f.range[1], f.transform, f.description)
        for n, f in model.factors.items()
    )  # fmt: skip
    return Scoring(name, model.subject, model.description, factors, tuple((o.split(" ")[0], o.endswith(" desc")) for o in model.order))
