"""What changed between two rulebooks, part by part, and rulebooks that hold some of the changes only.

A change is the smallest part that can be taken over alone: a cell, an outcome, a parameter, a weight, a fact's traversal, a whole row that came or
went. Declarations (an input, an output, an allowed value, a table, a parameter that came or went) move no decision by themselves: what reads them does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.compare.rule_trees import WORDING, Tree, differing, grafted, lent, pack_of, tree_of
from engine.contracts import decimal_text
from engine.rules import Pack, Rulebook

_SHOWN = 240


@dataclass(frozen=True, slots=True, order=True)
class RuleChange:
    """One change: its pack, its path in the pack (`tables`, `service_tier`, `rows`, `regulated`, `when`, `audience`), what kind of part it is, how
    it changed (added, removed, changed), and both sides in words ('' where there is none).

    `decides`: it can move a decision by itself. `breaks`: what callers may lean on is gone. `adds`: something is asked or offered that was not.
    """

    pack: str
    path: tuple[str, ...]
    kind: str
    how: str
    before: str
    after: str
    decides: bool
    breaks: bool
    adds: bool

    @property
    def name(self) -> str:
        """`service: service_tier, row regulated, cell audience`."""
        return f"{self.pack}: {self.what}" if self.path else self.pack

    @property
    def what(self) -> str:
        """The part within its pack."""
        p = self.path
        if p[0] == "tables" and len(p) > 3 and p[2] == "rows":
            part = f", {'cell' if p[4] == 'when' else 'outcome'} {p[5]}" if len(p) > 5 else f", {p[4]}" if len(p) > 4 else ""
            return f"{p[1]}, row {p[3]}{part}"
        if p[0] in ("tables", "scoring") and len(p) > 2:
            return f"{p[1]}, {_PARTS.get(p[2], p[2])}{''.join(f' {n}' for n in p[3:])}"
        return " ".join([_PARTS.get(p[0], p[0]), *p[1:]])


_PARTS = {
    "parameters": "parameter", "facts": "fact", "inputs": "input", "tables": "table", "scoring": "scoring", "outputs": "output", "rows": "row", "factors": "factor",
    "hits": "hit policy", "order": "order",
}  # fmt: skip


def rule_changes(before: Rulebook, after: Rulebook) -> tuple[RuleChange, ...]:
    """Every change from one rulebook to the other, by pack, then in the order of the parts; versions of packs are none."""
    found: list[RuleChange] = []
    for name in sorted({*before.packs, *after.packs}):
        first, second = before.packs.get(name), after.packs.get(name)
        if first is None or second is None:
            found.append(RuleChange(name, (), "pack", "added" if first is None else "removed", "", "", decides=False, breaks=second is None, adds=first is None))
        else:
            trees = tree_of(first), tree_of(second)
            found += [_change(name, path, *trees) for path in differing(*trees)]
    return tuple(found)


def mixed(base: Rulebook, other: Rulebook, taken: Sequence[RuleChange]) -> Rulebook:
    """The base with some changes taken over from the other version (what the base has and the other lacks goes where that is the change)."""
    packs = dict(base.packs)
    for name in sorted({c.pack for c in taken}):
        if name in base.packs and name in other.packs:
            packs[name] = _mixed_pack(base.packs[name], other.packs[name], [c.path for c in taken if c.pack == name])
    return Rulebook(packs.values())


def _mixed_pack(base: Pack, other: Pack, paths: Sequence[tuple[str, ...]]) -> Pack:
    first, second = tree_of(base), tree_of(other)
    return pack_of(lent(grafted(first, second, paths), second), second, base, other)


def _change(pack: str, path: tuple[str, ...], before: Tree, after: Tree) -> RuleChange:
    first, second = _at(before, path), _at(after, path)
    how = "added" if first is None else "removed" if second is None else "changed"
    kind = _kind(path)
    column = kind in ("input", "output")
    breaks = how == "removed" and kind in ("table", "scoring", "input", "output", "parameter", "fact")
    adds = (how == "added" and kind in ("table", "scoring", "input", "output", "parameter", "fact", "row", "factor")) or (how == "removed" and kind in ("row", "factor"))
    if how == "changed" and (column or kind == "fact"):
        pairs = [(first, second)] if column else _paired(first, second)
        breaks = any(_narrower(b, a) for b, a in pairs) or (kind == "fact" and (first.subject, first.context) != (second.subject, second.context))
        adds = not breaks and (column or {c.name for c in second.columns} != {c.name for c in first.columns})
    decides = kind not in ("wording", "input", "output", "table", "scoring") and not (how != "changed" and kind in ("parameter", "fact"))
    return RuleChange(pack, path, kind, how, _said(first), _said(second), decides, breaks, adds)


def _paired(before: Any, after: Any) -> list[tuple[Any, Any]]:
    later = {c.name: c for c in after.columns}
    return [(c, later.get(c.name)) for c in before.columns]


def _narrower(before: Any, after: Any) -> bool:
    """Whether a column went, has another type, or lost allowed values (an open column that is closed lost some)."""
    if after is None or before.type != after.type:
        return True
    return bool(after.values) and (not before.values or not set(before.values) <= set(after.values))


def _kind(path: tuple[str, ...]) -> str:
    section, last = path[0], path[-1]
    if section in ("parameters", "facts", "inputs"):
        return "wording" if len(path) > 2 and last in WORDING else {"parameters": "parameter", "facts": "fact", "inputs": "input"}[section]
    if section not in ("tables", "scoring"):
        return "wording"
    if len(path) == 2:
        return "table" if section == "tables" else "scoring"
    if path[2] == "rows":
        return "row" if len(path) == 4 else "wording" if len(path) == 5 else "cell" if path[4] == "when" else "outcome"
    if path[2] == "outputs":
        return "wording" if len(path) > 4 and last in WORDING else "output"
    if path[2] == "factors":
        return "factor" if len(path) == 4 or last in ("uses", "range", "transform") else "weight" if last == "weight" else "wording"
    return {"hits": "hit policy", "order": "row order" if section == "tables" else "tie order"}.get(path[2], "wording")


def _at(tree: Tree, path: tuple[str, ...]) -> Any:
    """A part; a column or traversal as itself; None where it is absent, `_NOTHING` where it is there and says nothing."""
    here: Any = tree
    for name in path:
        if name not in here:
            return None
        here = here[name]
    return _NOTHING if here is None else here


class _Nothing:
    """A value that is stated as missing."""


_NOTHING = _Nothing()


def _said(part: Any) -> str:
    text = _words(part)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _words(part: Any) -> str:
    if part is None:
        return ""
    if part is _NOTHING:
        return "missing"
    if isinstance(part, dict):
        if "when" in part:
            return f"when {_words(part['when'])} then {_words(part['then'])}"
        if "weight" in part and "transform" in part:
            return f"weight {_words(part['weight'])}, reads {part['uses']}"
        if "values" in part or "type" in part or "traversal" in part:
            return _words(part.get("values") or part.get("type") or part.get("traversal"))
        return "; ".join(f"{n}: {_words(v)}" for n, v in part.items() if n not in WORDING) or "nothing"
    if isinstance(part, tuple):
        return ", ".join(_words(v) for v in part)
    if isinstance(part, bool):
        return "true" if part else "false"
    if hasattr(part, "since"):
        return f"{_words(part.value)} from {part.since.isoformat()}"
    if hasattr(part, "cypher"):
        return " ".join(part.cypher.split())
    if hasattr(part, "type"):
        return f"{part.type}{f' of {_words(part.values)}' if part.values else ''}"
    return decimal_text(part) if hasattr(part, "as_tuple") else str(part)
