"""The ledger judged, and what a fetch brought: by source and file, with each fault and each reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.contracts import Diagnostic, Severity
from engine.interfaces.drawing.diagnostic_drawing import diagnostic_text
from engine.interfaces.drawing.resolution_drawing import wrapped
from engine.interfaces.drawing.row_drawing import rows_text
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from engine.sources import Fetched, FileVerdict, LedgerCheck

# what a skip is called where its reason is told
SKIPS = {"stated": "not to be fetched", "absent": "not in this release", "network": "not had", "refused": "refused", "integrity": "other bytes", "offline": "not cached"}


def check_document(check: LedgerCheck, sources: int) -> dict[str, Any]:
    """Whether everything holds, the ledger's faults, and one verdict a file."""
    return {"holds": check.holds, "sources": sources, "faults": check.faults, "files": check.files, "absent": check.absent, "zips": check.zips}


def check_text(check: LedgerCheck, sources: int) -> str:
    """Faults first, then the files by source, then what is not there."""
    out = [f"the ledger reads well: {counted(sources, 'source')}"]
    out += [f"the ledger and the loaders differ in {counted(len(check.faults), 'place')}", *map(diagnostic_text, check.faults)] if check.faults else ["the ledger and the loaders agree on files and columns"]
    found = [f for f in check.files if f.found]
    if found:
        out += ["", rows_text(("source", "release", "file", "bytes", "SHA-256", "pin"), [(f.source, f.release or "?", Path(f.place).name, f"{f.size:,}", f.sha256[:12], f.pin) for f in found])]
    lacking = _lacking(check.files)
    out += ["", "optional files that are not there", *(wrapped(f"  {line}", 4) for line in lacking)] if lacking else []
    told = list(dict.fromkeys(d for f in check.files for d in f.faults))
    notes, faults = [d for d in told if d.severity is not Severity.ERROR], [d for d in told if d.severity is Severity.ERROR]
    out += ["", "to know", *map(diagnostic_text, notes)] if notes else []
    out += ["", counted(len(faults), "fault") + " in the files", *map(diagnostic_text, faults)] if faults else []
    out += ["", wrapped(f"zips are not judged here, unpack them first: {', '.join(check.zips)}", 4)] if check.zips else []
    if check.files:
        out += ["", wrapped(f"nothing is here of: {', '.join(check.absent)}", 4)] if check.absent else []
        out += ["", _summary(len(found), faults)]
    return "\n".join(out)


def _summary(found: int, faults: Sequence[Diagnostic]) -> str:
    return f"{counted(found, 'file')} judged: {'all hold' if not faults else counted(len(faults), 'fault')}"


def _lacking(files: Sequence[FileVerdict]) -> list[str]:
    lines: dict[tuple[str, str], list[str]] = {}
    for f in files:
        if not f.found and f.optional:
            lines.setdefault((f.source, f.release), []).append(f.file)
    return [f"{source} {release}: {', '.join(names)}" for (source, release), names in lines.items()]


def fetch_document(fetched: Sequence[Fetched], cache: Path, exit_code: int) -> dict[str, Any]:
    """What each source brought; `cache` is the folder that `wig build` can be given."""
    return {
        "exit_code": exit_code, "cache": str(cache),
        "sources": [{
            "name": f.name, "release": f.release, "folder": str(f.folder), "had": f.had, "proved": f.proved, "downloaded": f.downloaded, "skips": f.skips, "withheld": f.withheld,
        } for f in fetched],
    }  # fmt: skip


def fetch_text(fetched: Sequence[Fetched], cache: Path, offline: bool) -> str:
    """By source: what came, what was there, what was skipped and why."""
    out: list[str] = []
    for f in fetched:
        out.append(f"{f.name} {f.release}")
        if f.downloaded:
            out += [f"  fetched  {counted(len(f.downloaded), 'file')}, {counted(sum(x.size for x in f.downloaded), 'byte')}"]
            out += [wrapped(f"    {x.sha256[:12]}  {x.name}  {x.size:,}", 6) for x in f.downloaded]
        if f.proved:
            out.append(wrapped(f"  cached   {counted(len(f.proved), 'file')} read again whole: every SHA-256 is that of the fetch", 11))
        reasons: dict[tuple[str, str], list[str]] = {}
        for skip in f.skips:
            reasons.setdefault((skip.kind, skip.reason), []).append(skip.file)
        out += [wrapped(f"  skipped  {', '.join(n for n in names if n) or 'the source'}: {SKIPS[kind]}: {reason}", 11) for (kind, reason), names in reasons.items()]
        out += [wrapped(f"  never    {line}", 11) for line in f.withheld]
        out.append("")
    asked = "nobody was asked" if offline else f"cache: {cache}"
    return "\n".join([*out, wrapped(asked, 4)])
