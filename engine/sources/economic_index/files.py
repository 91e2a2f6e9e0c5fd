"""Files of the index as released, with their columns."""

from __future__ import annotations

from engine.sources.layout import Identity, TableLayout, columns

MAPPINGS, OLDER = "onet_task_mappings.csv", "onet_task_statements_v20_1.csv"
INTERACTIONS, EMPLOYMENT, WAGES = "automation_vs_augmentation.csv", "bls_employment_may_2023.csv", "wage_data.csv"
CROSSWALK, STRUCTURE = "onetsoc_2010_to_2019_crosswalk.csv", "soc_structure_2019_onet.csv"


def _csv(
    file: str, staged_table: str, required: str, also: str = "", *, optional: bool = True, key: tuple[str, ...] = (), once: tuple[Identity, ...] = (),
    absence: str = "", projected: bool = True, also_called: tuple[str, ...] = (),
) -> TableLayout:  # fmt: skip
    return TableLayout(
        file, staged_table, columns(required, also), delimiter=",", quoted=True, optional=optional, keys=key, identities=once, absence=absence, projected=projected, alternatives=also_called,
    )  # fmt: skip


FILES: tuple[TableLayout, ...] = (
    _csv(MAPPINGS, "task_mappings", "task_name, pct", optional=False, key=("task_name",), once=(Identity(("task_name",), ("pct",)),)),
    _csv(
        OLDER, "older_statements", "O*NET-SOC Code, Task ID, Task", "Title, Task Type, Incumbents Responding, Date, Domain Source",
        key=("O*NET-SOC Code", "Task ID"), once=(Identity(("Task ID",), ("Task",)),), absence="the way from its task texts to task ids; they join by text alone", also_called=("onet_task_statements.csv",),
    ),
    _csv(INTERACTIONS, "interactions", "interaction_type, pct", key=("interaction_type",), once=(Identity(("interaction_type",), ("pct",)),), absence="shares of automation and augmentation"),
    _csv(EMPLOYMENT, "employment", "SOC or O*NET-SOC 2019 Title, bls_distribution", key=("SOC or O*NET-SOC 2019 Title",), absence="its older figures of employment"),
    _csv(WAGES, "wages", "SOCcode, JobName, MedianSalary", "JobFamily", key=("SOCcode",), once=(Identity(("SOCcode",), ("MedianSalary",)),), absence="its older signals of wages"),
    _csv(
        CROSSWALK, "onetsoc_crosswalk", "O*NET-SOC 2010 Code, O*NET-SOC 2019 Code", "O*NET-SOC 2010 Title, O*NET-SOC 2019 Title",
        key=("O*NET-SOC 2010 Code", "O*NET-SOC 2019 Code"), absence="the way from the codes of O*NET-SOC 2010, in which its wages are written, to those of today", also_called=("2010_to_2019_Crosswalk.csv",),
    ),
    _csv(
        STRUCTURE, "soc_structure", "Major Group, Minor Group, Broad Occupation, Detailed Occupation, Detailed O*NET-SOC, SOC or O*NET-SOC 2019 Title",
        absence="a copy of the SOC structure that is not used", projected=False, also_called=("SOC_Structure.csv",),
    ),
)  # fmt: skip
