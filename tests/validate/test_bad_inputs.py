"""Files that anybody may hand over by mistake: each is refused with a code, or judged; none hangs, falls or conforms by accident."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from engine.contracts import BadInput, EngineError, InputOutput
from engine.interfaces.drawing import findings_text
from engine.validate import judge_authored, judge_rdf, read_baseline

pytestmark = pytest.mark.timeout(60)
AUTHORED = Path(__file__).resolve().parent.parent / "sources" / "data" / "authored"
LAMPS = b"""@prefix ex: <https://example.org/> .
ex:a a ex:Lamp ; ex:status "brocken" .
"""
SHAPES = """@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Lamp a sh:NodeShape ; sh:targetClass ex:Lamp ; sh:property ex:Status .
ex:Status sh:path ex:status ; sh:in ( "broken" "whole" ) ; sh:message "say the state" .
"""
# what becomes of each as data, and as shapes ("" where it is judged)
HANDED = {
    "empty.ttl": (b"", "SHP110", "SHP110"), "only_a_comment.ttl": (b"# later\n", "", "SHP210"), "zeros.ttl": (bytes(100), "SHP110", "SHP110"),
    "latin.ttl": ('<http://e/a> <http://e/p> "gr\xfcn" .'.encode("latin-1"), "SHP110", "SHP110"), "utf16.ttl": (LAMPS.decode().encode("utf-16"), "SHP110", "SHP110"),
    "marked.ttl": (b"\xef\xbb\xbf" + LAMPS, "SHP110", "SHP110"), "long.ttl": (LAMPS + b'ex:a ex:note "' + b"x" * 2_000_000 + b'" .', "", "SHP210"),
    "longer.ttl": (LAMPS + b'ex:a ex:note "' + b"x" * 17_000_000 + b'" .', "SHP112", "SHP112"), "table.csv": (b"a,b\n", "SHP113", "SHP113"), "no_suffix": (LAMPS, "SHP113", "SHP113"),
    "cut.rdf": (b"<a>", "SHP110", "SHP110"), "cut.jsonld": (b"{", "SHP110", "SHP110"), "cut.nq": (b"<http://e/a> <http://e/p>", "SHP110", "SHP110"), "data.ttl": (LAMPS, "", "SHP210"),
}  # fmt: skip


@pytest.fixture
def lamps(tmp_path: Path) -> Path:
    (tmp_path / "lamps.ttl").write_bytes(LAMPS)
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", HANDED)
def test_a_file_that_is_no_good_is_told_as_such(lamps: Path, name: str) -> None:
    content, as_data, as_shapes = HANDED[name]
    (lamps / name).write_bytes(content)
    for code, data, shapes in ((as_data, name, "shapes.ttl"), (as_shapes, "lamps.ttl", name)):
        if not code:
            assert len(judge_rdf([lamps / data], [lamps / shapes]).findings) == (b"ex:Lamp" in content)
            continue
        with pytest.raises(BadInput) as refused:
            judge_rdf([lamps / data], [lamps / shapes])
        assert {d.code for d in refused.value.diagnostics} == {code}
        assert all(d.what and d.why and d.fix and d.place.file for d in refused.value.diagnostics)


@pytest.mark.parametrize("name", ["folder.ttl", "loop.ttl", "pipe.ttl", "none.ttl", "lamps.ttl/x.ttl", "x" * 300 + ".ttl"], ids=["folder", "loop", "pipe", "none", "below a file", "a name too long"])
def test_what_is_no_file_is_neither_data_nor_shapes(lamps: Path, name: str) -> None:
    (lamps / "folder.ttl").mkdir()
    (lamps / "loop.ttl").symlink_to(lamps / "loop.ttl")
    os.mkfifo(lamps / "pipe.ttl")
    for data, shapes in ((name, "shapes.ttl"), ("lamps.ttl", name)):
        with pytest.raises(EngineError) as refused:
            judge_rdf([lamps / data], [lamps / shapes])
        assert {d.code for d in refused.value.diagnostics} <= {"SHP113", "SHP114"}
        assert refused.value.exit_code in (2, 4)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"[" * 100_000, b'{"format": "\xfc"}', b"\xef\xbb\xbf{}", b'{"format": "work-intelligence-graph/baseline/2", "findings": []}', b"\n\n", b"9" * 5000])
def test_what_is_no_baseline_accepts_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "known.json").write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_baseline(tmp_path / "known.json")
    assert [(d.code, Path(d.place.file).name) for d in refused.value.diagnostics] == [("VAL102", "known.json")]


@pytest.mark.parametrize("name", ["none.json", "", "x" * 300], ids=["none", "a folder", "a name too long"])
def test_a_baseline_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputOutput) as refused:
        read_baseline(tmp_path / name)
    assert [d.code for d in refused.value.diagnostics] == ["VAL104"]


def test_a_line_of_megabytes_is_shown_in_part(lamps: Path) -> None:
    (lamps / "shapes.ttl").write_text(SHAPES.replace("say the state", "s" * 2_000_000), encoding="utf-8")
    shown = findings_text(judge_rdf([lamps / "lamps.ttl"], [lamps / "shapes.ttl"]), 80)
    assert [line[-1] for line in shown.split("\n") if "|" in line and "ex:Status" in line] == ["…"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"[" * 100_000, "DOC105"), (b"a: &a [*a]\n", "DOC104"), (b"a: &a [1]\nb: *a\n", "DOC104"), (b"\0", "DOC103"), (b"\ta: 1\n", "DOC103"), (b"a: \xfc\n", "DOC102")],
    ids=["nested", "circle", "alias", "zero byte", "tab", "latin"],
)
def test_a_family_that_is_no_document_is_a_finding(tmp_path: Path, content: bytes, code: str) -> None:
    shutil.copytree(AUTHORED, tmp_path / "content")
    (tmp_path / "content" / "families" / "lanterns.yaml").write_bytes(content)
    report = judge_authored([tmp_path / "content"])
    assert [f.code for f in report.findings if f.place.file.endswith("families/lanterns.yaml")] == [code]
