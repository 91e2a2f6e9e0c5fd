"""`wig sources list`, `show`, `check` and `fetch`: the source ledger, whether it holds, and the publishers' files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import JsonOption, WorkspaceOption, guarded, print_json, print_text, progress, workspace_at

if TYPE_CHECKING:
    from engine.sources import Ledger, LedgerEntry

sources_app = typer.Typer(no_args_is_help=True, help="The source ledger, the files behind it, and what came in.", rich_markup_mode=None)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A source by its name in the ledger, as `wig sources list` shows it.", show_default=False)]
NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Sources by name, or NAME@RELEASE.", show_default=False)]


@sources_app.command("list")
@guarded
def sources_list(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:  # noqa: ARG001 - every command takes a workspace
    """Every source the product knows: owner, licence, allowed use, layer."""
    from engine.interfaces.drawing import entries_document, ledger_text
    from engine.sources import load_ledger

    entries = entries_document(load_ledger().entries)
    if as_json:
        print_json(entries)
    else:
        print_text(ledger_text(entries))


@sources_app.command("show")
@guarded
def sources_show(name: NameArgument, as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:  # noqa: ARG001 - every command takes a workspace
    """One source wholly: files with their columns and caps, releases, pins, licence and what it allows, attribution."""
    from engine.interfaces.drawing import entry_document, entry_text
    from engine.sources import load_ledger

    entry = load_ledger().entry(name)
    if as_json:
        print_json(entry_document(entry))
    else:
        print_text(entry_text(entry))


@sources_app.command("check")
@guarded
def sources_check(
    source_dir: Annotated[Path | None, typer.Option("--source-dir", envvar="WIG_SOURCE_DIR", help="Folder of publishers' files to judge too: release, SHA-256, columns and size of each.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Judge the ledger, the ledger against the loaders, and with a folder each delivered file. Exit status 1 where something does not hold."""
    from engine.interfaces.drawing import check_document, check_text
    from engine.sources import check_ledger, load_ledger

    ledger = load_ledger()
    checked = check_ledger(ledger, source_dir)
    if as_json:
        print_json(check_document(checked, len(ledger.entries)))
    else:
        print_text(check_text(checked, len(ledger.entries)))
    if not checked.holds:
        raise typer.Exit(1)


@sources_app.command("fetch")
@guarded
def sources_fetch(
    names: NamesArgument = None,
    every: Annotated[bool, typer.Option("--all", help="Every source that the ledger gives an address for.")] = False,
    release: Annotated[str | None, typer.Option("--release", help="Release to fetch, for one NAME. Default: the pinned one, else the newest that the ledger knows.", show_default=False)] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody: read what the cache holds again, whole, and say whether it is what was fetched.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Fetch even what the cache holds.")] = False,
    cache: Annotated[Path | None, typer.Option("--cache", help="Folder to fetch into. Default: `sources` in the workspace.", show_default=False)] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="Mail address that publishers are told; some let nobody in without one.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Fetch publishers' files into the cache. What cannot be had is skipped with its reason, and the others go on.

    Exit status 0 with or without stated skips; 3 where bytes are not those that are vouched for; 4 where nothing at all could be had
    because no publisher was reached.
    """
    from engine.interfaces.drawing import fetch_document, fetch_text
    from engine.sources import FetchRequest, cache_folder, fetch_source, load_ledger

    ledger = load_ledger()
    if contact is not None and not (contact.isascii() and contact.isprintable()):
        raise BadInput.at("SRC305", "the contact address holds characters that no request may carry", fix="write it in plain ASCII")
    folder = cache or cache_folder(workspace_at(workspace).folder)
    requests = [FetchRequest(entry, number, folder, ledger.fetching, offline, again, contact or "") for entry, number in _wanted(ledger, tuple(names or ()), every, release)]
    with progress(len(requests)) as say:
        fetched = [fetch_source(request, say) for request in requests]
    kinds = {s.kind for f in fetched for s in f.skips}
    code = 3 if "integrity" in kinds else 4 if kinds & {"network", "offline"} and not any(f.had for f in fetched) else 0
    if as_json:
        print_json(fetch_document(fetched, folder, code))
    else:
        print_text(fetch_text(fetched, folder, offline))
    if code:
        raise typer.Exit(code)


def _wanted(ledger: Ledger, names: tuple[str, ...], every: bool, release: str | None) -> Iterator[tuple[LedgerEntry, str]]:
    """Sources and releases asked for, in the order of the ledger for --all, else as given."""
    if bool(names) == every:
        raise BadInput.at("SRC305", "name the sources to fetch, or give --all, not both" if names else "no source was named", fix="for instance `wig sources fetch onet oews`, or `--all`")
    if release is not None and (every or len(names) != 1 or "@" in names[0]):
        raise BadInput.at("SRC305", "--release belongs to one NAME", fix="write NAME@RELEASE for each source")
    if every:
        yield from ((e, ledger.origin(e.name).release) for e in ledger.entries if any(f.not_fetchable is None for f in e.files))
    for name in dict.fromkeys(names):
        plain, _, number = name.partition("@")
        origin = ledger.origin(plain, release or number or None)
        yield origin.entry, origin.release
