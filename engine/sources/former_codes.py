"""Codes of older classifications: one record for each, and what replaces it today, row by row of a published crosswalk.

A code that was split has several rows, codes that were merged lead to one; a code that did not change leads to itself. Keys are
`former/<classification>-<edition>-<code>`: `former/soc-2010-11-1011`, `former/onet-soc-2010-11-1011.00`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.sources.layout import Projection


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A staged crosswalk (`soc.former_codes`): its edition (`soc@2010`), its columns, the class and key prefix of what replaces a code."""

    table: str
    classification: str
    old_code: str
    old_title: str
    new_code: str
    replaced_by: str
    prefix: str


def former_code_projections(crosswalk: Crosswalk) -> tuple[Projection, Projection]:
    """FormerCode and REPLACED_BY of a crosswalk; `derived_by` is the staged table. Footnote marks such as `(#)` are no part of a name."""
    c = crosswalk
    former = f"""'former/{c.classification.replace("@", "-")}-' || "{c.old_code}" """.strip()
    return (
        Projection("FormerCode", c.table, f"""
            SELECT DISTINCT ON ("{c.old_code}") {former} AS id, coalesce(one_line(regexp_replace("{c.old_title}", '\\s*\\(#+\\)\\s*$', '')), "{c.old_code}") AS label,
                   "{c.old_code}" AS code, '{c.classification}' AS classification, _file || ':' || _row AS source_ref, _row
            FROM {c.table} WHERE "{c.old_code}" IS NOT NULL ORDER BY "{c.old_code}", _row"""),
        Projection(f"REPLACED_BY.FormerCode.{c.replaced_by}", c.table, f"""
            SELECT DISTINCT ON ("{c.old_code}", "{c.new_code}") {former} AS "from", '{c.prefix}/' || "{c.new_code}" AS "to", _file || ':' || _row AS source_ref, _row
            FROM {c.table} WHERE "{c.old_code}" IS NOT NULL AND "{c.new_code}" IS NOT NULL ORDER BY "{c.old_code}", "{c.new_code}", _row"""),
    )  # fmt: skip


def onet_soc_2010(table: str) -> tuple[Projection, Projection]:
    """The two projections of a crosswalk from O*NET-SOC 2010 to 2019 in its publisher's columns, whoever delivers it."""
    return former_code_projections(Crosswalk(table, "onet-soc@2010", "onet_soc_2010_code", "onet_soc_2010_title", "onet_soc_2019_code", "Occupation", "occupation"))
