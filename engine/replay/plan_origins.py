"""Which step may feed which input of the law of a plan and of the grants in a publisher's tasks."""

from __future__ import annotations

Step = tuple[str, str]
Origin = tuple[Step, str]

_VOTES, _WHOSE, _FALLBACK, _GROUND = ("arithmetic", "votes"), ("table", "audience.audience"), ("table", "fallback.fallback_tier"), ("arithmetic", "ground")
_PLACE, _NAMES, _HELD, _WORK = ("measure", "place_of_work"), ("arithmetic", "names"), ("arithmetic", "held"), ("arithmetic", "work")
_OCCUPATION, _DEMAND, _LAW = ("arithmetic", "occupation"), ("arithmetic", "demand"), ("arithmetic", "law")
_COVERAGE, _USES, _DEMANDS, _WEIGHT = (("table", f"policy.{name}") for name in ("coverage", "uses", "demands", "weight"))
_TASKS, _PERFORMER, _PERFORMED, _GRAVE = ("arithmetic", "tasks"), ("arithmetic", "performer"), ("fact", "affordance.task_occupation"), ("fact", "affordance.error_consequence")
_TASK_USE, _EXPOSURE = ("fact", "signals.task_use"), ("fact", "signals.task_exposure")
_ACTIVITIES, _SIGNAL, _STANDING = ("fact", "affordance.task_activities"), ("fact", "affordance.activity_signal"), ("table", "signals.standing")
_KIND, _SUPPORT, _RISK, _GRANT, _BLOCKS, _CHECKPOINT, _FLAGS = (("table", f"affordance.{name}") for name in ("work_kind", "support", "risk", "grant", "blocks", "checkpoint", "flags"))

_CLAIMED: dict[str, Origin] = {
    **{name: (_TASK_USE, name) for name in ("measured_use", "measured_use_unsure")}, **{name: (_EXPOSURE, name) for name in ("judged_exposure_model", "judged_exposure_human")},
}  # fmt: skip
_GRANTED: dict[str, Origin] = {
    **_CLAIMED, "activities": (_ACTIVITIES, "activities"), **{name: (_SIGNAL, name) for name in ("activity_use", "activity_completion")},
    **{name: (_STANDING, name) for name in ("standing", "exposure")}, **{name: (_PERFORMER, name) for name in ("audience", "domain", "error_consequence")},
    "work_kind": (_KIND, "work_kind"), "support": (_SUPPORT, "support"), "risk_level": (_RISK, "risk_level"), "grant": (_GRANT, "grant"),
}  # fmt: skip

ANSWERED: dict[str, Origin] = {"demands": (_LAW, "demands"), "tasks": (_TASKS, "tasks")}
FIXED: dict[Step, dict[str, Origin]] = {
    _NAMES: {"jurisdictions": (_PLACE, "jurisdictions")}, _HELD: {"asked": (_NAMES, "asked")}, _WORK: {"fallback_tier": (_FALLBACK, "fallback_tier"), "ground": (_GROUND, "ground")},
    _USES: {"work": (_WORK, "work"), "sector": (_PLACE, "sector")}, _DEMANDS: {"jurisdictions": (_HELD, "jurisdictions"), "sector": (_PLACE, "sector"), "uses": (_USES, "uses")},
    _WEIGHT: {"one_status": (_DEMAND, "status"), "one_verification": (_DEMAND, "verification")}, _LAW: {"sector": (_PLACE, "sector"), "uses": (_USES, "uses"), "policy": (_DEMANDS, "policy")},
    _TASKS: {"occupation": (_OCCUPATION, "occupation"), "leading": (_VOTES, "occupation")}, _STANDING: _CLAIMED,
    _PERFORMER: {"occupation": (_PERFORMED, "occupation"), "error_consequence": (_GRAVE, "error_consequence"), **{name: (_WHOSE, name) for name in ("audience", "domain")}},
    **dict.fromkeys((_KIND, _SUPPORT, _RISK, _GRANT, _BLOCKS, _CHECKPOINT, _FLAGS), _GRANTED),
}  # fmt: skip
OTHERWISE: dict[Step, Step] = {_WORK: _VOTES, _OCCUPATION: _VOTES, _DEMAND: _DEMANDS}
FACTS: dict[str, tuple[Origin, ...]] = {
    **{name: ((("record", ""), "id"),) for _, name in (_TASK_USE, _EXPOSURE, _ACTIVITIES, _SIGNAL, _PERFORMED)}, _GRAVE[1]: ((_PERFORMED, "occupation"),),
    "audience.class_of_work": ((("record", ""), "target"), (_OCCUPATION, "occupation"), (_PERFORMED, "occupation")),
}  # fmt: skip
# about what one thing such a step is, its subject says
ABOUT_ONE = (
    _COVERAGE, _WEIGHT, _DEMAND, _OCCUPATION, _PERFORMER, _PERFORMED, _GRAVE, _TASK_USE, _EXPOSURE, _ACTIVITIES, _SIGNAL, _STANDING, _KIND, _SUPPORT, _RISK, _GRANT, _BLOCKS, _CHECKPOINT, _FLAGS,
)  # fmt: skip
# whose inputs are about many things and bear the name of each: `weight eu_ai_act_literacy`
KEYED: dict[Step, dict[str, Origin]] = {
    _HELD: {"also": (_COVERAGE, "also")}, _LAW: {"coverage": (_COVERAGE, "coverage"), "weight": (_WEIGHT, "weight")},
    _WORK: {"occupation": (_OCCUPATION, "occupation"), "domain": (_WHOSE, "domain")},
    _TASKS: {"grant": (_GRANT, "grant"), "block": (_BLOCKS, "block"), "checkpoint": (_CHECKPOINT, "checkpoint"), "flag": (_FLAGS, "flag")},
}  # fmt: skip


def origin_in_plan(step: Step, subject: str, name: str) -> Origin | None:
    """Where an input that bears the name of a thing comes from; None for other inputs."""
    head, _, key = name.partition(" ")
    if step == _COVERAGE:
        return _NAMES, f"name {subject}"
    if step == _HELD and head == "name":
        return _NAMES, name
    return KEYED.get(step, {}).get(head) if key else None


def about_in_plan(step: Step, name: str, values: dict[str, object]) -> str | None:
    """About what an input of a step is: the thing in its name, for a performer's class of work the occupation; None where the step itself says it."""
    head, _, key = name.partition(" ")
    if key and head in KEYED.get(step, {}):
        return key
    if step == _PERFORMER and name != "occupation":
        return str(values["occupation"] or "")
    return "" if step in (_GRAVE, ("fact", "audience.class_of_work")) else None  # a fact's subject is held against the input itself
