"""One embedded graph, its desk and the checker of its proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from proof_documents import Proved, document_of

from engine.ask import Desk
from engine.graph import Snapshot, Workspace
from engine.replay import Checker


@pytest.fixture(scope="session")
def embedded(embedded_workspace: Callable[[str], Path]) -> Snapshot:
    return Workspace(embedded_workspace("replay")).required()


@pytest.fixture(scope="session")
def workspace(embedded: Snapshot) -> Path:
    return embedded.folder.parent.parent


@pytest.fixture(scope="session")
def desk(embedded: Snapshot) -> Desk:
    return Desk(embedded)


@pytest.fixture(scope="session")
def checker(embedded: Snapshot) -> Iterator[Checker]:
    found = Checker(embedded.folder)
    yield found
    found.close()


@pytest.fixture(scope="session")
def proved(desk: Desk) -> Proved:
    """The proof of an answer as the JSON document that the checker reads."""

    def prove(title: str, kind: str = "resolution", **profile: Any) -> dict[str, Any]:
        return document_of(desk, kind, {"title": title, **profile})

    return prove
