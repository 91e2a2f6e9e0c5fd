"""The page of sources, from the ledger: whose each is, what it may be used for, its files, and where they are had."""

from __future__ import annotations

from engine.sources import LedgerEntry, SourceFile, load_ledger


def sources_page(made: str) -> str:
    """Every source of the ledger, in order of precedence."""
    ledger = load_ledger()
    rules = ledger.fetching
    lines = [
        "# Sources", "", made, "",
        "Every source that the product knows, in order of precedence: where two state the same record, the earlier one stands.",
        "[How to fetch sources](../how-to/fetch_sources.md) shows the ledger and fetching at work.", "",
        "**Addresses that say \"not yet requested\" were written down from the publishers' pages and from public code that uses them;",
        "nobody of this project has had a file from them yet. A fetch that meets nothing there says so and skips the source.**", "",
        "| source | owner | licence | use | layer | files |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [f"| [{e.name}](#{e.name}) | {_cell(e.owner)} | {e.licence} | {_words(e.allowed_use)} | {_words(e.layer)} | {len(e.files)} |" for e in ledger.entries]
    for entry in ledger.entries:
        lines += _chapter(entry)
    lines += [
        "", "## How patient a fetch is", "", "| what | value |", "|---|---|",
        f"| seconds to connect, for one read, for a file as a whole | {rules.connect_seconds}, {rules.read_seconds}, {rules.total_seconds} |",
        f"| attempts; first wait between them, doubling, and longest (seconds) | {rules.attempts}; {rules.backoff_seconds}, {rules.backoff_most_seconds} |",
        f"| longest wait that a publisher may ask for (seconds) | {rules.retry_after_most_seconds} |",
        f"| redirects | {rules.redirects} |",
        f"| how a fetch names itself | `{rules.caller}` |",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _chapter(entry: LedgerEntry) -> list[str]:
    checked = "requested and found" if entry.address_checked else "not yet requested"
    licence = f"[{entry.licence}]({entry.licence_address})" if entry.licence_address else entry.licence
    releases = ", ".join(f"{r.release} ({r.release_date}{', pinned' if r.release == entry.pin else ''})" for r in entry.releases)
    runtime = "answers may rest on it" if entry.runtime_eligible else "no answer may rest on it"
    facts = [
        ("title", entry.title), ("owner", entry.owner), ("licence", f"{licence}. {entry.licence_text}"), ("use", f"{_words(entry.allowed_use)}; {runtime}"),
        ("layer", _words(entry.layer)), ("releases", releases), ("cite as", entry.citation), ("must be shown", entry.attribution or "nothing"),
        ("confidence", f"{entry.confidence} as published, {entry.derived_confidence} where derived"), ("address", f"{entry.address} (addresses: {checked})"),
        ("may be sent on to", ", ".join(f"`{h}`" for h in entry.hosts)), ("not fetchable", entry.not_fetchable or ""),
        ("archives", "; ".join(f"{a.name}: {a.address}, at most {a.byte_cap:,} bytes" for a in entry.archives)),
        ("pinned SHA-256", "; ".join(f"{release} `{name}` `{digest}`" for release, files in entry.sha256.items() for name, digest in files.items())),
        ("never fetched", "; ".join(f"`{part}`: {why}" for part, why in entry.withheld.items())),
    ]  # fmt: skip
    lines = ["", f"## {entry.name}", "", entry.description, "", "| | |", "|---|---|"]
    lines += [f"| {label} | {_cell(text)} |" for label, text in facts if text]
    if entry.files:
        lines += ["", "| file | columns | may also have | bytes at most | had from |", "|---|---|---|---|---|"]
        lines += [_file(entry, f) for f in entry.files]
    return lines


def _file(entry: LedgerEntry, file: SourceFile) -> str:
    name = " or ".join(f"`{n}`" for n in dict.fromkeys((file.name, *file.alternatives)))
    had = file.address or (f"archive {file.archive}" if file.archive else "by hand" if entry.not_fetchable else f"by hand: {file.not_fetchable}")
    read = f" (not read: {file.not_read})" if file.not_read else ""
    return f"| {name}{'' if file.optional else ', required'}{_cell(read)} | {_cell(', '.join(file.columns))} | {_cell(', '.join(file.other_columns))} | {file.byte_cap:,} | {_cell(had)} |"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")
