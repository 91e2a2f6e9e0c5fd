"""Sources held against each other in one snapshot: statements side by side, thresholds from the published rules, licences obeyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from engine.contracts import BadInput
from engine.graph import Snapshot
from engine.licensing import Attribution, Exit, LicencePolicy, licence_policy
from engine.rules import Rulebook
from engine.warehouse import DISAGREEMENT_TABLES, KindFinding, find_disagreements

PACK = "disagreement"
THRESHOLDS = ("label_gap", "exposed_from", "unexposed_to", "much_used_from", "rank_gap", "wage_factor")


@dataclass(frozen=True, slots=True)
class DisagreementReport:
    """What was compared in a snapshot for a day: kinds in their fixed order, thresholds, citations owed, and what a licence kept back."""

    snapshot: str
    as_of: str
    thresholds: Mapping[str, Decimal]
    kinds: tuple[KindFinding, ...]
    withheld: tuple[str, ...]
    attributions: tuple[Attribution, ...]


def disagreements(snapshot: Snapshot, exit_: Exit, kinds: Sequence[str] = ()) -> DisagreementReport:
    """Compare the sources of a snapshot for one way out.

    Raises BadInput CMP110 (unknown kind), CMP111 (records made before this comparison existed), CMP112 (rules without its thresholds),
    LIC101; Corrupt where the snapshot's files are not what was sealed.
    """
    for target in DISAGREEMENT_TABLES:
        if (snapshot.records / f"{target}.parquet").is_file():
            snapshot.verified_path(f"records/{target}.parquet")
    day = date.fromisoformat(snapshot.receipt().release_date)
    rulebook = Rulebook.from_json(snapshot.verified_path("rulebook.json").read_text(encoding="utf-8"))
    thresholds = _thresholds(rulebook, day)
    found = find_disagreements(snapshot.records, thresholds, kinds)
    policy = licence_policy(snapshot)
    carried, withheld = [], []
    for kind in found:
        passed = tuple(d for d in kind.found if all(policy.verdict(s.source, exit_).carried for s in d.statements))
        if len(passed) < len(kind.found):
            withheld.append(f"{kind.kind}: {len(kind.found) - len(passed):,} of {len(kind.found):,} are counted and not shown, because {_refusal(policy, kind, exit_)}")
        carried.append(replace(kind, found=passed))
    used = {s.source for kind in carried for d in kind.found for s in d.statements}
    return DisagreementReport(snapshot.name, day.isoformat(), thresholds, tuple(carried), tuple(withheld), policy.attributions(used, exit_))


def _thresholds(rulebook: Rulebook, day: date) -> dict[str, Decimal]:
    if PACK not in rulebook.packs:
        raise BadInput.at("CMP112", f"the rules of this snapshot hold no pack `{PACK}`", why="its thresholds say from where on two sources disagree", fix="build anew with `wig build`")
    return {name: Decimal(str(rulebook.parameter(PACK, name, day))) for name in THRESHOLDS}


def _refusal(policy: LicencePolicy, kind: KindFinding, exit_: Exit) -> str:
    sources = sorted({s.source for d in kind.found for s in d.statements})
    refused = [policy.verdict(s, exit_) for s in sources]
    return "; ".join(f"{v.source.removeprefix('source/')}: {v.reason}" for v in refused if not v.carried)
