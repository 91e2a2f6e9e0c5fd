"""Records that agree in their provenance are of one kind, and a shape that reads nothing else gives them one verdict.

So such a shape is judged once for each kind. A kind is a row of `record_kinds`: record table, source, release, licence,
confidence, derivation. Records that are somebody's source stand there under their own key as well, so that the path from
a record to its source leads where it would lead in the whole. What fails is judged again, record by record.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.ontology import NAMESPACE, Schema
from engine.shapes.algebra import (
    And,
    ClassOf,
    Constraint,
    Disjoint,
    Equals,
    LessThan,
    NodeShapeOf,
    Not,
    Or,
    PropertyShapeOf,
    Shape,
    Shapes,
    TargetClass,
    Xone,
)
from engine.shapes.compile.value_tests import LOOKS_AT_ONE_VALUE, LOOKS_AT_VALUES
from engine.shapes.paths import Inverse, Path, Predicate
from engine.shapes.paths import Sequence as SequencePath
from engine.shapes.records.record_views import LexicalRecords, RecordViews
from engine.shapes.sql.relations import quoted
from engine.shapes.terms import DATATYPE_CODES, IRI_CODE, RDF, XSD, Term

KINDS = "record_kinds"
COLUMNS = ("source", "release", "licence", "confidence", "derived_by")
IDENTITY = NAMESPACE + "id"
# by the ontology's name
PREDICATES = {NAMESPACE + "".join(w.title() if n else w for n, w in enumerate(c.split("_"))): c for c in COLUMNS}


def reads_kind(shapes: Shapes, shape: Shape, constraint: Constraint) -> bool:
    """Whether what a constraint of a targeted shape says depends on the kind of a record alone."""
    read = _read(shapes, constraint) if shape.path is None and all(isinstance(t, TargetClass) for t in shape.targets) else None
    return read is not None and read <= PREDICATES.keys()



def _read(shapes: Shapes, constraint: Constraint) -> set[str] | None:
    """Predicates of the focus node that a constraint on it reads; None where it reads more than its own row and its source."""
    match constraint:
        case ClassOf():
            return set()
        case PropertyShapeOf(node):
            inner = shapes.shapes[node]
            first = _first(inner.path)
            if inner.deactivated or first is None or not all(isinstance(c, (*LOOKS_AT_ONE_VALUE, *LOOKS_AT_VALUES)) for c in inner.constraints):
                return set() if inner.deactivated else None
            return {first, *(c.predicate for c in inner.constraints if isinstance(c, (Equals, Disjoint, LessThan)))}
        case NodeShapeOf(node) | Not(node):
            return _together(shapes, [node])
        case And(nodes) | Or(nodes) | Xone(nodes):
            return _together(shapes, nodes)
        case _:
            return None


def _together(shapes: Shapes, nodes: Sequence[Term]) -> set[str] | None:
    found: set[str] = set()
    for shape in (shapes.shapes[n] for n in nodes):
        if shape.path is not None:
            return None
        for constraint in () if shape.deactivated else shape.constraints:
            read = _read(shapes, constraint)
            if read is None:
                return None
            found |= read
    return found


def _first(path: Path | None) -> str | None:
    """The predicate of the record's own row with which a path begins, if it ends there or goes on at the source."""
    match path:
        case Predicate(iri):
            return iri
        case SequencePath((Predicate(iri), Inverse(Predicate(identity))) | (Predicate(iri), Inverse(Predicate(identity)), Predicate())) if identity == IDENTITY:
            return iri
        case _:
            return None


class KindViews(RecordViews):
    """Record kinds as predicate views; predicates that no kind has are those of all records."""

    def __init__(self, records: LexicalRecords, schema: Schema) -> None:
        super().__init__(records, schema)
        named = ", ".join(COLUMNS)
        kinds = " UNION ALL ".join(f"SELECT '{t.target}' AS target, {named} FROM {t.name} GROUP BY ALL" for t in self.tables)
        self.connection.execute(f"CREATE OR REPLACE TABLE {KINDS} AS SELECT 'kind/' || row_number() OVER (ORDER BY target, {named}) AS k, FALSE AS is_record, * FROM ({kinds})")
        sources = " UNION ALL ".join(f"SELECT id AS k, TRUE AS is_record, '{t.target}' AS target, {named} FROM {t.name} WHERE id IN (SELECT source FROM {KINDS})" for t in self.tables if not t.relation)
        self.connection.execute(f"INSERT INTO {KINDS} {sources}")

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:
        """SQL of (s, v, d, l) for a predicate."""
        if predicate in PREDICATES:
            column = PREDICATES[predicate]
            code = DATATYPE_CODES[XSD + ("decimal" if column == "confidence" else "string")]
            return f"(SELECT k AS s, {column} AS v, {code}::SMALLINT AS d, '' AS l FROM {KINDS} WHERE {column} IS NOT NULL)"
        if predicate == IDENTITY:
            return f"(SELECT k AS s, k AS v, {DATATYPE_CODES[XSD + 'string']}::SMALLINT AS d, '' AS l FROM {KINDS} WHERE is_record)"
        if predicate == RDF + "type":
            rows = ", ".join(f"({quoted(t.target)}, {quoted(c)})" for t in self.tables for c in t.classes)
            return f"(SELECT k AS s, c AS v, {IRI_CODE}::SMALLINT AS d, '' AS l FROM {KINDS} JOIN (VALUES {rows}) t(target, c) USING (target))"
        return super().relation(predicate, within)

    def instances(self, classes: Sequence[str]) -> str | None:
        """SQL of (n): keys of the kinds of records of some classes."""
        targets = ", ".join(quoted(t.target) for t in self.tables if not set(classes).isdisjoint(t.classes))
        return f"SELECT k AS n FROM {KINDS} WHERE target IN ({targets or quoted('')})"

    def records_of(self, kinds: Sequence[str]) -> str:
        """SQL of (f): keys of all records of some kinds."""
        chosen = ", ".join(map(quoted, kinds))
        targets = {r[0] for r in self.connection.execute(f"SELECT DISTINCT target FROM {KINDS} WHERE k IN ({chosen})").fetchall()}
        same = " AND ".join(f"a.{c} IS NOT DISTINCT FROM b.{c}" for c in COLUMNS)
        tables = [t for t in self.tables if t.target in targets]
        return " UNION ".join(f"SELECT {t.subject} AS f FROM {t.name} a WHERE EXISTS (SELECT 1 FROM {KINDS} b WHERE b.k IN ({chosen}) AND b.target = '{t.target}' AND {same})" for t in tables)
