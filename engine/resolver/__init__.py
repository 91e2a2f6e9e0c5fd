"""The resolver: from a job title as people write it to what it means, how sure that is, and whether it may be served.

In: titles, an index compiled from published and authored titles, fact columns, the rule packs `fallback` and `service`.
Out: a Resolution with its evidence. Refuses to know: the graph, files other than its index, and every tier, threshold or class code.
"""

from engine.resolver.candidates import Candidate
from engine.resolver.decide import Resolver, resolve
from engine.resolver.index_build import build_title_index
from engine.resolver.normalise import NormalisedTitle, normalise
from engine.resolver.published_titles import published_seniorities, published_titles
from engine.resolver.resolution import Facts, Occupation, Resolution
from engine.resolver.steps import Stripped
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import NAMING_KINDS, TitleRow
from engine.resolver.variants import Variant
from engine.resolver.vocabulary import SeniorityTerm, Vocabulary, load_vocabulary

__all__ = [
    "NAMING_KINDS", "Candidate", "Facts", "NormalisedTitle", "Occupation", "Resolution", "Resolver", "SeniorityTerm", "Stripped", "TitleIndex", "TitleRow",
    "Variant", "Vocabulary", "build_title_index", "load_vocabulary", "normalise", "published_seniorities", "published_titles", "resolve",
]  # fmt: skip
