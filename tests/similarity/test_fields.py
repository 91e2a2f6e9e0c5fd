"""A field of the index against a computation in plain Python, and what never matters to it."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.similarity import Field, FieldSettings, Letters, field_arrays, leading

WORDS = st.lists(st.sampled_from(["kite", "moss", "fern", "of", "bell", "été", "ab", "a"]), min_size=0, max_size=5).map(" ".join)
ROWS = st.lists(st.tuples(st.integers(0, 4), WORDS, st.sampled_from([1_000_000, 500_000])), min_size=1, max_size=14)
KINDS = [("word",), ("word", "pair"), ("gram3", "gram4"), ("head",)]


def terms_of(text: str, kinds: tuple[str, ...]) -> Counter[tuple[str, str]]:
    """Terms of a text, written down as the words of the room say."""
    words, found = text.split(), Counter[tuple[str, str]]()
    for kind in kinds:
        if kind == "word":
            found.update((kind, w) for w in words)
        elif kind == "pair":
            found.update((kind, f"{a} {b}") for a, b in itertools.pairwise(words))
        elif kind == "head":
            found.update((kind, w) for w in words[-1:])
        else:
            length = int(kind[-1])
            found.update(("gram", f" {w} "[i : i + length]) for w in words for i in range(len(w) + 3 - length))
    return found


def rarity(documents: int, holders: int) -> int:
    return round(math.log2((documents + 1) / (holders + 1)) * 1024)


def expected(rows: list[tuple[int, str, int]], text: str, documents: int, how: FieldSettings) -> list[int]:
    """Scores by the book, one document after the other."""
    held = [Counter[tuple[str, str]]() for _ in range(documents)]
    for document, words, weight in rows:
        for term, times in terms_of(words, how.kinds).items():
            held[document][term] += times * weight
    holders = Counter(term for one in held for term in one)
    asked = sorted(terms_of(text, how.kinds))
    scores = []
    for one in held:
        if how.saturation:
            mean = max(1.0, sum(sum(d.values()) for d in held) / documents)
            base = how.saturation * (1 - how.length + how.length * (sum(one.values()) / mean))
            points = sum(rarity(documents, holders[t]) * round(one[t] / 1e6 * (how.saturation + 1) / (one[t] / 1e6 + base) * 2**14) for t in asked if one[t])
            scores.append(points * 1_000_000 >> 24)
        else:
            norm = math.sqrt(sum(rarity(documents, holders[t]) ** 2 for t in one))
            length = max(1, int(math.sqrt(sum(rarity(documents, holders[t]) ** 2 for t in asked))))
            points = sum(rarity(documents, holders[t]) * round(rarity(documents, holders[t]) * 1e6 / norm) for t in asked if one[t] and norm)
            scores.append(points // length)
    return scores


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, texts=st.lists(WORDS, min_size=1, max_size=12), kinds=st.sampled_from(KINDS), saturation=st.sampled_from([0.0, 1.2]))
def test_scores_are_those_of_the_plain_computation(rows: list[tuple[int, str, int]], texts: list[str], kinds: tuple[str, ...], saturation: float) -> None:
    how = FieldSettings(kinds, saturation=saturation)
    field = Field(field_arrays(rows, 5, how), how)
    assert field.scores(field.ask(Letters(texts))).tolist() == [expected(rows, text, 5, how) for text in texts]


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, texts=st.lists(WORDS, min_size=9, max_size=16), turned=st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_batch_matters(rows: list[tuple[int, str, int]], texts: list[str], turned: Random) -> None:
    how = FieldSettings(("word", "gram3"))
    arrays = field_arrays(rows, 5, how)
    other = list(rows)
    turned.shuffle(other)
    again = field_arrays(other, 5, how)
    assert {name: array.tobytes() for name, array in arrays.items()} == {name: array.tobytes() for name, array in again.items()}
    field = Field(arrays, how)
    together = field.best(field.ask(Letters(texts)), 3, 100_000)
    for number, text in enumerate(texts):
        alone = field.best(field.ask(Letters([text])), 3, 100_000)
        part = slice(together.bounds[number], together.bounds[number + 1])
        assert alone.documents.tolist() == together.documents[part].tolist()
        assert alone.scores.tolist() == together.scores[part].tolist()


@settings(max_examples=60, deadline=None)
@given(found=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 60)), unique_by=lambda f: f[:2]), huge=st.sampled_from([1, (1 << 62) // 60]), top=st.integers(1, 4))
def test_the_leading_documents_are_those_that_sorting_finds(found: list[tuple[int, int, int]], huge: int, top: int) -> None:
    rows, documents, scores = (np.array(column, np.int64) for column in (zip(*found, strict=True) if found else ([], [], [])))
    best = leading(rows, documents, scores * huge, 6, top)
    for text in range(6):
        mine = sorted(((-s * huge, d) for t, d, s in found if t == text))[:top]
        part = slice(best.bounds[text], best.bounds[text + 1])
        assert list(zip((-best.scores[part]).tolist(), best.documents[part].tolist(), strict=True)) == mine


def test_the_best_come_first_and_ties_by_number() -> None:
    how = FieldSettings(("word",))
    field = Field(field_arrays([(2, "kite maker", 1_000_000), (1, "kite maker", 1_000_000), (0, "kite", 1_000_000), (3, "moss", 1_000_000)], 4, how), how)
    found = field.best(field.ask(Letters(["kite maker"])), 2)
    assert found.documents.tolist() == [1, 2]
    assert found.scores[0] == found.scores[1] >= 990_000


def test_a_term_too_common_is_left_out() -> None:
    how = FieldSettings(("word",), commonest=2)
    field = Field(field_arrays([(n, f"hand {word}", 1_000_000) for n, word in enumerate(("kite", "moss", "fern"))], 3, how), how)
    assert field.scores(field.ask(Letters(["hand"]))).tolist() == [[0, 0, 0]]
    assert field.scores(field.ask(Letters(["fern hand"])))[0].argmax() == 2


@pytest.mark.parametrize("text", ["", "   ", "\U0001f600" * 3, "x" * 1_000_000, "a\u0000b", "\u202eabc"])
def test_any_text_is_answered(text: str) -> None:
    how = FieldSettings(("word", "pair", "head", "gram3", "gram4"))
    field = Field(field_arrays([(0, "kite maker", 1_000_000)], 1, how), how)
    assert field.scores(field.ask(Letters([text]))).shape == (1, 1)


def test_what_is_not_known_counts_in_the_length() -> None:
    how = FieldSettings(("word",))
    field = Field(field_arrays([(0, "kite", 1_000_000), (1, "moss", 1_000_000)], 2, how), how)
    asked = field.ask(Letters(["kite", "kite zzz", "zzz"]))
    assert asked.known[0] == 1_000_000 > asked.known[1] > asked.known[2] == 0
    scores = field.scores(asked)
    assert scores[0, 0] > scores[1, 0] > scores[2, 0] == 0
