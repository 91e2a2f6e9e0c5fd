"""Titles that are asked about, and a snapshot as reviewers are asked about it."""

from __future__ import annotations

from engine.adjudication import Reviewing
from engine.ask import Desk
from engine.graph import Snapshot

# invented titles: unknown, regulated by a word beside a role, regulated by class, outside the audience, served in full
UNKNOWN, LICENSED, LAW, OUTSIDE, SERVED = "Growth Ninja", "Legal Sales Associate", "Attorney", "Nurse", "Marketing Manager"
PUBLISHED = "Marketing and Sales Managers"  # a name that only a publisher states
TITLES = (UNKNOWN, LICENSED, LAW, OUTSIDE, SERVED, PUBLISHED)
WISHED = ("exclude_or_not_icp", "serve_with_fallback")


def reviewing_over(snapshot: Snapshot) -> Reviewing:
    """A snapshot as reviewers are asked about it, on its own day."""
    desk = Desk(snapshot)
    return Reviewing(snapshot, desk.rulebook, desk.facts, desk.resolve, desk.day(None))
