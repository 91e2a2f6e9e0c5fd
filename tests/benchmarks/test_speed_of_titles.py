"""How fast lists of titles are routed, reasons and ids included, over a plain matcher by letter triples that only names the nearest title."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest
from measuring import Tell, seconds_of
from plain_matcher import PlainMatcher

from engine.ask import Desk
from engine.resolver import Resolver

TITLES, SEED = 2_000, 6
STRANGE = ["nebula", "quartz", "zephyr", "halcyon", "obsidian", "marlow", "tundra", "vesper", "cobalt", "juniper"]
WRITTEN = ["Sr. {}", "{} - Springfield", "{} #48213", "{} II (remote)", "part-time {}", "{} | night shift", "Lead {}"]
KINDS = ("exact", "messy", "not exact")


def _lists(desk: Desk) -> dict[str, list[str]]:
    """Filed titles; the same as people write them and among strange ones, half and half; and words of filed titles with strange ones between them."""
    connection = sqlite3.connect(f"{desk.snapshot.titles.as_uri()}?mode=ro&immutable=1", uri=True)
    filed = [title for (title,) in connection.execute("SELECT DISTINCT title FROM naming ORDER BY title")]
    connection.close()
    pick = random.Random(SEED)
    exact = [pick.choice(filed) for _ in range(TITLES)]
    words = sorted({word for title in filed for word in title.split() if word.isalpha()})
    strange = [" ".join(pick.sample(words, 2) + pick.sample(STRANGE, pick.randint(0, 2))) for _ in range(TITLES)]
    written = [pick.choice(WRITTEN).format(title) for title in exact[: TITLES // 2]]
    return {"exact": exact, "messy": [*written, *strange[: TITLES // 2]], "not exact": strange}


def _measure(benchmark: Any, tell: Tell, desk: Desk, graph: str, kind: str) -> None:
    titles = _lists(desk)[kind]
    desk.index.warm_up()

    def anew() -> Sequence[object]:
        return Resolver(desk.index, desk.facts, desk.rulebook, desk.day(None)).route(titles)

    routes = benchmark.pedantic(anew, rounds=3, iterations=1)
    assert len(routes) == len(titles)
    if benchmark.stats is None:
        return
    connection = sqlite3.connect(f"{desk.snapshot.titles.as_uri()}?mode=ro&immutable=1", uri=True)
    plain = PlainMatcher(text for (text,) in connection.execute("SELECT text FROM key ORDER BY id"))
    connection.close()
    some = titles[:: len(titles) // 100]
    bare = seconds_of(lambda: [plain.nearest(title) for title in some], 3) / len(some)
    each = benchmark.stats.stats.median / len(titles)
    tell(f"a title in a list, {kind}, {graph} graph ({1 / each:,.0f} a second)", each, f"the nearest title by triples ({1 / bare:,.0f} a second)", bare)


@pytest.mark.parametrize("kind", KINDS)
def test_routing_on_the_embedded_graph(kind: str, benchmark: Any, tell: Tell, embedded_desk: Desk) -> None:
    _measure(benchmark, tell, embedded_desk, "embedded", kind)


@pytest.mark.published
@pytest.mark.parametrize("kind", KINDS)
def test_routing_with_onet(kind: str, benchmark: Any, tell: Tell, published_desk: Desk) -> None:
    _measure(benchmark, tell, published_desk, "published", kind)
