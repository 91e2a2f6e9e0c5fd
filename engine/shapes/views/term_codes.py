"""Terms as columns: codes of datatypes beside the fixed ones, numbered as they are met; terms to (v, d, l) and back."""

from __future__ import annotations

from engine.shapes.terms import BLANK_CODE, DATATYPE_CODES, IRI_CODE, OTHER_CODES, RDF, Blank, Iri, Literal, Term

_LANG_STRING = DATATYPE_CODES[RDF + "langString"]


class TermCodes:
    """Datatype codes of one set of views."""

    def __init__(self) -> None:
        self._codes = dict(DATATYPE_CODES)
        self._datatypes = {code: iri for iri, code in self._codes.items()}

    def code(self, datatype: str) -> int:
        """Code of a datatype IRI; a new one gets the next number."""
        found = self._codes.get(datatype)
        if found is None:
            found = self._codes[datatype] = OTHER_CODES + len(self._codes) - len(DATATYPE_CODES)
            self._datatypes[found] = datatype
        return found

    def triple(self, term: Term) -> tuple[str, int, str]:
        """A term as (v, d, l)."""
        match term:
            case Iri(value):
                return value, IRI_CODE, ""
            case Blank(label):
                return "_:" + label, BLANK_CODE, ""
            case Literal(value, datatype, language):
                return (value, _LANG_STRING, language.lower()) if language else (value, self.code(datatype), "")

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: E741
        """The term that stands in (v, d, l)."""
        if d == IRI_CODE:
            return Iri(v)
        return Blank(v.removeprefix("_:")) if d == BLANK_CODE else Literal(v, self._datatypes[d], l)
