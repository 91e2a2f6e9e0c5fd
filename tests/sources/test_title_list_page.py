"""The how-to page about title lists is run: its two files give the sentences that it shows."""

from __future__ import annotations

import re
from pathlib import Path

from engine.sources import load_intake_policy, load_ledger, read_market
from engine.sources.market.manifest import Manifest

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/bring_a_title_list.md").read_text(encoding="utf-8")


def _block(kind: str) -> str:
    met = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert met
    return met[1]


def test_the_files_of_the_page_give_what_it_shows(tmp_path: Path) -> None:
    folder = tmp_path / "lists" / "nordic"
    folder.mkdir(parents=True)
    (folder / "titles.csv").write_text(_block("csv"), encoding="utf-8")
    (folder / "intake.toml").write_text(_block("toml"), encoding="utf-8")
    met = read_market(tmp_path / "lists", load_ledger(), load_intake_policy())
    assert list(met.gaps) == re.findall(r"^      - (title list .*)$", PAGE, re.MULTILINE)
    shown = re.findall(r"^    (\w[\w ]+?)  +(\d+)  +\w", PAGE, re.MULTILINE)
    titles = {label: str(count) for _, label, count, _ in met.lists[0].titles}
    assert shown
    assert all(titles[label] == count for label, count in shown)


def test_the_page_names_every_format_and_key() -> None:
    told = _block("toml") + PAGE.split("| key |")[1].split("\n\n")[0]
    assert [name for name in Manifest.model_fields if not re.search(rf"\b{name}\b", told)] == []
    assert all(f"`{form}`" in told for form in ("csv", "tsv", "txt", "parquet"))
