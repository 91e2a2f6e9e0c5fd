"""Codes as titles: today's of occupations and classes of work, and those of earlier editions with what a published crosswalk puts in their place.

A code that was split leads to all its successors and stands in a list of its own; a code that is still in use means what it means today.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.resolver.published_titles import STAMP, LexicalRecords, record_rows
from engine.resolver.title_rows import CODE, FORMER_CODE, SPLIT_CODE, TitleRow
from engine.resolver.words import is_code

_GROUP_CODE = 7  # characters of a SOC code, `15-1252`; an O*NET-SOC code goes on with two digits
_TODAY = ("Occupation", "OccupationGroup")


def published_codes(records: LexicalRecords) -> Iterator[TitleRow]:
    """Rows for every code of that form. A SOC code also names the occupations of its class, so that one of them leads where there is but one."""
    labels: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    today: set[str] = set()
    for name in _TODAY:
        for key, code, label, *stamp in record_rows(records, name, ("id", "code", "label", *STAMP)):
            labels[key] = label
            if not is_code(code):
                continue
            today.add(code)
            yield _row(code, key, label, CODE, stamp)
            if name == "Occupation":
                members.setdefault(code[:_GROUP_CODE], []).append(key)
                yield _row(code[:_GROUP_CODE], key, label, CODE, stamp)
    codes = dict(record_rows(records, "FormerCode", ("id", "code")))
    for name in _TODAY:
        rows = sorted(record_rows(records, f"REPLACED_BY.FormerCode.{name}", ("from", "to", *STAMP)))
        successors: dict[str, set[str]] = {}
        for former, key, *_ in rows:
            successors.setdefault(former, set()).add(key)
        for former, key, *stamp in rows:
            code = codes[former]
            if code in today or not is_code(code):
                continue
            kind = FORMER_CODE if len(successors[former]) == 1 else SPLIT_CODE
            yield _row(code, key, labels[key], kind, stamp)
            if name == "OccupationGroup":
                for occupation in members.get(key.partition("/")[2], ()):
                    yield _row(code, occupation, labels[occupation], kind, stamp)


def _row(code: str, key: str, label: str, kind: str, stamp: Any) -> TitleRow:
    source, source_ref, release, licence, confidence = stamp
    return TitleRow(code, key, label, kind, source, source_ref, release, licence, Decimal(confidence))
