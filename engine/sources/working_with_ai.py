"""Working with AI: how often an assistant was used for each intermediate work activity and how well it went, in its publisher's words.

Every activity has figures from two sides: what the person wanted to get done (`user`) and what the assistant did (`ai`). Scores of
occupations are built by the publisher from these and the activities of the occupation; they say where AI applies, not what becomes of a job.
"""

from __future__ import annotations

from engine.sources.layout import GapQuery, Identity, Join, Projection, Publisher, TableLayout, columns
from engine.sources.wording import dated, direction

METRICS, SCORES, LINKS = "iwa_metrics.csv", "soc_ai_applicability_scores.csv", "soc_to_iwas.csv"
_CITED = "'Tomlinson, Jaffe, Wang, Counts, Suri: Working with AI, release {release}' AS cited_work"
_SIDES = {"user": "people wanted to do it with an assistant", "ai": "an assistant did it"}

# column without its side: measure, unit, what the figure is, how it was obtained
_MEASURES = {
    "share": ("share_of_activity", "share of conversations, split over activities", "Share of the use of an assistant in which {}.", "Conversations were sampled and assigned to work activities by a language model."),
    "completion": ("completion", "share of conversations", "Share of the conversations in which {} where the task was completed.", "Whether the task was completed was classified by a language model."),
    "impact_scope": ("impact_scope", "share, the publisher''s scale", "How much of the activity the help covered, over the conversations in which {}, as the publisher figures it.", "The scope of the help was classified by a language model."),
    "feedback_positive_fraction": ("positive_feedback", "share of ratings", "Share of the ratings by users that were positive, of conversations in which {}.", "Users pressed thumbs up or thumbs down."),
}  # fmt: skip
_COLUMNS = tuple((f"{name}_{side}", name, side) for name in _MEASURES for side in _SIDES)


def _key(column: str) -> str:
    return f"'evidence/working-with-ai-{column.replace('_', '-').replace('-positive-fraction', '')}-' || iwa"


def _measured(column: str, name: str, side: str) -> tuple[Projection, Projection]:
    """One Evidence for each activity that has the figure, and its link."""
    measure, unit, what, how = _MEASURES[name]
    return (
        Projection("Evidence", f"working_with_ai.{column}", f"""
            SELECT {_key(column)} AS id, '{measure.replace("_", " ").capitalize()} ({side}): ' || coalesce(one_line(title), iwa) AS label, '{what.format(_SIDES[side])}' AS description,
                   'measured_use' AS evidence_kind, '{measure}_{side}' AS measure, '{how}' AS method, {direction(column)} AS direction, {dated()} AS dated,
                   rounded({column}) AS "value", '{unit}' AS value_unit, {_CITED}, '{METRICS}:' || _row AS source_ref, _row
            FROM working_with_ai.activity_metrics WHERE {column} IS NOT NULL AND iwa IS NOT NULL"""),
        Projection("HAS_EVIDENCE.WorkActivity.Evidence", f"working_with_ai.{column}", f"""
            SELECT a.id AS "from", {_key(column)} AS "to", 'same_code' AS join_method, '{METRICS}:' || m._row AS source_ref, m._row
            FROM working_with_ai.activity_metrics m JOIN (SELECT DISTINCT id FROM incoming."WorkActivity") a ON a.id = 'activity/' || m.iwa WHERE {column} IS NOT NULL"""),
    )  # fmt: skip


_SCORE = "'evidence/working-with-ai-applicability-' || soc_code"
# a link of the file that the release in use bears out too: an occupation of the class performs a task of such an activity
_BORNE_OUT = """
    SELECT DISTINCT g."to" AS soc, b."to" AS activity FROM lexical."BROADER.Occupation.OccupationGroup" g
    JOIN lexical."PERFORMS.Occupation.Task" p ON p."from" = g."from" JOIN lexical."HAS_ACTIVITY.Task.WorkActivity" h ON h."from" = p."to"
    JOIN lexical."BROADER.WorkActivity.WorkActivity" b ON b."from" = h."to" """

WORKING_WITH_AI = Publisher(
    "working-with-ai",
    (
        TableLayout(
            METRICS, "activity_metrics", columns(f"IWA, {', '.join(c for c, _, _ in _COLUMNS)}", "title"), delimiter=",", quoted=True, optional=False,
            keys=("IWA",), identities=(Identity(("IWA",),),),
        ),
        TableLayout(
            SCORES, "applicability", columns("SOC Code, ai_applicability_score", "title"), delimiter=",", quoted=True,
            keys=("SOC Code",), identities=(Identity(("SOC Code",), ("ai_applicability_score",)),), absence="its scores of occupations",
        ),
        TableLayout(
            LINKS, "occupation_activities", columns("SOC Code, IWA"), delimiter=",", quoted=True, keys=("SOC Code", "IWA"),
            absence="its links from occupations to activities, which check those of O*NET",
        ),
    ),
    (
        *(p for column in _COLUMNS for p in _measured(*column)),
        Projection("Evidence", "working_with_ai.applicability", f"""
            SELECT {_SCORE} AS id, 'AI applicability: ' || coalesce(one_line(title), soc_code) AS label,
                   'How far AI was successfully used for the activities of the occupation, weighted by how much of the work they are. It does not say that AI replaces the occupation.' AS description,
                   'applicability_score' AS evidence_kind, 'ai_applicability' AS measure, 'Computed by the publisher from use, completion and scope of the activities and their weight in O*NET 29.0.' AS method,
                   {direction("ai_applicability_score")} AS direction, {dated()} AS dated, rounded(ai_applicability_score) AS "value", 'share, the publisher''s score' AS value_unit, {_CITED},
                   '{SCORES}:' || _row AS source_ref, _row
            FROM working_with_ai.applicability WHERE ai_applicability_score IS NOT NULL AND soc_code IS NOT NULL"""),
        Projection("HAS_EVIDENCE.OccupationGroup.Evidence", "working_with_ai.applicability", f"""
            SELECT g.id AS "from", {_SCORE} AS "to", 'same_code' AS join_method, '{SCORES}:' || s._row AS source_ref, s._row
            FROM working_with_ai.applicability s JOIN (SELECT DISTINCT id FROM incoming."OccupationGroup") g ON g.id = 'soc/' || s.soc_code
            WHERE ai_applicability_score IS NOT NULL"""),
    ),
    (
        GapQuery("{0} of {1} activities lack at least one of the figures; they stay empty", f"""
            SELECT count(*) FILTER ({" OR ".join(f"{c} IS NULL" for c, _, _ in _COLUMNS)}), count(*) FROM working_with_ai.activity_metrics"""),
        GapQuery("{0} links from occupations to activities are checked against O*NET and not loaded: O*NET states them itself", "SELECT count(*) FROM working_with_ai.occupation_activities"),
    ),
    (
        Join("activities", "measured activities are tied to a work activity of this build", f"""
            SELECT coalesce(m.iwa, '(none)') AS subject, '{METRICS}:' || m._row AS source_ref, CASE WHEN a.id IS NOT NULL THEN 'same_code' END AS matched_by,
                   CASE WHEN a.id IS NULL THEN 'no_activity_of_this_code' END AS reason
            FROM working_with_ai.activity_metrics m LEFT JOIN lexical."WorkActivity" a ON a.id = 'activity/' || m.iwa"""),
        Join("applicability_scores", "scored occupations are tied to a class of SOC 2018", f"""
            SELECT coalesce(s.soc_code, '(none)') AS subject, '{SCORES}:' || s._row AS source_ref, CASE WHEN g.id IS NOT NULL THEN 'same_code' END AS matched_by,
                   CASE WHEN g.id IS NULL THEN 'no_class_of_this_code' END AS reason
            FROM working_with_ai.applicability s LEFT JOIN lexical."OccupationGroup" g ON g.id = 'soc/' || s.soc_code"""),
        Join("occupation_activities", "links from occupations to activities are borne out by the O*NET release in use", f"""
            SELECT coalesce(l.soc_code, '(none)') || ' to ' || coalesce(l.iwa, '(none)') AS subject, '{LINKS}:' || l._row AS source_ref, CASE WHEN b.soc IS NOT NULL THEN 'tasks_of_the_class' END AS matched_by,
                   CASE WHEN b.soc IS NOT NULL THEN NULL WHEN g.id IS NULL THEN 'no_class_of_this_code' WHEN a.id IS NULL THEN 'no_activity_of_this_code' ELSE 'no_task_of_the_class_has_it' END AS reason
            FROM working_with_ai.occupation_activities l LEFT JOIN ({_BORNE_OUT}) b ON b.soc = 'soc/' || l.soc_code AND b.activity = 'activity/' || l.iwa
            LEFT JOIN lexical."OccupationGroup" g ON g.id = 'soc/' || l.soc_code LEFT JOIN lexical."WorkActivity" a ON a.id = 'activity/' || l.iwa"""),
    ),
)  # fmt: skip
