"""The formats of `wig validate` by name: each a pure function from a report of findings to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.interfaces.drawing.findings_github import findings_github
from engine.interfaces.drawing.findings_html import findings_html
from engine.interfaces.drawing.findings_json import findings_json
from engine.interfaces.drawing.findings_junit import findings_junit
from engine.interfaces.drawing.findings_markdown import findings_markdown
from engine.interfaces.drawing.findings_sarif import findings_sarif
from engine.interfaces.drawing.findings_text import findings_text
from engine.interfaces.drawing.findings_turtle import findings_turtle

if TYPE_CHECKING:
    from engine.validate import FindingReport

FINDING_FORMATS: Mapping[str, Callable[[FindingReport], str]] = MappingProxyType({
    "text": findings_text, "json": findings_json, "turtle": findings_turtle, "sarif": findings_sarif, "junit": findings_junit,
    "github": findings_github, "markdown": findings_markdown, "html": findings_html,
})  # fmt: skip
