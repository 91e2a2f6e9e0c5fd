"""What a patch may not say: every fault is told at its line and column, all of a file at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from patched_world import HEAD, patch_text, written

from engine.contracts import BadInput, EngineError, InputOutput
from engine.graph import Snapshot
from engine.patches import overlay_of, read_patch

TITLE = {"change": "add", "record": "title/x", "properties": {"label": "x"}}
# changes, and the codes with the text that stands at each place
FORM: tuple[tuple[str, tuple[dict[str, Any], ...], tuple[tuple[str, str], ...]], ...] = (
    ("a misspelt key", ({**TITLE, "propertes": {}},), (("WIF101", "{}"),)),
    ("no act", ({"record": "title/x"},), (("WIF102", "record"),)),
    ("an act nobody knows", ({"change": "delete", "record": "title/x"},), (("WIF103", "delete"),)),
    ("two things at once", ({**TITLE, "parameter": "service.serve_confidence"},), (("WIF104", "add"),)),
    ("nothing changed", ({"change": "retire"},), (("WIF104", "retire"),)),
    ("a class nobody knows", ({"change": "retire", "record": "planet/mars"},), (("WIF105", "planet/mars"),)),
    ("a relationship nobody knows", ({"change": "retire", "link": "LIKES", "from": "role/a", "to": "role/b"},), (("WIF105", "LIKES"),)),
    ("a link without its end", ({"change": "retire", "link": "NAMES", "from": "title/a"},), (("WIF104", "NAMES"),)),
    ("a naming without its kind", ({"change": "add", "link": "NAMES", "from": "title/a", "to": "role/b"},), (("WIF102", "add"),)),
    ("a naming of no kind", ({"change": "add", "link": "NAMES", "from": "title/a", "to": "role/b", "naming_kind": "nick"},), (("WIF106", "nick"),)),
    ("a property nobody knows", ({"change": "replace", "record": "module/a", "property": "efort_hours", "value": 1},), (("WIF105", "efort_hours"),)),
    ("a value of another type", ({"change": "replace", "record": "module/a", "property": "effort_hours", "value": "long"},), (("WIF106", "long"),)),
    ("a list for one value", ({"change": "replace", "record": "module/a", "property": "label", "value": ["a"]},), (("WIF106", "- a"),)),
    ("a number where text stands", ({"change": "replace", "record": "module/a", "property": "label", "value": 5},), (("WIF106", "5"),)),
    ("too many digits", ({"change": "replace", "record": "module/a", "property": "effort_hours", "value": 1.2345678},), (("WIF106", "1.2345678"),)),
    ("a value for nothing", ({"change": "replace", "record": "module/a", "value": 5},), (("WIF104", "5"),)),
    ("one property added", ({"change": "add", "record": "module/a", "property": "label", "value": "a"},), (("WIF104", "label"),)),
    ("a parameter without a day", ({"change": "add", "parameter": "service.serve_confidence", "value": 1},), (("WIF106", "add"),)),
    ("a parameter without a value", ({"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-20"},), (("WIF104", "add"),)),
    ("a parameter with properties", ({"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-20", "value": 1, "to": "role/a"},), (("WIF104", "role/a"),)),
    ("one thing twice", (TITLE, {"change": "retire", "record": "title/x"}), (("WIF107", "change: retire"),)),
    ("one property, then the whole", ({"change": "replace", "record": "module/a", "property": "label", "value": "a"}, {"change": "retire", "record": "module/a"}), (("WIF107", "change: retire"),)),
    ("an empty list for a parameter", ({"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-20", "value": []},), (("WIF106", "[]"),)),
    ("a list of lists for a parameter", ({"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-20", "value": [["a"]]},), (("WIF106", "- - a"),)),
    ("two faults at once", ({"change": "retire", "record": "planet/mars"}, {"change": "retire", "link": "LIKES", "from": "role/a", "to": "role/b"}), (("WIF105", "planet/mars"), ("WIF105", "LIKES"))),
)  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [(c, e) for _, c, e in FORM], ids=[name for name, _, _ in FORM])
def test_a_fault_of_form_stands_at_its_place(changes: tuple[dict[str, Any], ...], expected: tuple[tuple[str, str], ...], tmp_path: Path) -> None:
    path = tmp_path / "patch.yaml"
    path.write_text(patch_text(*changes), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    with pytest.raises(BadInput) as refused:
        read_patch(path)
    met = [(d.code, lines[d.place.line - 1][d.place.column - 1 :]) for d in refused.value.diagnostics]
    assert len(met) == len(expected), refused.value
    for (code, text), (wanted, begins) in zip(met, expected, strict=True):
        assert code == wanted, refused.value
        assert text.startswith(begins) or begins in text, (text, begins)
    assert all(d.fix for d in refused.value.diagnostics)


@pytest.mark.parametrize("key", ["author", "reason", "dated", "changes", "patch"])
def test_a_patch_without_what_makes_it_one_is_refused(key: str, tmp_path: Path) -> None:
    path = tmp_path / "patch.yaml"
    path.write_text(re.sub(rf"^{key}:.*\n(?:[- ].*\n)*", "", patch_text(TITLE), flags=re.MULTILINE), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_patch(path)
    assert [(d.code, key in d.what) for d in refused.value.diagnostics] == [("WIF102", True)]


def test_a_patch_without_evidence_is_an_opinion(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        written(tmp_path, TITLE, evidence=[])
    assert [d.code for d in refused.value.diagnostics] == ["WIF108"]


UNFIT: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("what is not there", {"change": "retire", "record": "title/nobody"}, "WIF110"),
    ("what is there", {"change": "add", "record": "role/marketing-manager", "properties": {"label": "x"}}, "WIF111"),
    ("a link to nothing", {"change": "add", "link": "PREREQUISITE", "from": "module/mkt-brief-the-assistant", "to": "module/nothing"}, "WIF113"),
    ("a parameter of the build", {"change": "add", "parameter": "measures.task_frequency", "from": "2026-11-21", "value": {"1": 1}}, "WIF114"),
    ("a pack nobody knows", {"change": "add", "parameter": "servise.serve_confidence", "from": "2026-11-21", "value": 1}, "RUL201"),
    ("a parameter nobody knows", {"change": "add", "parameter": "service.serve_confidense", "from": "2026-11-21", "value": 1}, "RUL201"),
    ("a day that is taken", {"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-20", "value": 1}, "RUL226"),
    ("a day that is not", {"change": "replace", "parameter": "service.serve_confidence", "from": "2020-01-01", "value": 1}, "RUL226"),
    ("the only value", {"change": "retire", "parameter": "service.serve_confidence", "from": "2026-11-20"}, "RUL226"),
    ("a value of another kind", {"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-21", "value": "high"}, "RUL118"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "code"), [(c, code) for _, c, code in UNFIT], ids=[name for name, _, _ in UNFIT])
def test_a_change_that_does_not_fit_is_refused_at_its_place(change: dict[str, Any], code: str, base: Snapshot, tmp_path: Path) -> None:
    # two changes that do not fit are told together
    patch = written(tmp_path, change, {"change": "retire", "record": "title/also-nobody"})
    with pytest.raises(BadInput) as refused, overlay_of(base, patch.changes, under=tmp_path / "scratch"):
        pass
    found = [(d.code, d.place.file, d.place.line) for d in refused.value.diagnostics]
    assert (code, "patch.yaml", patch.changes[0].place.line) in found
    assert ("WIF110", "patch.yaml", patch.changes[1].place.line) in found


@pytest.mark.parametrize("text", ["", "[]", "5", "a: &x 1\nb: *x", "a: !!python/object x", "patch: [", "patch: a\npatch: b", "\x00", "- " * 100 + "a"], ids=range(9))
def test_what_is_no_patch_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "patch.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        read_patch(path)


def test_a_file_that_is_not_there_is_a_fault_of_the_machine(tmp_path: Path) -> None:
    with pytest.raises(InputOutput) as refused:
        read_patch(tmp_path / "none.yaml")
    assert isinstance(refused.value, EngineError)
    assert HEAD["patch"] not in str(refused.value)
