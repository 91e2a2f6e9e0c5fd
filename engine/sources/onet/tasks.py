"""Tasks, how they weigh in occupations, and the work activities that they are instances of.

Yearly frequency is the sum over the seven frequency categories of the share of job holders times the category's times a
year. Where a task has no such shares, a delivered mean (times per working day) is taken times the times a year of the
category `Daily`, which is the number of working days; that record says so in `derived_by` and has the lower confidence.
"""

from __future__ import annotations

from engine.sources.layout import Projection
from engine.sources.onet.elements import standard_points

_PERFORMS = f"""
    WITH {standard_points("task_ratings", "'IM', 'RT'")}, rated AS (
        SELECT r.onet_soc_code, r.task_id, rows_text(list(r._row ORDER BY r._row)) AS rated_rows,
               max(p.share) FILTER (r.scale_id = 'IM') AS importance, max(p.share) FILTER (r.scale_id = 'RT') AS relevance
        FROM onet.task_ratings r LEFT JOIN points p ON p.scale_id = r.scale_id AND p.data_value = r.data_value
        GROUP BY r.onet_soc_code, r.task_id
    ), counted AS (
        SELECT r.onet_soc_code, r.task_id,
               CASE WHEN count(*) = count(fixed(c.times_per_year)) AND count(*) = count(fixed(r.data_value))
                    THEN micro_text(half_even(sum(fixed(r.data_value) * fixed(c.times_per_year)), 10000000000000000::HUGEINT)) END AS yearly
        FROM onet.task_ratings r LEFT JOIN onet.frequency_category c USING (category)
        WHERE r.scale_id = 'FT' GROUP BY ALL
    ), meant AS (
        SELECT m.onet_soc_code, m.task_id, m._row,
               micro_text(half_even(fixed(m.freq_mean) * fixed(c.times_per_year), 100000000000000::HUGEINT)) AS yearly
        FROM onet.task_frequency_mean m JOIN onet.frequency_category c ON c.category = '5'
    )
    SELECT 'occupation/' || t.onet_soc_code AS "from", 'task/' || t.task_id AS "to", rated.importance, rated.relevance,
           coalesce(counted.yearly, meant.yearly) AS yearly_frequency,
           counted.yearly IS NULL AND meant.yearly IS NOT NULL AS _derived,
           CASE WHEN _derived THEN 'onet.task_ratings_with_mean_frequency' ELSE 'onet.task_ratings' END AS derived_by,
           'Task Statements.txt:' || t._row
             || coalesce(' + Task Ratings.txt:' || rated.rated_rows, '')
             || CASE WHEN _derived THEN ' + task_frequency_mean.csv:' || meant._row ELSE '' END AS source_ref,
           t._row
    FROM onet.task_statements t
    LEFT JOIN rated ON rated.onet_soc_code = t.onet_soc_code AND rated.task_id = t.task_id
    LEFT JOIN counted ON counted.onet_soc_code = t.onet_soc_code AND counted.task_id = t.task_id
    LEFT JOIN meant ON meant.onet_soc_code = t.onet_soc_code AND meant.task_id = t.task_id"""

_EMERGING_KEY = "'task/' || onet_soc_code || '-' || left(sha256(task), 8)"

# generalized activities are the fourth level of 4.A in the content model; names from there, else from a reference file
_GENERALIZED = r"""
    WITH named AS (
        SELECT element_id, element_name, 'Content Model Reference.txt' AS file, _row, 0 AS rank FROM onet.content_model_reference
            WHERE regexp_full_match(element_id, '4\.A\.\d+\.[a-z]\.\d+')
        UNION ALL SELECT element_id, element_name, 'IWA Reference.txt', _row, 1 FROM onet.iwa_reference
        UNION ALL SELECT element_id, element_name, 'DWA Reference.txt', _row, 2 FROM onet.dwa_reference
    )
    SELECT DISTINCT ON (element_id) 'activity/' || element_id AS id, element_name AS label, element_id AS code, 'generalized' AS activity_level,
           file || ':' || _row AS source_ref, _row
    FROM named WHERE element_name IS NOT NULL ORDER BY element_id, rank, _row"""

_INTERMEDIATE = """
    WITH named AS (
        SELECT iwa_id, iwa_title, element_id, 'IWA Reference.txt' AS file, _row, 0 AS rank FROM onet.iwa_reference
        UNION ALL SELECT iwa_id, iwa_title, element_id, 'DWA Reference.txt', _row, 1 FROM onet.dwa_reference
    ), one AS (SELECT DISTINCT ON (iwa_id) * FROM named WHERE iwa_title IS NOT NULL ORDER BY iwa_id, rank, _row)"""

TASK_PROJECTIONS: tuple[Projection, ...] = (
    Projection("Task", "onet.tasks", """
        SELECT DISTINCT ON (task_id) 'task/' || task_id AS id, task AS statement, task_id AS code, task_type, 'Task Statements.txt:' || _row AS source_ref, _row
        FROM onet.task_statements ORDER BY task_id, _row"""),
    Projection("PERFORMS.Occupation.Task", "onet.task_ratings", _PERFORMS),
    Projection("Task", "onet.emerging_tasks", f"""
        SELECT {_EMERGING_KEY} AS id, task AS statement, 'Emerging' AS task_type, 'Emerging Tasks.txt:' || _row AS source_ref, _row
        FROM onet.emerging_tasks"""),
    Projection("PERFORMS.Occupation.Task", "onet.emerging_tasks", f"""
        SELECT 'occupation/' || onet_soc_code AS "from", {_EMERGING_KEY} AS "to", 'Emerging Tasks.txt:' || _row AS source_ref, _row
        FROM onet.emerging_tasks"""),
    Projection("REVISES.Task.Task", "onet.emerging_tasks", f"""
        SELECT {_EMERGING_KEY} AS "from", 'task/' || original_task_id AS "to", 'Emerging Tasks.txt:' || _row AS source_ref, _row
        FROM onet.emerging_tasks WHERE original_task_id IS NOT NULL"""),
    Projection("WorkActivity", "onet.generalized_activities", _GENERALIZED),
    Projection("WorkActivity", "onet.intermediate_activities", _INTERMEDIATE + """
        SELECT 'activity/' || iwa_id AS id, iwa_title AS label, iwa_id AS code, 'intermediate' AS activity_level, file || ':' || _row AS source_ref, _row FROM one"""),
    Projection("WorkActivity", "onet.detailed_activities", """
        SELECT 'activity/' || dwa_id AS id, dwa_title AS label, dwa_id AS code, 'detailed' AS activity_level, 'DWA Reference.txt:' || _row AS source_ref, _row
        FROM onet.dwa_reference"""),
    Projection("BROADER.WorkActivity.WorkActivity", "onet.intermediate_activities", _INTERMEDIATE + """
        SELECT 'activity/' || iwa_id AS "from", 'activity/' || element_id AS "to", file || ':' || _row AS source_ref, _row FROM one"""),
    Projection("BROADER.WorkActivity.WorkActivity", "onet.detailed_activities", """
        SELECT 'activity/' || dwa_id AS "from", 'activity/' || iwa_id AS "to", 'DWA Reference.txt:' || _row AS source_ref, _row
        FROM onet.dwa_reference"""),
    Projection("HAS_ACTIVITY.Task.WorkActivity", "onet.task_activities", """
        SELECT DISTINCT ON (task_id, dwa_id) 'task/' || task_id AS "from", 'activity/' || dwa_id AS "to", 'Tasks to DWAs.txt:' || _row AS source_ref, _row
        FROM onet.tasks_to_dwas ORDER BY task_id, dwa_id, _row"""),
)  # fmt: skip
