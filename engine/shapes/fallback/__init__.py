"""The engine of last resort: pySHACL in a confined child process, for shapes that are not compiled, and as an oracle in tests.

In: data files, a shapes graph, limits, which shapes. Out: validation results as values, or a diagnostic for whatever
cannot be judged. Refuses to know: predicate views, and what was compiled.
"""

from engine.shapes.fallback.asking import FallbackLimits, judge_by_pyshacl

__all__ = ["FallbackLimits", "judge_by_pyshacl"]
