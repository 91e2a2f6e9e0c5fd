"""From a ground (role, function or archetype) to a curriculum packet and a ranked path with its arithmetic.

In: an open graph, published facts, rules, what the learner brings. Out: `CurriculumPacket`, `LearningPath`. Refuses to
know: how the title was matched, how an answer is drawn.
"""

from engine.planner.packet import read_packet, share
from engine.planner.path import Learner, plan_path

__all__ = ["Learner", "plan_path", "read_packet", "share"]
