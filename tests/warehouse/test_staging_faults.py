"""A damaged delivery is refused with the file, the line and a remedy, and all its faults at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.contracts import BadInput
from engine.sources import discover, load_ledger
from engine.warehouse import Warehouse

Mend = Callable[[bytes], bytes]


def stage(folder: Path, scratch: Path) -> None:
    (delivery,) = discover(folder, load_ledger()).deliveries
    with Warehouse(scratch) as warehouse:
        warehouse.stage(delivery)


def replaced(old: bytes, new: bytes) -> Mend:
    def mend(raw: bytes) -> bytes:
        assert old in raw
        return raw.replace(old, new, 1)

    return mend


CASES: list[tuple[str, str, Mend, str, int, str]] = [
    ("a file cut off inside a row", "Task Statements.txt", lambda raw: raw[:-12], "SRC223", 5, "ends inside a line"),
    ("a row with a column too few", "Skills.txt", replaced(b"\t2.12\t", b"\t"), "SRC222", 3, "11 columns where the header has 12"),
    ("a row with a column too many", "Skills.txt", replaced(b"\t2.12\t", b"\t2.12\t\t"), "SRC222", 3, "13 columns where the header has 12"),
    ("a byte that is not UTF-8", "Occupation Data.txt", replaced(b"Kite Testers", b"Kite \xe9Testers"), "SRC220", 3, "byte 0xe9 is not UTF-8"),
    ("a NUL byte", "Occupation Data.txt", replaced(b"Kite Testers", b"Kite\0Testers"), "SRC221", 3, "NUL"),
    ("a blank line", "Job Zones.txt", replaced(b"\n", b"\n\n"), "SRC222", 2, "1 columns where the header has 4"),
    ("a stray carriage return", "Job Zones.txt", replaced(b"\t4\t", b"\t4\r\t"), "SRC224", 2, "line ends are mixed"),
    ("mixed line ends", "Job Zones.txt", replaced(b"Domain Source\n", b"Domain Source\r\n"), "SRC224", 2, "line ends are mixed"),
    ("a line without end", "Job Zones.txt", replaced(b"\t4\t", b"\t" + b"4" * 2_000_000 + b"\t"), "SRC225", 2, "a line of 2000"),
    ("an occupation twice", "Occupation Data.txt", replaced(b"13-1161.92", b"11-2021.91"), "SRC250", 3, "lines 2 and 3"),
    ("a task id with two texts", "Task Statements.txt", replaced(b"\t104\t", b"\t101\t"), "SRC250", 5, "lines 2 and 5"),
    ("an open quote in a quoted file", "task_frequency_mean.csv", replaced(b"9.9", b'"9.9'), "SRC227", 2, "broken quoting"),
    ("a quoted line end", "task_frequency_mean.csv", replaced(b"9.9,1,2\n", b'"9\n.9",1,2\n'), "SRC227", 2, "line end"),
    ("a short row in a quoted file", "task_frequency_mean.csv", replaced(b"9.9,1,2\n", b"9.9,1\n"), "SRC222", 2, "4 columns where the header has 5"),
]


@pytest.mark.parametrize(("_sentence", "file", "damage", "code", "line", "what"), CASES, ids=[c[0] for c in CASES])
def test_damage(onet_folder: Path, tmp_path: Path, _sentence: str, file: str, damage: Mend, code: str, line: int, what: str) -> None:
    path = onet_folder / file
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(BadInput) as met:
        stage(onet_folder, tmp_path / "scratch")
    found = next(d for d in met.value.diagnostics if d.code == code)
    assert (Path(found.place.file).name, found.place.line) == (file, line)
    assert what in found.what
    assert found.fix


def test_faults_of_several_files_are_shown_at_once_and_a_flood_is_cut(onet_folder: Path, tmp_path: Path) -> None:
    (onet_folder / "Job Zones.txt").write_text("O*NET-SOC Code\tJob Zone\n" + "x\n" * 500)
    path = onet_folder / "Interests.txt"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BadInput) as met:
        stage(onet_folder, tmp_path / "scratch")
    codes = [d.code for d in met.value.diagnostics]
    assert codes.count("SRC222") == 50
    assert codes.count("SRC229") == 1
    assert codes.count("SRC223") == 1


def test_a_file_that_changes_between_discovery_and_staging_is_refused(onet_folder: Path, tmp_path: Path) -> None:
    (delivery,) = discover(onet_folder, load_ledger()).deliveries
    path = onet_folder / "Job Zones.txt"
    path.write_bytes(path.read_bytes().replace(b"\t4\t", b"\t5\t"))
    with Warehouse(tmp_path / "scratch") as warehouse, pytest.raises(BadInput, match="SRC226"):
        warehouse.stage(delivery)


def test_a_repeated_task_of_the_same_text_is_no_contradiction(onet_folder: Path, tmp_path: Path) -> None:
    path = onet_folder / "Task Statements.txt"
    path.write_bytes(path.read_bytes() + b"41-2031.93\t101\tPlan lantern routes.\tCore\t1\t08/2023\tAnalyst\n")
    stage(onet_folder, tmp_path / "scratch")


def test_a_scratch_folder_that_cannot_be_used_is_an_input_output_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Exception, match="WHS100"):
        Warehouse(tmp_path / "file")
