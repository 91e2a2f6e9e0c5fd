"""Every format of findings is well formed whatever authors write, stands in one order, and says what the others say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from finding_samples import HOSTILE, RELATIVE, hostile, plain, samples, statement
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace

from engine.contracts import Place
from engine.interfaces.drawing import FINDING_FORMATS, findings_text
from engine.interfaces.drawing.visible_text import cells
from engine.validate import Finding, FindingReport, SourceLine, Suggestion, Weight

HERE = Path(__file__).parent
SH = Namespace("http://www.w3.org/ns/shacl#")
# the SARIF 2.1.0 schema as published with the object model; see sarif/README.md
SARIF = Draft4Validator(json.loads((HERE / "sarif" / "sarif-2.1.0-rtm.4.json").read_text(encoding="utf-8")))
NOTHING = FindingReport((), 7, (("authored content", "compiled"),))
REPORT_VOCABULARY = """
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    [] a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
        sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ], [ sh:path sh:result ; sh:class sh:ValidationResult ] .
    [] a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
        sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ], [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ], [ sh:path sh:value ; sh:maxCount 1 ],
            [ sh:path sh:sourceShape ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ], [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ],
            [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( sh:Violation sh:Warning sh:Info ) ], [ sh:path sh:detail ; sh:class sh:ValidationResult ],
            [ sh:path sh:resultMessage ; sh:nodeKind sh:Literal ] .
"""


@pytest.fixture(scope="module")
def report() -> FindingReport:
    return samples()


@pytest.fixture(scope="module")
def drawn(report: FindingReport) -> dict[str, str]:
    return {name: draw(report) for name, draw in FINDING_FORMATS.items()}


def test_all_formats_are_there() -> None:
    assert set(FINDING_FORMATS) == {"text", "json", "turtle", "sarif", "junit", "github", "markdown", "html"}


def test_two_runs_give_the_same_bytes_whatever_the_hash_seed(drawn: dict[str, str]) -> None:
    root = HERE.parent.parent
    program = "import json, sys; from finding_samples import samples; from engine.interfaces.drawing import FINDING_FORMATS; print(json.dumps({n: d(samples()) for n, d in FINDING_FORMATS.items()}))"
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(HERE))), "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True, timeout=60)
        assert json.loads(done.stdout) == drawn


def test_findings_stand_by_place(report: FindingReport) -> None:
    assert FindingReport.of(reversed(report.findings), 1, ()).findings == report.findings
    places = [(f.file, f.place.line, f.place.column) for f in report.findings]
    assert places == sorted(places)


# ---------------------------------------------------------------- text


def test_text_shows_the_line_with_a_caret_under_what_was_met() -> None:
    lines = findings_text(FindingReport.of([plain()], 1, (("authored content", "compiled"),))).splitlines()
    assert lines[0].startswith(f"{RELATIVE}:12:13  SHP301  `status` is `aproved`")
    line = next(i for i, text in enumerate(lines) if "status: aproved" in text)
    assert lines[line].startswith("    12 | ")
    assert lines[line + 1].index("^") == lines[line].index("aproved")
    assert lines[line + 1].count("^") == len("aproved")
    assert lines[line + 1].endswith("did you mean `approved`?")
    assert [text.split()[0] for text in lines if re.match(r"  (why|fix|try|see) ", text)] == ["why", "fix", "try", "see"]


@pytest.mark.parametrize(("text", "column"), [("    name: 株式会社 wrong", 16), ("    - {a: 1, b: " + "x" * 300 + ", wrong", 319), ("wrong" + " y" * 200, 1), ("a\u0301b wrong", 5)])
def test_the_caret_stands_under_the_word_in_wide_and_long_lines(text: str, column: int) -> None:
    found = plain(place=Place("a.yaml", 1, column), end_line=1, end_column=column + 5, excerpt=(SourceLine(1, text),))
    assert text[column - 1 : column + 4] == "wrong"
    drawn = findings_text(FindingReport.of([found], 1, ()), 80).splitlines()
    line = next(i for i, shown in enumerate(drawn) if "wrong" in shown and "|" in shown)
    assert cells(drawn[line][: drawn[line].index("wrong")]) == cells(drawn[line + 1][: drawn[line + 1].index("^")])
    assert cells(drawn[line]) <= 80


def test_colours_change_nothing_but_colours(report: FindingReport) -> None:
    coloured = findings_text(report, 100, colours=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == findings_text(report, 100)
    assert "\x1b" not in findings_text(report, 100)
    assert "\u202e" not in coloured


def test_nothing_found_is_said_in_one_line() -> None:
    assert findings_text(NOTHING) == "conforms: 7 authored records judged by set queries\n"
    accepted = FindingReport((), 7, (("authored content", "compiled"),), 2)
    assert findings_text(accepted) == "nothing new: 2 accepted findings; 7 authored records judged by set queries\n"


# ---------------------------------------------------------------- json, turtle, sarif, junit


def test_json_holds_everything(drawn: dict[str, str], report: FindingReport) -> None:
    document = json.loads(drawn["json"])
    assert document["counts"] == {"violation": 4, "warning": 2, "info": 2}
    assert [f["fingerprint"] for f in document["findings"]] == [f.fingerprint for f in report.findings]
    assert HOSTILE in {f["what"] for f in document["findings"]}
    assert document["vanished"][0]["count"] == 2
    first = next(f for f in document["findings"] if f["line"] == 12)
    assert (first["file"], first["column"], first["end_column"], first["suggestion"]["nearest"]) == (RELATIVE, 13, 20, "approved")


def test_turtle_is_a_validation_report(drawn: dict[str, str], report: FindingReport) -> None:
    graph = Graph().parse(data=drawn["turtle"], format="turtle")
    conforms, _, told = validate(graph, shacl_graph=Graph().parse(data=REPORT_VOCABULARY, format="turtle"), inference="none")
    assert conforms, told
    (root,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(root, SH.conforms) == Literal(False)
    assert len(list(graph.objects(root, SH.result))) == sum(len(f.statements) for f in report.findings) == 9
    assert len(list(graph.subject_objects(SH.detail))) == 2
    assert Literal("</script>\n") in set(graph.objects(None, SH.value))
    empty = Graph().parse(data=FINDING_FORMATS["turtle"](NOTHING), format="turtle")
    assert list(empty.objects(None, SH.conforms)) == [Literal(True)]


def test_sarif_is_valid_and_its_rules_and_regions_agree(drawn: dict[str, str], report: FindingReport) -> None:
    for text in (drawn["sarif"], FINDING_FORMATS["sarif"](NOTHING)):
        assert [e.message for e in SARIF.iter_errors(json.loads(text))] == []
    (run,) = json.loads(drawn["sarif"])["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == sorted({r["id"] for r in rules})
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == (finding.shape or finding.code)
        assert result["level"] == {"violation": "error", "warning": "warning", "info": "note"}[finding.weight.value]
        assert result["partialFingerprints"] == {"finding/v1": finding.fingerprint}
    found = next(r for r in run["results"] if r.get("fixes"))
    assert found["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": RELATIVE}, "region": {"startLine": 12, "startColumn": 13, "endLine": 12, "endColumn": 20}}
    assert found["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "approved"}
    assert [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"] if "a%20b" in json.dumps(r)] == ["shapes/a%20b.ttl"]


def test_sarif_of_an_absolute_path_is_a_file_uri() -> None:
    found = plain(folder="/somewhere/graph data")
    (result,) = json.loads(FINDING_FORMATS["sarif"](FindingReport.of([found], 1, ())))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file" + ":///somewhere/graph%20data/families/lamps.yaml"


def test_junit_counts_what_it_holds(drawn: dict[str, str]) -> None:
    root = ElementTree.fromstring(drawn["junit"])
    suites = root.findall("testsuite")
    assert int(root.get("tests", 0)) == 8 == sum(int(s.get("tests", 0)) for s in suites)
    assert int(root.get("failures", 0)) == 4 == len(root.findall(".//failure"))
    for suite in suites:
        cases = suite.findall("testcase")
        assert (int(suite.get("tests", 0)), int(suite.get("failures", 0))) == (len(cases), len(suite.findall(".//failure")))
        assert {e.tag for c in cases for e in c} <= {"failure", "system-out"}
        assert all(c.get("name") and c.get("classname") for c in cases)
    assert len(root.findall(".//system-out")) == 4
    nothing = ElementTree.fromstring(FINDING_FORMATS["junit"](NOTHING))
    assert (nothing.get("tests"), nothing.get("failures"), len(nothing.findall(".//testcase"))) == ("1", "0", 1)


# ---------------------------------------------------------------- formats for readers: content stays content


def unescaped(text: str) -> str:
    return text.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_a_workflow_command_is_one_line_that_content_cannot_leave(drawn: dict[str, str], report: FindingReport) -> None:
    lines = drawn["github"].split("\n")[:-1]
    assert len(lines) == len(report.findings)
    assert "\r" not in drawn["github"]
    for line, finding in zip(lines, report.findings, strict=True):
        command = re.match(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*,?)*)::", line)
        assert command is not None, line
        assert command[1] == {"violation": "error", "warning": "warning", "info": "notice"}[finding.weight.value]
        properties = dict(pair.split("=", 1) for pair in command[2].split(","))
        assert unescaped(properties["title"]).startswith(finding.code)
        assert unescaped(properties.get("file", "")) == (finding.file if finding.place.line else "")
        assert unescaped(line[command.end() :]).startswith(finding.what)


def test_markdown_shows_content_as_text(drawn: dict[str, str]) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(drawn["markdown"])
    inline = [child for token in tokens for child in token.children or ()]
    kinds = Counter(t.type for t in [*tokens, *inline])
    assert not {"html_block", "html_inline", "image", "table_open", "s_open", "em_open"} & set(kinds)
    assert {str(t.attrs["href"]).split("#")[0] for t in inline if t.type == "link_open"} == {"docs/reference/contracts.md"}
    assert kinds["heading_open"] == 1 + 8 + 1 + len({f.file for f in samples().findings})
    assert any("<script>" in t.content for t in inline if t.type in ("text", "code_inline"))


class Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


ALLOWED_TAGS = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "article", "h1", "h2", "h3", "p", "pre", "code", "mark", "dl", "dt", "dd", "a", "ul", "li"}
ALLOWED_ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv", "class", "id", "aria-labelledby", "aria-label", "tabindex", "href"}


def test_html_is_one_page_of_known_elements(drawn: dict[str, str], report: FindingReport) -> None:
    page = Page()
    page.feed(drawn["html"])
    assert page.open == []
    assert set(page.tags) <= ALLOWED_TAGS
    assert {name for _, name, _ in page.attributes} <= ALLOWED_ATTRIBUTES
    assert all(value.startswith("docs/reference/contracts.md#") for _, name, value in page.attributes if name == "href")
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in drawn["html"]
    assert page.tags["article"] == len(report.findings)
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert ids == [value for _, name, value in page.attributes if name == "aria-labelledby"]
    assert len(set(ids)) == len(ids)
    assert ("html", "lang", "en") in page.attributes
    assert (page.tags["h1"], page.tags["main"], page.tags["title"]) == (1, 1, 1)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=30, deadline=None)
@given(texts, texts, texts, st.sampled_from(list(Weight)), st.integers(0, 3), st.integers(0, 50))
def test_whatever_is_written_every_format_is_well_formed(one: str, two: str, three: str, weight: Weight, line: int, column: int) -> None:
    found: Finding = hostile(
        what=one, message=two, why=three, focus=two, path=three, value=one, shape=three, weight=weight, place=Place(one, line, column), folder=two, end_line=line, end_column=column + 2,
        suggestion=Suggestion((one, two), three, one), page=two, excerpt=(SourceLine(1, one), SourceLine(2, two)), statements=(statement(),),
    )  # fmt: skip
    drawn = {name: draw(FindingReport.of([found, plain()], 2, [(one, two)])) for name, draw in FINDING_FORMATS.items()}
    assert len(json.loads(drawn["json"])["findings"]) == 2
    assert len(list(SARIF.iter_errors(json.loads(drawn["sarif"])))) == 0
    assert len(ElementTree.fromstring(drawn["junit"]).findall(".//testcase")) == 2
    assert len(drawn["github"].split("\n")) == 3
    page = Page()
    page.feed(drawn["html"])
    assert set(page.tags) <= ALLOWED_TAGS
    assert page.tags["article"] == 2
    tokens = MarkdownIt("commonmark", {"html": True}).parse(drawn["markdown"])
    assert {t.type for t in [*tokens, *(c for t in tokens for c in t.children or ())]} & {"html_block", "html_inline", "image"} == set()


def test_a_report_says_whether_it_fails() -> None:
    def of(*weights: Weight) -> FindingReport:
        return FindingReport.of([plain(weight=w) for w in weights], 1, ())

    assert of(Weight.WARNING).fails(Weight.WARNING)
    assert not of(Weight.WARNING).fails(Weight.VIOLATION)
    assert of(Weight.INFO).fails(Weight.INFO)
    assert not of(Weight.VIOLATION, Weight.INFO).fails(None)
    assert not of().fails(Weight.INFO)

