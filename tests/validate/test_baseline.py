"""A baseline accepts what was known, however lines move; what is new stays, what is gone is told, what is no baseline is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts import BadInput, InputOutput, Place
from engine.validate import Baseline, Finding, FindingReport, Weight, baseline_of, read_baseline


def found(focus: str = "module/lamps", value: str = "aproved", line: int = 12, **more: object) -> Finding:
    fields: dict[str, object] = {"shape": "ModuleStructure", "component": "In", "path": "status", "folder": "graph_data", **more}
    return Finding(Place("families/lamps.yaml", line, 13), "SHP301", Weight.VIOLATION, "what was met", focus=focus, value=value, **fields)  # type: ignore[arg-type]


def report(*findings: Finding) -> FindingReport:
    return FindingReport.of(findings, 9, [("authored content", "compiled")])


def kept(baseline: Baseline, path: Path) -> Baseline:
    path.write_text(baseline.text(), encoding="utf-8")
    return read_baseline(path)


def test_what_was_known_is_accepted_though_lines_and_folders_move(tmp_path: Path) -> None:
    known = kept(baseline_of(report(found(), found("module/lights"))), tmp_path / "b.json")
    met = known.apply(report(found(line=99, folder="elsewhere"), found("module/lights")))
    assert (met.findings, met.accepted, met.vanished) == ((), 2, ())
    assert not met.conforms, "what was accepted is still there"
    assert not met.fails(Weight.INFO)


@pytest.mark.parametrize("change", [{"focus": "module/other"}, {"value": "aprooved"}, {"shape": "RoleStructure"}, {"component": "Pattern"}, {"path": "level"}, {"value_n3": '"aproved"@en'}], ids=str)
def test_another_finding_is_new(change: dict[str, str]) -> None:
    known = baseline_of(report(found()))
    met = known.apply(report(found(**change)))  # type: ignore[arg-type]
    assert (len(met.findings), met.accepted, [v.count for v in met.vanished]) == (1, 0, [1])


def test_of_more_than_were_accepted_the_later_stay() -> None:
    known = baseline_of(report(found(), found(line=20)))
    assert [a.count for a in known.accepted] == [2]
    met = known.apply(report(found(), found(line=20), found(line=30)))
    assert [f.place.line for f in met.findings] == [30]
    assert met.accepted == 2


def test_what_no_longer_occurs_is_told_with_its_count() -> None:
    known = baseline_of(report(found(), found(line=20), found("module/lights")))
    met = known.apply(report(found()))
    assert sorted((v.count, v.about) for v in met.vanished) == [(1, "ModuleStructure In module/lamps status"), (1, "ModuleStructure In module/lights status")]


def test_blank_nodes_are_told_apart_by_their_contract_alone() -> None:
    assert found("_:b0", "_:b1").fingerprint == found("_:b7", "_:b9").fingerprint != found("_:b0", "_:b1", shape="Other").fingerprint


def test_the_file_is_the_same_for_the_same_findings_in_any_order(tmp_path: Path) -> None:
    some = [found(), found("module/lights"), found(value="x"), found(line=40)]
    texts = {baseline_of(report(*order)).text() for order in (some, some[::-1])}
    assert len(texts) == 1
    assert kept(baseline_of(report(*some)), tmp_path / "b.json") == baseline_of(report(*some))
    assert kept(baseline_of(report()), tmp_path / "b.json").accepted == ()


GOOD = {"fingerprint": "0" * 32, "count": 1, "about": ""}
FORMAT = "work-intelligence-graph/baseline/1"
MALFORMED = [
    ("not JSON", "{"), ("a list", "[]"), ("no format", json.dumps({"findings": []})), ("another format", json.dumps({"format": "x/1", "findings": []})),
    ("an unknown key", json.dumps({"format": FORMAT, "findings": [], "more": 1})), ("a count of nought", json.dumps({"format": FORMAT, "findings": [{**GOOD, "count": 0}]})),
    ("a count in words", json.dumps({"format": FORMAT, "findings": [{**GOOD, "count": "1"}]})), ("a short fingerprint", json.dumps({"format": FORMAT, "findings": [{**GOOD, "fingerprint": "0"}]})),
    ("one fingerprint twice", json.dumps({"format": FORMAT, "findings": [GOOD, GOOD]})), ("one key twice", json.dumps({"format": FORMAT, "findings": []})[:-1] + ', "findings": []}'), ("deep nesting", "[" * 100_000),
    ("no text", b"\xff\xfe"),
]  # fmt: skip


@pytest.mark.parametrize(("_name", "content"), MALFORMED, ids=[name for name, _ in MALFORMED])
def test_a_malformed_baseline_is_refused(tmp_path: Path, _name: str, content: str | bytes) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput) as met:
        read_baseline(path)
    assert [(d.code, d.place.file) for d in met.value.diagnostics] == [("VAL102", str(path))]


def test_a_baseline_that_is_not_there_is_an_input_output_fault(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="VAL104"):
        read_baseline(tmp_path / "none.json")


findings = st.builds(found, st.sampled_from(["module/a", "module/b"]), st.sampled_from(["x", "y"]), st.integers(1, 9))


@given(st.lists(findings, max_size=12), st.lists(findings, max_size=12))
def test_accepted_new_and_gone_add_up(before: list[Finding], after: list[Finding]) -> None:
    known, now = baseline_of(report(*before)), report(*after)
    met = known.apply(now)
    assert met.accepted + len(met.findings) == len(after)
    assert met.accepted + sum(v.count for v in met.vanished) == len(before)
    assert known.apply(replace(now, findings=now.findings)).findings == met.findings
    assert baseline_of(now).apply(now).findings == ()
