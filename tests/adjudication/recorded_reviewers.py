"""Invented reviewers and their recorded answers to the questions of a bundle, as lines of a transcript."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.adjudication import AskedQuestions, Question
from engine.contracts import digest_of


@dataclass(frozen=True)
class Reviewer:
    """A person, or with a family a model of it."""

    name: str
    family: str = ""
    model: str = "m"


ANN, BOB, EVE = Reviewer("Ann Reader"), Reviewer("Bob Reader"), Reviewer("Eve Reader")
ALPHA, BETA, GAMMA, DELTA = (Reviewer(f"{name}-run", name) for name in ("alpha", "beta", "gamma", "delta"))
ALPHA_TWO = Reviewer("alpha-second-run", "Alpha", "larger")


def answered(reviewer: Reviewer, question: Question, answer: str, because: str = "It is this work.", /, **over: Any) -> dict[str, Any]:
    """One line before it is written; `over` replaces keys before the seal is made."""
    said = {"answer": answer, "because": because}
    line: dict[str, Any] = {
        "transcript": 1, "question": question.question_id, "prompt_digest": question.prompt_digest, "reviewer": reviewer.name, "kind": "model" if reviewer.family else "human",
        "dated": "2026-11-20", "raw": json.dumps(said), "parsed": said, **over,
    }  # fmt: skip
    if reviewer.family:
        line["model"] = {"family": reviewer.family, "name": reviewer.model, "version": "1"}
        line["seal"] = digest_of(line)
    return line


def written(path: Path, *lines: Mapping[str, Any] | str | bytes) -> Path:
    """A transcript with these lines, in this order."""
    path.write_bytes(b"".join((line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode()) + b"\n" for line in lines))
    return path


def question_on(asked: AskedQuestions, title: str) -> Question:
    """The question of a title."""
    return next(q for q in asked.questions.values() if q.title == title)
