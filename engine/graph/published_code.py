"""The records that a publisher's bare code stands for: `15-1131.00` as people find it in older tables, today's or a former one."""

from __future__ import annotations

import re

from engine.contracts import BadInput
from engine.graph.store import GraphStore
from engine.ontology import Schema

_CODE = re.compile(r"[0-9]{2}-[0-9]{4}(?:\.[0-9]{2})?", re.ASCII)
_TODAY = ("Occupation", "OccupationGroup")


def is_published_code(text: str) -> bool:
    """Whether a text has the form of a SOC or O*NET-SOC code, of whatever edition."""
    return _CODE.fullmatch(text) is not None


def records_of_code(store: GraphStore, schema: Schema, code: str) -> tuple[str, ...]:
    """Keys of the records with this code: what has it today, then the former codes of it by key. Empty for a text that is no code.

    Raises BadInput GRA301 where the graph has no record of the code.
    """
    if not is_published_code(code):
        return ()
    found: list[str] = []
    for kind in (*_TODAY, "FormerCode"):
        if kind in schema.classes:
            found += sorted(str(row[0]) for row in store.execute(f"MATCH (n:{kind}) WHERE n.code = $code RETURN n.id", {"code": code}).rows)
    if not found:
        why = "no occupation and no class of work has it, and no crosswalk of this graph leads from it"
        raise BadInput.at("GRA301", f"the graph has no record of the code `{code}`", why=why, fix="`wig sources status` names the crosswalks that came in; build with a `--source-dir` that holds them")
    return tuple(found)
