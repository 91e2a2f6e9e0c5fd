"""Proofs: a decision as a tree of steps, from the answer over tables and arithmetic down to records, facts and parameters.

In: a decision, the derivation that it was made from, the snapshot's facts, rules and graph. Out: a `Proof`, each step with its inputs, where
each came from, and what it gives. Refuses to know: how a proof is drawn, and whether it holds; that is asked of `engine.replay`.
"""

from engine.proof.title_proof import prove
from engine.proof.tree import AskedTable, Node, Proof, Provenance, TriedCell, TriedRow, Use

__all__ = ["AskedTable", "Node", "Proof", "Provenance", "TriedCell", "TriedRow", "Use", "prove"]
