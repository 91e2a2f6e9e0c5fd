"""Ids and references of the authored content: each id once within its kind, each reference to something that is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from engine.contracts import Diagnostic, Place
from engine.documents import Document
from engine.sources.format_faults import DocumentPath, nearest
from engine.sources.naming import fold
from engine.sources.wedge_format import AuthoredFile

Files = Sequence[tuple[Document, AuthoredFile]]


@dataclass(slots=True)
class _Index:
    """What was defined where, and what was referred to from where."""

    defined: dict[str, dict[str, Place]] = field(default_factory=dict)
    names: dict[str, tuple[str, Place]] = field(default_factory=dict)
    references: list[tuple[str, str, Place]] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)

    def define(self, kind: str, local: str, place: Place) -> None:
        known = self.defined.setdefault(kind, {})
        if local in known:
            self.faults.append(Diagnostic(place, "WED104", f"the {kind} id `{local}` is taken at {known[local]}", "one id names one thing of its kind", "give one of the two another id"))
        else:
            known[local] = place

    def refer(self, kind: str, local: str, place: Place) -> None:
        self.references.append((kind, local, place))


def reference_faults(files: Files, groups: set[str], invented: Collection[str] = ()) -> Iterator[tuple[Diagnostic, bool]]:
    """Faults WED104 to WED107 over all files together, each with whether it is a reference to nothing that any read file defines.

    `invented` are names that stand in for what could not be read: nobody meant them, and a reference may mean what they stand for.
    """
    index = _Index()
    for document, content in files:
        _ground(index, document, content)
        _family(index, document, content)
        _modules(index, document, content)
    yield from ((fault, False) for fault in index.faults)
    for kind, local, place in index.references:
        known = index.defined.get(kind, {}).keys()
        if kind == "SOC group":
            if local not in groups and local not in invented:
                yield Diagnostic(place, "WED105", f"no SOC group `{local}`", "the group is not part of SOC 2018", nearest(local, groups)), False
        elif local not in known and local not in invented and known.isdisjoint(invented):
            yield Diagnostic(place, "WED105", f"no {kind} `{local}`", "the reference would lead nowhere", nearest(local, known)), True


def _ground(index: _Index, document: Document, content: AuthoredFile) -> None:
    def at(*path: str | int) -> Place:
        return document.place(path)

    for n, seniority in enumerate(content.seniorities):
        index.define("seniority", seniority.id, at("seniorities", n, "id"))
    grounds = (("functions", "function", content.functions), ("archetypes", "archetype", content.archetypes))
    for name, kind, grounded in grounds:
        for n, ground in enumerate(grounded):
            index.define(kind, ground.id, at(name, n, "id"))
            _approval(index, ground.approval, at(name, n, "approval"))
            for m, group in enumerate(ground.groups):
                index.refer("SOC group", group, at(name, n, "groups", m))
            for m, share in enumerate(ground.workflows):
                index.refer("workflow", share.id, at(name, n, "workflows", m, "id"))
    for n, function in enumerate(content.functions):
        index.refer("archetype", function.falls_back_to, at("functions", n, "falls_back_to"))
    for n, named in enumerate(content.class_names):
        index.refer("SOC group", named.group, at("class_names", n, "group"))
    for n, policy in enumerate(content.policies):
        index.define("policy", policy.id, at("policies", n, "id"))
        for m, workflow in enumerate(policy.workflows):
            index.refer("workflow", workflow, at("policies", n, "workflows", m))


def _family(index: _Index, document: Document, content: AuthoredFile) -> None:
    def at(*path: str | int) -> Place:
        return document.place(path)

    if content.family is not None:
        index.define("family", content.family.id, at("family", "id"))
    elif content.roles:
        index.faults.append(Diagnostic(at("roles"), "WED106", "roles in a file without a family", "every role belongs to the family of its file", "add `family:`, or move the roles"))
    for n, cited in enumerate(content.occupations):
        _occupation(index, cited.code, cited.name, at("occupations", n))
    for n, evidence in enumerate(content.evidence):
        index.define("evidence", evidence.id, at("evidence", n, "id"))
    for n, role in enumerate(content.roles):
        index.define("role", role.id, at("roles", n, "id"))
        index.refer("seniority", role.seniority, at("roles", n, "seniority"))
        index.refer("function", role.function, at("roles", n, "function"))
        _approval(index, role.approval, at("roles", n, "approval"))
        _once(index, "occupation", [(m.code, at("roles", n, "occupations", i, "code")) for i, m in enumerate(role.occupations)])
        _once(index, "workflow", [(w.id, at("roles", n, "workflows", i, "id")) for i, w in enumerate(role.workflows)])
    for n, workflow in enumerate(content.workflows):
        index.define("workflow", workflow.id, at("workflows", n, "id"))
        index.define("deliverable", workflow.deliverable.id, at("workflows", n, "deliverable", "id"))
        for m, task in enumerate(workflow.tasks):
            here: DocumentPath = ("workflows", n, "tasks", m)
            index.define("task", task.id, at(*here, "id"))
            if task.affordance is not None:
                _once(index, "capability", [(c, at(*here, "affordance", "requires", i)) for i, c in enumerate(task.affordance.requires)])
                _once(index, "evidence", [(e, at(*here, "affordance", "evidence", i)) for i, e in enumerate(task.affordance.evidence)])


def _modules(index: _Index, document: Document, content: AuthoredFile) -> None:
    def at(*path: str | int) -> Place:
        return document.place(path)

    for n, capability in enumerate(content.capabilities):
        index.define("capability", capability.id, at("capabilities", n, "id"))
    for n, module in enumerate(content.modules):
        index.define("module", module.id, at("modules", n, "id"))
        _approval(index, module.approval, at("modules", n, "approval"))
        _approval(index, module.rubric.approval, at("modules", n, "rubric", "approval"))
        _once(index, "capability", [(c, at("modules", n, "teaches", i)) for i, c in enumerate(module.teaches)])
        _once(index, "module", [(p, at("modules", n, "prerequisites", i)) for i, p in enumerate(module.prerequisites)])
        for m, criterion in enumerate(module.rubric.criteria):
            index.define("criterion", f"{module.id}.{criterion.id}", at("modules", n, "rubric", "criteria", m, "id"))


def _approval(index: _Index, approval: str | None, place: Place) -> None:
    if approval is not None:
        index.refer("evidence", approval, place)


def _once(index: _Index, kind: str, references: list[tuple[str, Place]]) -> None:
    """References of one list: each must exist and stand once."""
    seen: dict[str, Place] = {}
    for local, place in references:
        if local in seen:
            index.faults.append(Diagnostic(place, "WED104", f"{kind} `{local}` is listed twice, first at {seen[local]}", "the second would be lost", "remove one of the two"))
        else:
            seen[local] = place
            index.refer(kind, local, place)


def _occupation(index: _Index, code: str, name: str, place: Place) -> None:
    """Several files may cite one occupation, under one name."""
    known = index.names.setdefault(code, (name, place))
    if fold(known[0]) != fold(name):
        index.faults.append(Diagnostic(place, "WED107", f"{code} is called `{name}` here and `{known[0]}` at {known[1]}", "a code has one name", "use the publisher's name"))
    index.defined.setdefault("occupation", {}).setdefault(code, place)
