"""Work that may crash, hang or eat memory runs in a process of its own: request in by JSON, lines of JSON out.

The engines are native code: on a full disk or a hostile query they can take the whole process with them. The child is spawned
(after `fork` they hang), gets a group of its own, and is gone when the conversation ends, whatever happened.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LINE = 64 * 1024 * 1024
_ROOT = Path(__file__).resolve().parent.parent.parent
# The engine's folder goes last, so that nothing in it can stand before the standard library.
_BOOT = "import sys, importlib; sys.path.append(sys.argv[1]); importlib.import_module(sys.argv[2]).main()"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: exit status (negative: the signal that killed it), whether its time ran out, the end of what it complained."""

    status: int
    out_of_time: bool
    complaint: str

    @property
    def out_of_memory(self) -> bool:
        """Whether the complaint is one of the ways in which native code and Python run out of memory."""
        return any(sign in self.complaint for sign in ("bad_alloc", "MemoryError", "Cannot allocate memory", "std::length_error"))


def converse(module: str, request: Mapping[str, Any], heard: Callable[[dict[str, Any]], None], seconds: float | None = None) -> Ending:
    """Run `module.main()` in a child, hand it the request, and pass on each line of its answer as it comes.

    After `seconds` of wall clock (None: no limit) the whole group is killed. No process is left behind on any way out.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, str(_ROOT), module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, start_new_session=True,
        )  # fmt: skip
        late = threading.Event()

        def end_it() -> None:
            late.set()
            _kill(process)

        timer = threading.Timer(seconds, end_it) if seconds is not None else None
        try:
            if timer is not None:
                timer.start()
            _talk(process, request, heard)
            process.wait()
        finally:
            if timer is not None:
                timer.cancel()
            _kill(process)
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
        complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - 4096))
        return Ending(process.returncode, late.is_set(), complaints.read().decode("utf-8", "replace"))


def _talk(process: subprocess.Popen[bytes], request: Mapping[str, Any], heard: Callable[[dict[str, Any]], None]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()  # and stays open: its end tells the child that we are gone
    while line := process.stdout.readline(MAX_LINE):
        with contextlib.suppress(json.JSONDecodeError):  # a line cut short by a kill says nothing
            heard(json.loads(line))


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def read_request() -> dict[str, Any]:
    """In the child: the request. From then on the child ends by itself if whoever asked is gone."""
    request: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return request


def _end_with_parent() -> None:
    os.read(0, 1)  # not through sys.stdin: its lock would be missed at interpreter shutdown
    os._exit(1)


def say(line: Mapping[str, Any]) -> None:
    """In the child: one line of the answer, sent at once."""
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
