"""How an attempt to fetch ends when it does not end well: try again, or not."""

from __future__ import annotations

from engine.sources.source_cache import Kind


class NotHad(Exception):
    """The file cannot be had, and trying again would not help. `kind` is that of the skip."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(reason)
        self.kind: Kind = kind
        self.reason = reason


class TryAgain(Exception):
    """A fault that may pass. `wait` is what the publisher asked for in seconds, None where it did not say; `unreached`: nobody answered at all."""

    def __init__(self, reason: str, wait: float | None = None, *, unreached: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.wait, self.unreached = reason, wait, unreached
