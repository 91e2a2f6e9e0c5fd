"""The licence policy of a snapshot: its sources, decided by the pack `licence` that was published with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from engine.contracts import BadInput
from engine.graph import Snapshot
from engine.licensing.exits import Admitted, Attribution, Exit, LicensedSource, Refused, Verdict
from engine.rules import Rulebook

T = TypeVar("T")
PACK, TABLE = "licence", "admission"


class LicencePolicy:
    """Asks the pack once for each source and exit. A source that it does not know is refused everywhere."""

    def __init__(self, rulebook: Rulebook, sources: Iterable[LicensedSource], day: date) -> None:
        """Raises BadInput LIC101 where the rules hold no pack `licence`: then nothing may leave."""
        if PACK not in rulebook.packs:
            raise BadInput.at("LIC101", "the rules of this snapshot hold no pack `licence`", why="without it nobody knows what may leave", fix="build anew with `wig build`")
        self._rulebook, self._day = rulebook, day
        self.sources = {s.key: s for s in sources}
        self._known: dict[tuple[str, Exit], Verdict] = {}

    def verdict(self, source: str, exit_: Exit) -> Verdict:
        """What the exit does with the records of a source (its key)."""
        if (source, exit_) not in self._known:
            entry = self.sources.get(source)
            columns: dict[str, list[str | None]] = {"licence": [entry.licence if entry else None], "allowed_use": [entry.allowed_use if entry else None], "exit": [exit_.value]}
            found = self._rulebook.decide(PACK, TABLE, columns, self._day)
            admission = found.outputs[TABLE][0]
            carried = admission in ("carry", "carry_with_attribution")
            self._known[source, exit_] = Verdict(source, carried, admission == "carry_with_attribution", found.fired[0] or "", found.sentences[0])
        return self._known[source, exit_]

    def closed(self, exit_: Exit) -> tuple[LicensedSource, ...]:
        """Sources of the snapshot whose records the exit refuses, in order of key."""
        return tuple(s for key, s in sorted(self.sources.items()) if not self.verdict(key, exit_).carried)

    def admit(self, records: Iterable[T], source_of: Callable[[T], str], exit_: Exit) -> Admitted[T]:
        """What may pass of some records, each with its source; nothing is passed in part."""
        carried: list[T] = []
        used: set[str] = set()
        refused: Counter[str] = Counter()
        for record in records:
            source = source_of(record)
            if self.verdict(source, exit_).carried:
                carried.append(record)
                used.add(source)
            else:
                refused[source] += 1
        told = tuple(Refused(key, self._label(key), count, self.verdict(key, exit_).reason) for key, count in sorted(refused.items()))
        return Admitted(tuple(carried), told, self.attributions(used, exit_))

    def attributions(self, sources: Iterable[str], exit_: Exit) -> tuple[Attribution, ...]:
        """The citations owed where records of these sources (keys) pass, in order of key."""
        owed = [self.sources[key] for key in sorted(set(sources)) if self.verdict(key, exit_).cited]
        return tuple(Attribution(s.key, s.label, s.owner, s.licence, s.citation) for s in owed)

    def require(self, source: str, exit_: Exit, what: str) -> None:
        """Raises BadInput LIC102 where the exit refuses a source; `what` names the thing that was wanted."""
        verdict = self.verdict(source, exit_)
        if not verdict.carried:
            fix = "read it on this screen instead (--format text)" if exit_ is Exit.EXPORT and self.verdict(source, Exit.SCREEN).carried else "ask the publisher for terms, and state them in the source ledger"
            raise BadInput.at("LIC102", f"{what} may not leave as {exit_.value.replace('_', ' ')}: it is from {self._label(source)}", why=verdict.reason, fix=fix)

    def _label(self, key: str) -> str:
        return self.sources[key].label if key in self.sources else key


def licence_policy(snapshot: Snapshot) -> LicencePolicy:
    """The policy of a published snapshot. Raises Corrupt where its files are not what was sealed, BadInput LIC101."""
    import pyarrow.parquet as pq

    columns = ["id", "label", "owner", "licence", "allowed_use", "citation"]
    rows = pq.read_table(snapshot.verified_path("records/Source.parquet"), columns=columns).to_pylist()
    rulebook = Rulebook.from_json(snapshot.verified_path("rulebook.json").read_text(encoding="utf-8"))
    return LicencePolicy(rulebook, (LicensedSource(*(str(row[c] or "") for c in columns)) for row in rows), date.fromisoformat(snapshot.receipt().release_date))


def attributions_text(attributions: Iterable[Attribution]) -> tuple[str, ...]:
    """One line for each citation: `citation [licence]`."""
    return tuple(f"{a.citation} [{a.licence}]" for a in attributions)
