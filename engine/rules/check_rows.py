"""What the rows of a table do to each other over all inputs: gaps, meeting rows, rows and conditions that decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from engine.contracts import Diagnostic, Severity
from engine.rules.decide import parameters_of
from engine.rules.pack import Pack, Table
from engine.rules.regions import Undecided
from engine.rules.space import Space, days_of
from engine.rules.unary import Fixed, Unary
from engine.rules.values import Value, value_text

MOST_CELLS = 4_000_000  # rows times regions of the widest column


def row_faults(pack: Pack, table: Table) -> Iterator[Diagnostic]:
    """RUL140, RUL144, RUL146, RUL148, RUL149, RUL152 of a table, over all inputs, on each day on which its parameters change.

    Exact: nothing is sampled. Where a table has too many combinations, RUL148 says so and nothing is claimed.
    """
    told: set[tuple[str, str, str]] = set()
    for day in days_of(pack, table):
        try:
            found = list(_gathered(pack, table, day)) if table.hit_policy == "collect" else list(_faults(pack, table, _space(pack, table, day), day))
        except Undecided as limit:
            found = [_undecided(pack, table, f"whether every row of `{table.name}` can fire and every input is met", str(limit))]
        for diagnostic in found:  # the same fault on a later day is the same fault
            key = (diagnostic.code, str(diagnostic.place), diagnostic.what if diagnostic.code == "RUL146" else "")
            if key not in told:
                told.add(key)
                yield diagnostic


def contradictions(pack: Pack, table: Table) -> Iterator[Diagnostic]:
    """RUL146 for rows of a `unique` table that can meet and say different things: such a table cannot be published."""
    if table.hit_policy != "unique":
        return
    for day in days_of(pack, table):
        try:
            space = _space(pack, table, day)
        except Undecided:
            continue  # the evaluation refuses two rows where they do meet
        for number in range(len(table.rules)):
            if space.unmet(space.rows[number]) is None:
                yield from _unique(pack, table, space, number, contradicting_only=True)


def _undecided(pack: Pack, table: Table, question: str, limit: str) -> Diagnostic:
    return Diagnostic(
        pack.place("tables", table.name, "rules"), "RUL148", f"not decided {question}: {limit}",
        "the combinations are too many to go through, and nothing is sampled", "part the table in two", Severity.NOTE,
    )  # fmt: skip


def _space(pack: Pack, table: Table, day: date) -> Space:
    return Space(pack, table, pack.parameters_at(day, parameters_of(table)), {name: [Fixed("missing")] for name in table.uses})


def _gathered(pack: Pack, table: Table, day: date) -> Iterator[Diagnostic]:
    """Rows that are gathered stand each for itself."""
    for number, rule in enumerate(table.rules):
        space = _space(pack, replace(table, rules=(rule,)), day)
        unmet = _unmet(pack, table, space.unmet(space.rows[0]), number)
        yield from unmet or _idle(pack, table, space, number, (), 0)


def _unmet(pack: Pack, table: Table, column: str | None, number: int) -> list[Diagnostic]:
    if column is None:
        return []
    where = pack.place("tables", table.name, "rules", number, "when", column)
    what = f"row `{table.rules[number].id}` is never reached: its cell for `{column}` holds on nothing"
    return [Diagnostic(where, "RUL140", what, "no value of the column meets it", "mend the cell")]


def _faults(pack: Pack, table: Table, space: Space, day: date) -> Iterator[Diagnostic]:
    small = len(table.rules) * space.width() <= MOST_CELLS
    if not small:
        yield _undecided(pack, table, f"whether each condition of `{table.name}` decides something", f"{len(table.rules):,} rows over {space.width():,} regions")
    for number in range(len(table.rules)):
        unmet = _unmet(pack, table, space.unmet(space.rows[number]), number)
        if unmet:
            yield from unmet
        elif table.hit_policy == "first":
            yield from _first(pack, table, space, number, day, small)
        else:
            yield from _unique(pack, table, space, number)
            yield from _idle(pack, table, space, number, (), number) if small else ()
    yield from _gaps(pack, table, space)


def _first(pack: Pack, table: Table, space: Space, number: int, day: date, small: bool) -> Iterator[Diagnostic]:
    rule, box = table.rules[number], space.box(space.rows[number])
    before = space.meeting(box, range(number))
    if space.outside(box, before) is not None:
        yield from _idle(pack, table, space, number, range(number), number) if small else ()
        return
    alone = [row for row in before if space.outside(box, [row]) is None]
    names = " and ".join(f"`{table.rules[row].id}`" for row in (alone[:1] or before))
    verb = "stands before it and holds" if alone or len(before) == 1 else "stand before it, and one of them holds"
    since = f" under the parameters of {day}" if day != date.min and len(days_of(pack, table)) > 1 else ""
    yield Diagnostic(
        pack.place("tables", table.name, "rules", number, "id"), "RUL140", f"row `{rule.id}` is never reached{since}",
        f"{'row' if alone or len(before) == 1 else 'rows'} {names} {verb} wherever it holds", "move it up, narrow the other row, or remove it",
    )  # fmt: skip


def _unique(pack: Pack, table: Table, space: Space, number: int, contradicting_only: bool = False) -> Iterator[Diagnostic]:
    box, rule = space.box(space.rows[number]), table.rules[number]
    for other in space.meeting(box, range(number)):
        shared = _shared(space, number, other)
        earlier = table.rules[other]
        if shared is None or (contradicting_only and dict(earlier.then) == dict(rule.then)):
            continue
        always = space.outside(box, [other]) is None or space.outside(space.box(space.rows[other]), [number]) is None
        differ = "and contradict each other" if dict(earlier.then) != dict(rule.then) else "and say the same"
        how = "always meet" if always else "can meet"
        yield Diagnostic(
            pack.place("tables", table.name, "rules", number, "id"), "RUL146", f"rows `{earlier.id}` and `{rule.id}` {how} {differ}",
            f"hit policy `unique` allows one row, and both hold on {_input(shared)}", "make their cells exclude each other",
        )  # fmt: skip


def _shared(space: Space, one: int, other: int) -> dict[str, Value | None] | None:
    """An input on which both rows hold; None where there is none."""
    first, second = space.box(space.rows[one]), space.box(space.rows[other])
    both = {name: first.get(name, second.get(name, frozenset())) & second.get(name, first.get(name, frozenset())) for name in {**first, **second}}
    return None if not all(both.values()) else space.outside(both, [])


def _gaps(pack: Pack, table: Table, space: Space) -> Iterator[Diagnostic]:
    where = pack.place("tables", table.name, "rules")
    rows = range(len(table.rules))
    given, box = space.given(), dict[str, frozenset[int]]()
    found = space.outside(box, rows)
    for name in space.cuts if found is not None else ():  # only what has to be missing is shown as missing
        nearer = space.outside({**box, name: given[name]}, rows)
        if nearer is not None:
            found, box = nearer, {**box, name: given[name]}
    if found is not None and not table.gaps:
        fix = "add a row for it, end with a row whose `when` is empty, or say under `gaps:` why no row may hold"
        why = "a missing value is a value of its own, and" if None in found.values() else "where no row holds,"
        yield Diagnostic(where, "RUL144", f"no row of `{table.name}` holds on {_input(found)}", f"{why} the outputs are then missing", fix)
    if found is None and table.gaps:
        yield Diagnostic(pack.place("tables", table.name, "gaps"), "RUL152", f"`{table.name}` has no gap: some row always holds", "a reader would look for inputs that no row meets", "remove `gaps:`")


def _idle(pack: Pack, table: Table, space: Space, number: int, before: range | tuple[()], row: int) -> Iterator[Diagnostic]:
    """Conditions without which the row (`row` in the space) would fire on the very same inputs."""
    cells = space.rows[row]
    for name in cells:
        if cells[name] == Fixed("any"):
            continue
        rest: Mapping[str, Unary] = {n: test for n, test in cells.items() if n != name}
        fails = frozenset(range(len(space.cuts[name].values))) - space.cuts[name].holds[cells[name]]
        if fails and space.outside({**space.box(rest), name: fails}, before) is not None:
            continue
        why = "rows before it already take every input on which it fails" if fails else "it holds on every value"
        yield Diagnostic(
            pack.place("tables", table.name, "rules", number, "when", name), "RUL149", f"the condition on `{name}` in row `{table.rules[number].id}` decides nothing",
            why, "remove it, or write `any` where a reader should see that it was thought of", Severity.WARNING,
        )  # fmt: skip


def _input(values: Mapping[str, Value | None]) -> str:
    return ", ".join(f"{name}: {value_text(value) or '(empty)'}" for name, value in values.items()) or "every input"
