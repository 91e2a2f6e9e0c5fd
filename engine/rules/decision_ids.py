"""Ids of table decisions: what was decided, under which rules, on which values, as one digest for each subject."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import repeat
from typing import Any

from engine.contracts import BadInput, EngineError, canonical_json, decimal_text
from engine.rules.columns import Encoded
from engine.rules.table_result import Evaluation, TableResult

_DIGITS = 32
_TEXT = json.JSONEncoder(ensure_ascii=False).encode  # of a text alone it is what RFC 8785 asks for


def decision_ids(results: Sequence[TableResult], pack_digest: Callable[[str], str], as_of: date, subjects: Sequence[str]) -> tuple[str, ...]:
    """For each subject `decision/` and the first 32 hexadecimal digits of the SHA-256 of its canonical JSON (RFC 8785):

        {"as_of": "2026-11-20", "subject": KEY, "tables": [
            {"fired": [ROW, ...], "inputs": {COLUMN: VALUE, ...}, "outputs": {...}, "pack": NAME, "rules": DIGEST OF THE PACK, "table": NAME}, ...]}

    Tables stand in the order of `results`, each after those whose outputs it used; inputs are all columns that a table uses,
    missing ones as null, decimals as plain text. The trace is not in it: the rows that did not fire follow from the rules
    and the inputs, so an id is the same with and without. Every value of a column and every outcome is written once and
    the pieces are joined for each subject, which gives the same bytes as writing subjects one by one.
    Raises BadInput RUL204 where the results are of other sizes than the subjects, RUL210 where a value has no canonical form.
    """
    tables = list(_in_order(results))
    _refuse_sizes({len(subjects), *(result.size for result in tables)})
    before = _before(as_of)
    try:
        return tuple([_id_of(f"{before}{_TEXT(subject)}{after}") for subject, after in zip(subjects, _texts(tables, pack_digest), strict=False)])  # of no table, without end
    except ValueError as error:
        raise _formless(error) from None


@dataclass(frozen=True, slots=True)
class DecisionText:
    """The canonical JSON of a decision, but for its subject: what stands `before` it and `after` it."""

    before: str
    after: str

    def id_of(self, subject: str) -> str:
        """The id of the decision about a subject, as `decision_ids` gives it. Raises BadInput RUL210."""
        try:
            return _id_of(f"{self.before}{_TEXT(subject)}{self.after}")
        except ValueError as error:
            raise _formless(error) from None


def decision_texts(results: Sequence[TableResult], pack_digest: Callable[[str], str], as_of: date) -> tuple[DecisionText, ...]:
    """One for each place in the results. Raises as `decision_ids`."""
    tables = list(_in_order(results))
    if not tables:
        return ()
    _refuse_sizes({result.size for result in tables})
    before = _before(as_of)
    try:
        return tuple([DecisionText(before, after) for after in _texts(tables, pack_digest)])
    except ValueError as error:
        raise _formless(error) from None


def _refuse_sizes(sizes: set[int]) -> None:
    if len(sizes) > 1:
        what = f"subjects and results of {', '.join(map(str, sorted(sizes)))}"
        raise BadInput.at("RUL204", what, why="an id is of one subject", fix="pass results and subjects of one list")


def _formless(error: ValueError) -> EngineError:
    what = f"what was decided has no canonical form: {error}"
    return BadInput.at("RUL210", what, why="an id is the digest of text and of whole numbers below 2^53", fix="pass valid Unicode, and larger numbers as decimals")


def _id_of(text: str) -> str:
    return f"decision/{sha256(text.encode()).hexdigest()[:_DIGITS]}"


def _before(as_of: date) -> str:
    return f'{{"as_of":"{as_of.isoformat()}","subject":'


def _texts(tables: Sequence[TableResult], pack_digest: Callable[[str], str]) -> Iterator[str]:
    """What stands behind the subject, for each place in the tables."""
    pieces: list[Iterable[str]] = []
    between = ',"tables":['
    for result in tables:
        pieces += _table(result.evaluation.listed(), pack_digest, between)
        between = ","
    pieces.append(repeat("]}" if tables else ',"tables":[]}'))
    return map("".join, zip(*pieces, strict=False))  # `repeat` has no end


def _table(evaluation: Evaluation, digest: Callable[[str], str], before: str) -> Iterator[Iterable[str]]:
    """The texts of a table that, joined for each subject, are its canonical JSON."""
    bound = evaluation.bound
    fired = [before + '{"fired":' + _json([bound.rules[n].id for n in rows]) + ',"inputs":{' for rows in evaluation.patterns]
    yield _spread(fired, evaluation.pattern_of)
    comma = ""
    for name in sorted(bound.table.uses):  # canonical JSON orders keys; names of columns are plain ASCII
        yield _column(f'{comma}"{name}":', evaluation.columns[name])
        comma = ","
    facts = f',"pack":{_json(bound.pack)},"rules":{_json(digest(bound.pack))},"table":{_json(bound.table.name)}}}'
    said = [_json({name: values[pattern] for name, values in evaluation.said.items()}) for pattern in range(len(evaluation.patterns))]
    yield _spread([f'}},"outputs":{outputs}{facts}' for outputs in said], evaluation.pattern_of)


def _column(start: str, encoded: Encoded) -> Iterable[str]:
    return _spread([start + _json(value) for value in encoded.distinct], encoded.codes)


def _spread(texts: Sequence[str], codes: Sequence[int]) -> Iterable[str]:
    return map(texts.__getitem__, codes)


def _json(value: Any) -> str:
    if type(value) is Decimal:  # the bulk of what differs from subject to subject
        text = str(value)
        plain = "." in text and text[0] != "-" and "E" not in text  # as nearly all shares are written: only zeros at the end to drop
        return f'"{text.rstrip("0").rstrip(".") if plain else decimal_text(value)}"'
    return canonical_json(value).decode()


def _in_order(results: Iterable[TableResult]) -> Iterator[TableResult]:
    """Results after those they rest on, each table once."""
    seen: set[int] = set()
    stack = list(results)
    for result in stack:
        for found in (*_in_order(result.upstream[name] for name in sorted(result.upstream)), result):
            if id(found) not in seen:
                seen.add(id(found))
                yield found
