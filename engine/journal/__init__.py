"""The workspace's memory of what was asked: every decision's inputs and digests, append-only, with an index from evidence.

In: decisions. Out: how each was asked, so that it can be recomputed. Refuses to know: how a decision is made; it stores no outcome.
"""

from engine.journal.decisions import Asked, Journal

__all__ = ["Asked", "Journal"]
