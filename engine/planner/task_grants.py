"""What AI may do in publishers' tasks: fact columns of a graph through the tables of `signals`, `audience` and `affordance`, all tasks at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.contracts.learner import TaskGrant
from engine.rules import FactStore, Rulebook, TableResult

Columns = Mapping[str, Sequence[Any]]
_TABLES = ("work_kind", "support", "risk", "grant", "blocks", "checkpoint", "flags")


@dataclass(frozen=True, slots=True)
class DecidedClasses:
    """Classes of work of occupations: `audience` is the table's result, position for position; `known` its outputs and the error consequence by occupation."""

    occupations: tuple[str, ...]
    audience: TableResult
    known: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DecidedGrants:
    """Grants with the results they were read from, in the order decided and each position for position with `grants`, and the classes of work below them."""

    grants: tuple[TaskGrant, ...]
    results: tuple[TableResult, ...]
    classes: DecidedClasses


def task_grants(facts: FactStore, rulebook: Rulebook, tasks: Sequence[str], as_of: date) -> tuple[TaskGrant, ...]:
    """One grant for each task, in the order asked. One task and all tasks of a graph take the same road.

    A task that the graph does not know has no facts, so nothing is granted in it until somebody looks.
    """
    return decide_grants(facts, rulebook, tasks, as_of).grants if tasks else ()


def decide_grants(facts: FactStore, rulebook: Rulebook, tasks: Sequence[str], as_of: date) -> DecidedGrants:
    """The grants of `task_grants` with the results of the tables they come from. At least one task."""
    use = facts.columns("signals.task_use", tasks)
    exposure = facts.columns("signals.task_exposure", tasks)
    performer = facts.columns("affordance.task_occupation", tasks)["occupation"]
    decided = {"standing": rulebook.decide("signals", "standing", {**use, **exposure}, as_of, trace=False)}
    classes = decide_classes(facts, rulebook, sorted({o for o in performer if o is not None}), as_of)
    columns: dict[str, Sequence[Any]] = {
        **facts.columns("affordance.task_activities", tasks), **facts.columns("affordance.activity_signal", tasks), **decided["standing"].outputs, **exposure,
        "measured_use_unsure": use["measured_use_unsure"], **{name: [known.get(o) for o in performer] for name, known in classes.known.items()},
    }  # fmt: skip
    for table in _TABLES:
        # each is decided once and handed on as columns: the tables below lean on it
        decided[table] = rulebook.decide("affordance", table, columns, as_of, trace=False)
        columns |= decided[table].outputs
    support, risk, grant = (decided[table].sentences for table in ("support", "risk", "grant"))
    grants = tuple(
        TaskGrant(
            task, _text(columns["grant"][n]), _text(columns["risk_level"][n]), _text(columns["checkpoint"][n]), _text(columns["check"][n]),
            _texts(columns["block"][n]), _texts(columns["flag"][n]), f"{support[n]}; {grant[n]}", risk[n],
            _text(columns["support"][n]), _text(columns["work_kind"][n]),
            use["measured_use"][n], columns["judged_exposure_model"][n], columns["judged_exposure_human"][n],
        )
        for n, task in enumerate(tasks)
    )  # fmt: skip
    return DecidedGrants(grants, tuple(decided.values()), classes)


def decide_classes(facts: FactStore, rulebook: Rulebook, occupations: Sequence[str], as_of: date) -> DecidedClasses:
    """Audience, domain (pack `audience`) and consequence of error of occupations; None is missing."""
    classes = facts.columns("audience.class_of_work", occupations)
    judged = rulebook.decide("audience", "audience", classes, as_of, size=len(occupations), trace=False)
    columns: Columns = {**judged.outputs, **facts.columns("affordance.error_consequence", occupations)}
    known = {name: dict(zip(occupations, columns[name], strict=True)) for name in ("audience", "domain", "error_consequence")}
    return DecidedClasses(tuple(occupations), judged, known)


def _text(value: Any) -> str:
    return str(value or "")


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(v) for v in values or ())
