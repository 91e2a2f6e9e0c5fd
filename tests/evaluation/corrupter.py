"""Damages job titles the way postings and forms do: slips of the hand, things written around the title, another order, another case.

It takes nothing from the product: its words stand in corrupter_vocabulary.yaml beside it, its abbreviations are made by rule. Equal seed and title give
equal damage on every machine: every choice is a digit of a SHA-256, so no generator of random numbers has to keep its promises.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

VOCABULARY = Path(__file__).with_name("corrupter_vocabulary.yaml")
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORTEST_TYPED = 5  # letters of a word that a slip may hit: a slip in a shorter one often makes another word
SHORTEST_SHORTENED = 7  # letters of a word that is abbreviated
TWO_OF_TEN = 4  # so many of ten titles are damaged twice


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A damaged title and the kinds of damage done to it, in order."""

    title: str
    kinds: tuple[str, ...]


class Choice:
    """Choices that follow from a seed and a title alone."""

    def __init__(self, seed: int, title: str, number: int, of: str = "") -> None:
        self._name = f"{seed}\x1f{number}\x1f{title}\x1f{of}"
        self._asked = 0

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        self._asked += 1
        return int.from_bytes(hashlib.sha256(f"{self._asked}\x1f{self._name}".encode()).digest()[:8], "big") % count

    def one(self, items: Sequence[str]) -> str:
        """One of some texts."""
        return items[self.below(len(items))]


Damage = Callable[[str, Choice, Mapping[str, Sequence[str]]], str]


@cache
def vocabulary() -> Mapping[str, Sequence[str]]:
    """The lists, by name."""
    loaded: dict[str, list[str]] = yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))
    return loaded


def corrupt(title: str, seed: int, number: int = 0, words: Mapping[str, Sequence[str]] | None = None) -> Corrupted:
    """One damaged form of a title, with one or two kinds of damage, never the same kind twice and at most one that changes letters.

    `number` tells several forms of one title apart. A kind that cannot be done to the title (words of one word cannot be swapped) is passed over.
    """
    choice, lists = Choice(seed, title, number), words or vocabulary()
    wanted = 2 if choice.below(10) < TWO_OF_TEN else 1
    kinds: list[str] = []
    left = list(DAMAGES)
    while left and len(kinds) < wanted:
        kind = left.pop(choice.below(len(left)))
        if DAMAGES[kind](title, Choice(seed, title, number, kind), lists) != title:
            kinds.append(kind)
            left = [k for k in left if kind not in OF_LETTERS or k not in OF_LETTERS]
    # the title itself is damaged before anything is written around it: a slip in the name of a town would be none in the title
    kinds.sort(key=list(DAMAGES).index)
    text, done = title, []
    for kind in kinds:
        changed = DAMAGES[kind](text, Choice(seed, title, number, kind), lists)
        if changed != text:
            text = changed
            done.append(kind)
    return Corrupted(text, tuple(done))


def _word(text: str, choice: Choice, shortest: int) -> tuple[int, int] | None:
    """Beginning and end of a word long enough."""
    found = [m.span() for m in re.finditer(r"[A-Za-z]+", text) if m.end() - m.start() >= shortest]
    return found[choice.below(len(found))] if found else None


def _slip(text: str, choice: Choice, change: Callable[[str, int, Choice], str]) -> str:
    """Change one place inside a word, never its first letter."""
    span = _word(text, choice, SHORTEST_TYPED)
    if span is None:
        return text
    start, end = span
    word = text[start:end]
    return text[:start] + change(word, 1 + choice.below(len(word) - 2), choice) + text[end:]


def _neighbour(letter: str, choice: Choice) -> str:
    row = next(r for r in KEYBOARD if letter.lower() in r)
    at = row.index(letter.lower())
    near = choice.one([row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)])
    return near.upper() if letter.isupper() else near


def _swap_letters(text: str, choice: Choice, _lists: object) -> str:
    return _slip(text, choice, lambda w, i, _: w[:i] + w[i + 1] + w[i] + w[i + 2 :])


def _drop_letter(text: str, choice: Choice, _lists: object) -> str:
    return _slip(text, choice, lambda w, i, _: w[:i] + w[i + 1 :])


def _double_letter(text: str, choice: Choice, _lists: object) -> str:
    return _slip(text, choice, lambda w, i, _: w[: i + 1] + w[i:])


def _neighbour_key(text: str, choice: Choice, _lists: object) -> str:
    return _slip(text, choice, lambda w, i, c: w[:i] + _neighbour(w[i], c) + w[i + 1 :])


def _abbreviate(text: str, choice: Choice, _lists: object) -> str:
    """One long word of several: its first five letters with a dot, or without the vowels after its first letter."""
    if len(text.split()) < 2:
        return text
    span = _word(text, choice, SHORTEST_SHORTENED)
    if span is None:
        return text
    start, end = span
    word = text[start:end]
    short = f"{word[:5]}." if choice.below(2) else word[0] + re.sub("[aeiou]", "", word[1:], flags=re.IGNORECASE)
    return text[:start] + short + text[end:]


def _swap_words(text: str, choice: Choice, _lists: object) -> str:
    """Two neighbours change places, or the last word comes first with a comma as in a register."""
    words = text.split()
    if len(words) < 2:
        return text
    if choice.below(2):
        return f"{words[-1]}, {' '.join(words[:-1])}"
    at = choice.below(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _prefix(text: str, choice: Choice, lists: Mapping[str, Sequence[str]]) -> str:
    return choice.one(lists["prefixes"]) + text


def _city(text: str, choice: Choice, lists: Mapping[str, Sequence[str]]) -> str:
    return _after(text, choice.one(lists["cities"]), choice)


def _branch(text: str, choice: Choice, lists: Mapping[str, Sequence[str]]) -> str:
    return _after(text, choice.one(lists["branches"]), choice)


def _employment(text: str, choice: Choice, lists: Mapping[str, Sequence[str]]) -> str:
    return _after(text, choice.one(lists["employment"]), choice)


def _after(text: str, added: str, choice: Choice) -> str:
    return (f"{text} - {added}", f"{text} ({added})", f"{text}, {added}", f"{text} | {added}")[choice.below(4)]


def _number(text: str, choice: Choice, lists: Mapping[str, Sequence[str]]) -> str:
    form = choice.one(lists["requisitions"])
    return f"{text} {re.sub('0', lambda _: str(choice.below(10)), form)}"


def _seniority(text: str, choice: Choice, lists: Mapping[str, Sequence[str]]) -> str:
    if choice.below(2):
        return f"{choice.one(lists['seniority_before'])} {text}"
    return f"{text} {choice.one(lists['seniority_after'])}"


def _case(text: str, choice: Choice, _lists: object) -> str:
    return (text.upper(), text.lower(), text.swapcase(), text.capitalize())[choice.below(4)]


def _punctuation(text: str, choice: Choice, _lists: object) -> str:
    return (text.replace(" ", "_"), text.replace(" ", "  "), f"*** {text} ***", f"{text}!!", f'"{text}"', text.replace(" ", "/"), f"{text} ...", f"- {text};")[choice.below(8)]


OF_LETTERS = ("swapped letters", "dropped letter", "doubled letter", "neighbouring key", "abbreviation")
DAMAGES: Mapping[str, Damage] = {
    "swapped letters": _swap_letters, "dropped letter": _drop_letter, "doubled letter": _double_letter, "neighbouring key": _neighbour_key, "abbreviation": _abbreviate,
    "swapped words": _swap_words, "seniority": _seniority, "branch": _branch, "city": _city, "number": _number, "employment form": _employment, "prefix": _prefix,
    "case": _case, "punctuation": _punctuation,
}  # fmt: skip
