"""What a delivery of SOC 2018 adds to the embedded structure: definitions, direct-match titles, the crosswalk from 2010.

The groups themselves come from the embedded structure only. A delivered definition is written into the group's record; a
delivered structure is compared with the embedded one, and what differs is counted and not loaded.
"""

from __future__ import annotations

from engine.sources.former_codes import Crosswalk, former_code_projections
from engine.sources.layout import Column, GapQuery, Identity, Join, Projection, Publisher, TableLayout, columns

_TITLE = "2018 SOC Direct Match Title"
_TITLED = "2018_soc_direct_match_title"

_FILES = (
    TableLayout(
        "soc_2018_direct_match_title_file.csv", "direct_match_titles", columns(f"2018 SOC Code, 2018 SOC Title, {_TITLE}", "Illustrative Example"),
        delimiter=",", quoted=True, telling=True, keys=("2018 SOC Code", _TITLE), identities=(Identity(("2018 SOC Code",), ("2018 SOC Title",)),),
        alternatives=("soc_2018_direct_match_title_file.xlsx",), absence="the titles that the publisher files under each class of work",
    ),
    TableLayout(
        "soc_2018_definitions.csv", "definitions", columns("SOC Group, SOC Code, SOC Title, SOC Definition"),
        delimiter=",", quoted=True, telling=True, multiline=True, keys=("SOC Code",), identities=(Identity(("SOC Code",), ("SOC Title", "SOC Definition")),),
        alternatives=("soc_2018_definitions.xlsx",), absence="the definitions of the classes of work",
    ),
    TableLayout(
        "soc_structure_2018.csv", "structure", (*columns("Major Group, Minor Group, Broad Group, Detailed Occupation"), Column("", required=False)),
        delimiter=",", quoted=True, telling=True, header_line=8, keys=("Major Group", "Minor Group", "Broad Group", "Detailed Occupation"),
        alternatives=("soc_structure_2018.xlsx",), absence="the publisher's own structure, with which the embedded one could be compared",
    ),
    TableLayout(
        "soc_2010_to_2018_crosswalk.csv", "former_codes", columns("2010 SOC Code, 2010 SOC Title, 2018 SOC Code, 2018 SOC Title"),
        delimiter=",", quoted=True, telling=True, open_end=True, keys=("2010 SOC Code", "2018 SOC Code"),
        identities=(Identity(("2010 SOC Code",), ("2010 SOC Title",)), Identity(("2018 SOC Code",), ("2018 SOC Title",))),
        alternatives=("soc_2010_to_2018_crosswalk.xlsx",), absence="the way from codes of 2010 to those of 2018",
    ),
)  # fmt: skip

_FORMER = Crosswalk("soc.former_codes", "soc@2010", "2010_soc_code", "2010_soc_title", "2018_soc_code", "OccupationGroup", "soc")

_PROJECTIONS = (
    Projection("OccupationGroup", "soc.structure_with_definitions", """
        SELECT 'soc/' || soc_code AS id, one_line(soc_definition) AS description, _file || ':' || _row AS source_ref, _row
        FROM soc.definitions WHERE soc_definition IS NOT NULL""", fills=("description",)),
    Projection("Title", "soc.direct_match_titles", f"""
        SELECT title_key("{_TITLED}") AS id, one_line("{_TITLED}") AS label, _file || ':' || _row AS source_ref, _row
        FROM soc.direct_match_titles WHERE "{_TITLED}" IS NOT NULL"""),
    Projection("NAMES.Title.OccupationGroup", "soc.direct_match_titles", f"""
        SELECT title_key("{_TITLED}") AS "from", 'soc/' || "2018_soc_code" AS "to", 'direct_match' AS naming_kind,
               _file || ':' || _row AS source_ref, _row
        FROM soc.direct_match_titles WHERE "{_TITLED}" IS NOT NULL"""),
    *former_code_projections(_FORMER),
)  # fmt: skip

# the delivered structure, a code on each line under the heading of its level
_DELIVERED = """
    delivered AS (
        SELECT coalesce(major_group, minor_group, broad_group, detailed_occupation) AS code, one_line(unnamed) AS name,
               CASE WHEN major_group IS NOT NULL THEN 'major' WHEN minor_group IS NOT NULL THEN 'minor' WHEN broad_group IS NOT NULL THEN 'broad' ELSE 'detailed' END AS level
        FROM soc.structure WHERE coalesce(major_group, minor_group, broad_group, detailed_occupation) IS NOT NULL
    ), embedded AS (SELECT code, label AS name, group_level AS level FROM lexical."OccupationGroup" WHERE source = 'source/soc@2018')"""

_GAPS = (
    GapQuery("{0} of {1} codes of the delivered structure differ from the embedded one, which stands: {2} are missing in it, {3} are only in it, {4} have another name, {5} another level", f"""
        WITH {_DELIVERED}, met AS (
            SELECT e.code IS NULL AS missing, d.code IS NULL AS surplus, coalesce(e.name <> d.name, false) AS renamed, coalesce(e.level <> d.level, false) AS moved
            FROM delivered d FULL JOIN embedded e ON e.code = d.code WHERE EXISTS (SELECT 1 FROM soc.structure))
        SELECT count(*) FILTER (missing OR surplus OR renamed OR moved), count(*), count(*) FILTER (missing), count(*) FILTER (surplus), count(*) FILTER (renamed), count(*) FILTER (moved)
        FROM met"""),
    GapQuery("{0} of {1} detailed classes of work have no definition; it stays empty", """
        SELECT count(*) FILTER (description IS NULL), count(*) FROM lexical."OccupationGroup" WHERE group_level = 'detailed' AND EXISTS (SELECT 1 FROM soc.definitions)"""),
    GapQuery("{0} definitions are of codes that the structure does not have and are left out", """
        SELECT count(*) FROM soc.definitions d WHERE d.soc_definition IS NOT NULL AND 'soc/' || d.soc_code NOT IN (SELECT id FROM lexical."OccupationGroup")"""),
    GapQuery("{0} of {1} detailed classes of work have no direct-match title", """
        SELECT count(*) FILTER (t.code IS NULL), count(*) FROM lexical."OccupationGroup" g LEFT JOIN (SELECT DISTINCT "2018_soc_code" AS code FROM soc.direct_match_titles) t ON t.code = g.code
        WHERE g.group_level = 'detailed' AND EXISTS (SELECT 1 FROM soc.direct_match_titles)"""),
    GapQuery("{0} of {1} codes of 2010 were split: they lead to several codes of 2018", """
        SELECT count(*) FILTER (n > 1), count(*) FROM (SELECT count(DISTINCT "2018_soc_code") AS n FROM soc.former_codes WHERE "2010_soc_code" IS NOT NULL GROUP BY "2010_soc_code")"""),
)  # fmt: skip

_JOINS = (
    Join("former_codes", "rows of the crosswalk lead from a code of 2010 to a class of work of today", """
        SELECT coalesce(f."2010_soc_code", '(none)') || ' to ' || coalesce(f."2018_soc_code", '(none)') AS subject, f._file || ':' || f._row AS source_ref,
               CASE WHEN g.id IS NOT NULL THEN 'crosswalk' END AS matched_by,
               CASE WHEN g.id IS NOT NULL THEN NULL WHEN f."2010_soc_code" IS NULL THEN 'no code of 2010' ELSE 'the code of 2018 is not in the structure' END AS reason
        FROM soc.former_codes f LEFT JOIN lexical."OccupationGroup" g ON g.id = 'soc/' || f."2018_soc_code" AND f."2010_soc_code" IS NOT NULL"""),
    Join("direct_match_titles", "direct-match titles name a class of work", """
        SELECT t."2018_soc_direct_match_title" AS subject, t._file || ':' || t._row AS source_ref,
               CASE WHEN g.id IS NOT NULL THEN 'same_code' END AS matched_by, CASE WHEN g.id IS NULL THEN 'the code is not in the structure' END AS reason
        FROM soc.direct_match_titles t LEFT JOIN lexical."OccupationGroup" g ON g.id = 'soc/' || t."2018_soc_code" """),
)  # fmt: skip


def release_of(_folder: str, _read_me: str) -> str | None:
    """The delivered files' own names carry their release, so their folder may have any name."""
    return "2018"


SOC = Publisher("soc", _FILES, _PROJECTIONS, _GAPS, _JOINS, release_of=release_of)
