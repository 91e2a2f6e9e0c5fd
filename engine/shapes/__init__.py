"""The contracts: SHACL shapes judged over the staged lexical records before anything is typed or published.

In: lexical records, shape files. Out: a `ContractReport` of violations with their place. Refuses to know: the graph
engine, and where records go afterwards. pySHACL judges in child processes with time and memory limits.
"""

from engine.shapes.contract_report import ContractReport, Violation
from engine.shapes.judge import JudgeLimits, judge_records
from engine.shapes.shape_files import shape_files, shape_fingerprints

__all__ = ["ContractReport", "JudgeLimits", "Violation", "judge_records", "shape_files", "shape_fingerprints"]
