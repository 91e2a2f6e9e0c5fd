"""Likeness of titles: which published titles, and which occupations by all that is written of them, a title resembles, and how sure that is.

In: namings (a title of a concept) and texts about concepts; then titles, in batches. Out: integer scores, ranked concepts, probabilities, groups to fall back on.
Refuses to know: what a concept is, tiers, files other than its index, and every weight that is not in the rule pack `likeness`.
"""

from engine.similarity.array_file import open_arrays, write_arrays
from engine.similarity.concept_texts import ConceptText, LabelledConcept, WiderGroup
from engine.similarity.field import Asked, Field, FieldSettings, Scored, field_arrays, leading, score_texts
from engine.similarity.index import SimilarityIndex
from engine.similarity.index_build import FILE, build_similarity, similarity_arrays
from engine.similarity.plain_words import forms_of, plain_words
from engine.similarity.published_texts import published_groups, published_namings, published_texts
from engine.similarity.ranker import Ranker, Ranking
from engine.similarity.settings import LikenessSettings
from engine.similarity.signals import SIGNALS, TITLE_FIELDS
from engine.similarity.terms import KINDS, Letters, TermRows

__all__ = [
    "FILE", "KINDS", "SIGNALS", "TITLE_FIELDS", "Asked", "ConceptText", "Field", "FieldSettings", "LabelledConcept", "Letters", "LikenessSettings", "Ranker", "Ranking",
    "Scored", "SimilarityIndex", "TermRows", "WiderGroup", "build_similarity", "field_arrays", "forms_of", "leading", "open_arrays", "plain_words", "published_groups",
    "published_namings", "published_texts", "score_texts", "similarity_arrays", "write_arrays",
]  # fmt: skip
