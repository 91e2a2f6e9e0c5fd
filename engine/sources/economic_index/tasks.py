"""Shares of conversations by task: each task text of the index becomes one Evidence, tied to the tasks of today that it is about.

The index names a task by its lower-cased text in O*NET 20.1. Such a text leads to a task of the release in use on two roads: through
the older release to its task id, where that id still lives, and straight by its wording. Where both lead to one task, the first is told.
A link is weak, and has the lower confidence, where the id lives on under other words, and where several tasks share the words: then
nobody can tell which of them the conversations were about. A share is never divided among tasks.
"""

from __future__ import annotations

from engine.sources.economic_index.files import MAPPINGS
from engine.sources.layout import GapQuery, Join, Projection
from engine.sources.wording import dated, direction, folded, worded

TODAY = f"SELECT DISTINCT task_id, {folded('task')} AS text, {worded('task')} AS words FROM onet.task_statements"
# the index calls conversations that were about no task `none`
MAPPED = f"SELECT *, {folded('task_name')} AS text, {worded('task_name')} AS words, {folded('task_name')} = 'none' AS about_nothing FROM economic_index.task_mappings"
OLDER_TEXTS = f"SELECT task_id, _file || ':' || _row AS older_row, {folded('task')} AS text FROM economic_index.older_statements"

# the ways in order of trust; 4 is another wording under the same id
_LINKED = f"""
    WITH mapped AS ({MAPPED}), older AS ({OLDER_TEXTS}), today AS ({TODAY}), ways AS (
        SELECT m._row, m.text, t.task_id, o.older_row, CASE WHEN t.words = m.words THEN 1 ELSE 4 END AS way
            FROM mapped m JOIN older o ON o.text = m.text JOIN today t ON t.task_id = o.task_id WHERE NOT m.about_nothing
        UNION ALL
        SELECT m._row, m.text, t.task_id, NULL, CASE WHEN t.text = m.text THEN 2 ELSE 3 END
            FROM mapped m JOIN today t ON t.words = m.words WHERE NOT m.about_nothing
    ), best AS (SELECT DISTINCT ON (_row, task_id) * FROM ways ORDER BY _row, task_id, way, older_row)
    SELECT *, CASE WHEN way = 4 THEN 'text_of_older_release_then_id_other_wording'
                   WHEN count(*) FILTER (way < 4) OVER (PARTITION BY _row) > 1 THEN 'text_of_several_tasks'
                   WHEN way = 1 THEN 'text_of_older_release_then_id' WHEN way = 2 THEN 'same_text' ELSE 'same_words' END AS join_method
    FROM best"""
METHODS = ("text_of_older_release_then_id", "same_text", "same_words", "text_of_several_tasks", "text_of_older_release_then_id_other_wording")
EVIDENCE = "'evidence/economic-index-task-' || left(sha256(text), 12)"

TASK_PROJECTIONS: tuple[Projection, ...] = (
    Projection("Evidence", "economic_index.task_mappings", f"""
        SELECT {EVIDENCE} AS id, CASE WHEN about_nothing THEN 'Conversations about no task' ELSE 'Conversations about: ' || one_line(task_name) END AS label,
               CASE WHEN about_nothing THEN 'Share of conversations with an AI assistant that were about no task of O*NET.'
                    ELSE 'Share of conversations with an AI assistant that were about this task, by its wording in O*NET 20.1.'
                      || CASE WHEN o.tasks > 1 THEN ' ' || o.tasks || ' tasks of that release share the wording; the share is not divided among them.' ELSE '' END END AS description,
               'measured_use' AS evidence_kind, CASE WHEN about_nothing THEN 'share_of_conversations_without_task' ELSE 'share_of_conversations' END AS measure,
               'Conversations with one assistant were sampled and assigned to task statements by a language model.' AS method,
               CASE WHEN about_nothing THEN 'neutral' ELSE {direction("pct")} END AS direction, {dated()} AS dated, rounded(pct) AS "value",
               'percent of conversations' AS value_unit, 'Anthropic Economic Index, release of {{release}}' AS cited_work, '{MAPPINGS}:' || _row AS source_ref, _row
        FROM ({MAPPED}) m LEFT JOIN (SELECT text, count(DISTINCT task_id) AS tasks FROM ({OLDER_TEXTS}) GROUP BY text) o USING (text)
        WHERE task_name IS NOT NULL"""),
    Projection("HAS_EVIDENCE.Task.Evidence", "economic_index.task_links", f"""
        SELECT 'task/' || task_id AS "from", {EVIDENCE} AS "to", join_method, way = 4 OR join_method = 'text_of_several_tasks' AS _derived,
               '{MAPPINGS}:' || _row || coalesce(' + ' || older_row, '') AS source_ref, row_number() OVER (ORDER BY _row, task_id) AS _row
        FROM ({_LINKED})"""),
)  # fmt: skip

_NO_RELEASE = "WHEN NOT EXISTS (SELECT 1 FROM onet.task_statements) THEN 'no_release_in_use'"
_NAMES_NONE = "WHEN m.about_nothing THEN 'names_no_task'"
_SUBJECT = f"coalesce(m.task_name, '(none)') AS subject, '{MAPPINGS}:' || m._row AS source_ref"

TASK_JOINS: tuple[Join, ...] = (
    Join("task_texts_older", "task texts of the index stand in O*NET 20.1, letter for letter but for case", f"""
        SELECT {_SUBJECT}, CASE WHEN o.text IS NOT NULL THEN 'same_text' END AS matched_by,
               CASE WHEN o.text IS NOT NULL THEN NULL {_NAMES_NONE} ELSE 'not_in_older_release' END AS reason
        FROM ({MAPPED}) m LEFT JOIN (SELECT DISTINCT text FROM ({OLDER_TEXTS})) o USING (text)"""),
    Join("task_texts", "task texts of the index stand in the O*NET release in use, by their words", f"""
        SELECT {_SUBJECT}, CASE WHEN t.same THEN 'same_text' WHEN t.words IS NOT NULL THEN 'same_words' END AS matched_by,
               CASE WHEN t.words IS NOT NULL THEN NULL {_NAMES_NONE} {_NO_RELEASE} ELSE 'not_in_release_in_use' END AS reason
        FROM ({MAPPED}) m LEFT JOIN
            (SELECT m._row, m.words, bool_or(t.text = m.text) AS same FROM ({MAPPED}) m JOIN ({TODAY}) t USING (words) GROUP BY ALL) t ON t._row = m._row"""),
    Join("tasks", "task texts of the index are tied to a task of this build", f"""
        SELECT {_SUBJECT}, l.method AS matched_by,
               CASE WHEN l.method IS NOT NULL THEN NULL {_NAMES_NONE} {_NO_RELEASE} WHEN o.text IS NULL THEN 'not_in_older_release' ELSE 'task_is_gone' END AS reason
        FROM ({MAPPED}) m LEFT JOIN (SELECT DISTINCT text FROM ({OLDER_TEXTS})) o USING (text)
        LEFT JOIN (SELECT "to", arg_min(join_method, list_position({list(METHODS)}, join_method)) AS method
                   FROM lexical."HAS_EVIDENCE.Task.Evidence" GROUP BY "to") l ON l."to" = {EVIDENCE}"""),
)  # fmt: skip

TASK_GAPS: tuple[GapQuery, ...] = (
    GapQuery("{0} of {1} task texts are shared by several tasks of O*NET 20.1; their shares are not divided", f"""
        SELECT count(*) FILTER (o.tasks > 1), count(*) FROM ({MAPPED}) m LEFT JOIN (SELECT text, count(DISTINCT task_id) AS tasks FROM ({OLDER_TEXTS}) GROUP BY text) o USING (text)"""),
    GapQuery("{0} percent of conversations were about no task", f"SELECT rounded(pct) FROM ({MAPPED}) WHERE about_nothing"),
)  # fmt: skip
