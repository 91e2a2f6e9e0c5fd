"""The official crosswalk between ESCO and O*NET: which occupations correspond, and how closely.

The file states each match from the side of ESCO: `broadMatch` says that the O*NET occupation is the broader of the two. Its names
tell nothing of that, its rows do: `Fashion Designers` stands as broadMatch of the ESCO occupation `clothing fashion designer`, and over
the whole file an O*NET occupation has some eleven ESCO occupations by broadMatch, an ESCO occupation some five of O*NET by narrowMatch.
So the relation of a link that leads from ESCO to O*NET is the word of the file, unchanged.

The crosswalk ties concepts; it never says how a title is to be read, and the title index holds nothing of it.
"""

from __future__ import annotations

from engine.sources.esco.publisher import esco_key
from engine.sources.layout import GapQuery, Join, Projection, Publisher, TableLayout, columns

FILE = "crosswalk_esco_onet.csv"
HEADER_LINE = 17  # sixteen lines above it describe the mapping project

LINKS = TableLayout(
    FILE, "links", columns("O*NET Id, ESCO or ISCO URI, Type of Match", "O*NET Title, O*NET Description, ESCO or ISCO Title, ESCO or ISCO Description"),
    delimiter=",", quoted=True, multiline=True, header_line=HEADER_LINE, optional=False, keys=("O*NET Id", "ESCO or ISCO URI"),
)  # fmt: skip

_ESCO = esco_key("esco_or_isco_uri")
_ROW = f"'{FILE}:' || _row"

ESCO_ONET = Publisher(
    "esco-onet", (LINKS,),
    (Projection("MAPS_TO.EscoOccupation.Occupation", "esco_onet.links", f"""
        SELECT {_ESCO} AS "from", 'occupation/' || onet_id AS "to", type_of_match AS mapping_relation, {_ROW} AS source_ref, _row
        FROM esco_onet.links WHERE {_ESCO} IS NOT NULL"""),),
    (GapQuery("{0} of {1} links lead to an ISCO group, not to an ESCO occupation; no relation of the ontology holds them", """
        SELECT count(*) FILTER (NOT starts_with(esco_or_isco_uri, 'http://data.europa.eu/esco/occupation/')), count(*) FROM esco_onet.links"""),
     GapQuery("the crosswalk was made for ESCO 1.1.0: of its {0} ESCO occupations {1} are not in the release in use", f"""
        SELECT CASE WHEN count(*) FILTER (e.id IS NULL) > 0 THEN count(*) ELSE 0 END, count(*) FILTER (e.id IS NULL)
        FROM (SELECT DISTINCT {_ESCO} AS id FROM esco_onet.links WHERE {_ESCO} IS NOT NULL) l LEFT JOIN lexical."EscoOccupation" e USING (id)"""),),
    (Join("esco_onet_links", "links of the crosswalk join an ESCO occupation and an O*NET occupation of this build", f"""
        SELECT l.esco_or_isco_uri || ' to ' || l.onet_id AS subject, '{FILE}:' || l._row AS source_ref,
            CASE WHEN m."from" IS NOT NULL THEN 'same_code' END AS matched_by,
            CASE WHEN m."from" IS NOT NULL THEN NULL
                 WHEN l.esco IS NULL THEN 'leads to an ISCO group, which no relation of the ontology holds'
                 WHEN o.id IS NULL THEN 'the O*NET code is not in the release in use'
                 WHEN e.id IS NULL THEN 'the ESCO occupation is not in the release in use'
                 ELSE 'the pair is stated by another row' END AS reason
        FROM (SELECT *, {_ESCO} AS esco, 'occupation/' || onet_id AS occupation FROM esco_onet.links) l
        LEFT JOIN lexical."MAPS_TO.EscoOccupation.Occupation" m ON m."from" = l.esco AND m."to" = l.occupation
        LEFT JOIN lexical."EscoOccupation" e ON e.id = l.esco LEFT JOIN lexical."Occupation" o ON o.id = l.occupation"""),),
)  # fmt: skip
