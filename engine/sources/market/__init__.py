"""Job-title lists of the market, taken in by a guard: how work is called and how often, and nothing about persons.

In: folders that hold an `intake.toml` and one delimited file, and the intake policy. Out: `Intake`, observed titles with their provenance
and an account of everything that was dropped. Refuses to know: occupations, and any layer of the graph but the market's.
"""

from engine.sources.market.intake import Intake, IntakeFinding, MarketList, list_folders, read_market
from engine.sources.market.manifest import MANIFEST, Manifest
from engine.sources.market.policy import IntakePolicy, load_intake_policy

__all__ = ["MANIFEST", "Intake", "IntakeFinding", "IntakePolicy", "Manifest", "MarketList", "list_folders", "load_intake_policy", "read_market"]
