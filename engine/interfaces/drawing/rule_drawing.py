"""Decision tables and scorings for readers: rows one below the other on a terminal, a grid in Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from engine.interfaces.drawing.row_drawing import rows_text, width
from engine.interfaces.drawing.visible_text import visible
from engine.rules import ReadableScoring, ReadableTable

_POLICY = {"first": "the first row that holds decides", "unique": "at most one row may hold"}
Readable = Sequence[ReadableTable | ReadableScoring]


def rules_text(shown: Readable) -> str:
    """Each table with its rows in order; each scoring with its factors."""
    return "\n\n".join(_scoring_text(one) if isinstance(one, ReadableScoring) else _table_text(one) for one in shown)


def rules_markdown(shown: Readable) -> str:
    """Each table as a grid: a row of cells for each rule, a column for each condition that any row tests."""
    return "\n\n".join(_scoring_markdown(one) if isinstance(one, ReadableScoring) else _table_markdown(one) for one in shown)


def _policy(stated: str) -> str:
    return _POLICY.get(stated, f"all rows that hold are gathered ({stated.removeprefix('collect ')})")


def _table_text(table: ReadableTable) -> str:
    lines = [f"{table.pack}.{table.name}   {table.pack} {table.version}, hit policy {table.hit_policy}: {_policy(table.hit_policy)}", _wrapped(table.description, "")]
    lines += [_wrapped(f"reads {', '.join(f'{name} ({kind})' for name, kind in table.uses)}", "")]
    if table.gaps:
        lines.append(_wrapped(f"no row may hold: {table.gaps}", ""))
    for number, row in enumerate(table.rows, 1):
        lines += ["", f"{number:>3}  {row.id}"]
        lines += [_wrapped(text, "     if       " if first == 0 else "     and      ") for first, text in enumerate(f"{name}: {test}" for name, test in row.conditions)] or ["     always"]
        lines += [_wrapped(f"{', '.join(f'{name}: {value}' for name, value in row.outputs)}", "     then     "), _wrapped(row.because, "     because  ")]
    return "\n".join(lines)


def _scoring_text(scoring: ReadableScoring) -> str:
    head = f"{scoring.pack}.{scoring.name}   {scoring.pack} {scoring.version}, a weighted sum; {', then '.join(scoring.order)}"
    return "\n".join([head, _wrapped(scoring.description, ""), "", rows_text(("factor", "reads", "per mille", "transform", "meaning"), scoring.factors)])


def _wrapped(text: str, start: str) -> str:
    return textwrap.fill(" ".join(text.split()), width(), initial_indent=start, subsequent_indent=" " * len(start), break_long_words=False, break_on_hyphens=False)


def _table_markdown(table: ReadableTable) -> str:
    tested = [name for name, _ in table.uses if any(name == column for row in table.rows for column, _ in row.conditions)]
    said = [name for name, _ in table.outputs]
    lines = [f"### {table.pack}.{table.name}", "", f"{_cell(table.description)} Hit policy `{table.hit_policy}`: {_policy(table.hit_policy)}. Pack {table.version}."]
    if table.gaps:
        lines += ["", f"No row may hold: {_cell(table.gaps)}"]
    lines += ["", *_grid(["", "row", *tested, *(f"**{name}**" for name in said), "because"], [
        [str(number), f"`{row.id}`", *(_code(dict(row.conditions).get(name, "")) for name in tested), *(_code(dict(row.outputs).get(name, "missing")) for name in said), _cell(row.because)]
        for number, row in enumerate(table.rows, 1)
    ])]  # fmt: skip
    return "\n".join(lines)


def _scoring_markdown(scoring: ReadableScoring) -> str:
    lines = [f"### {scoring.pack}.{scoring.name}", "", f"{_cell(scoring.description)} Order: {', then '.join(scoring.order)}. Pack {scoring.version}.", ""]
    return "\n".join([*lines, *_grid(["factor", "reads", "per mille", "transform", "meaning"], [[_cell(c) for c in factor] for factor in scoring.factors])])


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""


def _cell(text: str) -> str:
    return visible(" ".join(text.split())).replace("|", "\\|")
