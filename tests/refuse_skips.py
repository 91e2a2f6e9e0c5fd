"""Fails where a test run skipped something for want of an extra that CI installs: `python tests/refuse_skips.py LOG`.

A skip for publishers' files that are absent is allowed; every other skip is a hole in the proof.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ALLOWED = re.compile(r"publishers' files are not here")


def main() -> int:
    """Exit status 1 where the log holds a skip that is not allowed, or no summary of a run."""
    log = Path(sys.argv[1]).read_text(encoding="utf-8")
    skipped = [line for line in log.splitlines() if line.startswith("SKIPPED") and not ALLOWED.search(line)]
    for line in skipped:
        print(f"not allowed: {line}", file=sys.stderr)
    if not re.search(r"\d+ passed", log):
        print("the log shows no passed test", file=sys.stderr)
        return 1
    return 1 if skipped else 0


if __name__ == "__main__":
    raise SystemExit(main())
