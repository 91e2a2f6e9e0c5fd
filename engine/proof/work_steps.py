"""What AI may do in the publisher's tasks that a fallback plan shows, as steps: facts of each task, its tables, the list of tasks."""

from __future__ import annotations

from engine.planner import DecidedWork
from engine.proof.asked_table import table_step
from engine.proof.law_steps import class_step, occupation_step
from engine.proof.leaves import Leaves
from engine.proof.tree import Node, Steps, Use, use

_FACTS = ("signals.task_use", "signals.task_exposure", "affordance.task_activities", "affordance.activity_signal")
_GRANTED = {"grant": "grant", "blocks": "block", "checkpoint": "checkpoint", "flags": "flag"}


def work_step(steps: Steps, leaves: Leaves, shown: DecidedWork, votes: Node) -> Node:
    """The tasks shown of an occupation: the last of their steps, on every table that was asked about each."""
    occupation = occupation_step(steps, votes, shown.work.key.partition("/")[2])
    uses = [use("occupation", occupation), use("leading", votes, "occupation"), use("$occupation_tasks_shown", leaves.parameter("ranking", "occupation_tasks_shown"), "value")]
    tasks = tuple(task.key for task in shown.work.tasks)
    for position, task in enumerate(tasks):
        uses += _granted(steps, leaves, shown, position, task)
    says = f"the {len(tasks)} most important of {shown.work.tasks_in_all} tasks"
    return steps.add(Node("arithmetic/tasks", "arithmetic", "tasks", shown.work.key, says, tuple(uses), {"tasks": tasks}))


def _granted(steps: Steps, leaves: Leaves, shown: DecidedWork, position: int, task: str) -> list[Use]:
    """What is granted, blocked, checked and told of a task, each on the tables below it."""
    subject = use("subject", leaves.record(task, {"id": task}), "id")
    performer = _performer_step(steps, leaves, shown, task, subject)
    origins: dict[str, tuple[Node, str]] = {name: (performer, name) for name in performer.gives}
    for fact in _FACTS:
        told = leaves.fact(fact, subject)
        origins |= {name: (told, name) for name in told.gives}
    uses = []
    for result in shown.decided.results:
        decided = table_step(steps, leaves, result, position, task, origins)
        origins |= {name: (decided, name) for name in decided.gives}
        output = _GRANTED.get(result.evaluation.bound.table.name)
        if output is not None:
            uses.append(use(f"{output} {task}", decided, output))
    return uses


def _performer_step(steps: Steps, leaves: Leaves, shown: DecidedWork, task: str, subject: Use) -> Node:
    """The class of work and the consequence of error of the occupation that performs a task."""
    performed = leaves.fact("affordance.task_occupation", subject)
    occupation = use("subject", performed, "occupation")
    classes = shown.decided.classes
    judged = class_step(steps, leaves, classes.audience, classes.occupations.index(occupation.value), occupation)
    grave = leaves.fact("affordance.error_consequence", occupation)
    uses = (use("occupation", performed), use("audience", judged), use("domain", judged), use("error_consequence", grave))
    gives = {u.name: u.value for u in uses[1:]}
    return steps.add(Node(f"arithmetic/performer/{task}", "arithmetic", "performer", task, f"{task} is performed by {occupation.value}", uses, gives))
