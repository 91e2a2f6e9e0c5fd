"""The journal keeps how a decision was asked, only ever adds, and finds decisions by the evidence they rest on."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts import Decision, EvidenceRef, InputOutput
from engine.journal import Journal


def decision(title: str, record: str = "role/a") -> Decision:
    evidence = EvidenceRef(record, "A", "source/wedge@1", "a.yaml:1:1", "1", "CC-BY-4.0", Decimal(1), "role")
    return Decision("resolution", "2026-11-20", {"title": title}, {"service_tier": "serve_now"}, Decimal("0.9"), (), (), (evidence,), (), (), {"records": "r"})


def test_a_kept_decision_is_found_by_id_and_by_a_beginning_of_it(tmp_path: Path) -> None:
    journal, kept = Journal(tmp_path), decision("gardener")
    journal.keep([kept], "s1")
    journal.keep([kept], "s1")
    for wanted in (kept.decision_id, kept.decision_id.removeprefix("decision/"), kept.decision_id[:20]):
        asked = journal.asked(wanted)
        assert asked is not None
        assert (asked.decision_id, asked.question, asked.snapshot) == (kept.decision_id, {"title": "gardener"}, "s1")


def test_an_unknown_or_ambiguous_id_is_not_guessed(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.asked("decision/abc") is None
    journal.keep([decision("a"), decision("b")], "s1")
    assert journal.asked("decision/") is None


def test_decisions_are_found_by_the_record_they_rest_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    one, two = decision("a"), decision("b", "role/b")
    journal.keep([one, two], "s1")
    assert journal.resting_on("role/a") == (one.decision_id,)


@pytest.mark.parametrize("statement", ["DELETE FROM decision", "UPDATE decision SET kind = 'x'"])
def test_nothing_kept_can_be_changed(tmp_path: Path, statement: str) -> None:
    Journal(tmp_path).keep([decision("a")], "s1")
    with sqlite3.connect(tmp_path / "decisions.sqlite") as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)


def test_a_workspace_that_cannot_be_written_is_an_input_output_fault(tmp_path: Path) -> None:
    (tmp_path / "decisions.sqlite").mkdir()
    with pytest.raises(InputOutput, match="JRN001"):
        Journal(tmp_path).keep([decision("a")], "s1")


def test_the_id_covers_everything_but_the_run() -> None:
    from dataclasses import replace

    kept = decision("a")
    assert replace(kept, trace_id="t", run_id="r").decision_id == kept.decision_id
    assert replace(kept, confidence=Decimal("0.8")).decision_id != kept.decision_id
