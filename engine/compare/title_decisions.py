"""Titles decided under any rules over one published snapshot: tiers, what the title means, and for served titles the ranked path.

In: a snapshot, a rulebook, titles. Out: for each title what is compared between two versions of the rules. What does not depend on the difference is
computed once: a title's facts and a path while the rules read for them stand, a fact while its traversal stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.compare.watched_rules import Contents, Kept, Read, WatchedRulebook, content_key
from engine.contracts import BadInput, EngineError
from engine.contracts.learner import CurriculumPacket, LearningPath
from engine.graph import GraphStore, Snapshot
from engine.planner import Learner, plan_path, read_packet
from engine.resolver import Derivation, Resolver, Tiers, TitleFacts, TitleIndex, decide_tiers
from engine.rules import FactColumns, FactStore, FactTable, Rulebook, evaluate_facts, write_facts

EVERY = 500
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DecidedTitle:
    """What is compared of one title: tiers, action, outcome, what it means, how sure that is, caveats and tags, and the path: (module, score).

    '' stands for no role, ground or occupation; a title that is not served has an empty path. `facts` and `plan` are what it was made from.
    """

    fallback_tier: str
    service_tier: str
    runtime_action: str
    outcome: str
    role: str
    ground: str
    occupation: str
    confidence: Decimal
    caveats: tuple[str, ...]
    review_tags: tuple[str, ...]
    path: tuple[tuple[str, Decimal], ...]
    facts: TitleFacts = field(compare=False, repr=False)
    plan: LearningPath | None = field(compare=False, repr=False, default=None)

    @property
    def served(self) -> bool:
        """Whether the title has ground to plan on."""
        return bool(self.ground)


COMPARED = ("fallback_tier", "service_tier", "runtime_action", "outcome", "role", "ground", "occupation", "confidence", "caveats", "review_tags", "path")


def moved_aspects(before: DecidedTitle, after: DecidedTitle) -> tuple[str, ...]:
    """Aspects in which two decisions differ, in the order of COMPARED."""
    return tuple(a for a in COMPARED if getattr(before, a) != getattr(after, a))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rulebook that is asked: watched, with its facts, and what it says where rules were read before."""

    rulebook: Rulebook
    watched: WatchedRulebook
    facts: FactStore
    facts_key: str
    states: dict[frozenset[Read], tuple[str, ...]]


class TitleDecisions:
    """Decides titles over one snapshot for one day. Use as a context manager; `folder` is an empty one for facts made anew and belongs to the caller."""

    def __init__(self, snapshot: Snapshot, folder: Path, as_of: date) -> None:
        self._folder, self.as_of = folder, as_of
        self._index = TitleIndex(snapshot.verified_path("titles.sqlite"), lambda: snapshot.verified_folder(snapshot.similarity.name))
        self._graph = RememberedGraph(snapshot.open_graph())
        published = Rulebook.from_json(snapshot.verified_path("rulebook.json").read_text(encoding="utf-8"))
        self._published = FactStore(snapshot.verified_path("facts.sqlite"))
        self._published_facts = _facts_of(published)
        self._tables: dict[str, FactTable] = {}
        self._stores: dict[str, FactStore] = {}
        self._packets: dict[str, CurriculumPacket] = {}
        contents = Contents()
        self._evidence = Kept[tuple[TitleFacts, str]](contents)
        self._plans = Kept[LearningPath](contents)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._graph.close()

    def decide(self, rulebook: Rulebook, titles: Sequence[str], say: Say = lambda _: None) -> tuple[DecidedTitle, ...]:
        """Decide titles, in their order. Raises BadInput where the rules cannot answer for the day."""
        one = _Asked(rulebook, WatchedRulebook(rulebook), *self._facts(rulebook), {})
        known = self._weighed(one, titles, say)
        found = decide_tiers([f for f, _ in known], rulebook, self.as_of, trace=False)
        one.watched.read.clear()
        return tuple(self._decided(one, t, f, occupation) for t, (f, occupation) in zip(found, known, strict=True))

    def traced(self, rulebook: Rulebook, facts: Sequence[TitleFacts]) -> tuple[Tiers, ...]:
        """The tiers of titles again, with every cell that stopped a row."""
        return decide_tiers(facts, rulebook, self.as_of)

    def derive(self, rulebook: Rulebook, title: str, as_of: date | None = None) -> Derivation:
        """One title with everything met on the way."""
        return Resolver(self._index, self._facts(rulebook)[0], rulebook, as_of or self.as_of).derive(title)

    def _decided(self, one: _Asked, tiers: Tiers, facts: TitleFacts, occupation: str) -> DecidedTitle:
        outcome = _text(tiers.said("service", "outcome"))
        role = facts.grounds.get("role")
        ground = tiers.ground if outcome == "served" and tiers.ground else ""
        plan = self._plan(one, ground, tiers.confidence) if ground else None
        return DecidedTitle(
            tiers.fallback_tier, tiers.service_tier, _text(tiers.said("service", "runtime_action")), outcome,
            role if role is not None and tiers.ground == role else "", ground, occupation, tiers.confidence,
            tuple(str(c) for c in tiers.said("caveats", "caveat") or ()), tuple(str(t) for t in tiers.said("tags", "review_tag") or ()),
            tuple((step.module, step.score) for step in plan.steps) if plan else (), facts, plan,
        )  # fmt: skip

    def _plan(self, one: _Asked, ground: str, confidence: Decimal) -> LearningPath:
        """The path that a learner gets of whom nothing is known but the title."""
        key = (one.facts_key, ground, confidence)
        known = self._plans.get(key, one.rulebook, one.states)
        if known is not None:
            return known
        if ground not in self._packets:
            self._packets[ground] = read_packet(self._graph, ground, {})
        return self._plans.keep(key, one.watched, one.rulebook, lambda: plan_path(self._graph, one.facts, one.watched, self._packets[ground], confidence, Learner(), self.as_of))

    def _weighed(self, one: _Asked, titles: Sequence[str], say: Say) -> list[tuple[TitleFacts, str]]:
        """Facts and leading occupation of titles; walked from the title only where the rules for candidates are new."""
        kept = {t: self._evidence.get((one.facts_key, t), one.rulebook, one.states) for t in dict.fromkeys(titles)}
        missing = [t for t, known in kept.items() if known is None]
        resolver = Resolver(self._index, one.facts, one.watched, self.as_of) if missing else None
        for number, title in enumerate(missing, 1):
            assert resolver is not None  # made above for the titles that are missing
            kept[title] = self._evidence.keep((one.facts_key, title), one.watched, one.rulebook, partial(_reading, resolver, title))
            if number % EVERY == 0:
                say(f"  {number:,} of {len(missing):,} titles")
        return [known for t in titles if (known := kept[t]) is not None]

    def _facts(self, rulebook: Rulebook) -> tuple[FactStore, str]:
        """The facts of a rulebook over this snapshot and what tells them apart: published ones where the traversal is the published one, the others
        evaluated on its graph."""
        wanted = _facts_of(rulebook)
        key = content_key(*wanted.items())
        if key not in self._stores:
            tables = {}
            for name, traversal in wanted.items():
                fact = content_key(name, traversal)
                if fact not in self._tables:
                    self._tables[fact] = self._published.all(name) if self._published_facts.get(name) == traversal else self._evaluated(rulebook, name)
                tables[name] = self._tables[fact]
            path = self._folder / f"facts_{len(self._stores)}.sqlite"
            write_facts(path, FactColumns(tables))
            self._stores[key] = FactStore(path)
        return self._stores[key], key

    def _evaluated(self, rulebook: Rulebook, name: str) -> FactTable:
        pack, _, fact = name.partition(".")
        owner = rulebook.pack(pack)
        alone = Rulebook([replace(owner, facts={fact: owner.facts[fact]})])
        return evaluate_facts(alone, lambda cypher: astuple(self._graph.execute(cypher))).tables[name]


class RememberedGraph:
    """A graph that is asked the same statement once. A path is planned for hundreds of pairs of ground and confidence over the same modules."""

    def __init__(self, graph: GraphStore) -> None:
        self._graph = graph
        self._known: dict[tuple[str, str], Any] = {}

    @property
    def engine(self) -> str:
        """The engine of the graph."""
        return self._graph.engine

    def execute(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Rows of a statement, as the graph gave them first."""
        key = (cypher, repr(sorted((parameters or {}).items())))
        if key not in self._known:
            self._known[key] = self._graph.execute(cypher, parameters)
        return self._known[key]

    def close(self) -> None:
        """Let go of the file."""
        self._graph.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def refusal(error: BadInput, revision: str, day: date) -> EngineError:
    """How rules that cannot answer for a day are told."""
    fault = error.diagnostics[0]
    return BadInput.at(
        "CMP207", f"the rules of {revision} cannot decide titles on {day.isoformat()}: {fault.what}", why="both versions are asked by this engine over one snapshot, for one day",
        fix=f"{fault.fix}; or compare versions that this engine can ask, or give another day with --as-of",
    )  # fmt: skip


def _facts_of(rulebook: Rulebook) -> dict[str, str]:
    """Every fact by its full name with all that its answer depends on."""
    return {
        f"{pack.name}.{f.name}": repr((f.subject, f.context, f.cypher, [(c.name, c.type, c.values) for c in f.columns]))
        for pack in rulebook.packs.values() for _, f in sorted(pack.facts.items())
    }  # fmt: skip


def _reading(resolver: Resolver, title: str) -> tuple[TitleFacts, str]:
    facts, leading = resolver.reading(title)
    return facts, leading.code if leading else ""


def _text(value: Any) -> str:
    return "" if value is None else str(value)
