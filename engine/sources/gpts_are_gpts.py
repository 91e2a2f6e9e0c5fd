"""GPTs are GPTs: how far people and a model judged that a language model could shorten each O*NET task, in its publisher's words.

Labels: E0 no exposure, E1 the model alone halves the time at equal quality, E2 it does with further software built on it. `beta` counts
E1 as one and E2 as a half. GPT-4's labels and people's stay two measures. Ratings of occupations are the publisher's means over tasks
in which supplemental and untyped tasks count half. All of them are judgements of 2023 about what could be, not about what is done.
"""

from __future__ import annotations

from engine.sources.layout import GapQuery, Identity, Join, Projection, Publisher, TableLayout, columns
from engine.sources.wording import dated, direction, folded

LABELS, OCCUPATIONS = "full_labelset.tsv", "occ_level.csv"
SAME, REWORDED = "same_task_id", "same_task_id_other_wording"
BETA_UNIT = "share of the task exposed"
_CITED = "'Eloundou, Manning, Mishkin, Rock: GPTs are GPTs, release {release}' AS cited_work"
_TASK = "regexp_replace(task_id, '\\.0$', '')"  # ids are written like 8823.0
_BETA = "CASE {} WHEN 'E0' THEN '0' WHEN 'E1' THEN '1' WHEN 'E2' THEN '0.5' END"
_LABELLED = f"SELECT *, {_TASK} AS task_key, {_BETA.format('human_exposure_agg')} AS human_beta FROM gpts_are_gpts.labels"
_JUDGES = {"gpt4": ("GPT-4", "gpt4_exposure", "beta"), "human": ("People", "human_exposure_agg", "human_beta")}
_HOW = {
    "gpt4": "GPT-4 labelled each task statement of O*NET 27.2 by a rubric; the value counts E1 as 1 and E2 as a half.",
    "human": "People labelled each task statement of O*NET 27.2 by a rubric; their labels were merged by the publisher; the value counts E1 as 1 and E2 as a half.",
}
_MEANING = "CASE {} WHEN 'E0' THEN 'no exposure' WHEN 'E1' THEN 'exposed to a language model alone' WHEN 'E2' THEN 'exposed with software built on a language model' END"


def _judged(judge: str) -> Projection:
    """One Evidence for each task and judge. A label that is none of E0, E1, E2 gives no value and breaks its contract."""
    name, label, beta = _JUDGES[judge]
    return Projection("Evidence", f"gpts_are_gpts.{judge}_labels", f"""
        SELECT 'evidence/gpts-are-gpts-{judge}-' || task_key AS id, '{name} on task ' || task_key || ': ' || {label} AS label,
               '{name} judged in 2023: ' || coalesce({_MEANING.format(label)}, 'a label without a meaning') || '. A judgement of what could be, not a measurement of use.' AS description,
               'judged_exposure' AS evidence_kind, '{judge}_exposure_beta' AS measure, {label} AS category, '{_HOW[judge]}' AS method, {direction(beta)} AS direction,
               {dated()} AS dated, rounded({beta}) AS "value", '{BETA_UNIT}' AS value_unit, {_CITED}, '{LABELS}:' || _row AS source_ref, _row
        FROM ({_LABELLED}) WHERE {label} IS NOT NULL AND task_key IS NOT NULL""")


def _linked(judge: str) -> Projection:
    """The task of today under the same id; under other words the link is weaker."""
    return Projection("HAS_EVIDENCE.Task.Evidence", f"gpts_are_gpts.{judge}_labels", f"""
        SELECT 'task/' || l.task_key AS "from", 'evidence/gpts-are-gpts-{judge}-' || l.task_key AS "to", CASE WHEN t.same THEN '{SAME}' ELSE '{REWORDED}' END AS join_method,
               NOT t.same AS _derived, '{LABELS}:' || l._row AS source_ref, l._row
        FROM ({_LABELLED}) l JOIN ({_TODAY}) t ON t._row = l._row WHERE l.{_JUDGES[judge][1]} IS NOT NULL""")


_TODAY = f"""
    SELECT l._row, bool_or(CASE WHEN l.labelled = t.statement THEN true ELSE {folded("l.labelled")} = {folded("t.statement")} END) AS same
    FROM (SELECT _row, {_TASK} AS id, task AS labelled FROM gpts_are_gpts.labels) l
    JOIN (SELECT task_id, any_value(task) AS statement FROM onet.task_statements GROUP BY task_id) t ON t.task_id = l.id GROUP BY l._row"""


def _rated(judge: str, column: str) -> tuple[Projection, Projection]:
    """One Evidence for each occupation and judge."""
    key = f"'evidence/gpts-are-gpts-{judge}-' || onet_soc_code"
    return (
        Projection("Evidence", f"gpts_are_gpts.{judge}_occupations", f"""
            SELECT {key} AS id, '{_JUDGES[judge][0]} on ' || coalesce(title, onet_soc_code) AS label,
                   'Mean judged exposure of the tasks of the occupation in O*NET 27.2; it says nothing about whether the occupation grows, shrinks or stays.' AS description,
                   'judged_exposure' AS evidence_kind, '{judge}_exposure_beta' AS measure,
                   'Mean of the judge''s task values by the publisher; supplemental and untyped tasks count half.' AS method, {direction(column)} AS direction,
                   {dated()} AS dated, rounded({column}) AS "value", 'share of the work exposed' AS value_unit, {_CITED}, '{OCCUPATIONS}:' || _row AS source_ref, _row
            FROM gpts_are_gpts.occupations WHERE {column} IS NOT NULL AND onet_soc_code IS NOT NULL"""),
        Projection("HAS_EVIDENCE.Occupation.Evidence", f"gpts_are_gpts.{judge}_occupations", f"""
            SELECT 'occupation/' || onet_soc_code AS "from", {key} AS "to", 'same_code' AS join_method, '{OCCUPATIONS}:' || _row AS source_ref, _row
            FROM gpts_are_gpts.occupations SEMI JOIN onet.occupation_data USING (onet_soc_code) WHERE {column} IS NOT NULL"""),
    )  # fmt: skip


GPTS_ARE_GPTS = Publisher(
    "gpts-are-gpts",
    (
        TableLayout(
            LABELS, "labels", columns("O*NET-SOC Code, Task ID, Task, human_exposure_agg, gpt4_exposure, beta", "Task Type, Title"),
            quoted=True, optional=False, keys=("Task ID",), identities=(Identity(("Task ID",), ("human_exposure_agg", "gpt4_exposure", "beta")),),
        ),
        TableLayout(
            OCCUPATIONS, "occupations", columns("O*NET-SOC Code, dv_rating_beta, human_rating_beta", "Title"), delimiter=",", quoted=True,
            keys=("O*NET-SOC Code",), identities=(Identity(("O*NET-SOC Code",), ("dv_rating_beta", "human_rating_beta")),), absence="its ratings of occupations",
        ),
    ),
    (_judged("gpt4"), _judged("human"), _linked("gpt4"), _linked("human"), *_rated("gpt4", "dv_rating_beta"), *_rated("human", "human_rating_beta")),
    (
        GapQuery("GPT-4 and people gave {0} of {1} tasks different labels; both are kept and neither is averaged", """
            SELECT count(*) FILTER (gpt4_exposure <> human_exposure_agg), count(*) FROM gpts_are_gpts.labels"""),
        GapQuery("{0} values of beta do not follow from their label", f"""
            SELECT count(*) FROM gpts_are_gpts.labels WHERE fixed(beta) IS DISTINCT FROM fixed({_BETA.format("gpt4_exposure")})"""),
        GapQuery("{0} labels are of tasks whose wording has changed since; their links have the lower confidence", f"SELECT count(*) FROM ({_TODAY}) WHERE NOT same"),
    ),
    (
        Join("task_labels", "labelled tasks are tied to a task of this build by their id", f"""
            SELECT coalesce(l.task_key, '(none)') AS subject, '{LABELS}:' || l._row AS source_ref, h.join_method AS matched_by,
                   CASE WHEN h.join_method IS NOT NULL THEN NULL WHEN EXISTS (SELECT 1 FROM onet.task_statements) THEN 'task_is_gone' ELSE 'no_release_in_use' END AS reason
            FROM ({_LABELLED}) l LEFT JOIN lexical."HAS_EVIDENCE.Task.Evidence" h ON h."to" = 'evidence/gpts-are-gpts-gpt4-' || l.task_key"""),
        Join("occupation_ratings", "rated occupations are tied to an occupation of this build", f"""
            SELECT coalesce(o.onet_soc_code, '(none)') AS subject, '{OCCUPATIONS}:' || o._row AS source_ref, h.join_method AS matched_by,
                   CASE WHEN h.join_method IS NOT NULL THEN NULL WHEN EXISTS (SELECT 1 FROM onet.occupation_data) THEN 'occupation_is_gone' ELSE 'no_release_in_use' END AS reason
            FROM gpts_are_gpts.occupations o LEFT JOIN lexical."HAS_EVIDENCE.Occupation.Evidence" h ON h."to" = 'evidence/gpts-are-gpts-gpt4-' || o.onet_soc_code"""),
    ),
)  # fmt: skip
