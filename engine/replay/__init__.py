"""The checker of proofs: a second, small reading of the rules that shares no code with the evaluator, nor with any other room.

In: a proof as JSON and the folder of the snapshot it was drawn from. Out: whether every step follows from its inputs, and the first place where
one does not. Refuses to know: how a title is matched, how rules are evaluated elsewhere, and everything else in this house.
"""

from engine.replay.check import CheckedProof, Checker, Fault

__all__ = ["CheckedProof", "Checker", "Fault"]
