"""The crosswalk between ESCO and O*NET never feeds the matcher: without it, or with one that lies, every run and document is the same byte for byte."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from invented_delivery import LINKS, write_delivery, write_lists
from wig_command import wig_here

from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace


def _links(workspace: Path) -> int:
    with Workspace(workspace).required().open_graph() as graph:
        return int(graph.execute("MATCH (:EscoOccupation)-[r:MAPS_TO]->(:Occupation) RETURN count(r)").rows[0][0])


def _answered(workspace: Path, lists: Path) -> tuple[bytes, ...]:
    found = []
    for more in ((), ("--best-per-concept",), ("--examples", "examples.csv")):
        said = wig_here(workspace, lists, "match", "queries.csv", "--against", "candidates.csv", "--out", "answer.run", "--json", *more)
        assert said.code == 0, said.err
        document = {k: v for k, v in json.loads(said.out).items() if k != "snapshot"}  # a snapshot's name is the digest of all its sources
        assert document["answers"]
        assert all(answer["candidates"] for answer in document["answers"])  # nothing is equal to nothing
        found += [json.dumps(document).encode(), (lists / "answer.run").read_bytes()]
    return tuple(found)


@pytest.mark.campaign
def test_matches_are_the_same_without_the_crosswalk_and_with_one_that_lies(tmp_path: Path) -> None:
    lists, workspaces = write_lists(tmp_path / "lists"), []
    for number, links in enumerate((LINKS, LINKS.replace("occupation/aaa", "occupation/ccc").replace("closeMatch", "exactMatch"), None)):
        workspaces.append(tmp_path / f"workspace {number}")
        build_snapshot(Workspace(workspaces[-1]), BuildRequest(write_delivery(tmp_path / f"delivered {number}", links)))
    assert [_links(workspace) for workspace in workspaces] == [2, 2, 0]
    answered = [_answered(workspace, lists) for workspace in workspaces]
    assert answered[0] == answered[1] == answered[2]


@pytest.mark.published
@pytest.mark.campaign
@pytest.mark.timeout(1200)
def test_published_matches_are_the_same_without_the_crosswalk(published_data: Path, tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    with (published_data / "esco_1_2_0" / "occupations_en.csv").open(encoding="utf-8", newline="") as file, (lists / "candidates.csv").open("w", encoding="utf-8", newline="") as to:
        writer = csv.writer(to)
        writer.writerow(["id", "label", "alternative_labels", "description"])
        writer.writerows([r["conceptUri"], r["preferredLabel"], r["altLabels"], r["description"]] for r in csv.DictReader(file))
    with (published_data / "onet_30_1" / "Occupation Data.txt").open(encoding="utf-8", newline="") as file:
        titles = [r["Title"] for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][::10]
    (lists / "queries.csv").write_text("id,label\n" + "".join(f'q{n},"{title}"\n' for n, title in enumerate(titles)), encoding="utf-8")
    (lists / "examples.csv").write_text("title,candidate_id\nlamp lighter," + (lists / "candidates.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0] + "\n", encoding="utf-8")
    answered = []
    for number, names in enumerate((("onet_30_1", "esco_1_2_0", "esco_onet_crosswalk"), ("onet_30_1", "esco_1_2_0"))):
        folder = tmp_path / f"delivered {number}"
        folder.mkdir()
        for name in names:
            (folder / name).symlink_to(published_data / name)
        workspace = tmp_path / f"workspace {number}"
        build_snapshot(Workspace(workspace), BuildRequest(folder))
        answered.append(_answered(workspace, lists))
    assert answered[0] == answered[1]
