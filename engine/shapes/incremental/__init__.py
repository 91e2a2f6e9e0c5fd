"""Validation that follows edits: after a change only the focus nodes that it can affect are judged again.

In: shapes, statements, edits. Out: the report of a full run, after each edit. Refuses to know: where edits come from.
"""

from engine.shapes.incremental.editable_views import Edit, EditableViews
from engine.shapes.incremental.following import FollowingValidation

__all__ = ["Edit", "EditableViews", "FollowingValidation"]
