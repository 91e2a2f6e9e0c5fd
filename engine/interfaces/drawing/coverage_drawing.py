"""A covered list as a report: who can be served today, who with fallback, who not yet and why, and what would move most titles up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.coverage_audit_drawing import audit_section
from engine.interfaces.drawing.coverage_bars import bar_lines, bar_svg, share
from engine.interfaces.drawing.report_html import sections_html
from engine.interfaces.drawing.report_sections import Facts, Figure, Items, Section, Table, sections_markdown, sections_text

if TYPE_CHECKING:
    from engine.coverage import Counted, Coverage
    from engine.interfaces.cli.coverage_moves import Move, WorkNeed

_TITLE = "Who we can serve"
_TIERS = {
    "serve_now": "today, in full", "serve_with_fallback": "today, with fallback", "multi_llm_adjudication_required": "not yet: a question for reviewers",
    "exclude_or_not_icp": "not served",
}  # fmt: skip
_OUTCOMES = {"served": "served", "held": "held for reviewers", "outside": "outside the audience", "unmapped": "nothing known of it", "not_a_title": "not a job title"}
_EXAMPLES, _NEEDS, _RULES = 8, 15, 40


def covered_markdown(coverage: Coverage, groups: Sequence[Counted], moves: Sequence[Move], needs: Sequence[WorkNeed]) -> str:
    """The report for a forge or an editor."""
    return sections_markdown(_TITLE, list(_sections(coverage, groups, moves, needs)))


def covered_html(coverage: Coverage, groups: Sequence[Counted], moves: Sequence[Move], needs: Sequence[WorkNeed]) -> str:
    """The report as one page that needs nothing else."""
    return sections_html(_TITLE, list(_sections(coverage, groups, moves, needs)))


def covered_text(coverage: Coverage, files: Sequence[str]) -> str:
    """What a terminal shows: the bar, the counts, the audit, where the files stand."""
    sections = [_at_a_glance(coverage)]
    if coverage.audit is not None:
        sections.append(audit_section(coverage.audit))
    sections.append(Section("Files", (Items("Files", tuple(files)),)))
    return sections_text(sections)


def covered_document(coverage: Coverage, moves: Sequence[Move], files: Mapping[str, str]) -> dict[str, Any]:
    """The receipt, what would move most titles up, and where the files stand."""
    told = [
        {
            **asdict(m.counted.group), "work_label": m.work, "titles": m.counted.count.titles, "rows": m.counted.count.rows, "example": m.counted.examples[0][0],
            "stopped": list(m.stopped), "upward": m.upward, "changes": list(m.changes), "promise": m.promise,
        }
        for m in moves
    ]  # fmt: skip
    return {**coverage.receipt.as_json(), "would_move": told, "files": dict(files)}


def _sections(coverage: Coverage, groups: Sequence[Counted], moves: Sequence[Move], needs: Sequence[WorkNeed]) -> Iterator[Section]:
    covers = coverage.receipt.covers
    yield _at_a_glance(coverage)
    for tier, words in _TIERS.items():
        section = _tier_section(words[0].upper() + words[1:], tier, groups)
        if section:
            yield section
    if moves:
        yield Section("What would move most titles up a tier", (_moves_table(moves),))
    if needs:
        yield Section("By kind of work", (_needs_table(needs),))
    endings = coverage.gathered.tally.endings(_NEEDS)
    if endings:
        yield Section("Titles of which nothing is known", (Table("Words that they end in: records for these would make most of them known", ("word", "rows"), tuple((word, f"{rows:,}") for word, rows in endings), (1,)),))
    if coverage.audit is not None:
        yield audit_section(coverage.audit)
    yield Section("Why, by rule", (_counts_table("Rows of the decision tables that fired, by rows of the list", "row", covers["by_reason"], covers["list"]["rows"]),))
    yield _provenance(coverage)


def _at_a_glance(coverage: Coverage) -> Section:
    covers = coverage.receipt.covers
    by_tier, rows, titles = covers["by_service_tier"], covers["list"]["rows"], covers["list"]["titles"]
    parts = [(words, by_tier.get(tier, {"rows": 0})["rows"]) for tier, words in _TIERS.items()]
    told = "; ".join(f"{words} {share(n, rows)}" for words, n in parts)
    facts = Facts((
        ("in a sentence", _sentence(covers)),
        ("list", coverage.receipt.run["list"]), ("rows", f"{rows:,}"), ("distinct titles", f"{titles:,}"), ("as of", covers["as_of"]),
        *((name, _odd(covers["list"], key)) for name, key in (("rows without a title", "blank"), ("read as Windows-1252", "recoded"), ("rows of another width", "short"), ("with a NUL byte", "control"))),
    ))  # fmt: skip
    figure = Figure("Rows of the list by service tier", bar_lines(parts), bar_svg(parts, told))
    return Section("At a glance", (facts, figure, _tiers_table(covers), _fallbacks_table(covers)))


def _sentence(covers: Mapping[str, Any]) -> str:
    """Who can be served, as one would say it."""
    rows, by = covers["list"]["rows"], {k: v["rows"] for k, v in covers["by_outcome"].items()}
    now = covers["by_service_tier"].get("serve_now", {"rows": 0})["rows"]
    lost = [(by.get("outside", 0), "are for work outside the audience"), (by.get("unmapped", 0), "are unknown to every record"), (by.get("not_a_title", 0), "are no job titles")]
    rest = "; ".join(f"{share(n, rows)} {words}" for n, words in lost if n)
    served = f"{share(by.get('served', 0), rows)} of {rows:,} rows get a plan today, {share(now, rows)} in full; {share(by.get('held', 0), rows)} wait for reviewers"
    return f"{served}; {rest}." if rest else f"{served}."


def _odd(counts: Mapping[str, int], key: str) -> str:
    number = counts[key] + (counts["long"] if key == "short" else 0)
    return f"{number:,}" if number else ""


def _tiers_table(covers: Mapping[str, Any]) -> Table:
    rows, titles = covers["list"]["rows"], covers["list"]["titles"]
    body = []
    for tier, words in _TIERS.items():
        met = covers["by_service_tier"].get(tier, {"titles": 0, "rows": 0})
        body.append((tier, words, f"{met['titles']:,}", share(met["titles"], titles), f"{met['rows']:,}", share(met["rows"], rows)))
    return Table("Service tiers", ("tier", "meaning", "titles", "of titles", "rows", "of rows"), tuple(body), (2, 3, 4, 5))


def _fallbacks_table(covers: Mapping[str, Any]) -> Table:
    return _counts_table("Known by", "fallback tier", covers["by_fallback_tier"], covers["list"]["rows"])


def _counts_table(caption: str, name: str, counts: Mapping[str, Mapping[str, int]], rows: int) -> Table:
    ordered = sorted(counts.items(), key=lambda c: (-c[1]["rows"], c[0]))[:_RULES]
    return Table(caption, (name, "titles", "rows", "of rows"), tuple((key, f"{c['titles']:,}", f"{c['rows']:,}", share(c["rows"], rows)) for key, c in ordered), (1, 2, 3))


def _tier_section(heading: str, tier: str, groups: Sequence[Counted]) -> Section | None:
    """A tier by why its titles have it, largest first, with examples."""
    some = [g for g in groups if g.group.service_tier == tier]
    if not some:
        return None
    joined: dict[tuple[str, str], tuple[int, int, list[tuple[str, int]]]] = {}
    for g in some:
        titles, rows, examples = joined.get((g.group.outcome, g.group.decided_by), (0, 0, []))
        joined[g.group.outcome, g.group.decided_by] = (titles + g.count.titles, rows + g.count.rows, [*examples, *g.examples])
    body = []
    for (outcome, decided), (titles, rows, examples) in sorted(joined.items(), key=lambda j: (-j[1][1], j[0])):
        best = sorted(examples, key=lambda e: (-e[1], e[0]))[:_EXAMPLES]
        body.append((_OUTCOMES.get(outcome, outcome), decided.replace("/", " / "), f"{titles:,}", f"{rows:,}", _examples(best)))
    return Section(heading, (Table(f"Why titles are {tier}", ("outcome", "decided by (fallback row / service row)", "titles", "rows", "examples, most rows first"), tuple(body), (2, 3), wide=True),))


def _examples(examples: Sequence[tuple[str, int]]) -> str:
    return "; ".join(f"{_short(title)} ({rows:,})" if rows > 1 else _short(title) for title, rows in examples)


def _short(title: str) -> str:
    return (title if len(title) <= 60 else title[:57] + "...") or "(empty)"


def _moves_table(moves: Sequence[Move]) -> Table:
    body = []
    for m in moves:
        would = "; and ".join(m.changes) if m.changes else f"nothing that records could change: {m.promise}"
        body.append((f"{m.counted.count.rows:,}", f"{m.counted.count.titles:,}", m.work or "unknown", "; ".join(m.stopped), _examples(m.counted.examples[:4]), f"to {m.upward}: {would}"))
    columns = ("rows", "titles", "work", "what stopped it", "examples", "nearest change, asked of the first example")
    return Table("Groups of titles that are not served in full, by rows (`wig why-not` tells more of any title)", columns, tuple(body), (0, 1), wide=True)


def _needs_table(needs: Sequence[WorkNeed]) -> Table:
    body = tuple((n.work or "(unknown)", *(f"{getattr(n, k).rows:,}" for k in ("now", "fallback", "held", "blocked"))) for n in needs[:_NEEDS])
    return Table("Rows by kind of work: authored ground is lacking where fallback and held are high", ("work", "in full", "with fallback", "held", "not served"), body, (1, 2, 3, 4))


def _provenance(coverage: Coverage) -> Section:
    covers = coverage.receipt.covers
    pairs = (
        ("receipt", coverage.receipt.digest), ("records", covers["records"]), ("rules", covers["rules"]), ("list", covers["list"]["digest"]), ("answers", covers["answers"]["digest"]),
        ("engine", f"{coverage.receipt.run['engine']}, {coverage.receipt.run['workers']} workers (moves no answer)"),
    )  # fmt: skip
    return Section("What this rests on", (Facts(pairs),))
