"""Where facts come from: the source ledger, publishers' files and how they project into records, SOC, and the authored wedge.

In: folders of publishers' files and of authored YAML. Out: checked deliveries with their projections as data, and lexical
rows with provenance. Refuses to know: any database, and whether the content is good.
"""

from engine.sources.delivery import Delivery
from engine.sources.discovery import Absent, Available, Discovery, discover
from engine.sources.fetch import Fetched, FetchRequest, fetch_source
from engine.sources.layout import Column, GapQuery, Identity, Join, Projection, Publisher, Reference, TableLayout
from engine.sources.ledger import Ledger, Origin, load_ledger
from engine.sources.ledger_check import FileVerdict, LedgerCheck, check_ledger
from engine.sources.ledger_format import FetchRules, KnownRelease, LedgerEntry, SourceArchive, SourceFile
from engine.sources.market import Intake, IntakeFinding, IntakePolicy, load_intake_policy, read_market
from engine.sources.naming import fold, technology_key, title_key
from engine.sources.publishers import PUBLISHERS
from engine.sources.rows import Lexical, Row, SourceRows
from engine.sources.soc import embedded_soc, soc_fingerprint
from engine.sources.source_cache import CachedFile, Skip, cache_folder, cached_sources, skipped, skips_in
from engine.sources.table_file import TableContent, TableFile, read_table, table_faults
from engine.sources.wedge import FOLDERS, Wedge, WedgeSurvey, read_wedge, survey_wedge
from engine.sources.wedge_positions import Position
from engine.sources.wedge_samples import choices_at, snippet

__all__ = [
    "FOLDERS", "PUBLISHERS", "Absent", "Available", "CachedFile", "Column", "Delivery", "Discovery", "FetchRequest", "FetchRules", "Fetched", "FileVerdict", "GapQuery", "Identity", "Intake", "IntakeFinding", "IntakePolicy", "Join", "KnownRelease",
    "Ledger", "LedgerCheck", "LedgerEntry", "Lexical", "Origin", "Position", "Projection", "Publisher", "Reference", "Row", "Skip", "SourceArchive", "SourceFile", "SourceRows", "TableContent", "TableFile", "TableLayout", "Wedge", "WedgeSurvey",
    "cache_folder", "cached_sources", "check_ledger", "choices_at", "discover", "embedded_soc", "fetch_source", "fold", "load_intake_policy", "load_ledger", "read_market", "read_table", "read_wedge", "skipped", "skips_in", "snippet", "soc_fingerprint",
    "survey_wedge", "table_faults", "technology_key", "title_key",
]  # fmt: skip
