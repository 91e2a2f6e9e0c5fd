"""The run file that evaluators of rankings read: a line `query Q0 candidate rank score tag` for every candidate, best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.contracts import InputOutput, Place
from engine.matching.ranking import Answer

TAG = "wig-match"
_FINER = 1_000  # a millionth in the last printed digits


def run_lines(answers: Iterable[Answer]) -> Iterator[str]:
    """Lines in order. Printed scores fall strictly within a query (equal ones by a billionth), so that whoever sorts by them finds the same ranks."""
    for answer in answers:
        last = None
        for rank, candidate in enumerate(answer.candidates, 1):
            score = candidate.score * _FINER
            score = last - 1 if last is not None and score >= last else score
            last = score
            yield f"{answer.question.id} Q0 {candidate.id} {rank} {'-' if score < 0 else ''}{abs(score) // 10**9}.{abs(score) % 10**9:09d} {TAG}\n"


def write_run(path: Path, answers: Iterable[Answer]) -> Iterator[Answer]:
    """Hand the answers on while their lines are written beside the file, which takes its place at the end. Raises InputOutput MAT120."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for answer in answers:
                file.writelines(run_lines([answer]))
                yield answer
        part.replace(path)
    except OSError as error:
        raise InputOutput.at("MAT120", f"cannot write the run: {error.strerror}", fix="check the folder and free space", place=Place(str(path))) from None
    finally:
        part.unlink(missing_ok=True)
