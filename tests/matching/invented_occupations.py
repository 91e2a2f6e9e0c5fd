"""An invented publisher's occupations, a list of candidates and ready-made matchers over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.matching import (
    Answer,
    Knowledge,
    KnownOccupation,
    LabelRow,
    Matcher,
    Settings,
    knowledge_of,
    label_words,
    questions_of,
    settings_of,
)
from engine.rules import load_rulebook

DAY = date(2026, 11, 21)
WORDS = label_words()
SETTINGS: Settings = settings_of(load_rulebook(), DAY)
OCCUPATIONS = (
    KnownOccupation("occupation/11-0001.00", "Occupation", ("occupation/11-0001.00", "11-0001.00"), "Lantern Planners", ("Light Walker", "Chief of Lamps"), "Plans lanterns in streets.", ("Count lanterns.",)),
    KnownOccupation("occupation/41-0002.00", "Occupation", ("occupation/41-0002.00", "41-0002.00"), "Puddle Sellers", ("Water Hawker", "Rain Dealer"), "Sells puddles to ducks.", ("Fill puddles.",)),
    KnownOccupation("esco/aaa", "EscoOccupation", ("esco/aaa", "http://example.org/aaa", "1221.1"), "street lamp planner", ("light walker", "lamp chief"), "Plans the lamps of a town.", (), "1221", "Light managers"),
    KnownOccupation("esco/bbb", "EscoOccupation", ("esco/bbb", "http://example.org/bbb", "5249.3"), "rain merchant", ("water hawker",), "Sells water and puddles.", (), "5249", "Sellers of other things"),
    KnownOccupation("esco/ccc", "EscoOccupation", ("esco/ccc", "http://example.org/ccc", "7549.1"), "kite tester", ("kite inspector",), "Tests kites.", (), "7549", "Craft workers"),
)
KNOWLEDGE: Knowledge = knowledge_of(OCCUPATIONS, WORDS)
CANDIDATES = (
    LabelRow("http://example.org/aaa", "street lamp planner"),
    LabelRow("http://example.org/bbb", "rain merchant"),
    LabelRow("http://example.org/ccc", "kite tester"),
    LabelRow("own-1", "moon sweeper", "", "Sweeps the moon.", ("lunar cleaner",)),
)
TITLES = ("Lantern Planners", "11-0002", "kite testers (part time)", "senior moon sweeper", "water hawker", "duck", "zzz qqq", "urgent hiring", "KITE inspector II - Penang")


def matcher(rows: Sequence[LabelRow] = CANDIDATES, examples: Sequence[tuple[str, str]] = (), knowledge: Knowledge = KNOWLEDGE) -> Matcher:
    return Matcher(rows, knowledge, WORDS, SETTINGS, examples)


def asked(made: Matcher, *titles: str, top: int = 10, explained: int = 10, best_per_concept: bool = False, knowledge: Knowledge = KNOWLEDGE) -> list[Answer]:
    rows = [LabelRow(f"q{number}", title) for number, title in enumerate(titles)]
    return list(made.answers(questions_of(rows, knowledge, WORDS), top, explained, best_per_concept))


def first(answer: Answer) -> str:
    return answer.candidates[0].id
