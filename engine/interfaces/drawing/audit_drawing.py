"""The source-authority audit of role families, as sections of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.contracts import decimal_text
from engine.interfaces.drawing.report_sections import Facts, Items, Section, Table

if TYPE_CHECKING:
    from engine.lineage import FamilyAudit


def audit_sections(audits: Sequence[FamilyAudit]) -> tuple[Section, ...]:
    """A section for each family: what its parts rest on, layers, evidence, weakest links, what is judgement alone."""
    return tuple(_family(a) for a in audits)


def _family(a: FamilyAudit) -> Section:
    rests = Table(
        "what it rests on", ("part", "source", "layer", "licence", "records", "lowest", "mean"),
        tuple((s.part, s.source.removeprefix("source/"), s.layer.replace("_", " "), s.licence, f"{s.records:,}", decimal_text(s.lowest), decimal_text(s.mean)) for s in a.standings), (4, 5, 6), True,
    )  # fmt: skip
    total = sum(a.layers.values())
    layers = Table("share by layer", ("layer", "records", "share"), tuple((name.replace("_", " "), f"{n:,}", f"{n * 100 // total} %") for name, n in a.layers.items()), (1, 2))
    kinds = Table("evidence by kind", ("kind", "pieces"), _counted(a.evidence_kinds), (1,))
    works = Table("works that the evidence cites", ("work", "pieces"), _counted(a.cited_works), (1,))
    weak = Table("weakest links", ("record", "confidence", "what", "source"), tuple((w.record, decimal_text(w.confidence), w.label, w.source.removeprefix("source/")) for w in a.weakest), (1,), True)
    judged = Facts((
        ("judgement only", f"{len(a.judgement_only):,} of {a.affordances:,} statements of what AI may do rest on authored judgement alone"),
        ("without a match", f"{len(a.unaligned_tasks):,} of {a.tasks:,} tasks match no publisher's task of this build"),
        ("without a mapping", f"{len(a.unmapped_roles):,} of {a.roles:,} roles are mapped to no occupation"),
    ))  # fmt: skip
    lists = (Items("on authored judgement alone", a.judgement_only), Items("tasks without a publisher's task", a.unaligned_tasks), Items("roles without an occupation", a.unmapped_roles))
    return Section(f"{a.family}  {a.label}", (judged, rests, layers, kinds, works, weak, *lists))


def _counted(found: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", " "), f"{n:,}") for name, n in found.items())
