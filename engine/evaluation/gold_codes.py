"""Gold codes read in the terms of a snapshot: those of an older classification are carried forward by its published crosswalks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.contracts import BadInput
from engine.evaluation.labelled_list import LabelledList, refuse_malformed
from engine.evaluation.ranking import LENIENT, LEVELS

Rows = Callable[[str], Sequence[Sequence[Any]]]  # what a graph answers to a query


@dataclass(frozen=True, slots=True)
class GoldScheme:
    """A classification whose codes gold may hold: its form, its class in the graph, its name in the crosswalks, and the levels it can be judged at."""

    pattern: re.Pattern[str]
    example: str
    node: str
    former: str
    levels: tuple[str, ...]


SCHEMES = {
    "onet": GoldScheme(re.compile(r"\d{2}-\d{4}\.\d{2}"), "11-2021.00", "Occupation", "onet-soc", LEVELS),
    "soc": GoldScheme(re.compile(r"\d{2}-\d{4}"), "11-2021", "OccupationGroup", "soc", LEVELS[LEVELS.index(LENIENT) :]),
}


@dataclass(frozen=True, slots=True)
class CarriedGold:
    """A list with its gold in today's codes, and in how many rows a code was carried forward, was split, or is not known (then no answer is right)."""

    labelled: LabelledList
    scheme: str
    levels: tuple[str, ...]
    carried: int
    split: int
    unknown: int


def scheme_of(labelled: LabelledList) -> str:
    """The scheme that the form of the codes tells: the first that all of them have, else the first of all."""
    return next((name for name, scheme in SCHEMES.items() if all(scheme.pattern.fullmatch(code) for t in labelled.titles for code in t.gold)), next(iter(SCHEMES)))


def checked_scheme(labelled: LabelledList, scheme: str | None) -> str:
    """The scheme of a list, told by the form of its codes where none is named. Raises BadInput EVL105 (codes of another form), EVL106 (no such scheme)."""
    scheme = scheme or scheme_of(labelled)
    name = scheme.partition("@")[0]
    if name not in SCHEMES:
        why = "answers are O*NET-SOC codes; labels of other taxonomies are ranked with `wig match`"
        raise BadInput.at("EVL106", f"`{scheme}` is no scheme of gold codes", why=why, fix=f"use one of {', '.join(SCHEMES)}, or an older edition such as onet@2010")
    refuse_malformed(labelled, SCHEMES[name].pattern, SCHEMES[name].example)
    return scheme


def carry_forward(labelled: LabelledList, scheme: str | None, rows: Rows) -> CarriedGold:
    """Replace former codes by what they lead to. `onet` and `soc` carry what the snapshot does not know; `onet@2010` and `soc@2010` carry every code.

    None is the edition of today, told by the form of the codes. A code that was split becomes all its successors, each of which is right. Raises BadInput EVL105 (codes of another form), EVL106 (no scheme).
    """
    scheme = checked_scheme(labelled, scheme)
    name, _, edition = scheme.partition("@")
    gold = SCHEMES[name]
    known = set() if edition else {str(row[0]).partition("/")[2] for row in rows(f"MATCH (o:{gold.node}) RETURN o.id")}
    former = _crosswalk(rows, gold, edition)
    if edition and not former:
        raise BadInput.at("EVL106", f"this snapshot holds no crosswalk from {gold.former}@{edition}", fix="build it with the publishers' files that hold one, or name another edition")
    carried = split = unknown = 0
    titles = []
    for title in labelled.titles:
        codes: list[str] = []
        moved = parted = lost = False
        for code in title.gold:
            led = (code,) if code in known else former.get(code, ())
            moved |= bool(led) and led != (code,)
            parted |= len(led) > 1
            lost |= not led
            codes += led or (code,)
        carried, split, unknown = carried + moved, split + parted, unknown + lost
        titles.append(replace(title, gold=tuple(dict.fromkeys(codes))))
    return CarriedGold(replace(labelled, titles=tuple(titles)), scheme, gold.levels, carried, split, unknown)


def _crosswalk(rows: Rows, gold: GoldScheme, edition: str) -> dict[str, tuple[str, ...]]:
    """Former code to the codes it leads to; without an edition those of every edition, where two name one code the later."""
    asked = f"MATCH (f:FormerCode)-[:REPLACED_BY]->(o:{gold.node}) RETURN f.classification, f.code, o.id ORDER BY f.classification, f.code, o.id"
    found: dict[tuple[str, str], list[str]] = {}
    for classification, code, key in rows(asked):
        of, _, when = str(classification).partition("@")
        if of == gold.former and (not edition or when == edition):
            found.setdefault((when, str(code)), []).append(str(key).partition("/")[2])
    return {code: tuple(led) for (_, code), led in sorted(found.items())}

