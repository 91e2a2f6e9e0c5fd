"""Keys and IRIs of records: `role/marketing-manager` and its address in the identifier namespace."""

from __future__ import annotations

import re
import unicodedata
import uuid

IDENTIFIER_NAMESPACE = "https://w3id.org/work-intelligence-graph/id/"
_UUID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, IDENTIFIER_NAMESPACE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; empty where nothing is left."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", folded).strip("-")


def key(prefix: str, local: str) -> str:
    """Short key of a record: `occupation/11-2021.00`."""
    return f"{prefix}/{local}"


def iri_of(record_key: str) -> str:
    """IRI of a record from its short key."""
    return IDENTIFIER_NAMESPACE + record_key


def uuid_of(record_key: str) -> str:
    """Stable UUID (version 5) of a record, for interchange formats that ask for one."""
    return str(uuid.uuid5(_UUID_NAMESPACE, record_key))
