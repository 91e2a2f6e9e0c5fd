"""The contracts: SHACL compiled to set queries, over the staged lexical records of a build and over any RDF file.

In: shape files, and records or RDF files. Out: a `ContractReport` or a `ValidationReport`, with every violation. Refuses to
know: the graph engine, where records go afterwards, and how findings are drawn. What is not understood never conforms.
"""

from engine.shapes.algebra import Shape, Shapes
from engine.shapes.contract_report import ContractReport, FieldContract, Violation, contracts_of_fields, local_name, term_text, violation_of
from engine.shapes.incremental import Edit, EditableViews, FollowingValidation
from engine.shapes.paths import sparql_path, turtle_path
from engine.shapes.reading import read_shapes
from engine.shapes.records import LexicalRecords, judge_records
from engine.shapes.results import ValidationReport, ValidationResult
from engine.shapes.shape_files import shape_files, shape_fingerprints
from engine.shapes.terms import Blank, Iri, Literal, Term
from engine.shapes.validation import ValidationLimits, validate

__all__ = [
    "Blank", "ContractReport", "Edit", "EditableViews", "FieldContract", "FollowingValidation", "Iri", "LexicalRecords", "Literal", "Shape",
    "Shapes", "Term", "ValidationLimits", "ValidationReport", "ValidationResult", "Violation", "contracts_of_fields", "judge_records", "local_name",
    "read_shapes", "shape_files", "shape_fingerprints", "sparql_path", "term_text", "turtle_path", "validate", "violation_of",
]  # fmt: skip
