"""Authored YAML keeps positions and has no surprises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts import BadInput, InputOutput
from engine.documents import read_document


def read(folder: Path, text: str | bytes):  # type: ignore[no-untyped-def]
    path = folder / "doc.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(path)


def test_plain_words_stay_words_and_numbers_stay_exact(tmp_path: Path) -> None:
    document = read(tmp_path, 'country: NO\ntime: 1:30\nshare: 0.10\ncount: 12\nday: 2026-11-20\ncode: 11-2021.00\nyes_word: yes\nflag: true\nquoted: "12"\n')
    assert document.value == {
        "country": "NO", "time": "1:30", "share": Decimal("0.10"), "count": 12, "day": date(2026, 11, 20), "code": "11-2021.00",
        "yes_word": "yes", "flag": True, "quoted": "12",
    }  # fmt: skip


def test_every_value_knows_its_place(tmp_path: Path) -> None:
    document = read(tmp_path, "roles:\n  - id: a\n    label: A\n")
    place = document.place(("roles", 0, "label"))
    assert (place.line, place.column, place.path) == (3, 12, "roles[0].label")
    assert document.place(("roles", 0, "absent")).line == 2


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("approved: false\napproved: true\n", "DOC106", 2),
        ("a: &x 1\nb: *x\n", "DOC104", 2),
        ("a: !!python/object:os.system 1\n", "DOC104", 1),
        ("a: [1\nb: 2\n", "DOC103", 2),
        (b"a: ok\nb: caf\xe9\n", "DOC102", 2),
        ("[" * 60 + "]" * 60, "DOC105", 1),
    ],
    ids=["duplicate key", "alias", "tag", "broken syntax", "bad byte", "too deep"],
)
def test_a_fault_is_refused_at_its_place(tmp_path: Path, text: str | bytes, code: str, line: int) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text)
    (diagnostic,) = refused.value.diagnostics
    assert (diagnostic.code, diagnostic.place.line) == (code, line)
    assert diagnostic.fix


def test_a_document_too_large_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="DOC101"):
        read(tmp_path, b"#" * (9 << 20))


def test_a_missing_file_is_an_input_output_fault(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="DOC002"):
        read_document(tmp_path / "absent.yaml")
