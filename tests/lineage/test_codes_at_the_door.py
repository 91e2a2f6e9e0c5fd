"""A publisher's bare code is a way in: `wig explore` opens its record, `wig resolve` says that it is no title."""

from __future__ import annotations

from invented_world import World

CODE = "11-2021.91"


def test_explore_opens_the_record_of_a_code(world: World) -> None:
    by_code, by_key = world.wig("explore", CODE), world.wig("explore", f"occupation/{CODE}")
    assert by_code.code == by_key.code == 0
    assert by_code.out == by_key.out
    assert by_code.out.startswith(f"occupation/{CODE}  Lantern Planners")


def test_a_path_leads_from_code_to_code(world: World) -> None:
    assert world.wig("explore", CODE, "--path-to", "11-2021").code == 0


def test_a_code_that_nothing_has_is_told(world: World) -> None:
    said = world.wig("explore", "99-9999.99")
    assert (said.code, "GRA301" in said.err, "wig sources status" in said.err) == (2, True, True)


def test_resolve_says_that_a_code_is_no_title(world: World) -> None:
    said = world.wig("resolve", CODE)
    assert said.code == 0
    assert f"wig explore {CODE}" in " ".join(said.err.split())
