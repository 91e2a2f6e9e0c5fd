"""Which answers a release moves, and the namings named as the cause; the two commands as a user has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from invented_sides import EARLIER, KITE, LATER, PUDDLE, deliver
from wig_command import run_wig

from engine.compare import ReleaseComparison, compare_releases, read_titles, title_effects
from engine.contracts import BadInput, InputOutput
from engine.graph import Workspace
from engine.interfaces.drawing import DIFFERENCE_FORMATS


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delivered")
    deliver(folder, "97.1", EARLIER)
    deliver(folder, "97.2", LATER | {"Task Statements.txt": [*LATER["Task Statements.txt"], f"{KITE}\t105\tTie <b>knots</b> | *well*.\tCore"]})
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def compared(delivered: Path) -> ReleaseComparison:
    return compare_releases(delivered, "onet@97.1", "onet@97.2")


@pytest.fixture(scope="module")
def answered(delivered: Path, workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    titles = tmp_path_factory.mktemp("titles") / "titles.csv"
    titles.write_text("who,title\n1,Wind Reader\n2,Kite Critic\n3,Rain Clerk\n4,Wind Reader\n", encoding="utf-8")
    releases = ("onet@97.1", "onet@97.2", "--source-dir", str(delivered), "--workspace", str(workspace))
    done = run_wig("sources", "diff", *releases, "--titles", str(titles), "--title-column", "title", "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_a_title_that_names_another_occupation_gets_another_answer_with_both_causes(answered: dict[str, Any]) -> None:
    moves = {m["title"]: m for m in answered["titles"]["moves"]}
    reader = moves["Wind Reader"]
    assert (reader["before"]["occupation"], reader["after"]["occupation"]) == (KITE, PUDDLE)
    assert sorted((c["how"], c["release"], c["source_ref"]) for c in reader["causes"]) == [
        ("came", "onet@97.2", "Alternate Titles.txt:3"), ("went", "onet@97.1", "Alternate Titles.txt:3"),
    ]  # fmt: skip
    assert any(c["sentence"].startswith("NAMES title/wind-reader-") and f"occupation/{PUDDLE}" in c["sentence"] for c in reader["causes"])


def test_a_new_title_is_known_after_and_a_title_that_stands_does_not_move(answered: dict[str, Any]) -> None:
    moves = {m["title"]: m for m in answered["titles"]["moves"]}
    assert set(moves) == {"Wind Reader", "Kite Critic"}
    assert (moves["Kite Critic"]["before"]["occupation"], moves["Kite Critic"]["after"]["occupation"]) == ("", KITE)
    assert answered["titles"]["asked"] == 3  # a title that stands twice in the list is asked once
    assert answered["titles"]["aspects"]["occupation"] == 2


def test_the_citation_that_the_licence_asks_for_goes_with_it(answered: dict[str, Any]) -> None:
    assert [a["source"] for a in answered["attributions"]] == ["source/onet@97.1", "source/onet@97.2"]


def test_what_was_built_for_a_list_is_not_built_again_for_the_next(answered: dict[str, Any], delivered: Path, workspace: Path, compared: ReleaseComparison) -> None:
    said: list[str] = []
    effects = title_effects(delivered, compared, ["Kite Critic", "Rain Clerk"], workspace / "releases", said.append)
    assert [s.strip() for s in said if "stands already" in s] == ["onet@97.1 stands already", "onet@97.2 stands already"]
    assert ([m.title for m in effects.moves], effects.as_of) == (["Kite Critic"], answered["titles"]["as_of"])
    assert [len(Workspace(workspace / "releases" / n).snapshots()) for n in ("onet@97.1", "onet@97.2")] == [1, 1]
    assert Workspace(workspace).current() is None  # the graph of the user is another one


def test_the_page_is_whole_and_takes_no_text_for_markup(compared: ReleaseComparison) -> None:
    html, markdown = (DIFFERENCE_FORMATS[form](compared, None, (), 20) for form in ("html", "markdown"))
    assert "Tie &lt;b&gt;knots&lt;/b&gt; | *well*." in html
    assert html.endswith("</html>\n")
    assert "Tie \\<b\\>knots\\</b\\> \\| \\*well\\*." in markdown


def test_the_text_says_what_is_not_comparable_and_how_much_there_is(tmp_path: Path) -> None:
    folder, written = tmp_path / "delivered", tmp_path / "diff.md"
    deliver(folder, "97.1", {name: rows for name, rows in EARLIER.items() if name != "Job Zones.txt"})
    deliver(folder, "97.2", LATER)
    done = run_wig("sources", "diff", "onet@97.1", "onet@97.2", "--source-dir", str(folder), "--output", str(written))
    assert (done.code, done.out) == (0, "")
    text = " ".join(written.read_text(encoding="utf-8").split())
    assert "not comparable: Job Zones.txt is absent in onet@97.1" in text
    assert "Task: 3 and 3 records; 1 added, 1 removed, 1 reworded, 1 moved" in text
    assert "O*NET 97.2 Database" in text


@pytest.mark.usefixtures("answered")
def test_a_snapshot_without_studies_says_why_it_compares_nothing(workspace: Path) -> None:
    built = ("--workspace", str(workspace / "releases" / "onet@97.2"))
    done = run_wig("sources", "disagreements", *built, "--json")
    assert done.code == 0, done.err
    kinds = {k["kind"]: k for k in json.loads(done.out)["kinds"]}
    assert kinds["people_and_model"]["reason"] == "gpts-are-gpts is not in this snapshot"
    assert (kinds["title_own_sources"]["compared"], kinds["title_own_sources"]["found"]) == (0, [])
    refused = run_wig("sources", "disagreements", *built, "--kind", "mood")
    assert (refused.code, "CMP110" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("content", "column", "code", "line"),
    [
        (b"weaver\n\xff\xfe", None, "CMP121", 2), (b"a,b\n1,2\n", "title", "CMP122", 1), (b"\n \n", None, "CMP123", 0), (b"weaver\n" + b"x" * 400, None, "CMP124", 2),
        (b'title\nweaver\n"open', "title", "CMP124", 3), (b"", "title", "CMP122", 1), (b"n,title\n1,weaver\n2," + b"x" * 400, "title", "CMP124", 3),
        (b"title\nweaver\n" + b"x" * 200_000, "title", "CMP124", 3),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, content: bytes, column: str | None, code: str, line: int) -> None:
    path = tmp_path / "titles"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_titles(path, column)
    assert [(d.code, d.place.line or 0) for d in refused.value.diagnostics] == [(code, line)]


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputOutput) as refused:
        read_titles(tmp_path / "none.txt")
    assert [d.code for d in refused.value.diagnostics] == ["CMP120"]
