"""Loading all packs of a folder: read, checked, and refused together with every fault."""

from __future__ import annotations

from pathlib import Path

from engine.contracts import BadInput, Diagnostic, InputOutput
from engine.rules.rulebook import Rulebook


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """The packs below `folder` (default: the rules of this installation), one sub-folder with a `pack.yaml` each.

    Raises BadInput with every fault of every pack (DOC1xx, RUL1xx), InputOutput RUL001 where no pack is found.
    """
    # YAML, pydantic and the compiled ontology load only here: a snapshot carries its rulebook as JSON
    from engine.documents import data_folder
    from engine.ontology import load_schema
    from engine.rules.check_facts import fact_faults
    from engine.rules.check_numbers import parameter_faults, scoring_faults
    from engine.rules.check_tables import table_faults, value_list_faults
    from engine.rules.read_pack import read_pack

    root = folder or data_folder("rules")
    faults: list[Diagnostic] = []
    packs = []
    schema = load_schema()
    found = sorted(p.parent for p in root.glob("*/pack.yaml")) if root.is_dir() else []
    if not found:
        raise InputOutput.at("RUL001", f"no rule pack below {root.name}/", why="a pack is a folder with a pack.yaml", fix="name the folder that holds the packs")
    for pack_folder in found:
        try:
            pack = read_pack(pack_folder)
        except BadInput as error:
            faults.extend(error.diagnostics)
            continue
        packs.append(pack)
        for column in pack.inputs.values():
            faults.extend(value_list_faults(pack, column, "inputs", column.name))
        for fact in pack.facts.values():
            for column in fact.columns:
                faults.extend(value_list_faults(pack, column, "facts", fact.name, "columns", column.name))
        for table in pack.tables.values():
            for output in table.outputs:
                faults.extend(value_list_faults(pack, output, "tables", table.name, "outputs", output.name))
        faults.extend(parameter_faults(pack))
        faults.extend(fact_faults(pack, schema))
        faults.extend(table_faults(pack))
        faults.extend(scoring_faults(pack))
    if faults:
        raise BadInput(*faults)
    return Rulebook(packs)
