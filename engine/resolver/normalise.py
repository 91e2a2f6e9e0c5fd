"""A title as people write it, made comparable: ordered steps, what each took off, and the keys to look up, least dropped first."""

from __future__ import annotations

from dataclasses import dataclass

from engine.resolver.steps import STEPS, Draft, Stripped, singular, words_of
from engine.resolver.variants import Variant, joined, seniority_spans, variants_of, work_ends
from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary

MAX_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class NormalisedTitle:
    """A title with its variants (least dropped first), what was taken off, the seniority that it tells and the trace of steps.

    `text` is the shortest honest reading: numbers, brackets, form, place and level off. `refused` says why it is not a title.
    """

    given: str
    text: str
    variants: tuple[Variant, ...]
    stripped: tuple[Stripped, ...]
    seniority: SeniorityTerm | None
    trace: tuple[tuple[str, str], ...]
    segments: tuple[str, ...] = ()
    refused: str = ""


def canonical_key(text: str, vocabulary: Vocabulary) -> str:
    """The key under which a published title is filed: its canonical words joined by blanks, seniority and all."""
    return " ".join(words_of(text, vocabulary))


def normalise(title: str, vocabulary: Vocabulary) -> NormalisedTitle:
    """Run the steps over a title. Never fails and never strips to nothing; what is no title at all comes back `refused`."""
    reason = _refusal(title)
    if reason:
        return NormalisedTitle(title[:MAX_CHARACTERS], "", (), (), None, (), (), reason)
    draft = Draft(title)
    trace: list[tuple[str, str]] = []
    full: Phrase = ()
    for name, step in STEPS:
        after = step(draft, vocabulary)
        if after != draft:
            trace.append((name, after.shown()))
        draft = after
        if name == "unicode":
            full = words_of(draft.text, vocabulary)
            if not any(c.isalpha() for c in draft.text) or not full:
                return NormalisedTitle(title, "", (), (), None, tuple(trace), (), "it holds no words")
    if not draft.segments:
        return NormalisedTitle(title, "", (), draft.stripped, None, tuple(trace), (), "it holds no words")
    if len(full) > 1 and len({singular(word, vocabulary) for word in full}) == 1:
        return NormalisedTitle(title, "", (), draft.stripped, None, tuple(trace), (), "it only repeats one word")
    variants, tails, spans = variants_of(full, draft, vocabulary)
    seniority = _seniority(joined(draft.segments), vocabulary)
    text = " ".join(spans.words)
    if text != draft.shown():
        trace.append(("seniority", text))
    return NormalisedTitle(title, text, variants, draft.stripped + tails + spans.taken, seniority, tuple(trace), tuple(" ".join(s) for s in draft.segments[1:]))


def _seniority(words: Phrase, vocabulary: Vocabulary) -> SeniorityTerm | None:
    ends = work_ends(words, vocabulary)
    told = [vocabulary.seniority_of(p, closing=closing) for part, closing in ((words[:ends], False), (words[ends:], True)) for p in seniority_spans(part, vocabulary)]
    return max((term for term in told if term), key=lambda t: t.rank, default=None)


def _refusal(title: str) -> str:
    if not title.strip():
        return "it is empty"
    if len(title) > MAX_CHARACTERS:
        return f"it is longer than the {MAX_CHARACTERS} characters a title may have"
    if not any(c.isalpha() for c in title):
        return "it holds no letters"
    return ""
