"""Known findings that a project lives with: accepted by fingerprint and count, never by line; what no longer occurs is told."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.contracts import BadInput, InputOutput, Place
from engine.documents import strict_json
from engine.validate.findings import AcceptedFinding, Finding, FindingReport

FORMAT = "work-intelligence-graph/baseline/1"


class _Accepted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{32}$")]
    count: Annotated[int, Field(strict=True, ge=1)]
    about: Annotated[str, Field(strict=True)] = ""


class _BaselineFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["work-intelligence-graph/baseline/1"]
    findings: tuple[_Accepted, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted findings in order of fingerprint."""

    accepted: tuple[AcceptedFinding, ...]

    def apply(self, report: FindingReport) -> FindingReport:
        """The report without accepted findings: of more than were accepted, the later ones stay."""
        left = Counter({a.fingerprint: a.count for a in self.accepted})
        kept = []
        for finding in report.findings:
            if left[finding.fingerprint] > 0:
                left[finding.fingerprint] -= 1
            else:
                kept.append(finding)
        vanished = tuple(AcceptedFinding(a.fingerprint, left[a.fingerprint], a.about) for a in self.accepted if left[a.fingerprint] > 0)
        return replace(report, findings=tuple(kept), accepted=len(report.findings) - len(kept), vanished=vanished)

    def text(self) -> str:
        """The file as it is kept under version control: one finding a line, in order of fingerprint."""
        lines = [json.dumps({"fingerprint": a.fingerprint, "count": a.count, "about": a.about}, ensure_ascii=False) for a in self.accepted]
        return "{\n" + f'"format": {json.dumps(FORMAT)},\n"findings": [\n' + ",\n".join(lines) + ("\n" if lines else "") + "]\n}\n"


def baseline_of(report: FindingReport) -> Baseline:
    """A baseline that accepts every finding of a report."""
    counts = Counter(f.fingerprint for f in report.findings)
    about = {f.fingerprint: _about(f) for f in reversed(report.findings)}
    return Baseline(tuple(AcceptedFinding(fingerprint, counts[fingerprint], about[fingerprint]) for fingerprint in sorted(counts)))


def read_baseline(path: Path) -> Baseline:
    """Read a baseline file. Raises InputOutput VAL104 where it cannot be read, BadInput VAL102 where it is none."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputOutput.at("VAL104", f"cannot read the baseline: {error.strerror}", fix="check the path, or make one with --write-baseline", place=Place(str(path))) from None
    try:
        read = _BaselineFile.model_validate(strict_json(raw.decode("utf-8")))
        doubled = [f for f, n in Counter(a.fingerprint for a in read.findings).items() if n > 1]
        if doubled:
            raise ValueError(f"the fingerprint {doubled[0]} stands twice")
    except (ValueError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc'])) or 'the document'}: {first['msg']}" if first else str(error).splitlines()[0]
        line = getattr(error, "lineno", 0)
        raise BadInput.at(
            "VAL102", f"not a baseline: {what}", why="a baseline that is misread would accept what nobody accepted",
            fix="make it again with --write-baseline", place=Place(str(path), line, getattr(error, "colno", 0) if line else 0),
        ) from None  # fmt: skip
    return Baseline(tuple(sorted((AcceptedFinding(a.fingerprint, a.count, a.about) for a in read.findings), key=lambda a: a.fingerprint)))


def _about(finding: Finding) -> str:
    parts = (finding.shape or finding.code, finding.component, finding.focus or finding.place.file, finding.path)
    return " ".join(p for p in parts if p)
