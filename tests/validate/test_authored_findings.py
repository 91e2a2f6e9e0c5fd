"""An author who breaks a module in five ways sees five precise findings in one run, each at its field, with why, how to mend it and what to paste."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from broken_module import FILE, FIVE, MODULE, Break
from jsonschema import Draft4Validator

from engine.contracts import BadInput
from engine.interfaces.drawing import FINDING_FORMATS, findings_text
from engine.validate import Finding, FindingReport, Weight, judge_authored

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = ROOT / "tests/interfaces/sarif/sarif-2.1.0-rtm.4.json"


@pytest.fixture(scope="module")
def report(broken_folder: Path) -> FindingReport:
    with pytest.MonkeyPatch.context() as here:
        here.chdir(broken_folder.parent)
        return judge_authored([Path("graph_data")])


def found(report: FindingReport, one: Break) -> Finding:
    (met,) = [f for f in report.findings if one.says in f.what]
    return met


def test_five_ways_give_five_findings(report: FindingReport) -> None:
    assert len(report.findings) == 5
    assert {f.place.file for f in report.findings} == {FILE}
    assert report.count(Weight.VIOLATION) == 5
    assert report.judged > 3000, "faults of the format do not keep the rest from being judged"
    assert [f.place for f in report.findings] == sorted(f.place for f in report.findings)


@pytest.mark.parametrize("one", FIVE, ids=[b.sentence for b in FIVE])
def test_each_finding_is_precise(report: FindingReport, broken_folder: Path, one: Break) -> None:
    met = found(report, one)
    line = (broken_folder / FILE).read_text(encoding="utf-8").splitlines()[met.place.line - 1]
    assert line[met.place.column - 1 :] == one.begins
    assert met.end_line == met.place.line
    assert line[met.place.column - 1 : met.end_column - 1] == one.begins.rstrip("]")
    assert (met.code, met.focus) == (one.code, f"module/{MODULE}")
    assert one.fix in met.message
    assert len(met.why) > 20
    assert met.page == f"docs/reference/{one.page}"
    assert met.suggestion.snippet.startswith(one.snippet)
    assert yaml.safe_load(met.suggestion.snippet).keys() == {one.snippet.split(":")[0]}


def test_a_misspelt_value_is_met_with_the_nearest_and_all_that_are_allowed(report: FindingReport) -> None:
    assert found(report, FIVE[0]).suggestion.nearest == "approved"
    assert found(report, FIVE[0]).suggestion.allowed == ("draft", "in_review", "approved", "retired")


def test_the_terminal_shows_all_five_with_their_lines(report: FindingReport) -> None:
    text = findings_text(report, 100)
    for one in FIVE:
        met = found(report, one)
        assert f"{met.at}  {one.code}  " in text
        assert f"{met.place.line:>6} | {met.excerpt[1].text}".rstrip() in text
    assert text.count("^ did you mean `approved`?") == 1
    assert max(map(len, text.splitlines())) <= 100


def test_each_finding_links_a_chapter_that_is_there(report: FindingReport) -> None:
    for finding in report.findings:
        page, _, anchor = finding.page.partition("#")
        headings = {line.lstrip("# ").lower() for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if line.startswith("#")}
        assert anchor in headings


def test_the_how_to_shows_what_the_terminal_shows(report: FindingReport) -> None:
    page = (ROOT / "docs/how-to/validate_content.md").read_text(encoding="utf-8")
    shown = page.split("## Read a finding\n\n")[1].split("\n\n")[0].splitlines()
    printed = findings_text(report, 120).splitlines()
    assert len(shown) == 9
    assert [line for line in shown if line.removeprefix("    ") not in printed] == []


def test_sarif_holds_all_five(report: FindingReport) -> None:
    document = json.loads(FINDING_FORMATS["sarif"](report))
    assert list(Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(document)) == []
    results = document["runs"][0]["results"]
    regions = [(r["locations"][0]["physicalLocation"]["region"]["startLine"], r["locations"][0]["physicalLocation"]["region"]["startColumn"]) for r in results]
    assert regions == [(f.place.line, f.place.column) for f in report.findings]
    assert [r["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] for r in results if "fixes" in r] == ["approved"]
    assert all(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith(FILE) for r in results)


def test_one_part_of_a_folder_may_be_asked_for(broken_folder: Path, report: FindingReport) -> None:
    assert len(judge_authored([broken_folder / FILE]).findings) == len(report.findings)
    assert judge_authored([broken_folder / "ground", broken_folder / "ground/policies.yaml"]).findings == ()


def test_what_is_no_authored_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("roles: []\n", encoding="utf-8")
    with pytest.raises(BadInput, match="VAL103"):
        judge_authored([tmp_path / "x.yaml"])
    assert [f.code for f in judge_authored([tmp_path]).findings] == ["VAL101"]


def test_what_hangs_on_a_misspelt_reference_is_not_told_twice(tmp_path: Path) -> None:
    folder = tmp_path / "graph_data"
    shutil.copytree(ROOT / "graph_data", folder)
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    old = "teaches: [mkt-sort-and-protect, mkt-brief-with-sources]"
    assert old in text
    path.write_text(text.replace(old, "teaches: [mkt-sort-and-protekt, mkt-brief-with-sourcess]", 1), encoding="utf-8")
    report = judge_authored([folder])
    assert [(f.code, f.suggestion.nearest) for f in report.findings] == [("WED105", "mkt-sort-and-protect"), ("WED105", "mkt-brief-with-sources")]
    assert [f.focus for f in report.findings] == [f"module/{MODULE}"] * 2
    assert report.findings[0].suggestion.snippet == "- mkt-sort-and-protect"
