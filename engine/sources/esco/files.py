"""The English CSV files of ESCO 1.2, in the publisher's layout. Lists of labels hold one label a line, so cells span lines."""

from __future__ import annotations

from engine.sources.layout import Identity, TableLayout, columns

OCCUPATIONS = TableLayout(
    "occupations_en.csv", "occupations",
    columns("conceptType, conceptUri, iscoGroup, preferredLabel, altLabels, code", "hiddenLabels, status, modifiedDate, regulatedProfessionNote, scopeNote, definition, inScheme, description"),
    delimiter=",", quoted=True, multiline=True, optional=False, identities=(Identity(("conceptUri",)), Identity(("code",))),
    constants=(("conceptType", "Occupation"),),
)  # fmt: skip
ISCO_GROUPS = TableLayout(
    "ISCOGroups_en.csv", "isco_groups", columns("conceptType, conceptUri, code, preferredLabel", "status, altLabels, inScheme, description"),
    delimiter=",", quoted=True, multiline=True, identities=(Identity(("conceptUri",)), Identity(("code",))), absence="the ISCO groups above the occupations",
    constants=(("conceptType", "ISCOGroup"),),
)  # fmt: skip
BROADER = TableLayout(
    "broaderRelationsOccPillar_en.csv", "broader_relations", columns("conceptType, conceptUri, broaderType, broaderUri"),
    delimiter=",", quoted=True, multiline=True, keys=("conceptUri", "broaderUri"), absence="what stands above each occupation and group",
)  # fmt: skip
SKILL_GROUPS = TableLayout(
    "skillGroups_en.csv", "skill_groups",
    columns("conceptType, conceptUri, preferredLabel", "altLabels, hiddenLabels, status, modifiedDate, scopeNote, inScheme, description, code"),
    delimiter=",", quoted=True, multiline=True, keys=("conceptUri",), projected=False, constants=(("conceptType", "SkillGroup"),),
)  # fmt: skip
DIGITAL_SKILLS = TableLayout(
    "digitalSkillsCollection_en.csv", "digital_skills",
    columns("conceptType, conceptUri, preferredLabel", "status, skillType, reuseLevel, altLabels, description, broaderConceptUri, broaderConceptPT"),
    delimiter=",", quoted=True, multiline=True, keys=("conceptUri",), projected=False, constants=(("conceptType", "KnowledgeSkillCompetence"),),
)  # fmt: skip

FILES = (OCCUPATIONS, ISCO_GROUPS, BROADER, SKILL_GROUPS, DIGITAL_SKILLS)
