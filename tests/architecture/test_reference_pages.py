"""The reference pages say what the product is, and the examples of the how-to for queries do what they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import reference_pages
from the_house import ROOT

from engine.graph.cypher_vocabulary import FUNCTIONS
from engine.interfaces.cli.application import app

HOW_TO = ROOT / "docs" / "how-to" / "query_the_graph.md"


@pytest.mark.parametrize("name", reference_pages.PAGES)
def test_a_committed_page_is_what_the_product_gives(name: str) -> None:
    committed = (reference_pages.FOLDER / name).read_text(encoding="utf-8")
    assert committed == reference_pages.PAGES[name](), "run `python tests/architecture/reference_pages.py --write`"


def test_every_code_of_the_source_is_on_the_page() -> None:
    codes = reference_pages.codes_in_source()
    assert len(codes) > 120
    page = (reference_pages.FOLDER / "diagnostics.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([A-Z]{3}\d{3}) \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(codes)


def test_every_code_says_something() -> None:
    page = (reference_pages.FOLDER / "diagnostics.md").read_text(encoding="utf-8")
    silent = [code for code, says in re.findall(r"^\| ([A-Z]{3}\d{3}) \| (.*?) \| `", page, re.MULTILINE) if not re.search(r"[a-z]{2}", says)]
    assert silent == []
    assert set(reference_pages.ROOMS) == {code[:3] for code in reference_pages.codes_in_source()}, "name the new kind in reference_pages.ROOMS"


def test_every_command_says_what_it_does_and_every_option_what_it_means() -> None:
    page = (reference_pages.FOLDER / "commands.md").read_text(encoding="utf-8")
    chapters = page.split("\n## ")[1:]
    assert {c.splitlines()[0] for c in chapters} >= {"wig plan", "wig resolve", "wig why", "wig build", "wig explore", "wig query", "wig sources status", "wig snapshots list", "wig verify"}
    assert [c.splitlines()[0] for c in chapters if len(c.split("\n\n")[2]) < 15] == []
    assert re.findall(r"^\| `[^|]*\| +\|$", page, re.MULTILINE) == []


def test_the_page_of_functions_lists_each_once() -> None:
    page = (reference_pages.FOLDER / "query_functions.md").read_text(encoding="utf-8")
    listed = re.findall(r"`(\w+)`", page.split("## Functions")[1].split("## ")[0])
    assert sorted(listed) == sorted(f.lower() for f in FUNCTIONS)


def _examples() -> list[tuple[str, list[str]]]:
    """Each command of the page with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for line in HOW_TO.read_text(encoding="utf-8").splitlines():
        if line.startswith("    $ wig "):
            found.append((line.removeprefix("    $ wig "), []))
        elif line.startswith("    "):
            found[-1][1].append(line.strip())
    return found


@pytest.mark.parametrize(("command", "lines"), _examples(), ids=[str(n) for n in range(1, len(_examples()) + 1)])
def test_an_example_of_the_how_to_gives_what_it_shows(command: str, lines: list[str], workspace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WIG_WORKSPACE", str(workspace))
    monkeypatch.setenv("COLUMNS", "80")
    status = app(shlex.split(command), standalone_mode=False) or 0
    captured = capfd.readouterr()
    printed = [" ".join(line.split()) for line in (captured.out + captured.err).splitlines()]
    assert status == (2 if any("QRY" in line for line in lines) else 0), captured.err
    for shown in lines:
        pattern = re.compile(" *".join(re.escape(" ".join(part.split())) if part != "..." else ".*" for part in re.split(r"(\.\.\.)", shown) if part.strip()))
        assert any(pattern.fullmatch(line) for line in printed), f"{shown}\n{captured.out}"
    if status == 0:
        assert len(captured.out.splitlines()) >= 3, "an example that finds nothing shows nothing"


def test_the_refusal_of_a_function_leads_to_the_how_to(workspace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WIG_WORKSPACE", str(workspace))
    assert app(["query", "RETURN zq(1)"], standalone_mode=False) == 2
    named = re.search(r"docs/\S+\.md", capfd.readouterr().err)
    assert named is not None
    assert ROOT / named[0] == HOW_TO
