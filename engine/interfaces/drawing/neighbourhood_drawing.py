"""A neighbourhood or path as text, Mermaid, DOT, GraphML and JSON, each with the citations that its sources are owed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.contracts import decimal_text
from engine.graph import GraphEdge, GraphNode, GraphPath, LeftOut, Neighbourhood, to_networkx
from engine.interfaces.drawing.resolution_drawing import wrapped
from engine.interfaces.drawing.visible_text import visible
from engine.licensing import AdmittedGraph, attributions_text

Drawn = Neighbourhood | GraphPath


def neighbourhood_document(found: Drawn, terms: AdmittedGraph) -> dict[str, Any]:
    """Nodes, edges, what was left out for room and what by licence, and the citations owed."""
    return {
        "nodes": [{"key": n.key, "kind": n.kind, "label": n.label, "hops": n.hops, "source": n.source, "source_ref": n.source_ref, "release": n.release, "licence": n.licence, "confidence": n.confidence} for n in found.nodes],
        "edges": [{"from": e.start, "to": e.end, "relation": e.relation, "properties": {k: _plain(v) for k, v in e.properties.items()}, "source": e.source} for e in found.edges],
        "left_out": [{"relation": t.relation, "outward": t.outward, "count": t.count} for t in _left_out(found)],
        "refused": terms.refused,
        "attributions": terms.attributions,
    }


def text(found: Drawn, terms: AdmittedGraph) -> str:
    """The record with its source and row, a line for each relation, nearest first; what was left out; the sources under it all."""
    labels = {n.key: n for n in found.nodes}
    centre = found.nodes[0]
    out = [wrapped(f"{centre.key}  {centre.label} ({centre.kind})", 6), wrapped(f"  from {centre.source}, {centre.source_ref}; {centre.licence}, confidence {decimal_text(centre.confidence)}", 6)]
    for edge in found.edges:
        values = ", ".join(f"{k} {v}" for k, v in edge.properties.items() if v is not None)
        out.append(wrapped(f"  {edge.start} -{edge.relation}-> {edge.end}  {_farther(labels, edge)}{f' [{values}]' if values else ''}", 6))
    out += [f"  ... {t.count:,} more by {t.relation}{'' if t.outward else ' (towards it)'}; raise --limit to see them" for t in _left_out(found)]
    out += ["", "sources (the file and row of a record: wig why KEY)", *(wrapped(f"  {s.key}  {s.citation} [{s.licence}]", 6) for s in terms.sources)]
    return "\n".join(out)


def mermaid(found: Drawn, terms: AdmittedGraph) -> str:
    """A Mermaid flow chart; ids are n0, n1, ... in node order."""
    ids = {n.key: f"n{i}" for i, n in enumerate(found.nodes)}
    out = ["flowchart LR"]
    out += [f'  {ids[n.key]}["{_quoted(n.label)}<br/><small>{_quoted(n.key)}</small>"]' for n in found.nodes]
    out += [f"  {ids[e.start]} -- {e.relation} --> {ids[e.end]}" for e in found.edges]
    out += [f'  more{i}["{t.count} more by {t.relation}"]' for i, t in enumerate(_left_out(found))]
    out += [f"  %% {line}" for line in _terms(terms)]
    return "\n".join(out)


def dot(found: Drawn, terms: AdmittedGraph) -> str:
    """Graphviz DOT."""
    out = ["digraph neighbourhood {", "  rankdir=LR;", "  node [shape=box];"]
    out += [f"  {json.dumps(n.key)} [label={json.dumps(n.label, ensure_ascii=False)}, tooltip={json.dumps(n.kind)}];" for n in found.nodes]
    out += [f"  {json.dumps(e.start)} -> {json.dumps(e.end)} [label={json.dumps(e.relation)}];" for e in found.edges]
    out += [f"  // {t.count} more by {t.relation}{'' if t.outward else ' (towards it)'}" for t in _left_out(found)]
    out += [f"  // {line}" for line in _terms(terms)]
    return "\n".join([*out, "}"])


def graphml(found: Drawn, terms: AdmittedGraph) -> str:
    """GraphML, as networkx writes it; the citations are data of the graph itself."""
    import networkx

    graph = to_networkx(found.nodes, found.edges)
    graph.graph["attributions"] = "\n".join(_terms(terms))
    buffer = io.BytesIO()
    networkx.write_graphml(graph, buffer)
    return buffer.getvalue().decode("utf-8")


NEIGHBOURHOOD_FORMATS: Mapping[str, Callable[[Drawn, AdmittedGraph], str]] = {"text": text, "mermaid": mermaid, "dot": dot, "graphml": graphml}


def _terms(terms: AdmittedGraph) -> list[str]:
    """Citations owed and what a licence kept back, each on one line."""
    lines = [*(f"attribution: {line}" for line in attributions_text(terms.attributions)), *(r.sentence for r in terms.refused)]
    return [visible(" ".join(line.split())) for line in lines]


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
