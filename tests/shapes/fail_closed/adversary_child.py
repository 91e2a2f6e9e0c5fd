"""Child process: validates what it is given, case after case, and notes what each came to and what the process touched meanwhile."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any

NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostby", "urllib.Request", "http.client.")
PYTHON = tuple(os.path.realpath(p) + os.sep for p in (sys.prefix, sys.base_prefix))
touched: list[str] = []
watched: list[str] = []


def audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and watched and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if path.startswith(tuple(watched)) and not path.startswith(PYTHON) and path not in given:
            touched.append(f"opened {path}")
    elif event.startswith(NETWORK):
        touched.append(f"{event} {arguments[1:] if event == 'socket.connect' else arguments!r}")


given: set[str] = set()


def outcome(data: list[str], shapes: list[str]) -> dict[str, Any]:
    from engine.contracts import EngineError

    try:
        from engine.shapes import validate

        report = validate(data=[Path(p) for p in data], shapes=[Path(p) for p in shapes])
    except EngineError as error:
        told = [{"code": d.code, "file": d.place.file, "line": d.place.line, "what": d.what, "why": d.why, "fix": d.fix, "severity": d.severity.value} for d in error.diagnostics]
        return {"kind": type(error).__name__, "exit": error.exit_code, "diagnostics": told}
    except BaseException:
        return {"kind": "traceback", "text": traceback.format_exc()[-3000:]}
    return {"kind": "report", "conforms": report.conforms, "results": len(report.results)}


def main() -> None:
    request = json.load(sys.stdin)
    sys.addaudithook(audit)
    for case in request["cases"]:
        given.clear()
        given.update(os.path.realpath(p) for p in (*case["data"], *case["shapes"]))
        watched[:] = [os.path.realpath(p) + os.sep for p in (case["folder"], request["outside"], Path.home())]
        touched.clear()
        begun, spent = time.perf_counter(), processor()
        answer = outcome(case["data"], case["shapes"])
        answer |= {"says": case["says"], "seconds": time.perf_counter() - begun, "processor": processor() - spent, "touched": list(touched)}
        answer["megabytes"] = max(peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024
        print(json.dumps(answer), flush=True)


def peak() -> int:
    """Greatest resident memory of this process in kilobytes; ru_maxrss would count what its parent had when it was started."""
    return int(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))


def processor() -> float:
    """Processor seconds of this process and of its children that have ended."""
    return sum(u.ru_utime + u.ru_stime for u in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))


if __name__ == "__main__":
    main()
