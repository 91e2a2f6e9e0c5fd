"""Rules that cannot be used: one clear refusal, exit status 2, nothing published, and the last good rules stay in force."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from wig_command import ROOT, CopiedWig

HEAD = "pack: extra\nversion: 1.0.0\nowner: o\ndescription: d\n"
TABLE = HEAD + """inputs: {n: {type: count}, s: {type: share}}
tables:
  t:
    description: d
    hit_policy: POLICY
    uses: [n, s]
    outputs: {o: {type: text}}
    rules:
"""
ROWS = "      - {id: few, when: {n: '<= 3'}, then: {o: a}, because: s}\n      - {id: many, when: {n: '>= 3'}, then: {o: b}, because: s}\n"
FACT = HEAD + "facts:\n  f:\n    subject: Role\n    description: d\n    cypher: CYPHER\n    columns: {n: {type: count}}\n"
BROKEN = {
    "an unknown hit policy": ("RUL103", TABLE.replace("POLICY", "last") + ROWS),
    "a circle": ("RUL108", TABLE.replace("POLICY", "first").replace("[n, s]", "[n, s, o]") + ROWS),
    "a fact that writes": ("RUL130", FACT.replace("CYPHER", "MATCH (r:Role) DETACH DELETE r RETURN r.id AS subject, 1 AS n")),
    "a fact without a bound": ("RUL132", FACT.replace("CYPHER", "MATCH (r:Role)-[:HAS_WORKFLOW*]->(w) RETURN r.id AS subject, count(w) AS n")),
    "not a number": ("RUL110", TABLE.replace("POLICY", "first") + "      - {id: few, when: {s: '<= NaN'}, then: {o: a}, because: s}\n"),
    "a float that is not a number": ("RUL110", TABLE.replace("POLICY", "first") + "      - {id: few, when: {s: .nan}, then: {o: a}, because: s}\n"),
    "an empty cell": ("RUL103", TABLE.replace("POLICY", "first") + "      - {id: few, when: {s: }, then: {o: a}, because: s}\n"),
    "a bomb of aliases": ("DOC104", HEAD + "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
    "a tag": ("DOC104", HEAD + "parameters: !!python/object/apply:os.getcwd []\n"),
    "a key that is there twice": ("DOC106", HEAD + "owner: somebody else\n"),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> CopiedWig:
    """`wig` on a copy of the product with a published graph."""
    import engine

    folder = tmp_path_factory.mktemp("product")
    home = folder / "product"
    shutil.copytree(Path(engine.__file__).parent, home / "engine", ignore=shutil.ignore_patterns("__pycache__", "data"))
    for name in ("ontology", "shapes", "rules", "graph_data"):
        shutil.copytree(ROOT / name, home / name)
    wig = CopiedWig(folder / "workspace", home)
    built = wig("build", "--only", "wedge")
    assert built.code == 0, built.err
    return wig


def resolved(wig: CopiedWig) -> object:
    answer = wig("resolve", "sales associate", "payroll clerk", "--json")
    assert answer.code == 0, answer.err
    return without_ids(answer.json)


def without_ids(document: object) -> object:
    if isinstance(document, dict):
        return {k: without_ids(v) for k, v in document.items() if k not in ("run_id", "trace_id")}
    return [without_ids(v) for v in document] if isinstance(document, list) else document


def refusals(good: CopiedWig, packs: dict[str, str]) -> list[str]:
    """What `wig rules check` and `wig build` say where these packs lie beside the others; answers and snapshots stay as they were."""
    before, current = resolved(good), good("snapshots", "list", "--json").json
    folders = [good.home / "rules" / name for name in packs]
    for folder in folders:
        folder.mkdir()
        (folder / "pack.yaml").write_text(packs[folder.name].replace("pack: extra", f"pack: {folder.name}"), encoding="utf-8")
    try:
        answers = [good("rules", "check"), good("build", "--only", "wedge")]
        assert [a.code for a in answers] == [2, 2]
        assert resolved(good) == before
        assert good("snapshots", "list", "--json").json == current
        return [" ".join((a.out + a.err).split()) for a in answers]
    finally:
        for folder in folders:
            shutil.rmtree(folder)


def test_packs_that_cannot_be_read_are_all_refused_and_the_last_good_ones_stay_in_force(good: CopiedWig) -> None:
    for said in refusals(good, {name.replace(" ", "_"): text for name, (_, text) in BROKEN.items()}):
        for name, (code, _) in BROKEN.items():
            assert re.search(rf"rules/{name.replace(' ', '_')}/pack\.yaml:\d+:\d+ {code} .*? why .*? fix ", said), f"{name}: {said}"


def test_rows_that_contradict_each_other_are_not_published(good: CopiedWig) -> None:
    for said in refusals(good, {"extra": TABLE.replace("POLICY", "unique") + ROWS}):
        assert "RUL146 rows `few` and `many` can meet and contradict each other" in said
        assert "both hold on n: 3" in said


def test_without_any_rules_a_published_graph_still_answers(good: CopiedWig) -> None:
    before = resolved(good)
    (good.home / "rules").rename(good.home / "rules_away")
    try:
        assert good("rules", "check").code == 4
        assert resolved(good) == before
    finally:
        (good.home / "rules_away").rename(good.home / "rules")
