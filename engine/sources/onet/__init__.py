"""The O*NET text database, in its publisher's words: files and columns, and how they become records.

In: nothing. Out: `ONET`, a Publisher as data. Refuses to know: where files lie, and any database.
"""

from engine.sources.onet.publisher import ONET

__all__ = ["ONET"]
