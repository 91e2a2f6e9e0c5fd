"""What an index of likeness is made of: titles that name a concept, texts that describe one, and the wider groups it belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class LabelledConcept:
    """A title of a concept as written, with the list it stands in (`canonical` is the concept's own name) and where that is stated."""

    text: str
    concept: str
    kind: str
    source_ref: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ConceptText:
    """A text about a concept, such as its description or one of its tasks."""

    concept: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class WiderGroup:
    """A concept's group on one level; levels are numbers, 0 the narrowest."""

    concept: str
    level: int
    group: str
