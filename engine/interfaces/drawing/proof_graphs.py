"""A proof for other programs: GraphML for graph tools, PROV-O (JSON-LD) for whoever keeps provenance."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from engine.contracts import iri_of
from engine.contracts.canonical import plain
from engine.interfaces.drawing.proof_drawing import proof_mermaid, proof_text, step_label
from engine.interfaces.drawing.visible_text import visible

if TYPE_CHECKING:  # the rooms behind a proof load only where one is drawn
    from engine.licensing import Attribution
    from engine.proof import Node, Proof

_CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#", "dcterms": "http://purl.org/dc/terms/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_SPDX = "https://spdx.org/licenses/"


def proof_graphml(proof: Proof, attributions: Sequence[Attribution]) -> str:
    """GraphML, as networkx writes it: an edge leads from a step to one that rests on it and names the inputs it carries."""
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph(decision=proof.decision.decision_id, attributions="; ".join(f"{a.citation} [{a.licence}]" for a in attributions))
    for node in proof.nodes:
        graph.add_node(node.id, kind=node.kind, label=visible(step_label(node)), gives=visible(_json(node.gives)), **_terms(node))
    for node in proof.nodes:
        for premise in node.premises:
            graph.add_edge(premise, node.id, inputs=", ".join(u.name for u in node.uses if u.node == premise))
    buffer = io.BytesIO()
    networkx.write_graphml(graph, buffer)
    return buffer.getvalue().decode("utf-8")


def proof_prov(proof: Proof, attributions: Sequence[Attribution]) -> str:
    """PROV-O as JSON-LD: a step is an activity that used what it rests on and generated what it gives; a table's rows are its plan, leaves have sources."""
    from engine.ontology import NAMESPACE

    nodes = [n for node in proof.nodes for n in _prov_nodes(proof, node)]
    agent: dict[str, Any] = {"@id": iri_of("agent/work-intelligence-graph-engine"), "@type": ["prov:Agent", "prov:SoftwareAgent"], "rdfs:label": "Work Intelligence Graph engine"}
    decision: dict[str, Any] = {
        "@id": iri_of(proof.decision.decision_id), "@type": "prov:Entity", "dcterms:title": f"Decision: {proof.decision.kind}", "prov:wasDerivedFrom": _ref(_result(proof, proof.root.id)),
        "wig:asOf": {"@value": proof.decision.as_of, "@type": "xsd:date"}, **{f"wig:{name}Digest": digest for name, digest in sorted(proof.decision.digests.items())},
        "dcterms:bibliographicCitation": [a.citation for a in attributions],
    }  # fmt: skip
    unique: dict[str, dict[str, Any]] = {str(n["@id"]): n for n in (agent, decision, *nodes)}
    return json.dumps({"@context": {**_CONTEXT, "wig": NAMESPACE}, "@graph": [unique[iri] for iri in sorted(unique)]}, ensure_ascii=False, indent=2)


def _prov_nodes(proof: Proof, node: Node) -> Iterator[dict[str, Any]]:
    premises = [_ref(_result(proof, p)) for p in node.premises]
    result: dict[str, Any] = {"@id": _result(proof, node.id), "@type": "prov:Entity", "rdfs:label": step_label(node), "prov:value": _json(node.gives), "wig:step": node.id}
    if premises:
        result["prov:wasDerivedFrom"] = premises
    if node.kind in ("table", "arithmetic", "answer"):
        activity = f"{_result(proof, node.id)}#step"
        result["prov:wasGeneratedBy"] = _ref(activity)
        agent = _ref(iri_of("agent/work-intelligence-graph-engine"))
        step: dict[str, Any] = {"@id": activity, "@type": "prov:Activity", "rdfs:label": f"{node.kind} {node.name}", "prov:used": premises, "prov:wasAssociatedWith": agent}
        if node.asked is not None:
            plan = iri_of(f"rules/{node.asked.pack}/{node.asked.version}/{node.asked.table}")
            step["prov:qualifiedAssociation"] = {"@type": "prov:Association", "prov:agent": agent, "prov:hadPlan": _ref(plan)}
            step["wig:firedRow"] = list(node.asked.fired)
            yield {"@id": plan, "@type": ["prov:Entity", "prov:Plan"], "dcterms:title": f"{node.asked.pack} {node.asked.version} / {node.asked.table}"}
        yield step
    if node.provenance is not None:
        found = node.provenance
        licence = found.licence if found.licence.startswith("LicenseRef-") else ""
        result |= {
            "prov:hadPrimarySource": _ref(iri_of(found.source)), "dcterms:license": _ref(iri_of(f"licence/{quote(licence)}") if licence else f"{_SPDX}{quote(found.licence)}"),
            "wig:sourceRef": found.source_ref, "wig:release": found.release, "wig:confidence": {"@value": str(plain(found.confidence)), "@type": "xsd:decimal"}, "wig:record": found.record,
        }  # fmt: skip
        yield {"@id": iri_of(found.source), "@type": "prov:Entity", "dcterms:title": found.source}
    yield result


def _result(proof: Proof, node_id: str) -> str:
    return iri_of(f"{proof.decision.decision_id}/{quote(node_id)}")


def _ref(iri: str) -> dict[str, str]:
    return {"@id": iri}


def _terms(node: Node) -> dict[str, str]:
    found = node.provenance
    if found is None:
        return {}
    return {"source": found.source, "source_ref": visible(found.source_ref), "release": found.release, "licence": found.licence, "confidence": str(plain(found.confidence))}


def _json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True)


PROOF_FORMATS: Mapping[str, Callable[[Proof, Sequence[Attribution]], str]] = {"text": proof_text, "mermaid": proof_mermaid, "graphml": proof_graphml, "prov": proof_prov}
