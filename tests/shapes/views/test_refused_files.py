"""Files that must not be judged: broken, cut short, reaching elsewhere, or made to exhaust whoever reads them."""

from __future__ import annotations

import os
import resource
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.contracts import BadInput, Diagnostic, EngineError, InputOutput
from engine.shapes.terms import Iri, Literal
from engine.shapes.views import ReadingLimits, ViewLimits, open_rdf_views, parsed_triples, rdf_files

GOOD = "<http://e/a> <http://e/p> <http://e/b> .\n"
XML = '<?xml version="1.0"?>{}\n<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n<r:Description r:about="http://e/a">\n{}\n</r:Description></r:RDF>'
BOMB = "<!DOCTYPE r [" + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10 if n else "lol"}">' for n in range(12)) + "]>"
OTHER_FILE = "file:" + "///etc/hostname"  # in two parts: the project holds no such address


def _refused(path: Path, limits: ReadingLimits | None = None) -> Diagnostic:
    """The one diagnostic that a file is refused with, the same by both doors."""
    with pytest.raises(EngineError) as by_views, open_rdf_views([path], path.parent, limits=ViewLimits(limits or ReadingLimits())):
        pytest.fail("a graph was there to be judged")
    with pytest.raises(EngineError) as by_triples:
        list(parsed_triples(path, limits))
    assert by_views.value.diagnostics == by_triples.value.diagnostics
    (found,) = by_views.value.diagnostics
    assert found.place.file == str(path)
    assert found.what
    assert found.why
    assert found.fix
    return found


@pytest.fixture(params=["small", "large"])
def road(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Small files are parsed here, large ones in a child process; both must say the same."""
    if request.param == "large":
        monkeypatch.setattr(rdf_files, "_SMALL", -1)
    return str(request.param)


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize(("name", "content", "line", "column", "what"), [
    ("cut_short.ttl", GOOD * 3 + "<http://e/a> <http://e/p", 4, 14, "end of file"),
    ("cut_short.nt", GOOD * 3 + '<http://e/a> <http://e/p> "half a te', 4, 27, "end of file|not closed|Unexpected"),
    ("cut_short.nq", GOOD + "<http://e/a> <http://e/p>", 2, 26, "end"),
    ("cut_short.trig", "<http://e/g> {\n" + GOOD, 3, 1, ""),
    ("no_dot.ttl", "<http://e/a> <http://e/p> 1\n<http://e/a> <http://e/p> 2 .", 2, 1, "expected"),
    ("unknown_prefix.ttl", GOOD + "  a:b a:c a:d .", 2, 3, "prefix"),
    ("relative.nt", "<a> <http://e/p> <http://e/b> .", 1, 1, "absolute IRI"),
    ("bad_escape.nt", GOOD + r'<http://e/a> <http://e/p> "\q" .', 2, 28, "escape"),
    ("bad_percent.ttl", GOOD + "<http://e/%zz> <http://e/p> 1 .", 2, 1, "percent"),
    ("bad_bytes.nt", b'<http://e/a> <http://e/p> "\xff" .', 1, 28, "UTF-8"),
    ("half_a_letter.ttl", GOOD.encode() + b'<http://e/a> <http://e/p> "\xc3', 2, 0, ""),
    ("utf_16.ttl", GOOD.encode("utf-16"), 1, 1, "byte order mark"),
    ("bom.nt", b"\xef\xbb\xbf" + GOOD.encode(), 1, 1, "byte order mark"),
    ("triple_term.ttl", "<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> .", 0, 0, "triple as a term|RDF 1.2"),
    ("reified.ttl", "<< <http://e/a> <http://e/p> 1 >> <http://e/p> 1 .", 0, 0, "triple as a term|RDF 1.2"),
    ("direction.nt", '<http://e/a> <http://e/p> "x"@ar--rtl .', 0, 0, "direction|RDF 1.2"),
])  # fmt: skip
def test_broken_text_is_refused_with_its_place(name: str, content: str | bytes, line: int, column: int, what: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if "triple_term" in name or name in ("reified.ttl", "direction.nt"):  # each door has its own words for these
        for opened in (lambda: list(parsed_triples(path)), lambda: open_rdf_views([path], tmp_path).__enter__()):
            with pytest.raises(BadInput, match=what) as refused:
                opened()
            assert refused.value.diagnostics[0].code == "SHP110"
        return
    found = _refused(path)
    assert found.code == "SHP110"
    assert found.place.line == line
    assert column in (0, found.place.column)
    assert what == "" or any(w in found.what for w in what.split("|")), found.what


@pytest.mark.parametrize(("content", "line", "what"), [
    (XML.format("", "<e:p>1</e:p>")[:-12], 5, "XML"),
    (XML.format("", "<e:p>1</e:p>").partition("</r:Desc")[0], 5, "XML"),
    ("", 0, "empty"),
    ("hello", 1, "XML"),
    (XML.format("", "<e:p>1</e:q>"), 4, "mismatched tag"),
    (XML.format("", "<e:p>&nope;</e:p>"), 4, "undefined entity"),
    (XML.format("", "<x:p>1</x:p>"), 0, ""),
    (XML.format("", '<e:p r:resource="http://e/ b"/>'), 0, "IRI"),
    (XML.format("", "<e:p>1</e:p>") + "<again/>", 5, "junk"),
    (XML.format("", "<e:p>1</e:p>").replace("?>", ' encoding="ISO-8859-1"?>').encode("latin-1"), 0, "UTF-8"),
])  # fmt: skip
def test_broken_xml_is_refused(content: str | bytes, line: int, what: str, tmp_path: Path) -> None:
    path = tmp_path / "data.rdf"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = _refused(path)
    assert (found.code, found.place.line) == ("SHP110", line)
    assert what in found.what


@pytest.mark.parametrize(("content", "what"), [
    ('{"@id":"http://e/a","http://e/p":1', "comma"),
    ('{"@id":"http://e/a","http://e/p":1}}', ""),
    ("", "empty"),
    ("   ", "object"),
    ("3", "object"),
    ('"http://e/a"', "object"),
    ('{"@id":"http://e/a b","http://e/p":1}', "1 statements hold something that is no valid IRI or language tag, first: http://e/a b"),
    ('{"@id":"http://e/a","http://e/p":[1,{"@id":"http://e/%zz"}]}', "http://e/%zz"),
    ('{"@id":"http://e/a","http://e/p":{"@value":"x","@language":"not a language"}}', "not a language"),
    ('{"@id":"http://e/a","http://e/p q":1}', "http://e/p q"),
    ('{"@id":"http://e/a","http://e/p":{"@list":[{"@id":"http://e/%zz"}]}}', "http://e/%zz"),
    ('{"@id":"http://e/a","http://e/p":{"@value":"x","@type":"not an iri"}}', "IRI"),
])  # fmt: skip
def test_broken_json_is_refused(content: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonld"
    path.write_text(content)
    found = _refused(path)
    assert found.code == "SHP110"
    assert what in found.what


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and the list of those who called there."""
    calls: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            calls.append("called")
            connection.close()

    listening = threading.Thread(target=accept, daemon=True)
    listening.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/context", calls
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    listening.join(5)


@pytest.mark.parametrize("context", [
    '"{}"', '["{}"]', '[{{"e":"http://e/"}},"{}"]', '{{"@import":"{}"}}', '{{"e":{{"@id":"http://e/e","@context":"{}"}}}}',
    '{{"@vocab":"http://e/"}},"http://e/p":{{"@context":"{}","@id":"http://e/b"}},"x":{{}}',
    '{{"T":{{"@id":"http://e/T","@context":["{}"]}}}},"@type":"T"',
])  # fmt: skip
@pytest.mark.parametrize("escaped", [False, True])
def test_a_context_that_stands_elsewhere_is_never_fetched(context: str, escaped: bool, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    address, calls = listener
    for place in (address, OTHER_FILE):
        written = "".join(f"\\u{ord(c):04x}" for c in place) if escaped else place
        text = '{\n "@id": "http://e/a", "e": {"http://e/q": 1}, "http://e/p": 2,\n "@context": ' + context.format(written) + "}"
        (tmp_path / "data.jsonld").write_text(text.replace('"@context"', r'"\u0040context"') if escaped else text)
        found = _refused(tmp_path / "data.jsonld")
        assert found.code == "SHP111"
        assert place in found.what
        assert found.place.line == (0 if escaped else 3)
    assert calls == []


@pytest.mark.parametrize("doctype", [
    '<!DOCTYPE r SYSTEM "{}">', '<!DOCTYPE r PUBLIC "x" "{}">', '<!DOCTYPE r [<!ENTITY x SYSTEM "{}">]>', '<!DOCTYPE r [<!ENTITY % x SYSTEM "{}"> %x;]>', '<!DOCTYPE r [<!ENTITY x PUBLIC "x" "{}">]>',
])  # fmt: skip
def test_entities_that_stand_elsewhere_are_never_read(doctype: str, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    address, calls = listener
    for place in (address, OTHER_FILE):
        (tmp_path / "data.rdf").write_text(XML.format(doctype.format(place), "<e:p>&x;</e:p>"))
        found = _refused(tmp_path / "data.rdf")
        assert (found.code, found.place.line) == ("SHP111", 1)
        assert place in found.what
    assert calls == []


def test_entities_of_the_file_itself_are_fine(tmp_path: Path) -> None:
    (tmp_path / "data.rdf").write_text(XML.format('<!DOCTYPE r [<!ENTITY e "http://e/"><!ENTITY x "text &amp; more">]>', '<e:p r:resource="&e;b"/><e:q>&x;</e:q>'))
    assert {t[2] for t in parsed_triples(tmp_path / "data.rdf")} == {Iri("http://e/b"), Literal("text & more")}


@pytest.mark.parametrize(("name", "content"), [
    ("bomb.rdf", XML.format(BOMB, "<e:p>&b11;</e:p>")),
    ("wide_bomb.rdf", XML.format(f'<!DOCTYPE r [<!ENTITY b "{"A" * 100_000}">]>', f"<e:p>{'&b;' * 30_000}</e:p>")),
    ("many_small.rdf", XML.format(f'<!DOCTYPE r [<!ENTITY b "{"A" * 4_000}">]>', f"<e:p>{'&b;' * 300_000}</e:p>")),
    ("markup.rdf", XML.format('<!DOCTYPE r [<!ENTITY b "<e:q>1</e:q>">]>', "&b;")),
    ("deep.rdf", XML.format("", "<e:p><r:Description>" * 200_000)),
    ("deep_literal.rdf", XML.format("", '<e:p r:parseType="Literal">' + "<e:b>" * 100_000 + "</e:b>" * 100_000 + "</e:p>")),
    ("deep.jsonld", '{"http://e/p":' * 60_000 + "1" + "}" * 60_000),
    ("deeper.jsonld", "[" * 1_000_000),
    ("deep_context.jsonld", '{"@context":' + '{"a":{"@id":"http://e/a","@context":' * 20_000 + "{}" + "}}" * 20_000 + ',"http://e/p":1}'),
    ("deep_terms.ttl", "<http://e/a> <http://e/p> " + "<<( <http://e/a> <http://e/p> " * 500_000 + "1" + " )>>" * 500_000 + " ."),
    ("prefixes.ttl", f"@prefix p: <http://e/{'x' * 400_000}> . p:a p:b {','.join(['p:c'] * 100_000)} ."),
    ("long_literal.ttl", f'<http://e/a> <http://e/p> "{"x" * (17 << 20)}" .'),
    ("long_comment.nt", f"# {'x' * (17 << 20)}\n{GOOD}"),
])  # fmt: skip
def test_what_exhausts_a_parser_is_ended(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(BadInput) as refused, open_rdf_views([path], tmp_path):
        pytest.fail("a graph was there to be judged")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    (found,) = refused.value.diagnostics
    assert found.code in ("SHP110", "SHP112")
    assert found.code == "SHP112" or found.place.line
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 7


@pytest.mark.parametrize("content", ["(" * 100_000 + ")" * 100_000, "[ <http://e/p> " * 100_000 + "1" + "]" * 100_000, '"' + r"\n" * 2_500_000 + '"', '"' + r"\u000a" * 800_000 + '"'])
def test_what_only_looks_dangerous_is_read(content: str, tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(f"<http://e/a> <http://e/p> {content} .")
    with open_rdf_views([tmp_path / "data.ttl"], tmp_path) as views:
        assert views.triples in (1, 100_001, 199_999, 200_001)


def test_limits_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(GOOD * 10)
    assert _refused(tmp_path / "data.ttl", ReadingLimits(file_bytes=400)).code == "SHP112"
    (tmp_path / "data.jsonld").write_text('[{"@id":"http://e/a","http://e/p":[' + ",".join(f'"{n} text"' for n in range(200_000)) + "]}]")
    short = _refused(tmp_path / "data.jsonld", ReadingLimits(parser_memory=60 << 20))
    assert (short.code, "of memory" in short.what) == ("SHP112", True)


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.ttl").touch()
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "circle.ttl").symlink_to(tmp_path / "circle.ttl")
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "data.txt").write_text(GOOD)
    (tmp_path / "data").write_text(GOOD)
    met = {name: _refused(tmp_path / name) for name in ("empty.ttl", "folder.ttl", "absent.ttl", "pipe.ttl", "data.txt", "data", "circle.ttl", "data/within.ttl")}
    assert {name: d.code for name, d in met.items()} == {
        "empty.ttl": "SHP110", "folder.ttl": "SHP113", "absent.ttl": "SHP113", "pipe.ttl": "SHP113", "data.txt": "SHP113", "data": "SHP113", "circle.ttl": "SHP114", "data/within.ttl": "SHP113",
    }  # fmt: skip
    with pytest.raises(BadInput, match="no such format: n3"), open_rdf_views([tmp_path / "data.txt"], tmp_path, named_format="n3"):
        pass
    with open_rdf_views([tmp_path / "data.txt"], tmp_path, named_format="turtle") as views:
        assert views.triples == 1

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", denied)
    found = _refused(tmp_path / "data.ttl")
    assert (found.code, "Permission denied" in found.what) == ("SHP114", True)


def test_a_broken_second_file_leaves_nothing_to_judge(tmp_path: Path) -> None:
    (tmp_path / "one.nt").write_text(GOOD * 1000)
    (tmp_path / "two.nt").write_text(GOOD * 1000 + "<")
    with pytest.raises(BadInput) as refused, open_rdf_views([tmp_path / "one.nt", tmp_path / "two.nt"], tmp_path):
        pytest.fail("a graph was there to be judged")
    assert refused.value.diagnostics[0].place.file == str(tmp_path / "two.nt")


def test_a_parser_that_is_killed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data.ttl").write_text(GOOD)
    (tmp_path / "child.py").write_text("import os\nos.write(1, b'<http://e/a> <http://e/p> <http://e/b> .\\n')\nraise OSError('No space left on device')")
    monkeypatch.setattr(rdf_files, "_SMALL", -1)
    monkeypatch.setattr(rdf_files.parsing_child, "__file__", str(tmp_path / "child.py"))
    with pytest.raises(InputOutput, match="SHP114"), open_rdf_views([tmp_path / "data.ttl"], tmp_path):
        pytest.fail("a graph was there to be judged")
    (tmp_path / "child.py").write_text("import os, signal\nos.write(1, b'<http://e/a> <http://e/p> <http://e/b> .\\n')\nos.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(BadInput, match="SHP112"), open_rdf_views([tmp_path / "data.ttl"], tmp_path):
        pytest.fail("a graph was there to be judged")


def test_what_an_interpreter_says_besides_hides_no_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data.ttl").write_text(GOOD + "<")
    (tmp_path / "child.py").write_text(f"import runpy, sys\nsys.stderr.write('a warning without an end of line')\nrunpy.run_path({rdf_files.parsing_child.__file__!r}, run_name='__main__')")
    monkeypatch.setattr(rdf_files, "_SMALL", -1)
    monkeypatch.setattr(rdf_files.parsing_child, "__file__", str(tmp_path / "child.py"))
    found = _refused(tmp_path / "data.ttl")
    assert (found.code, found.place.line) == ("SHP110", 2)
