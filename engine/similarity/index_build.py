"""Builds the index of likeness: one file of integer arrays, byte-identical for the same rows in any order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.contracts import MICRO
from engine.similarity.array_file import write_arrays
from engine.similarity.concept_texts import ConceptText, LabelledConcept, WiderGroup
from engine.similarity.field import field_arrays
from engine.similarity.meaning import Meaning, Say, write_meaning
from engine.similarity.plain_words import forms_of, plain_words
from engine.similarity.sentence_model import SentenceModel
from engine.similarity.signals import SIGNALS, TEXT_PART, TITLE_FIELDS, Signal
from engine.similarity.terms import Letters

FILE = "likeness.arrays"
NAME = "canonical"


def build_similarity(
    folder: Path, namings: Iterable[LabelledConcept], documents: Iterable[ConceptText] = (), groups: Iterable[WiderGroup] = (), model: SentenceModel | None = None, kept: Meaning | None = None,
    say: Say = lambda _: None,
) -> tuple[str, ...]:  # fmt: skip
    """Write the index into a folder, which may not exist yet; answers the names of its files. Rows whose text holds no word are left out. With a `model` also what the
    titles mean, and the model itself; vectors that `kept` holds are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    named = sorted(set(namings))
    write_arrays(folder / FILE, similarity_arrays(named, documents, groups))
    return (FILE, *(() if model is None else write_meaning(folder, distinct_titles(named), model, kept, say)))


def distinct_titles(namings: Iterable[LabelledConcept]) -> list[str]:
    """The titles of an index in the order of their numbers, as plain words."""
    return sorted({key for row in namings for key in forms_of(row.text) if key})


def similarity_arrays(namings: Iterable[LabelledConcept], documents: Iterable[ConceptText] = (), groups: Iterable[WiderGroup] = ()) -> dict[str, Any]:
    """The arrays of an index, by name."""
    named = [(key, row) for row in sorted(set(namings)) for key in forms_of(row.text)]
    concepts = sorted({row.concept for key, row in named if key})
    number = {concept: n for n, concept in enumerate(concepts)}
    holders: dict[str, dict[int, LabelledConcept]] = defaultdict(dict)
    for key, row in named:
        if key:
            holders[key].setdefault(number[row.concept], row)
    titles = sorted(holders)
    parts = {title: MICRO // len(holders[title]) for title in titles}
    described: dict[int, list[str]] = defaultdict(list)
    for text in sorted(set(documents)):
        if text.concept in number:
            described[number[text.concept]].append(plain_words(text.text))
    names = sorted({(number[row.concept], key) for key, row in named if key and row.kind == NAME})
    belongs = _groups(groups, number)
    arrays: dict[str, Any] = {}
    for name, signal in SIGNALS.items():
        rows, size = _rows(signal, titles, holders, parts, names, described, belongs, len(concepts))
        arrays |= {f"{name}.{part}": array for part, array in field_arrays(rows, size, signal.settings).items()}
    for name, settings in TITLE_FIELDS.items():
        arrays |= {f"{name}.{part}": array for part, array in field_arrays(((n, t, MICRO) for n, t in enumerate(titles)), len(titles), settings).items()}
    arrays |= _noun_arrays(titles)
    pairs = [(t, c) for t, title in enumerate(titles) for c in sorted(holders[title])]
    rows_of = [holders[titles[t]][c] for t, c in pairs]
    arrays["title.starts"] = np.searchsorted(np.array([t for t, _ in pairs], np.int64), np.arange(len(titles) + 1)).astype(np.int64)
    arrays["title.concepts"] = np.array([c for _, c in pairs], np.int32)
    for level, owners in sorted(belongs.items()):
        arrays[f"group.{level}"] = np.array(owners.of, np.int32)
        arrays |= _text_arrays(f"groups.{level}", owners.names)
    return arrays | _text_arrays("concept", concepts) | _text_arrays("written", [r.text for r in rows_of]) | _text_arrays("stated", [r.source_ref for r in rows_of])


class _Belonging:
    """Groups of one level: their names in order, and the number of each concept's group (-1: none)."""

    def __init__(self, concepts: int, stated: Mapping[int, str]) -> None:
        self.names = sorted(set(stated.values()))
        place = {name: n for n, name in enumerate(self.names)}
        self.of = [place[stated[c]] if c in stated else -1 for c in range(concepts)]


def _groups(groups: Iterable[WiderGroup], number: Mapping[str, int]) -> dict[int, _Belonging]:
    stated: dict[int, dict[int, str]] = defaultdict(dict)
    for row in sorted(set(groups), reverse=True):  # of two groups on one level the first by key
        if row.concept in number:
            stated[row.level][number[row.concept]] = row.group
    return {level: _Belonging(len(number), of) for level, of in stated.items()}


def _rows(signal: Signal, titles: list[str], holders: Any, parts: Mapping[str, int], names: list[tuple[int, str]], described: Any, belongs: Any, concepts: int) -> tuple[Any, int]:
    """The (document, text, weight) rows of a signal and how many documents it tells apart."""
    if signal.made_of == "name":
        return [(concept, key, MICRO) for concept, key in names], concepts
    if signal.made_of == "texts":
        return [(concept, text, MICRO) for concept in sorted(described) for text in described[concept]], concepts
    rows = [(concept, title, parts[title]) for title in titles for concept in sorted(holders[title])]
    if signal.made_of == "titles":
        return rows, concepts
    if signal.made_of == "all":
        return rows + [(concept, text, TEXT_PART) for concept in sorted(described) for text in described[concept]], concepts
    if signal.level not in belongs:
        return [], 1
    owners = belongs[signal.level]
    return [(owners.of[concept], title, weight) for concept, title, weight in rows if owners.of[concept] >= 0], max(1, len(owners.names))


def _noun_arrays(titles: list[str]) -> dict[str, Any]:
    """Every word of the titles with the number of titles that hold it and that end in it: what a title ends in names the kind of work."""
    letters = Letters(titles)
    keys, place = np.unique(letters.terms(("noun",)).keys, return_inverse=True)
    last = np.searchsorted(keys, letters.terms(("head",)).keys)
    return {"noun.keys": keys, "noun.held": np.bincount(place, minlength=len(keys)).astype(np.int64), "noun.last": np.bincount(last, minlength=len(keys)).astype(np.int64)}


def _text_arrays(name: str, texts: list[str]) -> dict[str, Any]:
    written = [text.encode("utf-8", "replace") for text in texts]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int64)
    return {f"{name}.bytes": np.frombuffer(b"".join(written), np.uint8), f"{name}.ends": ends}
