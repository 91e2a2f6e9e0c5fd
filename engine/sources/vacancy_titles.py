"""Messy titles of vacancies with the ESCO occupation of each: a set to measure with.

It has a layout so that a delivery is recognised and checked, and no projections: nothing of it is ever a record, and its allowed use
in the ledger (measurement only) keeps it from being staged.
"""

from __future__ import annotations

from engine.sources.layout import Publisher, TableLayout, columns

TITLES = TableLayout(
    "validation.csv", "titles", columns("vacancyTitle, conceptUri"), delimiter=",", quoted=True, multiline=True, optional=False, projected=False,
)  # fmt: skip

VACANCY_TITLES = Publisher("vacancy-titles", (TITLES,), ())
