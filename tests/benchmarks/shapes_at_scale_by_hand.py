"""The shapes of shapes_at_scale_data written out by hand in DuckDB's SQL, over the same tables: what the compiled statements are measured against.

Rows: focus node, value (v, d, l; NULL where the result has none) and local name of the constraint component.
"""

from __future__ import annotations

from shapes_at_scale_data import BASE, DEF, LABEL, TYPE

from engine.shapes.views import PredicateViews

STRING, LANG_STRING, INTEGER, DECIMAL, DATE = 2, 3, 5, 6, 9
NO_DECIMAL = f"d <> {DECIMAL} OR NOT regexp_full_match(v, '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)')"
NO_INTEGER = f"d <> {INTEGER} OR NOT regexp_full_match(v, '[+-]?[0-9]+')"
NO_DATE = f"d <> {DATE} OR length(v) <> 10 OR TRY_CAST(v AS DATE) IS NULL"


def _number(of: str = "") -> str:
    """A value as a number, NULL where it is none."""
    return f"CASE WHEN {of}d BETWEEN 5 AND 8 THEN TRY_CAST({of}v AS DOUBLE) END"


NUMBER = _number()


def rows_by_hand(views: PredicateViews) -> list[tuple[str, str | None, int | None, str | None, str]]:
    """All violations: one statement a class and one for the SPARQL, so that only a class's hash tables stand in memory at once."""
    return [row for statement in (*_core(views), _sparql(views)) for row in views.connection.execute(statement).fetchall()]


def _core(views: PredicateViews) -> list[str]:
    types = views.relation(TYPE)

    def table(name: str) -> str:
        return views.relation(LABEL if name == "label" else DEF + name)

    def values(kind: str, name: str, **wrong: str) -> str:
        """One pass over a predicate for all constraints on single values."""
        found = ", ".join(f"CASE WHEN {condition} THEN '{component}' END" for component, condition in wrong.items())
        return f"SELECT '{DEF}{kind}' AS k, s, v, d, l, unnest([{found}]) AS c FROM {table(name)} WHERE {' OR '.join(f'({w})' for w in wrong.values())}"

    def at_least_one(kind: str, name: str, column: str = "s", component: str = "MinCount", only: str = "true") -> str:
        return f"SELECT t.v AS k, t.s, NULL AS v, NULL AS d, NULL AS l, '{component}' AS c FROM {types} t ANTI JOIN (FROM {table(name)} WHERE {only}) e ON e.{column} = t.s WHERE t.v = '{DEF}{kind}'"

    def at_most(kind: str, name: str, most: int = 1, column: str = "s") -> str:
        return f"SELECT '{DEF}{kind}' AS k, {column} AS s, NULL AS v, NULL AS d, NULL AS l, 'MaxCount' AS c FROM {table(name)} GROUP BY {column} HAVING count(*) > {most}"

    def of_class(kind: str, name: str, meant: str) -> str:
        return f"SELECT '{DEF}{kind}' AS k, e.*, 'Class' AS c FROM {table(name)} e ANTI JOIN (FROM {types} WHERE v = '{DEF}{meant}') t ON t.s = e.v AND e.d <= 1"

    def not_in(*local: str) -> str:
        named = ", ".join(f"'{BASE}{name}'" for name in local)
        return f"d <> 0 OR v NOT IN ({named})"

    occupations = [
        values("Occupation", "code", Datatype=f"d <> {STRING}", Pattern=r"NOT regexp_matches(v, '^[0-9]{2}-[0-9]{4}\.[0-9]{2}$')"),
        at_least_one("Occupation", "code"), at_most("Occupation", "code"),
        values("Occupation", "label", Datatype=f"d <> {LANG_STRING}", LanguageIn="split_part(l, '-', 1) NOT IN ('en', 'de')"), at_least_one("Occupation", "label"),
        f"SELECT '{DEF}Occupation' AS k, s, NULL AS v, NULL AS d, NULL AS l, 'UniqueLang' AS c FROM {table('label')} WHERE l <> '' GROUP BY s, l HAVING count(*) > 1",
        values("Occupation", "description", MinLength="length(v) < 20", MaxLength="length(v) > 400"), at_most("Occupation", "description"),
        values("Occupation", "jobZone", In=f"d <> {INTEGER} OR v NOT IN ('1', '2', '3', '4', '5')"), at_most("Occupation", "jobZone"),
        values("Occupation", "group", NodeKind="d <> 0"), at_least_one("Occupation", "group"), of_class("Occupation", "group", "Group"),
        at_least_one("Occupation", "titleOf", "v"), at_most("Occupation", "taskOf", 60, "v"),
    ]  # fmt: skip
    tasks = [
        at_least_one("Task", "taskOf"), at_most("Task", "taskOf"), of_class("Task", "taskOf", "Occupation"),
        values("Task", "statement", Datatype=f"d <> {STRING}", MinLength="length(v) < 12"), at_least_one("Task", "statement"),
        values("Task", "importance", Datatype=NO_DECIMAL, MinInclusive=f"coalesce({NUMBER}, 0) < 1", MaxInclusive=f"coalesce({NUMBER}, 6) > 5"),
        values("Task", "kind", In=f"d <> {STRING} OR v NOT IN ('Core', 'Supplemental')"), at_least_one("Task", "kind"),
        values("Task", "updated", Datatype=NO_DATE), at_most("Task", "updated"),
        values("Task", "share", Datatype=NO_INTEGER, MinInclusive=f"coalesce({NUMBER}, -1) < 0", MaxInclusive=f"coalesce({NUMBER}, 101) > 100"),
    ]  # fmt: skip
    titles = [
        values("Title", "titleOf", NodeKind="d <> 0"), at_least_one("Title", "titleOf"), of_class("Title", "titleOf", "Occupation"),
        values("Title", "text", MaxLength="length(v) > 120", LanguageIn="split_part(l, '-', 1) <> 'en'"), at_least_one("Title", "text"),
        values("Title", "short", MaxLength="length(v) > 24"), at_most("Title", "short"), values("Title", "origin", In=not_in("origin/survey", "origin/employer", "origin/census")),
    ]  # fmt: skip
    ratings = [
        at_least_one("Rating", "ratingOf"), at_most("Rating", "ratingOf"), of_class("Rating", "ratingOf", "Occupation"),
        at_least_one("Rating", "element"), at_most("Rating", "element"), of_class("Rating", "element", "Element"),
        values("Rating", "scale", In=not_in("scale/IM", "scale/LV")), at_least_one("Rating", "scale"),
        values("Rating", "value", Datatype=NO_DECIMAL, MinInclusive=f"coalesce({NUMBER}, -1) < 0", MaxInclusive=f"coalesce({NUMBER}, 8) > 7"), at_least_one("Rating", "value"), at_most("Rating", "value"),
        values("Rating", "error", Datatype=NO_DECIMAL, MinInclusive=f"coalesce({NUMBER}, -1) < 0", MaxExclusive=f"coalesce({NUMBER}, 3) >= 3"),
        values("Rating", "sample", Datatype=NO_INTEGER, MinExclusive=f"coalesce({NUMBER}, 0) <= 0"),
        f"SELECT '{DEF}Rating' AS k, a.*, 'LessThanOrEquals' AS c FROM {table('lower')} a JOIN {table('upper')} b USING (s)"
        f" WHERE NOT coalesce({_number('a.')} <= {_number('b.')}, false)",
        values("Rating", "upper", Datatype=NO_DECIMAL),
        values("Rating", "surveyed", Datatype=NO_DATE, MinInclusive="CASE WHEN d = 9 THEN coalesce(TRY_CAST(v AS DATE) < DATE '2000-01-01', true) ELSE true END"),
        at_least_one("Rating", "source", component="HasValue", only=f"d = 0 AND v = '{BASE}source/survey'"),
    ]  # fmt: skip
    elements = [
        values("Element", "label", Datatype=f"d <> {LANG_STRING}"), at_least_one("Element", "label"),
        values("Element", "key", Pattern=r"NOT regexp_matches(v, '^[1-9](\.[A-Z](\.[0-9]+)*)$')"), at_least_one("Element", "key"),
        values("Element", "within", NodeKind="d <> 0"), at_most("Element", "within"),
    ]  # fmt: skip
    # few rows are wrong: whether they stand at a node of the class is asked of these alone
    head, tail = "SELECT b.s, b.v, b.d, b.l, b.c FROM (", f") b SEMI JOIN {types} t ON t.s = b.s AND t.v = b.k WHERE b.c IS NOT NULL"
    return [head + " UNION ALL ".join(branches) + tail for branches in (occupations, tasks, titles, ratings, elements)]


def _sparql(views: PredicateViews) -> str:
    types, relation = views.relation(TYPE), {name: views.relation(DEF + name) for name in ("taskOf", "share", "value", "scale", "maximum", "suppressed")}
    # in SPARQL a sum over something that is no number is an error, and an error reports nothing
    return f"""
        SELECT o.s, o.s, 0, '', 'SPARQL' FROM {types} o JOIN (
            SELECT t.v AS s FROM {relation["taskOf"]} t JOIN {relation["share"]} e ON e.s = t.s
            GROUP BY t.v HAVING sum({_number("e.")}) <> 100 AND count(*) = count({_number("e.")})
        ) b ON b.s = o.s WHERE o.v = '{DEF}Occupation'
        UNION ALL
        SELECT a.s, a.v, a.d, a.l, 'SPARQL' FROM {relation["value"]} a JOIN {relation["scale"]} c ON c.s = a.s
        JOIN (SELECT s, max({NUMBER}) AS m FROM {relation["maximum"]} GROUP BY s) m ON m.s = c.v
        SEMI JOIN (FROM {types} WHERE v = '{DEF}Rating') t ON t.s = a.s
        ANTI JOIN (FROM {relation["suppressed"]} WHERE d = 4 AND v IN ('true', '1')) x ON x.s = a.s
        WHERE {_number("a.")} > m.m"""
