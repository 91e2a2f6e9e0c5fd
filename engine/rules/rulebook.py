"""The rulebook: all packs, asked for parameters, decisions and scores of one day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import BadInput, Fingerprint
from engine.rules.columns import Encoded, common_size, encode, missing, refuse_unknown
from engine.rules.content import book_json, packs_json, read_book_json
from engine.rules.decide import BoundTable, bind_table, evaluate, parameters_of, rows_left
from engine.rules.decision_ids import DecisionText, decision_ids, decision_texts
from engine.rules.pack import Pack, Scoring, Table
from engine.rules.rankings import Batch, Rankings, column_of_batch, rank_many
from engine.rules.score import ScoreResult, rank
from engine.rules.spelling import did_you_mean
from engine.rules.table_result import TableResult
from engine.rules.values import Column, Value

_KEPT_DAYS = 512


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked of one pack, the tables decided for it and the columns made ready so far."""

    columns: Mapping[str, Sequence[Any]]
    as_of: date
    size: int
    trace: bool
    done: dict[str, TableResult] = field(default_factory=dict)
    encoded: dict[str, Encoded] = field(default_factory=dict)


class Rulebook:
    """Packs by name, checked. The digest covers what can move a decision: content, not comments, white space or key order."""

    def __init__(self, packs: Iterable[Pack], fingerprints: Iterable[Fingerprint] | None = None) -> None:
        self.packs: Mapping[str, Pack] = {p.name: p for p in sorted(packs, key=lambda p: p.name)}
        found = [p.fingerprint for p in self.packs.values() if p.fingerprint] if fingerprints is None else fingerprints
        self._fingerprints = tuple(sorted(found))
        self._content = ""
        self._digest = ""
        self._pack_digests: dict[str, str] = {}
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

    def weights(self, pack: str, name: str, known: Collection[str], as_of: date) -> dict[str, Decimal]:
        """A parameter that weighs things by name, in the order of the names; one of the `known` that it leaves out weighs nothing.

        Raises BadInput RUL201, RUL202, and RUL214 for a name that is not among the known: a misspelt one would weigh nothing.
        """
        stated = self.parameter(pack, name, as_of)
        for key in sorted(stated):
            if key not in known:
                what = f"{pack}.{name}: nothing is called `{key}`"
                raise BadInput.at("RUL214", what, why="a misspelt name would weigh nothing", fix=did_you_mean(key, sorted(known)))
        return {key: Decimal(stated[key]) for key in sorted(stated)}

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
        return self._decide(owner, wanted, _Question(columns, as_of, common_size(columns, size, where), trace))

    def rows_left(self, pack: str, table: str, values: Mapping[str, Value | None], as_of: date) -> int:
        """The rows of a table that some values alone do not stop, as bits (bit n is row n): 0 means that no row can hold, whatever the other columns are.

        The rows left by values of several columns are the intersection (`&`) of those left by each. Values have the types of their columns, None is
        missing. Raises BadInput RUL201, RUL202, RUL203.
        """
        owner = self.pack(pack)
        wanted = _named(owner.tables, table, "table", pack)
        refuse_unknown(values, list(self._columns_of(owner)), f"{pack}.{table}")
        return rows_left(self._bind(owner, wanted, as_of), {name: value for name, value in values.items() if name in wanted.uses})

    def score(self, pack: str, scoring: str, columns: Mapping[str, Sequence[Any]], as_of: date, subjects: Sequence[str]) -> ScoreResult:
        """Rank subjects, best first; columns as in `decide`, those of the stated order included. Raises BadInput RUL201 to RUL208."""
        owner = self.pack(pack)
        wanted = _named(owner.scorings, scoring, "scoring", pack)
        where = f"{pack}.{scoring}"
        refuse_unknown(columns, list(self._columns_of(owner)), where)
        size = common_size(columns, len(subjects), where)
        encoded = self._encoded(owner, wanted.columns, _Question(columns, as_of, size, False), where)
        return rank(pack, owner.version, wanted, self._weights(owner, wanted, as_of), encoded, list(subjects))

    def score_many(
        self, pack: str, scoring: str, columns: Mapping[str, Any], as_of: date, subjects: Sequence[str], *, questions: int, candidates: int, top: int
    ) -> Rankings:
        """The best `top` of the candidates of every question, ranked as `score` ranks one.

        Columns and `subjects` hold the candidates of one question after the other (questions x candidates values), or one
        value for each candidate that is the same in every question. A column is a sequence of values, or an int64 array of
        `millionths`. Raises BadInput RUL201 to RUL209.
        """
        owner = self.pack(pack)
        wanted = _named(owner.scorings, scoring, "scoring", pack)
        where, sizes, known = f"{pack}.{scoring}", (candidates, questions * candidates), self._columns_of(owner)
        refuse_unknown(columns, list(known), where)
        if len(subjects) not in sizes:
            what = f"{where}: {len(subjects)} subjects"
            raise BadInput.at("RUL204", what, why="every candidate of a question is named, or those of all questions together", fix=f"pass {sizes[0]} or {sizes[1]} subjects")
        for name in wanted.columns:
            if name not in columns and known[name][0] == "table":
                raise BadInput.at("RUL204", f"{where}: no column `{name}`", why=f"it is decided by the table `{known[name][1]}`", fix="decide that table first and pass its output")
        encoded = {n: column_of_batch(known[n][2], columns[n], sizes, where) if n in columns else missing(known[n][2], candidates) for n in wanted.columns}
        batch = Batch(pack, owner.version, wanted, self._weights(owner, wanted, as_of), encoded, list(subjects), questions, candidates)
        return rank_many(batch, top)

    def decision_ids(self, results: Sequence[TableResult], as_of: date, subjects: Sequence[str]) -> tuple[str, ...]:
        """The id of each subject's decision in one or several tables, derived from its content: see `decision_ids.decision_ids`."""
        return decision_ids(results, self._pack_digest, as_of, subjects)

    def decision_texts(self, results: Sequence[TableResult], as_of: date) -> tuple[DecisionText, ...]:
        """What the ids of decisions are made of, but for the subject: one for each place in the results. Where many subjects are decided alike, their
        tables are written once. Raises as `decision_ids`."""
        return decision_texts(results, self._pack_digest, as_of)

    def _pack_digest(self, pack: str) -> str:
        if pack not in self._pack_digests:
            self._pack_digests[pack] = packs_json([self.packs[pack]])[1]
        return self._pack_digests[pack]

    def _decide(self, pack: Pack, table: Table, asked: _Question) -> TableResult:
        encoded = self._encoded(pack, table.uses, asked, f"{pack.name}.{table.name}")
        used = {owner for kind, owner, _ in (self._columns_of(pack)[name] for name in table.uses if name not in asked.columns) if kind == "table"}
        return evaluate(self._bind(pack, table, asked.as_of), encoded, asked.size, asked.trace, {name: asked.done[name] for name in sorted(used)})

    def _encoded(self, pack: Pack, names: Sequence[str], asked: _Question, where: str) -> dict[str, Encoded]:
        known = self._columns_of(pack)
        result = {}
        for name in names:
            kind, owner, column = known[name]
            if name in asked.encoded:
                result[name] = asked.encoded[name]
                continue
            if name in asked.columns:
                result[name] = encode(column, asked.columns[name], where)
            elif kind == "table":
                if owner not in asked.done:
                    asked.done[owner] = self._decide(pack, pack.tables[owner], asked)
                result[name] = asked.done[owner].evaluation.encoded(name)
            else:
                result[name] = missing(column, asked.size)
            asked.encoded[name] = result[name]
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
