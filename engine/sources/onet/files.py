"""Files of the O*NET text database with their official columns.

The text release names things by id only; the releases in spreadsheet form repeat titles and element names, so those
columns are optional. Absent optional files leave a stated gap.
"""

from __future__ import annotations

from engine.sources.layout import Column, Identity, Reference, TableLayout, columns

CODE = "O*NET-SOC Code"
SURVEYED = "Date, Domain Source"
OF_OCCUPATION = Reference("occupation", (CODE,), "occupation_data", (CODE,))
OF_TASK = Reference("task", (CODE, "Task ID"), "task_statements", (CODE, "Task ID"))
OF_ELEMENT = Reference("element", ("Element ID",), "content_model_reference", ("Element ID",), unless="Element Name")


def _ratings(file: str, staged_table: str, absence: str) -> TableLayout:
    """Skills and Knowledge have one layout."""
    return TableLayout(
        file, staged_table,
        columns(f"{CODE}, Element ID, Scale ID, Data Value", f"Title, Element Name, Scale Name, N, Standard Error, Lower CI Bound, Upper CI Bound, Recommend Suppress, Not Relevant, {SURVEYED}"),
        keys=(CODE, "Element ID", "Scale ID"), references=(OF_OCCUPATION, OF_ELEMENT), absence=absence,
    )  # fmt: skip


_SAMPLED = "N, Standard Error, Lower CI Bound, Upper CI Bound, Recommend Suppress"

PREPARATION: tuple[TableLayout, ...] = (
    TableLayout(
        "Education, Training, and Experience Categories.txt", "preparation_categories", columns("Element ID, Scale ID, Category, Category Description", "Element Name, Scale Name"),
        keys=("Scale ID", "Category"), identities=(Identity(("Scale ID", "Category"), ("Category Description",)),), absence="the wording of levels of education, experience and training",
    ),
    TableLayout(
        "Education, Training, and Experience.txt", "preparation", columns(f"{CODE}, Element ID, Scale ID, Category, Data Value", f"Title, Element Name, Scale Name, {_SAMPLED}, {SURVEYED}"),
        keys=(CODE, "Scale ID", "Category"), references=(OF_OCCUPATION,), absence="the education, experience and training that job holders name",
    ),
    TableLayout("Work Context Categories.txt", "work_context_categories", columns("Element ID, Scale ID, Category, Category Description", "Element Name, Scale Name"),
        keys=("Element ID", "Scale ID", "Category"), absence="the wording of answers about work context", projected=False),
    TableLayout(
        "Work Context.txt", "work_context", columns(f"{CODE}, Element ID, Scale ID, Category, Data Value", f"Title, Element Name, Scale Name, {_SAMPLED}, Not Relevant, {SURVEYED}"),
        keys=(CODE, "Element ID", "Scale ID", "Category"), references=(OF_OCCUPATION, OF_ELEMENT), absence="the setting in which occupations work",
    ),
)  # fmt: skip

FILES: tuple[TableLayout, ...] = (
    TableLayout(
        "Occupation Data.txt", "occupation_data", columns(f"{CODE}, Title, Description"),
        optional=False, keys=(CODE,), identities=(Identity((CODE,)),),
    ),
    TableLayout(
        "Task Statements.txt", "task_statements", columns(f"{CODE}, Task ID, Task, Task Type", f"Title, Incumbents Responding, {SURVEYED}"),
        optional=False, keys=(CODE, "Task ID"), identities=(Identity(("Task ID",), ("Task",)),), references=(OF_OCCUPATION,),
    ),
    TableLayout(
        "Task Ratings.txt", "task_ratings",
        columns(f"{CODE}, Task ID, Scale ID, Category, Data Value", f"Title, Task, Scale Name, N, Standard Error, Lower CI Bound, Upper CI Bound, Recommend Suppress, {SURVEYED}"),
        keys=(CODE, "Task ID", "Scale ID", "Category"), references=(OF_OCCUPATION, OF_TASK), absence="importance, relevance and frequency of tasks",
    ),
    TableLayout(
        "task_frequency_mean.csv", "task_frequency_mean", columns(f"{CODE}, Task ID, freq_mean", "freq_lower, freq_upper"),
        delimiter=",", quoted=True, keys=(CODE, "Task ID"), references=(OF_OCCUPATION, OF_TASK),
    ),
    TableLayout("Task Categories.txt", "task_categories", columns("Scale ID, Category, Category Description", "Scale Name"), keys=("Scale ID", "Category"), absence="the wording of frequency categories", projected=False),
    TableLayout(
        "Emerging Tasks.txt", "emerging_tasks", columns(f"{CODE}, Task, Category, Original Task ID, Original Task", f"Title, {SURVEYED}"),
        keys=(CODE, "Task"), references=(OF_OCCUPATION,), absence="new and revised tasks",
    ),
    TableLayout("Tasks to DWAs.txt", "tasks_to_dwas", columns(f"{CODE}, Task ID, DWA ID", f"Title, Task, DWA Title, {SURVEYED}"), keys=(CODE, "Task ID", "DWA ID"),
        references=(OF_OCCUPATION, OF_TASK, Reference("activity", ("DWA ID",), "dwa_reference", ("DWA ID",))), absence="links from tasks to work activities"),
    TableLayout(
        "DWA Reference.txt", "dwa_reference", columns("Element ID, IWA ID, DWA ID, DWA Title", "Element Name, IWA Title"),
        keys=("DWA ID",), identities=(Identity(("DWA ID",), ("DWA Title",)),), absence="detailed work activities",
    ),
    TableLayout("IWA Reference.txt", "iwa_reference", columns("Element ID, IWA ID, IWA Title", "Element Name"), keys=("IWA ID",), identities=(Identity(("IWA ID",), ("IWA Title",)),), absence="names of intermediate work activities"),
    TableLayout(
        "Content Model Reference.txt", "content_model_reference", columns("Element ID, Element Name, Description"),
        keys=("Element ID",), identities=(Identity(("Element ID",), ("Element Name",)),), absence="names and descriptions of skills, knowledge, interests and generalized activities",
    ),
    TableLayout("Alternate Titles.txt", "alternate_titles", columns(f"{CODE}, Alternate Title, Short Title, Source(s)", "Title"), keys=(CODE, "Alternate Title"), references=(OF_OCCUPATION,), absence="alternate titles"),
    TableLayout("Sample of Reported Titles.txt", "reported_titles", columns(f"{CODE}, Reported Job Title", "Title, Shown in My Next Move, Shown in My Next Move (Y/N)"), keys=(CODE, "Reported Job Title"), references=(OF_OCCUPATION,), absence="titles reported by job holders"),
    TableLayout("Job Zones.txt", "job_zones", columns(f"{CODE}, Job Zone", f"Title, {SURVEYED}"), keys=(CODE,), identities=(Identity((CODE,), ("Job Zone",)),), references=(OF_OCCUPATION,), absence="job zones"),
    TableLayout("Job Zone Reference.txt", "job_zone_reference", columns("Job Zone, Name", "Experience, Education, Job Training, Examples, SVP Range"), keys=("Job Zone",), absence="the wording of job zones", projected=False),
    TableLayout(
        "Related Occupations.txt", "related_occupations",
        (*columns(f"{CODE}, Related O*NET-SOC Code, Relatedness Tier, Index"), Column("Title", False), Column("Related Title", False)),
        keys=(CODE, "Related O*NET-SOC Code"), references=(OF_OCCUPATION, Reference("occupation", ("Related O*NET-SOC Code",), "occupation_data", (CODE,))), absence="related occupations",
    ),
    TableLayout("Technology Skills.txt", "technology_skills", columns(f"{CODE}, Example, Commodity Code, Commodity Title, Hot Technology", "Title, In Demand"), keys=(CODE, "Example", "Commodity Code"), references=(OF_OCCUPATION,), absence="software used"),
    TableLayout("Tools Used.txt", "tools_used", columns(f"{CODE}, Example, Commodity Code, Commodity Title", "Title"), keys=(CODE, "Example", "Commodity Code"), references=(OF_OCCUPATION,), absence="tools used"),
    _ratings("Skills.txt", "skills", "skills"),
    _ratings("Knowledge.txt", "knowledge", "knowledge"),
    TableLayout("Interests.txt", "interests", columns(f"{CODE}, Element ID, Scale ID, Data Value", f"Title, Element Name, Scale Name, {SURVEYED}"), keys=(CODE, "Element ID", "Scale ID"), references=(OF_OCCUPATION, OF_ELEMENT), absence="occupational interests"),
    TableLayout("Scales Reference.txt", "scales_reference", columns("Scale ID, Minimum, Maximum", "Scale Name"), keys=("Scale ID",), identities=(Identity(("Scale ID",), ("Minimum", "Maximum")),), absence="the ends of every scale, so that no rating can be standardized"),
    TableLayout("Level Scale Anchors.txt", "level_scale_anchors", columns("Element ID, Scale ID, Anchor Value, Anchor Description", "Element Name, Scale Name"), keys=("Element ID", "Scale ID", "Anchor Value"), absence="examples for levels", projected=False),
    *PREPARATION,
)  # fmt: skip
