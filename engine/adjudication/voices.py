"""From verdicts to voices: whose verdict counts (pack `adjudication`), and what each voice says. People are voices one by one, models by family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.adjudication.bundle import PACK
from engine.adjudication.question import Question
from engine.adjudication.transcripts import HUMAN, Verdict
from engine.contracts import MICRO, from_micro
from engine.rules import Rulebook


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict, whether it counts, and the row of the rules that says so."""

    verdict: Verdict
    counted: bool
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Voice:
    """One person, or all models of one family. `answer` is None where the models of a family answer differently."""

    name: str
    kind: str
    answer: str | None
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """The voices on one question: the answer that leads (None where two are level or nobody answers) and the share of the voices that give it."""

    voices: tuple[Voice, ...]
    leading: str | None
    agreement: Decimal | None

    def count(self, answer: str | None, kind: str | None = None) -> int:
        """Voices that give an answer, of one kind or of any; None as answer counts nothing."""
        return sum(answer is not None and v.answer == answer and kind in (None, v.kind) for v in self.voices)

    @property
    def agreeing(self) -> tuple[Verdict, ...]:
        """Verdicts of the voices that give the leading answer, in order of their places."""
        mine = (x for v in self.voices if v.answer == self.leading and v.answer is not None for x in v.verdicts)
        return tuple(sorted(mine, key=lambda x: x.place))


def standings(rulebook: Rulebook, as_of: date, question: Question, verdicts: Sequence[Verdict]) -> tuple[Standing, ...]:
    """Whether each verdict on a question counts, in their order."""
    proposers = {p.name.casefold() for c in question.candidates for p in c.proposed_by}
    families = {p.family.casefold() for c in question.candidates for p in c.proposed_by if p.family}
    authors = {name.casefold() for c in question.candidates for name in c.authored_by}
    columns = {
        "contradicts": [v.contradicts for v in verdicts], "proposed": [v.name in proposers for v in verdicts],
        "family_proposed": [bool(v.family) and v.family.casefold() in families for v in verdicts], "authored": [v.name in authors for v in verdicts],
    }  # fmt: skip
    told = rulebook.decide(PACK, "standing", columns, as_of, size=len(verdicts), trace=False)
    return tuple(Standing(v, told.outputs["standing"][n] == "counted", str(told.fired[n]), told.sentences[n]) for n, v in enumerate(verdicts))


def vote_of(counted: Sequence[Verdict]) -> Vote:
    """The voices of verdicts that count, and what leads among them."""
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for v in counted:
        grouped.setdefault((v.kind, v.name if v.kind == HUMAN else v.family.casefold()), []).append(v)
    voices = []
    for (kind, name), own in sorted(grouped.items()):
        answers = {v.answer for v in own}
        voices.append(Voice(name, kind, answers.pop() if len(answers) == 1 else None, tuple(own)))
    tally: dict[str, int] = {}
    for voice in voices:
        if voice.answer is not None:
            tally[voice.answer] = tally.get(voice.answer, 0) + 1
    most = max(tally.values(), default=0)
    leaders = [answer for answer, count in tally.items() if count == most]
    if len(leaders) != 1:
        return Vote(tuple(voices), None, None)
    return Vote(tuple(voices), leaders[0], from_micro(_rounded(most * MICRO, len(voices))))


def _rounded(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole number, half to even."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
