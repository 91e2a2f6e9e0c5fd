"""A build from a damaged file publishes nothing: the graph that stood before stands, byte for byte, and nothing of the attempt is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from invented_deliveries import cases, put
from mutations import draws

import engine.build
from engine.build import BuildRequest, build_snapshot
from engine.contracts import EngineError, sha256_hex
from engine.graph import Workspace
from engine.sources import load_ledger

_SHIPPED = load_ledger()
LEDGER = replace(_SHIPPED, entries=tuple(e.model_copy(update={"sha256": {}}) for e in _SHIPPED.entries))  # invented files meet no pin
SEEN_IN_THE_FILE = {
    "noise", "latin_1", "utf_16", "misspelt", "twice_named", "million_characters", "page", "zipped_text", "gz_bomb", "empty", "broken_json", "lying_footer", "formula",
    "linked", "entities", "book_bomb", "far_cell", "nul", "cut", "ragged", "stray_quote",
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a published graph, in which the ledger vouches for no bytes."""
    made = Workspace(tmp_path_factory.mktemp("standing") / "workspace")
    build_snapshot(made, BuildRequest())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.build, "load_ledger", lambda: LEDGER)
        yield made


def _bytes(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): sha256_hex(p.read_bytes()) for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "lock"}


def _attempts(workspace: Workspace, folder: Path, kinds: set[str] | None, most: int) -> list[str]:
    """Codes of the refusals of whole builds from damaged deliveries; of any kind, or of some. What was built all the same is not among them."""
    standing = workspace.required()
    before, codes = _bytes(standing.folder.parent.parent), list[str]()
    for draw in [d for d in draws(cases(LEDGER), 33 * 8) if (kinds is None or d.kind in kinds) and d.case.publisher.name != "vacancy-titles"][:most]:
        delivered = put(draw.case, draw.content(), folder / str(draw.number))
        releases = {} if "{release}" in draw.case.wanted else {draw.case.publisher.name: draw.case.release}
        try:
            build_snapshot(workspace, BuildRequest(delivered.parent, releases))
        except EngineError as error:
            codes.append(error.diagnostics[0].code)
            assert _bytes(standing.folder.parent.parent) == before, f"{draw.kind} of {draw.case.name} left a trace"
        else:  # well formed all the same: then it stands whole, and the graph before it is where it was
            assert _bytes(standing.folder) == {k.split("/", 2)[2]: v for k, v in before.items() if k.startswith(f"snapshots/{standing.folder.name}/")}
            workspace.use(standing.folder.name)
            before = _bytes(standing.folder.parent.parent)
    with closing(standing.open_graph()) as graph:
        assert graph.run("MATCH (r:Role) RETURN count(r)")
    return codes


def test_the_graph_before_a_damaged_file_stands(workspace: Workspace, tmp_path: Path) -> None:
    codes = _attempts(workspace, tmp_path, SEEN_IN_THE_FILE, 24)
    assert len(codes) == 24
    assert len(set(codes)) >= 8


@pytest.mark.campaign
def test_the_graph_before_any_damage_stands(workspace: Workspace, tmp_path: Path) -> None:
    codes = _attempts(workspace, tmp_path, None, 60)
    assert len(codes) > 45
