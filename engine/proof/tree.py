"""A proof as a value: steps that each say what they took in, from which step that came, and what they give on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from engine.contracts import Decision, digest_of

FORMAT = "wig-proof-1"
Kind = Literal["answer", "table", "arithmetic", "fact", "measure", "parameter", "record"]
Verdict = Literal["true", "false", "unknown"]


@dataclass(frozen=True, slots=True)
class Use:
    """An input: its name, the value that was met (None is missing), and the step that gave it under the name `gives`."""

    name: str
    value: Any
    node: str
    gives: str


@dataclass(frozen=True, slots=True)
class TriedCell:
    """A cell of a row as it was tried: its column, its test with the parameters in force, and what the test said."""

    column: str
    test: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A row of a table as it was tried, all its cells; it holds where every one of them says true."""

    rule: str
    cells: tuple[TriedCell, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class AskedTable:
    """The table behind a step: `rows` are those tried, in order, up to the one that fired under hit policy `first`; `fired` those whose outputs count."""

    pack: str
    version: str
    table: str
    hit_policy: str
    rows: tuple[TriedRow, ...]
    fired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record comes from: its key, the table it stands in, and the five columns that every record has. `confidence` is a share."""

    record: str
    table: str
    source: str
    source_ref: str
    release: str
    licence: str
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """A step of a proof.

    `kind` says what it is, `name` which table, arithmetic, fact, parameter or record, `subject` of what. `uses` are its inputs,
    `gives` its results by name. `asked` is set on tables, `provenance` on records and facts.
    """

    id: str
    kind: Kind
    name: str
    subject: str
    says: str
    uses: tuple[Use, ...]
    gives: Mapping[str, Any]
    asked: AskedTable | None = None
    provenance: Provenance | None = None

    @property
    def premises(self) -> tuple[str, ...]:
        """Ids of the steps it rests on, in the order of its inputs, each once."""
        return tuple(dict.fromkeys(use.node for use in self.uses))


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of a decision: every step once, premises before what rests on them, the answer last."""

    decision: Decision
    nodes: tuple[Node, ...]
    by_id: Mapping[str, Node] = field(compare=False, repr=False)

    @property
    def root(self) -> Node:
        """The answer."""
        return self.nodes[-1]

    def digests(self) -> dict[str, str]:
        """SHA-256 of every step by id: over its content and the digests of its premises, so that the root's covers all."""
        found: dict[str, str] = {}
        for node in self.nodes:
            found[node.id] = digest_of([content(node), [found[p] for p in node.premises]])
        return found

    def document(self) -> dict[str, Any]:
        """The decision and its proof as one JSON value, decimals still exact: what the checker reads."""
        digests = self.digests()
        nodes = [{**content(n), "digest": digests[n.id]} for n in self.nodes]
        return {"decision_id": self.decision.decision_id, **self.decision.body(), "proof": {"format": FORMAT, "root": self.root.id, "nodes": nodes}}


def content(node: Node) -> dict[str, Any]:
    """What a step states, without what is empty."""
    stated: dict[str, Any] = {name: getattr(node, name) for name in ("id", "kind", "name", "subject", "says", "uses", "gives", "asked", "provenance")}
    return {name: value for name, value in stated.items() if value is not None}


class Steps:
    """Collects the steps of a proof; a step that is there already is not added twice."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}

    def add(self, node: Node) -> Node:
        """Add a step whose premises were added before; returns the step under its id."""
        missing = [p for p in node.premises if p not in self._nodes]
        assert not missing, f"{node.id} rests on {missing}"
        return self._nodes.setdefault(node.id, node)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._nodes

    def proof(self, decision: Decision) -> Proof:
        """Everything added, the last step the answer."""
        return Proof(decision, tuple(self._nodes.values()), dict(self._nodes))


def use(name: str, node: Node, gives: str | None = None) -> Use:
    """An input with the value that a step gives under `gives` (default: the same name)."""
    given = name if gives is None else gives
    return Use(name, node.gives[given], node.id, given)


def all_of(node: Node, names: Sequence[str]) -> tuple[Use, ...]:
    """Inputs that bear the names under which a step gives them."""
    return tuple(use(name, node) for name in names)
