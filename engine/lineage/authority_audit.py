"""What a role family's content rests on: sources and layers, evidence by kind, weakest links, what is authored judgement alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.graph import Snapshot
from engine.lineage.stated_records import columns_of

JUDGEMENT = frozenset(("editorial_judgement", "approval"))  # kinds of evidence that nobody measured
WEAKEST = 5
_PROVENANCE = ("source", "release", "licence", "confidence")


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """Records of one part of a family (`roles`, ...) from one source: how many, lowest and mean confidence (shares 0 to 1)."""

    part: str
    source: str
    layer: str
    release: str
    licence: str
    records: int
    lowest: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True, order=True)
class WeakLink:
    """A record of low confidence: confidence first, so that the weakest comes first."""

    confidence: Decimal
    record: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class FamilyAudit:
    """One role family. `layers` counts all its records by layer; `evidence_kinds` its evidence by kind, `cited_works` by the work it cites.

    `judgement_only`: affordances under which nothing measured or published stands. `unaligned_tasks`: tasks that no publisher's task
    of this build matches. `unmapped_roles`: roles that are mapped to no publisher's occupation. All lists are keys in order.
    """

    family: str
    label: str
    standings: tuple[Standing, ...]
    layers: Mapping[str, int]
    evidence_kinds: Mapping[str, int]
    cited_works: Mapping[str, int]
    weakest: tuple[WeakLink, ...]
    affordances: int
    judgement_only: tuple[str, ...]
    tasks: int
    unaligned_tasks: tuple[str, ...]
    roles: int
    unmapped_roles: tuple[str, ...]


def audit_families(snapshot: Snapshot) -> tuple[FamilyAudit, ...]:
    """The audit of every role family of a snapshot, in order of key."""
    records = _Records(snapshot)
    return tuple(_audit(records, key, str(label)) for key, label in columns_of(snapshot, "RoleFamily", "id", "label"))


class _Records:
    """Record tables of a snapshot, read once each."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._nodes: dict[str, dict[str, tuple[Any, ...]]] = {}
        self._links: dict[str, dict[str, set[str]]] = {}
        self.layers = {str(k): str(layer) for k, layer in columns_of(snapshot, "Source", "id", "layer")}

    def nodes(self, kind: str, keys: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """Label, source, release, licence, confidence by key, of those keys that are there."""
        if kind not in self._nodes:
            said = "statement" if kind == "Task" else "label"
            self._nodes[kind] = {str(row[0]): row[1:] for row in columns_of(self._snapshot, kind, "id", said, *_PROVENANCE)}
        return {key: self._nodes[kind][key] for key in sorted(keys) if key in self._nodes[kind]}

    def ends(self, target: str, starts: Iterable[str]) -> set[str]:
        """Keys at the far end of a relation from these keys."""
        links = self.links(target)
        return {end for start in starts for end in links.get(start, ())}

    def links(self, target: str) -> Mapping[str, set[str]]:
        """Far ends of a relation by near end."""
        if target not in self._links:
            found: dict[str, set[str]] = defaultdict(set)
            for start, end in columns_of(self._snapshot, target, "from", "to"):
                found[str(start)].add(str(end))
            self._links[target] = found
        return self._links[target]

    def evidence(self, keys: set[str]) -> dict[str, tuple[str, str]]:
        """Kind and cited work of these pieces of evidence."""
        return {str(k): (str(kind), str(work or "")) for k, kind, work in columns_of(self._snapshot, "Evidence", "id", "evidence_kind", "cited_work") if k in keys}


def _audit(records: _Records, family: str, label: str) -> FamilyAudit:
    roles = {start for start, ends in records.links("IN_FAMILY.Role.RoleFamily").items() if family in ends}
    workflows = records.ends("HAS_WORKFLOW.Role.Workflow", roles)
    tasks = records.ends("COVERS.Workflow.Task", workflows) | records.ends("PERFORMS.Role.Task", roles)
    affordances = records.ends("AFFORDED_BY.Task.Affordance", tasks)
    aligned = records.ends("ALIGNS_WITH.Task.Task", tasks)
    occupations = records.ends("MAPS_TO.Role.Occupation", roles)
    own_evidence = records.ends("SUPPORTED_BY.Role.Evidence", roles) | records.ends("SUPPORTED_BY.Affordance.Evidence", affordances)
    signals = records.ends("HAS_EVIDENCE.Task.Evidence", tasks | aligned) | records.ends("HAS_EVIDENCE.Occupation.Evidence", occupations)
    parts = (
        ("roles", "Role", roles), ("workflows", "Workflow", workflows), ("tasks", "Task", tasks), ("affordances", "Affordance", affordances),
        ("evidence", "Evidence", own_evidence), ("occupations mapped to", "Occupation", occupations), ("publishers' tasks aligned with", "Task", aligned - tasks),
        ("publishers' evidence on them", "Evidence", signals - own_evidence),
    )  # fmt: skip
    standings: list[Standing] = []
    links: list[WeakLink] = []
    layers: Counter[str] = Counter()
    for part, kind, keys in parts:
        found = records.nodes(kind, keys)
        standings += _standings(part, found, records.layers)
        layers.update(records.layers.get(row[1], "unknown") for row in found.values())
        links += [WeakLink(row[4], key, str(row[0]), row[1]) for key, row in found.items()]
    kinds = records.evidence(own_evidence | signals)
    support = records.links("SUPPORTED_BY.Affordance.Evidence")
    judged = [a for a in sorted(affordances) if all(kinds.get(e, ("approval", ""))[0] in JUDGEMENT for e in support.get(a, ()))]
    alignments, mappings = records.links("ALIGNS_WITH.Task.Task"), records.links("MAPS_TO.Role.Occupation")
    return FamilyAudit(
        family, label, tuple(standings), dict(sorted(layers.items())), dict(sorted(Counter(kind for kind, _ in kinds.values()).items())),
        dict(sorted(Counter(work for _, work in kinds.values() if work).items())), tuple(sorted(links)[:WEAKEST]), len(affordances), tuple(judged),
        len(tasks), tuple(t for t in sorted(tasks) if not alignments.get(t)), len(roles), tuple(r for r in sorted(roles) if not mappings.get(r)),
    )  # fmt: skip


def _standings(part: str, found: Mapping[str, tuple[Any, ...]], layers: Mapping[str, str]) -> list[Standing]:
    by_source: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for _, source, release, licence, confidence in found.values():
        by_source[source, release, licence].append(confidence)
    return [
        Standing(part, source, layers.get(source, "unknown"), release, licence, len(sure), min(sure), (sum(sure, Decimal(0)) / len(sure)).quantize(Decimal("0.001")))
        for (source, release, licence), sure in sorted(by_source.items())
    ]
