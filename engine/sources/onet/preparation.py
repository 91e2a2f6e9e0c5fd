"""What an occupation asks of those who enter it, and the setting in which its work is done.

Education, experience and training: the publisher asks job holders to choose a category and publishes the percentage of each;
divided by 100 it is the share of holders. Work context: a mean v on a scale from low to high becomes (v - low) / (high - low),
with the ends from Scales Reference; the percentages of its single answers (scales CXP and CTP) are read and not projected.
"""

from __future__ import annotations

from engine.sources.layout import GapQuery, Join, Projection
from engine.sources.onet.elements import element_records, standard_points

SCALES = {"RL": "education", "RW": "related_experience", "PT": "on_site_training", "OJ": "on_the_job_training"}
TOLERANCE = 1  # percent by which the published percentages of one question may miss 100

_KNOWN = ", ".join(f"'{scale}'" for scale in SCALES)
_KIND = " ".join(f"WHEN '{scale}' THEN '{kind}'" for scale, kind in SCALES.items())

PREPARATION_PROJECTIONS: tuple[Projection, ...] = (
    # a category has its wording where the publisher's list came, else it is called by its scale and number
    Projection("PreparationLevel", "onet.preparation", f"""
        WITH named AS (
            SELECT scale_id, category, one_line(category_description) AS label, _file, _row, 0 AS rank FROM onet.preparation_categories
            UNION ALL SELECT scale_id, category, coalesce(scale_name, scale_id) || ', category ' || category, _file, _row, 1 FROM onet.preparation)
        SELECT DISTINCT ON (scale_id, category) 'preparation/' || scale_id || '-' || category AS id, label, scale_id || '-' || category AS code, category,
               CASE scale_id {_KIND} END AS preparation_kind, _file || ':' || _row AS source_ref, _row
        FROM named WHERE scale_id IN ({_KNOWN}) AND category IS NOT NULL AND label IS NOT NULL ORDER BY scale_id, category, rank, _row"""),
    Projection("REQUIRES_PREPARATION.Occupation.PreparationLevel", "onet.preparation", f"""
        SELECT 'occupation/' || onet_soc_code AS "from", 'preparation/' || scale_id || '-' || category AS "to", standardized(data_value, '0', '100') AS holders_share,
               yes_no(recommend_suppress) AS recommend_suppress, _file || ':' || _row AS source_ref, _row
        FROM onet.preparation WHERE scale_id IN ({_KNOWN}) AND category IS NOT NULL AND data_value IS NOT NULL"""),
    element_records("WorkContext", "context", "work_context", "Work Context.txt", "r.scale_id IN ('CX', 'CT')"),
    Projection("HAS_CONTEXT.Occupation.WorkContext", "onet.work_context", f"""
        WITH {standard_points("work_context", "'CX', 'CT'")}
        SELECT DISTINCT ON (r.onet_soc_code, r.element_id) 'occupation/' || r.onet_soc_code AS "from", 'context/' || r.element_id AS "to", p.share AS context_score,
               yes_no(r.recommend_suppress) AS recommend_suppress, yes_no(r.not_relevant) AS not_relevant, r._file || ':' || r._row AS source_ref, r._row
        FROM onet.work_context r JOIN points p ON p.scale_id = r.scale_id AND p.data_value = r.data_value
        WHERE p.share IS NOT NULL ORDER BY r.onet_soc_code, r.element_id, r.scale_id DESC, r._row"""),
)  # fmt: skip


def _uneven(what: str, table: str, scales: str, question: str) -> GapQuery:
    """Questions whose categories do not sum to about 100 percent; a sum that holds no number is not even."""
    return GapQuery(f"the categories of {{0}} of {{1}} {what} do not sum to 100 percent within {TOLERANCE}", f"""
        SELECT count(*) FILTER (coalesce(abs(sum_of - fixed('100')) > fixed('{TOLERANCE}'), true)), count(*) FROM (
            SELECT CASE WHEN count(*) = count(fixed(data_value)) THEN sum(fixed(data_value)) END AS sum_of
            FROM onet.{table} WHERE scale_id IN ({scales}) GROUP BY {question})""")


PREPARATION_GAPS: tuple[GapQuery, ...] = (
    _uneven("task frequencies (scale FT)", "task_ratings", "'FT'", "onet_soc_code, task_id"),
    _uneven("answers about education, experience and training", "preparation", _KNOWN, "onet_soc_code, scale_id"),
    GapQuery("{0} of {1} task frequencies rest on fewer than the seven categories", """
        SELECT count(*) FILTER (n < 7), count(*) FROM (SELECT count(DISTINCT category) AS n FROM onet.task_ratings WHERE scale_id = 'FT' GROUP BY onet_soc_code, task_id)"""),
    GapQuery("{0} task frequencies rest on estimates that the publisher advises against relying on; they are kept", """
        SELECT count(*) FROM (SELECT 1 FROM onet.task_ratings WHERE scale_id = 'FT' AND recommend_suppress = 'Y' GROUP BY onet_soc_code, task_id)"""),
    GapQuery("{0} shares of job holders have no value and are left out", f"SELECT count(*) FROM onet.preparation WHERE scale_id IN ({_KNOWN}) AND (data_value IS NULL OR category IS NULL)"),
    GapQuery("{0} rows of Education, Training, and Experience.txt are on scales that no record holds; they are read and not projected", f"SELECT count(*) FROM onet.preparation WHERE scale_id NOT IN ({_KNOWN})"),
    GapQuery("{0} percentages of single answers about work context (scales CXP and CTP) are read and not projected: their means (CX and CT) are", """
        SELECT count(*) FROM onet.work_context WHERE scale_id IN ('CXP', 'CTP')"""),
    GapQuery("{0} ratings of work context have no value or no ends of their scale and are left out", """
        SELECT count(*) FROM onet.work_context w LEFT JOIN onet.scales_reference s USING (scale_id) WHERE scale_id IN ('CX', 'CT') AND (w.data_value IS NULL OR s.scale_id IS NULL)"""),
    GapQuery("{0} ratings of work context are on scales that no record holds; they are read and not projected", "SELECT count(*) FROM onet.work_context WHERE scale_id NOT IN ('CX', 'CT', 'CXP', 'CTP')"),
)  # fmt: skip

JOINS: tuple[Join, ...] = (
    Join("occupations_in_soc", "occupations stand under a class of work of SOC 2018", """
        SELECT o.code AS subject, o.source_ref, CASE WHEN g.id IS NOT NULL THEN 'same_code' END AS matched_by, CASE WHEN g.id IS NULL THEN 'its first seven characters are no code of SOC 2018' END AS reason
        FROM lexical."Occupation" o LEFT JOIN lexical."OccupationGroup" g ON g.code = left(o.code, 7)"""),
    Join("tasks_of_occupations", "occupations have tasks", """
        SELECT o.code AS subject, o.source_ref, CASE WHEN p."from" IS NOT NULL THEN 'same_code' END AS matched_by, CASE WHEN p."from" IS NULL THEN 'no task statement or emerging task names it' END AS reason
        FROM lexical."Occupation" o LEFT JOIN (SELECT DISTINCT "from" FROM lexical."PERFORMS.Occupation.Task") p ON p."from" = o.id"""),
)  # fmt: skip
