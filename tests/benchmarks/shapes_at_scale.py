"""Growth and memory: makes data of a given size, loads and judges it in a child process, and watches what that takes.

Run: python tests/benchmarks/shapes_at_scale.py --triples 12000000
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]
LOOK_EVERY = 0.02


def main() -> None:
    """One size after the other; a line for each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--triples", type=int, nargs="+", default=[1_200_000])
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--child", nargs=2, metavar=("DATA", "FOLDER"), help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.child:
        print(json.dumps(measured(Path(given.child[0]), Path(given.child[1]), given.rounds)))
        return
    from shapes_at_scale_data import write_data

    for triples in given.triples:
        with tempfile.TemporaryDirectory(prefix="at-scale-") as folder:
            path = Path(folder) / "data.nt"
            write_data(path, triples)
            size, (met, peak) = path.stat().st_size, watched([sys.executable, "-P", __file__, "--rounds", str(given.rounds), "--child", str(path), folder])
        print(
            f"{met['triples']:>12,} triples ({size / 1e6:,.0f} MB)  load {met['load']:7.2f} s ({met['triples'] / met['load']:,.0f}/s)"
            f"  judge first {met['first']:.3f} s, median {met['judge']:.3f} s  by hand {met['hand']:.3f} s ({met['judge'] / met['hand']:.2f} x)  peak memory, parser and all, {peak / 2**20:,.0f} MB  {met['results']} results"
        )


def measured(data: Path, folder: Path, rounds: int) -> dict[str, float]:
    """Seconds of loading, of the first judging, and medians of judging compiled and by hand, taken in turn."""
    import statistics

    from shapes_at_scale_by_hand import rows_by_hand
    from shapes_at_scale_data import SHAPES, expected_results

    from engine.shapes import read_shapes
    from engine.shapes.run import judge
    from engine.shapes.views import open_rdf_views

    (folder / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    shapes = read_shapes([folder / "shapes.ttl"])
    started = time.perf_counter()
    with open_rdf_views([data], folder) as views:
        loaded = time.perf_counter()
        report = judge(shapes, views, statements=views.triples)
        judged = time.perf_counter()
        found = {(views.triple(r.focus)[0], r.component.rpartition("#")[2].removesuffix("ConstraintComponent")) for r in report.results}
        if found != expected_results():
            raise SystemExit(f"found wrongly: {sorted(found ^ expected_results())}")
        turns: list[list[float]] = [[], []]
        for _ in range(rounds):
            for number, run in enumerate((lambda: judge(shapes, views, statements=views.triples), lambda: rows_by_hand(views))):
                before = time.perf_counter()
                run()
                turns[number].append(time.perf_counter() - before)
        return {"triples": views.triples, "load": loaded - started, "first": judged - loaded, "judge": statistics.median(turns[0]), "hand": statistics.median(turns[1]), "results": len(report.results)}


def watched(command: list[str]) -> tuple[dict[str, float], int]:
    """What the child says, and the most memory in bytes that it and its own children held at once, looked at every 20 ms."""
    child, peak = subprocess.Popen(command, stdout=subprocess.PIPE, text=True), 0
    while child.poll() is None:
        peak = max(peak, held_by(child.pid))
        time.sleep(LOOK_EVERY)
    assert child.stdout is not None
    if child.returncode:
        raise SystemExit(child.returncode)
    return json.loads(child.stdout.read()), peak


def held_by(process: int) -> int:
    """Resident bytes of a process and all below it."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        below = [int(p) for task in Path(f"/proc/{process}/task").iterdir() for p in (task / "children").read_text().split()]
    except (OSError, IndexError):  # it is gone
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(held_by(p) for p in below)


if __name__ == "__main__":
    main()
