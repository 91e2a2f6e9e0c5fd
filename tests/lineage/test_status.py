"""`wig sources status`: what came in and what did not, as text, JSON, Markdown and HTML; the audit of role families."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from invented_world import PRACTICE, World

from engine.lineage import audit_families


@pytest.fixture(scope="module")
def status(world: World) -> dict[str, object]:
    """The JSON document."""
    document: dict[str, object] = world.wig("sources", "status", "--audit", "--unmatched", "--json").json
    return document


def test_every_source_of_the_ledger_came_in_or_has_a_reason(status, world: World) -> None:  # type: ignore[no-untyped-def]
    listed = {e["name"] for e in world.wig("sources", "list", "--json").json}
    assert {s["name"] for s in status["sources"]} == listed
    for source in status["sources"]:
        assert bool(source["absent"]) != bool(source["records"] or source["files"]), source["name"]
        assert source["licence"]
        assert source["layer"]
    assert {s["name"] for s in status["sources"] if not s["absent"]} == {"onet", "soc", "wedge", "gdpval", "market"}


def test_the_rows_and_records_of_the_sources_add_up(status) -> None:  # type: ignore[no-untyped-def]
    totals: dict[str, int] = {}
    for source in status["sources"]:
        assert source["rows_in"] == sum(f["rows_in"] for f in source["files"])
        for file in source["files"]:
            assert len(file["sha256"]) == 64
            if source["name"] != "market":  # its drops are counted in cells too
                assert file["rows_in"] - file["kept"] == sum(file["dropped"].values())
        for join in source["joins"]:
            assert join["met"] == sum(join["matched"].values())
            assert join["offered"] == join["met"] + sum(join["unmatched"].values())
        for target, count in source["records"].items():
            totals[target] = totals.get(target, 0) + count
    counts = {t: n for t, n in status["receipt"]["counts"].items() if n and t != "Source"}
    assert totals == counts


def test_gaps_stand_with_their_source_and_each_only_once(status) -> None:  # type: ignore[no-untyped-def]
    onet = next(s for s in status["sources"] if s["name"] == "onet")
    assert any("rating" in gap or "absent" in gap for gap in onet["gaps"])
    told = [gap for s in status["sources"] for gap in s["gaps"]]
    assert len(told) <= len(status["receipt"]["gaps"])


def test_rows_of_inside_sources_are_counted_and_not_named(status) -> None:  # type: ignore[no-untyped-def]
    practice = next(s for s in status["sources"] if s["name"] == "gdpval")
    assert sum(n for j in practice["joins"] for n in j["unmatched"].values()) >= 1
    assert practice["unmatched"] == []
    assert status["findings"]["withheld"][f"source/{PRACTICE}"] >= 1


class _Page(HTMLParser):
    """Tags that are open, links, headings, anything that would leave the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: list[int] = []
        self.asked: list[str] = []
        self.cells: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.levels.append(int(tag[1]))
        if tag in ("script", "img", "link", "iframe"):
            self.asked.append(tag)
        self.asked += [v or "" for k, v in attrs if k in ("src", "href") and not (v or "").startswith("#")]
        if tag == "th":
            self.cells.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_self_contained_and_readable(world: World, tmp_path: Path) -> None:
    out = tmp_path / "status.html"
    assert world.wig("sources", "status", "--audit", "--format", "html", "--output", str(out)).code == 0
    page = _Page()
    page.feed(out.read_text(encoding="utf-8"))
    assert page.open == []
    assert page.asked == []
    assert page.levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(page.levels))
    assert all("scope" in attrs for _, attrs in page.cells)


def test_markdown_tables_have_even_rows(world: World) -> None:
    lines = world.wig("sources", "status", "--audit", "--format", "markdown").out.splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert len(tables) > 20
    for above, line in pairwise(lines):
        if above.startswith("|") and line.startswith("|"):
            assert above.replace("\\|", "").count("|") == line.replace("\\|", "").count("|")


def test_text_fits_and_names_gaps_and_citations(world: World) -> None:
    text = world.wig("sources", "status", "--audit").out
    for word in ("gaps", "seen", "not here", "to be cited", "onet@9.9", "judgement only"):
        assert word in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_table_comes_first_and_each_source_by_itself_only_where_asked(world: World) -> None:
    short, full = world.wig("sources", "status").out, world.wig("sources", "status", "--full").out
    assert short.index("what came in") < short.index("\nnot here\n") < short.index("\ngaps\n") < short.index("\nto be cited\n")
    assert "rows by file" not in short
    assert "rows by file" in full
    for line in short.split("what came in")[0].splitlines():
        assert line in full


def test_rows_that_met_nothing_are_listed_where_asked(world: World) -> None:
    assert "that met nothing" not in world.wig("sources", "status").out.replace("rows that met nothing are counted", "")
    document = world.wig("sources", "status", "--json").json
    listed = {s["name"] for s in document["sources"] if s["unmatched"]}
    said = world.wig("sources", "status", "--unmatched").out
    assert all(f"rows of {name}@" in said for name in listed)


def test_the_audit_counts_what_families_rest_on(world: World) -> None:
    for family in audit_families(world.snapshot):
        assert family.roles > 0
        assert sum(family.layers.values()) == sum(s.records for s in family.standings)
        assert set(family.judgement_only) <= {a for a in family.judgement_only if a.startswith("affordance/")}
        assert len(family.judgement_only) <= family.affordances
        assert len(family.unaligned_tasks) <= family.tasks
        assert all(Decimal(0) <= s.lowest <= s.mean.quantize(Decimal("0.000001")) + Decimal("0.001") <= Decimal("1.001") for s in family.standings)
        assert list(family.weakest) == sorted(family.weakest)


@pytest.mark.parametrize(("arguments", "code"), [(("--format", "pdf"), "CLI102"), (("--output", "/no/such/folder/x.md"), "CLI120")])
def test_what_cannot_be_is_refused(world: World, arguments: tuple[str, ...], code: str) -> None:
    said = world.wig("sources", "status", *arguments)
    assert said.code in (2, 4)
    assert code in said.err
