"""Validating: authored content or any RDF against contracts, without building a graph; each finding at its place, with why and how to mend it.

In: folders of authored content, or data and shape files. Out: a `FindingReport`. Refuses to know: how a finding is drawn.
"""

from engine.validate.authored import AUTHORED, faults_of, judge_authored
from engine.validate.baseline import Baseline, baseline_of, read_baseline
from engine.validate.findings import AcceptedFinding, Finding, FindingReport, SourceLine, Statement, Suggestion, Weight
from engine.validate.rdf_findings import findings_of, judge_rdf

__all__ = [
    "AUTHORED", "AcceptedFinding", "Baseline", "Finding", "FindingReport", "SourceLine", "Statement", "Suggestion", "Weight",
    "baseline_of", "faults_of", "findings_of", "judge_authored", "judge_rdf", "read_baseline",
]  # fmt: skip
