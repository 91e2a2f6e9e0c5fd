"""`wig validate` as an author and as a script have it: formats, baselines, severities, RDF, and what is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
from pathlib import Path

import pytest
from wig_command import ROOT, Answer, Wig

sys.path.insert(0, str(ROOT / "tests" / "validate"))
from broken_module import FILE, FIVE, MODULE, break_module

LAMPS = """@prefix ex: <https://example.org/> .
ex:a a ex:Lamp ; ex:status "brocken" ; ex:watts 400 .
ex:b a ex:Lamp ; ex:status "broken" ; ex:watts 40 .
"""
SHAPES = """@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Lamp a sh:NodeShape ; sh:targetClass ex:Lamp ; sh:property ex:Status, ex:Watts .
ex:Status sh:path ex:status ; sh:in ( "broken" "whole" ) ; sh:message "say the state" ; sh:description "A lamp in no state is not lit." .
ex:Watts sh:path ex:watts ; sh:maxInclusive 100 ; sh:severity sh:Warning .
"""
# a query that no set query stands for: the fallback must judge it
UNCOMPILED = SHAPES + """
ex:Other a sh:NodeShape ; sh:targetClass ex:Lamp ; sh:sparql [ sh:message "no" ; sh:select "SELECT $this WHERE { { SELECT $this (COUNT(?o) AS ?n) WHERE { $this ?p ?o } GROUP BY $this } FILTER(SHA256(STR(?n)) = 'x') }" ] .
"""


@pytest.fixture(scope="module")
def authored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("content") / "graph_data"
    shutil.copytree(ROOT / "graph_data", folder)
    break_module(folder)
    return folder


@pytest.fixture
def lamps(tmp_path: Path) -> Path:
    (tmp_path / "lamps.ttl").write_text(LAMPS, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    return tmp_path


def judge(wig: Wig, folder: Path, *arguments: str) -> Answer:
    return wig("validate", "--data", str(folder / "lamps.ttl"), "--shapes", str(folder / "shapes.ttl"), *arguments)


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Wig:
    """`wig` on a workspace that holds nothing: validating needs none."""
    return Wig(tmp_path_factory.mktemp("nowhere"))


def test_five_ways_to_break_a_module_are_five_findings_in_the_terminal_and_in_sarif(nowhere: Wig, authored: Path, tmp_path: Path) -> None:
    shown = nowhere("validate", str(authored))
    assert shown.code == 1
    places = re.findall(rf"^{re.escape(str(authored))}/{FILE}:(\d+):(\d+)  (WED|SHP)\d+", shown.out, re.MULTILINE)
    assert len(places) == 5
    assert all(one.fix in " ".join(shown.out.split()) for one in FIVE)
    assert "5 violations; " in shown.err
    written = nowhere("validate", str(authored), "--format", "sarif", "--output", str(tmp_path / "out.sarif"))
    assert (written.code, written.out) == (1, "")
    (run,) = json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))["runs"]
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in run["results"]]
    assert [(str(r["startLine"]), str(r["startColumn"])) for r in regions] == [(line, column) for line, column, _ in places]


def test_a_script_reads_the_diagnostics_as_ever(nowhere: Wig, authored: Path) -> None:
    answer = nowhere("validate", str(authored), "--json")
    assert answer.code == 1
    assert set(answer.json) == {"conforms", "judged_by", "judged", "diagnostics"}
    assert (answer.json["conforms"], len(answer.json["diagnostics"])) == (False, 5)
    assert set(answer.json["diagnostics"][0]) == {"place", "code", "what", "why", "fix", "severity"}
    assert {d["place"]["file"] for d in answer.json["diagnostics"]} == {FILE}


def test_a_baseline_accepts_what_is_known_and_tells_what_is_gone(nowhere: Wig, authored: Path, tmp_path: Path) -> None:
    folder, baseline = tmp_path / "graph_data", str(tmp_path / "known.json")
    shutil.copytree(authored, folder)
    written = nowhere("validate", str(folder), "--write-baseline", baseline)
    assert written.code == 0
    assert "5 findings" in written.err
    path = folder / FILE
    # a line more above everything, one fault mended, one made
    text = "# moved\n" + path.read_text(encoding="utf-8").replace("hours: 400", "hours: 3.0", 1)
    path.write_text(text.replace("    hours: 4.0", "    hours: 44", 1), encoding="utf-8")
    known = nowhere("validate", str(folder), "--baseline", baseline, "--format", "json")
    assert known.code == 1
    assert [(f["what"].split(",")[0], f["line"] > 1000) for f in known.json["findings"]] == [("`hours` is `44`", True)]
    assert known.json["accepted"] == 4
    assert [v["about"] for v in known.json["vanished"]] == [f"ModuleStructure MaxInclusive module/{MODULE} effortHours"]
    assert "no longer found: 1" in known.err
    (tmp_path / "known.json").write_text("{}", encoding="utf-8")
    refused = nowhere("validate", str(folder), "--baseline", baseline)
    assert (refused.code, "VAL102" in refused.err) == (2, True)


def test_rdf_is_judged_and_the_severity_decides(nowhere: Wig, lamps: Path) -> None:
    answer = judge(nowhere, lamps)
    assert answer.code == 1
    assert "shapes.ttl:3:1  SHP301" in answer.out
    assert "did you mean `broken`?" in answer.out
    assert "A lamp in no state is not lit." in answer.out
    assert "judged by set queries: Lamp" in answer.err
    (lamps / "lamps.ttl").write_text(LAMPS.replace("brocken", "whole"), encoding="utf-8")
    codes = {level: judge(nowhere, lamps, "--fail-on", level).code for level in ("violation", "warning", "info", "never")}
    assert codes == {"violation": 0, "warning": 1, "info": 1, "never": 0}
    (lamps / "lamps.ttl").write_text(LAMPS.replace("brocken", "whole").replace("400", "4"), encoding="utf-8")
    fine = judge(nowhere, lamps, "--fail-on", "info")
    assert (fine.code, fine.out) == (0, "conforms: 2 focus nodes judged by set queries\n")


def test_what_only_pyshacl_can_judge_is_named_or_refused(nowhere: Wig, lamps: Path) -> None:
    (lamps / "shapes.ttl").write_text(UNCOMPILED, encoding="utf-8")
    judged = judge(nowhere, lamps)
    assert judged.code == 1
    assert "judged by pySHACL: Other" in judged.err
    refused = judge(nowhere, lamps, "--no-fallback")
    assert refused.code == 2
    assert "SHP209" in refused.err


def test_two_runs_give_the_same_bytes(nowhere: Wig, lamps: Path) -> None:
    for name in ("turtle", "html"):
        first, second = (judge(nowhere, lamps, "--format", name) for _ in range(2))
        assert first.out == second.out != ""


REFUSED = [
    (("--format", "pdf"), "CLI102"), (("--json", "--format", "sarif"), "CLI112"), (("--data", "x.ttl"), "CLI112"), (("--shapes", "x.ttl"), "CLI112"), (("graph_data", "--data", "x.ttl", "--shapes", "y.ttl"), "CLI112"),
    (("--no-fallback",), "CLI112"), (("--fail-on", "error"), "CLI113"), (("pyproject.toml",), "VAL103"), (("--data", "none.ttl", "--shapes", "none.ttl"), "SHP"),
    (("--json", "--output", "x.json"), "CLI112"), (("--output", "x.txt", "--write-baseline", "./x.txt"), "CLI112"), (("--output", "."), "VAL105"), (("--output", ""), "VAL105"), (("--write-baseline", "/"), "VAL105"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "code"), REFUSED, ids=[" ".join(a) for a, _ in REFUSED])
def test_what_cannot_be_judged_is_refused(nowhere: Wig, arguments: tuple[str, ...], code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    answer = nowhere("validate", *arguments)
    assert answer.code in (2, 4)
    assert code in answer.err
    assert answer.code == 2 or code == "SHP"


def test_links_and_pipes_are_written_through(nowhere: Wig, lamps: Path) -> None:
    """What is no plain file must not be replaced by one: as root that would have been /dev/null."""
    (lamps / "real.json").write_text("old", encoding="utf-8")
    (lamps / "link.json").symlink_to("real.json")
    os.mkfifo(lamps / "pipe")
    read = list[str]()
    reader = threading.Thread(target=lambda: read.append((lamps / "pipe").read_text(encoding="utf-8")), daemon=True)
    reader.start()
    assert judge(nowhere, lamps, "--format", "json", "--output", str(lamps / "link.json")).code == 1
    assert judge(nowhere, lamps, "--format", "json", "--output", str(lamps / "pipe")).code == 1
    reader.join(20)
    assert (lamps / "link.json").is_symlink()
    assert (lamps / "pipe").is_fifo()
    assert read == [(lamps / "real.json").read_text(encoding="utf-8")]
    assert json.loads(read[0])["findings"]


def test_an_output_that_cannot_be_written_leaves_nothing_behind(nowhere: Wig, lamps: Path) -> None:
    answer = judge(nowhere, lamps, "--format", "html", "--output", str(lamps / "no" / "such" / "folder.html"))
    assert answer.code == 4
    assert "VAL105" in answer.err
    assert "judged by" not in answer.err
    whole = judge(nowhere, lamps, "--format", "html", "--output", str(lamps / "out.html"))
    assert whole.code == 1
    assert (lamps / "out.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert sorted(p.name for p in lamps.iterdir()) == ["lamps.ttl", "out.html", "shapes.ttl"]
