"""What every command shares: options, one JSON document or text on standard output, messages on standard error, exit codes.

Exit codes: 0 yes; 1 a true negative verdict; 2 bad input; 3 integrity; 4 input or output; 5 locked; 70 a fault of ours.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from engine.contracts import BadInput, Diagnostic, EngineError, Place
from engine.contracts.canonical import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from engine.graph import Snapshot, Workspace

P = ParamSpec("P")
R = TypeVar("R")

WorkspaceOption = Annotated[Path | None, typer.Option("--workspace", envvar="WIG_WORKSPACE", help="Folder of snapshots and decisions. Default: the user's data folder.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else there.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Day the answer holds for: YYYY-MM-DD or `today`. Default: the snapshot's release date.", show_default=False)]
SnapshotOption = Annotated[str | None, typer.Option("--snapshot", help="Ask this snapshot instead of the current one.", show_default=False)]
INTERNAL_FAULT = 70
_documents: list[bool] = []


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn every refusal into its message and exit code; never a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        as_json = bool(kwargs.get("as_json"))
        try:
            answer = command(*args, **kwargs)
            sys.stdout.flush()
            return answer
        except EngineError as error:
            refuse(error.diagnostics, error.exit_code, as_json)
        except KeyboardInterrupt:
            typer.echo("stopped; nothing current was changed", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:
            silence_output()  # the reader went away, as `head` does
            raise typer.Exit(0) from None
        except OSError as error:
            what = f"{error.strerror or error}: {error.filename}" if error.filename else str(error.strerror or error)
            refuse((Diagnostic(Place(), "SYS001", what, "the machine refused", "check permissions and free space"),), 4, as_json)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except Exception as error:
            if os.environ.get("WIG_DEBUG"):
                raise
            what = f"{type(error).__name__}: {error}"
            refuse((Diagnostic(Place(), "SYS002", what, "this is a fault of the engine, not of your input", "run again with WIG_DEBUG=1 and report what it prints"),), INTERNAL_FAULT, as_json)
        raise AssertionError("unreachable")

    return run


def refuse(diagnostics: tuple[Diagnostic, ...], code: int, as_json: bool) -> None:
    """Show diagnostics on standard error (and as the one JSON document where JSON was asked for) and stop."""
    from engine.interfaces.drawing import diagnostic_text

    for diagnostic in diagnostics:
        note(diagnostic_text(diagnostic))
    if as_json:
        try:
            print_json({"exit_code": code, "diagnostics": diagnostics})
            sys.stdout.flush()
        except OSError:
            silence_output()
    raise typer.Exit(code)


def silence_output() -> None:
    """Standard output cannot be written: keep the interpreter from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(document: Any) -> None:
    """One document, decimals as strings, two spaces of indent, order as given."""
    _documents.append(True)
    typer.echo(json.dumps(plain(document), ensure_ascii=False, indent=2))


def answered() -> bool:
    """Whether the one JSON document was already written."""
    return bool(_documents)


def print_text(text: str) -> None:
    """Text for people; characters that would steer a terminal or hide (control, bidirectional, zero width) are written out."""
    typer.echo("".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") else f"\\u{ord(c):04x}" for c in text))


def note(message: str) -> None:
    """A message for people, on standard error."""
    typer.echo(message, err=True)


def workspace_at(folder: Path | None) -> Workspace:
    """The workspace the user named, else the one of this user."""
    from engine.graph import Workspace

    return Workspace(folder)


def snapshot_of(folder: Path | None, name: str | None = None) -> Snapshot:
    """The current snapshot of a workspace, or the named one. Raises BadInput where there is none."""
    place = workspace_at(folder)
    if name is None:
        return place.required()
    for found in place.snapshots():
        if found.name == name:
            return found
    known = ", ".join(s.name for s in place.snapshots()) or "none yet; make one with `wig build`"
    raise BadInput.at("CLI110", f"there is no snapshot `{name}`", fix=f"known: {known}")


def day_of(as_of: str | None) -> date | None:
    """The day of `--as-of`, None where it was left out. Raises BadInput CLI101."""
    from datetime import date

    if as_of is None:
        return None
    try:
        return date.today() if as_of == "today" else date.fromisoformat(as_of)
    except ValueError:
        raise BadInput.at("CLI101", f"`{as_of}` is no day", fix="write YYYY-MM-DD, or `today`") from None


def format_of(format_: str, formats: Iterable[str], *, as_json: bool) -> str:
    """The format to draw: `json` where --json was given. Raises BadInput CLI102 for an unknown one, CLI112 where --json and --format differ."""
    known = sorted({*formats, "json"})
    if format_ not in known:
        raise BadInput.at("CLI102", f"unknown format `{format_}`", fix=f"use one of {', '.join(known)}")
    if as_json and format_ not in ("text", "json"):
        raise BadInput.at("CLI112", "--json and --format ask for two documents", fix="give one of the two")
    return "json" if as_json else format_


@contextmanager
def progress(steps: int = 0) -> Iterator[Callable[[str], None]]:
    """A callback for long work. A message names a step; one that begins with a blank is a detail of it.

    On a terminal: one live bar over `steps` with the detail beside it; elsewhere a plain line a step. Both on standard error.
    """
    if not sys.stderr.isatty():
        yield lambda message: None if message.startswith(" ") else note(message)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn(), TextColumn("[dim]{task.fields[detail]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=steps or None, detail="")

        def say(message: str) -> None:
            if message.startswith(" "):
                bar.update(task, detail=message.strip())
            else:
                bar.update(task, description=message, detail="", completed=min(steps, int(bar.tasks[0].completed) + 1) if steps else None)

        yield say
