"""What cannot be read may have been a no: it keeps the questions waiting that it may be on, and damage never promotes more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from recorded_reviewers import ALPHA, ANN, BETA, BOB, DELTA, EVE, GAMMA, Reviewer, answered, question_on, written
from review_world import LAW, PUBLISHED, UNKNOWN, WISHED

from engine.adjudication import (
    Adjudication,
    AskedQuestions,
    Question,
    Reviewing,
    adjudicate,
    read_bundle,
    read_transcripts,
    write_bundle,
    write_promotion,
)
from engine.adjudication.json_lines import MAX_BYTES
from engine.contracts import digest_of

MARKETER, MANAGERS, NONE, HUMAN = "role/growth-marketer", "soc/11-2020", "none_of_these", "needs_human"


@pytest.fixture(scope="module")
def two(reviewing: Reviewing, tmp_path_factory: pytest.TempPathFactory) -> AskedQuestions:
    """A bundle of two questions that models may settle."""
    folder = tmp_path_factory.mktemp("two")
    write_bundle(reviewing.bundle([UNKNOWN, PUBLISHED], WISHED)[0], folder / "b")
    return read_bundle(folder / "b")


def agreed(asked: AskedQuestions) -> list[dict[str, Any]]:
    """Lines that promote both questions."""
    return [answered(r, question_on(asked, t), a) for r in (ALPHA, BETA, GAMMA) for t, a in ((UNKNOWN, MARKETER), (PUBLISHED, MANAGERS))]


def promoted(asked: AskedQuestions, reviewing: Reviewing, folder: Path, *lines: Any) -> set[str]:
    found = adjudicate(asked, read_transcripts([written(folder / "v.jsonl", *lines)], asked), reviewing)
    held = {o.question.title: {x.rule for x in o.obstacles} for o in found.outcomes if o.promotion == "hold"}
    assert all(rules == {"unread_verdicts"} for rules in held.values()), held
    return {o.question.title for o in found.of("promote")}


def edited(line: dict[str, Any], **over: Any) -> dict[str, Any]:
    return {**line, **over}


def raw_of(text: str, **parsed: str) -> dict[str, Any]:
    return {"raw": text, "parsed": {"answer": MARKETER, "because": "", **parsed}}


BOTH, UNKNOWN_WAITS, NEITHER_WAITS = {UNKNOWN, PUBLISHED}, {UNKNOWN}, set[str]()
# a sentence, a further line made of the first question, and the questions that wait because of it
LOST: tuple[tuple[str, Callable[[Question], dict[str, Any] | str | bytes], set[str]], ...] = (
    ("nothing that tells which question it is on", lambda _: "I think it is the first one", BOTH),
    ("bytes that are no text", lambda _: b"\xff\xfe", BOTH),
    ("an object of something else", lambda _: "{}", BOTH),
    ("a line cut before its question", lambda q: json.dumps(answered(ANN, q, NONE))[:20], BOTH),
    ("a line cut behind its question", lambda q: json.dumps(answered(ANN, q, NONE))[:-20], UNKNOWN_WAITS),
    ("bytes that are no text in a line on one question", lambda q: json.dumps(answered(ANN, q, NONE)).encode() + b"\xff", UNKNOWN_WAITS),
    ("a line too long to be read", lambda q: json.dumps(answered(ANN, q, NONE, "x" * 200_000)), UNKNOWN_WAITS),
    ("a key that nobody knows", lambda q: answered(ANN, q, NONE, temperature=1), UNKNOWN_WAITS),
    ("a broken seal", lambda q: edited(answered(DELTA, q, NONE), dated="2026-11-19"), UNKNOWN_WAITS),
    ("a broken seal over another question's id", lambda q: edited(answered(DELTA, q, NONE), question="question/another-12345678"), UNKNOWN_WAITS),
    ("prose around the answer", lambda q: answered(ANN, q, MARKETER, **raw_of("Sure: the first.")), UNKNOWN_WAITS),
    ("prose in a model's sealed answer", lambda q: answered(DELTA, q, MARKETER, **raw_of("Sure: the first.")), UNKNOWN_WAITS),
    ("what was read is not what was said", lambda q: answered(ANN, q, MARKETER, **raw_of(json.dumps({"answer": NONE}))), UNKNOWN_WAITS),
    ("an answer that is not allowed", lambda q: answered(ANN, q, "growth marketer, I think"), UNKNOWN_WAITS),
    ("a person's line on another version of the question", lambda q: answered(ANN, q, NONE, prompt_digest="0" * 64), UNKNOWN_WAITS),
    ("a person's line whose question was damaged", lambda q: answered(ANN, q, NONE, question="question/growth-12345678"), UNKNOWN_WAITS),
    ("one name for two reviewers", lambda q: answered(Reviewer("two-run", "delta"), q, NONE), UNKNOWN_WAITS),
    ("a model's sealed line on another version of the question", lambda q: answered(DELTA, q, NONE, prompt_digest="0" * 64), NEITHER_WAITS),
    ("a line on a question of another bundle", lambda q: answered(ANN, q, NONE, question="question/another-12345678", prompt_digest="0" * 64), NEITHER_WAITS),
    ("a verdict that is said again", lambda q: answered(ALPHA, q, MARKETER), NEITHER_WAITS),
)  # fmt: skip


@pytest.mark.parametrize(("line", "waits"), [(line, waits) for _, line, waits in LOST], ids=[sentence for sentence, _, _ in LOST])
def test_what_may_be_a_verdict_and_cannot_be_read_keeps_its_question_waiting(two: AskedQuestions, reviewing: Reviewing, tmp_path: Path, line: Callable[[Question], Any], waits: set[str]) -> None:
    assert promoted(two, reviewing, tmp_path, *agreed(two)) == BOTH
    further = [line(question_on(two, UNKNOWN))]
    if isinstance(further[0], dict) and further[0]["reviewer"] == "two-run":
        further.append(answered(Reviewer("two-run"), question_on(two, UNKNOWN), NONE))
    assert promoted(two, reviewing, tmp_path, *agreed(two), *further) == BOTH - waits


HEARD = (
    ("asked again after an answer that is not allowed", lambda q: answered(ANN, q, "growth marketer, I think"), True),
    ("asked again after prose", lambda q: answered(ANN, q, MARKETER, **raw_of("the first one")), True),
    ("asked again on the new version", lambda q: answered(ANN, q, MARKETER, prompt_digest="0" * 64), True),
    ("another answer in what cannot be read", lambda q: answered(ANN, q, MARKETER, **raw_of("the first one", answer=NONE)), False),
    ("another answer in the raw text alone", lambda q: answered(ANN, q, MARKETER, **raw_of(json.dumps({"answer": HUMAN}))), False),
    ("a seal that does not hold", lambda q: answered(ANN, q, MARKETER, seal="0" * 64), False),
    ("another reviewer cannot be read", lambda q: answered(BOB, q, "growth marketer, I think"), False),
    ("a line that does not tell whose it is", lambda q: json.dumps(answered(ANN, q, MARKETER))[:-9], False),
)


@pytest.mark.parametrize(("line", "heard"), [(line, heard) for _, line, heard in HEARD], ids=[sentence for sentence, _, _ in HEARD])
def test_who_was_heard_on_the_question_need_not_be_read_again(two: AskedQuestions, reviewing: Reviewing, tmp_path: Path, line: Callable[[Question], Any], heard: bool) -> None:
    question = question_on(two, UNKNOWN)
    lines = [*agreed(two), answered(ANN, question, MARKETER), line(question)]
    assert promoted(two, reviewing, tmp_path, *lines) == (BOTH if heard else BOTH - UNKNOWN_WAITS)
    other = [*agreed(two), answered(ANN, question_on(two, PUBLISHED), MANAGERS), line(question)]
    assert promoted(two, reviewing, tmp_path, *other) == BOTH - UNKNOWN_WAITS, "heard on another question only"


def test_a_file_that_is_too_large_keeps_every_question_waiting(two: AskedQuestions, reviewing: Reviewing, tmp_path: Path) -> None:
    with (tmp_path / "huge.jsonl").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    read = read_transcripts([written(tmp_path / "v.jsonl", *agreed(two)), tmp_path / "huge.jsonl"], two)
    found = adjudicate(two, read, reviewing)
    assert [[x.rule for x in o.obstacles] for o in found.outcomes] == [["unread_verdicts"]] * 2
    assert found.basis.unplaced == 1


def test_the_receipts_hold_every_line_by_its_bytes_and_every_fault(two: AskedQuestions, reviewing: Reviewing, tmp_path: Path) -> None:
    question, lines = question_on(two, UNKNOWN), agreed(two)
    bad = [answered(ANN, question, "growth marketer, I think"), "no JSON", answered(BOB, question, NONE, prompt_digest="1" * 64, question="question/another-12345678")]

    def rows(name: str, *given: Any) -> list[dict[str, Any]]:
        folder = tmp_path / name
        folder.mkdir()
        found = adjudicate(two, read_transcripts([written(folder / "v.jsonl", *given)], two), reviewing)
        write_promotion(found, (), folder / "out")
        return [json.loads(line) for line in (folder / "out" / "receipts.jsonl").read_text(encoding="utf-8").splitlines()]

    first, other, *faults = rows("one", *lines, *bad)
    assert [(f["fault"], f["place"], f["unread"], f.get("questions")) for f in faults] == [
        ("ADJ115", "v.jsonl:7:1", True, [question.question_id]), ("ADJ104", "v.jsonl:8:1", True, "any"), ("ADJ111", "v.jsonl:9:1", False, None),
    ]  # fmt: skip
    assert all(f["what"] and f["fix"] for f in faults)
    mine, also = (first, other) if first["title"] == UNKNOWN else (other, first)
    assert ([u["verdict"] for u in mine["unread"]], mine["unplaced"], mine["inputs"]["unread"]) == (["v.jsonl:7"], 1, 2)
    assert (also["unread"], also["unplaced"], also["inputs"]["unread"]) == ([], 1, 1)
    for row in (first, other):
        assert row["receipt"] == f"receipt/{digest_of({k: v for k, v in row.items() if k != 'receipt'})[:32]}"
        assert (row["bundle"], row["as_of"], row["snapshot"]) == (two.digest, two.as_of, reviewing.snapshot.name)
        assert (row["record_digest"], row["rules_digest"]) == (two.record_digest, reviewing.rulebook.digest)
        assert len(row["verdicts"]) == 3
    # one byte more in a line that is used, or in one that could not be read, is another receipt, and of that question alone where the line tells which
    spaced = json.dumps(lines[0]).replace('": ', '":  ', 1)
    for name, changed, same in (("two", [spaced, *lines[1:], *bad], 1), ("three", [*lines, bad[0], "no JSON ", bad[2]], 0), ("four", [*lines, json.dumps(bad[0]) + " ", *bad[1:]], 1)):
        again = rows(name, *changed)[:2]
        assert [a["inputs"] for a in again] == [first["inputs"], other["inputs"]]
        assert sum(a["receipt"] == b["receipt"] for a, b in zip(again, (first, other), strict=True)) == same, name


REVIEWERS = (ALPHA, BETA, GAMMA, ANN, BOB, EVE)


NOISE = st.binary(min_size=1, max_size=6) | st.sampled_from((b"}", b'"', b"\n", b"a", b"0"))


@st.composite
def damaged(draw: st.DrawFn, line: bytes) -> bytes:
    """A line of which nothing is left, or only the beginning or the end, or in which a few bytes are written over."""
    start = draw(st.integers(0, len(line) - 1))
    kind = draw(st.sampled_from(("all", "end", "beginning", "inside", "inside", "inside")))
    kept = {"all": (b"", b""), "end": (line[:start], b""), "beginning": (b"", line[start:]), "inside": (line[:start], line[start + draw(st.integers(0, 4)) :])}[kind]
    return kept[0] + draw(NOISE) + kept[1]


def outcome(asked: AskedQuestions, reviewing: Reviewing, path: Path) -> Adjudication:
    return adjudicate(asked, read_transcripts([path], asked), reviewing)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_damage_of_a_line_never_promotes_more(two: AskedQuestions, reviewing: Reviewing, tmp_path: Path, data: st.DataObject) -> None:
    """Seals tell damage to any line that has one. A line without may become another person's, or say something else; nobody can tell, so that is left out here."""
    likely = {UNKNOWN: MARKETER, PUBLISHED: MANAGERS}
    agreeing = [(r, t, a) for t, a in likely.items() for r in data.draw(st.lists(st.sampled_from(REVIEWERS), min_size=3, max_size=5, unique=True))]
    doubts = [(r, t, data.draw(st.sampled_from((NONE, HUMAN, likely[t])))) for t in likely for r in data.draw(st.lists(st.sampled_from(REVIEWERS), min_size=t == UNKNOWN, max_size=1))]
    said = [*doubts, *agreeing]
    lines = [json.dumps(answered(r, question_on(two, t), a)).encode() for r, t, a in said]
    before = outcome(two, reviewing, written(tmp_path / "v.jsonl", *lines))
    at = data.draw(st.integers(0, len(doubts) - 1) | st.integers(0, len(lines) - 1))
    broken = data.draw(damaged(lines[at]))
    assume(broken.strip())
    alone = {(v.question, v.name, v.answer) for v in read_transcripts([written(tmp_path / "one.jsonl", broken)], two).verdicts}
    question = question_on(two, said[at][1]).question_id
    if alone and alone != {(question, said[at][0].name.casefold(), said[at][2])}:
        assert not said[at][0].family, "a seal holds what it seals"
        assume(False)
    after = outcome(two, reviewing, written(tmp_path / "v.jsonl", *lines[:at], broken, *lines[at + 1 :]))
    assert {o.question.title for o in after.of("promote")} <= {o.question.title for o in before.of("promote")}


def test_a_bundle_names_the_questions_that_wait(asked: AskedQuestions, tmp_path: Path) -> None:
    one, other = question_on(asked, UNKNOWN), question_on(asked, LAW)
    glued = json.dumps(answered(ANN, one, NONE)) + json.dumps(answered(BOB, other, NONE))
    (lost,) = read_transcripts([written(tmp_path / "v.jsonl", glued)], asked).unread
    assert lost.questions == tuple(sorted((one.question_id, other.question_id)))
    assert (lost.code, lost.who, lost.reference) == ("ADJ104", None, "v.jsonl:1")
