"""ESCO as data: occupations with their labels, the ISCO groups above them, and what of a delivery no record holds.

In: nothing. Out: `ESCO`, a Publisher. Refuses to know: how files are read, and how ESCO relates to other classifications.
"""

from engine.sources.esco.publisher import ESCO

__all__ = ["ESCO"]
