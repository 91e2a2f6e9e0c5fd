"""Faults and broken contracts of authored content as findings at the field where they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.contracts import Diagnostic, Place, Severity, iri_of
from engine.ontology import NAMESPACE, PropertyDef, Schema
from engine.shapes import FieldContract, Violation
from engine.sources import Position, WedgeSurvey, choices_at, snippet
from engine.validate.findings import Finding, SourceLine, Statement, Suggestion, Weight
from engine.validate.sentences import remedy, telling, what_was_met
from engine.validate.suggestions import DocumentPath, meant, nearest_value, page_of, suggestion_for, without_item

SHAPES_NAMESPACE = NAMESPACE.replace("ontology#", "shapes#")
SHACL = "http://www.w3.org/ns/shacl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
CODE = "SHP301"
# aliases, and nesting without measure: a file that was refused for these is not looked into a second time
UNREADABLE = ("DOC104", "DOC105")
_STEP = re.compile(r"\(*(\^?)\(*([A-Za-z]\w*)")
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_AROUND = 1


def column_of(path: str) -> tuple[str, bool]:
    """Column or relation (small letters) of the first step of a path in SPARQL text, and whether it is walked backwards."""
    step = _STEP.match(path)
    return (_CAPITAL.sub("_", step[2]).lower(), bool(step[1])) if step else ("", False)


@dataclass(frozen=True)
class Finder:
    """Turns what was found in one folder of authored content into findings.

    `folder` is how the user calls it; `contracts` say why a field is there, by class and property name.
    """

    survey: WedgeSurvey
    schema: Schema
    folder: str = ""
    contracts: Mapping[tuple[str, str], FieldContract] = field(default_factory=dict)

    def findings(self, violations: Iterable[Violation]) -> Iterator[Finding]:
        """Findings of the format and of the contracts; what only repeats a fault of the format is left out."""
        for fault in self.survey.faults:
            yield self.of_fault(fault, self.survey.paths.get(fault, ()))
        folded: dict[tuple[object, ...], Finding] = {}
        for v in sorted(violations, key=lambda v: (v, telling(v.component))):
            column, backwards = column_of(v.path)
            if self.survey.hides(v.focus, column, backwards=backwards):
                continue
            found, same = self.of_violation(v), (v.focus, v.path, v.value, v.value_n3, v.shape, v.source_shape, v.message)
            folded[same] = _together(folded[same], found) if same in folded else found
        yield from folded.values()

    def of_fault(self, fault: Diagnostic, path: DocumentPath = ()) -> Finding:
        """A fault of the format or of a reference."""
        positions = self.survey.wedge.positions
        focus, column = positions.record_at(fault.place.file, path) if path else ("", "")
        prop, value = self._property(focus, column), positions.written(fault.place.file, path)
        allowed, near, paste, what = choices_at(path), meant(fault.fix), "", fault.what
        name = str(path[-1]) if path else ""
        match fault.code:
            case "WED101":
                paste, value = (snippet((*path[:-1], near), value) if near and value else ""), name
            case "WED102":
                paste, what = snippet(path), what_was_met("MinCount", "", focus, name, "") if focus else what
            case "WED103":
                near = nearest_value(value, allowed)
                paste = snippet(path, near) if near else snippet(path) if path else ""
                what = what_was_met("In", "", focus, name, value) if allowed and value else what
            case "WED105":
                paste = snippet(path, near) if near else ""
        mend = f"use one of {', '.join(allowed)}" if allowed and fault.code == "WED103" else fault.fix
        contract = self._contract(focus, column)
        weight = {Severity.ERROR: Weight.VIOLATION, Severity.WARNING: Weight.WARNING, Severity.NOTE: Weight.INFO}[fault.severity]
        found = Finding(
            fault.place, fault.code, weight, what, mend, fault.why or (contract.why if contract else "") or self._comment(prop, column), focus=focus, path=column or ".".join(map(str, path)), value=value,
            suggestion=Suggestion(allowed, near, paste), page=page_of(fault.code, contract.shape if contract and fault.code in ("WED102", "WED103") else ""),
        )  # fmt: skip
        subject = iri_of(focus) if focus else iri_of(f"file/{fault.place.file}")
        stated = Statement(_iri(subject), _iri(f"{SHAPES_NAMESPACE}AuthoredFormat"), _iri(f"{SHAPES_NAMESPACE}FormatConstraintComponent"), messages=(_text(mend or fault.what),), severity=_iri(f"{SHACL}{weight.title()}"))
        where = Position(fault.place, exact=False) if fault.code in UNREADABLE else positions.at(fault.place)
        return self._placed(replace(found, statements=(stated,)), where)

    def of_violation(self, v: Violation) -> Finding:
        """A broken contract, at the field or item that breaks it."""
        column, backwards = column_of(v.path)
        positions = self.survey.wedge.positions
        passage = positions.passage(v.focus)
        wanted = passage.field(column) if passage is not None and column and not backwards else None
        position = positions.find(v.focus, "" if backwards else column, v.value or ("" if column else v.focus)) or Position(Place(v.authored_at), exact=False)
        component = v.component.removesuffix("ConstraintComponent")
        prop = self._property(v.focus, column)
        allowed = v.allowed or (prop.allowed if prop and component == "In" else ())
        limit = v.limit or _limit(component, prop)
        name = str(wanted[-1]) if wanted and isinstance(wanted[-1], str) and passage is not None and passage.path != wanted else v.path
        where = position.path if position.exact and wanted and position.path[: len(wanted)] == wanted and component not in ("MinCount", "QualifiedMinCount") else wanted
        if not column and passage is not None and len(position.path) > len(passage.path) and isinstance(position.path[-1], int):
            suggestion = without_item(position.path[:-1], positions.value(position.place.file, position.path[:-1]), position.path[-1])
        else:
            suggestion = suggestion_for(component, where, v.value, allowed, limit)
        found = Finding(
            position.place, CODE, weight_of(v.severity), what_was_met(component, v.shape, v.focus, name, v.value, limit), v.message.replace(f"`{column}`", f"`{name}`") or remedy(component, v.shape, name, limit, allowed), v.why,
            shape=v.shape, component=component, focus=v.focus, path=v.path, value=v.value, value_n3=v.value_n3,
            suggestion=suggestion, page=page_of(CODE, v.shape), statements=(self._statement(v, prop),),
        )  # fmt: skip
        return self._placed(found, position)

    def _placed(self, finding: Finding, position: Position) -> Finding:
        place = position.place
        lines = self.survey.wedge.positions.lines(place.file, place.line - _AROUND, place.line + _AROUND) if place.line else ()
        return replace(
            finding, place=place, end_line=position.end_line, end_column=position.end_column,
            folder=self.folder if place.line or place.file in self.survey.wedge.positions.texts else "", excerpt=tuple(SourceLine(*line) for line in lines),
        )  # fmt: skip

    def _property(self, focus: str, column: str) -> PropertyDef | None:
        """What the ontology says of a column of a record or relationship."""
        if focus.startswith("association/"):
            table = focus.split("/", 2)[1]
            owned = [p for t in self.schema.association_tables() if t.relation.table == table for p in t.properties]
        else:
            known = self.schema.class_of_key(focus)
            owned = list(self.schema.classes[known].properties) if known else []
        return next((p for p in (*owned, *self.schema.record) if p.column == column), None)

    def _contract(self, focus: str, column: str) -> FieldContract | None:
        """The contract of the field that a column or relation of a record is."""
        words = column.split("_")
        return self.contracts.get((self.schema.class_of_key(focus) or "", words[0] + "".join(w.capitalize() for w in words[1:])))

    def _comment(self, prop: PropertyDef | None, column: str) -> str:
        relation = next((r for r in self.schema.relations.values() if r.table == column.upper()), None)
        return prop.comment if prop else relation.comment if relation else ""

    def _statement(self, v: Violation, prop: PropertyDef | None) -> Statement:
        path = v.path_turtle or (_iri(NAMESPACE + v.path) if re.fullmatch(r"[A-Za-z]\w*", v.path) else "")
        value = v.value_n3 or ("" if not v.value else _iri(iri_of(v.value)) if self.schema.class_of_key(v.value) and "/" in v.value else _text(v.value, "" if prop is None or prop.datatype == "string" else XSD + prop.datatype))
        shape = v.source_shape or _iri(SHAPES_NAMESPACE + v.shape)
        return Statement(
            v.focus_n3 or _iri(iri_of(v.focus)), shape, _iri(v.component_iri or SHACL + v.component), path, value, v.source_constraint,
            v.messages_n3 or ((_text(v.message, language="en"),) if v.message else ()), _iri(v.severity_iri or SHACL + v.severity), tuple(self._statement(d, None) for d in v.detail),
        )  # fmt: skip


def _together(first: Finding, second: Finding) -> Finding:
    """One finding for several components that one value breaks in one shape: the most telling speaks."""
    said, other = sorted((first, second), key=lambda f: telling(f.component))
    return replace(said, also=tuple(sorted({*said.also, *other.also, other.component})), statements=(*said.statements, *other.statements))


def _limit(component: str, prop: PropertyDef | None) -> str:
    if prop is None:
        return ""
    return {"MinInclusive": prop.minimum, "MaxInclusive": prop.maximum, "Pattern": prop.pattern, "MaxCount": "" if prop.many else "1"}.get(component, "")


def weight_of(severity: str) -> Weight:
    """SHACL's severity; one of somebody's own weighs as a violation, so that nothing slips by."""
    return next((w for w in Weight if w.value == severity.lower()), Weight.VIOLATION)


def _iri(text: str) -> str:
    return "<" + re.sub(r'[\x00-\x20<>"{}|^`\\]', lambda m: f"%{ord(m[0]):02X}", text) + ">"


def _text(text: str, datatype: str = "", language: str = "") -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"' + (f"@{language}" if language else f"^^<{datatype}>" if datatype else "")
