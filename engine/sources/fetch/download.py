"""One file over the network: streamed to a partial file under a cap, resumed where it was cut, tried again with growing waits.

Redirects are followed by hand, so that each is judged before it is asked.
"""

from __future__ import annotations

import contextlib
import email.utils
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from engine.sources.fetch.address import Permitted, next_address
from engine.sources.fetch.connections import Connections, Response, faults_named
from engine.sources.fetch.outcome import NotHad, TryAgain
from engine.sources.ledger_format import FetchRules
from engine.sources.source_cache import write_whole

_PIECE = 64 * 1024
_SHOWN_EACH = 1 << 20
_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)\Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to download: from where, at most how many bytes, into which partial file, and how messages call it."""

    address: str
    byte_cap: int
    partial: Path
    shown: str


@dataclass(frozen=True, slots=True)
class Network:
    """How to ask: the rules, who may be asked, a word about progress, and how to wait (seconds). `unreached`: hosts that never answered, and how."""

    rules: FetchRules
    permitted: Permitted
    say: Callable[[str], None]
    contact: str = ""
    wait: Callable[[float], None] = time.sleep
    unreached: dict[str, str] = field(default_factory=dict)


def download(wanted: Wanted, network: Network) -> str:
    """Download to the partial file and answer the entity tag ('' where there is none).

    Raises NotHad where the file cannot be had: not permitted, not found, too large, too slow, or every attempt failed.
    """
    rules, last, silent = network.rules, "", 0
    host = urlsplit(wanted.address).netloc
    if host in network.unreached:
        raise NotHad("network", network.unreached[host])
    deadline = time.monotonic() + float(rules.total_seconds)
    with contextlib.closing(Connections(rules, deadline)) as pool:
        for attempt in range(rules.attempts):
            try:
                return _attempt(wanted, network, pool, deadline)
            except TryAgain as fault:
                if time.monotonic() >= deadline:
                    raise NotHad("network", _too_slow(rules)) from None
                last, silent = fault.reason, silent + fault.unreached
                pause = min(float(rules.backoff_seconds) * 2**attempt, float(rules.backoff_most_seconds))
                if fault.wait is not None:
                    if fault.wait > float(rules.retry_after_most_seconds):
                        raise NotHad("network", f"{last}, and asks to wait {fault.wait:.0f} s, more than the {rules.retry_after_most_seconds} s that are permitted") from None
                    pause = max(pause, fault.wait)
                if attempt + 1 == rules.attempts:
                    break
                if time.monotonic() + pause > deadline:
                    raise NotHad("network", f"{last}; no time is left of {rules.total_seconds} s for another attempt") from None
                network.say(f" {wanted.shown}: {last}; again in {pause:.1f} s")
                network.wait(pause)
    reason = f"{last} ({rules.attempts} attempts)" if rules.attempts > 1 else last
    if silent == rules.attempts:
        network.unreached[host] = reason
    raise NotHad("network", reason)


def _too_slow(rules: FetchRules) -> str:
    return f"too slow: not whole after {rules.total_seconds} s; a later run goes on from where this one ended, if the publisher permits it"


def _attempt(wanted: Wanted, network: Network, pool: Connections, deadline: float) -> str:
    have, validator = _kept(wanted)
    headers = {"User-Agent": f"{network.rules.caller} ({network.contact})" if network.contact else network.rules.caller, "Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    with faults_named(network.rules), _answer(wanted.address, headers, network, pool) as response:
        if response.status == 416:
            forget(wanted)
            raise TryAgain("the partial file fits no more; beginning anew", 0)
        _refuse_status(response)
        start = _start(response, have)
        length = _length(response)
        if length is not None and start + length > wanted.byte_cap:
            raise NotHad("refused", f"the publisher announces {start + length:,} bytes, more than the cap of {wanted.byte_cap:,}")
        tag = response.headers.get("ETag", "")
        if start and tag.startswith('"') and validator.startswith('"') and tag != validator:
            forget(wanted)
            raise TryAgain("the file changed since its first part came; beginning anew", 0)
        _keep_validator(wanted, tag, response.headers.get("Last-Modified", ""))
        size = _stream(response, wanted, network, deadline, start, length)
        if pool.cut:
            raise NotHad("network", _too_slow(network.rules))
        if size == 0 and length is None:
            raise TryAgain("the answer ended before a byte came")
        if length is not None and size != start + length:
            raise TryAgain(f"cut off after {size:,} of {start + length:,} bytes")
        return tag


@contextlib.contextmanager
def _answer(address: str, headers: dict[str, str], network: Network, pool: Connections) -> Iterator[Response]:
    """The answer at the end of all redirects, each judged before it is followed."""
    seen: list[str] = []
    while True:
        if why := network.permitted.refusal(address):
            raise NotHad("refused", f"sent on to an address that is not permitted: {why}" if seen else f"not permitted: {why}")
        if address in seen:
            raise NotHad("network", f"the publisher sends in a circle (redirect loop at {address})")
        if len(seen) > network.rules.redirects:
            raise NotHad("network", f"more than {network.rules.redirects} redirects")
        seen.append(address)
        response = pool.get(address, headers)
        try:
            if response.status not in _REDIRECTS:
                yield response
                return
            location = response.headers.get("Location")
            if not location:
                raise NotHad("network", f"status {response.status} without a place to go on to")
            address = next_address(address, location)
        finally:
            response.close()


def _refuse_status(response: Response) -> None:
    if response.status in _PASSING:
        raise TryAgain(f"the publisher answers status {response.status}", _retry_after(response.headers.get("Retry-After")))
    if response.status in (404, 410):
        raise NotHad("network", f"nothing stands at this address (status {response.status}); the publisher may have moved it")
    if response.status in (401, 403):
        raise NotHad("network", f"the publisher does not let us in (status {response.status}); some ask for a contact address: give one with --contact")
    if response.status not in (200, 206):
        raise NotHad("network", f"the publisher answers status {response.status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotHad("refused", "the file came in a coding that was not asked for, so that its bytes cannot be compared")


def _retry_after(told: str | None) -> float | None:
    """Seconds that a publisher asks to wait, from a number or a date; None where it says nothing that can be read."""
    if told is None:
        return None
    if told.strip().isdecimal():
        return float(told)
    try:
        day = email.utils.parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    return max(0.0, (day - datetime.now(UTC)).total_seconds()) if day.tzinfo else None


def _start(response: Response, have: int) -> int:
    """Byte at which the answer begins: 0 for a whole file."""
    if response.status == 200:
        return 0
    told = _RANGE.match(response.headers.get("Content-Range", ""))
    if not have or told is None or int(told[1]) != have:
        raise NotHad("refused", "the publisher answers with another part of the file than was asked for")
    return have


def _length(response: Response) -> int | None:
    told = response.headers.get("Content-Length", "").strip()
    return int(told) if told.isdecimal() and len(told) < 16 else None


def _stream(response: Response, wanted: Wanted, network: Network, deadline: float, start: int, length: int | None) -> int:
    """Write what comes; what counts is the bytes that came, whatever was announced."""
    size, shown_at = start, start
    with wanted.partial.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        while piece := response.read1(_PIECE, decode_content=False):
            size += len(piece)
            if size > wanted.byte_cap:
                forget(wanted)
                raise NotHad("refused", f"more than the cap of {wanted.byte_cap:,} bytes came")
            file.write(piece)
            if time.monotonic() > deadline:
                raise NotHad("network", _too_slow(network.rules))
            if size - shown_at >= _SHOWN_EACH:
                shown_at = size
                network.say(f" {wanted.shown}: {size:,} of {start + length:,} bytes" if length is not None else f" {wanted.shown}: {size:,} bytes")
    return size


def _note(wanted: Wanted) -> Path:
    return wanted.partial.with_name(wanted.partial.name + ".json")


def _kept(wanted: Wanted) -> tuple[int, str]:
    """Bytes that an earlier attempt left, and what proves that the file is still the same; (0, '') where it must begin anew."""
    try:
        told = json.loads(_note(wanted).read_text(encoding="utf-8"))
        size = wanted.partial.stat().st_size
        if told["address"] == wanted.address and told["validator"] and 0 < size <= wanted.byte_cap:
            return size, str(told["validator"])
    except (OSError, ValueError, TypeError, KeyError):
        pass
    return 0, ""


def _keep_validator(wanted: Wanted, tag: str, modified: str) -> None:
    """Remember by what to know the file again: a strong tag, else its date; a weak tag does not vouch for bytes."""
    validator = tag if tag.startswith('"') else modified
    write_whole(_note(wanted), json.dumps({"address": wanted.address, "validator": validator}).encode())


def forget(wanted: Wanted) -> None:
    """Leave nothing that a later attempt would go on with."""
    with contextlib.suppress(OSError):
        _note(wanted).unlink(missing_ok=True)
        wanted.partial.unlink(missing_ok=True)
