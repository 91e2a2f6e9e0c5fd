"""Canonical words of a text: the steps case, abbreviation, spelling, gender_form and plural, all at once and remembered word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from engine.resolver.vocabulary import PHRASE_STEPS, Form, Phrase, Vocabulary

_WORD = re.compile(r"[^\W_]+(?:[+#]+)?|&", re.UNICODE)
_CODE = re.compile(r"[0-9]{2}-[0-9]{4}(?:\.[0-9]{2})?", re.ASCII)
_REMEMBERED = 200_000  # forms; a word costs some 300 bytes
_JOINERS = frozenset(("and", "or", "&"))
_NONE: frozenset[str] = frozenset()
WORD_STEPS = ("case", "abbreviation", "spelling", "gender_form", "plural")


def is_code(text: str) -> bool:
    """Whether a text has the form of a SOC or O*NET-SOC code, of whatever edition: `15-1252`, `15-1252.00`."""
    return _CODE.fullmatch(text) is not None


def words_of(text: str, vocabulary: Vocabulary) -> Phrase:
    """Canonical words of a text: case folded, accents off, abbreviations written out, spellings, gender forms and the noun's plural levelled."""
    return canonical(written_words(text, vocabulary), vocabulary)


def written_words(text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of a text, case folded and without accents; signs between them are no words."""
    if text.isascii():
        plain = text.lower()
        if "'" in plain or "`" in plain:
            plain = vocabulary.apostrophes.sub("", plain)
    else:
        folded = unicodedata.normalize("NFKD", text.casefold())
        plain = vocabulary.apostrophes.sub("", "".join(c for c in folded if not unicodedata.combining(c)))
    if "e-" in plain:
        plain = vocabulary.joined.sub(r"\1", plain)
    return _WORD.findall(plain)


def canonical(written: Sequence[str], vocabulary: Vocabulary) -> Phrase:
    """Canonical words of written ones. The last word before numbered levels is the noun: its plural is levelled, its abbreviation read as a person."""
    return read_words(written, vocabulary)[0]


def read_words(written: Sequence[str], vocabulary: Vocabulary) -> tuple[Phrase, frozenset[str]]:
    """Canonical words of written ones, and the names of the steps for which one of them is a cue."""
    if not written:
        return (), _NONE
    forms = vocabulary.forms
    last = noun_of(written, vocabulary)
    words: list[str] = []
    cues: list[frozenset[str]] = []
    joined = not _JOINERS.isdisjoint(written)
    for position, word in enumerate(written):
        form = forms.get(word) or form_of(word, vocabulary)
        if form.cues:
            cues.append(form.cues)
        if position == last:
            words += form.closing
        elif joined and position < len(written) - 1 and written[position + 1] in _JOINERS:
            words += form.joined
        else:
            words += form.inside
    return tuple(words), _NONE.union(*cues) if cues else _NONE


def word_stages(text: str, vocabulary: Vocabulary) -> tuple[Phrase, ...]:
    """The words of a text after each of the WORD_STEPS, one step at a time."""
    written = written_words(text, vocabulary)
    last = noun_of(written, vocabulary) if written else 0
    long = tuple(w for position, word in enumerate(written) for w in written_out(word, vocabulary, position == last))
    spelt = tuple(vocabulary.spellings.get(w, w) for w in long)
    return tuple(written), long, spelt, tuple(vocabulary.gender_forms.get(w, w) for w in spelt), canonical(written, vocabulary)


def noun_of(written: Sequence[str], vocabulary: Vocabulary) -> int:
    """Position of the last word that is no numbered level (`technicians ii`); the last one where all are."""
    last = len(written) - 1
    while last > 0 and (written[last],) in vocabulary.levels:
        last -= 1
    return last if (written[last],) not in vocabulary.levels else len(written) - 1


def form_of(word: str, vocabulary: Vocabulary) -> Form:
    """The canonical words that a written word stands for, remembered."""
    found = vocabulary.forms.get(word)
    if found is not None:
        return found
    inside, closing = levelled(word, vocabulary, closing=False), levelled(word, vocabulary, closing=True)
    closing, joined = (*closing[:-1], _noun(closing[-1], vocabulary)), (*inside[:-1], _noun(inside[-1], vocabulary))
    canon = {*inside, *closing, *joined}
    digits = any(c.isdigit() for c in word)
    cues = frozenset(name for name, cue in vocabulary.cue_words.items() if word in cue or (digits and "digits" in cue) or (_on_canonical(name) and not canon.isdisjoint(cue)))
    if len(vocabulary.forms) >= _REMEMBERED:
        vocabulary.forms.clear()
    form = vocabulary.forms[word] = Form(inside, closing, joined, cues)
    return form


def _on_canonical(step: str) -> bool:
    return step in PHRASE_STEPS or step in ("location", "seniority")


def _noun(word: str, vocabulary: Vocabulary) -> str:
    """Singular, spelt and without gender as the singular is (`salesgirls`)."""
    one = singular(word, vocabulary)
    one = vocabulary.spellings.get(one, one)
    return vocabulary.gender_forms.get(one, one)


def levelled(word: str, vocabulary: Vocabulary, closing: bool) -> Phrase:
    """A word with its abbreviation written out, in one spelling and without gender; number as it stands."""
    return tuple(vocabulary.gender_forms.get(w, w) for w in (vocabulary.spellings.get(w, w) for w in written_out(word, vocabulary, closing)))


def written_out(word: str, vocabulary: Vocabulary, closing: bool) -> Phrase:
    """What an abbreviation stands for, as the noun of a title or before it; any other word is itself."""
    if word == "&":
        return ("and",)
    placed = vocabulary.abbreviations_last if closing else vocabulary.abbreviations_not_last
    return placed.get(word) or vocabulary.abbreviations.get(word) or (word,)


def singular(word: str, vocabulary: Vocabulary) -> str:
    """Singular of an English noun by small rules; words of the kept list stay."""
    if word in vocabulary.kept or len(word) < 4 or not word.endswith(("s", "n", "e", "t", "h")):
        return vocabulary.irregular.get(word, word)
    irregular = vocabulary.irregular.get(word)
    if irregular is not None:
        return irregular
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return _person(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return _person(word[:-1])


def _person(word: str) -> str:
    return word[:-6] + "person" if word.endswith("people") else word
