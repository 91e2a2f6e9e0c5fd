"""A pack as a tree of named parts, so that two versions are compared part by part and a pack is put together from parts of both.

In: packs. Out: trees, and packs made of trees. Refuses to know: which part moved what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.rules import Pack

Tree = dict[str, Any]
WORDING = frozenset({"owner", "description", "unit", "reason", "source", "because", "subject"})
DECLARED = ("parameters", "facts", "inputs", "tables", "scoring")


def tree_of(pack: Pack) -> Tree:
    """The parts of a pack by name, in the order of its author; lists as tuples. What a rulebook's digest does not cover is no part."""
    return {
        "owner": pack.owner,
        "description": pack.description,
        "parameters": {p.name: {"unit": p.unit, "reason": p.reason, "source": p.source, "values": p.values} for p in pack.parameters.values()},
        "facts": {f.name: {"description": f.description, "traversal": replace(f, description="", columns=tuple(_bare(c) for c in f.columns))} for f in pack.facts.values()},
        "inputs": {c.name: _column(c) for c in pack.inputs.values()},
        "tables": {t.name: _table(t) for t in pack.tables.values()},
        "scoring": {s.name: _scoring(s) for s in pack.scorings.values()},
    }


def _bare(column: Any) -> Any:
    return replace(column, description="")


def _column(column: Any) -> Tree:
    return {"description": column.description, "type": _bare(column)}


def _table(table: Any) -> Tree:
    return {
        "description": table.description, "hits": (table.hit_policy, table.aggregate), "uses": table.uses,
        "outputs": {o.name: _column(o) for o in table.outputs},
        "rows": {r.id: {"when": {n: _flat(v) for n, v in r.when}, "then": {n: _flat(v) for n, v in r.then}, "because": r.because} for r in table.rules},
        "order": tuple(r.id for r in table.rules),
    }  # fmt: skip


def _scoring(scoring: Any) -> Tree:
    factors = {
        f.name: {"description": f.description, "unit": f.unit, "uses": f.uses, "weight": f.weight, "range": (f.low, f.high), "transform": f.transform}
        for f in scoring.factors
    }  # fmt: skip
    return {"description": scoring.description, "subject": scoring.subject, "factors": factors, "order": scoring.order}


def _flat(value: Any) -> Any:
    return tuple(_flat(v) for v in value) if isinstance(value, (list, tuple)) else value


def same(before: Any, after: Any) -> bool:
    """Whether two leaves say the same; true and 1 do not."""
    return type(before) is type(after) and bool(before == after) if isinstance(before, bool) or isinstance(after, bool) else bool(before == after)


def differing(before: Tree, after: Tree, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths that only one side has, and paths of leaves that differ; the order of rows only where rows of both stand otherwise."""
    for name in dict.fromkeys([*before, *after]):
        here = (*path, name)
        if name not in before or name not in after:
            yield here
        elif name == "uses" and isinstance(before[name], tuple):
            continue  # what a table reads follows from its rows
        elif isinstance(before[name], dict):
            yield from differing(before[name], after[name], here)
        elif name == "order" and here[0] == "tables":
            if _common(before[name], after[name]) != _common(after[name], before[name]):
                yield here
        elif not same(before[name], after[name]):
            yield here


def _common(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [n for n in names if n in others]


def grafted(base: Tree, other: Tree, paths: Sequence[tuple[str, ...]]) -> Tree:
    """A copy of a tree in which the given paths are as in the other tree, absent ones too."""
    made: Tree = _copy(base)
    for path in paths:
        here, there = made, other
        for name in path[:-1]:
            here, there = here.setdefault(name, {}), there.get(name, {})
        if path[-1] in there:
            here[path[-1]] = _copy(there[path[-1]])
        else:
            here.pop(path[-1], None)
    return made


def _copy(part: Any) -> Any:
    return {name: _copy(value) for name, value in part.items()} if isinstance(part, dict) else part


def lent(tree: Tree, spare: Tree) -> Tree:
    """The tree with every declaration that only the other version has, so that rows of both can stand in it; nothing of it reads them otherwise."""
    made: Tree = _copy(tree)
    known = set(_columns(made))
    for section in DECLARED:
        for name, part in spare[section].items():
            if section == "inputs" and name in known:
                continue
            made[section].setdefault(name, _copy(part))
            _widen(made[section][name], part)
    for name, table in made["tables"].items():
        if name in spare["tables"]:
            for output, column in spare["tables"][name]["outputs"].items():
                table["outputs"].setdefault(output, _copy(column))
                _widen(table["outputs"][output], column)
    return made


def _widen(part: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """Let a column of closed values hold those of both versions."""
    if isinstance(part, dict) and "type" in part and part["type"].type == other["type"].type:
        mine, theirs = part["type"].values, other["type"].values
        part["type"] = replace(part["type"], values=tuple(dict.fromkeys([*mine, *theirs])) if mine and theirs else ())


def _columns(tree: Tree) -> Iterator[str]:
    yield from tree["inputs"]
    for fact in tree["facts"].values():
        yield from (c.name for c in fact["traversal"].columns)
    for table in tree["tables"].values():
        yield from table["outputs"]


def pack_of(tree: Tree, spare: Tree, frame: Pack, other: Pack) -> Pack:
    """A pack of a tree; `frame` and `other` give name, version and the classes of parts, `spare` is the other version's tree."""
    known = set(_columns(tree))
    parameters = {n: replace(_either(frame.parameters, other.parameters, n), **p) for n, p in tree["parameters"].items()}
    facts = {n: replace(f["traversal"], description=f["description"]) for n, f in tree["facts"].items()}
    inputs = {n: _typed(c) for n, c in tree["inputs"].items()}
    tables = {n: _made_table(_either(frame.tables, other.tables, n), t, spare["tables"].get(n), frame.tables.get(n), other.tables.get(n), known) for n, t in tree["tables"].items()}
    scorings = {}
    for name, s in tree["scoring"].items():
        shape = _either(frame.scorings, other.scorings, name)
        factors = {f.name: f for version in (other.scorings.get(name), frame.scorings.get(name)) if version for f in version.factors}
        made = tuple(
            replace(factors[n], uses=f["uses"], weight=f["weight"], unit=f["unit"], low=f["range"][0], high=f["range"][1], transform=f["transform"], description=f["description"])
            for n, f in s["factors"].items()
        )
        scorings[name] = replace(shape, subject=s["subject"], description=s["description"], factors=made, order=s["order"])
    return replace(frame, owner=tree["owner"], description=tree["description"], parameters=parameters, facts=facts, inputs=inputs, tables=tables, scorings=scorings, document=None, folder=None, fingerprint=None)


def _either(first: Mapping[str, Any], second: Mapping[str, Any], name: str) -> Any:
    return first[name] if name in first else second[name]


def _typed(column: Tree) -> Any:
    return replace(column["type"], description=column["description"])


def _made_table(shape: Any, tree: Tree, spare: Tree | None, frame: Any, other: Any, known: set[str]) -> Any:
    rules = {r.id: r for version in (other, frame) if version for r in version.rules}
    order = _woven(tree["order"], spare["order"] if spare else (), tree["rows"])
    rows = tuple(
        replace(rules[n], when=tuple(tree["rows"][n]["when"].items()), then=tuple(tree["rows"][n]["then"].items()), because=tree["rows"][n]["because"]) for n in order
    )
    uses = tuple(n for n in dict.fromkeys([*tree["uses"], *(spare["uses"] if spare else ())]) if n in known)
    policy, aggregate = tree["hits"]
    return replace(
        shape, description=tree["description"], hit_policy=policy, aggregate=aggregate, uses=uses,
        outputs=tuple(_typed(c) for c in tree["outputs"].values()), rules=rows,
    )  # fmt: skip


def _woven(order: Sequence[str], others: Sequence[str], rows: Mapping[str, Any]) -> list[str]:
    """Rows in a stated order; one that this order does not know stands behind the row that it stands behind in the other version."""
    placed = [n for n in order if n in rows]
    for position, name in enumerate(others):
        if name in rows and name not in placed:
            before = next((n for n in reversed(others[:position]) if n in placed), None)
            placed.insert(placed.index(before) + 1 if before else 0, name)
    return placed
