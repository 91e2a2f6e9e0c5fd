"""The citations that answers owe, read from the provenance that their snapshot keeps: light, since answers come from a cold shell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from engine.contracts import Decision, iri_of
from engine.graph import Snapshot
from engine.licensing.exits import Attribution, Exit, LicensedSource
from engine.licensing.policy import LicencePolicy, licence_policy
from engine.rules import Rulebook

PROVENANCE = "provenance.jsonld"
_NAMED = ("occupation", "occupations")  # of an outcome: it says names of occupations, whatever its evidence is
_OCCUPATIONS = "Occupation"


class AnswerCitations:
    """Reads the sources of a snapshot once, then tells for each decision whom it must cite."""

    def __init__(self, snapshot: Snapshot, rulebook: Rulebook) -> None:
        """Nothing is read before the first decision."""
        self._snapshot, self._rulebook = snapshot, rulebook

    def owed(self, decision: Decision) -> tuple[Attribution, ...]:
        """Citations for the sources of the decision's evidence and of the occupations that it names, in order of key.

        Raises Corrupt where the snapshot is not what was sealed, BadInput LIC101.
        """
        used = {e.source for e in decision.evidence}
        if any(decision.outcome.get(name) for name in _NAMED):
            used |= self._of_occupations
        return self._policy.attributions(used & self._policy.sources.keys(), Exit.ANSWER)

    @cached_property
    def _told(self) -> Mapping[str, Mapping[str, Any]]:
        if not (self._snapshot.folder / PROVENANCE).is_file():  # built before builds wrote one
            return {}
        text = self._snapshot.verified_path(PROVENANCE).read_text(encoding="utf-8")
        return {node["@id"]: node for node in json.loads(text)["@graph"]}

    @cached_property
    def _policy(self) -> LicencePolicy:
        if not self._told:
            return licence_policy(self._snapshot)
        receipt = self._snapshot.receipt()
        keys = (f"source/{name}@{release}" for name, releases in receipt.releases.items() for release in releases.split(" + "))
        return LicencePolicy(self._rulebook, (self._source(key) for key in keys if iri_of(key) in self._told), date.fromisoformat(receipt.release_date))

    @cached_property
    def _of_occupations(self) -> frozenset[str]:
        table = self._told.get(iri_of(f"{self._snapshot.receipt().receipt_id}/records/{_OCCUPATIONS}"), {})
        stated = {ref["@id"] for ref in table.get("prov:wasDerivedFrom", ())}
        return frozenset(key for key in self._policy.sources if iri_of(key) in stated)

    def _source(self, key: str) -> LicensedSource:
        node = self._told[iri_of(key)]
        owner = self._told[node["dcterms:publisher"]["@id"]]["rdfs:label"]
        licence = unquote(node["dcterms:license"]["@id"].rpartition("/")[2])
        return LicensedSource(key, node["dcterms:title"], owner, licence, node["wig:allowedUse"], node["dcterms:bibliographicCitation"])
