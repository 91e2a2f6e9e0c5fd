"""The O*NET-SOC taxonomy of 2019, as far as it leads from older codes to its own: a publication apart from the database's releases.

The file may lie in any folder, under its publisher's name or as others redistribute it; what it says is the taxonomy's.
"""

from __future__ import annotations

from engine.sources.former_codes import onet_soc_2010
from engine.sources.layout import GapQuery, Identity, Join, Publisher, TableLayout, columns

_FILE = TableLayout(
    "2010_to_2019_Crosswalk.csv", "former_codes", columns("O*NET-SOC 2010 Code, O*NET-SOC 2010 Title, O*NET-SOC 2019 Code, O*NET-SOC 2019 Title"),
    delimiter=",", quoted=True, optional=False, keys=("O*NET-SOC 2010 Code", "O*NET-SOC 2019 Code"), identities=(Identity(("O*NET-SOC 2010 Code",), ("O*NET-SOC 2010 Title",)),),
    alternatives=("onetsoc_2010_to_2019_crosswalk.csv",),
)  # fmt: skip

_GAPS = (
    GapQuery("{0} of {1} codes of 2010 were split: they lead to several codes of 2019", """
        SELECT count(*) FILTER (n > 1), count(*) FROM (SELECT count(DISTINCT onet_soc_2019_code) AS n FROM onet_soc.former_codes WHERE onet_soc_2010_code IS NOT NULL GROUP BY onet_soc_2010_code)"""),
)  # fmt: skip

_JOINS = (
    Join("former_codes", "rows of the crosswalk lead from a code of 2010 to an occupation of this build", """
        SELECT coalesce(f.onet_soc_2010_code, '(none)') || ' to ' || coalesce(f.onet_soc_2019_code, '(none)') AS subject, f._file || ':' || f._row AS source_ref,
               CASE WHEN o.id IS NOT NULL THEN 'crosswalk' END AS matched_by,
               CASE WHEN o.id IS NOT NULL THEN NULL WHEN f.onet_soc_2010_code IS NULL THEN 'no code of 2010'
                    WHEN NOT EXISTS (SELECT 1 FROM lexical."Occupation") THEN 'this build holds no occupations' ELSE 'the code of 2019 is not an occupation of this build' END AS reason
        FROM onet_soc.former_codes f LEFT JOIN lexical."Occupation" o ON o.id = 'occupation/' || f.onet_soc_2019_code AND f.onet_soc_2010_code IS NOT NULL"""),
)  # fmt: skip


def release_of(_folder: str, _read_me: str) -> str | None:
    """The file's own name carries the edition."""
    return "2019"


ONET_SOC = Publisher("onet-soc", (_FILE,), onet_soc_2010("onet_soc.former_codes"), _GAPS, _JOINS, release_of=release_of)
