"""What AI may do in publishers' tasks: signals, class of work and activities put together, one task and many alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from invented_facts import store_facts

from engine.planner import task_grants
from engine.rules import FactStore, Rulebook, load_rulebook

DAY = date(2026, 11, 21)
DESK, BEDSIDE, COURT = "occupation/15-1252.00", "occupation/29-1141.00", "occupation/23-1011.00"
HANDLING, MAKING, CARE = ("4.A.2.a.4",), ("4.A.3.b.6",), ("4.A.4.a.5",)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


def signals(use: str | None, model: str | None, people: str | None, unsure: str | None = None) -> dict[str, dict[str, Any]]:
    def share(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return {
        "signals.task_use": {"measured_use": share(use), "measured_use_unsure": share(unsure)},
        "signals.task_exposure": {"judged_exposure_model": share(model), "judged_exposure_human": share(people)},
    }


TASKS: dict[str, tuple[str, tuple[str, ...] | None, dict[str, dict[str, Any]]]] = {
    "task/analysed": (DESK, HANDLING, signals("0.3", "1", "0.5")),
    "task/both-none": (DESK, HANDLING, signals(None, "0", "0")),
    "task/suspicious": (DESK, HANDLING, signals("0.2", "0", "0")),
    "task/silent": (DESK, HANDLING, signals(None, None, None)),
    "task/one-none": (DESK, HANDLING, signals(None, "0", None)),
    "task/disputed": (DESK, MAKING, signals(None, "0.5", "0")),
    "task/disputed-in-court": (COURT, HANDLING, signals(None, "1", "0")),
    "task/written": (DESK, MAKING, signals(None, "0.5", "1")),
    "task/cared": (BEDSIDE, CARE, signals(None, "0.5", "0.5")),
    "task/unsure": (DESK, HANDLING, signals(None, None, None, "1.2")),
    "task/untold": (DESK, None, signals("0.3", "1", "1")),
}


@pytest.fixture(scope="module")
def facts(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> FactStore:
    told: dict[str, dict[str, Any]] = {
        "affordance.task_occupation": {t: {"occupation": o} for t, (o, _, _) in TASKS.items()},
        "affordance.task_activities": {t: {"activities": a} for t, (_, a, _) in TASKS.items()},
        "audience.class_of_work": {
            DESK: {"detailed": "15-1252", "broad": "15-1250", "minor": "15-1200", "major": "15-0000"},
            BEDSIDE: {"detailed": "29-1141", "broad": "29-1140", "minor": "29-1000", "major": "29-0000"},
            COURT: {"detailed": "23-1011", "broad": "23-1010", "minor": "23-1000", "major": "23-0000"},
        },
    }
    for name in ("signals.task_use", "signals.task_exposure"):
        told[name] = {t: s[name] for t, (_, _, s) in TASKS.items()}
    return store_facts(Path(tmp_path_factory.mktemp("facts")) / "facts.sqlite", rulebook, told)


EXPECTED = {
    "task/analysed": ("transform", "low", "compare"),
    "task/both-none": ("none", "low", "nothing_granted"),
    "task/suspicious": ("withheld", "low", "look_first"),
    "task/silent": ("unknown", "low", "look_first"),
    "task/one-none": ("unknown", "low", "look_first"),
    "task/disputed": ("assist", "moderate", "own_work"),
    "task/disputed-in-court": ("withheld", "critical", "look_first"),
    "task/written": ("draft", "moderate", "read"),
    "task/cared": ("assist", "critical", "licensed_person"),
    "task/unsure": ("unknown", "low", "look_first"),
    "task/untold": ("assist", "moderate", "own_work"),
}


@pytest.mark.parametrize("task", EXPECTED)
def test_a_task_is_granted_what_its_signals_and_its_work_allow(facts: FactStore, rulebook: Rulebook, task: str) -> None:
    (found,) = task_grants(facts, rulebook, [task], DAY)
    assert (found.grant, found.risk_level, found.checkpoint) == EXPECTED[task]
    assert found.because
    assert found.risk_because
    assert found.check


def test_one_task_and_many_take_the_same_road(facts: FactStore, rulebook: Rulebook) -> None:
    together = task_grants(facts, rulebook, list(TASKS), DAY)
    assert together == tuple(task_grants(facts, rulebook, [task], DAY)[0] for task in TASKS)
    assert task_grants(facts, rulebook, [], DAY) == ()


def test_measured_and_judged_stay_apart_and_missing_stays_missing(facts: FactStore, rulebook: Rulebook) -> None:
    silent, suspicious = task_grants(facts, rulebook, ["task/silent", "task/suspicious"], DAY)
    assert (silent.measured_use, silent.judged_exposure_model, silent.judged_exposure_human) == (None, None, None)
    assert (suspicious.measured_use, suspicious.judged_exposure_model) == (Decimal("0.2"), Decimal(0))
    assert any(flag.startswith("Suspicious") for flag in suspicious.flags)


def test_what_is_not_settled_is_blocked_until_somebody_looks(facts: FactStore, rulebook: Rulebook) -> None:
    for found in task_grants(facts, rulebook, list(TASKS), DAY):
        blocked = any("before a person has looked" in b for b in found.blocks)
        assert blocked == (found.grant in ("withheld", "unknown")), found.task


def test_a_task_that_the_graph_does_not_know_is_granted_nothing(facts: FactStore, rulebook: Rulebook) -> None:
    (found,) = task_grants(facts, rulebook, ["task/nowhere"], DAY)
    assert (found.grant, found.risk_level, found.work_kind) == ("unknown", "moderate", "not_told")
