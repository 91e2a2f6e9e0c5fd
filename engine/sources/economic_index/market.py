"""What the index carries besides tasks: how people worked with the assistant on the whole, and older figures of the labour market.

The wages are a scraped file in which hourly and yearly pay stand in one column and -1 means nothing; the figures of employment copy a
survey. They are kept as signals with what is known of their unit, at the lower confidence, and never become a labour statistic.

The crosswalk from O*NET-SOC 2010 that lies beside the wages is read here to tie them. What it says of codes is the taxonomy's to state,
not a study's: the publisher `onet-soc` takes the same file for that.
"""

from __future__ import annotations

from engine.sources.economic_index.files import EMPLOYMENT, INTERACTIONS, WAGES
from engine.sources.layout import GapQuery, Join, Projection
from engine.sources.wording import dated

WAGE_UNIT = "US dollars, hour or year not stated"
_NO_FIGURE = "-1"
_CITED = "'Anthropic Economic Index, release of {release}' AS cited_work"

_INTERACTION = "'evidence/economic-index-interaction-' || regexp_replace(lower(one_line(interaction_type)), '[^a-z0-9]+', '-', 'g')"
_EMPLOYED = """SELECT *, "soc_or_onet_soc_2019_title" AS title FROM economic_index.employment WHERE bls_distribution IS NOT NULL AND title IS NOT NULL"""
_EMPLOYMENT = "'evidence/economic-index-employment-' || regexp_replace(lower(one_line(title)), '[^a-z0-9]+', '-', 'g')"
_MAJOR = """SELECT id, lower(one_line(label)) AS name FROM {}."OccupationGroup" WHERE group_level = 'major'"""
_PAID = f"SELECT * FROM economic_index.wages WHERE soccode IS NOT NULL AND mediansalary IS NOT NULL AND fixed(mediansalary) IS DISTINCT FROM fixed('{_NO_FIGURE}')"
_WAGE = "'evidence/economic-index-wage-' || soccode"

# a code leads where the crosswalk says, or to itself where the crosswalk does not know it
_WAGE_LINKS = f"""
    WITH ways AS (
        SELECT w._row, w.soccode, x.onet_soc_2019_code AS code, x._file || ':' || x._row AS crosswalk_row FROM ({_PAID}) w
            JOIN economic_index.onetsoc_crosswalk x ON x.onet_soc_2010_code = w.soccode
        UNION ALL
        SELECT w._row, w.soccode, w.soccode, NULL FROM ({_PAID}) w ANTI JOIN economic_index.onetsoc_crosswalk x ON x.onet_soc_2010_code = w.soccode
    )
    SELECT *, CASE WHEN count(*) OVER (PARTITION BY _row) > 1 THEN 'crosswalk_to_several' WHEN code = soccode THEN 'same_code' ELSE 'crosswalk' END AS join_method
    FROM ways SEMI JOIN (SELECT onet_soc_code FROM onet.occupation_data) o ON o.onet_soc_code = ways.code"""

MARKET_PROJECTIONS: tuple[Projection, ...] = (
    Projection("Evidence", "economic_index.interactions", f"""
        SELECT {_INTERACTION} AS id, 'Conversations by way of working: ' || interaction_type AS label,
               'Share of all conversations of the index in which people worked in this way; it is not told for single tasks.' AS description,
               'measured_use' AS evidence_kind, 'share_of_interactions' AS measure, interaction_type AS category,
               'Conversations with one assistant were sampled and their way of working was classified by a language model.' AS method,
               'neutral' AS direction, {dated()} AS dated, rounded(pct) AS "value", 'percent of conversations' AS value_unit, {_CITED},
               '{INTERACTIONS}:' || _row AS source_ref, _row
        FROM economic_index.interactions WHERE interaction_type IS NOT NULL"""),
    Projection("Evidence", "economic_index.employment", f"""
        SELECT {_EMPLOYMENT} AS id, 'Employment: ' || one_line(title) AS label,
               'People employed in this major group in the United States in May 2023, as the index copied it from a survey of employers.' AS description,
               'market_signal' AS evidence_kind, 'employment' AS measure, 'Copied by the index from the occupational employment statistics.' AS method,
               'neutral' AS direction, {dated()} AS dated, rounded(bls_distribution) AS "value", 'people employed' AS value_unit, {_CITED}, true AS _derived,
               '{EMPLOYMENT}:' || _row AS source_ref, _row
        FROM ({_EMPLOYED})"""),
    Projection("HAS_EVIDENCE.OccupationGroup.Evidence", "economic_index.employment", f"""
        SELECT g.id AS "from", {_EMPLOYMENT} AS "to", 'same_name' AS join_method, '{EMPLOYMENT}:' || e._row AS source_ref, true AS _derived, e._row
        FROM ({_EMPLOYED}) e JOIN ({_MAJOR.format("incoming")}) g ON g.name = lower(one_line(e.title))"""),
    Projection("Evidence", "economic_index.wages", f"""
        SELECT {_WAGE} AS id, 'Median pay, unit not stated: ' || coalesce(one_line(jobname), soccode) AS label,
               'Pay of an occupation of O*NET-SOC 2010 from an older, scraped file. Hourly and yearly pay stand in one column, so two of these figures must not be compared.' AS description,
               'market_signal' AS evidence_kind, 'median_pay_unit_unknown' AS measure, 'Scraped from the web by others and carried by the index.' AS method,
               'neutral' AS direction, {dated()} AS dated, rounded(mediansalary) AS "value", '{WAGE_UNIT}' AS value_unit, {_CITED}, true AS _derived,
               '{WAGES}:' || _row AS source_ref, _row
        FROM ({_PAID})"""),
    Projection("HAS_EVIDENCE.Occupation.Evidence", "economic_index.wage_links", f"""
        SELECT 'occupation/' || code AS "from", {_WAGE} AS "to", join_method, true AS _derived,
               '{WAGES}:' || _row || coalesce(' + ' || crosswalk_row, '') AS source_ref, row_number() OVER (ORDER BY _row, code) AS _row
        FROM ({_WAGE_LINKS})"""),
)  # fmt: skip

MARKET_JOINS: tuple[Join, ...] = (
    Join("wages", "wage rows are tied to an occupation of this build", f"""
        SELECT coalesce(w.soccode, '(none)') AS subject, '{WAGES}:' || w._row AS source_ref, l.method AS matched_by,
               CASE WHEN l.method IS NOT NULL THEN NULL WHEN w.mediansalary IS NULL OR fixed(w.mediansalary) = fixed('{_NO_FIGURE}') THEN 'no_figure'
                    WHEN NOT EXISTS (SELECT 1 FROM onet.occupation_data) THEN 'no_release_in_use' ELSE 'code_leads_nowhere' END AS reason
        FROM economic_index.wages w
        LEFT JOIN (SELECT "to", min(join_method) AS method FROM lexical."HAS_EVIDENCE.Occupation.Evidence" GROUP BY "to") l ON l."to" = {_WAGE}"""),
    Join("employment", "rows of employment are tied to a major group", f"""
        SELECT e.title AS subject, '{EMPLOYMENT}:' || e._row AS source_ref, l.join_method AS matched_by,
               CASE WHEN l.join_method IS NULL THEN 'no_major_group_of_this_name' END AS reason
        FROM ({_EMPLOYED}) e LEFT JOIN lexical."HAS_EVIDENCE.OccupationGroup.Evidence" l ON l."to" = {_EMPLOYMENT}"""),
)  # fmt: skip

MARKET_GAPS: tuple[GapQuery, ...] = (
    GapQuery("{0} shares of ways of working are of the whole index and tied to no task", "SELECT count(*) FROM economic_index.interactions"),
    GapQuery("{0} wage figures mix hourly and yearly pay in one column ({1} are below 1,000); they are signals and never a labour statistic", f"""
        SELECT count(*), count(*) FILTER (fixed(mediansalary) < fixed('1000')) FROM ({_PAID})"""),
    GapQuery("{0} of {1} wage rows have no figure (-1)", "SELECT count(*) FILTER (mediansalary IS NULL OR fixed(mediansalary) = fixed('-1')), count(*) FROM economic_index.wages"),
)  # fmt: skip
