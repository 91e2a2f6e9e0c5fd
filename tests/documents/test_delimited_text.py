"""Lists as they are read everywhere: rows with their lines, faults with theirs, and no mark left on other readers of the process."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import NotDelimited, NotUtf8, TooLarge, delimited_rows, utf8_text

CELLS = st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12), min_size=2, max_size=4), max_size=8)


@given(CELLS)
def test_what_was_written_is_read(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert [cells for _, cells in delimited_rows(written.getvalue(), 1_000)] == rows


def test_rows_know_the_line_they_end_on() -> None:
    assert list(delimited_rows('a,b\n"one\ntwo",2\n\nthree,3\n', 100)) == [(1, ["a", "b"]), (3, ["one\ntwo", "2"]), (4, []), (5, ["three", "3"])]


def test_where_nothing_is_quoted_a_quote_is_a_character() -> None:
    assert list(delimited_rows('12" Cutter\tx\n', 100, delimiter="\t", quoted=False)) == [(1, ['12" Cutter', "x"])]


@pytest.mark.parametrize(("text", "line"), [('a\n"open', 2), ('a\nb\n"c"d\n', 3), (f"a\n{'x' * 101}\n", 2)])
def test_a_fault_knows_its_line(text: str, line: int) -> None:
    with pytest.raises(NotDelimited) as met:
        list(delimited_rows(text, 100))
    assert met.value.line == line
    assert met.value.what


@pytest.mark.parametrize("text", ["a\nb\n", 'a\n"open'])
def test_the_limit_of_the_process_is_what_it_was_even_between_rows(text: str) -> None:
    before = csv.field_size_limit(77_777)
    try:
        rows = delimited_rows(text, 5)
        next(rows)
        assert csv.field_size_limit() == 77_777
        with contextlib.suppress(NotDelimited):
            list(rows)
        assert csv.field_size_limit() == 77_777
    finally:
        csv.field_size_limit(before)


def test_two_lists_read_in_turn_keep_their_own_limits() -> None:
    short, long = delimited_rows("a\nb\nccc\n", 2), delimited_rows("aaaa\nbbbb\n", 4)
    assert [next(short), next(long), next(short), next(long)] == [(1, ["a"]), (1, ["aaaa"]), (2, ["b"]), (2, ["bbbb"])]
    with pytest.raises(NotDelimited):
        next(short)


def test_text_is_utf8_up_to_a_size(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"\xef\xbb\xbfone\ntwo\n")
    assert utf8_text(path, 1_024) == "one\ntwo\n"
    assert utf8_text(path, 11) == "one\ntwo\n"
    with pytest.raises(TooLarge):
        utf8_text(path, 10)
    path.write_bytes(b"one\ntw\xe9\n")
    with pytest.raises(NotUtf8, match="0xe9") as met:
        utf8_text(path, 1_024)
    assert met.value.line == 2
    with pytest.raises(FileNotFoundError):
        utf8_text(tmp_path / "none", 10)
