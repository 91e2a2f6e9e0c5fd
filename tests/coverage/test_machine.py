"""What a cluster makes of a worker's refusal: it comes back as it was raised, with what was met, why, and how to mend it."""

from __future__ import annotations

import pickle

import pytest

from engine.contracts import BadInput, Corrupt, Diagnostic, EngineError, InputOutput, Locked, Place
from engine.coverage import machine

RAISED = [
    Corrupt.at("COV301", "the snapshot x is not the one that the run began with", why="its seal is 1, told was 2", fix="start anew with --anew"),
    InputOutput.at("COV402", "cannot write answers: the disk is full", fix="make room"),
    BadInput.at("COV105", "the list has no column `job`", why="", fix="name one of: id, title", place=Place("titles.csv", 1)),
    BadInput.at("COV107", "a quote that opens in this row is never closed", why="all of the rest would be one title", fix="close it", place=Place("titles.csv", 3, 7)),
    Locked.at("COV501", "another run writes to this folder", why="two runs would overwrite each other's work", fix="wait until it ends"),
    Corrupt.at("WSP305", "a file is not what was sealed"),
]  # fmt: skip


def _as_spark_tells(error: EngineError) -> Exception:
    """A Python worker's traceback within Java's."""
    told = f"""An error occurred while calling o71.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0 failed 1 times:
org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "/spark/worker.py", line 1247, in main
    process()
engine.contracts.diagnostics.{type(error).__name__}: {error}

\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:581)
Caused by: java.lang.RuntimeException: gone
"""
    return RuntimeError(told)


@pytest.mark.parametrize("raised", RAISED, ids=lambda e: str(e.diagnostics[0].code))
def test_a_refusal_told_as_text_comes_back_whole(raised: EngineError) -> None:
    met = machine.refusal_within(_as_spark_tells(raised), "Spark")
    assert type(met) is type(raised)
    (given,), (told,) = raised.diagnostics, met.diagnostics
    assert (told.code, told.what, told.fix, told.place) == (given.code, given.what, given.fix, given.place)
    assert told.why == (given.why or "told by a worker of Spark")


class TaskFailed(RuntimeError):
    """What Ray raises: the worker's own error lies in `cause`."""

    cause: BaseException


@pytest.mark.parametrize("raised", RAISED, ids=lambda e: str(e.diagnostics[0].code))
def test_a_refusal_that_travelled_as_an_object_comes_back_as_it_is(raised: EngineError) -> None:
    caused, wrapped = TaskFailed("task failed"), RuntimeError("job failed")
    caused.cause = pickle.loads(pickle.dumps(raised))
    assert machine.refusal_within(caused, "Ray").diagnostics == raised.diagnostics
    wrapped.__cause__ = caused
    met = machine.refusal_within(wrapped, "Ray")
    assert type(met) is type(raised)
    assert met.diagnostics == raised.diagnostics


def test_several_faults_keep_theirs() -> None:
    both = BadInput(Diagnostic(Place(), "COV105", "one", "", "mend one"), Diagnostic(Place(), "COV106", "two", "", "mend two"))
    assert machine.refusal_within(both, "Ray") is both


@pytest.mark.parametrize(
    ("told", "code", "what"),
    [
        ("x\njava.lang.OutOfMemoryError: heap\n\tat x\norg.apache.spark.SparkException: gone", "COV406", "Spark gave up: org.apache.spark.SparkException: gone"),
        ("java.io.IOException: No space left on device", "COV402", "Spark cannot write answers: the disk is full"),
        ("", "COV406", "Spark gave up: RuntimeError"),
        ("engine.contracts.diagnostics.Corrupt: nothing that a diagnostic says", "COV406", "Spark gave up: RuntimeError"),
    ],
)
def test_what_is_no_refusal_of_ours_is_told_as_the_cluster_s(told: str, code: str, what: str) -> None:
    (met,) = machine.refusal_within(RuntimeError(told), "Spark").diagnostics
    assert (met.code, met.what) == (code, what)
    assert met.fix


def test_a_machine_that_refuses_is_told_in_our_words() -> None:
    for number, code in ((28, "COV402"), (27, "COV402"), (13, "COV401"), (30, "COV401"), (5, "COV403")):
        with pytest.raises(InputOutput) as refused, machine.machine_refusals("cannot do this"):
            raise OSError(number, "told")
        (met,) = refused.value.diagnostics
        assert met.code == code
        assert met.what.startswith("cannot do this: ")
        assert met.fix
