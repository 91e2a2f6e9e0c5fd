"""The records behind candidates, from the record files of a snapshot: label, description, provenance, who authored and approved them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.graph import Snapshot
from engine.ontology import load_schema

NAMED = ("Role", "Function", "Archetype", "Occupation", "OccupationGroup")  # what a title can name
AUTHORED = "authored"
NAMING_KIND = "alias"  # of a name that we author, which a promoted answer proposes
_INSIDE = {  # relationships by which one thing stands inside another, and which of their ends is the outer one
    "MAPS_TO.Role.Occupation": "from", "IN_FUNCTION.Role.Function": "to", "FALLS_BACK_TO.Role.Function": "to", "IN_FUNCTION.OccupationGroup.Function": "to",
    "FALLS_BACK_TO.OccupationGroup.Archetype": "to", "FALLS_BACK_TO.Function.Archetype": "to",
}  # fmt: skip
_OWN_KINDS = (NAMING_KIND, "canonical")


@dataclass(frozen=True, slots=True)
class CandidateRecord:
    """A record that a title may name. `authored_by` are the owner of an authored record and those who approved it."""

    key: str
    label: str
    description: str
    source: str
    authored_by: tuple[str, ...]


class CandidateRecords:
    """Looks records up by key, many at once."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Nothing is read before the first question. Reading raises Corrupt where a file is not what was sealed."""
        self._snapshot, self._schema = snapshot, load_schema()
        sources = self._rows("Source", ("id", "owner", "layer"))
        self._owners = {str(s["id"]): str(s["owner"]) for s in sources if s["layer"] == AUTHORED and s["owner"]}

    @property
    def home(self) -> str:
        """Key of the authored content's source, in whose name a change would be authored; '' where the snapshot holds none."""
        return max(self._owners, default="")

    def nameable(self, key: str) -> bool:
        """Whether a title can name what has this key."""
        return self._schema.class_of_key(key) in NAMED

    def find(self, keys: Iterable[str]) -> Mapping[str, CandidateRecord]:
        """Records by key; keys that are no records of the snapshot are absent."""
        wanted = set(keys)
        found: dict[str, CandidateRecord] = {}
        for name in NAMED:
            mine = {k for k in wanted if self._schema.class_of_key(k) == name}
            if mine:
                approved = self._approved_by(name, mine)
                for row in self._rows(name, ("id", "label", "description", "source", "derived_by"), "id", mine):
                    key = str(row["id"])
                    authors = {*approved.get(key, ()), *self.owner_of(str(row["source"]) if row["derived_by"] == AUTHORED else "")}
                    found[key] = CandidateRecord(key, str(row["label"] or ""), str(row["description"] or ""), str(row["source"]), tuple(sorted(authors)))
        return found

    def owner_of(self, source: str) -> tuple[str, ...]:
        """The owner of an authored source; nobody for others."""
        return (self._owners[source],) if source in self._owners else ()

    def titles(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these titles are records."""
        return frozenset(str(r["id"]) for r in self._rows("Title", ("id",), "id", keys)) if keys else frozenset()

    def named_by(self, titles: Collection[str]) -> frozenset[tuple[str, str]]:
        """Pairs of a title and what it names by an authored name, for these titles. A publisher's own listing settles nothing: often it names several."""
        if not titles:
            return frozenset()
        tables = [t for t in self._schema.targets() if t.startswith("NAMES.Title.")]
        rows = (r for table in tables for r in self._rows(table, ("from", "to", "naming_kind"), "from", titles))
        return frozenset((str(r["from"]), str(r["to"])) for r in rows if r["naming_kind"] in _OWN_KINDS)

    def work_inside(self, keys: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Occupations and groups inside each of these keys: themselves; those that a role maps to; those authored into a function or archetype, with its roles."""
        return {key: frozenset(self._classed(key)) for key in keys}

    def _classed(self, key: str) -> Iterator[str]:
        if self._schema.class_of_key(key) in ("Occupation", "OccupationGroup"):
            yield key
        for inner in self._authored_into.get(key, ()):  # three steps at most: archetype, function, role, occupation
            yield from self._classed(inner)

    @cached_property
    def _authored_into(self) -> Mapping[str, tuple[str, ...]]:
        """Inner ends by outer end."""
        found: dict[str, list[str]] = {}
        for table, outer in _INSIDE.items():
            for row in self._rows(table, ("from", "to")):
                found.setdefault(str(row[outer]), []).append(str(row["to" if outer == "from" else "from"]))
        return {outer: tuple(sorted(inner)) for outer, inner in found.items()}

    def _approved_by(self, name: str, keys: Collection[str]) -> dict[str, list[str]]:
        table = f"SUPPORTED_BY.{name}.Evidence"
        if table not in self._schema.targets():
            return {}
        links = self._rows(table, ("from", "to"), "from", keys)
        evidence = {str(e["id"]): e for e in self._rows("Evidence", ("id", "evidence_kind", "approved_by"), "id", {str(x["to"]) for x in links})} if links else {}
        approved: dict[str, list[str]] = {}
        for link in links:
            backing = evidence.get(str(link["to"]), {})
            if backing.get("evidence_kind") == "approval" and backing.get("approved_by"):
                approved.setdefault(str(link["from"]), []).append(str(backing["approved_by"]))
        return approved

    def _rows(self, table: str, columns: Iterable[str], column: str = "", among: Collection[str] = ()) -> list[dict[str, Any]]:
        import pyarrow.parquet as pq

        filters = [(column, "in", sorted(among))] if column else None
        rows: list[dict[str, Any]] = pq.read_table(self._snapshot.verified_path(f"records/{table}.parquet"), columns=list(columns), filters=filters).to_pylist()
        return rows
