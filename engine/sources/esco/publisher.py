"""ESCO put together: its occupations and groups, what stands above them, and what it leaves open.

A key is made of the publisher's address: `http://data.europa.eu/esco/occupation/<uuid>` becomes `esco/<uuid>`,
`http://data.europa.eu/esco/isco/C2654` becomes `isco/2654`. Labels keep the publisher's order.
"""

from __future__ import annotations

import re

from engine.sources.esco.files import FILES
from engine.sources.layout import GapQuery, Join, Projection, Publisher

_FOLDER = re.compile(r"esco\D*?(\d+)[._](\d+)[._](\d+)", re.IGNORECASE)
OCCUPATION_ADDRESS = "http://data.europa.eu/esco/occupation/"
GROUP_ADDRESS = "http://data.europa.eu/esco/isco/C"

_LABELS = r"list_filter(list_transform(regexp_split_to_array(altlabels, '\r?\n'), lambda x: trim(x)), lambda x: x <> '')"
_MANY = f"CASE WHEN len({_LABELS}) > 0 THEN {_LABELS} END"


def esco_key(address: str) -> str:
    """SQL for the key of an occupation from the column of its address; NULL for any other address."""
    return f"CASE WHEN starts_with({address}, '{OCCUPATION_ADDRESS}') THEN 'esco/' || substr({address}, {len(OCCUPATION_ADDRESS) + 1}) END"


def _group_key(address: str) -> str:
    return f"CASE WHEN starts_with({address}, '{GROUP_ADDRESS}') THEN 'isco/' || substr({address}, {len(GROUP_ADDRESS) + 1}) END"


def _broader(lower: str, upper: str) -> str:
    """Pairs of the hierarchy whose ends have the given keys."""
    return f"""SELECT {lower} AS "from", {upper} AS "to", 'broaderRelationsOccPillar_en.csv:' || _row AS source_ref, _row FROM esco.broader_relations
        WHERE {lower} IS NOT NULL AND {upper} IS NOT NULL"""


def release_of(folder: str, _read_me: str) -> str | None:
    """Release from a folder called like `esco_1_2_0` or `ESCO dataset - v1.2.0 - classification - en - csv`; the files do not tell it."""
    named = _FOLDER.search(folder)
    return f"{named[1]}.{named[2]}.{named[3]}" if named else None


PROJECTIONS = (
    Projection("EscoOccupation", "esco.occupations", f"""
        SELECT {esco_key("concepturi")} AS id, trim(preferredlabel) AS label, {_MANY} AS alternate_labels, code, concepturi AS concept_address,
            one_line(description) AS description, 'occupations_en.csv:' || _row AS source_ref, _row FROM esco.occupations WHERE {esco_key("concepturi")} IS NOT NULL"""),
    Projection("IscoGroup", "esco.isco_groups", f"""
        SELECT {_group_key("concepturi")} AS id, trim(preferredlabel) AS label, {_MANY} AS alternate_labels, code, concepturi AS concept_address,
            one_line(description) AS description, 'ISCOGroups_en.csv:' || _row AS source_ref, _row FROM esco.isco_groups WHERE {_group_key("concepturi")} IS NOT NULL"""),
    Projection("BROADER.EscoOccupation.EscoOccupation", "esco.broader_relations", _broader(esco_key("concepturi"), esco_key("broaderuri"))),
    Projection("BROADER.EscoOccupation.IscoGroup", "esco.broader_relations", _broader(esco_key("concepturi"), _group_key("broaderuri"))),
    Projection("BROADER.IscoGroup.IscoGroup", "esco.broader_relations", _broader(_group_key("concepturi"), _group_key("broaderuri"))),
)  # fmt: skip

GAPS = (
    GapQuery("the skills themselves and the skills of each occupation are not among the files that are read; {0} occupations stand without them", "SELECT count(*) FROM esco.occupations"),
    GapQuery("{0} of {1} ISCO groups hold no occupation directly; they stand above other groups, or are empty in ESCO", """
        SELECT count(*) FILTER (code NOT IN (SELECT iscogroup FROM esco.occupations WHERE iscogroup IS NOT NULL)), count(*) FROM esco.isco_groups"""),
    GapQuery("{0} of {1} occupations have a code under another ISCO group than the one they name", """
        SELECT count(*) FILTER (split_part(code, '.', 1) <> iscogroup), count(*) FROM esco.occupations"""),
    GapQuery("{0} occupations have hidden labels (misspellings for searching); they are read and not projected", "SELECT count(*) FROM esco.occupations WHERE hiddenlabels IS NOT NULL"),
    GapQuery("{0} occupations are not marked as released by the publisher; they are taken in all the same", "SELECT count(*) FROM esco.occupations WHERE status <> 'released'"),
    GapQuery("{0} rows have an address that is neither of an occupation nor of an ISCO group and are left out", f"""
        SELECT count(*) FROM (SELECT concepturi FROM esco.occupations WHERE {esco_key("concepturi")} IS NULL
        UNION ALL SELECT concepturi FROM esco.isco_groups WHERE {_group_key("concepturi")} IS NULL)"""),
)  # fmt: skip

JOINS = (
    Join("esco_hierarchy", "relations of the hierarchy join two records of this build", """
        SELECT b.concepturi || ' under ' || b.broaderuri AS subject, 'broaderRelationsOccPillar_en.csv:' || b._row AS source_ref,
            CASE WHEN lower.concept_address IS NOT NULL AND upper.concept_address IS NOT NULL THEN 'same_address' END AS matched_by,
            CASE WHEN lower.concept_address IS NULL THEN 'the lower concept is not in this build' WHEN upper.concept_address IS NULL THEN 'the upper concept is not in this build' END AS reason
        FROM esco.broader_relations b
        LEFT JOIN (SELECT concept_address FROM lexical."EscoOccupation" UNION SELECT concept_address FROM lexical."IscoGroup") lower ON lower.concept_address = b.concepturi
        LEFT JOIN (SELECT concept_address FROM lexical."EscoOccupation" UNION SELECT concept_address FROM lexical."IscoGroup") upper ON upper.concept_address = b.broaderuri"""),
)  # fmt: skip

ESCO = Publisher("esco", FILES, PROJECTIONS, GAPS, JOINS, release_of=release_of)
