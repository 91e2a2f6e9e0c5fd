"""Transcripts of reviewers read strictly: each line becomes a verdict with its place, or faults that are counted. No answer is guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.adjudication.bundle_files import AskedQuestions
from engine.adjudication.json_lines import parsed_object, read_lines
from engine.contracts import BadInput, Diagnostic, Place, Report, digest_of

if TYPE_CHECKING:
    from engine.adjudication.bundle_form import TranscriptForm

HUMAN = "human"
_STRICT = "an answer that is not allowed is a fault; nobody guesses what was meant"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reviewer answers to one question, and where that stands. `family`, `model` are '' for people.

    `contradicts`: the same reviewer gave this question another answer elsewhere.
    """

    question: str
    reviewer: str
    kind: str
    family: str
    model: str
    dated: date
    answer: str
    because: str
    place: Place
    contradicts: bool = False

    @property
    def name(self) -> str:
        """The reviewer as names are compared: without regard to case."""
        return self.reviewer.casefold()

    @property
    def reference(self) -> str:
        """File and line."""
        return f"{self.place.file}:{self.place.line}"


@dataclass(frozen=True, slots=True)
class Transcripts:
    """Verdicts in order of question, reviewer and place; every fault, sorted; how many lines were read."""

    lines: int
    verdicts: tuple[Verdict, ...]
    faults: tuple[Diagnostic, ...]
    counts: Mapping[str, int]


def by_question(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """Verdicts of each question that has any, in their order."""
    grouped: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        grouped.setdefault(verdict.question, []).append(verdict)
    return grouped


def read_transcripts(paths: Sequence[Path], asked: AskedQuestions) -> Transcripts:
    """The verdicts of some files on the questions of a bundle. Files are read in order of their names, so their order tells nothing.

    Faults of lines are collected: ADJ103 (no UTF-8), ADJ104 (no JSON object), ADJ105 (not in the form), ADJ111 (no such question), ADJ112 (another
    version of the question), ADJ113 (the raw text is no answer), ADJ114 (`parsed` is not what the raw text says), ADJ115 (not an allowed answer),
    ADJ116 (the seal is broken), ADJ117 (a verdict twice), ADJ118 (two answers of one reviewer), ADJ119 (one name, two reviewers). A file that is too
    large is a fault too (ADJ102). Raises InputOutput ADJ101; BadInput ADJ110 where two files have one name.
    """
    names = Counter(p.name for p in paths)
    for name, count in names.items():
        if count > 1:
            raise BadInput.at("ADJ110", f"{count} files are called {name}", why="a patch names its verdicts by file and line", fix="give each transcript a name of its own", place=Place(name))
    lines, faults, verdicts = 0, list[Diagnostic](), list[Verdict]()
    for path in sorted(paths, key=lambda p: p.name):
        try:
            found, wrong = read_lines(path)
        except BadInput as error:
            found, wrong = [], list(error.diagnostics)
        faults += wrong
        lines += len(found) + len(wrong)
        for place, value in found:
            verdict, wrong = _verdict(value, place, asked)
            faults += wrong
            if verdict is not None:
                verdicts.append(verdict)
    kept, told = _once(verdicts)
    faults += told
    return Transcripts(lines, tuple(kept), Report.of(faults).diagnostics, dict(sorted(Counter(f.code for f in faults).items())))


def _verdict(value: dict[str, Any], place: Place, asked: AskedQuestions) -> tuple[Verdict | None, list[Diagnostic]]:
    from engine.adjudication.bundle_form import AnswerForm, TranscriptForm, form_faults

    form, faults = form_faults(TranscriptForm, value, place)
    if form is None:
        return None, faults
    fault = _question_fault(form, value, place, asked)
    if fault is not None:
        return None, [fault]
    try:
        answer = AnswerForm.model_validate(parsed_object(form.raw.strip()))
    except (ValueError, RecursionError, ArithmeticError):  # pydantic's fault is a ValueError
        what = 'the raw text is not one JSON object {"answer": ..., "because": ...} and nothing else'
        return None, [Diagnostic(place, "ADJ113", what, _STRICT, "ask this reviewer again")]
    if answer != form.parsed:
        return None, [Diagnostic(place, "ADJ114", "`parsed` is not what the raw text says", "what was read must be what was said; one of the two was changed", "record the answer again")]
    if answer.answer not in asked.questions[form.question].allowed_answers:
        return None, [Diagnostic(place, "ADJ115", f"`{answer.answer[:80]}` is none of the allowed answers", _STRICT, "ask this reviewer again")]
    model = form.model
    family, name = (model.family, f"{model.name} {model.version}") if model else ("", "")
    return Verdict(form.question, form.reviewer, form.kind, family, name, form.dated, answer.answer, answer.because, place), []


def _question_fault(form: TranscriptForm, value: dict[str, Any], place: Place, asked: AskedQuestions) -> Diagnostic | None:
    if form.seal is not None and digest_of({k: v for k, v in value.items() if k != "seal"}) != form.seal:
        return Diagnostic(place, "ADJ116", "the seal does not hold", "the line is not the one that was recorded", "take the recording as it was made")
    question = asked.questions.get(form.question)
    if question is None:
        return Diagnostic(place, "ADJ111", f"the bundle holds no {form.question}", "a verdict is on a question that was put", "name the bundle that was answered")
    if question.prompt_digest != form.prompt_digest:
        return Diagnostic(place, "ADJ112", f"{form.question} was put otherwise in this bundle", "the evidence or the answers were others, so this verdict is of another question", "ask again with this bundle")
    return None


def _once(verdicts: Iterable[Verdict]) -> tuple[list[Verdict], list[Diagnostic]]:
    """Each reviewer once on each question, in order; a repeated answer is dropped, two answers stay marked, one name for two reviewers drops both."""
    ordered = sorted(verdicts, key=lambda v: (v.question, v.name, v.place))
    who: dict[str, set[tuple[str, str]]] = {}
    answers: dict[tuple[str, str], set[str]] = {}
    for v in ordered:
        who.setdefault(v.name, set()).add((v.kind, v.family.casefold()))
        answers.setdefault((v.question, v.name), set()).add(v.answer)
    kept: list[Verdict] = []
    faults: list[Diagnostic] = []
    seen: set[tuple[str, str, str]] = set()
    for v in ordered:
        if len(who[v.name]) > 1:
            why = "nobody can tell whose verdict it is"
            faults.append(Diagnostic(v.place, "ADJ119", f"`{v.reviewer}` answers as more than one reviewer (kind or family differ)", why, "give every reviewer a name of their own"))
            continue
        if (v.question, v.name, v.answer) in seen:
            faults.append(Diagnostic(v.place, "ADJ117", f"`{v.reviewer}` answers {v.question} again", "a reviewer is heard once", "leave the second line out"))
            continue
        seen.add((v.question, v.name, v.answer))
        several = len(answers[v.question, v.name]) > 1
        if several:
            faults.append(Diagnostic(v.place, "ADJ118", f"`{v.reviewer}` gives {v.question} two answers", "nobody can tell which one holds, so neither counts", "ask this reviewer which one is meant"))
        kept.append(replace(v, contradicts=several))
    return kept, faults
