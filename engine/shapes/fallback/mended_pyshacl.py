"""What pySHACL 0.40 gets wrong against SHACL and can be put right from outside, so that an answer of last resort does not conform by mistake.

Each mend is as narrow as the fault: where pySHACL is right, pySHACL answers. `mended()` is a context, so that a test can
also ask pySHACL as it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from pyshacl import shape
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.core import value_range_constraints
from pyshacl.constraints.core.other_constraints import ClosedConstraintComponent
from pyshacl.constraints.core.property_pair_constraints import LessThanConstraintComponent, LessThanOrEqualsConstraintComponent
from pyshacl.constraints.core.string_based_constraints import MinLengthConstraintComponent
from pyshacl.constraints.core.value_constraints import DatatypeConstraintComponent
from pyshacl.constraints.sparql import sparql_based_constraint_components as components
from pyshacl.helper import expression_helper
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from rdflib import RDF, BNode

from engine.shapes.fallback.literal_order import ordered, well_formed


@contextlib.contextmanager
def mended() -> Iterator[None]:
    """pySHACL with every mend, while the context lasts."""
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in _MENDS]
    try:
        for owner, name, mend in _MENDS:
            setattr(owner, name, mend)
        yield
    finally:
        for owner, name, before in kept:
            setattr(owner, name, before)


def _compare(one: Any, other: Any) -> int:
    """Order of two literals; TypeError where SPARQL has none, which pySHACL takes for a violation (SHACL 4.3)."""
    found = ordered(one, other)
    if found is None:
        raise TypeError("the values cannot be compared")
    return found


def _pairs(holds: Callable[[int], bool]) -> Callable[..., Any]:
    """sh:lessThan and its like: a pair that cannot be compared is a violation (SHACL 4.5.3), where pySHACL orders IRIs and tagged strings and stops at blank nodes."""

    def compare(self: Any, values: Any, others: Any, datagraph: Any, focus: Any) -> Any:
        pairs = ((value, ordered(value, other)) for value in values for other in others)
        reports = [self.make_v_result(datagraph, focus, value_node=value) for value, order in pairs if order is None or not holds(order)]
        return bool(reports), reports

    return compare


def _once_for_each_focus_node(judge: Any) -> Any:
    """A SELECT-based property validator is asked once for a focus node (SHACL 6.3), also where the path has no value: pySHACL asks once for each value."""

    def validate(self: Any, executor: Any, focus: Any, value_nodes: Any, target_graph: Any, query_helper: Any = None, new_bind_vals: Any = None) -> Any:
        asked = [None] if query_helper is not None and query_helper.shape.is_property_shape else value_nodes
        return judge(self, executor, focus, asked, target_graph, query_helper, new_bind_vals)

    return validate


def _with_own_messages(self: Any, graph: Any, focus: Any, value_node: Any = None, **named: Any) -> Any:
    """A result of a constraint component: pySHACL heaps the messages of all results before onto it, and forgets the value that an ASK-based validator of a property shape refused (SHACL 6.3)."""
    value = self.query_helper.judged_value if isinstance(self.validator, components.AskConstraintValidator) else value_node
    return ConstraintComponent.make_v_result(self, graph, focus, value_node=value, **{**named, "extra_messages": list(self.query_helper.bound_messages)})


def _keeping_the_value(self: Any, bound: Any = None) -> None:
    _bind_messages_as_it_is(self, bound)
    self.judged_value = (bound or {}).get("value")


def _walk(sg: Any, focus: Any, path: Any, target_graph: Any, inverse: bool = False, recursion: int = 0) -> Any:
    """The inverse of a sequence is the inverses of its steps from the last to the first (SPARQL 1.1 section 9.1): pySHACL keeps their order."""
    if not inverse or (path, RDF.first, None) not in sg.graph:
        return _walk_as_it_is(sg, focus, path, target_graph, inverse, recursion)
    found = {focus}
    for step in reversed(list(sg.graph.items(path))):
        found = {value for node in found for value in _walk(sg, node, step, target_graph, True, recursion + 1)}
    return found


def _is_of_datatype(self: Any, value: Any, datatype: Any) -> Any:
    """A literal matches a datatype only if its text is one of the datatype's (SHACL 4.1.2): pySHACL asks Python, which reads more."""
    return well_formed(value) and _is_of_datatype_as_it_is(self, value, datatype)


def _at_least_as_long(judge: Any) -> Any:
    """A blank node has no length, so that it falls short of nought as well (SHACL 4.4.1): pySHACL lets everything pass there."""

    def evaluate(self: Any, least: Any, target_graph: Any, values: Any) -> Any:
        if least.value != 0:
            return judge(self, least, target_graph, values)
        reports = [self.make_v_result(target_graph, focus, value_node=v) for focus, found in values.items() for v in found if isinstance(v, BNode)]
        return bool(reports), reports

    return evaluate


_is_of_datatype_as_it_is: Any = DatatypeConstraintComponent._assert_actual_datatype
_bind_messages_as_it_is: Any = SPARQLQueryHelper.bind_messages
_walk_as_it_is = expression_helper.value_nodes_from_path
_MENDS: tuple[tuple[Any, str, Any], ...] = (
    (ClosedConstraintComponent, "ALWAYS_IGNORE", frozenset()),  # a closed shape allows what it names: rdf:type rdfs:Resource is no exception (SHACL 4.8.1)
    (expression_helper, "value_nodes_from_path", _walk),
    (shape, "value_nodes_from_path", _walk),
    (DatatypeConstraintComponent, "_assert_actual_datatype", _is_of_datatype),
    (MinLengthConstraintComponent, "_evaluate_string_rule", _at_least_as_long(MinLengthConstraintComponent._evaluate_string_rule)),
    (value_range_constraints, "compare_literal", _compare),
    (LessThanConstraintComponent, "_compare_lt", _pairs(lambda order: order < 0)),
    (LessThanOrEqualsConstraintComponent, "_compare_ltoe", _pairs(lambda order: order <= 0)),
    (components.SelectConstraintValidator, "validate", _once_for_each_focus_node(components.SelectConstraintValidator.validate)),
    (SPARQLQueryHelper, "bind_messages", _keeping_the_value),
    (components.BoundShapeValidatorComponent, "make_v_result", _with_own_messages),
)
