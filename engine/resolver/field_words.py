"""Words of a title that stand beside the name of a role whose own noun is general, or beside who does a function's activity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.resolver.normalise import NormalisedTitle
from engine.resolver.title_rows import Naming
from engine.resolver.vocabulary import Phrase, Vocabulary
from engine.resolver.votes import Weighed


def role_names(namings: Iterable[Naming], vocabulary: Vocabulary) -> Iterator[Phrase]:
    """Names of roles among some namings that end in a general noun of work."""
    for naming in namings:
        if naming.target.startswith("role/"):
            words = tuple(naming.key.split())
            if words[-1] in vocabulary.work_nouns:
                yield words


def names_within(normal: NormalisedTitle, weighed: Sequence[Weighed], vocabulary: Vocabulary) -> list[Phrase]:
    """Such names of roles, and functions' terms with the one who does the activity in the place of the activity."""
    whole = normal.variants[0].words if normal.variants else ()
    agents = {activity: agent for agent, activity in vocabulary.activities.items() if agent in whole}
    names = list(role_names((w.candidate.found for w in weighed), vocabulary))
    if agents:
        for w in weighed:
            if w.candidate.road == "term" and w.candidate.found.target_class != "role":
                words = tuple(w.candidate.found.key.split())
                if words[-1] in agents:
                    names.append((*words[:-1], agents[words[-1]]))
    return names


def field_words(normal: NormalisedTitle, names: Sequence[Phrase]) -> tuple[str, ...]:
    """Words of the whole title beside the longest of some names, each once; none where there is no such name."""
    if not names or not normal.variants:
        return ()
    name = max(names, key=lambda words: (len(words), words))
    return tuple(word for word in dict.fromkeys(normal.variants[0].words) if word not in name)
