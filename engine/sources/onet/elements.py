"""What occupations ask for and work with: skills, knowledge, interests, software and tools.

A rating v on a scale from low to high becomes (v - low) / (high - low), with the ends from Scales Reference.
"""

from __future__ import annotations

from engine.sources.layout import Projection


def element_records(target: str, prefix: str, table: str, file: str, condition: str = "true") -> Projection:
    """One record for each element that the file rates; name and description from the content model."""
    return Projection(target, f"onet.{table}", f"""
        SELECT DISTINCT ON (r.element_id) '{prefix}/' || r.element_id AS id, coalesce(c.element_name, r.element_name) AS label, r.element_id AS code, c.description,
               CASE WHEN c._row IS NULL THEN '{file}:' || r._row ELSE 'Content Model Reference.txt:' || c._row END AS source_ref, r._row
        FROM onet.{table} r LEFT JOIN onet.content_model_reference c USING (element_id)
        WHERE {condition} ORDER BY r.element_id, r._row""")


def standard_points(table: str, scales: str) -> str:
    """Common table `points`: each rating that occurs on these scales, standardized once (there are a few hundred among many thousand rows)."""
    return f"""points AS (
            SELECT v.scale_id, v.data_value, standardized(v.data_value, s.minimum, s.maximum) AS share
            FROM (SELECT DISTINCT scale_id, data_value FROM onet.{table} WHERE scale_id IN ({scales})) v LEFT JOIN onet.scales_reference s USING (scale_id))"""


def _requires(target: str, prefix: str, table: str, file: str) -> Projection:
    """Importance and level of an element in an occupation, in one row."""
    return Projection(target, f"onet.{table}", f"""
        WITH {standard_points(table, "'IM', 'LV'")}
        SELECT 'occupation/' || r.onet_soc_code AS "from", '{prefix}/' || r.element_id AS "to",
               max(p.share) FILTER (r.scale_id = 'IM') AS importance, max(p.share) FILTER (r.scale_id = 'LV') AS level,
               max(yes_no(r.recommend_suppress)) AS recommend_suppress, max(yes_no(r.not_relevant)) AS not_relevant,
               '{file}:' || rows_text(list(r._row ORDER BY r._row)) AS source_ref, min(r._row) AS _row
        FROM onet.{table} r LEFT JOIN points p ON p.scale_id = r.scale_id AND p.data_value = r.data_value
        WHERE r.scale_id IN ('IM', 'LV') GROUP BY r.onet_soc_code, r.element_id""")


def _technology(kind: str, table: str, file: str) -> Projection:
    """One record for each name; its commodity is the one under which the publisher lists it first."""
    return Projection("Technology", f"onet.{table}", f"""
        SELECT DISTINCT ON (id) technology_key('{kind}', example) AS id, one_line(example) AS label, commodity_code AS code, commodity_title AS commodity,
               '{kind}' AS technology_kind, '{file}:' || _row AS source_ref, _row
        FROM onet.{table} WHERE example IS NOT NULL ORDER BY id, _row""")


def _uses(kind: str, table: str, file: str, hot: str, demand: str) -> Projection:
    return Projection("USES.Occupation.Technology", f"onet.{table}", f"""
        SELECT 'occupation/' || onet_soc_code AS "from", technology_key('{kind}', example) AS "to", max(yes_no({hot})) AS hot_technology,
               max(yes_no({demand})) AS in_demand, '{file}:' || rows_text(list(_row ORDER BY _row)) AS source_ref, min(_row) AS _row
        FROM onet.{table} WHERE example IS NOT NULL GROUP BY ALL""")


_INTEREST_SCALE = "r.scale_id = 'OI'"

ELEMENT_PROJECTIONS: tuple[Projection, ...] = (
    _technology("software", "technology_skills", "Technology Skills.txt"),
    _technology("tool", "tools_used", "Tools Used.txt"),
    _uses("software", "technology_skills", "Technology Skills.txt", "hot_technology", "in_demand"),
    _uses("tool", "tools_used", "Tools Used.txt", "NULL::VARCHAR", "NULL::VARCHAR"),
    element_records("Skill", "skill", "skills", "Skills.txt"),
    element_records("Knowledge", "knowledge", "knowledge", "Knowledge.txt"),
    element_records("Interest", "interest", "interests", "Interests.txt", _INTEREST_SCALE),
    _requires("REQUIRES_SKILL.Occupation.Skill", "skill", "skills", "Skills.txt"),
    _requires("REQUIRES_KNOWLEDGE.Occupation.Knowledge", "knowledge", "knowledge", "Knowledge.txt"),
    Projection("HAS_INTEREST.Occupation.Interest", "onet.interests", f"""
        WITH {standard_points("interests", "'OI'")}
        SELECT 'occupation/' || r.onet_soc_code AS "from", 'interest/' || r.element_id AS "to", p.share AS interest_score,
               'Interests.txt:' || r._row AS source_ref, r._row
        FROM onet.interests r JOIN points p ON p.scale_id = r.scale_id AND p.data_value = r.data_value
        WHERE {_INTEREST_SCALE} AND p.share IS NOT NULL"""),
)  # fmt: skip
