"""Connections to publishers: watched, so that they end in time, and with their faults in our words.

The only module that imports the network library.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, SSLError, TimeoutError

from engine.sources.fetch.outcome import NotHad, TryAgain
from engine.sources.ledger_format import FetchRules

Response = urllib3.BaseHTTPResponse


class Connections:
    """Connections of one download, closed with it; at the deadline they are cut, so that not even headers that drip outlast it.

    `cut` tells whether that happened: what ended then was not whole, whatever it looks like.
    """

    def __init__(self, rules: FetchRules, deadline: float) -> None:
        timeout = urllib3.Timeout(connect=float(rules.connect_seconds), read=float(rules.read_seconds))
        self._pool = urllib3.PoolManager(num_pools=4, timeout=timeout, retries=False)
        self._sockets: list[socket.socket] = []
        self.cut = False
        self._watch = threading.Timer(max(0.0, deadline - time.monotonic()), self._cut)
        self._watch.daemon = True
        kinds: dict[str, Any] = dict(self._pool.pool_classes_by_scheme)
        self._pool.pool_classes_by_scheme = {name: type(f"Watched{name}", (kind,), {"ConnectionCls": self._watched(kind.ConnectionCls)}) for name, kind in kinds.items()}
        self._watch.start()

    def get(self, address: str, headers: dict[str, str]) -> Response:
        """Ask; the answer's body is still to be read. Redirects come back as they are."""
        return self._pool.request("GET", address, headers=headers, redirect=False, preload_content=False, retries=False)

    def close(self) -> None:
        """End the watch and let go of every connection."""
        self._watch.cancel()
        self._pool.clear()

    def _watched(self, kind: type[Any]) -> type[Any]:
        sockets = self._sockets

        class Watched(kind):  # type: ignore[misc]
            """A connection whose socket is known to the watch."""

            def connect(self) -> None:
                super().connect()
                sockets.append(self.sock)

        return Watched

    def _cut(self) -> None:
        self.cut = True
        for opened in self._sockets:
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def faults_named(rules: FetchRules) -> Iterator[None]:
    """Turn the library's faults into ours."""
    try:
        yield
    except SSLError as error:
        raise NotHad("network", f"no safe connection: {_plain(error)}") from None
    except NameResolutionError:
        raise TryAgain("the publisher's host has no address here: no network, or a host that is gone", unreached=True) from None
    except (NewConnectionError, ConnectTimeoutError) as error:
        raise TryAgain(f"no connection: {_plain(error)}", unreached=True) from None
    except TimeoutError:
        raise TryAgain(f"no answer within {rules.read_seconds} s") from None
    except (HTTPError, ConnectionError) as error:
        raise TryAgain(f"the connection failed: {_plain(error)}") from None


def _plain(error: Exception) -> str:
    """The innermost words of a library's fault, without object addresses."""
    text = str(error.args[-1] if error.args else error)
    return re.sub(r"<[^>]*>:? ?|HTTPS?Connection(Pool)?\([^)]*\): ?", "", re.sub(r" at 0x[0-9a-f]+", "", text))[:160] or type(error).__name__
