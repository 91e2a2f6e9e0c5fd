"""The source ledger reads as it stands, stamps provenance, and names its faults by line."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput, Diagnostic, InputOutput, Severity
from engine.documents import data_folder
from engine.sources import PUBLISHERS, Column, LedgerEntry, check_ledger, load_ledger


def text() -> str:
    return (data_folder("graph_data") / "sources.toml").read_text(encoding="utf-8")


def test_the_ledger_of_this_installation_knows_its_sources_and_releases() -> None:
    ledger = load_ledger()
    assert [e.name for e in ledger.entries if e.name in ("onet", "soc", "wedge")] == ["onet", "soc", "wedge"]
    assert {e.name for e in ledger.entries} >= {p.name for p in PUBLISHERS}
    assert ledger.origin("onet").key == "source/onet@30.1"
    assert ledger.origin("onet").release_date == "2025-12"
    assert ledger.origin("onet", "29.1").release_date == "2024-11"
    assert ledger.origin("onet", "99.9").release_date == ""
    assert [ledger.origin(n).rank for n in ("onet", "soc")] == [0, 1]
    assert ledger.origin("wedge").release_date == "2026-11-20"


def test_provenance_has_all_six_columns_and_the_source_record_points_to_its_line() -> None:
    origin = load_ledger().origin("onet", "29.1")
    stamp = origin.provenance("Skills.txt:7", confidence=Decimal("0.50"), derived_by="onet.skills")
    assert stamp == {"source": "source/onet@29.1", "source_ref": "Skills.txt:7", "release": "29.1", "licence": "CC-BY-4.0", "confidence": "0.5", "derived_by": "onet.skills"}
    record = origin.source_record()
    line = int(record["source_ref"].removeprefix("sources.toml:"))
    assert text().splitlines()[line - 1] == "[onet]"
    assert "29.1" in record["citation"]
    assert "29.1" in origin.attribution
    assert "{" not in origin.attribution
    assert "{release}" not in record["citation"]


FAULTS = [
    ("a misspelt key is met with the nearest one", 'licence = "CC-BY-4.0"', 'license = "CC-BY-4.0"', "SRC102", "did you mean `licence`?"),
    ("a missing key is named", 'layer = "authored"\n', "", "SRC103", "add `layer:`"),
    ("an unknown layer is refused", 'layer = "authored"', 'layer = "gossip"', "SRC104", ""),
    ("a share above one is refused", "derived_confidence = 0.6", "derived_confidence = 6", "SRC104", ""),
    ("an unknown source is met with the nearest one", "[soc]", "[sock]", "SRC102", "did you mean `soc`?"),
    ("a pin to an unknown release is refused", 'pin = "1.0.0"', 'pin = "1.0.1"', "SRC105", "did you mean `1.0.0`?"),
    ("a file without a cap is refused", "byte_cap = 1_200_000\n", "", "SRC103", "add `byte_cap:`"),
    ("a cap of nothing is refused", "byte_cap = 1_200_000", "byte_cap = 0", "SRC104", ""),
    ("a misspelt key of a file is met with the nearest one", "other_columns = [", "other_colums = [", "SRC102", "did you mean `other_columns`?"),
    ("a file name that leads elsewhere is refused", 'name = "Occupation Data.txt"', 'name = "../Occupation Data.txt"', "SRC104", ""),
    ("a hidden file name is refused", 'name = "Occupation Data.txt"', 'name = ".netrc"', "SRC104", ""),
    ("an address that is not https is refused", 'address = "https://www.onetcenter.org/dl_files', 'address = "http://www.onetcenter.org/dl_files', "SRC104", ""),
    ("an address with a user's name is refused", 'address = "https://www.onetcenter.org/dl_files', 'address = "https://me@www.onetcenter.org/dl_files', "SRC104", ""),
    ("a file has one way to be had", 'archive = "database"', 'archive = "database"\nnot_fetchable = "no"', "SRC104", ""),
    ("an archive that is not listed is refused", 'archive = "national"', 'archive = "regional"', "SRC104", ""),
    ("a file that stands twice is refused", 'name = "Task Statements.txt"', 'name = "Occupation Data.txt"', "SRC104", ""),
    ("a column that stands twice is refused", 'columns = ["O*NET-SOC Code", "Title", "Description"]', 'columns = ["Title", "Title", "Description"]', "SRC104", ""),
    ("a digest that is none is refused", '"8f026a33', '"8F026a33', "SRC104", ""),
    ("a source without its licence's text is refused", 'licence_text = "A work', 'licence_txt = "A work', "SRC102", "did you mean `licence_text`?"),
    ("a fetch without patience is refused", "attempts = 4", "attempts = 0", "SRC104", ""),
    ("the rules of fetching may not be left out", "[fetching]", "[fetchings]", "SRC102", "did you mean `fetching`?"),
    ("a broken file is met at its line", "[onet]", "[onet", "SRC101", "mend the file at this place"),
]


@pytest.mark.parametrize(("_sentence", "old", "new", "code", "fix"), FAULTS, ids=[f[0] for f in FAULTS])
def test_faults_of_the_ledger(tmp_path: Path, _sentence: str, old: str, new: str, code: str, fix: str) -> None:
    broken = text().replace(old, new, 1)
    assert broken != text()
    (tmp_path / "sources.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(BadInput) as met:
        load_ledger(tmp_path / "sources.toml")
    found = next(d for d in met.value.diagnostics if d.code == code)
    assert found.place.file == "sources.toml"
    assert found.place.line >= 1
    assert fix in found.fix


def test_a_fault_stands_at_the_line_of_its_key(tmp_path: Path) -> None:
    broken = text().replace('layer = "authored"', 'layer = "gossip"')
    (tmp_path / "sources.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(BadInput) as met:
        load_ledger(tmp_path / "sources.toml")
    assert broken.splitlines()[met.value.diagnostics[0].place.line - 1] == 'layer = "gossip"'


def test_a_ledger_that_is_not_there_is_an_input_output_fault(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="SRC100"):
        load_ledger(tmp_path / "absent.toml")


def test_an_unknown_source_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="did you mean `onet`"):
        load_ledger().entry("o-net")


def test_a_fault_of_a_file_stands_at_its_own_line(tmp_path: Path) -> None:
    broken = text().replace('name = "tasks.parquet"', 'name = "a/tasks.parquet"')
    (tmp_path / "sources.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(BadInput) as met:
        load_ledger(tmp_path / "sources.toml")
    assert broken.splitlines()[met.value.diagnostics[0].place.line - 1] == 'name = "a/tasks.parquet"'


ENTRIES = load_ledger().entries


def test_every_value_is_found_at_its_line() -> None:
    ledger, lines = load_ledger(), text().splitlines()
    for entry in ledger.entries:
        assert lines[ledger.places((entry.name,)).line - 1] == f"[{entry.name}]"
        for number, file in enumerate(entry.files):
            assert lines[ledger.places((entry.name, "files", number, "name")).line - 1] == f'name = "{file.name}"'
            assert lines[ledger.places((entry.name, "files", number)).line - 1] == f"[[{entry.name}.files]]"


@given(at=st.integers(0, len(text()) - 1), gone=st.integers(0, 400), put=st.sampled_from(["", "\"", "[", "]", "=", "\n", "[[onet.files]]\n", "nan", "é", "\x00", "[a.b]\n"]))
@settings(max_examples=60, deadline=None)
def test_a_damaged_ledger_is_read_or_refused_with_a_place_and_nothing_else(at: int, gone: int, put: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sources.toml"
        path.write_text(text()[:at] + put + text()[at + gone :], encoding="utf-8")
        told: tuple[Diagnostic, ...] = ()
        try:
            load_ledger(path)
        except BadInput as error:
            told = error.diagnostics
        assert all(d.place.file == "sources.toml" and d.code.startswith("SRC10") for d in told)


@pytest.mark.parametrize("entry", ENTRIES, ids=[e.name for e in ENTRIES])
def test_every_source_says_what_may_be_done_with_it(entry: LedgerEntry) -> None:
    assert len(entry.licence_text) > 40
    assert entry.runtime_eligible == (entry.allowed_use in ("ship", "runtime"))
    assert (entry.layer == "benchmark") == (not entry.runtime_eligible)
    if entry.licence == "CC-BY-4.0" and entry.name != "wedge":
        assert "CC BY" in entry.attribution
        assert "modified" in entry.attribution
    if "O*NET" in entry.citation and entry.name != "market":
        assert "USDOL/ETA" in entry.attribution
    if entry.licence == "LicenseRef-ESCO":
        assert "This service uses the ESCO classification of the European Commission." in entry.attribution


@pytest.mark.parametrize("entry", ENTRIES, ids=[e.name for e in ENTRIES])
def test_every_file_has_a_cap_and_a_way_or_a_reason(entry: LedgerEntry) -> None:
    assert entry.files or entry.not_fetchable
    assert not entry.address_checked, "set it only after a fetch from the publisher's own host was seen to work"
    for file in entry.files:
        assert 1_000 < file.byte_cap <= 200_000_000
        assert file.columns or file.not_read
        assert file.not_fetchable or file.saved_as(entry.releases[0].release)
        if file.address is not None:
            assert entry.permits(file.address.split("/")[2])


def test_the_ledger_and_the_loaders_agree() -> None:
    assert [d.text() for d in check_ledger(load_ledger()).faults] == []


def changed(name: str, **files: object) -> list[str]:
    """Codes of what is met where a publisher's first layout is changed."""
    publisher = next(p for p in PUBLISHERS if p.name == name)
    first, *rest = publisher.tables
    edited = replace(publisher, tables=(replace(first, **files), *rest))  # type: ignore[arg-type]
    return sorted({d.code for d in check_ledger(load_ledger(), publishers=[edited if p is publisher else p for p in PUBLISHERS]).faults})


def test_each_difference_between_ledger_and_loader_is_met() -> None:
    columns = next(p for p in PUBLISHERS if p.name == "onet").tables[0].columns
    assert changed("onet") == []
    assert changed("onet", file="Occupations.txt") == ["SRC310", "SRC315"]
    assert changed("onet", alternatives=("Occupations.txt",)) == ["SRC311"]
    assert changed("onet", columns=(*columns, Column("Pay"))) == ["SRC312"]
    assert changed("onet", columns=(*columns, Column("Pay", required=False))) == ["SRC313"]
    assert changed("onet", optional=True) == ["SRC314"]
    assert {d.code for d in check_ledger(load_ledger(), publishers=PUBLISHERS[1:]).faults} == {"SRC316"}


def test_delivered_files_are_judged_one_by_one(onet_folder: Path) -> None:
    check = check_ledger(load_ledger(), onet_folder)
    assert check.holds
    assert {f.source for f in check.files} == {"onet"}
    assert "esco" in check.absent
    (onet_folder / "Task Statements.txt").unlink()
    (onet_folder / "Skills.txt").write_text("Kode\tvalue\n", encoding="utf-8")
    jobs = onet_folder / "Job Zones.txt"
    jobs.write_text(jobs.read_text(encoding="utf-8").replace("Job Zone", "Job Zone\tMood", 1), encoding="utf-8")
    with (onet_folder / "Scales Reference.txt").open("ab") as file:
        file.truncate(300_000_000)  # sparse: larger than its cap, read by nobody
    after = check_ledger(load_ledger(), onet_folder)
    told = {(f.file, d.code) for f in after.files for d in f.faults if d.severity is Severity.ERROR}
    assert {("Task Statements.txt", "SRC320"), ("Skills.txt", "SRC211"), ("Scales Reference.txt", "SRC321")} <= told
    assert ("Job Zones.txt", ("Mood",)) in {(f.file, f.unknown) for f in after.files}
    assert not after.holds


def test_a_delivered_file_is_held_to_its_pin(onet_folder: Path, tmp_path: Path) -> None:
    pin = '[onet.sha256."9.9"]\n"Occupation Data.txt" = "' + "0" * 64 + '"\n\n[[onet.archives]]'
    (tmp_path / "sources.toml").write_text(text().replace("[[onet.archives]]", pin, 1), encoding="utf-8")
    check = check_ledger(load_ledger(tmp_path / "sources.toml"), onet_folder)
    assert {(f.file, f.pin) for f in check.files if f.pin != "unpinned"} == {("Occupation Data.txt", "differs")}
    assert not check.holds


@pytest.mark.published
def test_the_publishers_own_files_hold(published_data: Path) -> None:
    check = check_ledger(load_ledger(), published_data)
    assert [d.text() for f in check.files for d in f.faults if d.severity is Severity.ERROR] == []
    assert {f.source for f in check.files} == {p.name for p in PUBLISHERS} - {"market"}
    assert ("onetsoc_2010_to_2019_crosswalk.csv", "equal") in {(f.file, f.pin) for f in check.files}
