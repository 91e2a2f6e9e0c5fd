"""JSON Schemas of `pack.yaml` and `cases.yaml` for editors, generated from the models that read them."""

from __future__ import annotations

import json
from typing import Any


def editor_schema() -> str:
    """Text of `rules/pack.schema.json`: JSON Schema 2020-12, keys sorted, with a final line end."""
    from engine.rules.authored import PackFile  # pydantic loads only where files are read

    return _text(PackFile.model_json_schema(by_alias=True))


def cases_schema() -> str:
    """Text of `rules/cases.schema.json`, in the same form."""
    from engine.rules.authored import CasesFile

    return _text(CasesFile.model_json_schema(by_alias=True))


def _text(schema: dict[str, Any]) -> str:
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
