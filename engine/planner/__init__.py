"""From a ground (role, function or archetype) to a curriculum packet and a ranked path with its arithmetic.

In: an open graph, published facts, rules, what the learner brings. Out: `CurriculumPacket`, `LearningPath`. Refuses to
know: how the title was matched, how an answer is drawn.
"""

from engine.planner.citations import cite, cited_sources
from engine.planner.demands import LawOfPlan, law_of_plan, legal_demands
from engine.planner.learner import Learner, admit
from engine.planner.packet import DecidedWork, read_occupation, read_packet, share
from engine.planner.path import plan_path
from engine.planner.task_grants import DecidedClasses, task_grants

__all__ = [
    "DecidedClasses", "DecidedWork", "LawOfPlan", "Learner", "admit", "cite", "cited_sources", "law_of_plan", "legal_demands", "plan_path", "read_occupation", "read_packet", "share",
    "task_grants",
]  # fmt: skip
