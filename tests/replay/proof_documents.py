"""What the tests of the checker share: how a proof is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from engine.ask import Desk
from engine.contracts.canonical import plain

Proved = Callable[..., dict[str, Any]]


def document_of(desk: Desk, kind: str, question: dict[str, Any]) -> dict[str, Any]:
    """The proof of an answer as the JSON document that the checker reads."""
    document: dict[str, Any] = json.loads(json.dumps(plain(desk.prove(kind, question, desk.receipt.release_date).document())))
    return document
