"""Fetching publishers' files from their official addresses into the cache, with caps, time-outs, retries, resume and checksums.

In: an entry of the ledger, a release and a cache folder. Out: what was had, from where, and what was skipped with its reason.
Refuses to know: what stands in the files, and any address that the ledger does not name.
"""

from engine.sources.fetch.request import Fetched, FetchRequest, fetch_source

__all__ = ["FetchRequest", "Fetched", "fetch_source"]
