"""What becomes of a question: cases told in a sentence, each decided from verdicts in files, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded_reviewers import ALPHA, ALPHA_TWO, ANN, BETA, BOB, DELTA, EVE, GAMMA, Reviewer, answered, question_on, written
from review_world import LAW, LICENSED, OUTSIDE, PUBLISHED, SERVED, UNKNOWN, WISHED

from engine.adjudication import (
    Adjudication,
    AskedQuestions,
    PromotionOutcome,
    Proposal,
    Proposer,
    Reviewing,
    adjudicate,
    read_bundle,
    read_transcripts,
    receipt_of,
    verdict_patches,
    write_bundle,
)
from engine.ask import Desk
from engine.contracts import BadInput
from engine.rules import Rulebook

MARKETER, SALES, LAWYERS, NURSES = "role/growth-marketer", "role/retail-sales-associate", "soc/23-1011", "soc/29-1141"
NONE, NO_TITLE, HUMAN = "none_of_these", "not_a_title", "needs_human"
EDITORS, ZETA = Reviewer("work intelligence graph EDITORS"), Reviewer("z", "zeta")


@dataclass(frozen=True)
class Case:
    """Who answers what about a title, what becomes of it, and the rows that say so: those of `obstacles`, else that of `promotion`."""

    sentence: str
    title: str
    answers: tuple[tuple[Reviewer, str], ...]
    promotion: str
    rows: tuple[str, ...]
    confidence: str | None = None
    faults: tuple[str, ...] = ()


def by(answer: str, *reviewers: Reviewer) -> tuple[tuple[Reviewer, str], ...]:
    return tuple((r, answer) for r in reviewers)


CASES = (
    Case("three families agree", UNKNOWN, by(MARKETER, ALPHA, BETA, GAMMA), "promote", ("agreed_by_models",), "0.75"),
    Case("three people agree", UNKNOWN, by(MARKETER, ANN, BOB, EVE), "promote", ("agreed_with_a_human",), "0.9"),
    Case("four of five agree, one of them a person", UNKNOWN, (*by(MARKETER, ALPHA, BETA, GAMMA, ANN), (DELTA, NONE)), "promote", ("agreed_with_a_human",), "0.72"),
    Case("nobody answered", UNKNOWN, (), "hold", ("few_voices", "no_leading_answer")),
    Case("two are too few", UNKNOWN, by(MARKETER, ANN, BETA), "hold", ("few_voices",)),
    Case("two models of one family are one voice", UNKNOWN, by(MARKETER, ALPHA, ALPHA_TWO, BETA), "hold", ("few_voices",)),
    Case("a family whose models differ says nothing and still counts", UNKNOWN, ((ALPHA, MARKETER), (ALPHA_TWO, NONE), *by(MARKETER, BETA, GAMMA)), "hold", ("disagreement",)),
    Case("two against one are held", UNKNOWN, (*by(MARKETER, ALPHA, BETA), (GAMMA, NONE)), "hold", ("disagreement",)),
    Case("a draw is held", UNKNOWN, (*by(MARKETER, ALPHA, BETA), *by(NONE, GAMMA, DELTA)), "hold", ("no_leading_answer",)),
    Case("people and models that differ are held", UNKNOWN, (*by(MARKETER, ANN, BOB), *by(NONE, ALPHA, BETA)), "hold", ("no_leading_answer",)),
    Case("who approved the role does not judge it", UNKNOWN, by(MARKETER, ALPHA, BETA, EDITORS), "hold", ("few_voices",)),
    Case("all say it is no title", UNKNOWN, by(NO_TITLE, ALPHA, BETA, GAMMA), "reject", ("no_title",)),
    Case("all say that no candidate is the work", UNKNOWN, by(NONE, ALPHA, BETA, ANN), "reject", ("no_candidate",)),
    Case("all ask for a person", UNKNOWN, by(HUMAN, ALPHA, BETA, GAMMA), "hold", ("human_asked_for",)),
    Case("all, a person among them, ask for a person", UNKNOWN, by(HUMAN, ALPHA, BETA, ANN), "hold", ("for_a_human",)),
    Case("one of five asks for a person and models alone agree", UNKNOWN, (*by(MARKETER, ALPHA, BETA, GAMMA, DELTA), (ZETA, HUMAN)), "hold", ("human_asked_for",)),
    Case("one of five asks for a person and a person agrees", UNKNOWN, (*by(MARKETER, ALPHA, BETA, GAMMA, ANN), (DELTA, HUMAN)), "promote", ("agreed_with_a_human",), "0.72"),
    Case("of a family whose models differ one asks for a person", UNKNOWN, (*by(MARKETER, ALPHA, BETA, GAMMA, DELTA, ZETA), (ALPHA_TWO, HUMAN)), "hold", ("human_asked_for",)),
    Case("whoever approved the role asks for a person", UNKNOWN, (*by(MARKETER, ALPHA, BETA, GAMMA), (EDITORS, HUMAN)), "hold", ("human_asked_for",)),
    Case("one who says two things says also that a person decides", UNKNOWN, (*by(MARKETER, ALPHA, BETA, GAMMA, ANN), (ANN, HUMAN)), "hold", ("human_asked_for",), None, ("ADJ118",)),
    Case("whoever approved the role asks for a person and a person agrees", UNKNOWN, (*by(MARKETER, ALPHA, BETA, BOB), (EDITORS, HUMAN)), "promote", ("agreed_with_a_human",), "0.9"),
    Case("models alone on a title with a word of a licensed field", LICENSED, by(SALES, ALPHA, BETA, GAMMA, DELTA), "hold", ("regulated_title_without_human",)),
    Case("a person who disagrees does not help models", LICENSED, (*by(SALES, ALPHA, BETA, GAMMA, DELTA), (ANN, NONE)), "hold", ("regulated_title_without_human",)),
    Case("with a person who agrees", LICENSED, by(SALES, ALPHA, BETA, ANN), "promote", ("agreed_with_a_human",), "0.9"),
    Case("models alone say not even that regulated work is none of the candidates", LICENSED, by(NONE, ALPHA, BETA, GAMMA), "hold", ("regulated_title_without_human",)),
    Case("models alone on law that is answered with law", LAW, by(LAWYERS, ALPHA, BETA, GAMMA), "hold", ("regulated_title_without_human", "regulated_answer_without_human")),
    Case("what a publisher alone states is not settled by that", PUBLISHED, by("soc/11-2020", ALPHA, BETA, GAMMA), "promote", ("agreed_by_models",), "0.75"),
    Case("what an authored name states already", LAW, by(LAWYERS, ALPHA, BETA, ANN), "known", ("on_record",)),
    Case("work outside the audience named as that", OUTSIDE, by(NURSES, ALPHA, BETA, GAMMA), "known", ("on_record",)),
    Case("models alone say that work outside the audience is something else", OUTSIDE, by(NONE, ALPHA, BETA, GAMMA), "hold", ("let_in_without_human",)),
)  # fmt: skip


def outcome(case: Case, asked: AskedQuestions, reviewing: Reviewing, folder: Path) -> PromotionOutcome:
    question = question_on(asked, case.title)
    path = written(folder / "verdicts.jsonl", *(answered(r, question, a) for r, a in case.answers))
    read = read_transcripts([path], asked)
    assert tuple(read.counts) == case.faults
    return next(o for o in adjudicate(asked, read, reviewing).outcomes if o.question.title == case.title)


@pytest.mark.parametrize("case", CASES, ids=[c.sentence for c in CASES])
def test_what_becomes_of_a_question(case: Case, asked: AskedQuestions, reviewing: Reviewing, tmp_path: Path) -> None:
    found = outcome(case, asked, reviewing, tmp_path)
    assert (found.promotion, tuple(o.rule for o in found.obstacles) or (found.rule,)) == (case.promotion, case.rows)
    assert found.confidence == (None if case.confidence is None else Decimal(case.confidence))
    assert found.because
    assert all(o.because and o.met for o in found.obstacles)
    told = receipt_of(found)
    assert told["receipt"].startswith("receipt/")
    assert told["failed_cells"], "which cell stopped each row before"
    assert len(told["voices"]) == len(found.vote.voices)


def test_every_promotion_of_the_rules_is_among_the_cases(reviewing: Reviewing) -> None:
    tables = reviewing.rulebook.pack("adjudication").tables
    fired = {row for c in CASES for row in c.rows}
    closing = {r.id for r in tables["obstacles"].rules if dict(r.then)["promotable"] == 0}
    assert closing - fired == {"stale", "unread_verdicts", "unclassed_answer_without_human"}, "told in the whole round, with what cannot be read, and with what is inside"
    assert {r.id for r in tables["promotion"].rules} - fired == {"obstacle"}


def test_whoever_proposed_a_candidate_or_is_of_that_family_is_set_aside(reviewing: Reviewing, tmp_path: Path) -> None:
    made, _ = reviewing.bundle([UNKNOWN], WISHED, [Proposal(UNKNOWN, "role/content-marketer", Proposer("alpha-run", "ALPHA")), Proposal(UNKNOWN, "role/content-marketer", Proposer("ann reader"))])
    write_bundle(made, tmp_path / "b")
    asked = read_bundle(tmp_path / "b")
    (question,) = asked.questions.values()
    path = written(tmp_path / "v.jsonl", *(answered(r, question, "role/content-marketer") for r in (ALPHA, ALPHA_TWO, ANN, BETA, GAMMA, DELTA)))
    (found,) = adjudicate(asked, read_transcripts([path], asked), reviewing).outcomes
    assert {(s.verdict.reviewer, s.rule) for s in found.set_aside} == {("alpha-run", "proposed_it"), ("alpha-second-run", "family_proposed_it"), ("Ann Reader", "proposed_it")}
    assert (found.promotion, found.backing, len(found.vote.voices)) == ("promote", "models", 3)


def test_a_reviewer_who_contradicts_itself_is_set_aside(asked: AskedQuestions, reviewing: Reviewing, tmp_path: Path) -> None:
    question = question_on(asked, UNKNOWN)
    lines = [answered(r, question, MARKETER) for r in (ALPHA, BETA, GAMMA, ANN)] + [answered(ANN, question, NONE)]
    found = next(o for o in adjudicate(asked, read_transcripts([written(tmp_path / "v.jsonl", *lines)], asked), reviewing).outcomes if o.question.title == UNKNOWN)
    assert [s.rule for s in found.set_aside] == ["contradicts_itself"] * 2
    assert (found.promotion, found.backing) == ("promote", "models")


def test_whoever_asks_for_a_person_is_counted_once(asked: AskedQuestions, reviewing: Reviewing, tmp_path: Path) -> None:
    question = question_on(asked, UNKNOWN)
    lines = [answered(r, question, HUMAN) for r in (ANN, ANN, Reviewer("ANN READER"), ALPHA, ALPHA_TWO)] + [answered(ALPHA, question, MARKETER)]
    found = next(o for o in adjudicate(asked, read_transcripts([written(tmp_path / "v.jsonl", *lines)], asked), reviewing).outcomes if o.question.title == UNKNOWN)
    assert found.inputs["human_wanted"] == 3


REVIEWERS = (ALPHA, ALPHA_TWO, BETA, GAMMA, DELTA, ANN, BOB, EVE, EDITORS)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_verdicts_of_models_alone_promote_regulated_work(asked: AskedQuestions, reviewing: Reviewing, tmp_path: Path, data: st.DataObject) -> None:
    question = question_on(asked, LICENSED)
    models = [r for r in REVIEWERS if r.family] + [Reviewer(f"run-{n}", f"family-{n}") for n in range(4)]
    chosen = data.draw(st.lists(st.sampled_from(models), unique=True, min_size=1))
    lines = [answered(r, question, data.draw(st.sampled_from(question.allowed_answers))) for r in chosen]
    found: Adjudication = adjudicate(asked, read_transcripts([written(tmp_path / "v.jsonl", *lines)], asked), reviewing)
    assert found.of("promote") == ()
    assert verdict_patches(found, reviewing) == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_promoted_has_its_quorum_its_share_and_no_line_twice_helps(asked: AskedQuestions, reviewing: Reviewing, tmp_path: Path, data: st.DataObject) -> None:
    question = question_on(asked, UNKNOWN)
    chosen = data.draw(st.lists(st.sampled_from(REVIEWERS), unique=True, max_size=9))
    answers = {r.name: data.draw(st.sampled_from(question.allowed_answers)) for r in chosen}
    lines = [answered(r, question, answers[r.name]) for r in chosen]
    once = adjudicate(asked, read_transcripts([written(tmp_path / "v.jsonl", *lines)], asked), reviewing)
    twice = adjudicate(asked, read_transcripts([written(tmp_path / "v.jsonl", *lines, *reversed(lines))], asked), reviewing)
    one, other = (next(o for o in a.outcomes if o.question.title == UNKNOWN) for a in (once, twice))
    assert (one.promotion, one.rule, one.answer, one.inputs, one.confidence) == (other.promotion, other.rule, other.answer, other.inputs, other.confidence)
    if one.promotion == "promote":
        voices: dict[str, set[str]] = {}
        for r in chosen:
            if r is not EDITORS:
                voices.setdefault(r.family.casefold() or r.name, set()).add(answers[r.name])
        agreeing = sum(v == {one.answer} for v in voices.values())
        assert len(voices) >= 3
        assert agreeing * 10 >= len(voices) * 8
        assert one.vote.count(one.answer) == agreeing


def test_a_bundle_without_questions_is_adjudicated_to_nothing(reviewing: Reviewing, tmp_path: Path) -> None:
    write_bundle(reviewing.bundle([SERVED])[0], tmp_path / "b")
    asked = read_bundle(tmp_path / "b")
    found = adjudicate(asked, read_transcripts([written(tmp_path / "v.jsonl")], asked), reviewing)
    assert (found.outcomes, found.transcripts.lines, verdict_patches(found, reviewing)) == ((), 0, ())


def test_rules_without_the_pack_are_refused(reviewing: Reviewing, desk: Desk) -> None:
    older = Rulebook([p for p in reviewing.rulebook.packs.values() if p.name != "adjudication"])
    with pytest.raises(BadInput, match="ADJ210"):
        Reviewing(desk.snapshot, older, desk.facts, desk.resolve, reviewing.as_of)
