"""The whole round: bundle, transcripts, promotion, patch, lane, what would move. Nothing is unlocked on the way, and what was asked elsewhere is stale."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from recorded_reviewers import ALPHA, ANN, BETA, GAMMA, answered, question_on, written
from review_world import LAW, LICENSED, SERVED, UNKNOWN, reviewing_over

from engine.adjudication import AskedQuestions, Reviewing, adjudicate, read_transcripts, verdict_patches, write_promotion
from engine.ask import Desk
from engine.compare import what_if
from engine.graph import Snapshot
from engine.patches import overlay_of, read_patch, replay_patches

MARKETER, SALES = "role/growth-marketer", "role/retail-sales-associate"
APPROVED = {"says": "The role names its titles in one list.", "source": "wedge@1.0.0", "reference": "families/marketing_growth.yaml:322"}


def digests(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def promoted(asked: AskedQuestions, reviewing: Reviewing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two titles promoted (one by models, a licensed one with a person), one held; the folder that was written."""
    folder = tmp_path_factory.mktemp("promoted")
    unknown, licensed, law = (question_on(asked, t) for t in (UNKNOWN, LICENSED, LAW))
    verdicts = written(
        folder / "verdicts.jsonl", *(answered(r, unknown, MARKETER, "Growth work.\u0007 <b>") for r in (ALPHA, BETA, GAMMA)), *(answered(r, licensed, SALES) for r in (ALPHA, BETA, ANN)),
        answered(ALPHA, law, "soc/23-1011"),
    )  # fmt: skip
    found = adjudicate(asked, read_transcripts([verdicts], asked), reviewing)
    assert [o.promotion for o in found.outcomes if o.question.title in (UNKNOWN, LICENSED, LAW)] == ["hold", "promote", "promote"]
    write_promotion(found, verdict_patches(found, reviewing), folder / "out")
    return folder / "out"


def named(folder: Path, title: str) -> Path:
    (path,) = folder.glob(f"verdict-{title.lower().replace(' ', '-')}-*.yaml")
    return path


def test_a_patch_carries_where_it_comes_from(promoted: Path) -> None:
    patch = read_patch(named(promoted, LICENSED))
    assert (patch.confidence, patch.dated.isoformat(), patch.author) == (Decimal("0.9"), "2026-11-20", "Adjudication by alpha-run, beta-run, Ann Reader")
    title, naming = patch.record_changes
    assert (title.act, title.cells, naming.target, naming.identity["to"]) == ("add", {"label": LICENSED}, "NAMES.Title.Role", SALES)
    assert naming.stamp == {"source": "source/wedge@1.0.0", "source_ref": "verdicts.jsonl:4", "confidence": "0.9", "derived_by": "adjudication.verdict"}
    assert [e.reference for e in patch.evidence if not e.source] == ["verdicts.jsonl:4", "verdicts.jsonl:5", "verdicts.jsonl:6"]
    assert "Ann Reader (human) answers role/retail-sales-associate" in patch.evidence[2].says
    assert any(e.source.startswith("source/wedge@") and e.reference.startswith("families/") for e in patch.evidence)
    rows = [json.loads(line) for line in (promoted / "patches.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows == [yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(promoted.glob("*.yaml"))]
    receipts = [json.loads(line) for line in (promoted / "receipts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {r["title"] for r in receipts} > {UNKNOWN, LICENSED, LAW}
    assert all(r["receipt"] in rows[n]["reason"] for n, r in enumerate(sorted((r for r in receipts if r["promotion"] == "promote"), key=lambda r: r["question"])))


def test_replay_asks_for_a_source_and_only_approved_evidence_lifts_the_patch(promoted: Path, base: Snapshot, tmp_path: Path) -> None:
    before = digests(base.folder)
    replay = replay_patches(promoted / "patches.jsonl", base)
    assert [(r.lane, r.rule) for r in replay.receipts] == [("attach_source_and_rerun", "unattached")] * 2
    assert all(Desk(base).resolve(t).outcome["ground"] is None for t in (UNKNOWN, LICENSED)), "a promotion unlocks nothing"
    lifted = []
    for path in (named(promoted, UNKNOWN), named(promoted, LICENSED)):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        document["evidence"] = [APPROVED]
        lifted.append(json.dumps(document))
    (tmp_path / "lifted.jsonl").write_text("\n".join(lifted), encoding="utf-8")
    again = replay_patches(tmp_path / "lifted.jsonl", base)
    # what only models said stays below the share that a patch needs to go without a caveat
    assert [(r.lane, r.rule) for r in again.receipts] == [("serviceable_with_caveat", "unsure"), ("packet_hardening_candidate", "sound")]
    assert digests(base.folder) == before


def test_what_if_shows_the_title_moving_and_leaves_the_snapshot_as_it_is(promoted: Path, base: Snapshot) -> None:
    before = digests(base.folder)
    found = what_if(base, read_patch(named(promoted, UNKNOWN)), [UNKNOWN, LICENSED, LAW, SERVED])
    (move,) = found.moves
    assert move.title == UNKNOWN
    assert (move.before.role, move.after.role, move.moved_by) == ("", MARKETER, (1, 2))
    assert digests(base.folder) == before


def test_without_the_approval_of_the_role_the_naming_unlocks_nothing(promoted: Path, base: Snapshot) -> None:
    patch = read_patch(named(promoted, UNKNOWN))
    links = list(Desk(base).graph.execute(f"MATCH (r:Role {{id: '{MARKETER}'}})-[:SUPPORTED_BY]->(e:Evidence {{evidence_kind: 'approval'}}) RETURN e.id").rows)
    assert links
    withdrawn = yaml.safe_load(named(promoted, UNKNOWN).read_text(encoding="utf-8"))
    withdrawn["changes"] += [{"change": "retire", "link": "SUPPORTED_BY", "from": MARKETER, "to": row[0]} for row in links]
    path = promoted.parent / "withdrawn.yaml"
    path.write_text(yaml.safe_dump(withdrawn), encoding="utf-8")
    with overlay_of(base, read_patch(path).changes, confidence=patch.confidence, judge=False) as overlay:
        told = Desk(overlay.snapshot).resolve(UNKNOWN)
        assert (told.outcome["role"], told.outcome["ground"], told.outcome["runtime_action"]) == (MARKETER, None, "hold_for_review")


def test_verdicts_on_a_question_that_is_put_otherwise_today_are_stale(promoted: Path, asked: AskedQuestions, base: Snapshot, tmp_path: Path) -> None:
    question = question_on(asked, UNKNOWN)
    path = written(tmp_path / "v.jsonl", *(answered(r, question, MARKETER) for r in (ALPHA, BETA, GAMMA, ANN)))
    patch = read_patch(named(promoted, UNKNOWN))
    with overlay_of(base, patch.changes, confidence=patch.confidence) as overlay:
        found = adjudicate(asked, read_transcripts([path], asked), reviewing_over(overlay.snapshot))
    told = {o.question.title: o for o in found.outcomes}
    assert (told[UNKNOWN].promotion, [o.rule for o in told[UNKNOWN].obstacles]) == ("hold", ["stale"])
    assert told[LAW].inputs["question_state"] == "current", "a question that nothing touched stays as it was put"
    assert verdict_patches(found, reviewing_over(base)) == ()
