"""What lies in a source folder is found, told apart, chosen and fingerprinted; what cannot be used is refused with file and remedy."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from engine.contracts import BadInput, Corrupt, InputOutput
from engine.sources import Discovery, discover, load_ledger

LEDGER = load_ledger()


def find(folder: Path, **chosen: str) -> Discovery:
    return discover(folder, LEDGER, chosen, folder.parent / "scratch")


def another_release(folder: Path, release: str) -> Path:
    """A second delivery beside the first, told by its folder's name."""
    other = Path(shutil.copytree(folder, folder.parent / f"db_{release.replace('.', '_')}_text"))
    (other / "Read Me.txt").unlink()
    return other


def zipped(folder: Path, target: Path, prefix: str = "db_9_9_text/") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, prefix + path.name)
    return target


def test_no_folder_delivers_nothing_and_says_so() -> None:
    found = discover(None, LEDGER)
    assert found.deliveries == ()
    assert len(found.gaps) == 1


def test_a_folder_of_folders_the_folder_itself_and_the_zip_deliver_the_same_bytes(onet_folder: Path, tmp_path: Path) -> None:
    archive = zipped(onet_folder, tmp_path / "db_9_9_text.zip")
    results = [find(place) for place in (onet_folder.parent, onet_folder, archive)]
    fingerprints = {r.deliveries[0].fingerprints for r in results}
    assert len(fingerprints) == 1
    assert len(results[0].deliveries[0].tables) == 22
    one = next(f for f in fingerprints.pop() if f.name == "onet@9.9/Skills.txt")
    assert one.sha256 == hashlib.sha256((onet_folder / "Skills.txt").read_bytes()).hexdigest()
    assert one.kind == "source"


def test_a_zip_inside_a_folder_is_found_too(onet_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "zips").mkdir()
    zipped(onet_folder, tmp_path / "zips" / "db_9_9_text.zip")
    assert find(tmp_path / "zips").deliveries[0].origin.key == "source/onet@9.9"


def test_the_newest_release_is_used_and_the_others_are_stated(onet_folder: Path) -> None:
    another_release(onet_folder, "10.1")
    found = find(onet_folder.parent)
    assert [d.origin.release for d in found.deliveries] == ["10.1"]
    assert [(a.release, a.used) for a in found.available] == [("9.9", False), ("10.1", True)]
    assert any("9.9" in gap and "not used" in gap for gap in found.gaps)


def test_a_chosen_release_wins_over_the_newest(onet_folder: Path) -> None:
    another_release(onet_folder, "10.1")
    assert find(onet_folder.parent, onet="9.9").deliveries[0].origin.release == "9.9"


def test_a_pinned_release_wins_over_the_newest(onet_folder: Path) -> None:
    another_release(onet_folder, "10.1")
    entries = tuple(e.model_copy(update={"pin": "9.9"}) if e.name == "onet" else e for e in LEDGER.entries)
    pinned = replace(LEDGER, entries=entries)
    assert discover(onet_folder.parent, pinned).deliveries[0].origin.release == "9.9"


def test_a_chosen_release_that_is_not_there_is_never_replaced(onet_folder: Path) -> None:
    with pytest.raises(BadInput, match=r"SRC205  onet 29\.1 is wanted and not delivered; found: 9\.9"):
        find(onet_folder.parent, onet="29.1")


def test_absent_optional_files_and_unread_folders_are_stated(onet_folder: Path) -> None:
    (onet_folder / "Skills.txt").unlink()
    (onet_folder.parent / "holiday_pictures").mkdir()
    found = find(onet_folder.parent)
    assert any("`Skills.txt` is absent" in gap for gap in found.deliveries[0].gaps)
    assert any("holiday_pictures" in gap for gap in found.gaps)


def test_names_and_order_of_folders_make_no_difference(onet_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = find(onet_folder.parent)
    (tmp_path / "elsewhere").mkdir()
    onet_folder.rename(tmp_path / "elsewhere" / "zzz")
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: sorted(listed(path), reverse=True))
    second = find(tmp_path / "elsewhere")
    assert first.deliveries[0].fingerprints == second.deliveries[0].fingerprints
    assert [t.layout.file for t in first.deliveries[0].tables] == [t.layout.file for t in second.deliveries[0].tables]


def test_a_missing_folder_is_an_input_output_fault(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="SRC200"):
        find(tmp_path / "absent")


def test_an_unreadable_file_is_an_input_output_fault(onet_folder: Path) -> None:
    (onet_folder / "Occupation Data.txt").unlink()
    (onet_folder / "Occupation Data.txt").mkdir()
    with pytest.raises(InputOutput) as met:
        find(onet_folder)
    assert met.value.diagnostics[0].code == "SRC201"
    assert met.value.diagnostics[0].place.file.endswith("Occupation Data.txt")


def test_a_folder_with_nothing_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="SRC203"):
        find(tmp_path)


def test_a_missing_required_file_is_named_with_the_nearest_that_is_there(onet_folder: Path) -> None:
    (onet_folder / "Task Statements.txt").rename(onet_folder / "Task_Statements.txt")
    with pytest.raises(BadInput, match=r"SRC206  `Task Statements.txt` is missing; did you mean `Task_Statements.txt`\?"):
        find(onet_folder)


def test_a_release_that_cannot_be_told_is_refused(onet_folder: Path, tmp_path: Path) -> None:
    (onet_folder / "Read Me.txt").unlink()
    onet_folder.rename(tmp_path / "mystery")
    with pytest.raises(BadInput, match="SRC204"):
        find(tmp_path / "mystery")


def test_wrong_columns_of_several_files_are_shown_at_once_with_the_nearest_met(onet_folder: Path) -> None:
    for name, old, new in (("Skills.txt", "Data Value", "Data Values"), ("Job Zones.txt", "Job Zone", "Zone of Job")):
        path = onet_folder / name
        path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(BadInput) as met:
        find(onet_folder)
    assert [(Path(d.place.file).name, d.place.line, d.code) for d in met.value.diagnostics] == [("Job Zones.txt", 1, "SRC211"), ("Skills.txt", 1, "SRC211")]
    assert "the column `Data Value` is missing; the nearest column met is `Data Values`" in met.value.diagnostics[1].what


def test_an_empty_file_and_a_column_twice_are_refused(onet_folder: Path) -> None:
    (onet_folder / "Interests.txt").write_bytes(b"")
    path = onet_folder / "Job Zones.txt"
    path.write_text(path.read_text().replace("Domain Source", "Date", 1))
    with pytest.raises(BadInput) as met:
        find(onet_folder)
    assert sorted(d.code for d in met.value.diagnostics) == ["SRC210", "SRC212"]


def test_a_file_that_differs_from_its_pin_is_corrupt(onet_folder: Path) -> None:
    pins = {"9.9": {"Skills.txt": "0" * 64}}
    entries = tuple(e.model_copy(update={"sha256": pins}) if e.name == "onet" else e for e in LEDGER.entries)
    with pytest.raises(Corrupt, match="SRC230"):
        discover(onet_folder, replace(LEDGER, entries=entries))


@pytest.mark.parametrize("name", ["../Skills.txt", "/Skills.txt", "a/../../Skills.txt", "..\\Skills.txt", "C:\\Skills.txt"])
def test_a_zip_that_points_outside_is_refused_and_writes_nothing(onet_folder: Path, tmp_path: Path, name: str) -> None:
    archive = zipped(onet_folder, tmp_path / "db_9_9_text.zip")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr(zipfile.ZipInfo(name), b"gotcha")
    with pytest.raises(BadInput, match="SRC241"):
        discover(archive, LEDGER, {}, tmp_path / "scratch")
    assert not [p for p in tmp_path.rglob("Skills.txt") if p.read_bytes() == b"gotcha"]


def test_a_cut_off_zip_is_refused(onet_folder: Path, tmp_path: Path) -> None:
    archive = zipped(onet_folder, tmp_path / "db_9_9_text.zip")
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(BadInput, match="SRC240"):
        find(archive)


def test_a_zip_with_damaged_content_is_refused(onet_folder: Path, tmp_path: Path) -> None:
    archive = zipped(onet_folder, tmp_path / "db_9_9_text.zip")
    raw = bytearray(archive.read_bytes())
    at = raw.find(b"Task Statements.txt") + 40
    raw[at : at + 20] = bytes(20)
    archive.write_bytes(bytes(raw))
    with pytest.raises(BadInput, match="SRC240"):
        find(archive)


@pytest.mark.parametrize("name", ["Occupation Data.txt", "Read Me.txt", "db_9_9_text.zip"])
def test_what_is_no_regular_file_is_refused_at_once_with_its_path(onet_folder: Path, name: str) -> None:
    path = (onet_folder.parent if name.endswith(".zip") else onet_folder) / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    with pytest.raises(InputOutput, match="SRC201  not a regular file: a FIFO") as met:
        find(onet_folder.parent)
    assert met.value.diagnostics[0].place.file == str(path)


def test_a_device_or_fifo_in_place_of_the_source_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path, kind in ((tmp_path / "fifo", "FIFO"), (Path("/dev/null"), "device")):
        with pytest.raises(InputOutput, match=f"not a regular file: a {kind}"):
            discover(path, LEDGER, {}, tmp_path / "scratch")


def test_a_link_to_a_device_is_refused(onet_folder: Path) -> None:
    (onet_folder / "Skills.txt").unlink()
    (onet_folder / "Skills.txt").symlink_to("/dev/zero")
    with pytest.raises(InputOutput, match="a device"):
        find(onet_folder)


def mystery(onet_folder: Path, name: str = "mystery") -> Path:
    """A delivery that does not tell its release."""
    (onet_folder / "Read Me.txt").unlink(missing_ok=True)
    return onet_folder.rename(onet_folder.parent / name)


def test_a_release_stated_by_hand_is_taken_where_the_sole_delivery_does_not_tell_it(onet_folder: Path) -> None:
    found = find(mystery(onet_folder).parent, onet="30.1")
    assert [d.origin.key for d in found.deliveries] == ["source/onet@30.1"]
    assert any("was stated by hand" in gap for gap in found.gaps)
    assert any("tell that this is the release" in gap for gap in found.deliveries[0].gaps)
    assert [(a.release, a.used) for a in found.available] == [("30.1", True)]


def test_a_release_stated_by_hand_does_not_say_which_of_two_deliveries_it_is(onet_folder: Path) -> None:
    another_release(onet_folder, "10.1")
    with pytest.raises(BadInput, match="SRC204") as met:
        find(mystery(onet_folder).parent, onet="30.1")
    assert met.value.diagnostics[0].place.file == str(onet_folder.parent / "mystery")


def test_a_told_release_gives_no_gap_when_it_is_chosen(onet_folder: Path) -> None:
    assert not any("by hand" in gap for gap in find(onet_folder, onet="9.9").deliveries[0].gaps)


@pytest.mark.parametrize("release", ["", "x'y", "../../etc", "30.", "30.1 "])
def test_what_has_not_the_form_of_a_release_is_refused(onet_folder: Path, release: str) -> None:
    with pytest.raises(BadInput, match="SRC207"):
        find(mystery(onet_folder), onet=release)


def test_faults_inside_a_zip_name_the_zip_as_it_was_given(onet_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = onet_folder / "Skills.txt"
    path.write_text(path.read_text().replace("Data Value", "Data Values", 1))
    zipped(onet_folder, tmp_path / "db_9_9_text.zip")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match="SRC211") as met:
        discover(Path("db_9_9_text.zip"), LEDGER, {}, tmp_path / "scratch")
    assert met.value.diagnostics[0].place.file == "db_9_9_text.zip/Skills.txt"


@pytest.mark.parametrize("given", ["absent", "../absent", "a\0b"])
def test_a_missing_path_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputOutput, match="SRC200") as met:
        discover(Path(given), LEDGER)
    assert met.value.diagnostics[0].place.file == given
