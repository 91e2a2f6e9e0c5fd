"""A table's decision about one subject as a step: every column it uses, every row tried, the rows that fired, the parameters cited."""

from __future__ import annotations

from collections.abc import Mapping

from engine.proof.leaves import Leaves
from engine.proof.tree import AskedTable, Node, Steps, TriedCell, TriedRow, Use, Verdict
from engine.rules import TableResult

_VERDICTS: dict[bool | None, Verdict] = {True: "true", False: "false", None: "unknown"}


def table_step(steps: Steps, leaves: Leaves, result: TableResult, position: int, subject: str, origins: Mapping[str, tuple[Node, str]]) -> Node:
    """The step of a table about one subject. `origins` names for each column the step that gave it and under which name."""
    evaluation = result.evaluation
    bound = evaluation.bound
    met = {name: evaluation.columns[name].value(position) for name in bound.table.uses}
    hits = result.hits[position]
    first = bound.table.hit_policy == "first"
    rows: list[TriedRow] = []
    cited: dict[str, None] = {}
    for rule in bound.rules:
        cells = tuple(TriedCell(c.column, c.text, _VERDICTS[c.holds(met[c.column])]) for c in rule.cells)
        rows.append(TriedRow(rule.id, cells, all(c.verdict == "true" for c in cells)))
        cited.update(dict.fromkeys(rule.cited))
        if first and rule.id in hits:
            break
    uses = [Use(name, met[name], origins[name][0].id, origins[name][1]) for name in bound.table.uses]
    for name in sorted(cited):
        parameter = leaves.parameter(bound.pack, name)
        uses.append(Use(f"${name}", parameter.gives["value"], parameter.id, "value"))
    gives = {name: values[position] for name, values in result.outputs.items()}
    asked = AskedTable(bound.pack, bound.version, bound.table.name, bound.table.hit_policy, tuple(rows), tuple(hits))
    where = f"{bound.pack}.{bound.table.name}"
    says = result.sentences[position] or f"no row of `{bound.table.name}` holds"
    return steps.add(Node(f"table/{where}/{subject}", "table", where, subject, says, tuple(uses), gives, asked))
