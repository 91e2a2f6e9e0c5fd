"""Findings as one JSON document, and as the diagnostics that scripts have read from the beginning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.validate import Finding, FindingReport


def findings_json(report: FindingReport) -> str:
    """Everything a finding knows, in the order of the report."""
    document = {
        "conforms": report.conforms,
        "judged": report.judged,
        "judged_by": [{"what": what, "engine": engine} for what, engine in report.judged_by],
        "counts": {name: sum(1 for f in report.findings if f.weight.value == name) for name in ("violation", "warning", "info")},
        "findings": [_document(f) for f in report.findings],
        "accepted": report.accepted,
        "vanished": [{"fingerprint": v.fingerprint, "count": v.count, "about": v.about} for v in report.vanished],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def diagnostics_document(report: FindingReport) -> dict[str, Any]:
    """The document of `wig validate --json`: verdict, who judged how much, and the findings as diagnostics."""
    return {"conforms": report.conforms, "judged_by": report.engines, "judged": report.judged, "diagnostics": [f.diagnostic() for f in report.findings]}


def _document(f: Finding) -> dict[str, Any]:
    return {
        "fingerprint": f.fingerprint, "code": f.code, "severity": f.weight.value,
        "file": f.file, "line": f.place.line, "column": f.place.column, "end_line": f.end_line, "end_column": f.end_column, "yaml_path": f.place.path,
        "shape": f.shape, "component": f.component, "also": list(f.also), "focus": f.focus, "path": f.path, "value": f.value,
        "what": f.what, "message": f.message, "why": f.why,
        "suggestion": {"allowed": list(f.suggestion.allowed), "nearest": f.suggestion.nearest, "snippet": f.suggestion.snippet},
        "page": f.page,
    }  # fmt: skip
