"""The source ledger reads as it stands, stamps provenance, and names its faults by line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts import BadInput, InputOutput
from engine.documents import data_folder
from engine.sources import load_ledger


def text() -> str:
    return (data_folder("graph_data") / "sources.toml").read_text(encoding="utf-8")


def test_the_ledger_of_this_installation_knows_its_sources_and_releases() -> None:
    ledger = load_ledger()
    assert [e.name for e in ledger.entries] == ["onet", "soc", "wedge"]
    assert ledger.origin("onet").key == "source/onet@30.1"
    assert ledger.origin("onet").release_date == "2025-12"
    assert ledger.origin("onet", "29.1").release_date == "2024-11"
    assert ledger.origin("onet", "99.9").release_date == ""
    assert [ledger.origin(n).rank for n in ("onet", "soc", "wedge")] == [0, 1, 2]
    assert ledger.origin("wedge").release_date == "2026-11-20"


def test_provenance_has_all_six_columns_and_the_source_record_points_to_its_line() -> None:
    origin = load_ledger().origin("onet", "29.1")
    stamp = origin.provenance("Skills.txt:7", confidence=Decimal("0.50"), derived_by="onet.skills")
    assert stamp == {"source": "source/onet@29.1", "source_ref": "Skills.txt:7", "release": "29.1", "licence": "CC-BY-4.0", "confidence": "0.5", "derived_by": "onet.skills"}
    record = origin.source_record()
    line = int(record["source_ref"].removeprefix("sources.toml:"))
    assert text().splitlines()[line - 1] == "[onet]"
    assert "29.1" in record["citation"]
    assert "{release}" not in record["citation"]


FAULTS = [
    ("a misspelt key is met with the nearest one", 'licence = "CC-BY-4.0"', 'license = "CC-BY-4.0"', "SRC102", "did you mean `licence`?"),
    ("a missing key is named", 'layer = "authored"\n', "", "SRC103", "add `layer:`"),
    ("an unknown layer is refused", 'layer = "authored"', 'layer = "gossip"', "SRC104", ""),
    ("a share above one is refused", "derived_confidence = 0.6", "derived_confidence = 6", "SRC104", ""),
    ("an unknown source is met with the nearest one", "[soc]", "[sock]", "SRC102", "did you mean `soc`?"),
    ("a pin to an unknown release is refused", 'pin = "1.0.0"', 'pin = "1.0.1"', "SRC105", "did you mean `1.0.0`?"),
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
