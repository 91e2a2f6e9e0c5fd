"""One PROV-O document for a build: what went in, who answers for it, which steps were taken, what came out, what is missing.

JSON-LD in canonical bytes (RFC 8785), its context written out. It holds no clock, host or path: equal inputs give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engine.contracts import Fingerprint, Receipt, canonical_json, iri_of, slug
from engine.lineage.stated_records import stated_by_source
from engine.ontology import NAMESPACE
from engine.sources import Discovery, Intake, Ledger, Origin
from engine.warehouse import Findings

PROVENANCE = "provenance.jsonld"
LEDGER = "sources.toml"
_SPDX = "https://spdx.org/licenses/"
_CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#", "dcterms": "http://purl.org/dc/terms/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/", "wig": NAMESPACE, "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
Node = dict[str, Any]


def write_provenance(folder: Path, receipt: Receipt, ledger: Ledger, findings: Findings, found: Discovery, market: Intake) -> None:
    """Write `provenance.jsonld` into the folder of a snapshot that is being built; its `records` folder must be finished."""
    stated = stated_by_source(folder / "records", receipt.counts)
    (folder / PROVENANCE).write_bytes(provenance_document(receipt, ledger, findings, stated, {a.publisher: a.reason for a in found.absent}, [m.origin for m in market.lists]))


def provenance_document(
    receipt: Receipt, ledger: Ledger, findings: Findings, stated: Mapping[str, Mapping[str, int]], absent: Mapping[str, str], lists: Iterable[Origin] = ()
) -> bytes:
    """The document as bytes. `stated` counts rows by record table and source key; `absent` says why a source of the ledger delivers nothing.

    `lists` are origins that state their own terms, as a list of the market does in its manifest.
    """
    own = {origin.key: origin for origin in lists}
    names = [(name, release) for name, releases in sorted(receipt.releases.items()) for release in releases.split(" + ")]
    origins = [own.get(f"source/{name}@{release}") or ledger.origin(name, release) for name, release in names]
    nodes = [
        *_software(receipt), *_sources(origins, receipt.inputs), *_files(receipt.inputs, origins), *_steps(receipt, origins, findings),
        *_staged(receipt, findings), *_record_tables(receipt, stated), *_joins(receipt, findings), *_outcome(receipt, findings, absent, ledger),
    ]  # fmt: skip
    return canonical_json({"@context": _CONTEXT, "@graph": [n for _, n in sorted({n["@id"]: n for n in nodes}.items())]})


def _software(receipt: Receipt) -> Iterator[Node]:
    agent = {"@id": _agent(receipt), "@type": ["prov:SoftwareAgent", "prov:Agent"], "rdfs:label": "Work Intelligence Graph engine"}
    yield agent | {"schema:softwareVersion": receipt.product_version}


def _sources(origins: Iterable[Origin], inputs: Sequence[Fingerprint]) -> Iterator[Node]:
    for origin in origins:
        entry, name = origin.entry, f"{origin.entry.name}@{origin.release}"
        owner = iri_of(f"agent/{slug(entry.owner)}")
        yield {"@id": owner, "@type": ["prov:Agent", "prov:Organization"], "rdfs:label": entry.owner}
        licence = _licence(entry.licence)
        if not licence.startswith(_SPDX):
            yield {"@id": licence, "@type": "dcterms:LicenseDocument", "dcterms:title": entry.licence}
        yield {
            "@id": iri_of(origin.key), "@type": ["prov:Entity", "prov:Collection"], "dcterms:title": f"{entry.title} {origin.release}",
            "dcterms:publisher": _ref(owner), "dcterms:license": _ref(licence), "dcterms:bibliographicCitation": entry.citation.replace("{release}", origin.release),
            "prov:wasAttributedTo": _ref(owner), "schema:version": origin.release, "wig:allowedUse": entry.allowed_use, "wig:layer": entry.layer,
            "wig:runtimeEligible": entry.runtime_eligible, "prov:hadMember": [_ref(_file(f)) for f in inputs if f.name.startswith(f"{name}/")],
        }  # fmt: skip


def _files(inputs: Iterable[Fingerprint], origins: Iterable[Origin]) -> Iterator[Node]:
    owners = {f"{o.entry.name}@{o.release}": o for o in origins}
    for file in inputs:
        node: Node = {"@id": _file(file), "@type": "prov:Entity", "dcterms:title": file.name, "dcterms:type": file.kind}
        node |= {"schema:contentSize": f"{file.size} B", "schema:sha256": file.sha256}
        origin = owners.get(file.name.partition("/")[0]) if file.kind == "source" else None
        if origin is not None:
            node |= {"dcterms:license": _ref(_licence(origin.entry.licence)), "dcterms:isPartOf": _ref(iri_of(origin.key))}
        yield node


def _steps(receipt: Receipt, origins: Sequence[Origin], findings: Findings) -> Iterator[Node]:
    """Stage and project by source, then reconcile, judge and load; each uses what came before it."""
    ledger = [_ref(_file(f)) for f in receipt.inputs if f.name == LEDGER]
    by_kind = {kind: [_ref(_file(f)) for f in receipt.inputs if f.kind == kind] for kind in ("rule", "shape", "ontology")}
    offered = []
    for origin in origins:
        name = f"{origin.entry.name}@{origin.release}"
        files = [_ref(_file(f)) for f in receipt.inputs if f.kind == "source" and f.name.startswith(f"{name}/")]
        staged = [_ref(_staged_at(receipt, t.name)) for t in findings.tables if t.source == origin.key]
        yield _activity(receipt, f"stage/{name}", f"Read and check the files of {origin.entry.title} {origin.release}", [*files, *ledger])
        yield _activity(receipt, f"project/{name}", f"Turn the rows of {origin.entry.title} {origin.release} into records", [*staged, *(files if not staged else ()), *by_kind["ontology"]])
        records = _at(receipt, f"offered/{name}")
        offered.append(_ref(records))
        yield {
            "@id": records, "@type": "prov:Entity", "dcterms:title": f"Records as {origin.entry.title} {origin.release} offers them",
            "prov:wasGeneratedBy": _ref(_at(receipt, f"project/{name}")), "prov:wasDerivedFrom": [_ref(iri_of(origin.key)), *staged],
        }  # fmt: skip
    yield _activity(receipt, "reconcile", "One record for each key, no dangling relationship", offered)
    tables = [_ref(_at(receipt, f"records/{t}")) for t, n in sorted(receipt.counts.items()) if n]
    yield _activity(receipt, "judge", "Hold the records against every contract", [*tables, *by_kind["shape"]])
    yield _activity(receipt, "load", "Load the graph, index the titles, evaluate the facts", [*tables, *by_kind["rule"], *by_kind["ontology"]])


def _staged(receipt: Receipt, findings: Findings) -> Iterator[Node]:
    files = {f.name: f for f in receipt.inputs}
    for table in findings.tables:
        node = {"@id": _staged_at(receipt, table.name), "@type": "prov:Entity", "dcterms:title": table.name, "wig:rowsRead": table.rows_in, "wig:rowsKept": table.kept}
        node |= {"prov:wasGeneratedBy": _ref(_at(receipt, f"stage/{table.source.removeprefix('source/')}")), "wig:dropped": [f"{d.count} {d.reason}" for d in table.dropped]}
        if table.name in files:
            node["prov:wasDerivedFrom"] = [_ref(_file(files[table.name]))]
        yield node


def _record_tables(receipt: Receipt, stated: Mapping[str, Mapping[str, int]]) -> Iterator[Node]:
    for target, count in sorted(receipt.counts.items()):
        if not count:
            continue
        at = _at(receipt, f"records/{target}")
        sources = sorted(stated.get(target, {}).items())
        derivations = [f"{at}/from/{quote(source.removeprefix('source/'))}" for source, _ in sources]
        yield {
            "@id": at, "@type": "prov:Entity", "dcterms:title": target, "wig:records": count, "schema:sha256": receipt.records[target],
            "prov:wasGeneratedBy": _ref(_at(receipt, "reconcile")), "prov:wasDerivedFrom": [_ref(iri_of(source)) for source, _ in sources],
            "prov:qualifiedDerivation": [_ref(d) for d in derivations],
        }  # fmt: skip
        for derivation, (source, rows) in zip(derivations, sources, strict=True):
            yield {"@id": derivation, "@type": "prov:Derivation", "prov:entity": _ref(iri_of(source)), "wig:records": rows}


def _joins(receipt: Receipt, findings: Findings) -> Iterator[Node]:
    for join in findings.joins:
        name = join.source.removeprefix("source/")
        yield {
            "@id": _at(receipt, f"joins/{name}/{join.name}"), "@type": "prov:Entity", "dcterms:title": f"{name}: {join.name}", "dcterms:description": f"{join.met} of {join.offered} {join.what}",
            "prov:wasGeneratedBy": _ref(_at(receipt, "reconcile")), "prov:wasDerivedFrom": [_ref(iri_of(join.source))], "wig:offered": join.offered, "wig:matched": join.met,
            "wig:matchedBy": [f"{m.count} {m.name}" for m in join.matched], "wig:unmatchedFor": [f"{m.count} {m.name}" for m in join.unmatched],
        }  # fmt: skip


def _outcome(receipt: Receipt, findings: Findings, absent: Mapping[str, str], ledger: Ledger) -> Iterator[Node]:
    titles = {e.name: e.title for e in ledger.entries}
    generated = {"prov:wasGeneratedBy": _ref(_at(receipt, "load")), "prov:wasAttributedTo": _ref(_agent(receipt))}
    yield {"@id": _at(receipt, "graph"), "@type": "prov:Entity", "dcterms:title": "Graph, title index and facts", **generated}
    yield {
        "@id": iri_of(receipt.receipt_id), "@type": "prov:Entity", "dcterms:title": "Receipt of the build", "dcterms:issued": receipt.release_date, **generated,
        "prov:wasDerivedFrom": [_ref(_at(receipt, f"records/{t}")) for t, n in sorted(receipt.counts.items()) if n], "schema:sha256": receipt.record_digest,
        "wig:gap": [*receipt.gaps], "wig:dropped": [f"{n} {reason}" for reason, n in sorted(receipt.dropped.items())],
        "wig:absentSource": [f"{titles.get(name, name)}: {why}" for name, why in sorted(absent.items())], "wig:duplicates": sum(d.count for d in findings.duplicates),
    }  # fmt: skip


def _activity(receipt: Receipt, name: str, label: str, used: list[dict[str, str]]) -> Node:
    return {"@id": _at(receipt, name), "@type": "prov:Activity", "rdfs:label": label, "prov:used": used, "prov:wasAssociatedWith": _ref(_agent(receipt))}


def _at(receipt: Receipt, name: str) -> str:
    return iri_of(f"{receipt.receipt_id}/{quote(name)}")


def _staged_at(receipt: Receipt, name: str) -> str:
    return _at(receipt, f"staged/{name}")


def _file(file: Fingerprint) -> str:
    return iri_of(f"file/{file.sha256[:32]}/{quote(file.name)}")


def _agent(receipt: Receipt) -> str:
    return iri_of(f"agent/work-intelligence-graph-engine-{slug(receipt.product_version)}")


def _licence(licence: str) -> str:
    return iri_of(f"licence/{quote(licence)}") if licence.startswith("LicenseRef-") else f"{_SPDX}{quote(licence)}"


def _ref(iri: str) -> dict[str, str]:
    return {"@id": iri}
