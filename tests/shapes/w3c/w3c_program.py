"""Runs the W3C suite in a process of its own: `python w3c_program.py FOLDER compiled|pyshacl`; writes one JSON document.

`compiled` makes importing pySHACL an error before anything else is loaded.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

ENGINE = sys.argv[2]


class NoPyshacl(MetaPathFinder):
    """Refuses pySHACL, whoever asks for it."""

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> None:
        if fullname.partition(".")[0] == "pyshacl":
            raise ImportError("pySHACL is switched off here")


if ENGINE == "compiled":
    sys.meta_path.insert(0, NoPyshacl())
sys.path.insert(0, str(Path(__file__).resolve().parent))

from w3c_manifest import SuiteTest, suite_tests  # noqa: E402
from w3c_matching import differences  # noqa: E402

from engine.contracts import EngineError  # noqa: E402
from engine.shapes.results import ValidationReport  # noqa: E402


def by_pyshacl(test: SuiteTest) -> ValidationReport:
    """The report of the engine of last resort."""
    from engine.shapes.fallback import judge_by_pyshacl

    return ValidationReport(judge_by_pyshacl([test.data], [test.shapes]))


def by_compiler(test: SuiteTest) -> ValidationReport:
    """The report of the compiler alone."""
    from engine.shapes.validation import validate

    return validate([test.data], [test.shapes], fallback=False)


def outcome(test: SuiteTest, judge: Callable[[SuiteTest], ValidationReport]) -> dict[str, object]:
    """What came of a test: `passes`, `differs` with what, or `refused` with codes."""
    try:
        report = judge(test)
    except EngineError as refused:
        codes = sorted({d.code for d in refused.diagnostics})
        return {"outcome": "refused", "codes": codes, "told": refused.diagnostics[0].what, "failure": test.expected is None}
    if test.expected is None:
        return {"outcome": "differs", "told": ["a failure is expected, and it was judged"]}
    found = differences(test.expected, report.conforms, report.results)
    return {"outcome": "differs" if found else "passes", "told": found, "judged_by": sorted({by for _, by in report.judged_by})}


def main() -> None:
    """Run every test with one engine."""
    judge = {"compiled": by_compiler, "pyshacl": by_pyshacl}[ENGINE]
    answer = {test.name: outcome(test, judge) for test in suite_tests(Path(sys.argv[1]))}
    json.dump({"tests": answer, "pyshacl_loaded": any(m.partition(".")[0] == "pyshacl" for m in sys.modules)}, sys.stdout)


if __name__ == "__main__":
    main()
