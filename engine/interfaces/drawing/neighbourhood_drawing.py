"""A neighbourhood or path as text, Mermaid, DOT, GraphML and JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.graph import GraphEdge, GraphNode, GraphPath, LeftOut, Neighbourhood, to_networkx
from engine.interfaces.drawing.resolution_drawing import wrapped

Drawn = Neighbourhood | GraphPath


def neighbourhood_document(found: Drawn) -> dict[str, Any]:
    """Nodes, edges and what was left out."""
    return {
        "nodes": [{"key": n.key, "kind": n.kind, "label": n.label, "hops": n.hops, "source": n.source, "source_ref": n.source_ref, "licence": n.licence} for n in found.nodes],
        "edges": [{"from": e.start, "to": e.end, "relation": e.relation, "properties": {k: _plain(v) for k, v in e.properties.items()}} for e in found.edges],
        "left_out": [{"relation": t.relation, "outward": t.outward, "count": t.count} for t in _left_out(found)],
    }


def text(found: Drawn) -> str:
    """One block for each relation, nearest first; then what was left out."""
    labels = {n.key: n for n in found.nodes}
    out = [f"{found.nodes[0].key}  {found.nodes[0].label} ({found.nodes[0].kind})"]
    for edge in found.edges:
        values = ", ".join(f"{k} {v}" for k, v in edge.properties.items() if v is not None)
        out.append(wrapped(f"  {edge.start} -{edge.relation}-> {edge.end}  {_farther(labels, edge)}{f' [{values}]' if values else ''}", 6))
    out += [f"  ... {t.count:,} more by {t.relation}{'' if t.outward else ' (towards it)'}; raise --limit to see them" for t in _left_out(found)]
    return "\n".join(out)


def mermaid(found: Drawn) -> str:
    """A Mermaid flow chart; ids are n0, n1, ... in node order."""
    ids = {n.key: f"n{i}" for i, n in enumerate(found.nodes)}
    out = ["flowchart LR"]
    out += [f'  {ids[n.key]}["{_quoted(n.label)}<br/><small>{_quoted(n.key)}</small>"]' for n in found.nodes]
    out += [f"  {ids[e.start]} -- {e.relation} --> {ids[e.end]}" for e in found.edges]
    out += [f'  more{i}["{t.count} more by {t.relation}"]' for i, t in enumerate(_left_out(found))]
    return "\n".join(out)


def dot(found: Drawn) -> str:
    """Graphviz DOT."""
    out = ["digraph neighbourhood {", "  rankdir=LR;", "  node [shape=box];"]
    out += [f"  {json.dumps(n.key)} [label={json.dumps(n.label, ensure_ascii=False)}, tooltip={json.dumps(n.kind)}];" for n in found.nodes]
    out += [f"  {json.dumps(e.start)} -> {json.dumps(e.end)} [label={json.dumps(e.relation)}];" for e in found.edges]
    out += [f"  // {t.count} more by {t.relation}{'' if t.outward else ' (towards it)'}" for t in _left_out(found)]
    return "\n".join([*out, "}"])


def graphml(found: Drawn) -> str:
    """GraphML, as networkx writes it."""
    import networkx

    graph = to_networkx(found.nodes, found.edges)
    buffer = io.BytesIO()
    networkx.write_graphml(graph, buffer)
    return buffer.getvalue().decode("utf-8")


FORMATS: Mapping[str, Callable[[Drawn], str]] = {"text": text, "mermaid": mermaid, "dot": dot, "graphml": graphml}


def _left_out(found: Drawn) -> tuple[LeftOut, ...]:
    return found.truncated if isinstance(found, Neighbourhood) else ()


def _farther(nodes: Mapping[str, GraphNode], edge: GraphEdge) -> str:
    """Label of the end that is farther from where one began."""
    ends = [nodes[k] for k in (edge.start, edge.end) if k in nodes]
    return max(ends, key=lambda n: n.hops).label if ends else ""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, float) else value


def _quoted(label: str) -> str:
    return label.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
