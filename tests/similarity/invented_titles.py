"""Invented occupations with their titles, texts and groups."""

from __future__ import annotations

from datetime import date

from engine.similarity import ConceptText, LabelledConcept, LikenessSettings, WiderGroup

DAY = date(2026, 11, 21)
TITLES = {
    "occupation/kite-maker": ("Kite Maker", "Kite Builder", "Stunt Kite Maker", "Kite Sail Sewer (KSS)", "Wind Toy Maker"),
    "occupation/kite-tester": ("Kite Tester", "Kite Flight Tester", "Wind Tester", "Sail Tester"),
    "occupation/moss-grower": ("Moss Grower", "Moss Farmer", "Fern and Moss Grower", "Roof Moss Planter"),
    "occupation/fern-grower": ("Fern Grower", "Fern Farmer", "Fern and Moss Grower", "Fern Nursery Hand"),
    "occupation/bell-tuner": ("Bell Tuner", "Church Bell Tuner", "Chime Tuner", "Bell Tester"),
}
TEXTS = {
    "occupation/kite-maker": "Cut and sew sails, bend frames and tie bridles of kites.",
    "occupation/moss-grower": "Grow moss in shaded beds and press it onto roofs.",
    "occupation/fern-grower": "Raise ferns from spores under glass.",
    "occupation/bell-tuner": "Turn the inside of bronze bells until their partials agree.",
}
GROUPS = {"occupation/kite-maker": "toys", "occupation/kite-tester": "toys", "occupation/moss-grower": "plants", "occupation/fern-grower": "plants", "occupation/bell-tuner": "music"}

NAMINGS = tuple(
    LabelledConcept(title, concept, "canonical" if place == 0 else "alternate", f"{concept}:{place}") for concept, titles in sorted(TITLES.items()) for place, title in enumerate(titles)
)
DOCUMENTS = tuple(ConceptText(concept, text) for concept, text in sorted(TEXTS.items()))
WIDER = tuple(WiderGroup(concept, level, f"{level}-{group}") for concept, group in sorted(GROUPS.items()) for level in (2, 3))

LIKELY = {"constant": -1_000_000, "odds": 1_000_000, "likeness": 2_000_000}
SETTINGS = LikenessSettings(
    {"all_words": 2_000_000, "all_letters": 1_000_000, "name": 500_000, "minor_letters": 700_000, "near_letters": 300_000, "near_letters_best": 1_000_000, "titles": -200_000},
    {"concept": LIKELY, "minor_group": LIKELY, "major_group": LIKELY, "title": {"constant": -3_000_000, "nearest": 9_000_000}}, 500_000,
)  # fmt: skip
