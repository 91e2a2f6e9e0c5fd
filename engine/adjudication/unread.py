"""Lines that may hold a verdict and cannot be read as one, and the questions that wait because of them: whoever was not heard may have said no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.adjudication.bundle_files import AskedQuestions
from engine.contracts import Place

_MARKS = re.compile(rb"question/[a-z0-9-]{1,100}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Unread:
    """A line, or a whole file (line 0), that cannot be read as a verdict: the code of its fault, the SHA-256 of its bytes ('' for a file).

    `questions` are those that it may be on; none where it does not tell, and then it may be on any. `who` is the reviewer (name without regard to case, kind,
    family) where the rest of the line can be relied on, else None; `answers` are all that the line states in one way or another.
    """

    place: Place
    code: str
    digest: str
    questions: tuple[str, ...]
    who: tuple[str, str, str] | None = None
    answers: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """File and line; the file alone where all of it is meant."""
        return f"{self.place.file}:{self.place.line}" if self.place.line else self.place.file

    def keeps_waiting(self, heard: Mapping[str, frozenset[str]]) -> bool:
        """Whether a question that it may be on waits because of it. `heard`: the readable answers on that question by reviewer's name.

        A reviewer who was heard on the question need not be read again, unless the line states another answer than those that were heard.
        """
        answers = None if self.who is None else heard.get(self.who[0])
        return answers is None or not answers >= set(self.answers)


def questions_named(raw: bytes, asked: AskedQuestions) -> tuple[str, ...]:
    """Questions of the bundle whose id or digest stands in the bytes of a line, whatever else is wrong with it; in order."""
    met = {mark.decode("ascii") for mark in _MARKS.findall(raw)}
    return tuple(sorted(q for q in met | {asked.by_digest[m] for m in met & asked.by_digest.keys()} if q in asked.questions))
