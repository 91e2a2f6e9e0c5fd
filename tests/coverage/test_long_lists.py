"""Lists far longer than memory: counted and sorted in a process whose memory does not grow with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from campaign_size import sized

MOST_MEGABYTES = 700
COUNT = """
import sys
from pathlib import Path
from engine.coverage import TitleFile, in_title_order

titles = rows = 0
last = ""
for batch in in_title_order(TitleFile(Path(sys.argv[1]), None).batches(), Path(sys.argv[2]), add_up=True):
    first = batch.column("title")[0].as_py()
    assert first > last
    last = batch.column("title")[batch.num_rows - 1].as_py()
    titles += batch.num_rows
    rows += sum(batch.column("rows").to_pylist())
highest = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))  # ru_maxrss would be that of the parent
print(titles, rows, int(highest) // 1024)
"""


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told elsewhere in other places")
@pytest.mark.parametrize("distinct", ["few", "all"])
def test_memory_does_not_grow_with_the_list(distinct: str, tmp_path: Path) -> None:
    rows = sized(4_000_000, 10_000_000 if distinct == "few" else 75_000_000)
    kinds = 5_000 if distinct == "few" else rows
    step = 2_654_435_761  # prime to both, so that every kind is met, in an order that is not theirs
    with (tmp_path / "list.txt").open("w", encoding="utf-8") as file:
        for start in range(0, rows, 100_000):
            file.write("".join(f"{i * step % kinds:x} clerk of the second floor\n" for i in range(start, min(rows, start + 100_000))))
    done = subprocess.run([sys.executable, "-c", COUNT, str(tmp_path / "list.txt"), str(tmp_path / "spill")], capture_output=True, text=True, timeout=3_000, check=False)
    assert done.returncode == 0, done.stderr
    titles, counted, megabytes = map(int, done.stdout.split())
    assert (titles, counted) == (kinds, rows)
    assert megabytes < MOST_MEGABYTES
