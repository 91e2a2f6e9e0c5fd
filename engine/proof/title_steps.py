"""The steps from a title to its votes: records found, what each may claim, what each means, how much it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.contracts import MICRO, from_micro, key, percent_text
from engine.proof.asked_table import table_step
from engine.proof.leaves import Leaves, matched
from engine.proof.tree import Node, Steps, Use, all_of, use
from engine.resolver import Derivation, Meaning, SecondJob, Weighed

MEANT = ("audience", "domain", "ground", "function", "archetype", "family", "occupation")
_MEASURED = (
    "target_class", "road", "naming", "origin", "untouched", "dropped_rank", "coverage", "familiarity", "back", "head_titles", "shared_words", "head_general",
    "strangers", "rest_declared", "rest_unknown", "likelihood", "unlike_titles",
)  # fmt: skip
_WEIGHED = ("road", "naming", "dropped", "coverage", "familiarity", "back", "likelihood", "rest_declared", "rivals")
_MATCH_PARAMETERS = ("road_strength", "naming_strength", "kept_share")


def title_step(steps: Steps, found: Derivation) -> Node:
    """What was read of the title itself: whether it can be one, its normal form, its parts, its words of a field."""
    normal = found.normal
    gives: dict[str, Any] = {
        "title_state": found.facts.state, "title": normal.given, "normalized": normal.text, "refused": normal.refused or None,
        "field_words": found.facts.votes["field_words"], "parts": tuple(dict.fromkeys(job.part for job in found.second_jobs)),
    }  # fmt: skip
    says = normal.refused or f"read as `{normal.text}`"
    return steps.add(Node("measure/title", "measure", "title", normal.given, says, (), gives))


def meaning_step(steps: Steps, leaves: Leaves, meaning: Meaning, target: str, named: Node) -> Node:
    """What a thing that a record names stands for, by the facts of its class and, for a class of work, the pack `audience`."""
    node_id = f"arithmetic/meaning/{target}"
    subject = use("target", named)
    kind = target.partition("/")[0]
    uses: tuple[Use, ...] = (subject,)
    if kind in ("occupation", "soc"):
        classes = leaves.fact("audience.class_of_work", subject)
        assert meaning.asked is not None
        table = table_step(steps, leaves, meaning.asked.result, meaning.asked.position, target, {name: (classes, name) for name in classes.gives})
        ground = leaves.fact("fallback.nearest_ground", subject)
        uses = (subject, use("audience", table), use("domain", table), use("ground", ground))
        if str(ground.gives["ground"] or "").startswith("function/"):
            uses = (*uses, use("archetype", leaves.fact("fallback.function_archetype", use("ground", ground)), "function_archetype"))
    elif kind == "role":
        standing = leaves.fact("fallback.role_standing", subject)
        uses = (subject, *(use(name, standing, given) for name, given in (("function", "role_function"), ("archetype", "role_archetype"), ("family", "family"), ("occupation", "role_occupation"))))
    elif kind == "function":
        uses = (subject, use("archetype", leaves.fact("fallback.function_archetype", subject), "function_archetype"))
    gives = {name: getattr(meaning, name) for name in MEANT}
    says = f"{target} stands for work {meaning.audience or 'of an unknown class'}, ground {meaning.ground or 'unknown'}"
    return steps.add(Node(node_id, "arithmetic", "meaning", target, says, uses, gives))


def weighed_steps(steps: Steps, leaves: Leaves, number: int, weighed: Weighed) -> dict[str, Node]:
    """The steps of one record that was found: the record, how it matched, what it means, what it may claim and, where it claims something, its vote."""
    candidate = weighed.candidate
    named = leaves.naming(candidate.found)
    name = f"{number}/{candidate.target}"
    measured: dict[str, Any] = {
        "target": candidate.target, "target_class": candidate.found.target_class, "road": candidate.road, "naming": candidate.naming, "origin": candidate.origin,
        "untouched": candidate.untouched,
        "dropped": candidate.dropped, "dropped_rank": candidate.dropped_rank, "rivals": candidate.rivals,
        **{share: from_micro(min(getattr(candidate, share), MICRO)) for share in ("coverage", "familiarity", "back")},
        **{plain: getattr(candidate, plain) for plain in ("head_titles", "shared_words", "head_general", "strangers", "rest_declared", "rest_unknown", "unlike_titles")},
        "likelihood": None if candidate.likelihood is None else from_micro(candidate.likelihood),
    }  # fmt: skip
    match = steps.add(Node(f"measure/match/{name}", "measure", "match", candidate.target, f"`{candidate.found.title}` {matched(candidate)}", all_of(named, ("title", "target", "kind", "source")), measured))
    means = meaning_step(steps, leaves, weighed.meaning, candidate.target, named)
    origins: Mapping[str, tuple[Node, str]] = {**{column: (match, column) for column in _MEASURED}, "audience": (means, "audience")}
    claim = table_step(steps, leaves, weighed.asked.result, weighed.asked.position, name, origins)
    found = {"record": named, "match": match, "meaning": means, "claim": claim}
    if weighed.claim is not None:
        parameters = [leaves.parameter("title_evidence", p) for p in _MATCH_PARAMETERS]
        uses = (*all_of(match, _WEIGHED), *(use(f"${p}", node, "value") for p, node in zip(_MATCH_PARAMETERS, parameters, strict=True)))
        gives = {"strength": from_micro(candidate.strength), "vote": from_micro(weighed.vote)}
        trust = f"trusted {percent_text(gives['strength'])}"
        says = f"{trust}, divided among the {candidate.rivals} things that its title names" if candidate.rivals > 1 else trust
        found["weight"] = steps.add(Node(f"arithmetic/weight/{name}", "arithmetic", "weight", candidate.target, says, uses, gives))
    return found


def likeness_step(steps: Steps, found: Derivation) -> Node | None:
    """What ranked the occupations, where that was what the title is like: stated with its chances, which nobody can make again without the ranking's own index."""
    if not found.likened:
        return None
    listed = found.resolution.occupations
    gives: dict[str, Any] = {"likened_codes": tuple(key("occupation", o.code) for o in listed), "likened_shares": tuple(o.share for o in listed)}
    gives |= {"likened_groups": tuple(g.code for g in found.resolution.groups), "likened_chances": tuple(g.chance for g in found.resolution.groups)}
    return steps.add(Node("measure/likeness", "measure", "likeness", found.normal.text, f"like {len(listed)} occupations, with chances taken as the ranking gives them", (), gives))


def votes_step(steps: Steps, leaves: Leaves, found: Derivation, weighed: list[dict[str, Node]], likened: Node | None) -> Node:
    """The count: who votes, for which class of work, function, archetype and occupation, and what the title's facts are then."""
    uses: list[Use] = []
    for number, parts in enumerate(weighed):
        uses.append(use(f"{number}.claim", parts["claim"], "claim"))
        if "weight" in parts:
            uses += [use(f"{number}.{name}", parts["match"], name) for name in ("target", "road", "dropped", "dropped_rank")]
            uses += [use(f"{number}.{name}", parts["weight"], name) for name in ("strength", "vote")]
            uses += [use(f"{number}.{name}", parts["record"], name) for name in ("title", "confidence")]
            uses += [use(f"{number}.{name}", parts["meaning"], name) for name in MEANT]
    for pack, name in (("title_evidence", "management_rank"), ("fallback", "occupation_share"), ("fallback", "occupations_shown"), ("fallback", "filed_chance")):
        uses.append(use(f"${name}", leaves.parameter(pack, name), "value"))
    if likened is not None:
        uses += [*all_of(likened, ("likened_codes", "likened_shares")), use("$occupation_chance", leaves.parameter("fallback", "occupation_chance"), "value")]
    votes, facts = found.votes, found.facts
    counted = ("best_claim", "roles", "strength", "votes_inside", "votes_held", "votes_outside", "votes_function", "rival_function", "votes_archetype")
    gives: dict[str, Any] = {name: facts.votes[name] for name in counted}
    gives |= {"role": facts.grounds["role"], "function": facts.grounds["function"], "archetype": facts.grounds["archetype"], **facts.answer, "record_confidence": facts.record_confidence}
    gives |= {"accepted": tuple(w.candidate.target for w in votes.accepted), "family": votes.accepted[0].meaning.family if votes.accepted else None}
    shares = [(o.code, o.share) for o in found.resolution.occupations]
    gives |= {"occupation_codes": tuple(code for code, _ in shares), "occupation_shares": tuple(share for _, share in shares), "occupation": found.resolution.occupation and found.resolution.occupation.code}
    gives["chance"] = facts.chance
    says = f"{len(votes.accepted)} of {len(weighed)} records vote" if weighed else "no record was found"
    return steps.add(Node("arithmetic/votes", "arithmetic", "votes", found.normal.text, says, tuple(uses), gives))


def groups_step(steps: Steps, leaves: Leaves, found: Derivation, votes: Node, sure: Node, likened: Node | None) -> Node:
    """Wider groups of the occupations: as the ranking gives them, or the shares of the votes times how often filed titles are right, or times the confidence."""
    uses = [*all_of(votes, ("occupation_codes", "occupation_shares", "chance")), use("confidence", sure), use("$filed_chance", leaves.parameter("fallback", "filed_chance"), "value")]
    if likened is not None:
        uses += all_of(likened, ("likened_groups", "likened_chances"))
    groups = found.resolution.groups
    says = ", ".join(f"{percent_text(g.chance)} in {g.code}" for g in groups) or "no occupation is known, so no group of occupations is"
    return steps.add(Node("arithmetic/groups", "arithmetic", "groups", found.normal.text, says, tuple(uses), {"groups": tuple(g.code for g in groups), "chances": tuple(g.chance for g in groups)}))


def second_job_step(steps: Steps, leaves: Leaves, found: Derivation, title: Node) -> Node:
    """The gravest audience of a published title that is a part of this one."""
    uses: list[Use] = [use("parts", title)]
    for number, job in enumerate(found.second_jobs):
        means = meaning_step(steps, leaves, job.meaning, job.naming.target, leaves.naming(job.naming))
        part = _part_step(steps, leaves, number, job)
        uses += [use(f"{number}.part", part, "part"), use(f"{number}.target", part, "target"), Use(f"{number}.audience", means.gives["audience"], means.id, "audience")]
    gives = {name: found.facts.votes[name] for name in ("second_job", "second_job_words")}
    says = f"a part of the title names work {gives['second_job']}" if gives["second_job"] else "no part of the title names work of its own"
    return steps.add(Node("arithmetic/second_job", "arithmetic", "second_job", found.normal.text, says, tuple(uses), gives))


def _part_step(steps: Steps, leaves: Leaves, number: int, job: SecondJob) -> Node:
    named = leaves.naming(job.naming)
    says = f"`{job.part}` is filed as `{job.naming.title}`" if job.naming.key == job.part else f"`{job.part}` is taken for `{job.naming.title}`, all but for its spelling"
    return steps.add(Node(f"measure/part/{number}/{job.naming.target}", "measure", "part", job.part, says, all_of(named, ("title", "target")), {"part": job.part, "target": job.naming.target}))
