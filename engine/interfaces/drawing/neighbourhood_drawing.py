"""A neighbourhood or path as text, Mermaid, DOT, GraphML and JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.graph import GraphNode, Neighbourhood, to_networkx
from engine.interfaces.drawing.resolution_drawing import wrapped


def neighbourhood_document(found: Neighbourhood) -> dict[str, Any]:
    """Nodes, edges and what was left out."""
    return {
        "nodes": [{"key": n.key, "kind": n.kind, "label": n.label, "source": n.source} for n in found.nodes],
        "edges": [{"from": e.start, "to": e.end, "relation": e.relation, "properties": {k: _plain(v) for k, v in e.properties.items()}} for e in found.edges],
        "left_out": [{"record": t.record, "relation": t.relation, "count": t.count} for t in found.truncated],
    }


def text(found: Neighbourhood) -> str:
    """One block for each relation, nearest first; then what was left out."""
    labels = {n.key: n for n in found.nodes}
    if not found.nodes:
        return "no path within the hops searched"
    out = [f"{found.nodes[0].key}  {found.nodes[0].label} ({found.nodes[0].kind})"]
    for edge in found.edges:
        values = ", ".join(f"{k} {v}" for k, v in edge.properties.items() if v is not None)
        out.append(wrapped(f"  {edge.start} -{edge.relation}-> {edge.end}  {_label(labels, edge.end if edge.start == found.nodes[0].key else edge.start)}{f' [{values}]' if values else ''}", 6))
    out += [f"  ... {t.count:,} more by {t.relation} around {t.record}" for t in found.truncated]
    return "\n".join(out)


def mermaid(found: Neighbourhood) -> str:
    """A Mermaid flow chart; ids are n0, n1, ... in node order."""
    ids = {n.key: f"n{i}" for i, n in enumerate(found.nodes)}
    out = ["flowchart LR"]
    out += [f'  {ids[n.key]}["{_quoted(n.label)}<br/><small>{_quoted(n.key)}</small>"]' for n in found.nodes]
    out += [f"  {ids[e.start]} -- {e.relation} --> {ids[e.end]}" for e in found.edges]
    out += [f'  more{i}["{t.count} more by {t.relation}"]' for i, t in enumerate(found.truncated)]
    return "\n".join(out)


def dot(found: Neighbourhood) -> str:
    """Graphviz DOT."""
    out = ["digraph neighbourhood {", "  rankdir=LR;", "  node [shape=box];"]
    out += [f"  {json.dumps(n.key)} [label={json.dumps(n.label, ensure_ascii=False)}, tooltip={json.dumps(n.kind)}];" for n in found.nodes]
    out += [f"  {json.dumps(e.start)} -> {json.dumps(e.end)} [label={json.dumps(e.relation)}];" for e in found.edges]
    return "\n".join([*out, "}"])


def graphml(found: Neighbourhood) -> str:
    """GraphML, as networkx writes it."""
    import networkx

    graph = to_networkx(found)
    for _, _, data in graph.edges(data=True):
        for name in [k for k, v in data.items() if v is None]:
            del data[name]
        data.update({k: v if isinstance(v, (str, int, bool, float)) else str(v) for k, v in data.items()})
    buffer = io.BytesIO()
    networkx.write_graphml(graph, buffer)
    return buffer.getvalue().decode("utf-8")


FORMATS: Mapping[str, Callable[[Neighbourhood], str]] = {"text": text, "mermaid": mermaid, "dot": dot, "graphml": graphml}


def _label(nodes: Mapping[str, GraphNode], key: str) -> str:
    node = nodes.get(key)
    return node.label if node else ""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, float) else value


def _quoted(label: str) -> str:
    return label.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
