"""Confinement of the process that it is called in: limits of memory and time, no network, no other process, no file but those named.

It holds for what Python code does. Compiled code of a library opens files unseen, so such a library is given streams.
"""

from __future__ import annotations

import os
import resource
import site
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

FORBIDDEN = (
    "socket.", "urllib.", "http.client.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "nntplib.", "telnetlib.", "webbrowser.", "syslog.",
    "subprocess.", "pty.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "os.fork", "os.kill", "signal.pthread_kill", "ctypes.",
    "shutil.", "tempfile.", "sqlite3.", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.chflags",
    "os.truncate", "os.utime", "os.setxattr", "os.removexattr", "os.putenv", "os.unsetenv", "resource.setrlimit", "resource.prlimit",
)  # fmt: skip
LISTING = ("os.listdir", "os.scandir", "os.walk", "os.fwalk", "glob.glob", "pathlib.Path.glob", "pathlib.Path.rglob")
CODE_ENDINGS = (".py", ".pyc", ".so", ".pyd")
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Confinement:
    """What was refused so far, in order: a library that swallows a refusal cannot hide it."""

    def __init__(self, readable: Iterable[Path]) -> None:
        self.refused: list[str] = []
        self._given = frozenset(os.path.realpath(p) for p in readable)
        paths = sysconfig.get_paths()
        installed = (*(paths[n] for n in ("stdlib", "platstdlib", "purelib", "platlib")), *site.getsitepackages(), site.getusersitepackages(), os.path.dirname(os.__file__))
        self._installed = tuple(sorted({os.path.realpath(p) + os.sep for p in installed}))
        self._code_folders = tuple(sorted({os.path.realpath(p or os.curdir) + os.sep for p in sys.path}))

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """The audit hook: raises PermissionError for what is not allowed."""
        if event == "open":
            path, mode, flags = (*arguments, None, None, None)[:3]
            if not isinstance(path, int) and not self._may_open(_text(path), mode, flags):
                self._refuse(f"opening {_text(path)}")
        elif event in LISTING:
            folder = os.path.realpath(_text(arguments[0] or os.curdir)) + os.sep if arguments and not isinstance(arguments[0], int) else ""
            if not folder.startswith((*self._installed, *self._code_folders)):
                self._refuse(f"listing {folder}")
        elif event.startswith(FORBIDDEN):
            self._refuse(event)

    def _may_open(self, path: str, mode: object, flags: object) -> bool:
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITING_FLAGS):
            return False
        real = os.path.realpath(path)
        return real in self._given or real.startswith(self._installed) or (real.endswith(CODE_ENDINGS) and real.startswith(self._code_folders))

    def _refuse(self, what: str) -> None:
        self.refused.append(what)
        raise PermissionError(f"not allowed here: {what}")


def _text(path: object) -> str:
    """A path as text; what is no path is not to be opened, and its text is the name of nothing that may be."""
    return os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else f"what is no path: {path!r}"


def confine(readable: Iterable[Path], seconds: float, memory_bytes: int) -> Confinement:
    """Confine this process for the rest of its life; a hook cannot be taken away again."""
    sys.dont_write_bytecode = True
    for limit, value in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, int(seconds) + 1), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        _, hard = resource.getrlimit(limit)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))
    confinement = Confinement(readable)
    sys.addaudithook(confinement.audit)
    return confinement
