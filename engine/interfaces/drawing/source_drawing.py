"""The source ledger as blocks, and one source wholly: nothing about a licence is cut to fit a column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.resolution_drawing import wrapped

if TYPE_CHECKING:
    from engine.sources import LedgerEntry, SourceFile

USES = {
    "ship": "may stand in what is handed on", "runtime": "may be loaded and answered from, with its attribution",
    "internal_practice_only": "for practice inside one's own organisation; never handed on", "measurement_only": "for measuring only; never loaded, never handed on",
}  # fmt: skip


def entries_document(entries: Iterable[LedgerEntry]) -> list[dict[str, Any]]:
    """What `list` tells of each source, in the ledger's order of precedence."""
    columns = ("name", "title", "owner", "licence", "allowed_use", "layer", "runtime_eligible", "address")
    return [{c: getattr(e, c) for c in columns} | {"releases": [r.release for r in e.releases], "files": len(e.files)} for e in entries]


def ledger_text(entries: Sequence[Mapping[str, Any]]) -> str:
    """One block for each source, in the ledger's order of precedence."""
    blocks = []
    for e in entries:
        runtime = "answers may rest on it" if e["runtime_eligible"] else "no answer may rest on it"
        lines = [f"{e['name']}  {e['title']}", f"  owner    {e['owner']}", f"  licence  {e['licence']}; {e['allowed_use'].replace('_', ' ')}; {runtime}"]
        lines += [f"  layer    {e['layer'].replace('_', ' ')}", f"  address  {e['address']}"]
        blocks.append("\n".join(wrapped(line, 11) for line in lines))
    return "\n\n".join(blocks)


def entry_document(entry: LedgerEntry) -> dict[str, Any]:
    """The ledger's entry as it stands."""
    return entry.model_dump(mode="json")


def entry_text(entry: LedgerEntry) -> str:
    """One source wholly: whose, under which licence, which releases, and each file with its columns."""
    runtime = "answers may rest on it" if entry.runtime_eligible else "no answer may rest on it"
    checked = "requested and found" if entry.address_checked else "written down, not yet requested by this project"
    facts = [
        ("owner", entry.owner), ("about", entry.description), ("layer", entry.layer.replace("_", " ")),
        ("licence", f"{entry.licence}. {entry.licence_text}"), ("", entry.licence_address or ""),
        ("use", f"{entry.allowed_use.replace('_', ' ')}: {USES[entry.allowed_use]}; {runtime}"),
        ("cite as", entry.citation), ("to show", entry.attribution or "nothing is prescribed"),
        ("address", entry.address), ("", f"addresses: {checked}"), ("fetch", entry.not_fetchable or f"`wig sources fetch {entry.name}`"),
        ("hosts", ", ".join(entry.hosts)), ("sure", f"{entry.confidence} as published, {entry.derived_confidence} where derived (shares)"),
    ]  # fmt: skip
    out = [f"{entry.name}  {entry.title}", ""]
    out += [wrapped(f"  {label:<8} {text}", 11) for label, text in facts if text]
    out += ["", "releases", *(f"  {r.release:<12} {r.release_date}{'  pinned' if r.release == entry.pin else ''}" for r in entry.releases)]
    for release, files in entry.sha256.items():
        out += ["", f"SHA-256 of {release}", *(f"  {digest}  {name}" for name, digest in files.items())]
    if entry.archives:
        out += ["", "archives", *(wrapped(f"  {a.name}: {a.address}, at most {a.byte_cap:,} bytes", 4) for a in entry.archives)]
    if entry.files:
        out += ["", f"files ({len(entry.files)})"]
        for file in entry.files:
            out += _file_lines(entry, file)
    if entry.withheld:
        out += ["", "never fetched", *(wrapped(f"  {part}  {why}", 4) for part, why in entry.withheld.items())]
    return "\n".join(out)


def _file_lines(entry: LedgerEntry, file: SourceFile) -> list[str]:
    lines = [f"  {file.name}  {'optional' if file.optional else 'required'}, at most {file.byte_cap:,} bytes"]
    lines += [f"    or       {name}" for name in file.alternatives]
    lines += [f"    columns  {', '.join(file.columns)}"] if file.columns else []
    lines += [f"    others   {', '.join(file.other_columns)}"] if file.other_columns else []
    lines += [f"    from     {file.address}"] if file.address else [f"    from     the archive {file.archive}"] if file.archive else []
    lines += [f"    only of  {', '.join(file.releases)}"] if file.releases else []
    lines += [f"    no fetch {file.not_fetchable}"] if file.not_fetchable and not entry.not_fetchable else []
    lines += [f"    not read {file.not_read}"] if file.not_read else []
    return [wrapped(line, 13) for line in lines]
