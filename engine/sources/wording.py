"""SQL by which two wordings of a task statement are found to be the same, by publishers whose rows join others by text.

Texts are the same where case and white space alone differ; they have the same words where punctuation differs too.
"""

from __future__ import annotations


def folded(column: str) -> str:
    """The text without regard to case and white space."""
    return f"lower(one_line({column}))"


def worded(column: str) -> str:
    """The text as words: letters and digits in their order, each run of anything else one blank."""
    return rf"trim(regexp_replace(lower({column}), '[^\p{{L}}\p{{N}}]+', ' ', 'g'))"


def dated() -> str:
    """The day of the release, the first of its month where the release names a month."""
    return "CASE WHEN length('{release}') = 7 THEN '{release}-01' ELSE '{release}' END"


def direction(value: str) -> str:
    """A figure above zero speaks for use of AI; zero says that nothing was seen or expected, which forbids nothing."""
    return f"CASE WHEN fixed({value}) > 0 THEN 'supports' ELSE 'neutral' END"
