"""Every publisher that the engine reads. A new one is a module of its own, a line here and an entry in the ledger."""

from __future__ import annotations

from engine.sources.economic_index import ECONOMIC_INDEX
from engine.sources.esco import ESCO
from engine.sources.esco_onet import ESCO_ONET
from engine.sources.gdpval import GDPVAL
from engine.sources.gpts_are_gpts import GPTS_ARE_GPTS
from engine.sources.layout import Publisher
from engine.sources.oews import OEWS
from engine.sources.onet import ONET
from engine.sources.onet_soc import ONET_SOC
from engine.sources.soc import SOC
from engine.sources.vacancy_titles import VACANCY_TITLES
from engine.sources.working_with_ai import WORKING_WITH_AI

PUBLISHERS: tuple[Publisher, ...] = (
    ONET,
    SOC,
    ONET_SOC,
    OEWS,
    ESCO,
    ESCO_ONET,
    ECONOMIC_INDEX,
    GPTS_ARE_GPTS,
    WORKING_WITH_AI,
    GDPVAL,
    VACANCY_TITLES,
)
