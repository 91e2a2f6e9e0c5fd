"""One pair of graphs judged twice, by the compiler and by pySHACL, and what they disagree about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from memory_views import MemoryViews
from pyshacl_oracle import judged_by_pyshacl
from random_terms import Triple

from engine.contracts import Place
from engine.shapes.reading.shapes import shapes_of
from engine.shapes.results import ValidationReport, ValidationResult
from engine.shapes.run import judge
from engine.shapes.terms import SH, Term

NODE = SH + "NodeConstraintComponent"
Fact = tuple[object, ...]


@cache
def _views() -> MemoryViews:
    return MemoryViews()


def judged_by_compiler(data: Sequence[Triple], shapes: Sequence[Triple]) -> ValidationReport:
    """The report of the compiler. Raises BadInput where the shapes are refused; nothing here can reach pySHACL."""
    report = judge(shapes_of(shapes, Place()), _views().load(data))
    assert {engine for _, engine in report.judged_by} <= {"compiled"}, "pySHACL judged both sides"
    return report


@dataclass(frozen=True)
class Comparison:
    """Results of both engines as facts, and in which of them they disagree (as often as they do)."""

    ours: Counter[Fact]
    theirs: Counter[Fact]

    @property
    def same(self) -> bool:
        return self.ours == self.theirs

    def text(self) -> str:
        """Both sides of the disagreement, one fact a line."""
        lines = [f"only pySHACL  {count} x {shown(fact)}" for fact, count in (self.theirs - self.ours).items()]
        return "\n".join(sorted(lines + [f"only compiled {count} x {shown(fact)}" for fact, count in (self.ours - self.theirs).items()]))


def compared(data: Sequence[Triple], shapes: Sequence[Triple]) -> Comparison:
    """Judge a pair by both. Raises BadInput (ours) and OracleSilent (theirs)."""
    spoken, single = _with_messages(shapes), _with_one_node_shape(shapes)
    ours, theirs = judged_by_compiler(data, shapes).results, judged_by_pyshacl(data, shapes)
    return Comparison(*(Counter(_fact(r, spoken, single) for r in results) for results in (ours, theirs)))


def _fact(result: ValidationResult, spoken: set[Term], single: set[Term]) -> Fact:
    """What is compared: all of a result, its messages where the shape gives some (else every engine has words of its own), its detail for sh:node.

    Of details pySHACL gives those of sh:node alone; with two sh:node values it cannot be told whose they are.
    """
    detail = Counter(_fact(d, spoken, single) for d in result.detail) if result.component == NODE and result.source_shape in single else Counter[Fact]()
    messages = result.messages if result.source_shape in spoken else ()
    return (result.focus, result.path, result.value, result.source_shape, result.component, result.severity, result.source_constraint, messages, frozenset(detail.items()))


def _with_messages(shapes: Sequence[Triple]) -> set[Term]:
    return {s for s, p, _ in shapes if p == SH + "message"}


def _with_one_node_shape(shapes: Sequence[Triple]) -> set[Term]:
    return {s for s, n in Counter(s for s, p, _ in shapes if p == SH + "node").items() if n == 1}


def shown(fact: Fact) -> str:
    """A fact in one line."""
    return "  ".join("-" if part is None else part.n3() if isinstance(part, Term) else str(part).rsplit("#", 1)[-1] for part in fact if part not in ((), frozenset()))


def written(triples: Sequence[Triple]) -> str:
    """Triples as N-Triples."""
    return "\n".join(f"{s.n3()} <{p}> {o.n3()} ." for s, p, o in triples)
