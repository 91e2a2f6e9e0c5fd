"""Where a fetch may go: https only, to hosts that the ledger names, and nowhere a redirect would rather have it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from engine.sources.ledger_format import LedgerEntry

LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Permitted:
    """What one source's fetches may speak to. `loopback` permits plain http to this machine: for tests, never set by a command."""

    entry: LedgerEntry
    loopback: bool = False

    def refusal(self, address: str) -> str | None:
        """Why an address may not be asked; None where it may."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            return f"`{address}` is no address"
        host = (parts.hostname or "").lower()
        if self.loopback and parts.scheme == "http" and host == LOOPBACK[0]:
            return None
        if parts.scheme != "https":
            return f"`{parts.scheme or address}` is not https"
        if parts.username is not None or parts.password is not None:
            return "the address carries a user's name"
        if port not in (None, 443):
            return f"port {port} of {host} is not the one of https"
        if not self.entry.permits(host):
            return f"the host {host} is not among those that the ledger permits for {self.entry.name}"
        return None


def next_address(address: str, location: str) -> str:
    """Where a redirect leads, relative locations resolved; the part after `#` is dropped."""
    return urljoin(address, location.strip()).partition("#")[0]
