"""An overlay is the snapshot that a whole build with the same change would publish, and the snapshot under it is only read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from patched_world import Tried, built_with, bytes_of, decisions_of, naming, once, patch_text, rows_of, written

from engine.contracts import BadInput
from engine.graph import Snapshot
from engine.patches import overlay_of

MARKETING, SUPPORT = "families/marketing_growth.yaml", "families/customer_support.yaml"
EVIDENCE = "sup-raters-disagree"


def without_evidence(text: str) -> str:
    """The record and every mention taken out, no other line or column moved."""
    block = re.search(rf"  - id: {EVIDENCE}\n(?:    .*\n)+", text)
    assert block is not None
    text = text.replace(block[0], "\n" * block[0].count("\n"))
    for pattern in (rf", {EVIDENCE}\b", rf"\b{EVIDENCE}, ", rf"\b{EVIDENCE}\b"):
        text = re.sub(pattern, lambda met: " " * len(met[0]), text)
    return text


def raised(text: str) -> str:
    """The least number of workflows that a served role has, from 2 to 6."""
    found = re.subn(r"(least_workflows:\n(?:.*\n)*?.*value: )2\b", r"\g<1>6", text, count=1)
    assert found[1] == 1
    return found[0]


KINDS = (
    Tried(
        "values of a record and of a relationship",
        {MARKETING: lambda t: once("{code: 11-2021.00, relation: exactMatch, confidence: 0.95}", "{code: 11-2021.00, relation: closeMatch, confidence: 0.95}")(t).replace("    hours: 3.0\n", "    hours: 2.5\n", 1)},
        {},
        (
            {"change": "replace", "record": "module/mkt-brief-the-assistant", "property": "effort_hours", "value": 2.5},
            {"change": "replace", "link": "MAPS_TO", "from": "role/marketing-manager", "to": "occupation/11-2021.00", "property": "mapping_relation", "value": "closeMatch"},
        ),
    ),
    Tried(
        "one title for another",
        {MARKETING: once("      - brand manager\n", "      - brand steward\n")},
        {},
        (*naming("brand manager", "retire"), *naming("brand steward", "add", source_ref=f"{MARKETING}:228:9", confidence=0.85)),
    ),
    Tried(
        "a record retired with its links, and a rule changed",
        {SUPPORT: without_evidence},
        {"service/pack.yaml": raised},
        (
            {"change": "retire", "record": f"evidence/{EVIDENCE}", "with_links": True},
            {"change": "replace", "parameter": "service.least_workflows", "from": "2026-11-20", "value": 6},
        ),
    ),
)  # fmt: skip


# the first kind in every run; a whole build for each of the others takes its time
@pytest.mark.parametrize("tried", [pytest.param(k, id=k.name, marks=[] if k is KINDS[0] else [pytest.mark.campaign]) for k in KINDS])
def test_an_overlay_equals_a_whole_build_with_the_same_change(tried: Tried, base: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = built_with(tried, tmp_path / "built", monkeypatch)
    with overlay_of(base, written(tmp_path, *tried.changes).changes, under=tmp_path / "scratch") as overlay:
        laid = overlay.snapshot
        laid.verify_seal(full=True)
        mine, other = laid.receipt(), built.receipt()
        assert {t: d for t, d in mine.records.items() if other.records[t] != d} == {}
        assert (mine.counts, mine.record_digest, mine.rules_digest) == (other.counts, other.record_digest, other.rules_digest)
        assert mine.record_digest != base.receipt().record_digest
        assert rows_of(laid.facts) == rows_of(built.facts)
        assert rows_of(laid.titles) == rows_of(built.titles)
        assert decisions_of(laid) == decisions_of(built)
        assert {t for t in mine.records if mine.records[t] != base.receipt().records[t]} <= set(overlay.laid.targets)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_parameter_alone_asks_for_no_new_graph(base: Snapshot, tmp_path: Path) -> None:
    steps: list[str] = []
    change = {"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-21", "value": 0.9}
    with overlay_of(base, written(tmp_path, change).changes, steps.append, under=tmp_path / "scratch") as overlay:
        assert overlay.snapshot.receipt().record_digest == base.receipt().record_digest
        assert overlay.snapshot.receipt().rules_digest != base.receipt().rules_digest
        assert overlay.laid.targets == ()
    assert steps == []


def test_a_patch_that_breaks_a_contract_is_refused_with_the_contracts_sentence(base: Snapshot, tmp_path: Path) -> None:
    patch = written(tmp_path, {"change": "replace", "record": "module/mkt-brief-the-assistant", "property": "effort_hours", "value": -1})
    with pytest.raises(BadInput) as refused, overlay_of(base, patch.changes, under=tmp_path / "scratch"):
        pass
    assert {(d.code, d.place.file, d.place.line) for d in refused.value.diagnostics} == {("WIF116", "patch.yaml", 10)}
    assert all("module/mkt-brief-the-assistant" in d.what and "effort" in d.what and d.why and d.fix for d in refused.value.diagnostics), refused.value
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_retired_record_does_not_leave_authored_links_dangling(base: Snapshot, tmp_path: Path) -> None:
    patch = written(tmp_path, {"change": "retire", "record": f"evidence/{EVIDENCE}"})
    with pytest.raises(BadInput) as refused, overlay_of(base, patch.changes, under=tmp_path / "scratch"):
        pass
    assert {d.code for d in refused.value.diagnostics} == {"WIF115"}
    assert len(refused.value.diagnostics) == 17
    assert all("customer_support.yaml:" in d.what and "with_links" in d.fix for d in refused.value.diagnostics)


KILLED = """
import os, signal, sys
from pathlib import Path
from engine.graph import Workspace
from engine.patches import overlay_of, read_patch

def die(step):
    if step.startswith(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

with overlay_of(Workspace(Path(sys.argv[1])).required(), read_patch(Path(sys.argv[2])).changes, die, under=Path(sys.argv[3])):
    die("laid")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process so")
@pytest.mark.parametrize("step", [pytest.param("judge", marks=pytest.mark.campaign), "evaluate", pytest.param("laid", marks=pytest.mark.campaign)])
def test_a_killed_overlay_changes_nothing_and_the_next_one_sweeps_up(step: str, base: Snapshot, workspace: Path, tmp_path: Path) -> None:
    before = bytes_of(base.folder)
    patch, scratch = tmp_path / "patch.yaml", tmp_path / "scratch"
    patch.write_text(patch_text(*KINDS[0].changes), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", KILLED, str(workspace), str(patch), str(scratch), step], env=dict(os.environ), capture_output=True, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert list(scratch.iterdir()), "it was killed before it began"
    assert bytes_of(base.folder) == before
    with overlay_of(base, written(tmp_path, {"change": "add", "parameter": "service.serve_confidence", "from": "2026-11-21", "value": 0.9}).changes, under=scratch):
        assert len([p for p in scratch.iterdir() if p.is_dir()]) == 1
    assert list(scratch.iterdir()) == []
    assert bytes_of(base.folder) == before
