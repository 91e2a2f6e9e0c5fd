"""JSON from strangers, read strictly: what Python would let pass or mend in silence is a fault here."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any


def strict_json(text: str, number: Callable[[str], Any] | None = None) -> Any:
    """The one JSON value of a text; numbers with a fraction as Decimal, or every number as what `number` makes of it as written.

    Raises ValueError, and nothing else, whatever the text holds: no JSON (json.JSONDecodeError, which knows the column), a key twice in one object,
    NaN or Infinity, half a character (a lone surrogate), a number or a nesting that nobody can hold.
    """
    try:
        text.encode()
        value = json.loads(text, parse_float=number or Decimal, parse_int=number or int, parse_constant=_no_number, object_pairs_hook=_once)
        if "\\u" in text:  # an escape can bring one in that the text itself does not hold
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a character (a lone surrogate)") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    except ArithmeticError:
        raise ValueError("a number is too large") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")
