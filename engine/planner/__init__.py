"""From a ground (role, function or archetype) to a curriculum packet and a ranked path with its arithmetic.

In: an open graph, published facts, rules, what the learner brings. Out: `CurriculumPacket`, `LearningPath`. Refuses to
know: how the title was matched, how an answer is drawn.
"""

from engine.planner.citations import cite, cited_sources
from engine.planner.learner import Learner, admit
from engine.planner.packet import read_occupation, read_packet, share
from engine.planner.path import plan_path

__all__ = ["Learner", "admit", "cite", "cited_sources", "plan_path", "read_occupation", "read_packet", "share"]
