"""Findings of a build on their way out: single rows of sources that an exit refuses are counted and no longer named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.licensing.exits import Exit
from engine.licensing.policy import LicencePolicy


def admit_findings(policy: LicencePolicy, findings: Mapping[str, Any], exit_: Exit, closed: Collection[str] = ()) -> dict[str, Any]:
    """Findings (JSON types) as the exit carries them: the counts of every source, single rows only of those it does not refuse.

    `closed` names record tables in which a refused source speaks. `withheld` is added: unmatched rows that are not named, by source key.
    """
    refused = {key for key in policy.sources if not policy.verdict(key, exit_).carried}
    withheld: dict[str, int] = {}
    for row in findings.get("unmatched", ()):
        if row["source"] in refused:
            withheld[row["source"]] = withheld.get(row["source"], 0) + 1
    return {
        **findings, "unmatched": [u for u in findings.get("unmatched", ()) if u["source"] not in refused],
        "orphans": [{**o, "examples": []} if o["source"] in refused else o for o in findings.get("orphans", ())],
        "duplicates": [{**d, "examples": []} if d["target"] in closed else d for d in findings.get("duplicates", ())],
        "withheld": dict(sorted(withheld.items())),
    }  # fmt: skip
