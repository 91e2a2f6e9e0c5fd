"""A rulebook with other dated values of its parameters: what the rules would say, without a file being touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from engine.contracts import BadInput, Diagnostic, Place
from engine.rules.pack import DatedValue, Pack
from engine.rules.rulebook import Rulebook
from engine.rules.spelling import did_you_mean
from engine.rules.values import ParameterValue


@dataclass(frozen=True, slots=True)
class Amendment:
    """A value of a parameter from a day on; `value` None takes the value of that day away. `anew` says that no value of that day may stand yet."""

    pack: str
    name: str
    since: date
    value: ParameterValue | None
    anew: bool
    place: Place


def amended(rulebook: Rulebook, amendments: Iterable[Amendment]) -> Rulebook:
    """The rulebook with its amendments, checked as a pack is when it is read.

    Raises BadInput with every fault at the place of its amendment: RUL201 (unknown pack or parameter), RUL226 (no value of that day, one
    already, or the only one taken away), and what the check of meaning finds (RUL1xx).
    """
    # the check of meaning loads the compiled ontology: only where rules are amended
    from engine.rules.check_numbers import parameter_faults, scoring_faults
    from engine.rules.check_tables import table_faults

    packs, faults = dict(rulebook.packs), list[Diagnostic]()
    for amendment in amendments:
        pack = packs.get(amendment.pack)
        if pack is None:
            faults.append(Diagnostic(amendment.place, "RUL201", f"no pack `{amendment.pack}`", "rules are asked by name", did_you_mean(amendment.pack, packs)))
            continue
        met = _fault(pack, amendment)
        if met is not None:
            faults.append(met)
            continue
        changed = _changed(pack, amendment)
        known = {d.what for check in (parameter_faults, table_faults, scoring_faults) for d in check(pack)}
        found = [d for check in (parameter_faults, table_faults, scoring_faults) for d in check(changed) if d.what not in known]
        faults += [replace(d, place=amendment.place) for d in found if d.severity == "error"]
        packs[amendment.pack] = changed
    if faults:
        raise BadInput(*faults)
    return Rulebook(packs.values(), rulebook.fingerprints())


def _fault(pack: Pack, amendment: Amendment) -> Diagnostic | None:
    parameter = pack.parameters.get(amendment.name)
    if parameter is None:
        return Diagnostic(amendment.place, "RUL201", f"no parameter `{amendment.name}` in pack `{pack.name}`", "rules are asked by name", did_you_mean(amendment.name, pack.parameters))
    days = [v.since for v in parameter.values]
    told = ", ".join(d.isoformat() for d in days)
    if amendment.anew and amendment.since in days:
        return Diagnostic(amendment.place, "RUL226", f"`{pack.name}.{parameter.name}` has a value from {amendment.since} already", "two values of one day cannot both be in force", "replace it, or name another day")
    if not amendment.anew and amendment.since not in days:
        return Diagnostic(amendment.place, "RUL226", f"`{pack.name}.{parameter.name}` has no value from {amendment.since}", "only a value that stands can be replaced or retired", f"its days: {told}")
    if amendment.value is None and len(days) == 1:
        return Diagnostic(amendment.place, "RUL226", f"`{pack.name}.{parameter.name}` would be left without a value", "a rule that asks for it could not be decided", "replace it instead")
    return None


def _changed(pack: Pack, amendment: Amendment) -> Pack:
    parameter = pack.parameters[amendment.name]
    kept = [v for v in parameter.values if v.since != amendment.since]
    if amendment.value is not None:
        kept.append(DatedValue(amendment.since, amendment.value))
    values = tuple(sorted(kept, key=lambda v: v.since))
    return replace(pack, parameters={**pack.parameters, parameter.name: replace(parameter, values=values)})
