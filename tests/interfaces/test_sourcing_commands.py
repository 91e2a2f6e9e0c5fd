"""`wig sources list`, `show`, `check` and `fetch` as a user has them; the publisher of the fetches is a server on this machine."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from publisher_server import Publisher, publisher, status, whole
from typer.testing import CliRunner, Result

import engine.sources
from engine.interfaces.cli.application import app
from engine.sources import FetchRequest, Ledger, load_ledger

ROWS = b"interaction_type,pct\ninvented,100\n"


def wig(*arguments: str, **more: Any) -> Result:
    return CliRunner(env={"COLUMNS": "80", "WIG_SOURCE_DIR": None}).invoke(app, ["sources", *arguments], **more)


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """The Economic Index with one file and `soc` with none that is there, both on a local publisher."""
    with publisher() as told:
        told.behaviours["/automation_vs_augmentation.csv"] = whole(ROWS)
        told.behaviours["/gone.xlsx"] = status(404)
        real = load_ledger()
        index, soc = real.entry("economic-index"), real.entry("soc")
        one = next(f for f in index.files if f.name == "automation_vs_augmentation.csv").model_copy(update={"address": f"{told.address}/automation_vs_augmentation.csv"})
        gone = soc.files[0].model_copy(update={"address": f"{told.address}/gone.xlsx"})
        changed = {"economic-index": index.model_copy(update={"files": (one,)}), "soc": soc.model_copy(update={"files": (gone,)})}
        ledger: Ledger = replace(real, entries=tuple(changed.get(e.name, e) for e in real.entries))
        monkeypatch.setattr(engine.sources, "load_ledger", lambda: ledger)
        monkeypatch.setattr(engine.sources, "FetchRequest", functools.partial(FetchRequest, loopback=True, wait=lambda _: None))
        yield told


def test_the_list_names_every_source_with_licence_and_use() -> None:
    listed = json.loads(wig("list", "--json").stdout)
    assert [e["name"] for e in listed] == [e.name for e in load_ledger().entries]
    assert all(e["licence"] and e["allowed_use"] and e["layer"] for e in listed)
    text = wig("list").stdout
    assert "no answer may rest on it" in text
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 80


@pytest.mark.parametrize("name", [e.name for e in load_ledger().entries])
def test_one_source_is_shown_wholly(name: str) -> None:
    entry = load_ledger().entry(name)
    text = " ".join(wig("show", name).stdout.split())
    for said in (entry.owner, entry.licence, " ".join(entry.licence_text.split()), " ".join(entry.citation.split()), *(r.release for r in entry.releases)):
        assert said in text
    for file in entry.files:
        assert file.name in text
        assert f"{file.byte_cap:,} bytes" in text
        assert all(c in text for c in file.columns)
    assert ("not yet requested" in text) == (not entry.address_checked)
    shown = json.loads(wig("show", name, "--json").stdout)
    assert [f["name"] for f in shown["files"]] == [f.name for f in entry.files]


def test_a_typo_is_answered_with_the_nearest_source() -> None:
    met = wig("show", "oewz")
    assert met.exit_code == 2
    assert "did you mean `oews`?" in met.stderr
    assert json.loads(wig("show", "oewz", "--json").stdout)["diagnostics"][0]["code"] == "SRC106"


def test_a_good_ledger_holds_and_a_bad_folder_is_a_verdict(tmp_path: Path) -> None:
    good = wig("check")
    assert (good.exit_code, "agree on files and columns" in good.stdout) == (0, True)
    (tmp_path / "esco").mkdir()
    (tmp_path / "onet_9_9").mkdir()
    (tmp_path / "onet_9_9" / "Occupation Data.txt").write_text("Kode\tTitle\n", encoding="utf-8")
    bad = wig("check", "--source-dir", str(tmp_path))
    assert bad.exit_code == 1
    assert "SRC211" in bad.stdout
    assert "SRC320" in bad.stdout
    told = json.loads(wig("check", "--source-dir", str(tmp_path), "--json").stdout)
    assert told["holds"] is False
    assert {f["file"] for f in told["files"] if f["found"]} == {"Occupation Data.txt"}
    assert wig("check", "--source-dir", str(tmp_path / "absent")).exit_code == 4


def test_a_fetch_tells_what_came_and_what_did_not(online: Publisher, tmp_path: Path) -> None:
    done = wig("fetch", "economic-index", "soc", "esco", "--workspace", str(tmp_path))
    assert done.exit_code == 0
    assert "fetched  1 file, 34 bytes" in done.stdout
    assert "nothing stands at this address" in " ".join(done.stdout.split())
    assert "after a form" in " ".join(done.stdout.split())
    assert (tmp_path / "sources" / "economic-index@2025-02-10" / "automation_vs_augmentation.csv").read_bytes() == ROWS
    online.behaviours.clear()
    online.asked.clear()
    again = json.loads(wig("fetch", "economic-index", "--offline", "--json", "--workspace", str(tmp_path)).stdout)
    assert (again["exit_code"], len(again["sources"][0]["proved"]), online.asked) == (0, 1, [])
    assert "read again whole" in wig("fetch", "economic-index", "--offline", "--workspace", str(tmp_path)).stdout


@pytest.mark.usefixtures("online")
def test_the_exit_status_of_a_fetch(tmp_path: Path) -> None:
    where = ("--workspace", str(tmp_path))
    assert wig("fetch", "soc", *where).exit_code == 4  # asked, and nothing had
    assert wig("fetch", "economic-index", "--offline", *where).exit_code == 4
    assert wig("fetch", "esco", *where).exit_code == 0  # as the ledger says
    assert wig("fetch", "economic-index", *where).exit_code == 0
    (tmp_path / "sources" / "economic-index@2025-02-10" / "automation_vs_augmentation.csv").write_bytes(b"other bytes\n")
    told = wig("fetch", "economic-index", "--offline", "--json", *where)
    assert (told.exit_code, json.loads(told.stdout)["exit_code"]) == (3, 3)


@pytest.mark.parametrize("arguments", [
    (), ("onet", "--all"), ("onet", "soc", "--release", "1"), ("onet@30.1", "--release", "29.1"), ("--all", "--release", "1"), ("economic-index", "onet@1.1"), ("onett",),
    ("onet", "--contact", "a\nb"), ("onet", "--contact", "ä@example.org"),
], ids=" ".join)  # fmt: skip
def test_what_cannot_be_understood_is_refused_before_anything_is_asked(arguments: tuple[str, ...], online: Publisher, tmp_path: Path) -> None:
    met = wig("fetch", *arguments, "--workspace", str(tmp_path))
    assert (met.exit_code, met.stdout, online.asked) == (2, "", [])
    assert "SRC" in met.stderr


def test_every_source_with_an_address_is_meant_by_all(tmp_path: Path) -> None:
    told = json.loads(wig("fetch", "--all", "--offline", "--json", "--cache", str(tmp_path)).stdout)
    assert [s["name"] for s in told["sources"]] == [e.name for e in load_ledger().entries if any(f.not_fetchable is None for f in e.files)]
    assert {s["name"] for s in told["sources"]} >= {"onet", "soc", "oews", "economic-index", "gpts-are-gpts", "working-with-ai"}


HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "fetch_sources.md"


def examples() -> Iterator[tuple[str, list[str]]]:
    """Each command of the how-to with the lines shown under it."""
    lines: list[str] = []
    command = ""
    for line in [*HOW_TO.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("    $ wig sources "):
            command, lines = line.removeprefix("    $ wig sources "), []
        elif line.startswith("    ") and command:
            lines.append(line.strip())
        elif command:
            yield command, lines
            command = ""


@pytest.mark.parametrize(("command", "shown"), list(examples()), ids=[c for c, _ in examples()])
def test_the_how_to_shows_what_happens(command: str, shown: list[str], tmp_path: Path) -> None:
    assert shown
    out = " ".join(wig(*command.split(), "--workspace", str(tmp_path)).stdout.split())
    at = 0
    for part in (" ".join(p.split()) for line in shown for p in line.split("...") if p.strip()):
        assert part in out[at:], f"`{part}` is not shown, or not in this place"
        at = out.index(part, at) + len(part)
