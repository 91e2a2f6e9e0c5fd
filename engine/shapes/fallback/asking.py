"""The parent's side of the fallback: starts the child with its limits and turns its answer, or its end, into values and diagnostics."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Diagnostic, InputOutput, Place
from engine.documents import program
from engine.shapes.fallback.exchange import read_result, write_term
from engine.shapes.fallback.statements import data_lines, shapes_text
from engine.shapes.results import ValidationResult
from engine.shapes.terms import Term
from engine.shapes.views import ReadingLimits

UNJUDGED = "what was not judged does not conform"


@dataclass(frozen=True, slots=True)
class FallbackLimits:
    """Limits of one child: wall time in seconds, address space in bytes; and of reading the files before."""

    seconds: float = 60.0
    memory_bytes: int = 2 << 30
    reading: ReadingLimits = field(default_factory=ReadingLimits)


def judge_by_pyshacl(data: Sequence[Path], shapes: Sequence[Path] | str, limits: FallbackLimits | None = None, only: Sequence[Term] | None = None) -> tuple[ValidationResult, ...]:
    """Results of judging data files against shapes files (or an N-Triples text), in a stable order.

    `only` names the targeted shapes to judge; the shapes that they refer to are judged with them. Blank nodes of data are
    named as `open_rdf_views` names them, those of shapes files as `read_shapes` does; a text keeps its own labels. Raises
    BadInput SHP110 to SHP113 and InputOutput SHP114 (files), BadInput SHP122 (shapes that pySHACL would pass over), SHP123
    (SPARQL that must not run), SHP124 (pySHACL's own refusal), SHP126 (an attempt to reach outside), InputOutput SHP125 (limits).
    """
    limits = limits or FallbackLimits()
    with tempfile.TemporaryDirectory(prefix="wig-fallback-") as folder:
        statements = Path(folder) / "data.nt"
        with statements.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(data_lines(data, limits.reading))
        question = {
            "data": str(statements), "shapes": shapes if isinstance(shapes, str) else shapes_text(shapes, limits.reading),
            "only": None if only is None else [write_term(t) for t in only], "seconds": limits.seconds, "memory_bytes": limits.memory_bytes,
        }  # fmt: skip
        answer = _ask(json.dumps(question), limits)
    if "refused" in answer:
        kind = BadInput if answer["exit_code"] == BadInput.exit_code else InputOutput
        raise kind(*(Diagnostic(Place(*place), code, what, why, fix) for place, code, what, why, fix in answer["refused"]))
    return tuple(map(read_result, answer["results"]))


def _ask(question: str, limits: FallbackLimits) -> dict[str, Any]:
    command, environment = program("engine.shapes.fallback.pyshacl_child")
    try:
        child = subprocess.run(command, input=question, capture_output=True, text=True, encoding="utf-8", timeout=limits.seconds, check=False, env=environment)
    except subprocess.TimeoutExpired:
        raise InputOutput.at("SHP125", f"pySHACL took longer than {limits.seconds:g} s", why=UNJUDGED, fix="simplify the shapes (a pattern may run without end) or raise the limit") from None
    if child.returncode != 0:
        last = child.stderr.strip().splitlines()[-1] if child.stderr.strip() else f"exit status {child.returncode}"
        raise InputOutput.at("SHP125", f"pySHACL's process ended before its answer: {last[:500]}", why=UNJUDGED, fix="raise the limits, or judge less data at once")
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer
