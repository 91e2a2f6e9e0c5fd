"""Gates: what must hold before a build, a rubric, a title, a module, a scenario or a release may be used.

In: published facts, the rules, what a build found. Out: `Gate` values, open or closed, each with every reason. Refuses to know:
how a snapshot is made or verified, and who asks; nothing here opens a gate, it only tells whether the evidence does.
"""

from engine.gates.content import content_gates, gates_by_subject
from engine.gates.gate import Gate, GateReport
from engine.gates.snapshot import ReleaseState, release_gate, require_open_build, snapshot_gates

__all__ = ["Gate", "GateReport", "ReleaseState", "content_gates", "gates_by_subject", "release_gate", "require_open_build", "snapshot_gates"]
