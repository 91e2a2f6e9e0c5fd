"""Where facts come from: the source ledger, publishers' files and how they project into records, SOC, and the authored wedge.

In: folders of publishers' files and of authored YAML. Out: checked deliveries with their projections as data, and lexical
rows with provenance. Refuses to know: any database, and whether the content is good.
"""

from engine.sources.discovery import Available, Delivery, Discovery, discover
from engine.sources.layout import Column, GapQuery, Identity, Join, Projection, Publisher, Reference, TableLayout
from engine.sources.ledger import KnownRelease, Ledger, LedgerEntry, Origin, load_ledger
from engine.sources.naming import fold, technology_key, title_key
from engine.sources.publishers import PUBLISHERS
from engine.sources.rows import Lexical, Row, SourceRows
from engine.sources.soc import embedded_soc, soc_fingerprint
from engine.sources.table_file import TableFile, table_faults
from engine.sources.wedge import FOLDERS, Wedge, WedgeSurvey, read_wedge, survey_wedge
from engine.sources.wedge_positions import Position
from engine.sources.wedge_samples import choices_at, snippet

__all__ = [
    "FOLDERS", "PUBLISHERS", "Available", "Column", "Delivery", "Discovery", "GapQuery", "Identity", "Join", "KnownRelease", "Ledger", "LedgerEntry", "Lexical", "Origin", "Position", "Projection", "Publisher",
    "Reference", "Row", "SourceRows", "TableFile", "TableLayout", "Wedge", "WedgeSurvey", "choices_at", "discover", "embedded_soc", "fold", "load_ledger", "read_wedge", "snippet", "soc_fingerprint", "survey_wedge", "table_faults", "technology_key", "title_key",
]  # fmt: skip
