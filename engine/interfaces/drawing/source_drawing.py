"""The source ledger as blocks: nothing about a licence is cut to fit a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.interfaces.drawing.resolution_drawing import wrapped


def ledger_text(entries: Sequence[Mapping[str, Any]]) -> str:
    """One block for each source, in the ledger's order of precedence."""
    blocks = []
    for e in entries:
        runtime = "answers may rest on it" if e["runtime_eligible"] else "no answer may rest on it"
        lines = [f"{e['name']}  {e['title']}", f"  owner    {e['owner']}", f"  licence  {e['licence']}; {e['allowed_use'].replace('_', ' ')}; {runtime}"]
        lines += [f"  layer    {e['layer'].replace('_', ' ')}", f"  address  {e['address']}"]
        blocks.append("\n".join(wrapped(line, 11) for line in lines))
    return "\n\n".join(blocks)
