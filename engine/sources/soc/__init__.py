"""The Standard Occupational Classification of 2018: the structure that is embedded, and what a delivery adds to it.

In: the embedded structure, and nothing else. Out: its rows as records, and `SOC`, a Publisher as data. Refuses to know: where
delivered files lie, and any database.
"""

from engine.sources.soc.publisher import SOC
from engine.sources.soc.structure import embedded_soc, read_structure, soc_fingerprint

__all__ = ["SOC", "embedded_soc", "read_structure", "soc_fingerprint"]
