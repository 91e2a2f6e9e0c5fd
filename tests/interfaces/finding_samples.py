"""Reports of findings for the tests of formats: plain ones, and ones whose content tries to become markup."""

from __future__ import annotations

from engine.contracts import Place
from engine.validate import AcceptedFinding, Finding, FindingReport, SourceLine, Statement, Suggestion, Weight

SHACL = "http://www.w3.org/ns/shacl#"
HOSTILE = "</code><script>alert(1)</script> & \"quoted\" 'single' ``` `tick` [link](https://example.org/x) ![i](j) @someone #1 *b* _u_ 100%,a:b::error file=x::y ]]> \u202e\u200b\x1b[31m\x00 ￾ | <!-- ${x} www.example.org \r\n# heading"
RELATIVE = "graph_data/families/lamps.yaml"


def statement(component: str = "In", value: str = '"aproved"', **more: object) -> Statement:
    """A result over an invented module."""
    fields = {
        "focus": "<https://example.org/id/module/lamps>", "shape": "<https://example.org/shapes#ModuleStructure>", "component": f"<{SHACL}{component}ConstraintComponent>",
        "path": "<https://example.org/status>", "value": value, "messages": ('"use an allowed value"@en',), "severity": f"<{SHACL}Violation>",
    }  # fmt: skip
    return Statement(**{**fields, **more})  # type: ignore[arg-type]


def plain(**more: object) -> Finding:
    """A misspelt status."""
    fields = {
        "place": Place("families/lamps.yaml", 12, 13, "modules[0].status"), "code": "SHP301", "weight": Weight.VIOLATION, "what": "`status` is `aproved`, which is not one of the allowed values",
        "message": "use an allowed value", "why": "Only approved content is offered.", "end_line": 12, "end_column": 20, "folder": "graph_data", "shape": "ModuleStructure", "component": "In",
        "focus": "module/lamps", "path": "status", "value": "aproved", "value_n3": '"aproved"', "suggestion": Suggestion(("draft", "approved"), "approved", "status: approved"),
        "page": "docs/reference/contracts.md#modulestructure", "excerpt": (SourceLine(11, "    hours: 3"), SourceLine(12, "    status: aproved"), SourceLine(13, "    level: 2")), "statements": (statement(),),
    }  # fmt: skip
    return Finding(**{**fields, **more})  # type: ignore[arg-type]


def hostile(**more: object) -> Finding:
    """A finding whose every text tries to leave its place."""
    fields = {
        "place": Place(f"families/{HOSTILE.splitlines()[0]}.yaml", 3, 5), "what": HOSTILE, "message": HOSTILE, "why": HOSTILE, "end_line": 3, "end_column": 40, "shape": HOSTILE, "focus": HOSTILE, "path": HOSTILE,
        "value": HOSTILE, "value_n3": "", "suggestion": Suggestion((HOSTILE, "b"), HOSTILE, HOSTILE), "page": f"docs/reference/contracts.md#{HOSTILE}", "excerpt": (SourceLine(3, f"    {HOSTILE.splitlines()[0]}"),),
        "statements": (statement(value='"</script>\\n"'),),
    }  # fmt: skip
    return plain(**{**fields, **more})


def samples() -> FindingReport:
    """One of each kind: a warning, a note, several components, nested detail, blank nodes, no place, hostile content."""
    nested = statement("Or", "_:b1", path="[ sh:inversePath <https://example.org/covers> ]", focus="_:b0", shape="_:s7", constraint="_:c1", detail=(statement("MinCount", ""), statement("Not", "<https://example.org/x>")))
    found = [
        plain(), plain(place=Place("families/lamps.yaml", 12, 13), value="99", value_n3="", component="Datatype", also=("MaxInclusive",), statements=(statement("Datatype"), statement("MaxInclusive"))),
        plain(place=Place("families/lamps.yaml", 40, 0), end_line=0, end_column=0, weight=Weight.WARNING, suggestion=Suggestion(), excerpt=(), page="", statements=(statement(severity=f"<{SHACL}Warning>"),)),
        plain(place=Place("shapes/a b.ttl", 2, 1), weight=Weight.INFO, folder="", focus="_:b0", path="^covers", value="_:b1", value_n3="_:b1", statements=(nested,), suggestion=Suggestion(("x",))),
        plain(place=Place("occupation/11-2021.00"), folder="", end_line=0, end_column=0, excerpt=(), statements=(statement(value=""),)),
        hostile(), hostile(weight=Weight.WARNING), hostile(weight=Weight.INFO, place=Place("", 0, 0), folder="", excerpt=()),
    ]  # fmt: skip
    report = FindingReport.of(found, 1234, [("authored content", "compiled"), ("RubricWeights", "pyshacl")])
    return FindingReport(report.findings, report.judged, report.judged_by, 3, (AcceptedFinding("0" * 32, 2, HOSTILE),))
