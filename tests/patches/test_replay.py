"""Patches sorted into lanes: every row counted once, its bytes kept, its reason told, the file as it was."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from patched_world import patch_text

from engine.contracts import BadInput, InputOutput
from engine.graph import Snapshot
from engine.ontology import load_schema
from engine.patches import LANES, read_rows, replay_patches, write_lanes

HARD, CAVEAT, ATTACH, HOLD = LANES
STANDS = [{"says": "So it is written.", "source": "wedge@1.0.0", "reference": "families/marketing_growth.yaml:209"}]
LABEL = {"change": "replace", "record": "module/mkt-brief-the-assistant", "property": "label", "value": "Brief an assistant"}
SURE: dict[str, Any] = {"confidence": 0.9, "evidence": STANDS}
# what the row says, its lane, and the row of the rules that fires: from the sentence, never from the output
ROWS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("fits, sure, authored source with its line", {**SURE, "changes": [LABEL]}, HARD, "sound"),
    ("cites nothing", {**SURE, "evidence": [], "changes": [LABEL]}, HOLD, "no_evidence"),
    ("names a record that is not there", {**SURE, "changes": [{**LABEL, "record": "module/nowhere"}]}, HOLD, "unknown_target"),
    ("adds what is there", {**SURE, "changes": [{"change": "add", "record": "role/marketing-manager", "properties": {"label": "x"}}]}, HOLD, "taken"),
    ("would change what only a build reads", {**SURE, "changes": [{"change": "add", "parameter": "measures.task_frequency", "from": "2026-12-01", "value": {"1": 1}}]}, HOLD, "refused"),
    ("dated after the day", {**SURE, "dated": "2027-01-01", "changes": [LABEL]}, HOLD, "dated_ahead"),
    ("names a source without a place", {**SURE, "evidence": [{"says": "x", "source": "wedge@1.0.0"}], "changes": [LABEL]}, ATTACH, "unattached"),
    ("names a source that the graph does not hold", {**SURE, "evidence": [{"says": "x", "source": "gazette@1", "reference": "page 1"}], "changes": [LABEL]}, ATTACH, "unattached"),
    ("one of two statements has no source", {**SURE, "evidence": [*STANDS, {"says": "x"}], "changes": [LABEL]}, ATTACH, "unattached"),
    ("changes a rule", {**SURE, "changes": [{"change": "add", "parameter": "service.serve_confidence", "from": "2026-12-01", "value": 0.9}]}, CAVEAT, "rule_change"),
    ("is not sure", {**SURE, "confidence": 0.5, "changes": [LABEL]}, CAVEAT, "unsure"),
    ("does not say how sure it is", {"evidence": STANDS, "changes": [LABEL]}, CAVEAT, "sureness_unsaid"),
    ("is more than a year old", {**SURE, "dated": "2024-11-20", "changes": [LABEL]}, CAVEAT, "aged"),
)  # fmt: skip
BROKEN = ("just: text", "patch: [", "- a\n- b", "a: *x", "patch: a\npatch: b")


def as_yaml(said: dict[str, Any], name: str) -> str:
    return patch_text(*said["changes"], **{"patch": name, **{k: v for k, v in said.items() if k != "changes"}})


def as_json(said: dict[str, Any], name: str) -> str:
    return json.dumps({"patch": name, "author": "Editor", "dated": "2026-11-20", "reason": "To see.", **said})


@pytest.fixture(scope="module", params=["yaml", "jsonl"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / f"patches.{request.param}"
    if request.param == "yaml":
        parts = ["# a file of patches\n", *(as_yaml(said, f"row-{n}") for n, (_, said, _, _) in enumerate(ROWS, 1)), *BROKEN]
        path.write_bytes("\n---\n".join(parts).encode() + b"\n--- \xff\xfe: not text\n---\n# nothing here\n")
    else:
        lines = [as_json(said, f"row-{n}") for n, (_, said, _, _) in enumerate(ROWS, 1)]
        path.write_bytes("\n\n".join(lines).encode() + b'\n{"patch": \n[1, 2]\n{"a": NaN}\n{"patch": "a", "patch": "b"}\nnull\n"\xff"\r\n')
    return path


def test_each_row_goes_to_the_lane_that_its_sentence_says(file: Path, base: Snapshot) -> None:
    replay = replay_patches(file, base)
    met = {r.patch: (r.lane, r.rule) for r in replay.receipts if r.patch}
    assert met == {f"row-{n}": (lane, rule) for n, (_, _, lane, rule) in enumerate(ROWS, 1)}
    broken = [r for r in replay.receipts if not r.patch]
    assert len(broken) == replay.unreadable == 6
    assert all((r.lane, r.rule) == (HOLD, "unreadable") and r.met and r.met[0].code and r.met[0].place.line >= r.line for r in broken)
    assert sum(len(replay.lane(lane)) for lane in LANES) == len(replay.receipts) == len(ROWS) + 6


def test_the_file_stays_and_every_row_is_found_again_byte_for_byte(file: Path, base: Snapshot, tmp_path: Path) -> None:
    before = file.read_bytes()
    replay = replay_patches(file, base)
    written = write_lanes(replay, tmp_path / "lanes")
    assert file.read_bytes() == before
    assert replay.digest == replay.digest_after == hashlib.sha256(before).hexdigest()
    assert set(written) == {p.name for p in (tmp_path / "lanes").iterdir()}
    receipts = [json.loads(line) for line in (tmp_path / "lanes" / "receipts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["row"] for r in receipts] == list(range(1, len(replay.receipts) + 1))
    for receipt, row in zip(receipts, replay.rows, strict=True):
        assert receipt["digest"] == hashlib.sha256(row).hexdigest()
        assert row in before
        assert before.decode("utf-8", "replace").splitlines()[receipt["line"] - 1].strip()[:1] == row.decode("utf-8", "replace").strip()[:1]
    for lane in LANES:
        text = (tmp_path / "lanes" / f"{lane}.{replay.form}").read_bytes()
        assert all(replay.rows[r.row - 1] in text for r in replay.lane(lane))
        if replay.lane(lane):
            again = read_rows(tmp_path / "lanes" / f"{lane}.{replay.form}", load_schema())
            assert [r.patch and r.patch.name for r in again.rows] == [r.patch or None for r in replay.lane(lane)]


def test_receipts_are_the_same_every_time_and_differ_by_row(file: Path, base: Snapshot) -> None:
    first, second = ([r.receipt_id for r in replay_patches(file, base).receipts] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first)


def test_a_folder_that_holds_something_is_not_written_to(file: Path, base: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        write_lanes(replay_patches(file, base), tmp_path)
    assert refused.value.diagnostics[0].code == "WIF125"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n---\n# another\n"])
def test_a_file_without_a_patch_is_refused(text: str, base: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "patches.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        replay_patches(path, base)
    assert refused.value.diagnostics[0].code == "WIF122"
    with pytest.raises(InputOutput):
        replay_patches(tmp_path / "none.yaml", base)


def _document_rows(raw: bytes) -> list[bytes]:
    """Lines that hold more than white space, comments and marks between documents."""
    lines = [line[3:] if line[:3] == b"---" and (line[3:4] or b" ").isspace() else line for line in raw.split(b"\n")]
    return [line for line in lines if line.strip() and not line.strip().startswith(b"#")]


@settings(max_examples=150, deadline=None)
@example([b"---", b"---", b"-"], "yaml")
@given(st.lists(st.one_of(st.binary(max_size=30), st.sampled_from([b"---", b"\n", b"a: 1", b"# x", b"--- 1", b"---x", b"{}", b"\r\n", b"|\n  ---\n"])), max_size=12), st.sampled_from(["yaml", "jsonl"]))
def test_no_byte_of_a_row_is_lost_whatever_the_file_holds(parts: list[bytes], form: str) -> None:
    import tempfile

    raw = b"\n".join(parts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"rows.{form}"
        path.write_bytes(raw)
        if not any(cut for cut in (_document_rows(raw) if form == "yaml" else raw.split(b"\n")) if cut.strip(b" \t\r")):
            with pytest.raises(BadInput, match="WIF122"):
                read_rows(path, load_schema())
            return
        found = read_rows(path, load_schema())
    end = 0
    for row in found.rows:
        start = sum(len(line) + 1 for line in raw.split(b"\n")[: row.line - 1])
        assert end <= start
        assert raw.startswith(row.raw, start)
        end = start + len(row.raw)
        assert row.digest == hashlib.sha256(row.raw).hexdigest()
        assert row.patch is not None or row.faults
    assert found.between + sum(len(r.raw) for r in found.rows) == found.size == len(raw)
