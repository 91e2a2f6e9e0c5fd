"""Rules as data: packs of facts, decision tables and scorings, loaded, checked, tested and evaluated.

In: pack folders, columns of values, a day. Out: outcomes with the row that fired, the cell that stopped each other row,
exact scores. Refuses to know: where a title came from, how a graph is stored, how an answer is drawn.
"""

from engine.rules.load import load_rulebook
from engine.rules.rulebook import Rulebook

__all__ = ["Rulebook", "load_rulebook"]
