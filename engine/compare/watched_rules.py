"""Answers kept for as long as all of the rules that were read for them stay the same, whichever version of the rules asks again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Generic, TypeVar

from engine.contracts import sha256_hex
from engine.rules import Pack, Rulebook

T = TypeVar("T")
Read = tuple[str, str]  # a pack and one of its parameters, or '' for the pack as a whole


class WatchedRulebook(Rulebook):
    """A rulebook that notes which packs and parameters are read of it."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__(rulebook.packs.values())
        self.read: set[Read] = set()
        self._watched = rulebook
        self.packs = _WatchedPacks(rulebook.packs, self.read)

    def parameter(self, pack: str, name: str, as_of: date) -> Any:
        """The value in force; a parameter alone is read, not its pack."""
        self.read.add((pack, name))
        return self._watched.parameter(pack, name, as_of)


class _WatchedPacks(Mapping[str, Pack]):
    def __init__(self, packs: Mapping[str, Pack], read: set[Read]) -> None:
        self._packs, self._read = packs, read

    def __getitem__(self, name: str) -> Pack:
        self._read.add((name, ""))
        return self._packs[name]

    def __iter__(self) -> Iterator[str]:
        self._read.update((name, "") for name in self._packs)  # whoever walks all may lean on all
        return iter(self._packs)

    def __len__(self) -> int:
        return len(self._packs)


class Contents:
    """What tells packs apart that may answer otherwise; a pack that several rulebooks share is read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Pack, str]] = {}

    def of(self, pack: Pack) -> str:
        """A digest of everything but name, version and description."""
        if id(pack) not in self._known:
            self._known[id(pack)] = (pack, content_key(pack.parameters, pack.facts, pack.inputs, pack.tables, pack.scorings))
        return self._known[id(pack)][1]

    def state(self, rulebook: Rulebook, read: frozenset[Read]) -> tuple[str, ...]:
        """What a rulebook says where it was read; a pack or parameter that it lacks reads as ''."""
        return tuple(self._said(rulebook.packs.get(pack), name) for pack, name in sorted(read))

    def _said(self, pack: Pack | None, name: str) -> str:
        if pack is None:
            return ""
        return content_key(pack.parameters.get(name)) if name else self.of(pack)


class Kept(Generic[T]):
    """Answers by key, each with what was read for it. An answer holds for a rulebook that says the same wherever it was read: it would be read no further."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._answers: dict[Any, dict[frozenset[Read], dict[tuple[str, ...], T]]] = {}

    def get(self, key: Any, rulebook: Rulebook, states: dict[frozenset[Read], tuple[str, ...]]) -> T | None:
        """The answer for a rulebook, None where there is none yet; `states` are those of this rulebook that are known."""
        for read, answers in self._answers.get(key, {}).items():
            if read not in states:
                states[read] = self._contents.state(rulebook, read)
            if states[read] in answers:
                return answers[states[read]]
        return None

    def keep(self, key: Any, rulebook: WatchedRulebook, source: Rulebook, make: Callable[[], T]) -> T:
        """Make an answer and keep it; `source` is the rulebook that is watched."""
        answer = make()
        read = frozenset(rulebook.read)
        self._answers.setdefault(key, {}).setdefault(read, {})[self._contents.state(source, read)] = answer
        return answer


def content_key(*parts: Any) -> str:
    """A digest of frozen values."""
    return sha256_hex(repr(parts).encode("utf-8"))
