"""What the title index is made of: published and authored titles, each naming a thing, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

CODE, FORMER_CODE, SPLIT_CODE = CODE_KINDS = ("code", "former_code", "split_code")
NAMING_KINDS = ("canonical", "alias", "alternate", "reported", "direct_match", "group_name", "term", "specialism", *CODE_KINDS)


@dataclass(frozen=True, slots=True, order=True)
class TitleRow:
    """One naming: a title as written, the key it names (`role/..`, `occupation/..`, `soc/..`, `function/..`, `archetype/..`) with its label,
    the naming kind, and where that is stated. `term` rows hold a function's or archetype's words, `specialism` rows a role's;
    the kinds of codes say whether a code is today's, was replaced by one other, or was split."""

    text: str
    target: str
    label: str
    kind: str
    source: str
    source_ref: str
    release: str
    licence: str
    confidence: Decimal = Decimal(1)


class Naming(NamedTuple):  # lists of titles make tens of thousands of them; a tuple is made at a fraction of the cost
    """A naming as found in the index: the key it is filed under, the title as written, and what it names."""

    key: str
    title: str
    target: str
    label: str
    kind: str
    source: str
    source_ref: str
    release: str
    licence: str
    confidence: str

    @property
    def target_class(self) -> str:
        """First segment of the target's key: role, occupation, soc, function or archetype."""
        return self.target.partition("/")[0]
