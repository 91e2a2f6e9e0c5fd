"""The pack `licence` as the engine asks it: what passes, what is refused, what is cited; unknown sources pass nowhere."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput
from engine.licensing import Exit, LicencePolicy, LicensedSource, admit_findings
from engine.rules import Rulebook, load_rulebook

DAY = date(2026, 11, 21)
RULES = load_rulebook()
USES = ("ship", "runtime", "internal_practice_only", "measurement_only")
LICENCES = ("CC-BY-4.0", "MIT", "LicenseRef-US-public-domain", "LicenseRef-ESCO", "LicenseRef-not-stated", "LicenseRef-anything")


def source(name: str, licence: str, use: str) -> LicensedSource:
    return LicensedSource(f"source/{name}@1", f"{name} 1", f"owner of {name}", licence, use, f"Cite {name}.")


def policy(*sources: LicensedSource) -> LicencePolicy:
    return LicencePolicy(RULES, sources, DAY)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("licence", LICENCES)
@pytest.mark.parametrize("exit_", list(Exit))
def test_every_source_meets_one_row_and_no_looser_use_is_refused_where_a_stricter_passes(licence: str, use: str, exit_: Exit) -> None:
    verdict = policy(source("x", licence, use)).verdict("source/x@1", exit_)
    assert verdict.rule
    assert verdict.reason
    stricter = [policy(source("x", licence, u)).verdict("source/x@1", exit_).carried for u in USES[USES.index(use) :]]
    assert verdict.carried or not any(stricter)


@pytest.mark.parametrize("exit_", list(Exit))
def test_an_unknown_source_passes_nowhere(exit_: Exit) -> None:
    assert not policy().verdict("source/nobody@1", exit_).carried


@pytest.mark.parametrize("exit_", [Exit.ANSWER, Exit.EXPORT, Exit.REPORT, Exit.RELEASE_PACK])
@pytest.mark.parametrize("use", ["internal_practice_only", "measurement_only"])
@pytest.mark.parametrize("licence", LICENCES)
def test_what_is_for_inside_never_leaves_whatever_its_licence(licence: str, use: str, exit_: Exit) -> None:
    assert not policy(source("x", licence, use)).verdict("source/x@1", exit_).carried


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "LicenseRef-ESCO", "MIT", "LicenseRef-anything"])
def test_attribution_goes_with_what_asks_for_it(licence: str) -> None:
    (owed,) = policy(source("x", licence, "runtime")).attributions(["source/x@1"], Exit.EXPORT)
    assert (owed.citation, owed.licence) == ("Cite x.", licence)
    assert policy(source("x", "LicenseRef-US-public-domain", "ship")).attributions(["source/x@1"], Exit.EXPORT) == ()


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["open", "inside", "nobody"]), max_size=12))
def test_admission_keeps_order_and_counts_all(names: list[str]) -> None:
    asked = policy(source("open", "CC-BY-4.0", "runtime"), source("inside", "LicenseRef-not-stated", "internal_practice_only"))
    records = [(i, f"source/{n}@1") for i, n in enumerate(names)]
    met = asked.admit(records, lambda r: r[1], Exit.EXPORT)
    assert list(met.carried) == [r for r in records if r[1] == "source/open@1"]
    assert len(met.carried) + sum(r.count for r in met.refused) == len(records)
    assert [a.source for a in met.attributions] == (["source/open@1"] if met.carried else [])


def test_a_rulebook_without_the_pack_lets_nothing_leave() -> None:
    with pytest.raises(BadInput, match="LIC101"):
        LicencePolicy(Rulebook(p for p in RULES.packs.values() if p.name != "licence"), (), DAY)


def test_findings_leave_with_counts_and_without_the_rows_of_refused_sources() -> None:
    asked = policy(source("open", "CC-BY-4.0", "runtime"), source("inside", "LicenseRef-not-stated", "internal_practice_only"))
    rows = [{"source": f"source/{n}@1", "join": "j", "subject": n, "source_ref": "f:1", "reason": "r"} for n in ("open", "inside", "inside")]
    orphans = [{"source": "source/inside@1", "target": "T", "examples": ["secret"], "count": 1}]
    duplicates = [{"target": "BenchmarkTask", "examples": ["secret"], "count": 2}, {"target": "Title", "examples": ["title/x"], "count": 1}]
    found = {"unmatched": rows, "orphans": orphans, "duplicates": duplicates, "kept": {"T": 1}}
    left = admit_findings(asked, found, Exit.REPORT, {"BenchmarkTask"})
    assert [u["subject"] for u in left["unmatched"]] == ["open"]
    assert left["withheld"] == {"source/inside@1": 2}
    assert (left["orphans"][0]["examples"], left["orphans"][0]["count"]) == ([], 1)
    assert [d["examples"] for d in left["duplicates"]] == [[], ["title/x"]]
    assert left["kept"] == {"T": 1}
