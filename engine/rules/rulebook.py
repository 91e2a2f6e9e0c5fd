"""The rulebook: all packs, asked for parameters, decisions and scores of one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from engine.contracts import BadInput, Fingerprint
from engine.rules.columns import Encoded, common_size, encode, encode_trusted, missing, refuse_unknown
from engine.rules.content import book_json, packs_json, read_book_json
from engine.rules.decide import BoundTable, TableResult, bind_table, evaluate, parameters_of
from engine.rules.pack import Pack, Scoring, Table
from engine.rules.score import ScoreResult, rank
from engine.rules.spelling import did_you_mean
from engine.rules.values import Column

_KEPT_DAYS = 512


class Rulebook:
    """Packs by name, checked. The digest covers what can move a decision: content, not comments, white space or key order."""

    def __init__(self, packs: Iterable[Pack], fingerprints: Iterable[Fingerprint] | None = None) -> None:
        self.packs: Mapping[str, Pack] = {p.name: p for p in sorted(packs, key=lambda p: p.name)}
        found = [p.fingerprint for p in self.packs.values() if p.fingerprint] if fingerprints is None else fingerprints
        self._fingerprints = tuple(sorted(found))
        self._content = ""
        self._digest = ""
        self._bound: dict[tuple[str, str, date], BoundTable] = {}
        self._columns: dict[str, dict[str, tuple[str, str, Column]]] = {}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical content of all packs."""
        self._compile()
        return self._digest

    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """One for each `rules/<pack>/pack.yaml` that was read, kind `rule`, in name order."""
        return self._fingerprints

    def to_json(self) -> str:
        """The compiled rulebook as one JSON text, for a snapshot to carry."""
        self._compile()
        return book_json(self._content, self._digest, self._fingerprints)

    @classmethod
    def from_json(cls, text: str) -> Rulebook:
        """The rulebook of to_json, without reading YAML or checking meaning again. Raises Corrupt RUL222."""
        content, digest, fingerprints, packs = read_book_json(text)
        book = cls(packs, fingerprints)
        book._content, book._digest = content, digest
        return book

    def _compile(self) -> None:
        if not self._digest:
            self._content, self._digest = packs_json(self.packs.values())

    def pack(self, name: str) -> Pack:
        """A pack by name. Raises BadInput RUL201."""
        found: Pack = _named(self.packs, name, "pack", "")
        return found

    def parameter(self, pack: str, name: str, as_of: date) -> Any:
        """The value in force on a day: text, int, bool, Decimal, a tuple of these, or a mapping of them.

        Raises BadInput RUL201 (unknown) and RUL202 (none in force).
        """
        return _named(self.pack(pack).parameters, name, "parameter", pack).at(as_of)

    def decide(self, pack: str, table: str, columns: Mapping[str, Sequence[Any]], as_of: date, *, size: int | None = None, trace: bool = True) -> TableResult:
        """Decide one subject or a million. `columns` hold one value or None (missing) for each subject, in one order.

        A column of the pack that is not given is missing throughout, except the output of another table: that table is
        decided first, from the same columns. `size` is needed only where no column is given (default one subject).
        Raises BadInput RUL201 to RUL206.
        """
        owner = self.pack(pack)
        wanted = _named(owner.tables, table, "table", pack)
        where = f"{pack}.{table}"
        refuse_unknown(columns, list(self._columns_of(owner)), where)
        return self._decide(owner, wanted, columns, as_of, common_size(columns, size, where), trace, {})

    def score(self, pack: str, scoring: str, columns: Mapping[str, Sequence[Any]], as_of: date, subjects: Sequence[str]) -> ScoreResult:
        """Rank subjects, best first; columns as in `decide`, those of the stated order included. Raises BadInput RUL201 to RUL208."""
        owner = self.pack(pack)
        wanted = _named(owner.scorings, scoring, "scoring", pack)
        where = f"{pack}.{scoring}"
        refuse_unknown(columns, list(self._columns_of(owner)), where)
        size = common_size(columns, len(subjects), where)
        encoded = self._encoded(owner, wanted.columns, columns, as_of, size, False, {}, where)
        return rank(pack, owner.version, wanted, self._weights(owner, wanted, as_of), encoded, list(subjects))

    def _decide(
        self, pack: Pack, table: Table, columns: Mapping[str, Sequence[Any]], as_of: date, size: int, trace: bool, done: dict[str, TableResult]
    ) -> TableResult:
        encoded = self._encoded(pack, table.uses, columns, as_of, size, trace, done, f"{pack.name}.{table.name}")
        used = {owner for kind, owner, _ in (self._columns_of(pack)[name] for name in table.uses if name not in columns) if kind == "table"}
        return evaluate(self._bind(pack, table, as_of), encoded, size, trace, {name: done[name] for name in sorted(used)})

    def _encoded(
        self, pack: Pack, names: Sequence[str], columns: Mapping[str, Sequence[Any]], as_of: date, size: int, trace: bool,
        done: dict[str, TableResult], where: str,
    ) -> dict[str, Encoded]:  # fmt: skip
        known = self._columns_of(pack)
        result = {}
        for name in names:
            kind, owner, column = known[name]
            if name in columns:
                result[name] = encode(column, columns[name], where)
            elif kind == "table":
                if owner not in done:
                    done[owner] = self._decide(pack, pack.tables[owner], columns, as_of, size, trace, done)
                result[name] = encode_trusted(column, done[owner].outputs[name])
            else:
                result[name] = missing(column, size)
        return result

    def _columns_of(self, pack: Pack) -> dict[str, tuple[str, str, Column]]:
        if pack.name not in self._columns:
            self._columns[pack.name] = {found[2].name: found for found in pack.all_columns()}
        return self._columns[pack.name]

    def _bind(self, pack: Pack, table: Table, as_of: date) -> BoundTable:
        key = (pack.name, table.name, as_of)
        if key not in self._bound:
            if len(self._bound) >= _KEPT_DAYS:
                self._bound.clear()
            columns = {name: found[2] for name, found in self._columns_of(pack).items()}
            self._bound[key] = bind_table(pack, table, columns, pack.parameters_at(as_of, parameters_of(table)))
        return self._bound[key]

    def _weights(self, pack: Pack, scoring: Scoring, as_of: date) -> dict[str, int]:
        weights = {}
        for factor in scoring.factors:
            value = factor.weight if isinstance(factor.weight, int) else pack.parameters[factor.weight].at(as_of)
            assert isinstance(value, int)  # kept by the check of meaning (RUL120)
            weights[factor.name] = value
        return weights


def _named(options: Mapping[str, Any], name: str, kind: str, pack: str) -> Any:
    if name not in options:
        owner = f" in pack `{pack}`" if pack else ""
        raise BadInput.at("RUL201", f"no {kind} `{name}`{owner}", why="rules are asked by name", fix=did_you_mean(name, options))
    return options[name]
