"""Transcripts of reviewers read strictly: each line becomes a verdict with its place, or faults that are counted. No answer is guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.adjudication.bundle_files import AskedQuestions
from engine.adjudication.json_lines import Line, parsed_object, read_lines
from engine.adjudication.unread import Unread, questions_named
from engine.contracts import BadInput, Diagnostic, Place, Report, digest_of

if TYPE_CHECKING:
    from engine.adjudication.bundle_form import AnswerForm, TranscriptForm

HUMAN = "human"
_ELSEWHERE = ("ADJ111", "ADJ112")  # the faults of a verdict on something else
_STRICT = "an answer that is not allowed is a fault; nobody guesses what was meant"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reviewer answers to one question, and where that stands. `family`, `model` are '' for people.

    `digest` is the SHA-256 of the line's bytes. `contradicts`: the same reviewer gave this question another answer elsewhere.
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
    digest: str
    contradicts: bool = False

    @property
    def name(self) -> str:
        """The reviewer as names are compared: without regard to case."""
        return self.reviewer.casefold()

    @property
    def who(self) -> tuple[str, str, str]:
        """Name, kind and family as they are compared: what tells one reviewer from another."""
        return (self.name, self.kind, self.family.casefold())

    @property
    def reference(self) -> str:
        """File and line."""
        return f"{self.place.file}:{self.place.line}"


@dataclass(frozen=True, slots=True)
class Transcripts:
    """Verdicts in order of question, reviewer and place; what cannot be read as one, by place; every fault, sorted; how many lines were read."""

    lines: int
    verdicts: tuple[Verdict, ...]
    unread: tuple[Unread, ...]
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
    large is a fault too (ADJ102). What may be a verdict and cannot be read as one stands in `unread`. Raises InputOutput ADJ101; BadInput ADJ110 where two
    files have one name.
    """
    names = Counter(p.name for p in paths)
    for name, count in names.items():
        if count > 1:
            raise BadInput.at("ADJ110", f"{count} files are called {name}", why="a patch names its verdicts by file and line", fix="give each transcript a name of its own", place=Place(name))
    lines, faults, verdicts, unread = 0, list[Diagnostic](), list[Verdict](), list[Unread]()
    for path in sorted(paths, key=lambda p: p.name):
        try:
            found = read_lines(path)
        except BadInput as error:
            faults += error.diagnostics
            unread += [Unread(d.place, d.code, "", ()) for d in error.diagnostics]
            lines += 1
            continue
        lines += len(found)
        for line in found:
            verdict, wrong, lost = _verdict(line, asked)
            faults += wrong
            verdicts += [verdict] if verdict is not None else []
            unread += [lost] if lost is not None else []
    kept, told, lost_too = _once(verdicts, unread)
    faults += told
    by_place = tuple(sorted((*unread, *lost_too), key=lambda u: u.place))
    return Transcripts(lines, tuple(kept), by_place, Report.of(faults).diagnostics, dict(sorted(Counter(f.code for f in faults).items())))


def _verdict(line: Line, asked: AskedQuestions) -> tuple[Verdict | None, list[Diagnostic], Unread | None]:
    """The verdict of a line; or its faults, and what it may be where it cannot be read as a verdict on a question of this bundle."""
    from engine.adjudication.bundle_form import AnswerForm, TranscriptForm, form_faults

    form, faults = (None, [line.fault]) if line.fault is not None else form_faults(TranscriptForm, line.value, line.place)
    if form is None:
        return None, faults, Unread(line.place, faults[0].code, line.digest, questions_named(line.raw, asked))
    fault, said = _question_fault(form, line, asked), None
    if fault is None:
        try:
            said = AnswerForm.model_validate(parsed_object(form.raw.strip()))
        except ValueError:  # pydantic's fault is one too
            fault = Diagnostic(line.place, "ADJ113", 'the raw text is not one JSON object {"answer": ..., "because": ...} and nothing else', _STRICT, "ask this reviewer again")
    if fault is None and said != form.parsed:
        fault = Diagnostic(line.place, "ADJ114", "`parsed` is not what the raw text says", "what was read must be what was said; one of the two was changed", "record the answer again")
    if fault is None and form.parsed.answer not in asked.questions[form.question].allowed_answers:
        fault = Diagnostic(line.place, "ADJ115", f"`{form.parsed.answer[:80]}` is none of the allowed answers", _STRICT, "ask this reviewer again")
    if fault is not None:
        return None, [fault], _unread(form, said, fault.code, line, asked)
    model = form.model
    family, name = (model.family, f"{model.name} {model.version}") if model else ("", "")
    return Verdict(form.question, form.reviewer, form.kind, family, name, form.dated, form.parsed.answer, form.parsed.because, line.place, line.digest), [], None


def _unread(form: TranscriptForm, said: AnswerForm | None, code: str, line: Line, asked: AskedQuestions) -> Unread | None:
    """What a line may be whose form holds. None where it is certainly on a question of another bundle."""
    if code == "ADJ116":  # nothing that it states can be relied on
        return Unread(line.place, code, line.digest, questions_named(line.raw, asked))
    on = {form.question, asked.by_digest.get(form.prompt_digest, "")} & asked.questions.keys()
    if not on or (form.seal is not None and code in _ELSEWHERE):  # a seal that holds: the line is as it was recorded
        return None
    allowed = {a for q in on for a in asked.questions[q].allowed_answers}
    answers = {a.answer for a in (form.parsed, said) if a is not None} & allowed
    who = (form.reviewer.casefold(), form.kind, form.model.family.casefold() if form.model else "")
    return Unread(line.place, code, line.digest, tuple(sorted(on)), who, tuple(sorted(answers)))


def _question_fault(form: TranscriptForm, line: Line, asked: AskedQuestions) -> Diagnostic | None:
    if form.seal is not None and digest_of({k: v for k, v in (line.value or {}).items() if k != "seal"}) != form.seal:
        return Diagnostic(line.place, "ADJ116", "the seal does not hold", "the line is not the one that was recorded", "take the recording as it was made")
    if form.question not in asked.questions:
        return Diagnostic(line.place, "ADJ111", f"the bundle holds no {form.question}", "a verdict is on a question that was put", "name the bundle that was answered")
    if asked.by_digest.get(form.prompt_digest) != form.question:
        return Diagnostic(line.place, "ADJ112", f"{form.question} was put otherwise in this bundle", "the evidence or the answers were others, so this verdict is of another question", "ask again with this bundle, and leave this line out")
    return None


def _once(verdicts: Iterable[Verdict], unread: Iterable[Unread]) -> tuple[list[Verdict], list[Diagnostic], list[Unread]]:
    """Each reviewer once on each question, in order; a repeated answer is dropped, two answers stay marked, one name for two reviewers drops both (unread)."""
    ordered = sorted(verdicts, key=lambda v: (v.question, v.name, v.place))
    who: dict[str, set[tuple[str, str, str]]] = {}
    answers: dict[tuple[str, str], set[str]] = {}
    for one in (*(v.who for v in ordered), *(u.who for u in unread if u.who is not None)):
        who.setdefault(one[0], set()).add(one)
    for v in ordered:
        answers.setdefault((v.question, v.name), set()).add(v.answer)
    kept: list[Verdict] = []
    faults: list[Diagnostic] = []
    lost: list[Unread] = []
    seen: set[tuple[str, str, str]] = set()
    for v in ordered:
        if len(who[v.name]) > 1:
            why = "nobody can tell whose verdict it is"
            faults.append(Diagnostic(v.place, "ADJ119", f"`{v.reviewer}` answers as more than one reviewer (kind or family differ)", why, "give every reviewer a name of their own"))
            lost.append(Unread(v.place, "ADJ119", v.digest, (v.question,)))
            continue
        if (v.question, v.name, v.answer) in seen:
            faults.append(Diagnostic(v.place, "ADJ117", f"`{v.reviewer}` answers {v.question} again", "a reviewer is heard once", "leave the second line out"))
            continue
        seen.add((v.question, v.name, v.answer))
        several = len(answers[v.question, v.name]) > 1
        if several:
            faults.append(Diagnostic(v.place, "ADJ118", f"`{v.reviewer}` gives {v.question} two answers", "nobody can tell which one holds, so neither counts", "ask this reviewer which one is meant"))
        kept.append(replace(v, contradicts=several))
    return kept, faults, lost
