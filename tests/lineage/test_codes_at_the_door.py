"""A publisher's bare code is a way in: `wig explore` opens its record, `wig resolve` answers it as the name of its occupation."""

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


def test_resolve_says_what_brings_the_record_of_a_code_that_nothing_has(world: World) -> None:
    said = world.wig("resolve", "99-9999.99")
    assert (said.code, "wig build --source-dir" in " ".join(said.err.split())) == (0, True)
    assert "no record of" not in world.wig("resolve", CODE).err


def test_resolve_answers_a_code_as_the_name_of_its_occupation(world: World) -> None:
    by_code, by_name = (world.wig("resolve", "--json", title).json[0] for title in (CODE, "Lantern Planners"))
    assert by_code["occupation"] == by_name["occupation"] == {"code": CODE, "share": "1", "title": "Lantern Planners"}
    assert (by_code["fallback_tier"], by_code["service_tier"]) == (by_name["fallback_tier"], by_name["service_tier"])
