"""Terms of the SHACL vocabulary: which are read, which only annotate, which belong to parts of SHACL that are refused."""

from __future__ import annotations

from engine.shapes.terms import SH

# parameters whose value is one shape, and those whose value is a list of shapes
SHAPE_PARAMETERS = ("node", "property", "not", "qualifiedValueShape")
SHAPE_LIST_PARAMETERS = ("and", "or", "xone")
TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
PARAMETERS = frozenset((
    *SHAPE_PARAMETERS, *SHAPE_LIST_PARAMETERS, "class", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive",
    "minLength", "maxLength", "pattern", "flags", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan", "lessThanOrEquals",
    "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint", "closed", "ignoredProperties", "hasValue", "in", "sparql",
))  # fmt: skip
ON_SHAPES = frozenset((*TARGETS, "path", "deactivated", "severity", "message", "name", "description", "order", "group", "defaultValue"))
PATHS = frozenset(("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"))
SPARQL_TERMS = frozenset(("select", "ask", "prefixes", "declare", "prefix", "namespace", "parameter", "optional", "validator", "nodeValidator", "propertyValidator", "labelTemplate"))
REPORT = frozenset((
    "conforms", "result", "focusNode", "resultPath", "resultSeverity", "resultMessage", "value", "detail", "sourceShape", "sourceConstraint", "sourceConstraintComponent",
    "shapesGraphWellFormed",
))  # fmt: skip
HARMLESS = frozenset(("suggestedShapesGraph", "shapesGraph", "shapesGraphWellFormed"))
# SHACL Advanced Features, SHACL-JS and entailment change what is valid: silence about them would be a false "conforms"
REFUSED = frozenset((
    "js", "jsFunctionName", "jsLibrary", "jsLibraryURL", "target", "rule", "condition", "expression", "values", "filterShape", "nodes", "intersection", "union", "construct",
    "subject", "predicate", "object", "returnType", "entailment", "update", "annotationProperty", "annotationValue", "annotationVarName", "resultAnnotation",
    "count", "distinct", "exists", "if", "then", "else", "limit", "offset", "orderBy", "desc", "minus", "sum", "min", "max", "groupConcat", "separator",
))  # fmt: skip
CLASSES = frozenset((
    "Shape", "NodeShape", "PropertyShape", "PropertyGroup", "NodeKind", "Severity", "ConstraintComponent", "Parameter", "Parameterizable", "Validator", "PrefixDeclaration",
    "SPARQLConstraint", "SPARQLAskValidator", "SPARQLSelectValidator", "SPARQLExecutable", "SPARQLAskExecutable", "SPARQLSelectExecutable",
    "AbstractResult", "ValidationReport", "ValidationResult",
))  # fmt: skip
REFUSED_CLASSES = frozenset((
    "Function", "SPARQLFunction", "JSFunction", "Target", "TargetType", "SPARQLTarget", "SPARQLTargetType", "JSTarget", "JSTargetType", "Rule", "TripleRule", "SPARQLRule", "JSRule",
    "JSConstraint", "JSValidator", "JSExecutable", "JSLibrary", "ResultAnnotation", "SPARQLConstructExecutable", "SPARQLUpdateExecutable", "Expression",
))  # fmt: skip
# constraint parameters of DASH, which other validators judge: without its components they would be passed over
DASH = "http://datashapes.org/dash#"
DASH_PARAMETERS = frozenset((
    "closedByTypes", "coExistsWith", "hasValueIn", "hasValueWithClass", "nonRecursive", "rootClass", "singleLine", "stem", "subSetOf", "symmetric", "uniqueValueForClass",
    "uniqueValuesForClass", "uriStart",
))  # fmt: skip
KNOWN = PARAMETERS | ON_SHAPES | PATHS | SPARQL_TERMS | REPORT | HARMLESS
# what a core component asks for; two values of such a parameter on one shape are ill-formed
SINGLE = frozenset((
    "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "minLength", "maxLength", "languageIn", "uniqueLang",
    "closed", "ignoredProperties", "in", "path", "deactivated", "severity", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint", "flags", "pattern",
))  # fmt: skip
ONLY_ON_PROPERTY_SHAPES = frozenset(("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount"))
NODE_KINDS = {
    SH + "IRI": frozenset({"IRI"}), SH + "BlankNode": frozenset({"BlankNode"}), SH + "Literal": frozenset({"Literal"}),
    SH + "BlankNodeOrIRI": frozenset({"BlankNode", "IRI"}), SH + "BlankNodeOrLiteral": frozenset({"BlankNode", "Literal"}), SH + "IRIOrLiteral": frozenset({"IRI", "Literal"}),
}  # fmt: skip
