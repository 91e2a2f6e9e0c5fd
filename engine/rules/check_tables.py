"""Whether tables mean something: columns that exist, cells that fit them, outputs within their values, no circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.contracts import Diagnostic
from engine.rules.pack import Pack, Rule, Table
from engine.rules.spelling import did_you_mean
from engine.rules.unary import Equal, Operand, ParameterRef, bind, operand_values, operands, parse
from engine.rules.values import Column, NotAllowed, ParameterValue, value_text


def table_faults(pack: Pack) -> Iterator[Diagnostic]:
    """RUL105 to RUL117 of every table of a pack."""
    for table in pack.tables.values():
        columns: dict[str, Column] = {}
        for position, name in enumerate(table.uses):
            found = pack.columns_named(name)
            where = pack.place("tables", table.name, "uses", position)
            if not found:
                yield Diagnostic(where, "RUL106", f"no column `{name}`", "a table reads inputs, fact columns and outputs of tables of its own pack", did_you_mean(name, (c.name for _, _, c in pack.all_columns())))
                continue
            if len(found) > 1:
                owners = " and ".join(f"{kind} `{owner}`" if owner else "the inputs" for kind, owner, _ in found)
                yield Diagnostic(where, "RUL107", f"column `{name}` is declared by {owners}", "nobody can tell which one is meant", "rename one of them")
            columns[name] = found[0][2]
        yield from _policy_faults(pack, table)
        seen: set[str] = set()
        for number, rule in enumerate(table.rules):
            if rule.id in seen:
                yield Diagnostic(pack.place("tables", table.name, "rules", number, "id"), "RUL105", f"rule `{rule.id}` is there twice", "a trace names rows by their id", "rename one of the two")
            seen.add(rule.id)
            yield from _cell_faults(pack, table, rule, number, columns)
            yield from _output_faults(pack, table, rule, number)
            yield from _sentence_faults(pack, table, rule, number)
    yield from _circles(pack)


def value_list_faults(pack: Pack, column: Column, *path: str | int) -> Iterator[Diagnostic]:
    """RUL103 for an allowed value of the wrong type, RUL121 for one that a cell would read as a test."""
    free = Column(column.name, "text" if column.type == "list" else column.type)
    for position, value in enumerate(column.values):
        where = pack.place(*path, "values", position)
        try:
            free.typed(value)
        except ValueError as error:
            yield Diagnostic(where, "RUL103", str(error.args[0]), "every allowed value has the type of its column", "mend the value or the type")
            continue
        if isinstance(value, str):
            try:
                plain = parse(value) == Equal(Operand(value, "equal", text=True))
            except ValueError:
                plain = False
            if not plain:
                yield Diagnostic(where, "RUL121", f"`{value}` would be read as a test in a cell", "words like any, missing, not x, > 3 have a meaning of their own", "choose another word")


def _policy_faults(pack: Pack, table: Table) -> Iterator[Diagnostic]:
    where = pack.place("tables", table.name, "aggregate" if table.aggregate else "hit_policy")
    if table.hit_policy != "collect" and table.aggregate is not None:
        yield Diagnostic(where, "RUL117", f"hit policy `{table.hit_policy}` takes no aggregate", "only collected hits are gathered", "remove `aggregate` or write `hit_policy: collect`")
    for output in table.outputs:
        if table.aggregate in ("sum", "min", "max") and not output.numeric:
            yield Diagnostic(where, "RUL117", f"output `{output.name}` is {output.type} and has no {table.aggregate}", "only numbers are added and compared", "aggregate: list")
        if table.aggregate == "list" and output.type not in ("text", "key"):
            yield Diagnostic(where, "RUL117", f"output `{output.name}` is {output.type} and cannot be listed", "a list holds texts", "declare the output as text, or use sum, min or max")


def _cell_faults(pack: Pack, table: Table, rule: Rule, number: int, columns: Mapping[str, Column]) -> Iterator[Diagnostic]:
    for name, raw in rule.when:
        where = pack.place("tables", table.name, "rules", number, "when", name)
        if name not in columns:
            if name not in table.uses:
                yield Diagnostic(where, "RUL109", f"the table does not use `{name}`", "a row tests only columns listed under `uses`", did_you_mean(name, table.uses))
            continue
        yield from test_faults(pack, raw, columns[name], where)


def test_faults(pack: Pack, raw: Any, column: Column, where: Any) -> Iterator[Diagnostic]:
    """RUL110 unreadable or unfitting test, RUL111 value outside the allowed, RUL112 unknown parameter, RUL113 unfitting parameter."""
    try:
        test = parse(raw)
    except ValueError as error:
        yield Diagnostic(where, "RUL110", str(error), "the cell cannot be read as a unary test", "see docs/reference/rule_packs.md#unary-tests")
        return
    faulty = False
    latest: dict[str, ParameterValue] = {}
    for operand in operands(test):
        if not isinstance(operand.value, ParameterRef):
            try:
                operand_values(operand, column, {})
            except NotAllowed as error:
                faulty = True
                yield Diagnostic(where, "RUL111", str(error.args[0]), "the cell could never hold", str(error.args[1]))
            except ValueError as error:
                faulty = True
                yield Diagnostic(where, "RUL110", str(error.args[0]), "the test does not fit the type of its column", "mend the test or the declared type")
            continue
        name = operand.value.name
        if name not in pack.parameters:
            faulty = True
            yield Diagnostic(where, "RUL112", f"no parameter `${name}`", "a cell reads parameters of its own pack", did_you_mean(name, pack.parameters))
            continue
        for dated in pack.parameters[name].values:
            try:
                operand_values(operand, column, {name: dated.value})
            except ValueError as error:
                faulty = True
                yield Diagnostic(where, "RUL113", f"`${name}` from {dated.since}: {error.args[0]}", "the parameter does not fit this cell", "mend the value or the cell")
        latest[name] = pack.parameters[name].values[-1].value
    if not faulty:
        try:
            bind(test, column, latest)
        except ValueError as error:
            yield Diagnostic(where, "RUL110", str(error.args[0]), "the cell could never hold", "mend the bounds")


def _output_faults(pack: Pack, table: Table, rule: Rule, number: int) -> Iterator[Diagnostic]:
    path = ("tables", table.name, "rules", number, "then")
    outputs = {output.name: output for output in table.outputs}
    stated = dict(rule.then)
    for name in outputs:
        if name not in stated and table.hit_policy == "collect":
            yield Diagnostic(pack.place(*path), "RUL114", f"row `{rule.id}` does not state the output `{name}`", "gathered outputs would fall out of step", f"add `{name}:`")
    for name, raw in rule.then:
        where = pack.place(*path, name)
        if name not in outputs:
            yield Diagnostic(where, "RUL114", f"no output `{name}`", "a row states only outputs of its table", did_you_mean(name, outputs))
        elif raw is None:
            if table.hit_policy == "collect":
                yield Diagnostic(where, "RUL115", f"`{name}` is missing in a collected row", "gathered outputs would fall out of step", "state a value")
        elif isinstance(raw, str) and raw.startswith("$"):
            if raw[1:] not in pack.parameters:
                yield Diagnostic(where, "RUL112", f"no parameter `{raw}`", "a row reads parameters of its own pack", did_you_mean(raw[1:], pack.parameters))
                continue
            for dated in pack.parameters[raw[1:]].values:
                yield from _value_faults(outputs[name], dated.value, where, f"`{raw}` from {dated.since}: ")
        else:
            yield from _value_faults(outputs[name], raw, where, "")


def _value_faults(output: Column, raw: Any, where: Any, prefix: str) -> Iterator[Diagnostic]:
    try:
        output.typed(raw)
    except NotAllowed as error:
        yield Diagnostic(where, "RUL111", prefix + str(error.args[0]), "an output has only its declared values", str(error.args[1]))
    except ValueError as error:
        yield Diagnostic(where, "RUL115", prefix + str(error.args[0]), f"output `{output.name}` is {output.type}", f"write a value of type {output.type}, met {value_text(raw)}")


def _sentence_faults(pack: Pack, table: Table, rule: Rule, number: int) -> Iterator[Diagnostic]:
    where = pack.place("tables", table.name, "rules", number, "because")
    for name in rule.placeholders:
        if name.startswith("$"):
            if name[1:] not in pack.parameters:
                yield Diagnostic(where, "RUL112", f"no parameter `{name}`", "the sentence cannot be filled in", did_you_mean(name[1:], pack.parameters))
        elif name not in table.uses and name not in {o.name for o in table.outputs}:
            known = [*table.uses, *(o.name for o in table.outputs)]
            yield Diagnostic(where, "RUL116", f"the sentence names `{name}`", "only columns under `uses` and outputs can be filled in", did_you_mean(name, known))


def _circles(pack: Pack) -> Iterator[Diagnostic]:
    """RUL108 once for each circle of tables, at the table that comes first in name order."""
    leans = {
        table.name: [owner for name in table.uses for kind, owner, _ in pack.columns_named(name) if kind == "table"] for table in pack.tables.values()
    }
    reported: set[frozenset[str]] = set()
    for start in sorted(leans):
        stack: list[tuple[str, tuple[str, ...]]] = [(start, (start,))]
        while stack:
            name, trail = stack.pop()
            for owner in leans[name]:
                if owner == start and frozenset(trail) not in reported:
                    reported.add(frozenset(trail))
                    shown = " -> ".join((*trail, start))
                    yield Diagnostic(pack.place("tables", start, "uses"), "RUL108", f"tables lean on each other in a circle: {shown}", "neither can be decided first", "take one of the outputs out of `uses`")
                elif owner not in trail:
                    stack.append((owner, (*trail, owner)))
