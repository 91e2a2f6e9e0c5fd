"""Whatever an author breaks, reading goes on: no crash, each fault at a line of its file, and the warehouse takes what was read."""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput
from engine.interfaces.drawing import FINDING_FORMATS
from engine.ontology import load_schema
from engine.sources import embedded_soc, load_ledger, read_wedge, survey_wedge
from engine.validate import FindingReport
from engine.validate.authored_findings import Finder
from engine.warehouse import Warehouse

AUTHORED = Path(__file__).resolve().parent.parent / "sources" / "data" / "authored"
FILES = ("families/lanterns.yaml", "ground/ground.yaml")
CONTENT = {name: yaml.safe_load((AUTHORED / name).read_text(encoding="utf-8")) for name in FILES}
JUNK = st.one_of(st.none(), st.booleans(), st.integers(-2, 99), st.text("abX -:.\u202e株", max_size=6), st.sampled_from([[], {}, [None], [{}], {"id": 1}, "brief-it", 0.5, ["brief-it"]]))


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*path, key) for key, _ in inner] + [p for key, held in inner for p in paths(held, (*path, key))]


PLACES = [(name, path) for name in FILES for path in paths(CONTENT[name])]
breaks = st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(["put", "drop", "rename", "twice"]), JUNK), min_size=1, max_size=4)


def broken(changes: list[tuple[tuple[str, tuple[str | int, ...]], str, Any]]) -> dict[str, Any]:
    content = copy.deepcopy(CONTENT)
    for (name, path), how, junk in changes:
        around: Any = content[name]
        try:
            for step in path[:-1]:
                around = around[step]
            old = around[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        if not isinstance(around, (dict, list)):
            continue  # an earlier change put something else there
        last: Any = path[-1]
        if how == "put":
            around[last] = junk
        elif how == "drop":
            del around[last]
        elif how == "twice" and isinstance(around, list):
            around.append(old)
        elif isinstance(around, dict):
            around[f"{last}x"] = around.pop(last)
    return content


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(breaks)
def test_reading_goes_on_past_any_fault(changes: Any) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copytree(AUTHORED, folder, dirs_exist_ok=True)
        for name, value in broken(changes).items():
            (folder / name).write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
        survey = survey_wedge(load_ledger(), folder)
        if survey.faults:
            with pytest.raises(BadInput) as refused:
                read_wedge(load_ledger(), folder)
            assert refused.value.diagnostics == survey.faults
        else:
            assert read_wedge(load_ledger(), folder).rows.rows == survey.wedge.rows.rows
        found = FindingReport.of(Finder(survey, load_schema()).findings(()), 0, [("authored content", "format check")])
        assert len(found.findings) == len(survey.faults)
        for finding in found.findings:
            lines = (folder / finding.place.file).read_text(encoding="utf-8").splitlines()
            assert 1 <= finding.place.line <= len(lines)
            assert finding.excerpt
            assert finding.end_column == 0 or finding.end_column <= len(lines[finding.end_line - 1]) + 1
        assert all(draw(found) for name, draw in FINDING_FORMATS.items() if name != "github" or found.findings)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(breaks)
def test_the_warehouse_takes_what_was_read(changes: Any) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, schema = Path(scratch) / "authored", load_schema()
        shutil.copytree(AUTHORED, folder)
        for name, value in broken(changes).items():
            (folder / name).write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
        survey = survey_wedge(load_ledger(), folder)
        with Warehouse(Path(scratch) / "warehouse", schema) as warehouse:
            warehouse.load_rows(embedded_soc(load_ledger()))
            warehouse.load_rows(survey.wedge.rows)
            warehouse.reconcile()
