"""The evaluation of answers about titles as text, JSON, Markdown and HTML. The JSON holds everything, the others the first examples of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.reliability_drawing import reliability_lines, reliability_svg
from engine.interfaces.drawing.report_html import sections_html
from engine.interfaces.drawing.report_sections import Facts, Figure, Items, Part, Section, Table, sections_markdown, sections_text
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from engine.evaluation import Estimate, GroupScores, LevelScores, NonsenseScores, TitleReport

EVALUATION_FORMATS = ("text", "json", "markdown", "html")
LEVEL_WORDS = {"strict": "strict (8 digits)", "lenient": "lenient (6 digits)", "minor": "minor group"}
GROUP_WORDS = {"detailed": "six digits", "minor": "minor group", "major": "major group"}
_NUMBERS = tuple(range(1, 8))


def evaluation_document(report: TitleReport) -> dict[str, Any]:
    """Everything; first a summary of the figures by level, last the groups."""
    rest = {f.name: getattr(report, f.name) for f in fields(report) if f.name not in ("list_name", "groups")}
    return {"list": report.list_name, "summary": _summary(report), "overall": report.overall} | rest | {"groups": report.groups[1:]}


def _summary(report: TitleReport) -> dict[str, Any]:
    """What is compared between two runs, without intervals."""
    by_level = {
        s.level: {
            "top_1": s.top_1.value, "top_5": s.top_5.value, "mrr": s.mrr.value, "answered": s.answered.value, "precision_when_answered": s.precision.value,
            "from_confidence": t.confidence, "calibration_error": s.calibration_error.value,
        } for s, t in zip(report.overall.levels, report.thresholds, strict=True)
    }  # fmt: skip
    nonsense = None if report.nonsense is None else report.nonsense.accepted.value
    b = report.back_off
    back_off = {"answered": b.answered.value, "precision_when_answered": b.precision.value, "from_chance": b.chance, "titles": {s.level: s.titles for s in b.levels}}
    return {"titles": report.rows, **by_level, "back_off": back_off, "abstained": report.abstained.share.value, "nonsense_accepted": nonsense}


def evaluation_text(report: TitleReport, shown: int) -> str:
    """For a terminal: one reliability diagram, the first `shown` examples."""
    return sections_text(_sections(report, shown))


def evaluation_markdown(report: TitleReport, shown: int) -> str:
    """For a reader who was not there."""
    return sections_markdown(_title(report), _sections(report, shown, every_level=True))


def evaluation_html(report: TitleReport, shown: int) -> str:
    """The same as one page, with its reliability diagrams."""
    return sections_html(_title(report), _sections(report, shown, every_level=True, tabled=True))


def _title(report: TitleReport) -> str:
    return f"How well titles are answered: {report.list_name}"


def _sections(report: TitleReport, shown: int, *, every_level: bool = False, tabled: bool = False) -> list[Section]:
    """`every_level`: a reliability diagram for each level; `tabled`: with its figures in a table, where the diagram itself does not tell them."""
    sections = [
        Section("What was asked", (_asked(report),)),
        Section("How often the right code is listed", (_accuracy(report), _clear(report))),
        Section(f"How much is answered at {_percent(report.precision)} precision", (_answered(report), _backed_off(report), Items("How it is found", (_answered_words(report), _backed_off_words(report))))),
        Section("By tier", tuple(_groups(report))),
        Section("Whether the confidence can be trusted", tuple(_calibration(report, every_level=every_level, tabled=tabled))),
        Section("What got no code", tuple(_abstained(report, shown))),
    ]
    return sections if report.nonsense is None else [*sections, Section("What is made of texts that are no titles", tuple(_nonsense(report.nonsense, shown)))]


def _asked(report: TitleReport) -> Facts:
    a = report.asked
    left_out = [f"{counted(n, 'row')} without {what}" for n, what in ((report.untitled, "a title"), (report.unlabelled, "gold")) if n]
    gold = [f"{report.scheme} codes"] + ([f"{counted(report.several_gold, 'row')} with several, any of which is right"] if report.several_gold else [])
    moved = [f"{counted(n, 'row')} {what}" for n, what in ((report.carried, "with a code of an older classification"), (report.split, "of them with a code that was split")) if n]
    return Facts((
        ("list", f"{report.list_name}: {counted(report.rows, 'row')}, {counted(report.distinct, 'different title')}"), ("left out", ", ".join(left_out)), ("gold", ", ".join(gold)),
        ("carried forward", ", ".join(moved)), ("unknown gold", f"{counted(report.unknown, 'row')} with a code that this snapshot does not hold; no answer to them can be right" if report.unknown else ""),
        ("answered by", f"snapshot {a.snapshot} ({', '.join(f'{s}@{r}' for s, r in a.releases.items() if s in ('onet', 'wedge')) or 'no O*NET'}), for {a.as_of}"),
        ("intervals", f"the middle 95 % of {report.resamples:,} resamples of the rows, seed {report.seed}" if report.resamples else "none were asked for"),
    ))  # fmt: skip


def _accuracy(report: TitleReport) -> Table:
    rows = tuple((LEVEL_WORDS[s.level], _score(s.top_1), _score(s.top_5), _score(s.mrr)) for s in report.overall.levels)
    return Table("All rows; an answer without a code is wrong", ("gold", "top-1", "top-5", "MRR"), rows, _NUMBERS)


def _clear(report: TitleReport) -> Facts:
    first = report.overall.levels[0]
    return Facts((
        ("answers that list a code", _score(report.overall.with_code)), ("answers in which one code leads", _score(report.overall.led)),
        (f"of those right, {LEVEL_WORDS[first.level]}", _score(first.led_right)),
    ))  # fmt: skip


def _answered(report: TitleReport) -> Table:
    rows = tuple(
        (LEVEL_WORDS[s.level], "none reaches it" if t.confidence is None else f"{t.confidence:.3f}", _score(s.answered), _score(s.precision))
        for s, t in zip(report.overall.levels, report.thresholds, strict=True)
    )  # fmt: skip
    return Table("Share of the measured half", ("gold", "from confidence", "answered", "of those right"), rows, _NUMBERS)


def _backed_off(report: TitleReport) -> Table:
    b = report.back_off
    rows = [("all", f"{sum(s.titles for s in b.levels):,}", _score(b.answered), _score(b.precision))]
    rows += [(GROUP_WORDS[s.level], f"{s.titles:,}", _score(s.answered), _score(s.precision)) for s in b.levels]
    return Table("With wider groups to fall back on, share of the measured half", ("answered with", "rows", "answered", "of those right"), tuple(rows), _NUMBERS)


def _backed_off_words(report: TitleReport) -> str:
    if report.back_off.chance is None:
        return "With groups to fall back on: no chance keeps the precision on the first half."
    return f"With groups to fall back on, each title is answered at the narrowest level whose stated chance reaches {report.back_off.chance:.2f}; it is right where a gold code lies in the group."


def _answered_words(report: TitleReport) -> str:
    t = report.thresholds[0]
    return f"The lowest confidence that keeps the precision on one half ({counted(t.tuned_on, 'row')}) is used on the other ({t.measured_on:,}); a digest of the title tells which half it is of."


def _groups(report: TitleReport) -> Iterator[Part]:
    """Two tables for each kind of group: ranks at the strictest level, confidence at the next."""
    first, trusted = report.levels[0], _trusted(report)
    for kind, some in groupby(report.groups[1:], key=lambda g: g.kind):
        groups = list(some)
        ranks = tuple((g.name, f"{g.titles:,}", *(_score(e) for e in (_level(g, first).top_1, _level(g, first).top_5, _level(g, first).mrr))) for g in groups)
        yield Table(f"By {_kind(kind)}, {LEVEL_WORDS[first]}", (_kind(kind), "rows", "top-1", "top-5", "MRR"), ranks, _NUMBERS)
        sure = tuple(
            (g.name, "" if g.confidence is None else f"{g.confidence:.3f}", _score(s.top_1), _score(s.calibration_error), _score(s.answered))
            for g, s in ((g, _level(g, trusted)) for g in groups)
        )  # fmt: skip
        yield Table(f"By {_kind(kind)}, {LEVEL_WORDS[trusted]}", (_kind(kind), "confidence", "top-1", "ECE", "answered"), sure, _NUMBERS)


def _kind(kind: str) -> str:
    return "codes listed" if kind == "codes" else kind


def _trusted(report: TitleReport) -> str:
    """The level at which confidence is shown: lenient where it is among them."""
    return "lenient" if "lenient" in report.levels else report.levels[0]


def _level(group: GroupScores, level: str) -> LevelScores:
    return next(s for s in group.levels if s.level == level)


def _calibration(report: TitleReport, *, every_level: bool, tabled: bool) -> Iterator[Part]:
    yield Table(
        "Expected calibration error (ECE), over answers that list a code", ("gold", "error"), tuple((LEVEL_WORDS[s.level], _score(s.calibration_error)) for s in report.overall.levels), _NUMBERS
    )
    for table in report.reliability:
        if any(b.answers for b in table.bins) and (every_level or table.level == _trusted(report)):
            caption = f"Stated confidence and share right, {LEVEL_WORDS[table.level]}"
            yield Figure(caption, reliability_lines(table.bins), reliability_svg(table.bins, caption))
            if tabled:
                rows = tuple((f"{b.low:.2f} to {b.high:.2f}", f"{b.answers:,}", _plain(b.confidence), _plain(b.accuracy)) for b in table.bins if b.answers)
                yield Table(f"{LEVEL_WORDS[table.level][0].upper()}{LEVEL_WORDS[table.level][1:]}, by bin", ("confidence", "answers", "mean confidence", "right"), rows, _NUMBERS)


def _abstained(report: TitleReport, shown: int) -> Iterator[Part]:
    a = report.abstained
    yield Facts((("rows", f"{a.rows:,} of {report.rows:,}, {_score(a.share)}"), ("outcomes", _counts(a.outcomes))))
    yield Items(f"Titles that got none{_first(shown, len(a.titles))}", a.titles[:shown])


def _nonsense(scores: NonsenseScores, shown: int) -> Iterator[Part]:
    yield Facts((
        ("texts", f"{scores.texts:,}"), ("accepted", f"{_score(scores.accepted)}, any outcome but a refusal"), ("served", f"{_score(scores.served)}, planned for"),
        ("outcomes", _counts(scores.outcomes)), ("fallback tiers", _counts(scores.fallback_tiers)),
    ))  # fmt: skip
    yield Table("Accepted by kind", ("kind", "texts", "accepted"), tuple((kind or "no kind said", f"{n:,}", f"{taken:,}") for kind, n, taken in scores.kinds if taken), _NUMBERS)
    taken = tuple(f"{t.text}: {t.fallback_tier}, {t.outcome} ({_plain(t.confidence)})" for t in scores.taken[:shown])
    yield Items(f"Accepted texts{_first(shown, len(scores.taken))}", taken)


def _score(estimate: Estimate) -> str:
    """`0.561 0.535-0.587`; nothing to count is a dash."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "-"
    interval = "" if estimate.low == estimate.high == estimate.value else f" {estimate.low:.3f}-{estimate.high:.3f}"
    return f"{estimate.value:.3f}{interval}"


def _plain(share: Decimal | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def _counts(counts: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in counts)


def _first(shown: int, total: int) -> str:
    return f", the first {shown:,} of {total:,}" if total > shown else ""
