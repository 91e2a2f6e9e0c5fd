"""Judging authored content: its format, its references and every contract in one run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.contracts import BadInput, Diagnostic, Place
from engine.documents import data_folder
from engine.ontology import NAMESPACE, load_schema
from engine.shapes import ContractReport, Violation, contracts_of_fields, judge_records, read_shapes, shape_files
from engine.sources import FOLDERS, Wedge, WedgeSurvey, embedded_soc, load_ledger, survey_wedge
from engine.validate.authored_findings import Finder, column_of
from engine.validate.findings import Finding, FindingReport
from engine.warehouse import Warehouse

AUTHORED = "source/wedge@"
FORMAT_CHECK = "format check"
Say = Callable[[str], None]


def judge_authored(paths: Sequence[Path] = (), say: Say = lambda _: None) -> FindingReport:
    """Every finding on the authored content of folders (default: this installation's).

    A path to `families/`, `ground/` or one of their files judges the whole folder and shows what was found in that part.
    Raises BadInput VAL103 for a path that holds no authored content, InputOutput WED100, DOC002 or SRC201 where it cannot be read.
    """
    findings: list[Finding] = []
    judged, engines = 0, list[tuple[str, str]]()
    for root, shown, parts in _folders(paths):
        say(f"judge the contracts of {shown or 'the authored content'}")
        report = judge_folder(root, shown, say)
        findings += [f for f in report.findings if not parts or any(f.place.file == p or f.place.file.startswith(f"{p}/") for p in parts)]
        judged += report.judged
        engines += report.judged_by
    return FindingReport.of(findings, judged, engines)


def judge_folder(folder: Path, shown: str = "", say: Say = lambda _: None) -> FindingReport:
    """Every finding on one folder of authored content; `shown` is how the findings call it."""
    schema, ledger = load_schema(), load_ledger()
    survey = survey_wedge(ledger, folder)
    if not survey.wedge.fingerprints and not survey.faults:
        fault = Diagnostic(Place(str(shown or folder)), "VAL101", "no authored content is in here", "what is not there does not conform", "name a folder that holds families/ and ground/ with YAML files")
        return FindingReport.of([Finder(survey, schema).of_fault(fault)], 0, [("authored content", FORMAT_CHECK)])
    report = None
    if survey.wedge.fingerprints:
        try:
            with tempfile.TemporaryDirectory() as scratch, Warehouse(Path(scratch), schema) as warehouse:
                warehouse.load_rows(embedded_soc(ledger))
                warehouse.load_rows(survey.wedge.rows)
                warehouse.reconcile()
                report = judge_records(warehouse, schema, shape_files(), AUTHORED, progress=lambda m: say(f"  {m}"))
        except BadInput as error:
            # records that the warehouse refuses are faults of what was authored
            survey = replace(survey, faults=(*survey.faults, *error.diagnostics))
    contracts = contracts_of_fields(read_shapes(shape_files()), NAMESPACE) if survey.faults else {}
    found = Finder(survey, schema, shown, contracts).findings(report.violations if report else ())
    return FindingReport.of(found, report.authored if report else 0, _engines(survey, report))


def faults_of(report: ContractReport, wedge: Wedge) -> tuple[Diagnostic, ...]:
    """Violations as diagnostics at the field that was authored; a publisher's record is its own place."""
    return tuple(sorted(_diagnostic(v, wedge) for v in report.violations))


def _diagnostic(violation: Violation, wedge: Wedge) -> Diagnostic:
    column, backwards = column_of(violation.path)
    place = wedge.place_of(violation.focus, "" if backwards else column, violation.value)
    return violation.diagnostic(lambda key: place or Place(key))


def _engines(survey: WedgeSurvey, report: ContractReport | None) -> list[tuple[str, str]]:
    if report is None:
        return [("authored content", FORMAT_CHECK)]
    return [*([("authored content", FORMAT_CHECK)] if survey.faults else []), *(report.judged_by or [("authored content", report.engine)])]


def _folders(paths: Sequence[Path]) -> list[tuple[Path, str, tuple[str, ...]]]:
    """Each folder of authored content with its shown name and the parts that were asked for; () for all of it."""
    if not paths:
        home = data_folder("graph_data")
        here = Path.cwd()
        return [(home, home.relative_to(here).as_posix() if home.is_relative_to(here) else "", ())]
    parts: dict[Path, set[str]] = {}
    for path in paths:
        root, part = path, ""
        if path.is_file():
            root, part = path.parent.parent, f"{path.resolve().parent.name}/{path.name}"
            if path.suffix != ".yaml" or path.resolve().parent.name not in FOLDERS:
                raise BadInput.at("VAL103", "not a file of authored content", why="authored content stands in families/ and ground/ as YAML files", fix="name such a file, or --data and --shapes for RDF", place=Place(str(path)))
        elif path.name in FOLDERS and path.is_dir():
            root, part = path.parent, path.name
        parts.setdefault(root, set()).add(part)
    return [(root, root.as_posix(), () if "" in some else tuple(sorted(some))) for root, some in parts.items()]
