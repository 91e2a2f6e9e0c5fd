"""Publishers' rows become records with the values that the publishers' documentation promises."""

from __future__ import annotations

import hashlib

import pytest
from built_records import Built

from engine.sources import technology_key, title_key

PLANNER, TESTER = "occupation/11-2021.91", "occupation/13-1161.92"
EMERGING = "task/11-2021.91-" + hashlib.sha256(b"Plan drone lanterns.").hexdigest()[:8]
REVISED = "task/11-2021.91-" + hashlib.sha256(b"Plan lantern routes with maps.").hexdigest()[:8]

CASES = [
    ("an occupation has its job zone", "Occupation", (PLANNER,), {"label": "Lantern Planners", "code": "11-2021.91", "job_zone": "4", "source": "source/onet@9.9", "source_ref": "Occupation Data.txt:2 + Job Zones.txt:2"}),
    ("quotes in the text stay as published", "Occupation", (TESTER,), {"description": 'Test kites "in the wind".'}),
    ("an occupation without a zone has none", "Occupation", ("occupation/41-2031.93",), {"job_zone": None, "source_ref": "Occupation Data.txt:4"}),
    ("a blank task type stays missing", "Task", ("task/103",), {"task_type": None, "statement": "Fly kites.", "source_ref": "Task Statements.txt:4"}),
    ("an emerging task is a task", "Task", (EMERGING,), {"task_type": "Emerging", "code": None, "source_ref": "Emerging Tasks.txt:2"}),
    ("a revision points to what it revises", "REVISES.Task.Task", (REVISED, "task/101"), {"source_ref": "Emerging Tasks.txt:3"}),
    (
        "ratings are standardized and frequency categories become times a year", "PERFORMS.Occupation.Task", (PLANNER, "task/101"),
        {"importance": "0.8325", "relevance": "0.875", "yearly_frequency": "962.1", "confidence": "1", "derived_by": "onet.task_ratings", "source_ref": "Task Statements.txt:2 + Task Ratings.txt:2-6"},
    ),
    (
        "a mean stands in for absent categories, says so and counts less", "PERFORMS.Occupation.Task", (PLANNER, "task/102"),
        {"importance": "0", "relevance": None, "yearly_frequency": "130", "confidence": "0.6", "derived_by": "onet.task_ratings_with_mean_frequency", "source_ref": "Task Statements.txt:3 + Task Ratings.txt:7 + task_frequency_mean.csv:3"},
    ),
    ("an unrated task has no invented rating", "PERFORMS.Occupation.Task", (TESTER, "task/104"), {"importance": None, "relevance": None, "yearly_frequency": None, "source_ref": "Task Statements.txt:5"}),
    ("an emerging task is performed, unrated", "PERFORMS.Occupation.Task", (PLANNER, EMERGING), {"importance": None}),
    ("a skill has its description from the content model", "Skill", ("skill/2.A.1.a",), {"label": "Careful Reading", "description": "Reads carefully.", "source_ref": "Content Model Reference.txt:3"}),
    ("importance and level stand in one row", "REQUIRES_SKILL.Occupation.Skill", (PLANNER, "skill/2.A.1.a"), {"importance": "0.78", "level": "0.302857", "recommend_suppress": "true", "not_relevant": "false", "source_ref": "Skills.txt:2-3"}),
    ("the low end is zero", "REQUIRES_SKILL.Occupation.Skill", (TESTER, "skill/2.A.1.a"), {"importance": "0", "level": "0", "not_relevant": "true"}),
    ("the high end is one", "REQUIRES_KNOWLEDGE.Occupation.Knowledge", (PLANNER, "knowledge/2.C.1.a"), {"importance": "1", "level": "1", "not_relevant": None}),
    ("an interest is standardized", "HAS_INTEREST.Occupation.Interest", (PLANNER, "interest/1.B.1.a"), {"interest_score": "0.05"}),
    ("neighbours keep rank and tier", "RELATED_TO.Occupation.Occupation", (PLANNER, TESTER), {"relatedness_rank": "1", "relatedness_tier": "Primary-Short"}),
    ("a generalized activity has its name from the content model", "WorkActivity", ("activity/4.A.1.a.1",), {"label": "Getting Facts", "activity_level": "generalized"}),
    ("a detailed activity is below an intermediate one", "BROADER.WorkActivity.WorkActivity", ("activity/4.A.1.a.1.I01.D01", "activity/4.A.1.a.1.I01"), {}),
    ("an intermediate activity is below a generalized one", "BROADER.WorkActivity.WorkActivity", ("activity/4.A.1.a.1.I01", "activity/4.A.1.a.1"), {}),
    ("a task has its activity", "HAS_ACTIVITY.Task.WorkActivity", ("task/101", "activity/4.A.1.a.1.I01.D01"), {}),
    ("one software for one name, under its first commodity", "Technology", (technology_key("software", "WickSoft Planner"),), {"label": "WickSoft Planner", "code": "43230001", "technology_kind": "software"}),
    ("marks of two spellings are joined", "USES.Occupation.Technology", (PLANNER, technology_key("software", "WickSoft Planner")), {"hot_technology": "true", "in_demand": "false", "source_ref": "Technology Skills.txt:2-3"}),
    ("a tool of the same name is another thing", "USES.Occupation.Technology", (TESTER, technology_key("tool", "WickSoft Planner")), {"hot_technology": None, "in_demand": None}),
    ("an occupation belongs to its detailed group", "BROADER.Occupation.OccupationGroup", (TESTER, "soc/13-1161"), {"source_ref": "Occupation Data.txt:3"}),
    ("the occupation's own name stands before an alternate spelling", "Title", (title_key("Lantern Planners"),), {"label": "Lantern Planners", "source_ref": "Occupation Data.txt:2"}),
    ("white space in a title is mended", "Title", (title_key("kite tester"),), {"label": "kite tester", "source_ref": "Alternate Titles.txt:6"}),
    ("a short title is a title", "NAMES.Title.Occupation", (title_key("CLO"), PLANNER), {"naming_kind": "alternate", "publisher_sources": "02", "derived_by": "onet.short_titles"}),
    ("a direct-match title names its group", "NAMES.Title.OccupationGroup", (title_key("Lantern Boss, Street"), "soc/11-2021"), {"naming_kind": "direct_match", "source": "source/soc@2018", "source_ref": "soc_2018_direct_match_title_file.csv:2"}),
    ("the source record describes its release", "Source", ("source/onet@9.9",), {"layer": "canonical_taxonomy", "runtime_eligible": "true", "release": "9.9"}),
]  # fmt: skip


@pytest.mark.parametrize(("_sentence", "target", "key", "expected"), CASES, ids=[c[0] for c in CASES])
def test_values(built: Built, _sentence: str, target: str, key: tuple[str, ...], expected: dict[str, str | None]) -> None:
    met = built.rows(target, *expected)
    assert dict(zip(expected, met[key], strict=True)) == expected


def test_a_title_may_name_one_occupation_in_several_lists(built: Built) -> None:
    found = built.warehouse.distinct_rows("NAMES.Title.Occupation", ("from", "to", "naming_kind"))
    kinds = {kind for title, occupation, kind in found if (title, occupation) == (title_key("Kite Tester"), TESTER)}
    assert kinds == {"alternate", "reported"}


def test_an_ambiguous_title_names_every_occupation(built: Built) -> None:
    found = built.warehouse.distinct_rows("NAMES.Title.Occupation", ("from", "to"))
    assert [occupation for title, occupation in found if title == title_key("Light Walker")] == [PLANNER, TESTER]


def test_every_record_has_whole_provenance(built: Built) -> None:
    for target, count in built.digests.counts.items():
        if count:
            columns = ("source", "source_ref", "release", "licence", "confidence", "derived_by")
            assert all(all(row) for row in built.warehouse.distinct_rows(target, columns)), target
