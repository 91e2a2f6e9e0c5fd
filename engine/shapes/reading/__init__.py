"""Shapes graphs read into the algebra, whole or not at all.

In: shapes files. Out: `Shapes`, each with its place. Refuses to know: data, and how a constraint is judged.
"""

from engine.shapes.reading.files import read_shapes
from engine.shapes.reading.shapes import referred

__all__ = ["read_shapes", "referred"]
