"""A publisher on this machine that misbehaves as it is told, one behaviour for each path."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[["Answer"], None]


class Answer(BaseHTTPRequestHandler):
    """One request; the behaviour of its path answers it."""

    protocol_version = "HTTP/1.1"
    server: _Server  # type: ignore[assignment]

    def do_GET(self) -> None:
        self.server.told.asked.append((self.path, dict(self.headers.items())))
        with contextlib.suppress(ConnectionError):  # a client that goes away is what some tests want
            self.server.told.behaviours[self.path.partition("?")[0]](self)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def times_asked(self) -> int:
        """How often this path was asked, this time included."""
        return sum(path == self.path for path, _ in self.server.told.asked)

    def head(self, status: int = 200, **headers: object) -> None:
        """Status and headers; `content_length=5` becomes `Content-Length: 5`."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-").title(), str(value))
        self.end_headers()

    def whole(self, body: bytes, **headers: object) -> None:
        """A good answer."""
        self.head(content_length=len(body), **headers)
        self.wfile.write(body)

    def hang_up(self) -> None:
        """Cut the connection."""
        self.wfile.flush()
        self.close_connection = True


@dataclass
class Publisher:
    """What the server is told to do, and what it was asked."""

    address: str = ""
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    told: Publisher

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


@contextlib.contextmanager
def publisher() -> Iterator[Publisher]:
    """A server on a free port of the loopback, gone at the end."""
    server = _Server(("127.0.0.1", 0), Answer)
    server.told = Publisher(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.told
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def whole(body: bytes, **headers: object) -> Behaviour:
    return lambda answer: answer.whole(body, **headers)


def status(number: int, **headers: object) -> Behaviour:
    return lambda answer: answer.head(number, content_length=0, **headers)


def redirect(to: str) -> Behaviour:
    return status(302, location=to)


def first(times: int, before: Behaviour, after: Behaviour) -> Behaviour:
    """The first answers are of one kind, later ones of another."""
    return lambda answer: (before if answer.times_asked() <= times else after)(answer)


def cut_off(body: bytes, after: int, **headers: object) -> Behaviour:
    """Announce all, send a part, hang up."""

    def answer_it(answer: Answer) -> None:
        answer.head(content_length=len(body), **headers)
        answer.wfile.write(body[:after])
        answer.hang_up()

    return answer_it


def chunked(pieces: list[bytes], *, end: bool = True) -> Behaviour:
    """No length is announced; without `end` the last chunk never comes."""

    def answer_it(answer: Answer) -> None:
        answer.head(transfer_encoding="chunked")
        for piece in pieces:
            answer.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if end:
            answer.wfile.write(b"0\r\n\r\n")
        answer.hang_up()

    return answer_it


def dripping(body: bytes, seconds: float) -> Behaviour:
    """A byte at a time, so that no single read is ever slow."""

    def answer_it(answer: Answer) -> None:
        answer.head(content_length=len(body))
        for at in range(len(body)):
            answer.wfile.write(body[at : at + 1])
            answer.wfile.flush()
            time.sleep(seconds)

    return answer_it


def dripping_headers(seconds: float) -> Behaviour:
    """A header without an end, a letter at a time."""

    def answer_it(answer: Answer) -> None:
        answer.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(200):
            answer.wfile.write(b"x")
            answer.wfile.flush()
            time.sleep(seconds)

    return answer_it


def silent(seconds: float) -> Behaviour:
    """Take the request and say nothing."""
    return lambda answer: time.sleep(seconds) or answer.hang_up()  # type: ignore[func-returns-value]


def ranged(body: bytes, tag: str) -> Behaviour:
    """A good server that knows ranges: the rest where If-Range names this tag, else the whole."""

    def answer_it(answer: Answer) -> None:
        asked = answer.headers.get("Range")
        if asked and answer.headers.get("If-Range") == tag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            rest = body[start:]
            answer.head(206, content_length=len(rest), content_range=f"bytes {start}-{len(body) - 1}/{len(body)}", etag=tag)
            answer.wfile.write(rest)
        else:
            answer.whole(body, etag=tag)

    return answer_it
