"""GDPval's gold set: tasks of a benchmark of AI on real work, tied to occupations by name and to workflows through shared tasks.

Its licence is not stated, so its records serve internal practice only: the contracts let nothing but benchmark tasks and their links
stand in the graph, and every exit refuses to carry them. A label is made of the occupation's name and a number, never of the prompt.
"""

from __future__ import annotations

from engine.sources.layout import GapQuery, Identity, Join, Projection, Publisher, TableLayout, columns

TASKS = TableLayout(
    "tasks.parquet", "tasks", columns("task_id, sector, occupation, prompt", "reference_files, reference_file_urls, reference_file_hf_uris"),
    optional=False, identities=(Identity(("task_id",)),),
)  # fmt: skip
RUBRICS = TableLayout("train_filtered_with_rubric.jsonl", "rubrics", columns("prompt, rubric"), keys=("prompt",), absence="the rubrics of the tasks")
REFERENCE_LINKS = TableLayout(
    "reference_links.csv", "reference_links", columns("task_id, url_raw", "sector, occupation, url_encoded"),
    delimiter=",", quoted=True, multiline=True, absence="the names of the files that the tasks work on",
)  # fmt: skip

# the narrowest class of work that has the name: an occupation, else a detailed, broad, minor or major group
_NAMED = """
    SELECT lower(one_line(label)) AS name, id, 'Occupation' AS class, 0 AS level FROM incoming."Occupation"
    UNION SELECT lower(one_line(label)), id, 'OccupationGroup', list_position(['detailed', 'broad', 'minor', 'major'], group_level) FROM incoming."OccupationGroup" """
_MET = f"""
    SELECT t.*, n.id AS work, n.class FROM gdpval.tasks t
    LEFT JOIN (SELECT * FROM ({_NAMED}) QUALIFY row_number() OVER (PARTITION BY name ORDER BY level, id) = 1) n ON n.name = lower(one_line(t.occupation))"""
_FILES = r"""
    SELECT task_id, list(regexp_extract(url_raw, '([^/]+)$', 1) ORDER BY _row) AS names FROM gdpval.reference_links WHERE url_raw IS NOT NULL GROUP BY task_id"""


def _link(target: str, method: str, confidence: str) -> Projection:
    return Projection(f"BENCHMARKS.BenchmarkTask.{target}", "gdpval.tasks", f"""
        SELECT 'benchmark/' || task_id AS "from", work AS "to", '{method}' AS join_method, 'tasks.parquet:' || _row AS source_ref, {confidence} AS _derived, _row
        FROM ({_MET}) WHERE class = '{target}'""")  # fmt: skip


PROJECTIONS = (
    Projection("BenchmarkTask", "gdpval.tasks", f"""
        SELECT 'benchmark/' || t.task_id AS id, t.occupation || ', benchmark task ' || row_number() OVER (PARTITION BY lower(one_line(t.occupation)) ORDER BY t._row) AS label,
            t.prompt, t.sector, t.occupation AS occupation_name, r.rubric AS rubric_text, f.names AS reference_files,
            CASE WHEN t.work IS NULL THEN 'no occupation and no SOC group of this build has this name' END AS no_match_reason,
            'tasks.parquet:' || t._row || coalesce(' + train_filtered_with_rubric.jsonl:' || r._row, '') AS source_ref, t._row
        FROM ({_MET}) t LEFT JOIN gdpval.rubrics r ON r.prompt = t.prompt LEFT JOIN ({_FILES}) f ON f.task_id = t.task_id"""),
    _link("Occupation", "same_name", "false"),
    _link("OccupationGroup", "same_name_of_group", "false"),
    # a workflow covers an authored task, the author aligned it with a publisher's task, and the occupation performs that one
    Projection("BENCHMARKS.BenchmarkTask.Workflow", "gdpval.workflows", f"""
        SELECT 'benchmark/' || m.task_id AS "from", c."from" AS "to", 'shared_occupation_task' AS join_method, 'tasks.parquet:' || min(m._row) AS source_ref, true AS _derived,
            row_number() OVER (ORDER BY min(m._row), c."from") AS _row
        FROM ({_MET}) m JOIN incoming."PERFORMS.Occupation.Task" p ON p."from" = m.work JOIN incoming."ALIGNS_WITH.Task.Task" a ON a."to" = p."to"
        JOIN incoming."COVERS.Workflow.Task" c ON c."to" = a."from" GROUP BY m.task_id, c."from" """),
)  # fmt: skip

GAPS = (
    GapQuery("{0} of {1} tasks have no rubric", """
        SELECT count(*) FILTER (r.prompt IS NULL), count(*) FROM gdpval.tasks t LEFT JOIN gdpval.rubrics r ON r.prompt = t.prompt"""),
    GapQuery("the files that {0} of {1} tasks work on are named and not held here", """
        SELECT count(DISTINCT l.task_id), (SELECT count(*) FROM gdpval.tasks) FROM gdpval.reference_links l SEMI JOIN gdpval.tasks t ON t.task_id = l.task_id WHERE l.url_raw IS NOT NULL"""),
    GapQuery("{0} links to files name a task that the gold set lacks", "SELECT count(*) FROM gdpval.reference_links ANTI JOIN gdpval.tasks USING (task_id)"),
)  # fmt: skip

_OF_TASK = """SELECT t.task_id AS subject, 'tasks.parquet:' || t._row AS source_ref, {} FROM gdpval.tasks t"""
JOINS = (
    Join("gdpval_occupations", "benchmark tasks name an occupation or a SOC group of this build", f"""
        {_OF_TASK.format("l.join_method AS matched_by, CASE WHEN l.join_method IS NULL THEN 'no occupation and no SOC group of this build has this name' END AS reason")}
        LEFT JOIN (SELECT "from", join_method FROM lexical."BENCHMARKS.BenchmarkTask.Occupation" UNION SELECT "from", join_method FROM lexical."BENCHMARKS.BenchmarkTask.OccupationGroup") l
        ON l."from" = 'benchmark/' || t.task_id"""),
    Join("gdpval_workflows", "benchmark tasks meet an authored workflow through a task of their occupation", f"""
        {_OF_TASK.format('''l.join_method AS matched_by, CASE WHEN l.join_method IS NULL AND o."from" IS NULL THEN 'the task is linked to no occupation, so to none of its tasks'
            WHEN l.join_method IS NULL THEN 'no authored workflow covers a task that aligns with a task of this occupation' END AS reason''')}
        LEFT JOIN (SELECT DISTINCT "from", join_method FROM lexical."BENCHMARKS.BenchmarkTask.Workflow") l ON l."from" = 'benchmark/' || t.task_id
        LEFT JOIN lexical."BENCHMARKS.BenchmarkTask.Occupation" o ON o."from" = 'benchmark/' || t.task_id"""),
    Join("gdpval_rubrics", "rubrics belong to a task of the gold set", """
        SELECT 'rubric ' || r._row AS subject, 'train_filtered_with_rubric.jsonl:' || r._row AS source_ref, CASE WHEN t.prompt IS NOT NULL THEN 'same_text' END AS matched_by,
            CASE WHEN t.prompt IS NULL THEN 'no task of the gold set has this prompt, letter for letter' END AS reason
        FROM gdpval.rubrics r LEFT JOIN (SELECT DISTINCT prompt FROM gdpval.tasks) t ON t.prompt = r.prompt"""),
)  # fmt: skip

GDPVAL = Publisher("gdpval", (TASKS, RUBRICS, REFERENCE_LINKS), PROJECTIONS, GAPS, JOINS)
