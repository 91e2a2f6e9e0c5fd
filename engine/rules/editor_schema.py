"""JSON Schema of `pack.yaml` for editors, generated from the models that read it."""

from __future__ import annotations

import json


def editor_schema() -> str:
    """Text of `rules/pack.schema.json`: JSON Schema 2020-12, keys sorted, with a final line end."""
    from engine.rules.authored import PackFile  # pydantic loads only where files are read

    schema = PackFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
