"""The reports: what they say is what the answers hold, and nothing that a list holds can become markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from covered_lists import ODD, Wig, answers, invented, write_text


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


def test_the_bar_has_the_shares_of_the_answers(out: Path) -> None:
    text, covers = (out / "report.html").read_text(encoding="utf-8"), json.loads((out / "receipt.json").read_bytes())["covers"]
    svg = text[text.index("<svg") : text.index("</svg>")]
    widths = [int(w) for w in re.findall(r'<rect x="\d+" y="0" width="(\d+)"', svg)]
    rows = [covers["by_service_tier"].get(t, {"rows": 0})["rows"] for t in ("serve_now", "serve_with_fallback", "multi_llm_adjudication_required", "exclude_or_not_icp")]
    assert sum(widths) == 900
    assert all(abs(w - 900 * n / sum(rows)) <= 1 for w, n in zip(widths, rows, strict=True))


def test_both_reports_tell_who_can_be_served_and_what_would_move_most(out: Path) -> None:
    covers, rows = json.loads((out / "receipt.json").read_bytes())["covers"], answers(out)
    for name in ("report.md", "report.html"):
        text = (out / name).read_text(encoding="utf-8").replace("\\", "")
        for heading in ("At a glance", "Today, in full", "Today, with fallback", "Not served", "What would move most titles up a tier", "By kind of work", "Audit of the packets", "What this rests on"):
            assert heading in text, heading
        for tier, count in covers["by_service_tier"].items():
            assert tier in text
            assert f"{count['rows']:,}" in text
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
    assert all(len(re.findall(r"(?<!\\)\|", line)) in (6, 7) for line in tables)  # of five or six columns
