"""A covered list looked at again: every title routed anew, and all that the receipt states computed from that and held against it, number by number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from engine.ask import Desk
from engine.contracts import BadInput, Corrupt, EngineError, Place, digest_of
from engine.contracts.canonical import plain
from engine.coverage.coverage_receipt import COUNTED_BY, KIND, Run, covers, odd_rows
from engine.coverage.gathering import reread
from engine.coverage.machine import machine_refusals
from engine.coverage.packet_audit import audit_packets, refuse_older_rules
from engine.coverage.publication import ANSWERS_FILE
from engine.coverage.routing import RoutingSnapshot, route_batch
from engine.coverage.title_file import TitleFile
from engine.graph import Snapshot, Workspace, file_sha256

_NOT_STATED = "(not stated)"
_TOLD = frozenset({"list.rows", "list.titles", "list.digest", "answers.digest"})  # compared under names of their own


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One thing compared: what, as the receipt states it, as it came out again."""

    what: str
    given: str
    again: str


@dataclass(frozen=True, slots=True)
class _Stated:
    """A receipt as it was read: its digest, what it vouches for, how the run was done, and of what it says it is."""

    digest: str
    covers: Mapping[str, Any]
    run: Mapping[str, Any]
    as_of: date
    records: str
    rules: str


def coverage_receipt_at(path: Path) -> dict[str, Any] | None:
    """The receipt of a covered list; None where the file is none."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and told.get("kind") == KIND else None


def recompute(workspace: Workspace, path: Path, say: Callable[[str], None], lists: Path | None = None) -> tuple[str, tuple[Recomputed, ...]]:
    """The digest of a receipt, and all that it states computed again from the answers beside it and from a snapshot of this workspace.

    A section of the receipt that comes out the same is one comparison; of one that does not each value that differs is told. Where the folder `lists` holds the list,
    it is read again too, and what the receipt says of its bytes is compared; without it that part of `run` is not looked at.
    Raises Corrupt COV304 (no answers beside it), COV306 (garbled), BadInput COV123, COV125 where no snapshot here has its records and rules; as the list is refused.
    """
    given = _read(path)
    snapshot = _snapshot(workspace, given)
    desk, answers = Desk(snapshot), path.with_name(ANSWERS_FILE)
    routing = RoutingSnapshot.of(snapshot, given.as_of)
    say("reading the answers")
    met = reread(answers)
    say(f"routing {met.titles:,} titles anew")
    anew = reread(answers, lambda batch: route_batch(batch.select(["title", "rows"]), routing))
    audit = None
    if "audit" in given.covers:
        say("auditing packets")
        refuse_older_rules(desk.rulebook, given.as_of)
        audit = audit_packets(answers, desk, given.as_of)
    again = plain(covers(desk, routing.as_of, anew, audit))
    stated_list, stated_answers = (given.covers[name]["digest"] for name in ("list", "answers"))
    found = [
        Recomputed("rows of the list", _text(given.covers["list"]["rows"]), _text(anew.rows)), Recomputed("titles of the list", _text(given.covers["list"]["titles"]), _text(anew.titles)),
        Recomputed("list", stated_list, met.list_digest), Recomputed("answers as they stand", stated_answers, met.answer_digest),
        Recomputed("answers routed anew", stated_answers, anew.answer_digest),
    ]  # fmt: skip
    for name in sorted({*given.covers, *again}):
        found += _compared(name, given.covers.get(name), again.get(name))
    found += _of_the_list(given.run, lists, say)
    found.append(Recomputed("receipt", given.digest, digest_of(given.covers)))
    return given.digest, tuple(found)


def _compared(name: str, given: Any, again: Any) -> Iterator[Recomputed]:
    """One comparison where a section is the same, else each value that differs; of a section some of which is told elsewhere each of the other values."""
    every = [dict(_leaves(name, value)) for value in (given, again)]
    stated, came_out = ({leaf: value for leaf, value in found.items() if leaf not in _TOLD} for found in every)
    partly = any(leaf in _TOLD for leaf in every[0])
    if stated == came_out and not partly:
        yield Recomputed(name, *[digest_of(given) if isinstance(given, (dict, list)) else _text(given)] * 2)
        return
    for leaf in sorted({*stated, *came_out}):
        if partly or stated.get(leaf) != came_out.get(leaf):
            yield Recomputed(leaf, stated.get(leaf, _NOT_STATED), came_out.get(leaf, _NOT_STATED))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every value below a name, as `section.key.key`, in its JSON form; an empty section is a value of its own."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not below and value is not None:
        yield name, json.dumps(value, ensure_ascii=False)
    for key, inner in below:
        yield from _leaves(f"{name}.{key}", inner)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _of_the_list(run: Mapping[str, Any], lists: Path | None, say: Callable[[str], None]) -> Iterator[Recomputed]:
    """What the receipt says of the bytes of the list, where they are at hand."""
    path = None if lists is None else lists / Path(str(run["list"])).name
    if path is None or not path.is_file():
        say("the list is not at hand: how its rows were written (`run.read`) is not counted again; name its folder with --source-dir")
        return
    say("reading the list again")
    titles = TitleFile(path, run["column"])
    for _ in titles.batches():
        pass
    with machine_refusals("cannot read the list"):
        yield Recomputed("run.list_sha256", _text(run["list_sha256"]), file_sha256(path))
    yield Recomputed("run.form", _text(run["form"]), titles.form)
    yield from _compared("run.read", run["read"], odd_rows(titles.counts))


def _read(path: Path) -> _Stated:
    """A receipt in its parts. Raises Corrupt COV306 where something that it must state is lacking or of another kind."""
    told = coverage_receipt_at(path) or {}
    stated, run = _object(told, "covers", path), _object(told, "run", path)
    for section in ("list", "answers", *(f"by_{name}" for name in COUNTED_BY), "by_reason"):
        _object(stated, section, path)
    for section, names in (("list", ("rows", "titles", "blank", "control")), ("answers", ("titles",))):
        for name in names:
            if type(stated[section].get(name)) is not int:
                raise _garbled(path, f"covers.{section}.{name} is no whole number")
        if not isinstance(stated[section].get("digest"), str):
            raise _garbled(path, f"covers.{section}.digest is no text")
    for name in ("as_of", "records", "rules"):
        if not isinstance(stated.get(name), str):
            raise _garbled(path, f"covers.{name} is no text")
    if lacking := [f.name for f in fields(Run) if f.name not in run]:
        raise _garbled(path, f"run.{lacking[0]} is lacking")
    if not isinstance(told.get("receipt_digest"), str):
        raise _garbled(path, "receipt_digest is no text")
    try:
        day = date.fromisoformat(stated["as_of"])
        digest_of(stated)
    except (TypeError, ValueError, RecursionError) as error:
        raise _garbled(path, str(error)) from None
    return _Stated(told["receipt_digest"], stated, run, day, stated["records"], stated["rules"])


def _object(told: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise _garbled(path, f"`{name}` is {'lacking' if found is None else 'no object'}")
    return found


def _garbled(path: Path, what: str) -> EngineError:
    why = "nothing can be computed again from what it does not say"
    return Corrupt.at("COV306", f"this is no receipt of a covered list: {what}", why=why, fix="give a receipt.json as this version of `wig coverage` wrote it", place=Place(path.name))


def _snapshot(workspace: Workspace, given: _Stated) -> Snapshot:
    for snapshot in workspace.snapshots():
        receipt = snapshot.receipt()
        if (receipt.record_digest, receipt.rules_digest) == (given.records, given.rules):
            return snapshot
    what = "no snapshot of this workspace has the records and rules that the list was covered with"
    raise BadInput.at("COV125", what, why=f"records {given.records[:16]}, rules {given.rules[:16]}", fix="name the workspace of that run with --workspace")
