"""`wig evaluate titles` as a user has it, and the page that shows it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from new_titles import new_titles
from onet_titles import write_labelled
from shown_commands import not_printed, shown_commands
from wig_command import ROOT, wig_here

from engine.ask import Desk
from engine.evaluation import LabelledTitle, routes_of
from engine.graph import Workspace

PAGE = ROOT / "docs/how-to/measure_titles.md"
COLUMNS = ("--title-column", "title", "--gold-column", "codes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the two files of the page."""
    listed, nonsense = (re.search(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL) for kind in ("csv", "text"))
    assert listed is not None
    assert nonsense is not None
    (tmp_path / "titles.csv").write_text(listed[1], encoding="utf-8")
    (tmp_path / "nonsense.txt").write_text(nonsense[1], encoding="utf-8")
    return tmp_path


def _document(embedded: Path, folder: Path, *more: str) -> dict[str, Any]:
    done = wig_here(embedded, folder, "evaluate", "titles", "titles.csv", *COLUMNS, "--json", *more)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_the_page_shows_what_is_printed(embedded: Path, folder: Path) -> None:
    shown = [(c, lines) for c, lines in shown_commands(PAGE.read_text(encoding="utf-8")) if lines and c.startswith("evaluate titles")]
    assert shown
    for command, lines in shown:
        done = wig_here(embedded, folder, *shlex.split(command))
        assert done.code == 0, done.err
        assert not_printed(lines, done.out) == [], done.out


def test_the_document_holds_what_the_resolver_answers(embedded: Path, folder: Path) -> None:
    found = _document(embedded, folder, "--nonsense", "nonsense.txt", "--resamples", "50")
    desk = Desk(Workspace(embedded).required())
    rows = [line.split(",") for line in (folder / "titles.csv").read_text(encoding="utf-8").splitlines()[1:]]
    routes = routes_of(desk, [title for title, _ in rows])
    right = [bool(routes[t].occupations) and routes[t].occupations[0] in codes.split(";") for t, codes in rows]
    strict = found["overall"]["levels"][0]
    assert (strict["level"], float(strict["top_1"]["value"])) == ("strict", pytest.approx(sum(right) / len(right)))
    assert found["overall"]["titles"] == found["rows"] == len(rows) == found["distinct"]
    assert [t for t, _ in rows if not routes[t].occupations] == found["abstained"]["titles"]
    tiers = [g for g in found["groups"] if g["kind"] == "fallback tier"]
    assert {g["name"]: g["titles"] for g in tiers} == {tier: sum(routes[t].fallback_tier == tier for t, _ in rows) for tier in {r.fallback_tier for r in routes.values()}}
    assert found["nonsense"]["texts"] == 4
    assert found["summary"]["strict"]["top_1"] == strict["top_1"]["value"]
    assert found["scheme"] == "onet"
    assert found["asked"]["snapshot"] == desk.snapshot.name


def test_equal_questions_have_equal_answers_and_the_seed_moves_intervals_alone(embedded: Path, folder: Path) -> None:
    first, second, other = (_document(embedded, folder, "--seed", seed, "--resamples", "7") for seed in ("1", "1", "9"))  # so few that eight rows show whose draws they are
    assert first == second
    one, another = (found["overall"]["levels"][0] for found in (first, other))
    assert {name: one[name]["value"] for name in ("top_1", "top_5", "mrr")} == {name: another[name]["value"] for name in ("top_1", "top_5", "mrr")}
    bounds = [(one[name][bound], another[name][bound]) for name in ("top_1", "top_5", "mrr") for bound in ("low", "high")]
    assert any(mine != other for mine, other in bounds)


def test_the_rows_may_stand_in_any_order(embedded: Path, folder: Path) -> None:
    head, *rows = (folder / "titles.csv").read_text(encoding="utf-8").splitlines()
    first = _document(embedded, folder, "--resamples", "0")
    (folder / "titles.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    second = _document(embedded, folder, "--resamples", "0")
    assert [first[k] for k in ("overall", "groups", "thresholds", "reliability")] == [second[k] for k in ("overall", "groups", "thresholds", "reliability")]


def test_every_format_tells_the_same_figure(embedded: Path, folder: Path) -> None:
    figure = f"{float(_document(embedded, folder)['overall']['levels'][0]['top_1']['value']):.3f}"
    for name in ("text", "markdown", "html"):
        done = wig_here(embedded, folder, "evaluate", "titles", "titles.csv", *COLUMNS, "--format", name, "--nonsense", "nonsense.txt")
        assert done.code == 0, done.err
        assert figure in done.out.replace("\\", "")
        assert "Yarn Bomber" in done.out


def test_the_page_of_html_holds_a_diagram_and_no_script(embedded: Path, folder: Path) -> None:
    page = wig_here(embedded, folder, "evaluate", "titles", "titles.csv", *COLUMNS, "--format", "html").out
    diagrams = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(diagrams) == 3
    for diagram in diagrams:
        drawn = ET.fromstring(diagram)
        assert drawn.get("aria-label", "").startswith("Stated confidence and share right")
        assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) >= 1
    assert "<script" not in page
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", page) == []


REFUSED = {
    "no such column": (("titles.csv", "--title-column", "titel", "--gold-column", "codes"), "EVL103", 2),
    "no such file": (("gone.csv", *COLUMNS), "EVL101", 4),
    "gold of another form": (("titles.csv", *COLUMNS, "--gold-scheme", "soc"), "EVL105", 2),
    "no scheme": (("titles.csv", *COLUMNS, "--gold-scheme", "esco"), "EVL106", 2),
    "no crosswalk": (("titles.csv", *COLUMNS, "--gold-scheme", "onet@1999"), "EVL106", 2),
    "no precision": (("titles.csv", *COLUMNS, "--precision", "95"), "EVL107", 2),
    "no number": (("titles.csv", *COLUMNS, "--precision", "most"), "EVL107", 2),
    "not a number": (("titles.csv", *COLUMNS, "--precision", "nan"), "EVL107", 2),
    "no precision, told before a build is looked for": (("titles.csv", *COLUMNS, "--precision", "1.5", "--release", "onet@1.0"), "EVL107", 2),
    "no scheme, told before a build is looked for": (("titles.csv", *COLUMNS, "--gold-scheme", "esco", "--release", "onet@1.0"), "EVL106", 2),
    "gold of another form, told before a build is looked for": (("titles.csv", *COLUMNS, "--gold-scheme", "soc@2010", "--release", "onet@1.0"), "EVL105", 2),
    "no release": (("titles.csv", *COLUMNS, "--release", "29.1"), "CMP101", 2),
    "a release that is nowhere": (("titles.csv", *COLUMNS, "--release", "onet@1.0"), "EVL108", 2),
    "two builds": (("titles.csv", *COLUMNS, "--release", "onet@29.1", "--snapshot", "x"), "CLI112", 2),
    "no format": (("titles.csv", *COLUMNS, "--format", "pdf"), "CLI102", 2),
    "no nonsense": (("titles.csv", *COLUMNS, "--nonsense", "empty.txt"), "EVL104", 2),
    "no day": (("titles.csv", *COLUMNS, "--as-of", "soon"), "CLI101", 2),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_told(embedded: Path, folder: Path, name: str) -> None:
    arguments, code, status = REFUSED[name]
    (folder / "empty.txt").write_text("# kind: none\n", encoding="utf-8")
    done = wig_here(embedded, folder, "evaluate", "titles", *arguments, "--json")
    assert done.code == status, done.err
    assert json.loads(done.out)["diagnostics"][0]["code"] == code


def test_a_release_that_a_snapshot_holds_is_asked_there(embedded: Path, folder: Path) -> None:
    found = _document(embedded, folder, "--release", "wedge@1.0.0")
    assert found["asked"]["snapshot"] == Workspace(embedded).required().name
    assert not (embedded / "releases").exists()


def test_strange_titles_are_rows_like_others(embedded: Path, folder: Path) -> None:
    titles = ["\u202eevil", "👩‍🚀", "<b>x</b>", "'; DROP TABLE", "経理部長", "W" * 5_000, "a\u0301\u0000b"]
    write_labelled(folder / "titles.csv", [(t, ("11-2021.00",)) for t in titles])
    found = _document(embedded, folder, "--resamples", "10")
    assert found["rows"] == len(titles)
    page = wig_here(embedded, folder, "evaluate", "titles", "titles.csv", *COLUMNS, "--format", "html").out
    assert "<b>x" not in page
    assert "\u202e" not in page


def test_codes_of_six_digits_are_soc(embedded: Path, folder: Path) -> None:
    eight = _document(embedded, folder, "--resamples", "0")["summary"]
    listed = (folder / "titles.csv").read_text(encoding="utf-8")
    (folder / "titles.csv").write_text(re.sub(r"\.\d\d\b", "", listed), encoding="utf-8")
    six = _document(embedded, folder, "--resamples", "0")
    assert (six["scheme"], six["levels"]) == ("soc", ["lenient", "minor"])
    assert six["summary"]["lenient"] == eight["lenient"]


def test_a_title_is_asked_once_however_often_it_stands(embedded: Path) -> None:
    desk, said = Desk(Workspace(embedded).required()), list[str]()
    labelled = [LabelledTitle("Marketing Manager", ("11-2021.00",), n) for n in range(50)]
    assert len(routes_of(desk, [t.title for t in labelled], None, said.append)) == 1
    assert said == ["  1 of 1 titles"]


@pytest.mark.published
@pytest.mark.campaign
def test_an_earlier_release_is_built_beside_and_the_pointer_stays(published_data: Path, embedded: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(embedded, workspace)
    before = (workspace / "current").read_bytes()
    write_labelled(tmp_path / "new.csv", new_titles(published_data / "onet_29_1", published_data / "onet_30_1")[:200])
    arguments = ("evaluate", "titles", "new.csv", *COLUMNS, "--release", "onet@29.1", "--json")
    done = wig_here(workspace, tmp_path, *arguments, "--source-dir", str(published_data))
    assert done.code == 0, done.err
    assert "build with onet@29.1" in done.err
    found = json.loads(done.out)
    assert found["asked"]["releases"]["onet"] == "29.1"
    assert (workspace / "current").read_bytes() == before
    # it stands now, and needs no folder of files any more
    assert json.loads(wig_here(workspace, tmp_path, *arguments).out) == found
