"""Authored content as lexical rows by record table, each with the line that it was written on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.contracts import decimal_text, key, uuid_of
from engine.documents import Document
from engine.sources.format_faults import DocumentPath
from engine.sources.ledger import Origin
from engine.sources.naming import title_key
from engine.sources.rows import Lexical, Row
from engine.sources.wedge_format import Archetype, AuthoredFile, Module, Role, Task, Workflow
from engine.sources.wedge_positions import Passage, Positions

LANGUAGE = "en"
AUTHORED = "authored"
NAMED_ANYWHERE = ("Occupation", "Title")  # several files may name one


def wedge_rows(files: Sequence[tuple[Document, AuthoredFile]], origin: Origin) -> tuple[dict[str, list[Row]], Positions]:
    """Rows by record table, and where each record and link was written. A reference that leads nowhere gives a link that leads nowhere."""
    writer = _Writer(origin)
    workflows = {w.id: w for _, content in files for w in content.workflows}
    for document, content in files:
        _Content(writer, document, workflows).write(content)
    return writer.rows, Positions(writer.records, writer.linked, frozenset(writer.doubled))


class _Writer:
    """Collects rows; a record or link that was written before is not written again."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.rows: dict[str, list[Row]] = {}
        self.records: dict[str, Passage] = {}
        self.linked: dict[tuple[str, str, str], Passage] = {}
        self.doubled: set[str] = set()
        self.links: set[tuple[Lexical, ...]] = set()

    def record(self, target: str, record_key: str, at: Passage, confidence: Decimal | None = None, **values: Lexical) -> str:
        if record_key not in self.records:
            self.records[record_key] = Passage(at.document, at.path, target)
            self._append(target, {"id": record_key, **values}, at, confidence)
        elif target not in NAMED_ANYWHERE:
            self.doubled.add(record_key)
        return record_key

    def link(self, target: str, start: str, end: str, at: Passage, confidence: Decimal | None = None, **values: Lexical) -> None:
        identity = (target, start, end, values.get("naming_kind"))
        if identity not in self.links:
            self.links.add(identity)
            self.linked.setdefault((target.split(".", 1)[0], start, end), at)
            self._append(target, {"from": start, "to": end, **values}, at, confidence)

    def _append(self, target: str, values: dict[str, Lexical], at: Passage, confidence: Decimal | None) -> None:
        stamp = self.origin.provenance(str(at.place), confidence=confidence, derived_by=AUTHORED)
        # an empty list is a missing value, as an absent one is
        self.rows.setdefault(target, []).append({**{name: None if value == () else value for name, value in values.items()}, **stamp})


class _Content:
    """Writes the content of one file."""

    def __init__(self, writer: _Writer, document: Document, workflows: dict[str, Workflow]) -> None:
        self.writer, self.document, self.workflows = writer, document, workflows
        self.creator = writer.origin.entry.owner

    def at(self, *path: str | int) -> Passage:
        return Passage(self.document, path)

    def write(self, content: AuthoredFile) -> None:
        record = self.writer.record
        if content.family is not None:
            family = content.family
            record("RoleFamily", key("family", family.id), self.at("family"), label=family.label, description=family.description)
        for n, cited in enumerate(content.occupations):
            occupation = record("Occupation", key("occupation", cited.code), self.at("occupations", n), label=cited.name, code=cited.code)
            self.writer.link("BROADER.Occupation.OccupationGroup", occupation, key("soc", cited.code[:7]), self.at("occupations", n))
        for n, e in enumerate(content.evidence):
            record(
                "Evidence", key("evidence", e.id), self.at("evidence", n), e.confidence, label=e.label, evidence_kind=e.kind, description=e.description,
                method=e.method, direction=e.direction, value=None if e.value is None else decimal_text(e.value), value_unit=e.unit, cited_work=e.cited,
                approved_by=e.approved_by, dated=e.dated.isoformat(),
            )  # fmt: skip
        for n, role in enumerate(content.roles):
            self._role(role, ("roles", n), content.family.id if content.family else "")
        for n, workflow in enumerate(content.workflows):
            self._workflow(workflow, ("workflows", n))
        for n, c in enumerate(content.capabilities):
            capability = key("capability", c.id)
            record(
                "Capability", capability, self.at("capabilities", n), label=c.label, description=c.description, ladder_level=str(c.level), status=c.status,
                version=c.version, modified=c.modified.isoformat(), identifier=uuid_of(capability), language=LANGUAGE, creator=self.creator,
            )  # fmt: skip
        for n, module in enumerate(content.modules):
            self._module(module, ("modules", n))
        self._ground(content)

    def _ground(self, content: AuthoredFile) -> None:
        record, link = self.writer.record, self.writer.link
        for n, s in enumerate(content.seniorities):
            record("Seniority", key("seniority", s.id), self.at("seniorities", n), label=s.label, rank=str(s.rank), description=s.description, terms=s.terms)
        for n, f in enumerate(content.functions):
            function = self._grounded("Function", f, ("functions", n), "IN_FUNCTION")
            link("FALLS_BACK_TO.Function.Archetype", function, key("archetype", f.falls_back_to), self.at("functions", n, "falls_back_to"))
        for n, a in enumerate(content.archetypes):
            self._grounded("Archetype", a, ("archetypes", n), "FALLS_BACK_TO")
        for n, named in enumerate(content.class_names):
            for m, name in enumerate(named.names):
                place = self.at("class_names", n, "names", m)
                title = record("Title", title_key(name), place, label=name)
                link("NAMES.Title.OccupationGroup", title, key("soc", named.group), place, naming_kind="alias")
        for n, p in enumerate(content.policies):
            policy = record(
                "Policy", key("policy", p.id), self.at("policies", n), p.confidence, label=p.label, description=p.description, jurisdiction=p.jurisdiction,
                legal_citation=p.citation, effect=p.effect, effective_from=p.effective.isoformat() if p.effective else None, verification=p.verification,
            )  # fmt: skip
            for m, workflow in enumerate(p.workflows):
                link("CONSTRAINS.Policy.Workflow", policy, key("workflow", workflow), self.at("policies", n, "workflows", m), p.confidence)

    def _grounded(self, name: str, ground: Archetype, path: DocumentPath, grouping: str) -> str:
        """A function or archetype with its classes of work and workflows."""
        ground_key = key(name.lower(), ground.id)
        self.writer.record(name, ground_key, self.at(*path), label=ground.label, description=ground.description, status=ground.status, terms=ground.terms)
        self._approved(name, ground_key, ground.approval, (*path, "approval"))
        for m, group in enumerate(ground.groups):
            self.writer.link(f"{grouping}.OccupationGroup.{name}", key("soc", group), ground_key, self.at(*path, "groups", m))
        for m, share in enumerate(ground.workflows):
            self.writer.link(
                f"HAS_WORKFLOW.{name}.Workflow", ground_key, key("workflow", share.id), self.at(*path, "workflows", m),
                importance=decimal_text(share.importance), hours_share=decimal_text(share.hours_share),
            )  # fmt: skip
        return ground_key

    def _approved(self, name: str, record_key: str, approval: str | None, path: DocumentPath) -> None:
        if approval is not None:
            self.writer.link(f"SUPPORTED_BY.{name}.Evidence", record_key, key("evidence", approval), self.at(*path))

    def _role(self, role: Role, path: DocumentPath, family: str) -> None:
        record, link, sure = self.writer.record, self.writer.link, role.confidence
        role_key = record(
            "Role", key("role", role.id), self.at(*path), sure, label=role.label, description=role.description, status=role.status, specialisms=role.specialisms,
        )  # fmt: skip
        link("IN_FAMILY.Role.RoleFamily", role_key, key("family", family), self.at(*path))
        link("IN_FUNCTION.Role.Function", role_key, key("function", role.function), self.at(*path, "function"), sure)
        link("FALLS_BACK_TO.Role.Function", role_key, key("function", role.function), self.at(*path, "function"), sure)
        link("AT_SENIORITY.Role.Seniority", role_key, key("seniority", role.seniority), self.at(*path, "seniority"), sure)
        self._approved("Role", role_key, role.approval, (*path, "approval"))
        names = [(role.label, "canonical", self.at(*path, "label")), *((a, "alias", self.at(*path, "aliases", m)) for m, a in enumerate(role.aliases))]
        for text, kind, place in names:
            title = record("Title", title_key(text), place, label=text)
            link("NAMES.Title.Role", title, role_key, place, sure, naming_kind=kind)
        for m, mapped in enumerate(role.occupations):
            link("MAPS_TO.Role.Occupation", role_key, key("occupation", mapped.code), self.at(*path, "occupations", m), mapped.confidence, mapping_relation=mapped.relation)
        for m, share in enumerate(role.workflows):
            place, importance = self.at(*path, "workflows", m), decimal_text(share.importance)
            link("HAS_WORKFLOW.Role.Workflow", role_key, key("workflow", share.id), place, sure, importance=importance, hours_share=decimal_text(share.hours_share))
            for task in self.workflows[share.id].tasks if share.id in self.workflows else ():
                link("PERFORMS.Role.Task", role_key, key("task", task.id), place, sure, importance=importance)

    def _workflow(self, workflow: Workflow, path: DocumentPath) -> None:
        record, link = self.writer.record, self.writer.link
        workflow_key = record(
            "Workflow", key("workflow", workflow.id), self.at(*path), label=workflow.label, description=workflow.description, trigger=workflow.trigger,
            accountable=workflow.accountable, status=workflow.status,
        )  # fmt: skip
        handed = workflow.deliverable
        place = self.at(*path, "deliverable")
        deliverable = record("Deliverable", key("deliverable", handed.id), place, label=handed.label, description=handed.description, acceptance=handed.acceptance)
        link("PRODUCES.Workflow.Deliverable", workflow_key, deliverable, place)
        for m, task in enumerate(workflow.tasks):
            task_key = self._task(task, (*path, "tasks", m))
            link("COVERS.Workflow.Task", workflow_key, task_key, self.at(*path, "tasks", m))

    def _task(self, task: Task, path: DocumentPath) -> str:
        record, link = self.writer.record, self.writer.link
        task_key = record("Task", key("task", task.id), self.at(*path), statement=task.statement, task_type="Authored")
        for m, number in enumerate(task.onet_tasks):
            link("ALIGNS_WITH.Task.Task", task_key, key("task", str(number)), self.at(*path, "onet_tasks", m))
        if task.affordance is None:
            return task_key
        a, here = task.affordance, (*path, "affordance")
        affordance = record(
            "Affordance", key("affordance", task.id), self.at(*here), a.confidence, label=a.label, applicability=decimal_text(a.applicability), risk_level=a.risk,
            grants=a.grants, blocks=a.blocks, checkpoints=a.checkpoints, failure_modes=a.failure_modes,
        )  # fmt: skip
        link("AFFORDED_BY.Task.Affordance", task_key, affordance, self.at(*here), a.confidence)
        for m, capability in enumerate(a.requires):
            link("REQUIRES_CAPABILITY.Affordance.Capability", affordance, key("capability", capability), self.at(*here, "requires", m), a.confidence)
        for m, evidence in enumerate(a.evidence):
            link("SUPPORTED_BY.Affordance.Evidence", affordance, key("evidence", evidence), self.at(*here, "evidence", m), a.confidence)
        return task_key

    def _module(self, module: Module, path: DocumentPath) -> None:
        record, link = self.writer.record, self.writer.link
        module_key, exercise_key, rubric_key = (key(kind, module.id) for kind in ("module", "exercise", "rubric"))
        editorial: dict[str, Any] = {"version": module.version, "modified": module.modified.isoformat(), "language": LANGUAGE, "creator": self.creator}
        record(
            "Module", module_key, self.at(*path), label=module.label, description=module.description, ladder_level=str(module.level),
            effort_hours=decimal_text(module.hours), status=module.status, outcomes=module.outcomes, lesson=module.lesson, identifier=uuid_of(module_key), **editorial,
        )  # fmt: skip
        self._approved("Module", module_key, module.approval, (*path, "approval"))
        for m, capability in enumerate(module.teaches):
            link("TEACHES.Module.Capability", module_key, key("capability", capability), self.at(*path, "teaches", m))
        for m, before in enumerate(module.prerequisites):
            link("PREREQUISITE.Module.Module", module_key, key("module", before), self.at(*path, "prerequisites", m))
        exercise, rubric = module.exercise, module.rubric
        at_exercise, at_rubric = self.at(*path, "exercise"), self.at(*path, "rubric")
        record(
            "Exercise", exercise_key, at_exercise, label=exercise.label, description=exercise.description, brief=exercise.brief,
            effort_hours=decimal_text(exercise.hours), materials=exercise.materials, evidence_produced=exercise.evidence_produced,
        )  # fmt: skip
        link("PRACTISED_BY.Module.Exercise", module_key, exercise_key, at_exercise)
        record(
            "Rubric", rubric_key, at_rubric, label=rubric.label, pass_score=decimal_text(rubric.pass_score), partial_score=decimal_text(rubric.partial_score),
            status=rubric.status, identifier=uuid_of(rubric_key), **editorial,
        )  # fmt: skip
        self._approved("Rubric", rubric_key, rubric.approval, (*path, "rubric", "approval"))
        link("GRADED_BY.Exercise.Rubric", exercise_key, rubric_key, at_rubric)
        for m, c in enumerate(rubric.criteria):
            place, criterion = self.at(*path, "rubric", "criteria", m), key("criterion", f"{module.id}.{c.id}")
            record(
                "Criterion", criterion, place, label=c.claim, evidence_rule=c.evidence_rule, task_feature=c.task_feature, weight=decimal_text(c.weight),
                scoring=c.scoring, check_type=c.check, gate="true" if c.gate else "false", polarity=c.polarity, trap="true" if c.trap else "false",
                position=str(m + 1), identifier=uuid_of(criterion),
            )  # fmt: skip
            link("HAS_CRITERION.Rubric.Criterion", rubric_key, criterion, place)
