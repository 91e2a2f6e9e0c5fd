"""A diagnostic on a terminal: place, code and fact; why; how to mend it; wrapped to its width."""

from __future__ import annotations

import textwrap

from engine.contracts import Diagnostic
from engine.interfaces.drawing.row_drawing import width


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """The lines of Diagnostic.text, wrapped; a fault without a place begins with its code."""
    lines = diagnostic.text().removeprefix("<input>  ").split("\n")
    return "\n".join(textwrap.fill(x, width(), subsequent_indent="       ", break_long_words=False, break_on_hyphens=False, replace_whitespace=False) for x in lines)
