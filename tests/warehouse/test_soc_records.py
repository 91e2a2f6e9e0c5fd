"""Definitions are written into the embedded groups, the delivered structure is compared with them, old codes lead to new ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_records import Build, Built

DEFINITIONS = "soc_2018_definitions.csv"
STRUCTURE = "soc_structure_2018.csv"
CROSSWALK = "soc_2010_to_2018_crosswalk.csv"
PREAMBLE = "An invented bureau,Unnamed: 1,Unnamed: 2,Unnamed: 3,Unnamed: 4\n" + 6 * ",,,,\n" + "Major Group,Minor Group,Broad Group,Detailed Occupation,\n"

FILES = {
    DEFINITIONS: "SOC Group,SOC Code,SOC Title,SOC Definition\nMajor,11-0000,Management Occupations,\n"
    'Detailed,11-2021,Marketing Managers,"Light lanterns, in rows."\nDetailed,99-9999,Puddle Sellers,Sell puddles.\n',
    STRUCTURE: PREAMBLE + "11-0000,,,,Management Occupations\n,11-1000,,,Top Lantern Carriers\n,,11-1010,,Chief Executives\n,,11-1011,,Chief Executives\n,,,99-9999,Puddle Sellers\n",
    CROSSWALK: "2010 SOC Code,2010 SOC Title,2018 SOC Code,2018 SOC Title\n11-9199,Lantern Managers (#),11-9199,Lantern Managers\n11-9199,Lantern Managers (#),13-1082,Lantern Projects (##)\n"
    '13-1199,"Kites, All Other",13-1082,Lantern Projects (##)\n13-1198,Moons,99-9998,Moons\n,Stars,11-9199,Lantern Managers',
}  # fmt: skip


@pytest.fixture(scope="module")
def met(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("delivered") / "any name"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return build(folder.parent, None)


def test_a_definition_stands_in_the_one_record_of_its_group_with_both_places(met: Built) -> None:
    groups = met.rows("OccupationGroup", "description", "label", "source_ref", "derived_by")
    assert len(groups) == 1447
    description, label, source_ref, derived_by = groups[("soc/11-2021",)]
    assert (description, label, derived_by) == ("Light lanterns, in rows.", "Marketing Managers", "soc.structure_with_definitions")
    assert [part.split(":")[0] for part in str(source_ref).split(" + ")] == ["soc_2018.csv", DEFINITIONS]
    assert str(source_ref).endswith(f"{DEFINITIONS}:3")
    assert groups[("soc/11-0000",)][0] is None
    assert groups[("soc/11-0000",)][3] == "soc.structure"
    assert met.findings.offered["OccupationGroup"] == 1447


def test_a_structure_that_differs_is_counted_and_the_embedded_one_stands(met: Built) -> None:
    told = next(gap for gap in met.findings.gaps if "differ from the embedded one" in gap)
    assert "1,446 of 1,448 codes" in told
    assert "1 are missing in it, 1,443 are only in it, 1 have another name, 1 another level" in told
    assert ("soc/99-9999",) not in met.rows("OccupationGroup")


def test_the_publishers_own_structure_of_the_same_content_differs_in_nothing(build: Build, tmp_path: Path, built: Built) -> None:
    depth = {"major": 0, "minor": 1, "broad": 2, "detailed": 3}
    groups = built.rows("OccupationGroup", "code", "group_level", "label").values()
    lines = [",".join([*("" for _ in range(depth[str(level)])), str(code), *("" for _ in range(3 - depth[str(level)])), f'"{label}"']) for code, level, label in groups]
    (tmp_path / "soc").mkdir()
    (tmp_path / "soc" / STRUCTURE).write_text(PREAMBLE + "\n".join(lines) + "\n", encoding="utf-8")
    assert not any("differ from the embedded one" in gap for gap in build(tmp_path, None, write=False).findings.gaps)


def test_codes_of_2010_split_and_merge(met: Built) -> None:
    former = met.rows("FormerCode", "label", "classification", "source_ref")
    assert former[("former/soc-2010-11-9199",)] == ("Lantern Managers", "soc@2010", f"{CROSSWALK}:2")
    assert former[("former/soc-2010-13-1199",)] == ("Kites, All Other", "soc@2010", f"{CROSSWALK}:4")
    assert list(met.rows("REPLACED_BY.FormerCode.OccupationGroup")) == [
        ("former/soc-2010-11-9199", "soc/11-9199"), ("former/soc-2010-11-9199", "soc/13-1082"), ("former/soc-2010-13-1199", "soc/13-1082"),
    ]  # fmt: skip
    assert [(u.subject, u.source_ref) for u in met.findings.unmatched if u.join == "former_codes"] == [("(none) to 11-9199", f"{CROSSWALK}:6"), ("13-1198 to 99-9998", f"{CROSSWALK}:5")]


@pytest.mark.parametrize(
    "sentence",
    ["866 of 867 detailed classes of work have no definition", "1 definitions are of codes that the structure does not have", "1 of 3 codes of 2010 were split", "`soc_2018_direct_match_title_file.csv` is absent"],
)
def test_what_stays_open_is_counted(met: Built, sentence: str) -> None:
    assert any(sentence in gap for gap in met.findings.gaps)


@pytest.mark.parametrize("name", sorted(FILES))
def test_each_file_is_a_delivery_by_itself(build: Build, tmp_path: Path, name: str) -> None:
    (tmp_path / "soc").mkdir()
    (tmp_path / "soc" / name).write_text(FILES[name], encoding="utf-8")
    assert [t.name for t in build(tmp_path, None, write=False).findings.tables] == [f"soc@2018/{name}"]
