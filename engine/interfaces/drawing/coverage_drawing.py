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
    from engine.interfaces.cli.coverage_moves import Move, Outlook, WorkNeed

_TITLE = "Who we can serve"
_TIERS = {
    "serve_now": "today, in full", "serve_with_fallback": "today, with fallback", "multi_llm_adjudication_required": "not yet: reviewers decide", "exclude_or_not_icp": "not served",
}  # fmt: skip
_UNKNOWN = "unmapped"
# what becomes of a title: words, heading, service tier, outcomes ('' for any); what is lacking is told apart from what is not wanted, though the tier is the same
_STANDINGS = (
    ("today, in full", "Today, in full", "serve_now", ""), ("today, with fallback", "Today, with fallback", "serve_with_fallback", ""),
    ("not yet: reviewers decide", "Not yet: reviewers decide", "multi_llm_adjudication_required", ""), ("not yet: nothing is known of it", "Not yet: nothing is known of it", "exclude_or_not_icp", _UNKNOWN),
    ("not for us", "Not for us: work outside the audience, or no job title", "exclude_or_not_icp", "other"),
)  # fmt: skip
_KNOWN_BY = {
    "exact": "the name of an authored role", "alias": "another name of an authored role", "function": "its business function", "archetype": "a general way of working",
    "llm": "something, but reviewers decide", "none": "nothing that a plan could rest on",
}  # fmt: skip
_GROUNDS = ("role", "function", "archetype")
_DEPTH = {"status": "be `{}`", "workflows": "have {} approved workflow", "approvals": "have {} approval on record"}
_EXAMPLES, _NEEDS, _RULES, _WORDS = 8, 15, 40, 6


def covered_markdown(coverage: Coverage, outlook: Outlook) -> str:
    """The report for a forge or an editor."""
    return sections_markdown(_TITLE, list(_sections(coverage, outlook)))


def covered_html(coverage: Coverage, outlook: Outlook) -> str:
    """The report as one page that needs nothing else."""
    return sections_html(_TITLE, list(_sections(coverage, outlook)))


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
            "stopped": list(m.stopped), "upward": m.upward, "changes": [c.sentence for c in m.changes], "promise": m.promise,
        }
        for m in moves
    ]  # fmt: skip
    return {**coverage.receipt.as_json(), "would_move": told, "files": dict(files)}


def _sections(coverage: Coverage, outlook: Outlook) -> Iterator[Section]:
    covers, groups = coverage.receipt.covers, coverage.gathered.tally.counted()
    rows = covers["list"]["rows"]
    yield _at_a_glance(coverage)
    for standing in _STANDINGS:
        some = [g for g in groups if _stands(g, standing)]
        if some:
            yield _standing_section(standing, some, outlook, rows)
    endings = coverage.gathered.tally.endings(_NEEDS)
    if outlook.moves:
        yield Section("What would move most titles up a tier", (_moves_table(outlook.moves, endings, rows),))
    if endings:
        unknown = covers["by_outcome"][_UNKNOWN]["rows"]
        body = tuple((word, f"{n:,}", share(n, unknown)) for word, n in endings)
        yield Section("Words of titles of which nothing is known", (Table("Their last words: the higher one stands, the more titles a name on record for such work would make known", ("last word", "rows", "of these titles' rows"), body, (1, 2)),))
    if outlook.needs:
        yield Section("By kind of work", (_needs_table(outlook.needs),))
    if coverage.audit is not None:
        yield audit_section(coverage.audit)
    yield Section("Why, by rule", (_rules_table(covers["by_reason"], rows),))
    yield _provenance(coverage)


def _stands(counted: Counted, standing: tuple[str, str, str, str]) -> bool:
    _, _, tier, outcome = standing
    return counted.group.service_tier == tier and (not outcome or (counted.group.outcome == _UNKNOWN) == (outcome == _UNKNOWN))


def _at_a_glance(coverage: Coverage) -> Section:
    covers = coverage.receipt.covers
    rows, titles = covers["list"]["rows"], covers["list"]["titles"]
    counts = {**covers["list"], **coverage.receipt.run["read"]}
    standing = _counted(coverage)
    parts = [(words, n) for words, _, n, _ in standing]
    told = "; ".join(f"{words} {share(n, rows)}" for words, n in parts)
    facts = Facts((
        ("in a sentence", _sentence(covers)),
        ("list", coverage.receipt.run["list"]), ("rows", f"{rows:,}"), ("distinct titles", f"{titles:,}"), ("as of", covers["as_of"]),
        *((name, _odd(counts, key)) for name, key in (("rows without a title", "blank"), ("read as Windows-1252", "recoded"), ("rows of another width", "short"), ("with a NUL byte", "control"))),
    ))  # fmt: skip
    figure = Figure("Rows of the list by what becomes of them", bar_lines(parts), bar_svg(parts, told))
    body = tuple((words, f"{n:,}", share(n, rows), f"{kinds:,}", share(kinds, titles), tier) for words, kinds, n, tier in standing)
    table = Table("What becomes of the list", ("what", "rows", "of rows", "titles", "of titles", "service tier"), body, (1, 2, 3, 4))
    return Section("At a glance", (facts, figure, table, _known_by_table(covers)))


def _counted(coverage: Coverage) -> list[tuple[str, int, int, str]]:
    """What becomes of the list: words, distinct titles, rows, service tier."""
    groups = coverage.gathered.tally.counted()
    found = []
    for standing in _STANDINGS:
        some = [g.count for g in groups if _stands(g, standing)]
        found.append((standing[0], sum(c.titles for c in some), sum(c.rows for c in some), standing[2]))
    return found


def _sentence(covers: Mapping[str, Any]) -> str:
    """Who can be served, as one would say it."""
    rows = covers["list"]["rows"]
    by, tiers = ({k: v["rows"] for k, v in covers[name].items()} for name in ("by_outcome", "by_service_tier"))
    now, fallback = tiers.get("serve_now", 0), tiers.get("serve_with_fallback", 0)
    rest = ((by.get("held", 0), "wait for reviewers"), (by.get(_UNKNOWN, 0), "are unknown to every record"), (by.get("outside", 0), "are for work outside the audience"), (by.get("not_a_title", 0), "are no job titles"))
    served = f"Of {rows:,} rows {share(now + fallback, rows)} get a plan today, {share(now, rows)} in full and {share(fallback, rows)} with fallback"
    return "; ".join((served, *(f"{share(n, rows)} {words}" for n, words in rest if n))) + "."


def _odd(counts: Mapping[str, int], key: str) -> str:
    number = counts[key] + (counts["long"] if key == "short" else 0)
    return f"{number:,}" if number else ""


def _known_by_table(covers: Mapping[str, Any]) -> Table:
    """What titles were understood by, the surest first."""
    counts, rows = covers["by_fallback_tier"], covers["list"]["rows"]
    order = [*(k for k in _KNOWN_BY if k in counts), *sorted(set(counts) - set(_KNOWN_BY))]
    body = tuple((_KNOWN_BY.get(key, key), f"{counts[key]['rows']:,}", share(counts[key]["rows"], rows), f"{counts[key]['titles']:,}", key) for key in order)
    return Table("What titles are known by", ("known by", "rows", "of rows", "titles", "fallback tier"), body, (1, 2, 3))


def _rules_table(counts: Mapping[str, Mapping[str, int]], rows: int) -> Table:
    ordered = sorted(counts.items(), key=lambda c: (-c[1]["rows"], c[0]))[:_RULES]
    body = tuple((key, f"{c['rows']:,}", share(c["rows"], rows), f"{c['titles']:,}") for key, c in ordered)
    return Table("Rows of the decision tables (pack.table.row) by how many rows of the list they fired for", ("row of a table", "rows", "of rows", "titles"), body, (1, 2, 3))


def _standing_section(standing: tuple[str, str, str, str], some: Sequence[Counted], outlook: Outlook, rows: int) -> Section:
    """What becomes of some titles and why, largest reason first, with examples."""
    joined: dict[str, tuple[int, int, list[tuple[str, int]]]] = {}
    for g in some:
        titles, met, examples = joined.get(g.group.decided_by, (0, 0, []))
        joined[g.group.decided_by] = (titles + g.count.titles, met + g.count.rows, [*examples, *g.examples])
    body = []
    for decided, (titles, met, examples) in sorted(joined.items(), key=lambda j: (-j[1][1], j[0])):
        best = sorted(examples, key=lambda e: (-e[1], e[0]))
        body.append((f"{met:,}", share(met, rows), f"{titles:,}", "; ".join(outlook.whys.get(decided, ())), _examples(best, _EXAMPLES), decided.replace("/", " / ")))
    columns = ("rows", "of rows", "titles", "why, as said of one of them", "examples, most rows first", "decided by (fallback row / service row)")
    whole = sum(g.count.rows for g in some)
    return Section(standing[1], (Table(f"{whole:,} rows, {share(whole, rows)} of the list ({standing[2]})", columns, tuple(body), (0, 1, 2), wide=True),))


def _examples(examples: Sequence[tuple[str, int]], most: int) -> str:
    """Titles with their rows where there are several; of titles that differ in case only the first."""
    shown: dict[str, str] = {}
    for title, rows in examples:
        if len(shown) < most:
            shown.setdefault(" ".join(title.casefold().split()), f"{_short(title)} ({rows:,})" if rows > 1 else _short(title))
    return "; ".join(shown.values())


def _short(title: str) -> str:
    return (title if len(title) <= 60 else title[:57] + "...") or "(empty)"


def _moves_table(moves: Sequence[Move], endings: Sequence[tuple[str, int]], rows: int) -> Table:
    body = []
    for m in moves:
        would = _would(m)
        if m.counted.group.outcome == _UNKNOWN and endings:
            words = ", ".join(f"{word} ({n:,})" for word, n in endings[:_WORDS])
            would = f"they share little but their last words, most often {words}: names on record for such work would make them known. Of the first example alone: {would}"
        count = m.counted.count
        body.append((f"{count.rows:,}", share(count.rows, rows), f"{count.titles:,}", m.work or "not known", "; ".join(m.stopped), _examples(m.counted.examples, 4), f"to {_TIERS.get(m.upward, m.upward)}: {would}"))
    columns = ("rows", "of rows", "titles", "work", "what stopped it", "examples", "nearest change, asked of the first example")
    return Table("Groups of titles that are not served in full, by rows (`wig why-not` tells more of any title)", columns, tuple(body), (0, 1, 2), wide=True)


def _would(move: Move) -> str:
    """The changes in words; what a ground that nobody has authored would have to be is said in one clause."""
    if not move.changes:
        return f"nothing that records could change: {move.promise}"
    told, lacking = [], dict[str, list[str]]()
    for change in move.changes:
        _, _, place = change.fact.partition("depth.")
        kind, _, column = place.partition(".")
        if kind in _GROUNDS and column in _DEPTH and change.record is None:
            lacking.setdefault(kind, []).append(_DEPTH[column].format(change.then) + ("s" if column == "workflows" and change.then != 1 else ""))
        else:
            told.append(change.sentence)
    told += [f"that {kind}, not on record yet, would have to {', '.join(clauses)}" for kind, clauses in lacking.items()]
    return "; and ".join(told)


def _needs_table(needs: Sequence[WorkNeed]) -> Table:
    tiers = tuple(needs[0].by_tier)
    body = tuple((n.work or "(not known)", f"{n.upward.rows:,}", *(f"{n.by_tier[t].rows:,}" for t in tiers)) for n in needs[:_NEEDS])
    columns = ("work", "could be moved up", *(_TIERS.get(t, t) for t in tiers))
    return Table("Rows by kind of work: authored ground is lacking most where most could be moved up", columns, body, tuple(range(1, len(columns))))


def _provenance(coverage: Coverage) -> Section:
    covers = coverage.receipt.covers
    pairs = (
        ("receipt", coverage.receipt.digest), ("records", covers["records"]), ("rules", covers["rules"]), ("list", covers["list"]["digest"]), ("answers", covers["answers"]["digest"]),
        ("engine", f"{coverage.receipt.run['engine']}, {coverage.receipt.run['workers']} workers (moves no answer)"),
    )  # fmt: skip
    return Section("What this rests on", (Facts(pairs),))
