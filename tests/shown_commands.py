"""What a page of the docs shows: its commands, and the lines that it says they print."""

from __future__ import annotations

import re


def shown_commands(page: str) -> list[tuple[str, list[str]]]:
    """Each `$ wig` command of a page, without that beginning, with the lines shown under it; any other paragraph ends them."""
    found: list[tuple[str, list[str]]] = []
    inside = False
    for line in page.splitlines():
        if line.startswith("    $ wig "):
            found.append((line.removeprefix("    $ wig "), []))
            inside = True
        elif line.startswith("    ") and inside:
            found[-1][1].append(line[4:])
        elif line.strip():
            inside = False
    return found


def not_printed(shown: list[str], printed: str) -> list[str]:
    """Lines of the page that the command does not print, in order; three dots stand for anything, alone for any lines."""
    rest, absent = [" ".join(line.split()) for line in printed.splitlines()], []
    for line in shown:
        if line.strip() == "...":
            continue
        pattern = re.compile(".*".join(re.escape(" ".join(part.split())) for part in line.split("...")))
        at = next((i for i, candidate in enumerate(rest) if pattern.match(candidate)), None)
        if at is None:
            absent.append(line)
        else:
            rest = rest[at + 1 :]
    return absent
