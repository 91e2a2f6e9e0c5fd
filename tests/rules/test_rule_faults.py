"""Broken and doubtful packs: each fault is found, with its place and its remedy, and nothing of a broken pack comes into force."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine.contracts import BadInput, EngineError, InputOutput
from engine.rules import check, load_rulebook, run_cases

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
DOUBTFUL = sorted((HERE / "doubtful").glob("*.yaml"))
PLACES = {  # line and column where it is known by hand
    "RUL101_unknown_key": (11, 16),
    "RUL106_unknown_column": (12, 18),
    "RUL111_value_not_allowed": (16, 27),
    "RUL110_empty_range": (16, 33),
    "RUL104_other_name": (1, 7),
    "RUL103_unknown_hit_policy": (11, 17),
}
REMEDIES = {
    "RUL101_unknown_key": "did you mean `hit_policy`?",
    "RUL106_unknown_column": "did you mean `n`?",
    "RUL111_value_not_allowed": "did you mean `a`?",
    "RUL112_unknown_parameter": "did you mean `p`?",
    "RUL133_unknown_relation": "did you mean `HAS_WORKFLOW`?",
    "RUL134_alias_differs": "did you mean `workflows`?",
    "RUL135_unknown_property": "did you mean `label`?",
}


def installed(source: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "broken"
    folder.mkdir(parents=True)
    shutil.copy(source, folder / "pack.yaml")
    return folder


@pytest.mark.parametrize("source", BROKEN, ids=[p.stem for p in BROKEN])
def test_a_broken_pack_is_refused_with_place_and_remedy(source: Path, tmp_path: Path) -> None:
    installed(source, tmp_path)
    with pytest.raises(BadInput) as error:
        load_rulebook(tmp_path / "rules")
    found = [d for d in error.value.diagnostics if d.code == source.stem.split("_")[0]]
    assert found, str(error.value)
    assert all(d.place.file == "rules/broken/pack.yaml" and d.place.line > 0 and d.what and d.fix for d in found)
    if source.stem in PLACES:
        assert (found[0].place.line, found[0].place.column) == PLACES[source.stem]
    if source.stem in REMEDIES:
        assert REMEDIES[source.stem] in [d.fix for d in error.value.diagnostics]


@pytest.mark.parametrize("source", DOUBTFUL, ids=[p.stem for p in DOUBTFUL])
def test_a_doubtful_pack_loads_and_is_reported(source: Path, tmp_path: Path) -> None:
    folder = installed(source, tmp_path)
    expected = source.stem.split("_")[0]
    if expected != "RUL154":
        (folder / "README.md").write_text("# Broken\n", encoding="utf-8")
    if expected == "RUL151":
        (folder / "cases.yaml").write_text("[]\n", encoding="utf-8")
    elif expected != "RUL150":
        (folder / "cases.yaml").write_text("- {case: c, table: t, given: {x: a, n: 2}, expect: {y: yes_}}\n", encoding="utf-8")
    report = check(load_rulebook(tmp_path / "rules"))
    found = [d for d in report.diagnostics if d.code == expected]
    assert found
    assert all(d.place.line > 0 and d.what and d.fix for d in found)


def test_every_code_that_the_room_can_report_for_a_pack_has_a_file() -> None:
    stated = {
        code
        for module in (HERE.parent.parent / "engine" / "rules").glob("*.py")
        for code in re.findall(r'"(RUL1\d\d)"', module.read_text(encoding="utf-8"))
    }
    shown = {p.stem.split("_")[0] for p in (*BROKEN, *DOUBTFUL)}
    assert stated - shown == {"RUL153"}  # faults of cases.yaml, tested in test_rule_cases.py


def test_all_faults_of_all_packs_are_collected(tmp_path: Path) -> None:
    for name in ("RUL105_duplicate_rule", "RUL111_value_not_allowed"):
        folder = tmp_path / "rules" / name.lower()
        folder.mkdir(parents=True)
        text = (HERE / "broken" / f"{name}.yaml").read_text(encoding="utf-8")
        (folder / "pack.yaml").write_text(text.replace("pack: broken", f"pack: {name.lower()}"), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        load_rulebook(tmp_path / "rules")
    assert {d.code for d in error.value.diagnostics} == {"RUL105", "RUL111"}
    assert len({d.place.file for d in error.value.diagnostics}) == 2


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff\xfe", "DOC102"),
        (b"pack: [", "DOC103"),
        (b"pack: x\n" + b"a: " + b"[" * 200 + b"]" * 200, "DOC105"),
        (b"", "RUL103"),
        (b"pack: broken\n---\npack: broken\n", "DOC103"),
        (b"pack: \x07", "DOC103"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, raw: bytes, code: str) -> None:
    folder = tmp_path / "rules" / "broken"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_bytes(raw)
    with pytest.raises(EngineError) as error:
        load_rulebook(tmp_path / "rules")
    assert error.value.diagnostics[0].code == code


def test_a_folder_without_packs_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputOutput) as error:
        load_rulebook(tmp_path)
    assert error.value.diagnostics[0].code == "RUL001"


def test_parameters_alone_need_no_cases(tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "numbers"
    folder.mkdir(parents=True)
    text = "pack: numbers\nversion: 1.0.0\nowner: o\ndescription: d\nparameters:\n  p: {unit: count, reason: r, values: [{from: 2026-01-01, value: 2}]}\n"
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text("# Numbers\n", encoding="utf-8")
    rules = load_rulebook(tmp_path / "rules")
    assert check(rules).diagnostics == ()
    assert run_cases(rules).results == ()
