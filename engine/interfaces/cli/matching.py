"""`wig match`: one list of labels ranked against another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import (
    AsOfOption,
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    day_of,
    guarded,
    print_json,
    print_text,
    progress,
    snapshot_of,
)

STEPS = 5
_TOLD_EVERY = 1_000  # queries


@guarded
def match(
    queries: Annotated[Path, typer.Argument(metavar="QUERIES", help="Labels to look up: csv or parquet with the columns id and label, and where there are any concept, description, alternative_labels.", show_default=False)],
    against: Annotated[Path, typer.Option("--against", help="Candidates: a list with the same columns. Labels of one concept share its `concept`.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="Run file to write: a line `query Q0 candidate rank score tag` for every candidate.", show_default=False)],
    examples: Annotated[Path | None, typer.Option("--examples", help="Labelled pairs as further evidence: csv or parquet with the columns title and candidate_id.", show_default=False)] = None,
    best_per_concept: Annotated[bool, typer.Option("--best-per-concept", help="List the best label of each concept first, the other labels behind them.")] = False,
    top: Annotated[int, typer.Option("--top", min=1, max=100_000, help="Candidates of each query in the run file.")] = 100,
    explain: Annotated[int, typer.Option("--explain", min=0, help="Candidates of each query whose justification the answer holds.")] = 3,
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Rank the labels of one list against those of another, with what the graph knows of either, how sure that is, and what speaks for it."""
    from datetime import date

    from engine.ask import Desk
    from engine.interfaces.drawing import matches_document, matches_text
    from engine.matching import Matcher, label_words, questions_of, read_examples, read_knowledge, read_labels, settings_of, write_run

    if out.resolve() in {queries.resolve(), against.resolve(), *([examples.resolve()] if examples else [])}:
        raise BadInput.at("MAT121", "--out names one of the lists", why="it would be overwritten", fix="name another file")
    asked, offered = read_labels(queries), read_labels(against)
    given = read_examples(examples, (row.id for row in offered.rows)) if examples else None
    desk = Desk(snapshot_of(workspace, snapshot))
    settings = settings_of(desk.rulebook, day_of(as_of) or date.fromisoformat(desk.receipt.release_date))
    words = label_words()
    with progress(STEPS) as say:
        say("read what the graph knows")
        knowledge = read_knowledge(desk.snapshot, words)
        matcher = Matcher(offered.rows, knowledge, words, settings, given.pairs if given else (), say)
        questions = questions_of(asked.rows, knowledge, words)
        say(f"rank {len(questions):,} queries against {len(matcher.concepts):,} concepts")
        kept = []
        for number, answer in enumerate(write_run(out, matcher.answers(questions, top, explain, best_per_concept)), 1):
            kept.append(answer.shortened(explain))
            if number % _TOLD_EVERY == 0:
                say(f" {number:,} of {len(questions):,}")
    left_out = {"queries": asked.left_out, "candidates": offered.left_out, "examples": given.left_out if given else {}}
    known = (desk.snapshot.name, len(matcher.concepts), len(offered.rows), len(given.pairs) if given else 0)
    if as_json:
        print_json(matches_document(kept, str(out), left_out, *known))
    else:
        print_text(matches_text(kept, str(out), left_out, *known))
