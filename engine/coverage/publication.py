"""Putting a covered list in its folder so that whatever stands there agrees, at every moment.

The receipt is what vouches for the rest, so it goes first and comes last: receipt away, reports away, answers in place, new reports in place, receipt in place. A run
that is killed between leaves a folder without a receipt, and its unfinished work, from which the same command goes on.
"""

from __future__ import annotations

import os
from pathlib import Path

from engine.coverage.coverage_receipt import CoverageReceipt
from engine.coverage.machine import machine_refusals
from engine.graph import sync_folder, write_durably

ANSWERS_FILE, RECEIPT_FILE = "coverage.parquet", "receipt.json"
REPORT_FILES = ("report.md", "report.html", "failing_titles.csv")


def publish(answers: Path, reports: Path, receipt: CoverageReceipt, out: Path) -> tuple[str, ...]:
    """Move answers and reports (files of REPORT_FILES in a folder) to `out` and write the receipt; names of what stands there now.

    Raises InputOutput COV401 to COV403; then no receipt stands there.
    """
    with machine_refusals("cannot put the answers in place"):
        new = [name for name in REPORT_FILES if (reports / name).is_file()]
        for path in (answers, *(reports / name for name in new)):
            with path.open("rb") as file:
                os.fsync(file.fileno())
        for name in (RECEIPT_FILE, *REPORT_FILES):
            (out / name).unlink(missing_ok=True)
        sync_folder(out)  # a power cut may not bring an old receipt or report back beside new answers
        os.replace(answers, out / ANSWERS_FILE)
        for name in new:
            os.replace(reports / name, out / name)
        sync_folder(out)
        write_durably(out / RECEIPT_FILE, receipt.document())
    return (ANSWERS_FILE, RECEIPT_FILE, *new)
