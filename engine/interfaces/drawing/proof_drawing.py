"""Why a decision came out as it did: text, JSON and Mermaid of the same proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.contracts import Decision
from engine.contracts.canonical import plain
from engine.interfaces.drawing.resolution_drawing import cited_lines, wrapped
from engine.interfaces.drawing.visible_text import visible

if TYPE_CHECKING:  # the rooms behind a proof load only where one is drawn
    from engine.licensing import Attribution
    from engine.proof import Node, Proof, TriedRow

_DEEPEST = 12  # beyond, the indent leaves no room for words


def proof_document(proof: Proof, given_id: str, attributions: Sequence[Attribution]) -> dict[str, Any]:
    """The whole decision with its proof, whether the recomputed id is the one it was given under, and the citations that it owes."""
    return {"given_id": given_id, "same": proof.decision.decision_id == given_id} | proof.document() | {"attributions": list(attributions)}


def proof_text(proof: Proof, attributions: Sequence[Attribution]) -> str:
    """The answer, the tree of steps under it, what lost, evidence, digests, citations."""
    decision = proof.decision
    out = [f"{decision.decision_id} ({decision.kind}, as of {decision.as_of})"]
    out += [f"asked     {k}: {_shown(v)}" for k, v in decision.question.items()]
    out += [f"answer    {k}: {_shown(decision.outcome[k])}" for k in ("fallback_tier", "service_tier", "runtime_action", "ground")]
    out += ["", f"proof     {len(proof.nodes)} steps; a step stands under the first one that rests on it"]
    out += list(_tree(proof, proof.root, 1, set()))
    out += _losers(decision)
    out += ["", "evidence"]
    out += [wrapped(f"  {e.record}: {e.label} [{e.source}, {e.source_ref}, {e.licence}, confidence {e.confidence}] {e.used_for}", 4) for e in decision.evidence]
    out += ["", *(f"{name:<9} {digest}" for name, digest in sorted(decision.digests.items())), *cited_lines(attributions)]
    return "\n".join(out)


def proof_mermaid(proof: Proof, attributions: Sequence[Attribution]) -> str:
    """The proof as a flow chart: leaves at the bottom, tables and arithmetic above them, the answer at the top; the citations are comments of it."""
    numbers = {node.id: n for n, node in enumerate(proof.nodes)}
    shapes = {"answer": ("{{", "}}"), "table": ("[", "]"), "arithmetic": ("[/", "/]"), "fact": ("[(", ")]"), "measure": ("([", "])"), "parameter": (">", "]"), "record": ("[(", ")]")}
    lines = ["flowchart BT"]
    for node in proof.nodes:
        left, right = shapes[node.kind]
        lines.append(f'  n{numbers[node.id]}{left}"{_quoted(step_label(node))}"{right}')
    lines += [f"  n{numbers[premise]} --> n{numbers[node.id]}" for node in proof.nodes for premise in node.premises]
    return "\n".join([*lines, *(f"  %% attribution: {' '.join(a.citation.split())} [{a.licence}]" for a in attributions)])


def step_label(node: Node) -> str:
    """A step in one line: what it is and what it says."""
    if node.asked is not None:
        return f"{node.asked.pack} {node.asked.version} / {node.asked.table} / {', '.join(node.asked.fired) or 'no row'}: {node.says}"
    if node.kind == "parameter":
        return f"{node.name} = {_shown(node.gives['value'])} ({node.subject})"
    if node.kind == "fact":
        return f"{node.name} of {node.subject}: {_given(node)}"
    return f"{node.name} of {node.subject}: {node.says}" if node.kind in ("answer", "measure") else f"{node.name}: {node.says}"


def _tree(proof: Proof, node: Node, depth: int, drawn: set[str]) -> Iterator[str]:
    """A step with its particulars, then the steps it rests on that were not drawn yet."""
    drawn.add(node.id)
    pad = "  " * min(depth, _DEEPEST)
    yield wrapped(f"{pad}{'fired' if node.asked and node.asked.fired else node.kind:<10} {step_label(node)}", len(pad) + 11)
    particulars = [*_rows(node), *_results(node), *_source(node)]
    for line in particulars:
        yield wrapped(f"{pad}           {line}", len(pad) + 13)
    for premise in node.premises:
        found = proof.by_id[premise]
        if premise not in drawn and found.kind != "parameter":
            yield from _tree(proof, found, depth + 1, drawn)


def _rows(node: Node) -> Iterator[str]:
    """For a table the cells of the rows that fired with what they met, and for every row before them the cell that stopped it."""
    if node.asked is None:
        return
    met = {u.name: u.value for u in node.uses}
    for row in node.asked.rows:
        if row.rule in node.asked.fired:
            for cell in row.cells:
                yield f"{cell.column} is {_shown(met[cell.column])}, asked for {cell.test}"
    for row in node.asked.rows:
        if not row.holds:
            stop = _stop(row)
            yield f"not {row.rule}: asked for {stop.column} {stop.test}, met {_shown(met[stop.column])}"


def _stop(row: TriedRow) -> Any:
    return next(cell for cell in row.cells if cell.verdict != "true")


def _results(node: Node) -> Iterator[str]:
    if node.kind in ("table", "arithmetic"):
        yield f"gives {_given(node)}"
    if node.kind == "arithmetic":
        named = [u for u in node.uses if u.name.startswith("$")]
        if named:
            yield f"by {', '.join(u.name[1:] + ('' if isinstance(u.value, Mapping) else f' ({_shown(u.value)})') for u in named)}"


def _source(node: Node) -> Iterator[str]:
    found = node.provenance
    if found is not None:
        yield f"[{found.source}, {found.source_ref}, release {found.release}, {found.licence}, confidence {_shown(found.confidence)}]"


def _given(node: Node) -> str:
    return "; ".join(f"{name} {_shown(value)}" for name, value in node.gives.items() if value is not None and name != "terms") or "nothing"


def _losers(decision: Decision) -> list[str]:
    if not decision.alternatives:
        return []
    lost = [wrapped(f"  {a.label} ({a.record}): {a.why}{'' if a.margin is None else f', by {a.margin}'}", 4) for a in decision.alternatives]
    return ["", "what lost", *lost]


def _shown(value: Any) -> str:
    value = plain(value)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ", ".join(f"{k} {_shown(v)}" for k, v in value.items())
    return (", ".join(_shown(v) for v in value) or "none") if isinstance(value, list) else str(value)


def _quoted(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
