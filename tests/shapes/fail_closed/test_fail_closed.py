"""What cannot be judged as it stands is refused: with a code, the shape's name and its place, and without touching anything else.

Nothing here may ever come to "conforms" but the harmless neighbours at the end.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from adversaries import EX, Adversary, huge_cases, written_cases

ROOT = Path(__file__).resolve().parents[3]
CHILD = Path(__file__).with_name("adversary_child.py")
SECONDS, MEGABYTES = 40, 512  # processor seconds: what doubles, or never ends, takes more on any machine
WRITTEN = written_cases("CANARY_HTTP", "CANARY_FILE")
HUGE = list(huge_cases())
# each is near to another that every run has
ONLY_IN_CAMPAIGNS = {
    "property shapes that double 40 times", "lists 100,000 deep", "paths 20,000 deep", "a list of 150,000 values", "a list that runs in a circle of 30,000", "20,000 misspelt parameters",
    "a comment of 5 MB", "a name of 5 MB", "a literal of 5 MB that never ends", "a pattern 100,000 deep", "nothing but quotation marks", "data with brackets 100,000 deep",
}  # fmt: skip
Answer = dict[str, Any]


class Canary:
    """An address on this machine and a file that hang whoever asks for them, and remember it."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.fifo = str(folder / "canary.ttl")
        os.mkfifo(self.fifo)  # opening it blocks until the child's time is over
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.http = f"http://127.0.0.1:{self._socket.getsockname()[1]}/canary"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(200).decode(errors="replace"))

    def close(self) -> None:
        self._socket.close()


def asked_of_child(cases: Sequence[Adversary], folder: Path, seconds: float) -> dict[str, Answer]:
    """What became of each case, by what it says; a case that the child never answered is missing."""
    request: dict[str, Any] = {"cases": [], "outside": str(folder)}
    for number, case in enumerate(cases):
        place = folder / f"case{number}"
        place.mkdir()
        for name, content in case.files.items():
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_bytes(content)
        request["cases"].append({"says": case.says, "folder": str(place), "data": [str(place / d) for d in case.data], "shapes": [str(place / s) for s in case.shapes]})
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder.parent)}
    with subprocess.Popen([sys.executable, str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True) as child:
        try:
            out, _ = child.communicate(json.dumps(request), timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
    return {answer["says"]: answer for answer in map(json.loads, out.splitlines())}


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    listening = Canary(tmp_path_factory.mktemp("canary"))
    yield listening
    listening.close()


@pytest.fixture(scope="module")
def answers(canary: Canary, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """The written cases, one after the other in one child."""
    return asked_of_child(written_cases(canary.http, canary.fifo), tmp_path_factory.mktemp("written"), 240)


def check(case: Adversary, answer: Answer | None) -> None:
    assert answer is not None, "the child gave no answer: it hung, or died"
    assert answer["kind"] != "traceback", answer["text"]
    assert answer["touched"] == []
    assert answer["processor"] < SECONDS
    if answer["kind"] == "report":
        assert answer["results"] in case.results, f"judged, with {answer['results']} results"
        return
    assert case.code or "refused" in case.results, answer["diagnostics"]
    assert answer["exit"] in case.exits
    told = [d for d in answer["diagnostics"] if re.fullmatch(case.code or r"SHP\d\d\d", d["code"])]
    assert told, answer["diagnostics"][:5]
    assert all(d["severity"] == "error" and d["what"] and d["why"] and d["fix"] for d in told), told[:5]
    assert len(answer["diagnostics"]) == case.count or not case.count
    assert not case.shapes_named or any(f"<{EX}{name}>" in d["what"] for d in told for name in case.shapes_named), told[:5]
    assert all(Path(d["file"]).name in {*case.data, *case.shapes} or "," in d["file"] for d in told), told[:5]
    if case.lines:
        assert any(d["line"] in case.lines.get(Path(d["file"]).name, ()) for d in told), (told[:5], case.lines)
    assert case.says_also in json.dumps(told)


@pytest.mark.parametrize("case", WRITTEN, ids=[f"{c.topic}: {c.says}" for c in WRITTEN])
def test_what_cannot_be_judged_is_refused(case: Adversary, answers: dict[str, Answer], canary: Canary) -> None:
    check(case, answers.get(case.says))
    assert canary.asked == []


@pytest.mark.parametrize("case", [pytest.param(c, marks=[pytest.mark.campaign] * (c.says in ONLY_IN_CAMPAIGNS), id=c.says) for c in HUGE])
def test_what_is_huge_stays_within_limits(case: Adversary, tmp_path: Path) -> None:
    answer = asked_of_child([case], tmp_path, 60).get(case.says)
    check(case, answer)
    assert answer is not None
    assert answer["megabytes"] < MEGABYTES


def test_no_two_cases_say_the_same() -> None:
    assert {c.says for c in HUGE} >= ONLY_IN_CAMPAIGNS
    assert [says for says, count in Counter(c.says for c in WRITTEN).items() if count > 1] == []
    assert {c.topic for c in WRITTEN} == {"files", "harmless", "lists_and_paths", "parameters", "patterns", "queries", "recursion", "vocabulary"}
