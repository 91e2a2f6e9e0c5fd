"""Fact columns written by hand, as a published graph would hold them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.rules import FactColumns, FactStore, FactTable, Rulebook, write_facts


def store_facts(path: Path, rulebook: Rulebook, told: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> FactStore:
    """A fact store with `told`: for each fact `pack.fact` its subjects with their columns. Facts that are not told hold no subject."""
    tables = {}
    for pack in rulebook.packs.values():
        for fact in pack.facts.values():
            name = f"{pack.name}.{fact.name}"
            rows = dict(sorted(told.get(name, {}).items()))
            known = {c.name for c in fact.columns}
            assert all(set(row) <= known for row in rows.values()), f"{name} has the columns {sorted(known)}"
            values = {c.name: tuple(row.get(c.name) for row in rows.values()) for c in fact.columns}
            tables[name] = FactTable(name, fact.subject, fact.context, fact.columns, tuple(rows), ("",) * len(rows), values)
    assert set(told) <= set(tables), f"no such facts: {sorted(set(told) - set(tables))}"
    write_facts(path, FactColumns(tables))
    return FactStore(path)
