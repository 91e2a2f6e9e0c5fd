"""Every publisher that the engine reads. A new one is a module of its own, a line here and an entry in the ledger."""

from __future__ import annotations

from engine.sources.layout import Publisher
from engine.sources.onet import ONET
from engine.sources.soc import SOC

PUBLISHERS: tuple[Publisher, ...] = (
    ONET,
    SOC,
)
