"""A patch file read into a Patch: form by pydantic, meaning by the ontology, every fault with its line and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.contracts import BadInput, Diagnostic
from engine.documents import Document, read_document
from engine.ontology import Schema, load_schema
from engine.patches.lexical_cells import lexical_cell
from engine.patches.patch import Change, Evidence, ParameterChange, Patch, RecordChange
from engine.patches.patch_format import ChangeForm, PatchForm
from engine.warehouse import Cell

_MESSAGES = {
    "string_too_short": "the text is empty", "string_too_long": "the text is too long", "too_short": "the list is empty", "too_long": "the list is too long",
    "literal_error": "the word is not one of those allowed", "string_pattern_mismatch": "the text does not have the form asked for", "date_type": "not a date (2026-11-21)",
}  # fmt: skip


def read_patch(path: Path, schema: Schema | None = None) -> Patch:
    """The one patch of a YAML file.

    Raises InputOutput DOC002; BadInput with every fault: DOC101-DOC106, WIF101 (unknown key), WIF102 (missing key), WIF103 (wrong form),
    WIF104 (what a change is of), WIF105 (unknown table, class or property), WIF106 (wrong value), WIF107 (one thing changed twice),
    WIF108 (no evidence).
    """
    document = read_document(path)
    patch = patch_of(document, schema or load_schema())
    if not patch.evidence:
        why = "a change without evidence is an opinion; nobody can judge it later"
        raise BadInput.at("WIF108", f"the patch `{patch.name}` cites no evidence", why=why, fix="add `evidence:` with what it says and where", place=document.place(("patch",)))
    return patch


def patch_of(document: Document, schema: Schema) -> Patch:
    """The patch of a document; evidence may be absent. Raises BadInput as read_patch."""
    try:
        form = PatchForm.model_validate(document.value if document.value is not None else {})
    except ValidationError as error:
        raise BadInput(*(_fault(document, dict(fault)) for fault in error.errors(include_url=False))) from None
    faults: list[Diagnostic] = []
    changes: list[Change] = []
    for position, change in enumerate(form.changes):
        read = _Reading(document, position, change, schema)
        changes += read.change()
        faults += read.faults
    faults += _twice(changes)
    if faults:
        raise BadInput(*faults)
    evidence = tuple(Evidence(e.says, _source_key(e.source), e.reference.strip()) for e in form.evidence)
    return Patch(form.patch, form.author, form.dated, form.reason, form.confidence, evidence, tuple(changes))


class _Reading:
    """One change: either it becomes a value or its faults are told."""

    def __init__(self, document: Document, position: int, form: ChangeForm, schema: Schema) -> None:
        self._document, self._position, self._form, self._schema = document, position, form, schema
        self.faults: list[Diagnostic] = []

    def change(self) -> Iterator[Change]:
        form = self._form
        named = [name for name in ("record", "link", "parameter") if getattr(form, name) is not None]
        if len(named) != 1:
            met = " and ".join(f"`{n}`" for n in named) or "none of them"
            self._refuse("WIF104", "change", f"a change is of one record, link or parameter (met {met})", "nobody could tell what is changed", "name exactly one")
            return
        made = self._parameter() if form.parameter is not None else self._of_table()
        if made is not None and not self.faults:
            yield made

    def _parameter(self) -> ParameterChange | None:
        form = self._form
        self._forbid("to", "naming_kind", "property", "properties", "provenance", "with_links")
        pack, _, name = str(form.parameter).partition(".")
        since = _date(form.start)
        if since is None:
            self._refuse("WIF106", "from", "a parameter's value is in force from a day", "values of parameters are dated", "write `from: 2026-11-21`")
        if (form.value is None) != (form.change == "retire"):
            self._refuse("WIF104", "value", "`add` and `replace` state a value, `retire` states none", "", "add `value:`, or leave it out")
        value = form.value
        if isinstance(value, list):
            value = tuple(value)
        items = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else () if value is None else (value,)
        if value in ((), {}) or not all(isinstance(item, (str, bool, int, Decimal)) for item in items):
            self._refuse("WIF106", "value", "a parameter's value is text, a number, true or false, or a list or mapping of these", "rules compare plain values", "mend it; quote a date that is text")
        return None if since is None else ParameterChange(self._position + 1, form.change, pack, name, since, value, self._document.place(("changes", self._position)))

    def _of_table(self) -> RecordChange | None:
        form = self._form
        target, identity = self._identified()
        if target is None:
            return None
        if form.change == "retire":
            self._forbid("property", "value", "properties", "provenance")
        elif form.with_links:
            self._refuse("WIF104", "with_links", "only what is retired takes its links along", "", "leave `with_links` out")
        single = form.property is not None
        if single and form.change == "add":
            self._refuse("WIF104", "property", "a record is added whole", "one property is replaced, a record added", "write `properties:`")
        if single and form.properties:
            self._refuse("WIF104", "properties", "`property` and `properties` are two ways to say it", "", "give one of the two")
        stated = {str(form.property): form.value} if single else dict(form.properties)
        if not single and form.value is not None:
            self._refuse("WIF104", "value", "a value of which property?", "", "name it with `property:`")
        cells = self._cells(target, stated, single)
        if "naming_kind" in identity and form.change != "retire":
            cells = {**cells, "naming_kind": identity["naming_kind"]}
        stamp = {n: str(v) for n, v in form.provenance.model_dump(exclude_none=True).items()} if form.provenance else {}
        if "confidence" in stamp:
            stamp["confidence"] = str(lexical_cell(self._confidence(), form.provenance.confidence if form.provenance else None))
        return RecordChange(self._position + 1, form.change, target, identity, cells, stamp, not single, form.with_links, self._document.place(("changes", self._position)))

    def _identified(self) -> tuple[str | None, dict[str, str]]:
        form, schema = self._form, self._schema
        if form.record is not None:
            self._forbid("from", "to", "naming_kind")
            target = schema.class_of_key(form.record)
            if target is None:
                self._refuse("WIF105", "record", f"no class has keys like `{form.record}`", "a record is known by the prefix of its key", _near(form.record.partition("/")[0], [c.key_prefix for c in schema.classes.values()]))
            return target, {"id": form.record}
        if not isinstance(form.start, str) or "/" not in form.start or form.to is None:
            self._refuse("WIF104", "link", "a link joins two records", "its ends are its key", "state `from:` and `to:`")
            return None, {}
        ends = [schema.class_of_key(key) for key in (form.start, form.to)]
        target = f"{form.link}.{ends[0]}.{ends[1]}"
        if target not in schema.targets():
            tables = sorted({t.relation.table for t in schema.association_tables() if t.start == ends[0] and t.end == ends[1]})
            between = f"from {ends[0] or form.start} to {ends[1] or form.to}"
            self._refuse("WIF105", "link", f"no relationship `{form.link}` leads {between}", "only relationships of the ontology can be stated", f"one of {', '.join(tables)}" if tables else "the ontology joins these two by no relationship")
            return None, {}
        identity = {"from": form.start, "to": form.to}
        kinds = next((p for p in schema.columns(target) if p.column == "naming_kind"), None)
        if kinds is None:
            self._forbid("naming_kind")
        elif form.naming_kind is not None:
            if kinds.allowed and form.naming_kind not in kinds.allowed:
                self._refuse("WIF106", "naming_kind", f"`{form.naming_kind}` is no kind of naming", "", f"one of {', '.join(kinds.allowed)}")
            identity["naming_kind"] = form.naming_kind
        elif form.change == "add":
            self._refuse("WIF102", "change", "the key `naming_kind` is missing", "it is part of what a naming is known by", "add `naming_kind:`")
        return target, identity

    def _cells(self, target: str, stated: Mapping[str, Any], single: bool) -> dict[str, Cell]:
        columns = {p.column: p for p in self._schema.columns(target)}
        cells: dict[str, Cell] = {}
        for name, value in stated.items():
            key = ("property",) if single and name not in columns else ("value",) if single else ("properties", name)
            if name not in columns or name == "naming_kind":
                self._refuse("WIF105", key, f"{target} has no property `{name}`", "only properties of the ontology can be stated", _near(name, list(columns)))
                continue
            try:
                cells[name] = lexical_cell(columns[name], value)
            except ValueError as error:
                self._refuse("WIF106", key, f"`{name}`: {error.args[0]}", "the graph's columns are typed", error.args[1])
        return cells

    def _confidence(self) -> Any:
        return next(p for p in self._schema.provenance if p.column == "confidence")

    def _forbid(self, *names: str) -> None:
        for name in names:
            met = getattr(self._form, "start" if name == "from" else name)
            if met not in (None, False, {}):
                self._refuse("WIF104", name, f"`{name}` says nothing here", "a key without a meaning may hide a slip", "leave it out")

    def _refuse(self, code: str, key: str | tuple[str, ...], what: str, why: str, fix: str) -> None:
        path = (key,) if isinstance(key, str) else key
        self.faults.append(Diagnostic(self._document.place(("changes", self._position, *path)), code, what, why, fix))


def _twice(changes: list[Change]) -> Iterator[Diagnostic]:
    """WIF107: one thing changed twice leaves open which change stands."""
    seen: Counter[tuple[str, str]] = Counter()
    subjects: set[str] = set()
    for change in changes:
        if isinstance(change, ParameterChange):
            parts = [(change.subject, change.since.isoformat())]
        else:
            whole = f"{change.target} {sorted(change.identity.items())}"
            parts = [(whole, name) for name in change.cells] if change.act == "replace" and not change.whole else [(whole, "")]
        # what is changed whole meets every other change of it
        met = any(seen[p] or seen[p[0], ""] for p in parts) or any(name == "" and subject in subjects for subject, name in parts)
        subjects |= {subject for subject, _ in parts}
        if met:
            yield Diagnostic(change.place, "WIF107", f"{change.subject} is changed twice", "nobody could tell which change stands", "join the two changes")
        seen.update(parts)


def _fault(document: Document, fault: Mapping[str, Any]) -> Diagnostic:
    path, kind = tuple(fault["loc"]), str(fault["type"])
    place, last = document.place(path), path[-1] if path else "document"
    if kind == "extra_forbidden":
        form: Any = {"changes": ChangeForm}.get(str(path[0]), PatchForm) if len(path) > 1 else PatchForm
        return Diagnostic(place, "WIF101", f"unknown key `{last}`", "a misspelt key would silently say nothing", _near(str(last), [f.alias or n for n, f in form.model_fields.items()]))
    if kind == "missing":
        return Diagnostic(place, "WIF102", f"the key `{last}` is missing", "nothing stands in for it", f"add `{last}:`")
    met = fault["input"]
    shown = "" if isinstance(met, (dict, list)) else f" (met `{str(met)[:60]}`)"
    message = _MESSAGES.get(kind, str(fault["msg"]).removeprefix("Value error, "))
    context = fault.get("ctx", {})
    expected = context.get("expected") or context.get("pattern")
    return Diagnostic(place, "WIF103", f"`{last}`: {message}{shown}", "a patch is read without guessing", f"expected: {expected}" if expected else "see docs/how-to/try_a_change.md")


def _near(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, 1)
    return f"did you mean `{close[0]}`?" if close else f"one of {', '.join(sorted(k for k in known if k))}"


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _source_key(source: str) -> str:
    named = source.strip()
    return named if not named or named.startswith("source/") else f"source/{named}"
