"""The fast yes: shapes that look at the columns of one row are held against whole tables in one pass.

A guard is sound and exact: a row that passes conforms to the shape, and only rows that do not pass are judged by the full
program, which then says what is wrong with them. Shapes that look further than one row have no guard.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.ontology import PropertyDef
from engine.shapes.algebra import Constraint, HasValue, MaxCount, MinCount, PropertyShapeOf, Shape, Shapes, TargetClass
from engine.shapes.compile.value_tests import LOOKS_AT_ONE_VALUE, failure, one_of
from engine.shapes.paths import Predicate
from engine.shapes.records.record_views import RecordTable, RecordViews, code_of

ROW_LOCAL = (*LOOKS_AT_ONE_VALUE, MinCount, MaxCount, HasValue)


def reads_row(shapes: Shapes, constraint: Constraint, tables: Sequence[RecordTable]) -> bool:
    """Whether a guard can judge a constraint of a targeted shape over its tables."""
    if not isinstance(constraint, PropertyShapeOf):
        return False
    inner = shapes.shapes[constraint.shape]
    if not isinstance(inner.path, Predicate) or not all(isinstance(c, ROW_LOCAL) for c in inner.constraints):
        return False
    return any(t.column(inner.path.iri) is not None for t in tables)


def by_class(shape: Shape) -> bool:
    """Whether the focus nodes of a node shape are the records of some classes and nothing else."""
    return shape.path is None and all(isinstance(t, TargetClass) for t in shape.targets)


def tables_of(shape: Shape, views: RecordViews) -> tuple[RecordTable, ...]:
    """Tables whose rows are the focus nodes of a node shape; () where its targets are not classes alone."""
    if not by_class(shape):
        return ()
    wanted = {t.iri for t in shape.targets if isinstance(t, TargetClass)}
    return tuple(t for t in views.tables if not wanted.isdisjoint(t.classes))


def guard(shapes: Shapes, constraints: Sequence[Constraint], table: RecordTable, views: RecordViews) -> str:
    """SQL of (f): keys of the rows of a table that may break a constraint."""
    conditions = []
    for constraint in constraints:
        inner = shapes.shapes[constraint.shape] if isinstance(constraint, PropertyShapeOf) else None
        if inner is not None and isinstance(inner.path, Predicate) and not inner.deactivated:
            conditions += _conditions(inner.constraints, table.column(inner.path.iri), views)
    return f"SELECT {table.subject} AS f FROM {table.name} WHERE NOT ({' AND '.join(conditions) or 'TRUE'})"


def _conditions(constraints: Sequence[Constraint], column: PropertyDef | None, views: RecordViews) -> list[str]:
    """Conditions under which the column of a row conforms; never NULL."""
    least = max((c.count for c in constraints if isinstance(c, MinCount)), default=0)
    most = min((c.count for c in constraints if isinstance(c, MaxCount)), default=None)
    must = [c for c in constraints if isinstance(c, HasValue)]
    if column is None:
        return [] if least == 0 and not must else ["FALSE"]
    name, code = column.column, str(code_of(column))
    element = f"{name}_value" if column.many else name
    tests = [f"NOT {test}" for c in constraints if (test := failure(c, views, element, code, "''")) is not None]
    every = " AND ".join(tests) or "TRUE"
    if not column.many:
        present = [every, *(one_of((c.value,), views, element, code, "''") for c in must), "FALSE" if least > 1 or most == 0 else "TRUE"]
        absent = "FALSE" if least or must else "TRUE"
        return [f"(CASE WHEN {name} IS NULL THEN {absent} ELSE {' AND '.join(present)} END)"]
    size = f"coalesce(len(list_distinct({name})), 0)"
    found = [f"(len(list_filter(coalesce({name}, []), lambda {element}: NOT ({every}))) = 0)"] if tests else []
    found += [f"(len(list_filter(coalesce({name}, []), lambda {element}: {one_of((c.value,), views, element, code, empty)})) > 0)" for c in must for empty in ("''",)]
    return [*found, *([f"{size} >= {least}"] if least else []), *([f"{size} <= {most}"] if most is not None else [])]
