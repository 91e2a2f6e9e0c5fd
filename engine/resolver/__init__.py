"""The resolver: from a job title as people write it to what it means, how sure that is, and whether it may be served.

In: titles, an index compiled from published and authored titles, fact columns, the rule packs `audience`, `title_evidence`, `fallback` and `service`.
Out: a Resolution with its evidence. Refuses to know: the graph, files other than its index, and every tier, threshold or class code.
"""

from engine.resolver.candidates import Candidate
from engine.resolver.decide import Resolver, resolve
from engine.resolver.derivation import Derivation, SecondJob
from engine.resolver.index_build import build_title_index
from engine.resolver.normalise import STEP_NAMES, NormalisedTitle, normalise, trace_of
from engine.resolver.published_codes import published_codes
from engine.resolver.published_titles import published_seniorities, published_titles
from engine.resolver.resolution import Facts, FallbackGroup, Occupation, Resolution
from engine.resolver.route import Route
from engine.resolver.steps import Stripped
from engine.resolver.tiers import GROUNDS, Tiers, TitleFacts, decide_tiers
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import NAMING_KINDS, Naming, TitleRow
from engine.resolver.variants import Variant
from engine.resolver.vocabulary import SeniorityTerm, Vocabulary, load_vocabulary, vocabulary_lists
from engine.resolver.votes import Asked, Meaning, Votes, Weighed
from engine.resolver.wider_groups import GROUP_LEVELS, group_level

__all__ = [
    "GROUNDS", "GROUP_LEVELS", "NAMING_KINDS", "STEP_NAMES", "Asked", "Candidate", "Derivation", "Facts", "FallbackGroup", "Meaning", "Naming", "NormalisedTitle", "Occupation", "Resolution", "Resolver", "Route", "SecondJob", "SeniorityTerm", "Stripped",
    "Tiers", "TitleFacts", "TitleIndex", "TitleRow", "Variant", "Vocabulary", "Votes", "Weighed", "build_title_index", "decide_tiers", "group_level", "load_vocabulary", "normalise", "published_codes", "published_seniorities", "published_titles", "resolve", "trace_of", "vocabulary_lists",
]  # fmt: skip
