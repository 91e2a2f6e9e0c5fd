"""The one address of the graph engines: open a published graph, make a new one, ask it Cypher.

In: a file, an engine's name, Cypher with parameters. Out: `Rows` of plain Python values, the same from both engines.
Refuses to know: the ontology, the workspace, and who asks.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from engine.contracts import BadInput, Corrupt, Diagnostic, EngineError, InputOutput, Place
from engine.graph.cypher_tokens import Kind, parameter_names, text_of, tokens_of

DEFAULT_ENGINE = "kuzu"
MEBIBYTE = 1 << 20
_REBUILD = "build it again with `wig build`"
_WITH_INNER_NAMES = ("NODE", "REL", "RECURSIVE_REL", "STRUCT", "MAP", "UNION")


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer: column names and rows in the order the engine gave them (sort in the query where order matters)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class GraphStore(Protocol):
    """An open graph. Use it as a context manager; it closes itself at the end."""

    @property
    def engine(self) -> str:
        """`kuzu` or `ladybug`."""

    def execute(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run one statement of our own (a stranger's goes through `run_query`).

        Raises BadInput QRY111 where the bound names are not exactly the query's names, QRY107 for several statements,
        QRY301 for what the engine does not understand.
        """

    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


@dataclass(frozen=True, slots=True)
class EngineTraits:
    """In what the engines differ. `text_as_literals`: this engine uses the key only for a literal, never for a parameter."""

    name: str
    module: str
    install: str
    magic: bytes
    text_as_literals: bool


ENGINES: Mapping[str, EngineTraits] = {
    "kuzu": EngineTraits("kuzu", "kuzu", "pip install kuzu", b"KUZU", True),
    "ladybug": EngineTraits("ladybug", "ladybug", "pip install 'work-intelligence-graph[ladybug]'", b"LBUG", False),
}


def require_engine(name: str) -> None:
    """Refuse an engine before any work is done for it, without loading it.

    Raises BadInput GRA101 (unknown engine), GRA102 (not installed). One that is installed and does not load is found by open_graph.
    """
    traits = _traits(name)
    if sys.modules.get(traits.module) is None and importlib.util.find_spec(traits.module) is None:
        raise _not_installed(traits, f"there is no module {traits.module}")


def open_graph(path: Path, engine: str = DEFAULT_ENGINE, *, read_only: bool = True, memory_bytes: int = 1024 * MEBIBYTE) -> EmbeddedGraph:
    """Open the graph file `path`. One thread runs its queries, so that rows come in one order and sums have one value.

    Raises BadInput GRA101 (unknown engine), GRA102 (engine not installed), GRA103 (the other engine is in this process),
    GRA104 (no such graph); Corrupt GRA105 (empty), GRA106 (leftover write-ahead file), GRA107 (not a graph of this engine).
    """
    traits = _traits(engine)
    _refuse_damaged(path, traits)
    return EmbeddedGraph(path, traits, read_only, memory_bytes)


def create_graph(path: Path, engine: str = DEFAULT_ENGINE, *, memory_bytes: int = 1024 * MEBIBYTE) -> EmbeddedGraph:
    """Make a new graph file at `path`, in a folder where nothing else of that name stands (GRA108 otherwise)."""
    traits = _traits(engine)
    if not path.parent.is_dir():
        raise InputOutput.at("GRA109", f"the folder of {path.name} does not exist", fix="make it first")
    taken = sorted(p.name for p in path.parent.iterdir() if p.name.startswith(path.name))
    if taken:
        raise BadInput.at("GRA108", f"{', '.join(taken)} is already here", why="a leftover file would be read into the new graph", fix="build in a fresh folder")
    return EmbeddedGraph(path, traits, False, memory_bytes)


def address_room(graph_bytes: int) -> int:
    """Bytes of address space that an engine reserves to read a graph file of this size: a power of two, 1 GiB or more."""
    return 1 << max(30, (4 * graph_bytes).bit_length())


def _traits(engine: str) -> EngineTraits:
    if engine not in ENGINES:
        raise BadInput.at("GRA101", f"unknown graph engine `{engine}`", fix=f"choose one of: {', '.join(sorted(ENGINES))}")
    return ENGINES[engine]


def _refuse_damaged(path: Path, traits: EngineTraits) -> None:
    try:
        if not path.is_file():
            raise BadInput.at("GRA104", f"there is no graph at {path.name}", fix="make one with `wig build`")
        with path.open("rb") as file:
            start = file.read(len(traits.magic))
        leftovers = sorted(p.name for p in path.parent.iterdir() if p.name.startswith(path.name + "."))
    except OSError as error:
        raise InputOutput.at("GRA109", f"cannot read {path.name}: {error.strerror}", fix="check the permissions of the workspace") from None
    if not start:
        raise Corrupt.at("GRA105", f"{path.name} is empty", why="an engine would open it as a new, empty graph", fix=_REBUILD)
    if leftovers:
        raise Corrupt.at("GRA106", f"{leftovers[0]} stands beside {path.name}", why="a leftover write-ahead file brings old rows back", fix=_REBUILD)
    if start != traits.magic:
        raise Corrupt.at("GRA107", f"{path.name} is not a graph of {traits.name}", why="files of the engines are not interchangeable", fix=_REBUILD)


def _not_installed(traits: EngineTraits, why: str) -> EngineError:
    return BadInput.at("GRA102", f"the graph engine {traits.name} is not installed", why=why, fix=traits.install)


def _native(traits: EngineTraits) -> Any:
    for other in ENGINES.values():
        if other.name != traits.name and other.module in sys.modules:
            why = "their native libraries share names and crash each other"
            what = f"{traits.name} cannot be used in a process that has loaded {other.name}"
            raise BadInput.at("GRA103", what, why=why, fix="use one engine per process")
    try:
        return importlib.import_module(traits.module)
    except ImportError as error:
        raise _not_installed(traits, str(error)) from None


class EmbeddedGraph:
    """Both engines have one class API; `EngineTraits` says where they part."""

    def __init__(self, path: Path, traits: EngineTraits, read_only: bool, memory_bytes: int) -> None:
        native = _native(traits)
        self._traits = traits
        size = path.stat().st_size if path.exists() else 0
        room = address_room(size) if read_only else 1 << 33
        try:
            # Threads: one. With more, rows without ORDER BY, collect() and sums of decimals differ from run to run.
            self._database = native.Database(str(path), buffer_pool_size=memory_bytes, max_num_threads=1, read_only=read_only, max_db_size=room)
            self._connection = native.Connection(self._database, num_threads=1)
        except Exception as error:
            raise _refusal(error, f"{traits.name} cannot open {path.name}", Corrupt) from None

    @property
    def engine(self) -> str:
        return self._traits.name

    def execute(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        text, bound = _bound(cypher, parameters or {}, self._traits)
        return self.run(text, bound)

    def run(self, text: str, bound: Mapping[str, Any] | None = None, most: int | None = None) -> Rows:
        """Run text as it is, for statements that this room writes itself; `most` caps the rows that are fetched."""
        try:
            result = self._connection.execute(text, dict(bound)) if bound else self._connection.execute(text)
            if isinstance(result, list):
                raise BadInput.at("QRY107", "several statements in one call", fix="send them one by one")
            with result:
                fetched = result.get_all() if most is None else result.get_n(most)
                if any(t.startswith(_WITH_INNER_NAMES) for t in result.get_column_data_types()):
                    fetched = [[plain_value(v) for v in row] for row in fetched]
                return Rows(tuple(result.get_column_names()), tuple(map(tuple, fetched)))
        except EngineError:
            raise
        except Exception as error:
            raise _refusal(error, "the graph engine refused the query", BadInput) from None

    def close(self) -> None:
        try:
            self._connection.close()
            self._database.close()
        except Exception as error:
            raise _refusal(error, "the graph engine could not close the file", InputOutput) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _bound(cypher: str, parameters: Mapping[str, Any], traits: EngineTraits) -> tuple[str, dict[str, Any]]:
    """Text and parameters as this engine wants them, after the names were compared both ways."""
    tokens = tokens_of(cypher)
    asked = parameter_names(tokens)
    place = Place("<query>")
    unbound, unknown = asked - set(parameters), set(parameters) - asked
    faults = [Diagnostic(place, "QRY111", f"the parameter `${n}` has no value", "an unbound parameter matches everything", f"bind {n}") for n in unbound]
    faults += [Diagnostic(place, "QRY111", f"the query has no parameter `${n}`", "a misspelt name is ignored silently", f"remove {n}") for n in unknown]
    faults += [Diagnostic(t.place, "QRY107", "`;` in a query", "it starts a second statement", "send one statement") for t in tokens if t.is_symbol(";")]
    if faults:
        raise BadInput(*faults)
    if not traits.text_as_literals:
        return text_of(tokens), dict(parameters)
    written = [
        replace(t, kind=Kind.TEXT, value=parameters[t.value]) if t.kind is Kind.PARAMETER and isinstance(parameters[t.value], str) else t
        for t in tokens
    ]  # fmt: skip
    return text_of(written), {n: v for n, v in parameters.items() if not isinstance(v, str)}


def plain_value(value: Any) -> Any:
    """A value without differences between the engines: the inner names of nodes, relations and paths in lower case."""
    if isinstance(value, dict):
        return {(k.lower() if k.startswith("_") else k): plain_value(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain_value(v) for v in value]
    return value


def _refusal(error: Exception, what: str, otherwise: type[EngineError]) -> EngineError:
    """The engine's bare error as one of ours: full disk and files to exit 4, memory and query faults to exit 2."""
    lines: Sequence[str] = str(error).strip().splitlines() or [type(error).__name__]
    why = lines[0][:300]
    lowered = " ".join(lines).lower()
    if "no space left" in lowered:
        return InputOutput.at("GRA110", f"{what}: the disk is full", why=why, fix="make room; the published graph is untouched")
    if isinstance(error, MemoryError) or "bad allocation" in lowered or "bad_alloc" in lowered or "buffer pool is full" in lowered:
        return BadInput.at("QRY202", f"{what}: out of memory", why=why, fix="ask for less: a LIMIT, fewer hops, a narrower MATCH")
    if lowered.startswith(("io exception", "storage exception")):
        return InputOutput.at("GRA109", what, why=why, fix="check the disk and the permissions of the workspace")
    if otherwise is BadInput:
        return BadInput.at("QRY301", what, why=why, fix="see docs/reference/ontology.md for classes, relations and columns")
    return otherwise.at("GRA107", what, why=why, fix=_REBUILD)
