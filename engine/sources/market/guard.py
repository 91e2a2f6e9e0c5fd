"""The intake guard: which columns are forbidden by name or by content, and which titles hold what no title holds.

Nothing that was dropped is shown: a drop has a code, the number of the column, the kind and how many. Codes of drops:
SRC373 (a column left out for its name), SRC374 (a column left out for what its cells look like), SRC375 (a title that holds a contact),
SRC376 (a title that is a person's name), SRC377 (an empty title), SRC378 (no title: too long, control characters or no letters),
SRC379 (a count that is no whole number; the title is kept without it).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.contracts import BadInput, Diagnostic, Place
from engine.sources.market.listing import Chunk, Listing
from engine.sources.market.policy import CONTACTS, IntakePolicy, Limits, bare_text

COLUMN_BY_NAME, COLUMN_BY_CONTENT, CONTACT, PERSON, EMPTY, NO_TITLE, NO_COUNT = "SRC373", "SRC374", "SRC375", "SRC376", "SRC377", "SRC378", "SRC379"
SEPARATOR = "\0"  # no cell holds it, so a pattern found across cells is found only by mistake, and each cell is looked at then
BATCH = 1_000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
_MARKUP = re.compile(r"^[=@]|</?[a-z!]")  # a formula of a spreadsheet, a tag of a web page
_LAST_DOOR = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]|://|[0-9]{7}")  # as shapes/market.ttl asks of every observed title

_SENTENCE = re.compile(r"\bi (?:am|have|was|work|worked|love|like|help)\b|\bich (?:bin|habe|arbeite)\b|\bje (?:suis|travaille)\b")


@dataclass(frozen=True, slots=True, order=True)
class IntakeDrop:
    """Something left out: its code, the kind (`email`), the number of the column from 1 (0: the title), and how many cells or rows."""

    code: str
    kind: str
    column: int
    count: int


def guard_names(listing: Listing, policy: IntakePolicy) -> dict[int, str]:
    """Columns that their names forbid, by position, with their kind.

    Raises BadInput SRC368 where one of them refuses the file, SRC369 where the title or count itself has a forbidden name.
    """
    met = {n: kind for n, name in enumerate(listing.header) if (kind := policy.kind_of_column(name))}
    faults = [
        Diagnostic(Place(listing.shown, 1), "SRC368", f"column {n + 1} is called as a column of the kind `{kind}` is; nothing of the file was taken in", policy.kinds[kind].reason, "remove the column where the list is made, and bring the list again")
        for n, kind in met.items() if policy.kinds[kind].action == "refuse_file"
    ]  # fmt: skip
    for what, position in (("title", listing.title_position), ("count", listing.count_position)):
        if position in met and not faults:
            faults.append(Diagnostic(Place(listing.shown, 1), "SRC369", f"the {what} column is called as a column of the kind `{met[position]}` is", "a list of persons must not pass for a list of titles", f"name the column that holds the {what}s, or call it what it is"))
    if faults:
        raise BadInput(*faults)
    return met


@dataclass(slots=True)
class ContentGuard:
    """Counts, chunk by chunk, how many cells of the other columns look like what is forbidden."""

    listing: Listing
    policy: IntakePolicy
    by_name: Mapping[int, str]
    filled: dict[int, int] = field(default_factory=dict)
    hits: dict[tuple[int, str], int] = field(default_factory=dict)

    def look(self, chunk: Chunk) -> None:
        """Count one chunk. A kind is looked for cell by cell only where the column as one text holds it."""
        for n, column in enumerate(chunk.columns):
            if n in (self.listing.title_position, self.listing.count_position):
                continue
            cells = Counter(column)
            for blank in [c for c in cells if not c or c.isspace()]:
                del cells[blank]
            self.filled[n] = self.filled.get(n, 0) + cells.total()
            if n in self.by_name or not cells:
                continue
            text = bare_text(SEPARATOR.join(cells))
            for kind, pattern in self.policy.patterns.items():
                if pattern.search(text):
                    self._hit(n, kind, sum(count for c, count in zip(text.split(SEPARATOR), cells.values(), strict=True) if pattern.search(c)))
            self._hit(n, "person_name", sum(count for c, count in cells.items() if self.policy.looks_like_a_person(c)))

    def _hit(self, column: int, kind: str, found: int) -> None:
        if found:
            self.hits[column, kind] = self.hits.get((column, kind), 0) + found

    def judged(self) -> tuple[IntakeDrop, ...]:
        """Columns that go, by name or content, with their filled cells. Raises BadInput SRC368 where content refuses the file."""
        drops = [IntakeDrop(COLUMN_BY_NAME, kind, n + 1, self.filled.get(n, 0)) for n, kind in self.by_name.items()]
        faults: list[Diagnostic] = []
        for (n, kind), found in sorted(self.hits.items()):
            limit = self.policy.kinds[kind].share
            if limit is None or found < limit.value * self.filled[n]:
                continue
            if self.policy.kinds[kind].action == "refuse_file":
                faults.append(Diagnostic(Place(self.listing.shown), "SRC368", f"column {n + 1} holds what a column of the kind `{kind}` holds; nothing of the file was taken in", self.policy.kinds[kind].reason, "remove the column where the list is made, and bring the list again"))
            drops.append(IntakeDrop(COLUMN_BY_CONTENT, kind, n + 1, self.filled[n]))
        if faults:
            raise BadInput(*faults)
        return tuple(sorted(drops))


def title_faults(titles: Sequence[str], policy: IntakePolicy) -> dict[str, tuple[str, str]]:
    """Code and kind of what forbids each title that may not pass."""
    found: dict[str, tuple[str, str]] = {}
    patterns = {**{kind: policy.patterns[kind] for kind in CONTACTS}, "number_or_link": _LAST_DOOR}
    limits = policy.limits
    for start in range(0, len(titles), BATCH):
        batch = titles[start : start + BATCH]
        text = bare_text(SEPARATOR.join(batch))
        contacts = {kind: pattern for kind, pattern in patterns.items() if pattern.search(text)}
        unseen = _UNSEEN.search(" ".join(batch)) is not None
        for title, bare in zip(batch, text.split(SEPARATOR), strict=True):
            fault = _fault(title, bare, contacts, unseen, limits) or ((PERSON, "person_name") if policy.looks_like_a_person(title) else None)
            if fault:
                found[title] = fault
    return found


def _fault(title: str, bare: str, contacts: Mapping[str, re.Pattern[str]], unseen: bool, limits: Limits) -> tuple[str, str] | None:
    if not title:
        return EMPTY, "empty"
    if len(title) > limits.title_characters.value or title.count(" ") >= limits.title_words.value:
        return NO_TITLE, "too_long"
    if unseen and _UNSEEN.search(title):
        return NO_TITLE, "control_characters"
    for kind, pattern in contacts.items():
        if pattern.search(bare):
            return CONTACT, kind
    if _MARKUP.search(bare):
        return NO_TITLE, "markup"
    if _SENTENCE.search(bare):
        return NO_TITLE, "sentence"
    return None if title[0].isalpha() or any(map(str.isalpha, title)) else (NO_TITLE, "no_letters")


def refuse_a_list_of_persons(listing: Listing, policy: IntakePolicy, met: Iterable[tuple[str, str]], distinct: int) -> None:
    """Raises BadInput SRC369 where too many distinct titles are names or contact details."""
    personal = sum(1 for code, _ in met if code in (CONTACT, PERSON))
    limit = policy.limits.personal_titles
    if distinct and personal >= limit.value * distinct:
        raise BadInput.at(
            "SRC369", f"{personal} of {distinct} distinct titles are names of persons or contact details; nothing of the file was taken in", why=limit.reason,
            fix="name the column that holds job titles", place=Place(listing.shown),
        )  # fmt: skip
