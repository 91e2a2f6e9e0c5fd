"""Findings as SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from engine import __version__

if TYPE_CHECKING:
    from engine.validate import Finding, FindingReport

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}


def findings_sarif(report: FindingReport) -> str:
    """One run: a rule for each contract or diagnostic code that was broken, a result for each finding, a fix where a nearest term is known."""
    broken: dict[str, list[Finding]] = {}
    for finding in report.findings:
        broken.setdefault(_rule_id(finding), []).append(finding)
    index = {rule: number for number, rule in enumerate(sorted(broken))}
    run = {
        "tool": {"driver": {"name": "wig", "fullName": "Work Intelligence Graph: wig validate", "semanticVersion": __version__, "rules": [_rule(rule, broken[rule]) for rule in index]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, index) for f in report.findings],
        "properties": {"judged": report.judged, "judgedBy": [f"{what}: {engine}" for what, engine in report.judged_by], "accepted": report.accepted},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule_id(finding: Finding) -> str:
    return finding.shape or finding.code


def _rule(rule: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """What holds for every finding of a rule: a contract with many properties says more in its results than here."""
    mend, why, page = (_shared([getattr(f, name) for f in findings]) for name in ("message", "why", "page"))
    weight = min((f.weight for f in findings), key=lambda w: w.rank)
    document: dict[str, Any] = {"id": rule, "name": rule, "shortDescription": {"text": mend or f"the contract {rule}"}, "defaultConfiguration": {"level": _LEVELS[weight.value]}}
    if why:
        document["fullDescription"] = {"text": why}
    if page:
        document["help"] = {"text": " ".join(t for t in (why, f"See {page}.") if t)}
    return document


def _shared(texts: Sequence[str]) -> str:
    return texts[0] if len(set(texts)) == 1 else ""


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    rule = _rule_id(finding)
    document: dict[str, Any] = {
        "ruleId": rule, "ruleIndex": index[rule], "level": _LEVELS[finding.weight.value], "message": {"text": _message(finding)}, "locations": [_location(finding)],
        "partialFingerprints": {"finding/v1": finding.fingerprint},
    }  # fmt: skip
    if fix := _fix(finding):
        document["fixes"] = [fix]
    told = {
        "code": finding.code, "component": finding.component, "also": list(finding.also), "focus": finding.focus, "path": finding.path, "value": finding.value, "why": finding.why,
        "allowed": list(finding.suggestion.allowed), "nearest": finding.suggestion.nearest, "snippet": finding.suggestion.snippet, "page": finding.page,
    }  # fmt: skip
    document["properties"] = {name: value for name, value in told.items() if value}
    return document


def _message(finding: Finding) -> str:
    near = f"did you mean `{finding.suggestion.nearest}`?" if finding.suggestion.nearest else ""
    return ". ".join(part for part in (finding.what.rstrip("."), finding.message.rstrip("."), near) if part)


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if finding.place.line or finding.folder:
        location["physicalLocation"] = {"artifactLocation": {"uri": uri_of(finding.file)}} | ({"region": _region(finding)} if finding.place.line else {})
    if finding.focus:
        location["logicalLocations"] = [{"fullyQualifiedName": f"{finding.focus}{'.' if finding.path else ''}{finding.path}"}]
    return location


def _region(finding: Finding) -> dict[str, int]:
    region = {"startLine": finding.place.line}
    if finding.place.column:
        region["startColumn"] = finding.place.column
    if finding.end_line:
        region |= {"endLine": finding.end_line, "endColumn": finding.end_column}
    return region


def _fix(finding: Finding) -> dict[str, Any] | None:
    """The nearest term in place of what stands there, where both are known to the column."""
    near, here = finding.suggestion.nearest, 0 < finding.place.line == finding.end_line and finding.place.column > 0
    written = next((line.text[finding.place.column - 1 : finding.end_column - 1] for line in finding.excerpt if line.number == finding.place.line), "")
    if not near or not here or not written or written != finding.value:
        return None
    change = {"deletedRegion": _region(finding), "insertedContent": {"text": near}}
    return {"description": {"text": f"write `{near}`"}, "artifactChanges": [{"artifactLocation": {"uri": uri_of(finding.file)}, "replacements": [change]}]}


def uri_of(file: str) -> str:
    """A relative path as a relative URI, an absolute one as a file URI."""
    return PurePosixPath(file).as_uri() if file.startswith("/") else quote(file)
