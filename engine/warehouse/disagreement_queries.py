"""The kinds of disagreement as data: what is compared, the query, and what a finding means and does not.

A query answers a row for each thing compared: subject, label, whether it disagrees, gap (exact decimal or NULL) and the statements.
"""

from __future__ import annotations

from dataclasses import dataclass

TABLES = (
    "BROADER.Occupation.OccupationGroup", "Evidence", "HAS_EVIDENCE.Occupation.Evidence", "HAS_EVIDENCE.OccupationGroup.Evidence", "HAS_EVIDENCE.Task.Evidence",
    "HAS_STATISTIC.OccupationGroup.LabourStatistic", "LabourStatistic", "NAMES.Title.Occupation", "NAMES.Title.OccupationGroup", "Occupation", "OccupationGroup", "Source",
    "Task", "Title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """One kind. `sources` must all be there for a comparison; `nothing` completes the reason where they are and still nothing meets."""

    kind: str
    title: str
    means: str
    means_not: str
    sources: tuple[str, ...]
    nothing: str
    gap_unit: str
    sql: str


def _statement(about: str, label: str, measure: str, says: str, unit: str, source: str, source_ref: str) -> str:
    return f"{{'about': {about}, 'label': {label}, 'measure': {measure}, 'says': {says}, 'unit': {unit}, 'source': {source}, 'source_ref': {source_ref}}}"


def _figure(column: str) -> str:
    """A figure as text, exact to six places and without trailing zeros."""
    return f"regexp_replace(regexp_replace(CAST(CAST({column} AS DECIMAL(18,6)) AS VARCHAR), '(\\.[0-9]*[1-9])0+$', '\\1'), '\\.0+$', '')"


def _evidence(alias: str, subject: str) -> str:
    """An evidence record as a statement about a subject, with the publisher's category where it has one."""
    says = f"concat_ws(', ', {alias}.category, {_figure(f'{alias}.value')})"
    return _statement(subject, f"{alias}.label", f"coalesce({alias}.measure, {alias}.evidence_kind)", says, f"coalesce({alias}.value_unit, '')", f"{alias}.source", f"{alias}.source_ref")


def _of(start: str) -> str:
    """Evidence of a class of work, one row for each link."""
    return f'(SELECT h."from" AS subject, e.* FROM "HAS_EVIDENCE.{start}.Evidence" h JOIN "Evidence" e ON e.id = h."to")'


_EXACT = "CAST({} AS DECIMAL(18,6))"
_JUDGED = "evidence_kind = 'judged_exposure' AND value IS NOT NULL"
_SHARE = "CAST(CASE WHEN starts_with(value_unit, 'percent') THEN value / 100 ELSE value END AS DECIMAL(18,6))"

_PEOPLE_MODEL = f"""
    WITH judged AS (SELECT * FROM {_of("Task")} WHERE {_JUDGED})
    SELECT p.subject, t.statement AS label, abs({_EXACT.format("p.value")} - {_EXACT.format("m.value")}) AS gap,
           CASE WHEN p.category IS NULL OR m.category IS NULL THEN gap >= {{label_gap}} ELSE p.category <> m.category END AS disagrees,
           [{_evidence("p", "p.subject")}, {_evidence("m", "m.subject")}] AS statements
    FROM judged p JOIN judged m ON m.subject = p.subject AND p.measure = 'human_exposure_beta' AND m.measure = 'gpt4_exposure_beta' AND m.source = p.source
    JOIN "Task" t ON t.id = p.subject"""

_USED = f"(SELECT subject, {_SHARE} AS share, * EXCLUDE (subject) FROM {_of('Task')} WHERE evidence_kind = 'measured_use' AND measure = 'share_of_conversations')"

_EXPOSED_UNUSED = f"""
    WITH used AS (SELECT * FROM {_USED}), heard AS (SELECT min(source) AS source FROM used)
    SELECT j.subject, t.statement AS label, CAST(NULL AS DECIMAL(18,6)) AS gap, u.subject IS NULL AND {_EXACT.format("j.value")} >= {{exposed_from}} AS disagrees,
           [{_evidence("j", "j.subject")}, {_statement("j.subject", "'no measured use'", "'share_of_conversations'", "'no record'", "''", "heard.source", "''")}] AS statements
    FROM {_of("Task")} j JOIN "Task" t ON t.id = j.subject CROSS JOIN heard LEFT JOIN (SELECT DISTINCT subject FROM used) u ON u.subject = j.subject
    WHERE j.{_JUDGED.replace("value IS", "j.value IS")} AND heard.source IS NOT NULL"""

_USED_UNEXPOSED = f"""
    WITH used AS (SELECT * FROM {_USED})
    SELECT j.subject, t.statement AS label, u.share AS gap, u.share >= {{much_used_from}} AND {_EXACT.format("j.value")} <= {{unexposed_to}} AS disagrees,
           [{_evidence("j", "j.subject")}, {_evidence("u", "u.subject")}] AS statements
    FROM {_of("Task")} j JOIN used u ON u.subject = j.subject JOIN "Task" t ON t.id = j.subject WHERE j.{_JUDGED.replace("value IS", "j.value IS")}"""

# middle ranks, doubled so that they are whole numbers: equal scores share a place
_RANKS = "2 * rank() OVER (PARTITION BY {part} ORDER BY {value}) + count(*) OVER (PARTITION BY {part}, {value}) - 1"

_APPLICABILITY = f"""
    WITH pairs AS (
        SELECT j.subject, o.label, j.measure AS part, {_EXACT.format("j.value")} AS exposure, {_EXACT.format("a.value")} AS applicability,
               {_evidence("a", "b.to")} AS left_side, {_evidence("j", "j.subject")} AS right_side
        FROM {_of("Occupation")} j JOIN "Occupation" o ON o.id = j.subject JOIN "BROADER.Occupation.OccupationGroup" b ON b."from" = j.subject
        JOIN {_of("OccupationGroup")} a ON a.subject = b."to" AND a.measure = 'ai_applicability' AND a.value IS NOT NULL
        WHERE j.evidence_kind = 'judged_exposure' AND j.measure IN ('gpt4_exposure_beta', 'human_exposure_beta') AND j.value IS NOT NULL
    ), ranked AS (
        SELECT *, {_RANKS.format(part="part", value="applicability")} AS first, {_RANKS.format(part="part", value="exposure")} AS second, count(*) OVER (PARTITION BY part) AS n FROM pairs
    )
    SELECT subject, label, CAST(abs(first - second) * 1000000 // greatest(2 * (n - 1), 1) AS DECIMAL(18,0)) / 1000000 AS gap_wide, CAST(gap_wide AS DECIMAL(18,6)) AS gap,
           n > 1 AND abs(first - second) >= {{rank_gap}} * 2 * (n - 1) AS disagrees, [left_side, right_side] AS statements FROM ranked"""

_TITLE_CLASS = f"""
    WITH soc AS (
        SELECT n."from" AS title, list(DISTINCT n."to" ORDER BY n."to") AS classes,
               list({_statement('n."to"', "g.label", "'direct_match'", "g.code || ' ' || g.label", "''", "n.source", "n.source_ref")} ORDER BY n."to", n.source_ref) AS says
        FROM "NAMES.Title.OccupationGroup" n JOIN "OccupationGroup" g ON g.id = n."to" WHERE n.naming_kind = 'direct_match' GROUP BY n."from"
    ), onet AS (
        SELECT n."from" AS title, list(DISTINCT b."to" ORDER BY b."to") AS classes,
               list({_statement('n."to"', "o.label", "n.naming_kind", "o.code || ' ' || o.label", "''", "n.source", "n.source_ref")} ORDER BY n."to", n.source_ref) AS says
        FROM "NAMES.Title.Occupation" n JOIN "Occupation" o ON o.id = n."to" JOIN "BROADER.Occupation.OccupationGroup" b ON b."from" = n."to"
        WHERE starts_with(n.source, 'source/onet@') GROUP BY n."from"
    )
    SELECT soc.title AS subject, t.label, CAST(NULL AS DECIMAL(18,6)) AS gap, NOT list_has_any(soc.classes, onet.classes) AS disagrees, list_concat(soc.says, onet.says) AS statements
    FROM soc JOIN onet USING (title) JOIN "Title" t ON t.id = soc.title"""

_WAGE = f"""
    WITH signal AS (
        SELECT b."to" AS class, e.* FROM {_of("Occupation")} e JOIN "BROADER.Occupation.OccupationGroup" b ON b."from" = e.subject
        UNION ALL BY NAME SELECT subject AS class, * FROM {_of("OccupationGroup")}
    ), official AS (SELECT h."from" AS class, s.* FROM "HAS_STATISTIC.OccupationGroup.LabourStatistic" h JOIN "LabourStatistic" s ON s.id = h."to"), pairs AS (
        SELECT s.subject, coalesce(o.label, g.label, s.subject) AS label, {_EXACT.format("s.value")} AS signal, {_EXACT.format("f.annual_wage_median")} AS annual,
               {_EXACT.format("f.hourly_wage_median")} AS hourly, {_evidence("s", "s.subject")} AS left_side,
               {_statement("f.class", "f.label", "'annual_wage_median'", _figure("f.annual_wage_median"), "'USD per year'", "f.source", "f.source_ref")} AS yearly_side,
               {_statement("f.class", "f.label", "'hourly_wage_median'", _figure("f.hourly_wage_median"), "'USD per hour'", "f.source", "f.source_ref")} AS hourly_side
        FROM signal s JOIN official f ON f.class = s.class LEFT JOIN "Occupation" o ON o.id = s.subject LEFT JOIN "OccupationGroup" g ON g.id = s.subject
        WHERE s.evidence_kind = 'market_signal' AND s.measure IN ('median_pay_unit_unknown', 'median_salary') AND s.value > 0 AND (f.annual_wage_median > 0 OR f.hourly_wage_median > 0)
    )
    SELECT subject, label,
           CAST(least(CAST(greatest(signal, annual) AS DOUBLE) / least(signal, annual), CAST(greatest(signal, hourly) AS DOUBLE) / least(signal, hourly)) AS DECIMAL(18,2)) AS gap,
           coalesce(greatest(signal, annual) >= {{wage_factor}} * least(signal, annual), true)
             AND coalesce(greatest(signal, hourly) >= {{wage_factor}} * least(signal, hourly), true) AS disagrees,
           list_filter([left_side, CASE WHEN annual IS NOT NULL THEN yearly_side END, CASE WHEN hourly IS NOT NULL THEN hourly_side END], lambda x: x IS NOT NULL) AS statements
    FROM pairs"""

_OWN_SOURCES = f"""
    WITH attested AS (
        SELECT n."from" AS title, n."to" AS occupation, list_sort(list_distinct(flatten(list(list_transform(string_split(n.publisher_sources, ','), lambda x: trim(x)))))) AS codes,
               min(n.source) AS source, min(n.source_ref) AS source_ref
        FROM "NAMES.Title.Occupation" n WHERE n.publisher_sources IS NOT NULL AND starts_with(n.source, 'source/onet@') GROUP BY ALL
    ), several AS (
        SELECT a.title, list({_statement("a.occupation", "o.label", "'publisher_sources'", "array_to_string(a.codes, ', ')", "'publisher''s source codes'", "a.source", "a.source_ref")} ORDER BY a.occupation) AS says
        FROM attested a JOIN "Occupation" o ON o.id = a.occupation GROUP BY a.title HAVING count(*) > 1
    ), apart AS (SELECT DISTINCT x.title FROM attested x JOIN attested y ON x.title = y.title AND x.occupation < y.occupation AND NOT list_has_any(x.codes, y.codes))
    SELECT s.title AS subject, t.label, CAST(NULL AS DECIMAL(18,6)) AS gap, p.title IS NOT NULL AS disagrees, s.says AS statements
    FROM several s JOIN "Title" t ON t.id = s.title LEFT JOIN apart p ON p.title = s.title"""

QUERIES: tuple[Query, ...] = (
    Query(
        "people_and_model", "People and a model judge the exposure of one task differently",
        "the same question about the same task was answered with another label by people than by a model",
        "that one of the two is right, or that anybody uses a model for the task", ("gpts-are-gpts",), "no task has both a label by people and one by the model", "share", _PEOPLE_MODEL,
    ),
    Query(
        "exposed_and_unused", "A task is judged exposed, and no use of it was measured",
        "the judgement says a language model could save much time here, and the measured conversations hold no record of the task",
        "that nobody uses a model for it: the index counts one assistant in one period, leaves out rare tasks, and some of its texts meet no task of this release",
        ("gpts-are-gpts", "economic-index"), "no task with a judged exposure stands beside a measured one", "", _EXPOSED_UNUSED,
    ),
    Query(
        "used_and_not_exposed", "A task is judged not exposed, and much use of it was measured",
        "the judgement saw little to save, and people talk with an assistant about the task all the same",
        "that the task is done by the assistant: a conversation about a task is not the task, its share says nothing of time saved, and tasks of one wording share one figure",
        ("gpts-are-gpts", "economic-index"), "no task has both a judged exposure and a measured use", "share of conversations", _USED_UNEXPOSED,
    ),
    Query(
        "applicability_and_exposure", "Measured applicability and judged exposure rank an occupation differently",
        "among the occupations that both sources score, this one stands much higher in one order than in the other",
        "a difference of the scores themselves: their scales differ, so only places in the order are compared; applicability is of the whole class",
        ("working-with-ai", "gpts-are-gpts"), "no occupation with a judged exposure is in a class with an applicability score", "share of places", _APPLICABILITY,
    ),
    Query(
        "title_and_class", "SOC files a title under a class, and O*NET names only occupations of others by it",
        "the two classifications, both official, lead the same title to different work",
        "an error in either: SOC files each title once for statistics, O*NET lists every occupation that reports it",
        ("soc", "onet"), "no title is both a direct match of SOC and named by O*NET", "", _TITLE_CLASS,
    ),
    Query(
        "wage_signal_and_statistic", "A wage signal and the official median are far apart",
        "the signal's figure is a multiple or a fraction of the official median of the class, whether it is read as pay for an hour or for a year",
        "that pay changed so much: the signal mixes hourly and yearly figures of older years and states no unit for a row",
        ("economic-index", "oews"), "no wage signal belongs to a class with an official median", "factor", _WAGE,
    ),
    Query(
        "title_own_sources", "O*NET's own sources for a title name different occupations",
        "of the occupations that a title names, two share none of the publisher's sources for it",
        "that one of them is wrong: many titles belong to several occupations, and a source may know only one",
        ("onet",), "no alternate title with stated sources names several occupations", "", _OWN_SOURCES,
    ),
)  # fmt: skip
