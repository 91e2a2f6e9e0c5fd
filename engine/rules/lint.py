"""What is wrong with rules that can be loaded: rows that never fire, terms nobody uses, packs without cases."""

from __future__ import annotations

from collections.abc import Iterator

from engine.contracts import BadInput, Diagnostic, Report, Severity
from engine.rules.cases import has_cases, run_cases
from engine.rules.check_rows import contradictions, row_faults
from engine.rules.decide import parameters_of
from engine.rules.pack import Pack, Table
from engine.rules.rulebook import Rulebook


def check(rulebook: Rulebook) -> Report:
    """Findings over a loaded rulebook, sorted by place.

    Errors: RUL140 unreachable row, RUL144 input that no row meets and no reason why, RUL146 rows of a `unique` table that meet,
    RUL150 pack without cases, RUL151 row (or scoring) that no case fires, RUL152 gaps stated where there are none, RUL154 no
    README. Warnings: RUL141 unused input, RUL145 column used but never tested or named, RUL147 output not stated, RUL149
    condition that decides nothing. Notes: RUL142 parameter and RUL143 fact column that only callers can use, RUL148 not decided.
    Raises BadInput for faults of form in `cases.yaml`.
    """
    found: list[Diagnostic] = []
    for pack in rulebook.packs.values():
        for table in pack.tables.values():
            found.extend(row_faults(pack, table))
            found.extend(_unstated(pack, table))
            found.extend(_idle_columns(pack, table))
        found.extend(_unused(pack))
        if (pack.tables or pack.scorings) and not has_cases(pack):
            found.append(Diagnostic(pack.place(), "RUL150", f"pack `{pack.name}` has no cases", "nobody can tell what it is meant to do", "add cases.yaml with a case for each row"))
        if pack.folder is not None and not (pack.folder / "README.md").is_file():
            found.append(Diagnostic(pack.place(), "RUL154", f"pack `{pack.name}` has no README.md", "its readers want to know why the rules are so", "add README.md"))
    for unfired in run_cases(rulebook).unfired:
        what = f"no case fires row `{unfired.rule}` of `{unfired.table}`" if unfired.rule else f"no case asks for scoring `{unfired.table}`"
        found.append(Diagnostic(unfired.place, "RUL151", what, "a change to it would go unnoticed", f"add a case to rules/{unfired.pack}/cases.yaml"))
    return Report.of(found)


def refuse_contradictions(rulebook: Rulebook) -> None:
    """Raise BadInput with RUL146 for every two rows of a `unique` table that contradict each other on some input."""
    found = [d for pack in rulebook.packs.values() for table in pack.tables.values() for d in contradictions(pack, table)]
    if found:
        raise BadInput(*found)


def _unstated(pack: Pack, table: Table) -> Iterator[Diagnostic]:
    for number, rule in enumerate(table.rules):
        for output in table.outputs:
            if output.name not in dict(rule.then):
                where = pack.place("tables", table.name, "rules", number, "then")
                yield Diagnostic(where, "RUL147", f"row `{rule.id}` does not state `{output.name}`", "it is then missing", f"write `{output.name}: null` if that is meant", Severity.WARNING)


def _idle_columns(pack: Pack, table: Table) -> Iterator[Diagnostic]:
    touched = {name for rule in table.rules for name, _ in rule.when} | {name for rule in table.rules for name in rule.placeholders}
    for position, name in enumerate(table.uses):
        if name not in touched:
            yield Diagnostic(pack.place("tables", table.name, "uses", position), "RUL145", f"`{table.name}` never tests or names `{name}`", "a reader expects it to matter", "remove it from `uses`", Severity.WARNING)


def _unused(pack: Pack) -> Iterator[Diagnostic]:
    used = {name for table in pack.tables.values() for name in table.uses} | {name for scoring in pack.scorings.values() for name in scoring.columns}
    for name in pack.inputs:
        if name not in used:
            yield Diagnostic(pack.place("inputs", name), "RUL141", f"no table or scoring uses the input `{name}`", "callers would pass it in vain", "remove it or use it", Severity.WARNING)
    for fact in pack.facts.values():
        for column in fact.columns:
            if column.name not in used:
                place = pack.place("facts", fact.name, "columns", column.name)
                yield Diagnostic(place, "RUL143", f"no table or scoring uses the fact column `{fact.name}.{column.name}`", "only callers can read it", "remove it if no caller does", Severity.NOTE)
    cited = {name for table in pack.tables.values() for name in parameters_of(table)}
    cited |= {f.weight for s in pack.scorings.values() for f in s.factors if isinstance(f.weight, str)}
    for name in pack.parameters:
        if name not in cited and (pack.tables or pack.scorings):
            yield Diagnostic(pack.place("parameters", name), "RUL142", f"no table or scoring cites the parameter `{name}`", "only callers can read it", "remove it if no caller does", Severity.NOTE)
