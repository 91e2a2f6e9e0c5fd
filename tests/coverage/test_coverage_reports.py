"""The reports: what they say is what the answers hold, and nothing that a list holds can become markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from covered_lists import ODD, Wig, answers, invented, write_text

from engine.interfaces.drawing.coverage_bars import share


@pytest.fixture(scope="module")
def out(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reported")
    titles = [*invented(1_500, 120), *(t for t in ODD if "\n" not in t), *["<img src=x onerror=alert(1)> Clerk | `x` [y](z)"] * 40]
    code, _, err = Wig(workspace)("coverage", str(write_text(folder / "list.txt", titles)), "--out", str(folder / "out"), "--packets", "--workers", "1")
    assert code == 0, err
    return folder / "out"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_else(out: Path) -> None:
    text = (out / "report.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert page.open == []
    assert page.tags.count("svg") == 1
    assert not {"script", "img", "iframe", "link", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [value for name, value in page.attributes if name in ("src", "href") and not str(value).startswith("#")]
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def _standings(covers: dict[str, Any]) -> dict[str, int]:
    """Rows by what becomes of them, as a founder asks it."""
    tiers, outcomes = ({k: v["rows"] for k, v in covers[name].items()} for name in ("by_service_tier", "by_outcome"))
    unknown = outcomes["unmapped"]
    served = {"today, in full": tiers["serve_now"], "today, with fallback": tiers["serve_with_fallback"], "not yet: reviewers decide": tiers["multi_llm_adjudication_required"]}
    return {**served, "not yet: nothing is known of it": unknown, "not for us": tiers["exclude_or_not_icp"] - unknown}


def test_the_bar_has_the_shares_of_the_answers(out: Path) -> None:
    text, covers = (out / "report.html").read_text(encoding="utf-8"), json.loads((out / "receipt.json").read_bytes())["covers"]
    svg = text[text.index("<svg") : text.index("</svg>")]
    widths = [int(w) for w in re.findall(r'<rect x="\d+" y="0" width="(\d+)"', svg)]
    rows = list(_standings(covers).values())
    assert sum(widths) == 900
    assert all(abs(w - 900 * n / sum(rows)) <= 1 for w, n in zip(widths, rows, strict=True))


def test_both_reports_tell_who_can_be_served_and_what_would_move_most(out: Path) -> None:
    covers, rows = json.loads((out / "receipt.json").read_bytes())["covers"], answers(out)
    for name in ("report.md", "report.html"):
        text = (out / name).read_text(encoding="utf-8").replace("\\", "")
        for heading in ("At a glance", "Today, in full", "Today, with fallback", "Not yet: nothing is known of it", "Not for us", "What would move most titles up a tier", "By kind of work", "Audit of the packets", "What this rests on"):
            assert heading in text, heading
        for tier, count in covers["by_service_tier"].items():
            assert tier in text
            assert count["rows"] == sum(r["rows"] for r in rows if r["service_tier"] == tier)
        for words, number in _standings(covers).items():
            assert number
            assert re.search(rf"{words}\W[^|]*?\W+{number:,}\W", re.sub(r"<[^>]*>", "|", text).replace("||", "|")), words
        assert json.loads((out / "receipt.json").read_bytes())["receipt_digest"] in text
        assert "would have to" in text
        best = max((r for r in rows if r["service_tier"] == "serve_now"), key=lambda r: (r["rows"], r["title"]))
        assert f"({best['rows']})" in text


def test_markdown_keeps_titles_as_text(out: Path) -> None:
    text = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", (out / "report.md").read_text(encoding="utf-8"))  # what stands as code is no markup
    assert re.findall(r"(?<!\\)<img", text) == []
    assert re.findall(r"(?<!\\)\[y", text) == []
    tables = [line for line in (out / "report.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "img src" in line]
    assert tables
    assert all(len(re.findall(r"(?<!\\)\|", line)) in (7, 8) for line in tables)  # of six or seven columns


def test_why_is_said_in_sentences_and_shares_are_of_the_list(out: Path) -> None:
    text, covers = (out / "report.md").read_text(encoding="utf-8").replace("\\", ""), json.loads((out / "receipt.json").read_bytes())["covers"]
    rows = covers["list"]["rows"]
    for words, number in _standings(covers).items():
        section = text[text.index(f"## {words[0].upper()}{words[1:]}") :].split("\n## ")[0]
        assert f"{number:,} rows, {share(number, rows)} of the list" in section, words
        body = [line.split(" | ") for line in section.splitlines() if line.startswith("| ") and line.split(" | ")[0].strip("| ").replace(",", "").isdigit()]
        assert sum(int(cells[0].strip("| ").replace(",", "")) for cells in body) == number, words
        assert all(cells[1] == share(int(cells[0].strip("| ").replace(",", "")), rows) for cells in body)
        assert all(len(cells[3].split()) > 3 for cells in body), "why is a sentence"
    unknown = text[text.index("## What would move most") :].split("\n## ")[0]
    assert "they share little but their last words" in unknown


def test_a_ground_that_nobody_has_authored_is_said_in_one_clause(out: Path) -> None:
    text = (out / "report.md").read_text(encoding="utf-8").replace("\\", "")
    assert "not on record yet, would have to be `approved`, have 2 approved workflows, have 1 approval on record" in text
    assert "(not on record); and" not in text


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 9, "0 %"), (0, 0, "0 %"), (9, 9, "100 %"), (1, 8, "12.5 %"), (1, 3, "33.3 %"), (2, 3, "66.7 %"), (1, 2000, "0.1 %"), (1, 2001, "under 0.1 %"), (1, 15_463, "under 0.1 %"), (15_462, 15_463, "over 99.9 %"), (1999, 2000, "over 99.9 %"), (1998, 2000, "99.9 %")],
)  # fmt: skip
def test_shares_never_say_more_than_is_so(part: int, whole: int, told: str) -> None:
    assert share(part, whole) == told
