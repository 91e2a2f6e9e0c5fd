"""What came in from each source, as sections of a report and as the JSON document that scripts read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.report_sections import Facts, Items, Section, Table

if TYPE_CHECKING:
    from engine.contracts import Receipt
    from engine.licensing import Attribution
    from engine.lineage import FamilyAudit, Intake, SourceIntake

_USES = {"ship": "shipped", "runtime": "answers", "internal_practice_only": "practice only", "measurement_only": "measuring only"}


def intake_document(intake: Intake, receipt: Receipt, findings: Mapping[str, Any], attributions: Sequence[Attribution], audit: Sequence[FamilyAudit] | None) -> dict[str, Any]:
    """Receipt, findings, a report for each source, the citations owed, and the audit where it was asked for."""
    sources = [_source(s, {u["source"] for u in findings["unmatched"]}) for s in intake.sources]
    document = {"receipt_id": intake.receipt_id, "receipt": receipt, "findings": findings, "sources": sources, "attributions": list(attributions)}
    return document if audit is None else document | {"audit": list(audit)}


def intake_sections(
    intake: Intake, receipt: Receipt, findings: Mapping[str, Any], attributions: Sequence[Attribution], *, unmatched: bool, details: bool = True
) -> tuple[Section, ...]:
    """What came in as one table, what did not and why, what was left out, joins, gaps by source, citations; then each source by itself.

    `unmatched` adds every row that met nothing; without `details` the sources by themselves are left out.
    """
    came = [s for s in intake.sources if not s.absent]
    head = Facts((("release date", receipt.release_date), ("receipt", receipt.receipt_id), ("records", f"{sum(receipt.counts.values()):,}, digest {receipt.record_digest}")))
    missing = Items("sources that deliver nothing, and why", tuple(f"{s.name} ({s.title}): {s.absent}" for s in intake.sources if s.absent) or ("every source of the ledger delivers",))
    gaps = [Items(s.key.removeprefix("source/"), (*s.gaps, *_kept_back(findings["withheld"].get(s.key, 0)))) for s in came]
    rows = [_unmatched(s) for s in came if unmatched and s.key in {u["source"] for u in findings["unmatched"]}]
    return (
        Section("build", (head,)), Section("sources", (_rows(came), _terms(came))), Section("not here", (missing,)), Section("left out", (_left_out(receipt),)), Section("joins", (_joins(came),)),
        Section("gaps", (*gaps, Items("of no single source", intake.gaps or ("none",) * (not any(g.items for g in gaps))))), Section("seen", (Items("seen", intake.seen or ("nothing else",)),)), *rows,
        *((*(_came(s) for s in came), _all_records(receipt)) if details else ()),
        Section("to be cited", (Items("to be cited", tuple(f"{a.citation} [{a.licence}]" for a in attributions)),)),
    )  # fmt: skip


def _rows(came: Sequence[SourceIntake]) -> Table:
    """A source in a line. What is authored is read record by record: it has no rows."""
    lines = []
    for s in came:
        staged = any(f.rows_in or f.dropped for f in s.files)
        figures = (f"{s.rows_in:,}", f"{s.kept:,}", f"{s.rows_in - s.kept:,}") if staged else ("-", "-", "-")
        lines.append((f"{s.name}@{s.release}", f"{len(s.files):,}", *figures, f"{sum(s.records.values()):,}", f"{len(s.gaps):,}"))
    return Table("what came in", ("source", "files", "rows read", "kept", "dropped", "records", "gaps"), tuple(lines), (1, 2, 3, 4, 5, 6))


def _terms(came: Sequence[SourceIntake]) -> Table:
    lines = tuple((f"{s.name}@{s.release}", s.layer.replace("_", " "), s.licence.removeprefix("LicenseRef-"), _USES.get(s.allowed_use, s.allowed_use)) for s in came)
    return Table("what it is and may be used for", ("source", "layer", "licence", "use"), lines)


def _left_out(receipt: Receipt) -> Table:
    lines = sorted((reason.partition(":") for reason in receipt.dropped), key=lambda r: (r[2], r[0]))
    return Table("rows and records left out", ("from", "code", "count"), tuple((where, code, f"{receipt.dropped[code + colon + where]:,}") for code, colon, where in lines), (2,))


def _joins(came: Sequence[SourceIntake]) -> Table:
    lines = tuple((f"{s.name}: {j.name.replace('_', ' ')}", f"{j.met:,}", f"{j.offered:,}", f"{j.share} %") for s in came for j in s.joins)
    return Table("how far rows met the rest of the graph", ("source and join", "met", "of", "share"), lines, (1, 2, 3))


def _kept_back(count: int) -> tuple[str, ...]:
    return (f"{count:,} rows that met nothing are counted and not named: the licence keeps them inside",) if count else ()


def _unmatched(s: SourceIntake) -> Section:
    rows = tuple((u.source_ref, u.subject, u.join.replace("_", " "), u.reason.replace("_", " ")) for u in s.unmatched)
    return Section(f"rows of {s.name}@{s.release} that met nothing", (Table("place, row, join and reason", ("place", "row", "join", "reason"), rows, (), True),))


def _all_records(receipt: Receipt) -> Section:
    filled = tuple((target, f"{count:,}") for target, count in sorted(receipt.counts.items()) if count)
    return Section("records of all sources", (Table("after reconciliation", ("record table", "records"), filled, (1,)),))


def _came(s: SourceIntake) -> Section:
    runtime = "answers may rest on it" if s.runtime_eligible else "no answer may rest on it"
    staged = [f for f in s.files if f.rows_in or f.dropped]
    facts = Facts((
        ("owner", s.owner), ("licence", f"{s.licence}; {s.allowed_use.replace('_', ' ')}; {runtime}"), ("layer", s.layer.replace("_", " ")),
        ("found in", s.place or "the project itself" * (not staged)), ("rows", f"{s.rows_in:,} read, {s.kept:,} kept" if staged else "counted by record only"),
        ("files", f"{len(s.files):,}, each by its SHA-256 in the receipt"),
    ))  # fmt: skip
    files = Table("rows by file", ("file", "read", "kept", "dropped"), tuple((f.file, f"{f.rows_in:,}", f"{f.kept:,}", _counts(f.dropped)) for f in staged), (1, 2))
    records = Table("records it states", ("record table", "records"), tuple((t, f"{n:,}") for t, n in sorted(s.records.items())), (1,))
    joins = Table(
        "how far its rows met the rest", ("join", "met", "of", "share", "by", "unmatched for"),
        tuple((f"{j.name.replace('_', ' ')}: {j.what}", f"{j.met:,}", f"{j.offered:,}", f"{j.share} %", _counts(j.matched), _counts(j.unmatched)) for j in s.joins), (1, 2, 3), True,
    )  # fmt: skip
    return Section(f"{s.name}@{s.release}  {s.title}", (facts, files, records, joins, Items("gaps", s.gaps)))


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _source(s: SourceIntake, named: set[str]) -> dict[str, Any]:
    names = ("name", "release", "title", "owner", "licence", "allowed_use", "runtime_eligible", "layer", "citation", "absent", "place", "rows_in", "kept", "files", "records", "gaps")
    joins = [{n: getattr(j, n) for n in ("name", "what", "offered", "met", "share", "matched", "unmatched")} for j in s.joins]
    return {n: getattr(s, n) for n in names} | {"joins": joins, "unmatched": s.unmatched if s.key in named else ()}
