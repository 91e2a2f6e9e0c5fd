"""Sorting by runs and merging, held against sorting in memory, with runs so short that every merge has many of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import InputOutput
from engine.coverage import in_title_order, title_order

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=4) | st.sampled_from(["clerk", "clerk ", "Clerk", "", "\U0001f984", "\uffff", "a\0b"])
BATCHES = st.lists(st.lists(st.tuples(WORDS, st.integers(1, 5)), min_size=1, max_size=12), max_size=25)


@settings(max_examples=150, deadline=None)
@given(BATCHES, st.sampled_from([1, 60, 10_000]), st.sampled_from([2, 3, 64]), st.sampled_from([1, 3, 100]), st.booleans())
def test_any_runs_give_the_order_of_memory(tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, int]]], run: int, together: int, batch: int, add_up: bool) -> None:
    given_batches = [pa.record_batch({"title": pa.array([t for t, _ in b], pa.string()), "rows": pa.array([n for _, n in b], pa.int64())}) for b in batches]
    scratch = tmp_path_factory.mktemp("order")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(title_order, "RUN_BYTES", run)
        patch.setattr(title_order, "MERGED_AT_ONCE", together)
        patch.setattr(title_order, "_BATCH", batch)
        met = [(r["title"], r["rows"]) for b in in_title_order(given_batches, scratch, add_up=add_up) for r in b.to_pylist()]
    everything = [pair for b in batches for pair in b]
    assert [t.encode() for t, _ in met] == sorted(t.encode() for t, _ in met)
    if add_up:
        wanted = Counter[str]()
        for title, rows in everything:
            wanted[title] += rows
        assert met == sorted(wanted.items(), key=lambda p: p[0].encode())
    else:
        assert Counter(met) == Counter(everything)
    assert list(scratch.iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(title_order, "RUN_BYTES", 1)
    monkeypatch.setattr(title_order.pa.ipc, "new_stream", full)
    with pytest.raises(InputOutput) as refused:
        list(in_title_order([pa.record_batch({"title": ["a"], "rows": [1]})], tmp_path, add_up=True))
    assert refused.value.diagnostics[0].code == "COV402"
