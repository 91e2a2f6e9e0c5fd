"""O*NET 29.1 against 30.1 as published: the comparison's counts are those of the files themselves, counted another way."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from engine.compare import ReleaseComparison, compare_releases


@pytest.fixture(scope="module")
def compared(published_data: Path) -> ReleaseComparison:
    return compare_releases(published_data, "onet@29.1", "onet@30.1")


def _rows(data: Path, release: str, file: str) -> list[dict[str, str]]:
    head, *lines = (data / f"onet_{release}" / file).read_text(encoding="utf-8").splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def _names(data: Path, release: str) -> set[tuple[str, str, str]]:
    """Folded title, kind of naming and occupation code, as the files say them."""
    named = {(r["Title"].casefold(), "official", r["O*NET-SOC Code"]) for r in _rows(data, release, "Occupation Data.txt")}
    for row in _rows(data, release, "Alternate Titles.txt"):
        named.add((row["Alternate Title"].casefold(), "alternate", row["O*NET-SOC Code"]))
        if row["Short Title"] not in ("", "n/a"):
            named.add((row["Short Title"].casefold(), "short", row["O*NET-SOC Code"]))
    return named


def _repeated(data: Path, release: str) -> set[str]:
    """Folded short titles of alternate titles that stand on several rows of one occupation: a repeated row is dropped, and its short title with it."""
    rows = _rows(data, release, "Alternate Titles.txt")
    times = Counter((r["O*NET-SOC Code"], r["Alternate Title"]) for r in rows)
    return {r["Short Title"].casefold() for r in rows if times[r["O*NET-SOC Code"], r["Alternate Title"]] > 1}


@pytest.mark.published
def test_no_occupation_came_or_went(published_data: Path, compared: ReleaseComparison) -> None:
    before, after = ({r["O*NET-SOC Code"] for r in _rows(published_data, n, "Occupation Data.txt")} for n in ("29_1", "30_1"))
    assert before == after
    assert compared.difference.rows["Occupation"] == (len(before), len(after)) == (1016, 1016)
    assert set(compared.difference.counts["Occupation"]) == {"figure_changed"}


@pytest.mark.published
def test_titles_and_their_occupations_that_came_and_went(published_data: Path, compared: ReleaseComparison) -> None:
    before, after = (_names(published_data, n) for n in ("29_1", "30_1"))
    known, told = ({title for title, _, _ in names} for names in (before, after))
    repeated = _repeated(published_data, "29_1") | _repeated(published_data, "30_1")
    changes = compared.difference.changes
    for kind, expected, mine, others in (("added", told - known, after, before), ("removed", known - told, before, after)):
        assert {c.label.casefold() for c in changes if (c.target, c.kind) == ("Title", kind)} - repeated == expected - repeated
        named, otherwise = ({(title, code) for title, _, code in names if title not in repeated} for names in (mine, others))
        found = [(c.label.split(" -> ")[0].casefold(), c.end.removeprefix("occupation/")) for c in changes if (c.target, c.kind) == ("NAMES.Title.Occupation", kind)]
        # one that only changed its kind, from short to alternate, stands on both sides
        assert {pair for pair in found if pair[0] not in repeated} - otherwise == named - otherwise
    assert {k: compared.difference.counts["Title"][k] for k in ("added", "removed", "moved")} == {"added": 1880, "removed": 433, "moved": 870}


@pytest.mark.published
def test_alternate_titles_alone_new_in_30_1(published_data: Path, compared: ReleaseComparison) -> None:
    before, after = ({r["Alternate Title"] for r in _rows(published_data, n, "Alternate Titles.txt")} for n in ("29_1", "30_1"))
    new = after - before
    assert len(new) == 1437
    known = {title for title, _, _ in _names(published_data, "29_1")}
    came = {c.label.casefold() for c in compared.difference.changes if (c.target, c.kind) == ("Title", "added")}
    assert {t.casefold() for t in new} - known <= came  # the rest stood in 29.1 as a short title


@pytest.mark.published
def test_tasks_that_came_went_and_were_reworded(published_data: Path, compared: ReleaseComparison) -> None:
    before, after = ({r["Task ID"]: r["Task"] for r in _rows(published_data, n, "Task Statements.txt")} for n in ("29_1", "30_1"))
    new, old = ({(r["O*NET-SOC Code"], r["Task"]) for r in _rows(published_data, n, "Emerging Tasks.txt")} for n in ("30_1", "29_1"))
    counts = compared.difference.counts["Task"]
    assert counts["added"] == len(set(after) - set(before)) + len(new - old) == 121
    assert counts["removed"] == len(set(before) - set(after)) + len(old - new) == 33
    assert counts["reworded"] == sum(before[t] != after[t] for t in set(before) & set(after)) == 5


@pytest.mark.published
def test_links_to_activities_and_between_occupations_that_came_and_went(published_data: Path, compared: ReleaseComparison) -> None:
    for file, keys, target in (
        ("Tasks to DWAs.txt", ("Task ID", "DWA ID"), "HAS_ACTIVITY.Task.WorkActivity"),
        ("Related Occupations.txt", ("O*NET-SOC Code", "Related O*NET-SOC Code"), "RELATED_TO.Occupation.Occupation"),
    ):
        before, after = ({tuple(r[k] for k in keys) for r in _rows(published_data, n, file)} for n in ("29_1", "30_1"))
        counts = compared.difference.counts[target]
        assert (counts["added"], counts["removed"]) == (len(after - before), len(before - after))


@pytest.mark.published
def test_files_that_29_1_lacks_are_said_and_nothing_of_them_counts_as_added(compared: ReleaseComparison) -> None:
    absent = {n.what for n in compared.difference.not_comparable if not n.column}
    assert {"Skills.txt", "Knowledge.txt", "Technology Skills.txt", "IWA Reference.txt", "Task Ratings.txt"} <= absent
    for target in ("Skill", "Technology", "USES.Occupation.Technology", "BROADER.WorkActivity.WorkActivity"):
        assert target not in compared.difference.counts
    assert not any(c.column in ("importance", "relevance", "yearly_frequency") for c in compared.difference.changes)
