"""The intake policy: what a list of the market may hold, what happens to the rest, and why; dated, and read from `graph_data/intake_policy.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.contracts import BadInput, Diagnostic, Fingerprint, InputOutput, Place, sha256_hex
from engine.documents import data_folder

FILE = "intake_policy.toml"
CONTACTS = ("email", "phone", "profile_link")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DASHES_AND_STOPS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212", "-") | dict.fromkeys("\u3002\u2024", "."))
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_TRAILING_NUMBER = re.compile(r"[\W_]*\d+\s*$")
# letters of other scripts that look like Latin ones: a name in disguise mixes the two
_LOOK_ALIKES = str.maketrans("\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u03b1\u03bf\u03b9\u03c1\u03bd\u03c4", "aeopcyxijshaoipvt")
_PARTS = re.compile(r"\s[-\u2013\u2014]+\s|[|:;()\[\]{}/,]")
_NOT_WORD = re.compile(r"[\W_]+")
Text = Annotated[str, Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(_Frozen):
    """A number that people may argue about, with its unit and why it stands there."""

    value: Decimal
    unit: Text
    reason: Text


class Limits(_Frozen):
    """Bounds of a list; the unit of each stands in the policy."""

    title_characters: Limit
    title_words: Limit
    cell_characters: Limit
    distinct_titles: Limit
    personal_titles: Limit


class Kind(_Frozen):
    """A kind of forbidden column: how its name looks, how its cells look, and what happens to it."""

    action: Literal["drop_column", "refuse_file"]
    reason: Text
    columns: tuple[Text, ...] = ()
    words: tuple[Text, ...] = ()
    pattern: str | None = None
    share: Limit | None = None

    def names(self, header: str) -> bool:
        """Whether a column of this name, as `plain_words` writes it, is of this kind."""
        padded, glued = f" {header} ", header.replace(" ", "")
        return any(header == c or glued == c.replace(" ", "") for c in map(plain_words, self.columns)) or any(f" {w} " in padded or (" " in w and w.replace(" ", "") in glued) for w in map(plain_words, self.words))


class NameSigns(_Frozen):
    """By what a cell is taken for a person's name."""

    reason: Text
    honorifics: tuple[Text, ...]
    given_names: tuple[Text, ...]
    work_words: tuple[Text, ...]


class _PolicyFile(_Frozen):
    version: Text
    dated: date
    limits: Limits
    kinds: Mapping[str, Kind]
    names: NameSigns


@dataclass(frozen=True)
class IntakePolicy:
    """The policy as the guard uses it. `fingerprint` is of the file."""

    version: str
    dated: date
    limits: Limits
    kinds: Mapping[str, Kind]
    signs: NameSigns
    fingerprint: Fingerprint

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """Compiled patterns of the kinds that have one, in the order of the file."""
        return {name: re.compile(k.pattern) for name, k in self.kinds.items() if k.pattern}

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(map(plain_words, self.signs.given_names))

    @cached_property
    def _work(self) -> frozenset[str]:
        return frozenset(map(plain_words, self.signs.work_words))

    @cached_property
    def _honorifics(self) -> frozenset[str]:
        return frozenset(self.signs.honorifics)

    def kind_of_column(self, header: str) -> str:
        """The forbidden kind that a column's name tells, '' for none; a kind that refuses goes before one that drops."""
        bare = _TRAILING_NUMBER.sub("", header)
        told = {plain_words(form) for form in (header, bare, bare.casefold(), bare.casefold().translate(_LOOK_ALIKES))}
        met = [name for name, kind in self.kinds.items() if any(kind.names(form) for form in told)]
        return next((name for name in met if self.kinds[name].action == "refuse_file"), met[0] if met else "")

    @cached_property
    def _opens_a_name(self) -> Callable[[str], bool]:
        """Whether a word is a form of address, a given name, or ends with a comma as `Surname,` does."""
        return lru_cache(100_000)(lambda word: word.endswith(",") or word.rstrip(".") in self._honorifics or plain_words(word) in self._given)

    def looks_like_a_person(self, cell: str) -> bool:
        """Whether a cell, or a part of it between signs such as `-`, `|` and brackets, is taken for a person's name."""
        return self._is_a_person(cell) or (_PARTS.search(cell) is not None and any(map(self._is_a_person, _PARTS.split(cell))))

    def _is_a_person(self, cell: str) -> bool:
        """Two to four words that begin with a form of address or a given name (or `Surname, Given`) and hold no word of work."""
        words = cell.split(None, 4)
        if not 2 <= len(words) <= 4 or not self._opens_a_name(words[0]):
            return False
        if words[0].endswith(",") and plain_words(words[1]) not in self._given:
            return False
        plain = plain_words(cell).split()
        return all(w.isalpha() for w in plain) and self._work.isdisjoint(plain)


def bare_text(text: str) -> str:
    """Text as a pattern looks at it, cell ends kept: in lower case, wide letters and foreign digits as plain ones, all dashes and full stops alike."""
    if not text.isascii():
        text = _OTHER_DIGIT.sub(lambda met: str(unicodedata.decimal(met[0])), unicodedata.normalize("NFKC", text).translate(_DASHES_AND_STOPS))
    return text.lower()


def plain_words(text: str) -> str:
    """Words in lower case without accents, one blank between them: `E-Mail_Adresse` and `eMailAdresse` become `e mail adresse`."""
    split = _CAMEL.sub(" ", text)
    letters = "".join(c for c in unicodedata.normalize("NFKD", split) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", letters.casefold()).strip()


def load_intake_policy(path: Path | None = None) -> IntakePolicy:
    """Read the policy (default: the one of this installation). Raises InputOutput SRC360 where it cannot be read, BadInput SRC361 where it is not as it should be."""
    source = path or data_folder("graph_data") / FILE
    place = Place(source.name)
    try:
        raw = source.read_bytes()
    except OSError as error:
        raise InputOutput.at("SRC360", f"cannot read the intake policy: {error.strerror}", fix="check that the file exists and may be read", place=place) from None
    try:
        told = _PolicyFile.model_validate(tomllib.loads(raw.decode("utf-8")))
        for kind in told.kinds.values():
            re.compile(kind.pattern or "")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, re.error) as error:
        raise BadInput.at("SRC361", f"the intake policy is not as it should be: {error}", why="without it no list is taken in", fix="mend the file", place=place) from None
    except ValidationError as error:
        faults = [Diagnostic(Place(source.name, path=".".join(map(str, f["loc"]))), "SRC361", f"the intake policy is not as it should be: {f['msg']}", "without it no list is taken in", "mend the file") for f in error.errors(include_url=False)]
        raise BadInput(*faults) from None
    missing = [name for name in (*CONTACTS, "person_name") if name not in told.kinds]
    unmeasured = [name for name, kind in told.kinds.items() if kind.pattern and not kind.share]
    if missing or unmeasured or any(not told.kinds[name].pattern for name in CONTACTS):
        what = f"the kind `{missing[0]}` is missing" if missing else f"`{unmeasured[0]}` has a pattern and no share" if unmeasured else "e-mail, phone and profile_link need a pattern"
        raise BadInput.at("SRC361", f"the intake policy is not as it should be: {what}", why="without it no list is taken in", fix="mend the file", place=place)
    return IntakePolicy(told.version, told.dated, told.limits, told.kinds, told.names, Fingerprint("source", source.name, sha256_hex(raw), len(raw)))
