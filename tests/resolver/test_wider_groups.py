"""Groups to fall back on: what the shares of filed occupations give, what the index of likeness says, and how the two keep their promises."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from filed_world import AS_OF, RULES, SENIORITIES, SOURCE, InventedFacts

from engine.resolver import GROUP_LEVELS, Resolution, Resolver, TitleIndex, TitleRow, build_title_index, group_level
from engine.resolver.likeness import Likened, RankedCode
from engine.resolver.wider_groups import groups_of_likened
from engine.similarity import LabelledConcept, WiderGroup, build_similarity

FILED = RULES.parameter("fallback", "filed_chance", AS_OF)
CODES = ("15-1211.00", "15-1299.08", "15-2031.00", "13-1082.00")
THINGS = ("moss", "fern", "bell", "lamp", "kite", "drum", "rope", "sail", "clay", "wool", "cork", "reed", "bone", "silk", "tile", "wax", "brass", "straw")
WORKS = ("maker", "tester", "grower", "tuner", "carver", "dyer", "binder", "packer", "sorter", "mender", "polisher", "weaver", "cutter", "painter", "seller", "moulder", "spinner", "washer")
NAMES = {f"occupation/{10 + n}-{1 + m // 6}{m % 6 + 1:03d}.00": f"{thing.title()} {work.title()}" for n, thing in enumerate(THINGS) for m, work in enumerate(WORKS)}


def asked(folder: Path, *rows: tuple[str, str, str]) -> Resolver:
    build_title_index(folder / "titles.sqlite", [TitleRow(text, key, text, kind, *SOURCE) for text, key, kind in rows], SENIORITIES)
    return Resolver(TitleIndex(folder / "titles.sqlite"), InventedFacts(), RULES, AS_OF)


def told(answer: Resolution) -> list[tuple[str, str, Decimal]]:
    return [(g.level, g.code, g.chance) for g in answer.groups]


def percent(share: Decimal) -> Decimal:
    return share.quantize(Decimal("0.01"), "ROUND_DOWN")


def test_shares_of_a_filed_title_add_up_in_its_groups(tmp_path: Path) -> None:
    named = [("Loom Hand", f"occupation/{code}", "alternate") for code in CODES]
    answer = asked(tmp_path, *named, ("Computer Work", "soc/15-1200", "group_name"), ("Number Work", "soc/15-0000", "group_name")).resolve("loom hand")
    assert told(answer) == [("detailed", "13-1082", percent(FILED / 4)), ("minor", "15-1200", percent(FILED / 2)), ("major", "15-0000", percent(FILED * 3 / 4))]
    assert [g.title for g in answer.groups] == ["", "Computer Work", "Number Work"]


def test_a_role_speaks_through_the_occupation_it_maps_to_with_the_confidence_of_its_reading(tmp_path: Path) -> None:
    answer = asked(tmp_path, ("Bouquet Adviser", "role/bouquet-adviser", "canonical")).resolve("Bouquet Adviser")
    assert answer.occupations[0].code == "41-0001.00"
    assert told(answer) == [("detailed", "41-0001", percent(answer.confidence)), ("major", "41-0000", percent(answer.confidence))]  # SOC has no minor group 41-0


def test_what_names_no_occupation_is_in_no_group(tmp_path: Path) -> None:
    assert asked(tmp_path, ("Loom Hand", "occupation/51-6063.00", "canonical")).resolve("zzz qqq").groups == ()


@pytest.fixture(scope="module")
def likened_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Titles of things and works: the thing tells the major group, things of one work in six stand in one minor group."""
    home = tmp_path_factory.mktemp("likened")
    build_title_index(home / "titles.sqlite", [TitleRow(name, code, name, "canonical", *SOURCE) for code, name in NAMES.items()], SENIORITIES)
    groups = [WiderGroup(key, level, f"soc/{key.removeprefix('occupation/')[:length]}{zeros}") for key in NAMES for level, length, zeros in ((2, 4, "000"), (3, 2, "-0000"))]
    build_similarity(home, [LabelledConcept(name, code, "canonical") for code, name in NAMES.items()], (), groups)
    return home


def test_groups_of_a_likened_title_keep_their_promises(likened_world: Path) -> None:
    def resolver() -> Resolver:
        return Resolver(TitleIndex(likened_world / "titles.sqlite", lambda: likened_world), InventedFacts(), RULES, AS_OF)

    titles = [f"{thing} {word}" for thing in THINGS[:6] for word in ("makers mate", "zzz", "tuner and seller", "zzz carver")] + ["zzz maker", "qqq"]
    one, wider = resolver(), 0
    for title, route in zip(titles, resolver().route(titles), strict=True):
        answer = one.resolve(title)
        assert route.groups == tuple((g.code, g.chance) for g in answer.groups)
        if answer.occupations:
            assert [g.level for g in answer.groups] == list(GROUP_LEVELS)
            assert answer.groups[0].code == answer.occupations[0].code[:7]
            assert answer.groups[0].chance == answer.confidence
            chances = [g.chance for g in answer.groups]
            assert chances == sorted(chances)
            assert all(chance == percent(chance) <= 1 for chance in chances)
            wider += chances[0] < chances[2]
    assert wider > 5


def likened(chance: int, groups: tuple[tuple[str, int], ...], *, title: int = 1_000_000, accepted: bool = True) -> Likened:
    return Likened((RankedCode("occupation/15-1211.00", chance * 10_000),), None, (), 0, 0, title, accepted, not accepted and title is not None, tuple((code, share * 10_000) for code, share in groups))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (likened(40, (("soc/15-1200", 55), ("soc/15-0000", 70))), [("15-1211", 40), ("15-1", 55), ("15", 70)]),
        (likened(40, (("soc/13-1000", 55), ("soc/13-0000", 70))), [("15-1211", 40), ("13-1", 55), ("13", 70)]),
        (likened(60, (("soc/13-1000", 55), ("soc/13-0000", 70))), [("15-1211", 60), ("15-1", 60), ("13", 70)]),
        (likened(60, (("soc/15-1200", 55), ("soc/15-0000", 59))), [("15-1211", 60), ("15-1", 60), ("15", 60)]),
        (likened(60, ()), [("15-1211", 60), ("15-1", 60), ("15", 60)]),
        (likened(20, (("soc/15-1200", 80), ("soc/15-0000", 90)), title=500_000, accepted=False), [("15-1211", 20), ("15-1", 40), ("15", 45)]),
    ],
    ids=["as it is said", "another group is likelier", "the narrower is likelier than another group", "no group is less likely than what is in it", "nothing is said", "it may be no title"],
)  # fmt: skip
def test_the_likelier_group_is_told(said: Likened, expected: list[tuple[str, int]]) -> None:
    assert groups_of_likened(said) == tuple((begins, share * 10_000) for begins, share in expected)


@pytest.mark.parametrize(("code", "level"), [("15-1211", "detailed"), ("15-1200", "minor"), ("11-2000", "minor"), ("11-0000", "major")])
def test_a_code_tells_its_level(code: str, level: str) -> None:
    assert group_level(code) == level
