"""Occupations, their titles, their classes of work and their neighbours."""

from __future__ import annotations

from engine.sources.layout import Projection


def _title(column: str, table: str, file: str, derived_by: str) -> Projection:
    return Projection("Title", derived_by, f"""
        SELECT title_key({column}) AS id, one_line({column}) AS label, '{file}:' || _row AS source_ref, _row
        FROM onet.{table} WHERE {column} IS NOT NULL""")


def _naming(column: str, table: str, file: str, kind: str, sources: str, derived_by: str) -> Projection:
    """`sources` is the expression for the publisher's own codes of the title."""
    return Projection("NAMES.Title.Occupation", derived_by, f"""
        SELECT title_key({column}) AS "from", 'occupation/' || onet_soc_code AS "to", '{kind}' AS naming_kind, {sources} AS publisher_sources,
               '{file}:' || _row AS source_ref, _row
        FROM onet.{table} WHERE {column} IS NOT NULL""")


OCCUPATION_PROJECTIONS: tuple[Projection, ...] = (
    Projection("Occupation", "onet.occupations", """
        SELECT 'occupation/' || o.onet_soc_code AS id, o.title AS label, o.onet_soc_code AS code, o.description, z.job_zone,
               'Occupation Data.txt:' || o._row || coalesce(' + Job Zones.txt:' || z._row, '') AS source_ref, o._row
        FROM onet.occupation_data o LEFT JOIN onet.job_zones z USING (onet_soc_code)"""),
    Projection("BROADER.Occupation.OccupationGroup", "onet.occupation_groups", """
        SELECT 'occupation/' || onet_soc_code AS "from", 'soc/' || left(onet_soc_code, 7) AS "to", 'Occupation Data.txt:' || _row AS source_ref, _row
        FROM onet.occupation_data"""),
    _title("title", "occupation_data", "Occupation Data.txt", "onet.occupation_names"),
    _title("alternate_title", "alternate_titles", "Alternate Titles.txt", "onet.alternate_titles"),
    _title("short_title", "alternate_titles", "Alternate Titles.txt", "onet.short_titles"),
    _title("reported_job_title", "reported_titles", "Sample of Reported Titles.txt", "onet.reported_titles"),
    _naming("title", "occupation_data", "Occupation Data.txt", "canonical", "NULL::VARCHAR", "onet.occupation_names"),
    _naming("alternate_title", "alternate_titles", "Alternate Titles.txt", "alternate", "source_s", "onet.alternate_titles"),
    _naming("short_title", "alternate_titles", "Alternate Titles.txt", "alternate", "source_s", "onet.short_titles"),
    _naming("reported_job_title", "reported_titles", "Sample of Reported Titles.txt", "reported", "NULL::VARCHAR", "onet.reported_titles"),
    Projection("RELATED_TO.Occupation.Occupation", "onet.related_occupations", """
        SELECT 'occupation/' || onet_soc_code AS "from", 'occupation/' || related_onet_soc_code AS "to", "index" AS relatedness_rank,
               relatedness_tier, 'Related Occupations.txt:' || _row AS source_ref, _row
        FROM onet.related_occupations"""),
)  # fmt: skip
