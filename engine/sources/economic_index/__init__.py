"""The Anthropic Economic Index, in its publisher's words: which tasks conversations were about, and older signals of the labour market.

In: nothing. Out: `ECONOMIC_INDEX`, a Publisher as data. Refuses to know: where files lie, any database, and what its shares are good for.
"""

from engine.sources.economic_index.publisher import ECONOMIC_INDEX

__all__ = ["ECONOMIC_INDEX"]
