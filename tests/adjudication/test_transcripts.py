"""Transcripts read strictly: every line is a verdict or a counted fault, and no answer is guessed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded_reviewers import ALPHA, ANN, BETA, BOB, Reviewer, answered, question_on, written
from review_world import LAW, LICENSED

from engine.adjudication import AskedQuestions, Question, read_transcripts, transcript_schema
from engine.adjudication.json_lines import MAX_BYTES
from engine.contracts import BadInput, InputOutput

ROLE = "role/retail-sales-associate"


def raw(reviewer: Reviewer, question: Question, text: str, parsed: dict[str, Any] | None = None) -> dict[str, Any]:
    return answered(reviewer, question, ROLE, raw=text, parsed=parsed or {"answer": ROLE, "because": ""})


def without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {k: v for k, v in line.items() if k not in names}


# a sentence, the line, and the code of its fault: from the sentence, never from the output
FAULTS: tuple[tuple[str, Callable[[Question], dict[str, Any] | str | bytes], str], ...] = (
    ("an answer that is not allowed", lambda q: answered(ANN, q, "role/marketing-manager"), "ADJ115"),
    ("an answer in other letters", lambda q: answered(ANN, q, "None_of_these"), "ADJ115"),
    ("an answer with a blank behind it", lambda q: answered(ANN, q, f"{ROLE} "), "ADJ115"),
    ("raw text around the object", lambda q: raw(ANN, q, f'Sure! {{"answer": "{ROLE}"}}'), "ADJ113"),
    ("raw text in a fence", lambda q: raw(ANN, q, f'```json\n{{"answer": "{ROLE}"}}\n```'), "ADJ113"),
    ("two objects", lambda q: raw(ANN, q, f'{{"answer": "{ROLE}"}} {{"answer": "{ROLE}"}}'), "ADJ113"),
    ("a further key", lambda q: raw(ANN, q, f'{{"answer": "{ROLE}", "sure": true}}'), "ADJ113"),
    ("an answer twice", lambda q: raw(ANN, q, f'{{"answer": "{ROLE}", "answer": "none_of_these"}}'), "ADJ113"),
    ("a list of answers", lambda q: raw(ANN, q, f'["{ROLE}"]'), "ADJ113"),
    ("an answer that is a number", lambda q: raw(ANN, q, '{"answer": 1}'), "ADJ113"),
    ("raw text nested without end", lambda q: raw(ANN, q, "[" * 15_000), "ADJ113"),
    ("parsed says something else than raw", lambda q: raw(ANN, q, '{"answer": "none_of_these"}'), "ADJ114"),
    ("a reason that was changed", lambda q: raw(ANN, q, f'{{"answer": "{ROLE}", "because": "x"}}', {"answer": ROLE, "because": "y"}), "ADJ114"),
    ("a model's line changed after it was sealed", lambda q: {**answered(ALPHA, q, ROLE), "dated": "2026-11-19"}, "ADJ116"),
    ("a person's line with a seal that does not hold", lambda q: {**answered(ANN, q, ROLE), "seal": "0" * 64}, "ADJ116"),
    ("a model's line without its seal", lambda q: without(answered(ALPHA, q, ROLE), "seal"), "ADJ105"),
    ("a model that does not say which", lambda q: without(answered(ALPHA, q, ROLE), "model"), "ADJ105"),
    ("a person with a model", lambda q: answered(ANN, q, ROLE, model={"family": "a", "name": "b", "version": "c"}), "ADJ105"),
    ("a key that nobody knows", lambda q: answered(ANN, q, ROLE, temperature=1), "ADJ105"),
    ("a kind that nobody knows", lambda q: answered(ANN, q, ROLE, kind="committee"), "ADJ105"),
    ("a name with a hidden character", lambda q: answered(Reviewer("Ann\u200b Reader"), q, ROLE), "ADJ105"),
    ("a day that is none", lambda q: answered(ANN, q, ROLE, dated="2026-02-30"), "ADJ105"),
    ("a question that was not put", lambda q: answered(ANN, q, ROLE, question="question/somebody-else-12345678"), "ADJ111"),
    ("a question as another bundle put it", lambda q: answered(ANN, q, ROLE, prompt_digest="0" * 64), "ADJ112"),
    ("no JSON", lambda _: "I think it is the first one", "ADJ104"),
    ("half a line", lambda q: json.dumps(answered(ANN, q, ROLE))[:100], "ADJ104"),
    ("a list", lambda _: "[1]", "ADJ104"),
    ("a number that is none", lambda _: '{"transcript": NaN}', "ADJ104"),
    ("a key twice", lambda _: '{"transcript": 1, "transcript": 1}', "ADJ104"),
    ("half a character", lambda _: '{"reviewer": "\\ud800"}', "ADJ104"),
    ("a number of a million digits", lambda _: '{"transcript": ' + "9" * 100_000 + "}", "ADJ104"),
    ("a line longer than any answer", lambda q: json.dumps(answered(ANN, q, ROLE, "x" * 200_000)), "ADJ104"),
    ("bytes that are no text", lambda _: b'{"reviewer": "\xff"}', "ADJ103"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "code"), [(line, code) for _, line, code in FAULTS], ids=[sentence for sentence, _, _ in FAULTS])
def test_a_line_that_is_no_verdict_is_a_counted_fault_and_the_others_stand(asked: AskedQuestions, tmp_path: Path, line: Callable[[Question], Any], code: str) -> None:
    question = question_on(asked, LICENSED)
    path = written(tmp_path / "t.jsonl", answered(BETA, question, ROLE), "", line(question), answered(BOB, question, "none_of_these"))
    read = read_transcripts([path], asked)
    assert read.counts == {code: 1}
    (fault,) = read.faults
    assert (fault.place.file, fault.place.line, bool(fault.what), bool(fault.why), bool(fault.fix)) == ("t.jsonl", 3, True, True, True)
    assert [(v.reviewer, v.answer, v.reference) for v in read.verdicts] == [("beta-run", ROLE, "t.jsonl:1"), ("Bob Reader", "none_of_these", "t.jsonl:4")]
    assert read.lines == 3


def test_what_is_a_verdict_is_valid_against_the_schema_and_its_form_faults_are_not(asked: AskedQuestions) -> None:
    schema = json.loads(transcript_schema())
    question = question_on(asked, LICENSED)
    for reviewer in (ANN, ALPHA):
        jsonschema.validate(answered(reviewer, question, ROLE), schema, jsonschema.Draft202012Validator)
    shaped = {"a model's line without its seal", "a model that does not say which", "a person with a model", "a key that nobody knows", "a kind that nobody knows"}
    for sentence, line, _ in FAULTS:
        if sentence in shaped:
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(line(question), schema, jsonschema.Draft202012Validator)


def test_a_reviewer_is_heard_once_and_two_answers_are_none(asked: AskedQuestions, tmp_path: Path) -> None:
    one, other = question_on(asked, LICENSED), question_on(asked, LAW)
    path = written(
        tmp_path / "t.jsonl", answered(ANN, one, ROLE), answered(ANN, one, ROLE, "Said again."), answered(Reviewer("ANN READER"), one, ROLE), answered(BOB, one, ROLE),
        answered(BOB, one, "none_of_these"), answered(BOB, other, "soc/23-1011"),
    )  # fmt: skip
    read = read_transcripts([path], asked)
    assert read.counts == {"ADJ117": 2, "ADJ118": 2}
    assert {(v.reviewer, v.question, v.contradicts) for v in read.verdicts} == {
        ("Ann Reader", one.question_id, False), ("Bob Reader", one.question_id, True), ("Bob Reader", other.question_id, False),
    }  # fmt: skip


def test_one_name_for_two_reviewers_is_nobody(asked: AskedQuestions, tmp_path: Path) -> None:
    one, other = question_on(asked, LICENSED), question_on(asked, LAW)
    path = written(tmp_path / "t.jsonl", answered(Reviewer("run-1", "alpha"), one, ROLE), answered(Reviewer("run-1", "beta"), other, "needs_human"), answered(Reviewer("Run-1"), one, ROLE))
    read = read_transcripts([path], asked)
    assert (read.verdicts, read.counts) == ((), {"ADJ119": 3})
    assert [u.questions for u in read.unread] == [(one.question_id,), (other.question_id,), (one.question_id,)]


def test_the_order_of_files_and_lines_tells_nothing(asked: AskedQuestions, tmp_path: Path) -> None:
    one, other = question_on(asked, LICENSED), question_on(asked, LAW)
    lines = [answered(r, q, a) for r in (ANN, BOB, ALPHA, BETA) for q, a in ((one, ROLE), (other, "needs_human"))] + ["broken", answered(ANN, one, ROLE)]
    paths = [written(tmp_path / "a.jsonl", *lines[:5]), written(tmp_path / "b.jsonl", *lines[5:])]
    assert read_transcripts(paths, asked) == read_transcripts(paths[::-1], asked)
    mixed = random.Random(7).sample(lines, len(lines))
    again = read_transcripts([written(tmp_path / "c.jsonl", *mixed)], asked)
    first = read_transcripts(paths, asked)
    assert [(v.question, v.reviewer, v.answer) for v in again.verdicts] == [(v.question, v.reviewer, v.answer) for v in first.verdicts]
    assert again.counts == first.counts


def test_files_that_cannot_be_told_apart_or_read(asked: AskedQuestions, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    one = written(tmp_path / "t.jsonl", answered(ANN, question_on(asked, LAW), "needs_human"))
    with pytest.raises(BadInput, match="ADJ110"):
        read_transcripts([one, written(tmp_path / "x" / "t.jsonl")], asked)
    with pytest.raises(InputOutput, match="ADJ101"):
        read_transcripts([tmp_path / "absent.jsonl"], asked)


def test_a_huge_file_is_a_fault_and_the_others_are_read(asked: AskedQuestions, tmp_path: Path) -> None:
    huge = tmp_path / "huge.jsonl"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    small = written(tmp_path / "small.jsonl", b"\xef\xbb\xbf" + json.dumps(answered(ANN, question_on(asked, LAW), "needs_human")).encode() + b"\r")
    read = read_transcripts([huge, small], asked)
    assert read.counts == {"ADJ102": 1}
    assert [v.answer for v in read.verdicts] == ["needs_human"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_lines_verdicts_or_faults(asked: AskedQuestions, tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "noise.jsonl"
    path.write_bytes(noise)
    read = read_transcripts([path], asked)
    assert read.verdicts == ()
    assert read.lines == len(read.faults) == len([x for x in noise.removeprefix(b"\xef\xbb\xbf").split(b"\n") if x.strip()])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_changed_letter_of_a_sealed_line_is_never_a_verdict(asked: AskedQuestions, tmp_path: Path, data: st.DataObject) -> None:
    line = json.dumps(answered(ALPHA, question_on(asked, LICENSED), ROLE))
    at = data.draw(st.integers(0, len(line) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789{}[]\",:/-"))
    edited = line[:at] + letter + line[at + 1 :]
    try:
        same = json.loads(edited) == json.loads(line)
    except ValueError:
        same = False
    read = read_transcripts([written(tmp_path / "t.jsonl", edited)], asked)
    assert bool(read.verdicts) == same
    assert bool(read.faults) != same
