"""Likeness of titles: which published titles, and which occupations by all that is written of them, a title resembles, and how sure that is.

In: namings (a title of a concept) and texts about concepts; then titles, in batches. Out: integer scores, ranked concepts, probabilities, groups to fall back on.
Refuses to know: what a concept is, tiers, files other than its index, and every weight that is not in the rule pack `likeness`.
"""

from engine.similarity.array_file import open_arrays, write_arrays
from engine.similarity.concept_texts import ConceptText, LabelledConcept, WiderGroup
from engine.similarity.field import Asked, Field, FieldSettings, Scored, field_arrays, leading
from engine.similarity.index import SimilarityIndex
from engine.similarity.index_build import FILE, build_similarity, distinct_titles, similarity_arrays
from engine.similarity.meaning import MODEL, VECTORS, Meaning, meaning_arrays
from engine.similarity.model_folder import ModelFiles, read_model_folder
from engine.similarity.plain_words import forms_of, plain_words
from engine.similarity.published_texts import published_groups, published_namings, published_texts
from engine.similarity.ranker import Ranker, Ranking
from engine.similarity.sentence_model import SentenceModel
from engine.similarity.settings import LikenessSettings
from engine.similarity.signals import MEANING, SIGNALS, TITLE_FIELDS
from engine.similarity.terms import KINDS, Letters, TermRows

__all__ = [
    "FILE", "KINDS", "MEANING", "MODEL", "SIGNALS", "TITLE_FIELDS", "VECTORS", "Asked", "ConceptText", "Field", "FieldSettings", "LabelledConcept", "Letters", "LikenessSettings",
    "Meaning", "ModelFiles", "Ranker", "Ranking", "Scored", "SentenceModel", "SimilarityIndex", "TermRows", "WiderGroup", "build_similarity", "distinct_titles", "field_arrays",
    "forms_of", "leading", "meaning_arrays", "open_arrays", "plain_words", "published_groups", "published_namings", "published_texts", "read_model_folder",
    "similarity_arrays", "write_arrays",
]  # fmt: skip
