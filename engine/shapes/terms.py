"""RDF terms as values, and how they stand in a column.

A node stands in SQL as one text, its *node key*: an IRI as itself, a blank node as `_:` and its label, a literal as
`"` lexical form `"` datatype code `@` language. Objects stand in three columns: `v` (IRI, label or lexical form), `d`
(code of kind or datatype) and `l` (language tag in lower case, '' where none).
"""

from __future__ import annotations

from dataclasses import dataclass

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"

IRI_CODE, BLANK_CODE = 0, 1
# datatypes with a code of their own; others are numbered from OTHER_CODES on, in each set of views
DATATYPE_CODES = {
    XSD + "string": 2, RDF + "langString": 3, XSD + "boolean": 4, XSD + "integer": 5, XSD + "decimal": 6, XSD + "double": 7, XSD + "float": 8,
    XSD + "date": 9, XSD + "dateTime": 10, XSD + "time": 11, XSD + "gYear": 12, XSD + "gYearMonth": 13, XSD + "gMonth": 14, XSD + "gMonthDay": 15, XSD + "gDay": 16,
    XSD + "duration": 17, XSD + "dayTimeDuration": 18, XSD + "yearMonthDuration": 19,
    XSD + "long": 20, XSD + "int": 21, XSD + "short": 22, XSD + "byte": 23, XSD + "unsignedLong": 24, XSD + "unsignedInt": 25, XSD + "unsignedShort": 26, XSD + "unsignedByte": 27,
    XSD + "nonNegativeInteger": 28, XSD + "positiveInteger": 29, XSD + "nonPositiveInteger": 30, XSD + "negativeInteger": 31,
    XSD + "anyURI": 32, XSD + "hexBinary": 33, XSD + "base64Binary": 34, XSD + "normalizedString": 35, XSD + "token": 36, XSD + "language": 37,
    XSD + "Name": 38, XSD + "NCName": 39, XSD + "NMTOKEN": 40, XSD + "dateTimeStamp": 41, RDF + "HTML": 42, RDF + "XMLLiteral": 43,
}  # fmt: skip
OTHER_CODES = 100


@dataclass(frozen=True, slots=True, order=True)
class Iri:
    """An IRI."""

    value: str

    def n3(self) -> str:
        """As in N-Triples."""
        return f"<{self.value}>"


@dataclass(frozen=True, slots=True, order=True)
class Blank:
    """A blank node by its label in the file that it came from."""

    value: str

    def n3(self) -> str:
        """As in N-Triples."""
        return f"_:{self.value}"


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal: lexical form, datatype IRI, language tag in lower case ('' where none)."""

    value: str
    datatype: str = XSD + "string"
    language: str = ""

    def n3(self) -> str:
        """As in N-Triples."""
        text = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        return f'"{text}"' + (f"@{self.language}" if self.language else "" if self.datatype == XSD + "string" else f"^^<{self.datatype}>")


Term = Iri | Blank | Literal


def sort_key(term: Term | None) -> tuple[int, str, str, str]:
    """A total order over terms: none, IRIs, blank nodes, literals, each by text."""
    match term:
        case None:
            return (0, "", "", "")
        case Iri(value):
            return (1, value, "", "")
        case Blank(value):
            return (2, value, "", "")
        case Literal(value, datatype, language):
            return (3, value, datatype, language)
