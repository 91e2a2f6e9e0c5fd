"""National employment and wages of BLS OEWS: figures as published, marks kept as marks, and which classes of work a row counts.

A figure marked `*` or `**` was withheld and one marked `#` lies at or above the highest wage that is published; neither becomes a
number, and the columns so marked are listed. Figures are never divided among classes of work. A row counts

- its own class, where its code is one of SOC 2018 (coverage `own`);
- the detailed classes below it (`aggregate`, oews.broad_group), where the publisher gives a broad group as if it were detailed;
- the rest of a broad group (`aggregate`, oews.rest_of_broad_group, derived), where its code is the publisher's own and none of SOC:
  the detailed classes of the group that have no row, if it is the only such row there and the employment of the rows below the group
  sums to the group's, within the rounding to 10 persons. Else it counts none, and says why.
"""

from __future__ import annotations

from engine.sources.layout import GapQuery, Join, Projection, Publisher, TableLayout, columns

FIGURES = {
    "TOT_EMP": "employment", "EMP_PRSE": "employment_error", "H_MEAN": "hourly_wage_mean", "A_MEAN": "annual_wage_mean", "H_MEDIAN": "hourly_wage_median",
    "A_MEDIAN": "annual_wage_median", "A_PCT10": "annual_wage_tenth", "A_PCT90": "annual_wage_ninetieth",
}  # fmt: skip
OTHER_FIGURES = ("MEAN_PRSE", "H_PCT10", "H_PCT25", "H_PCT75", "H_PCT90", "A_PCT25", "A_PCT75")
ROUNDED_TO = 10  # persons

_DESCRIBED = "AREA, AREA_TITLE, AREA_TYPE, PRIM_STATE, NAICS, NAICS_TITLE, I_GROUP, OWN_CODE, JOBS_1000, LOC_QUOTIENT, PCT_TOTAL, PCT_RPT, ANNUAL, HOURLY"
_FILES = (
    TableLayout(
        "national_M{release}_dl.csv", "national", columns(f"OCC_CODE, OCC_TITLE, O_GROUP, {', '.join(FIGURES)}", f"{_DESCRIBED}, {', '.join(OTHER_FIGURES)}"),
        delimiter=",", quoted=True, optional=False, keys=("OCC_CODE", "O_GROUP", "AREA", "I_GROUP", "NAICS", "OWN_CODE"), alternatives=("national_M{release}_dl.xlsx",),
    ),
)  # fmt: skip


def _figure(column: str) -> str:
    """A marked figure is none; text that is no number passes, so that the contracts meet it."""
    bare = f"replace({column}, ',', '')"
    return f"CASE WHEN {column} IN ('*', '**', '#') THEN NULL WHEN fixed({bare}) IS NULL THEN {column} ELSE micro_text(half_even(fixed({bare}), 10000::HUGEINT)) END"


def _marked(*marks: str) -> str:
    """The publisher's columns that hold one of the marks; NULL where none does."""
    quoted = ", ".join(f"'{m}'" for m in marks)
    cases = ", ".join(f"CASE WHEN {c.lower()} IN ({quoted}) THEN '{c}' END" for c in (*FIGURES, *OTHER_FIGURES))
    return f"nullif(list_filter([{cases}], lambda c: c IS NOT NULL), [])"


_FIGURES = ", ".join(f"{_figure(c.lower())} AS {name}" for c, name in FIGURES.items())
_NATIONAL = "coalesce(area, '99') = '99' AND coalesce(i_group, 'cross-industry') = 'cross-industry'"
_PERSONS = "TRY_CAST(replace(tot_emp, ',', '') AS DECIMAL(18, 2))"


def _counted(groups: str, broader: str) -> str:
    """Common tables: `given` (one row for each code, detailed before broad), `soc`, `below` (detailed classes of a broad group), `counts` (which row counts which class, how)."""
    return f"""
    given AS (
        SELECT DISTINCT ON (occ_code) occ_code, o_group, {_PERSONS} AS persons, _file || ':' || _row AS source_ref, _row
        FROM oews.national WHERE {_NATIONAL} AND occ_code IS NOT NULL ORDER BY occ_code, o_group <> 'detailed', _row
    ), soc AS (SELECT DISTINCT id, code, group_level, source_ref FROM {groups}), below AS (
        SELECT DISTINCT b."to" AS wide, d.id, d.code FROM {broader} b JOIN soc d ON d.id = b."from" AND d.group_level = 'detailed'
    ), rest AS (
        SELECT g.occ_code, g.source_ref, g._row, max('soc/' || w.code) AS wide
        FROM given g LEFT JOIN soc w ON w.group_level = 'broad' AND w.code < g.occ_code AND left(w.code, 2) = left(g.occ_code, 2)
        WHERE g.o_group = 'detailed' AND g.occ_code NOT IN (SELECT code FROM soc) GROUP BY ALL
    ), parts AS (
        SELECT below.wide, given.persons FROM below JOIN given ON given.occ_code = below.code
        UNION ALL SELECT rest.wide, given.persons FROM rest JOIN given ON given.occ_code = rest.occ_code
    ), sums AS (
        SELECT p.wide, count(*) = count(p.persons) AND abs(sum(p.persons) - max(w.persons)) <= {ROUNDED_TO} * (count(*) + 1) AS even
        FROM parts p JOIN given w ON 'soc/' || w.occ_code = p.wide GROUP BY p.wide
    ), judged AS (
        SELECT r.*, CASE WHEN r.wide IS NULL THEN 'a code of the publisher with no class of work around it'
                         WHEN (SELECT count(*) FROM rest o WHERE o.wide = r.wide) > 1 THEN 'several codes of the publisher share a broad group, and none says which classes it counts'
                         WHEN s.even IS NOT TRUE THEN 'the employment of the rows below the broad group does not sum to the group''s'
                         WHEN NOT EXISTS (SELECT 1 FROM below b WHERE b.wide = r.wide AND b.code NOT IN (SELECT occ_code FROM given)) THEN 'every class of its broad group has a row of its own'
                    END AS reason
        FROM rest r LEFT JOIN sums s ON s.wide = r.wide
    ), counts AS (
        SELECT soc.id AS group_id, g.occ_code, 'own' AS coverage, 'oews.own_code' AS method, g.source_ref, g._row FROM given g JOIN soc ON soc.code = g.occ_code
        UNION ALL
        SELECT b.id, g.occ_code, 'aggregate', 'oews.broad_group', g.source_ref, g._row FROM given g JOIN below b ON b.wide = 'soc/' || g.occ_code
        WHERE g.o_group = 'detailed' AND b.code NOT IN (SELECT occ_code FROM given)
        UNION ALL
        SELECT b.id, j.occ_code, 'aggregate', 'oews.rest_of_broad_group', j.source_ref || ' + ' || w.source_ref, j._row
        FROM judged j JOIN below b ON b.wide = j.wide JOIN given w ON 'soc/' || w.occ_code = j.wide
        WHERE j.reason IS NULL AND b.code NOT IN (SELECT occ_code FROM given)
    )"""


_PROJECTIONS = (
    # a code that stands both as broad and as detailed group gives one record, from the detailed row; the other is counted as a duplicate
    Projection("LabourStatistic", "oews.national", f"""
        SELECT 'statistic/oews-{{release}}-' || occ_code AS id, one_line(occ_title) || ', May {{release}}' AS label, occ_code AS code, {_FIGURES},
               {_marked("*", "**")} AS suppressed, {_marked("#")} AS top_coded,
               _file || ':' || _row AS source_ref, row_number() OVER (ORDER BY o_group <> 'detailed', _row) AS _row
        FROM oews.national WHERE {_NATIONAL} AND occ_code IS NOT NULL"""),
    Projection("HAS_STATISTIC.OccupationGroup.LabourStatistic", "oews.own_code", f"""
        WITH {_counted('incoming."OccupationGroup"', 'incoming."BROADER.OccupationGroup.OccupationGroup"')}
        SELECT group_id AS "from", 'statistic/oews-{{release}}-' || occ_code AS "to", coverage, method AS derived_by, method = 'oews.rest_of_broad_group' AS _derived, source_ref, _row
        FROM counts"""),
)  # fmt: skip

_GAPS = (
    GapQuery("{0} of {1} codes stand both as broad and as detailed group; the detailed row is kept; the two rows differ for {2}", f"""
        SELECT count(*) FILTER (n > 1), count(*), count(*) FILTER (told > 1)
        FROM (SELECT count(*) AS n, count(DISTINCT concat_ws(' ', {", ".join(c.lower() for c in FIGURES)})) AS told FROM oews.national WHERE {_NATIONAL} GROUP BY occ_code)"""),
    GapQuery("{0} of {1} rows have figures that the publisher withheld (* or **); they stay empty", """
        SELECT count(*) FILTER (suppressed IS NOT NULL), count(*) FROM lexical."LabourStatistic" WHERE source = 'source/oews@{release}'"""),
    GapQuery("{0} of {1} rows have wages at or above the highest that is published (#): only a lower bound is known, and they stay empty", """
        SELECT count(*) FILTER (top_coded IS NOT NULL), count(*) FROM lexical."LabourStatistic" WHERE source = 'source/oews@{release}'"""),
    GapQuery("{0} rows are not of the whole nation and all industries; they are read and not projected", f"SELECT count(*) FROM oews.national WHERE NOT ({_NATIONAL})"),
    GapQuery("{0} rows have no code and are left out", "SELECT count(*) FROM oews.national WHERE occ_code IS NULL"),
    GapQuery("hourly percentiles and the 25th and 75th annual ones of {0} rows are read and not projected", "SELECT count(*) FROM oews.national"),
)  # fmt: skip

_LEXICAL = _counted('lexical."OccupationGroup"', 'lexical."BROADER.OccupationGroup.OccupationGroup"')
# a class's own row goes before a wider one
_CLASSES = f"""{_LEXICAL}, covered AS (SELECT group_id, max(coverage) AS coverage FROM counts GROUP BY group_id)"""
_WHY_NONE = "CASE WHEN {0} LIKE '55-%' THEN 'military occupations are not surveyed' ELSE 'no row has this code, and no row that holds several has it' END"

_JOINS = (
    Join("rows", "codes of the survey count a class of work", f"""
        WITH {_LEXICAL}, met AS (SELECT occ_code, max(method) AS method, max(coverage) AS coverage FROM counts GROUP BY occ_code)
        SELECT g.occ_code AS subject, g.source_ref,
               CASE WHEN m.coverage = 'own' THEN 'same_code' WHEN m.coverage IS NOT NULL THEN replace(m.method, 'oews.', '') END AS matched_by,
               CASE WHEN m.occ_code IS NOT NULL THEN NULL WHEN g.o_group = 'total' THEN 'all occupations together: no class of the classification'
                    ELSE coalesce(j.reason, 'the code is not in the structure') END AS reason
        FROM given g LEFT JOIN met m ON m.occ_code = g.occ_code LEFT JOIN judged j ON j.occ_code = g.occ_code"""),
    Join("detailed_classes", "detailed classes of work have a statistic, of their own or with others", f"""
        WITH {_CLASSES}
        SELECT s.code AS subject, s.source_ref, c.coverage AS matched_by, CASE WHEN c.coverage IS NULL THEN {_WHY_NONE.format("s.code")} END AS reason
        FROM soc s LEFT JOIN covered c ON c.group_id = s.id WHERE s.group_level = 'detailed'"""),
    Join("occupation_codes", "six-digit codes of O*NET occupations have a statistic, of their own or with others", f"""
        WITH {_CLASSES}, codes AS (SELECT left(code, 7) AS code, min(source_ref) AS source_ref FROM lexical."Occupation" GROUP BY ALL)
        SELECT o.code AS subject, o.source_ref, c.coverage AS matched_by, CASE WHEN c.coverage IS NULL THEN {_WHY_NONE.format("o.code")} END AS reason
        FROM codes o LEFT JOIN covered c ON c.group_id = 'soc/' || o.code"""),
)  # fmt: skip

OEWS = Publisher("oews", _FILES, _PROJECTIONS, _GAPS, _JOINS)
