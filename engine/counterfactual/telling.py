"""A change in words: what would have to be true, of which record, and whether an author can make it so.

In: a change with the worlds before and after. Out: a sentence, its kind and the record. Refuses to know whether the change flips anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine.contracts import percent_text
from engine.counterfactual.worlds import ROLE_CLAIMS, value_of
from engine.resolver import TitleFacts
from engine.rules import Value

Maker = Literal["author", "evidence", "title"]
MAKERS: tuple[Maker, ...] = ("author", "evidence", "title")  # nearest at hand first
_AUDIENCES = {"votes_inside": "work we write for", "votes_held": "regulated work", "votes_outside": "work outside the audience"}
_NAMED = {"inside": "work we write for", "held": "regulated work", "outside": "work outside the audience"}
_CLAIMS: dict[object, str] = {
    "exact": "it is a role's canonical name", "alias": "it is another name of a role", "settled_class": "it is a settled name of an occupation", "class_of_work": "it is known by records of a class of work",
    "ground": "it is known by a word of a function or archetype", None: "nothing claims it",
}  # fmt: skip
_ARTICLES = {"role": "an authored role", "function": "a function", "archetype": "an archetype"}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One fact that would have to be otherwise. `maker`: `author` (a change to authored content makes it so), `evidence` (only other records of the matched
    titles can), `title` (only other words of the title can). `record` is its key, None where no such record exists or none is concerned."""

    fact: str
    now: Value | None
    then: Value | None
    maker: Maker
    record: str | None
    sentence: str


def tell(title: str, before: TitleFacts, after: TitleFacts, fact: str, then: Value | None) -> ToldChange:
    """The change in words."""
    now = value_of(before, fact)
    if fact.startswith("depth."):
        _, kind, column = fact.split(".")
        record = after.grounds.get(kind)
        now = value_of(before, fact) if record == before.grounds.get(kind) else None
        return ToldChange(fact, now, then, "author", record, _of_ground(record or _ARTICLES[kind], column, now, then))
    if fact == "best_claim":
        role = after.grounds.get("role") if then in ROLE_CLAIMS else before.grounds.get("role")
        authored = then in (*ROLE_CLAIMS, "settled_class", "ground") or (then is None and now != "class_of_work")
        return ToldChange(fact, now, then, "author" if authored else "evidence", role, _of_claim(title, role, now, then))
    role = before.grounds.get("role")
    if fact == "roles":
        return ToldChange(fact, now, then, "author", role, f"`{title}` would have to name {then} authored role{'s alike' if then != 1 else ', and no other'} (now {now})")
    if fact in ("second_job", "second_job_words", "field_words"):
        return ToldChange(fact, now, then, "title", None, _of_words(fact, now, then))
    maker: Maker = "author" if fact == "strength" and role and _up(now, then) else "evidence"
    return ToldChange(fact, now, then, maker, role if fact == "strength" else None, _of_votes(title, fact, now, then, role))


def _of_ground(name: str, column: str, now: Any, then: Any) -> str:
    met = "not on record" if now is None else f"now {now}"
    if column == "status":
        return f"the state of {name} would have to be `{then}` ({met})"
    if column == "approvals":
        return f"no approval might be on record for {name} ({met})" if not then else f"{name} lacks approval evidence: {then} would have to be on record ({met})"
    if column == "workflows":
        return f"{name} would have to have {then} approved workflow{'' if then == 1 else 's'} ({met})"
    return f"`{column}` of {name} would have to be {then} ({met})"


def _of_claim(title: str, role: str | None, now: Any, then: Any) -> str:
    met = f"now {_CLAIMS[now]}"
    if then in ROLE_CLAIMS:
        if role is None:
            return f"an authored role would have to {'be called' if then == 'exact' else 'have as another name'} `{title}`; there is none ({met})"
        return f"`{title}` would have to be {'the canonical name' if then == 'exact' else 'filed as another name'} of {role} ({met})"
    if then is None:
        return f"no record at all would have to claim `{title}` ({met})"
    kind = "a word of a function or archetype" if then == "ground" else "filed for a class of work only, as publishers do"
    return f"`{title}` would have to be {kind} ({met})"


def _of_words(fact: str, now: Any, then: Any) -> str:
    if fact == "second_job":
        return f"the title would have to name no second job (now one for {_NAMED[now]})" if then is None else f"a part of the title would have to name a second job, for {_NAMED[then]}"
    if fact == "second_job_words":
        return f"the second job in the title would have to be written in {then} word{'' if then == 1 else 's'} (now {now})"
    said = ", ".join(f"`{word}`" for word in then)
    met = ", ".join(f"`{word}`" for word in now) or "nothing"
    return f"beside the name of the work the title would have to say {f'a word such as {said}' if said else 'no other word'} (now {met})"


def _of_votes(title: str, fact: str, now: Any, then: Any, role: str | None) -> str:
    least = "at least" if _up(now, then) else "at most"
    share, met = _share(then), f"now {_share(now)}"
    if fact == "strength":
        filed = f": file the title as it is written among the names of {role}" if role and _up(now, then) else ""
        return f"the best match of `{title}` would have to be trusted {least} {share} ({met}){filed}"
    if fact in _AUDIENCES:
        return f"{least} {share} of the votes would have to be for {_AUDIENCES[fact]} ({met})"
    part = {"votes_function": "one function", "rival_function": "a second function", "votes_archetype": "one archetype"}[fact]
    return f"{least} {share} of the votes would have to be for {part} ({met})"


def _up(now: Any, then: Any) -> bool:
    return bool((then or 0) > (now or 0))


def _share(value: Any) -> str:
    whole = value * 100
    return percent_text(value) if whole == whole.to_integral_value() else f"{whole.normalize():f} %"
