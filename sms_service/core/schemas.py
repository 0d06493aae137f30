"""JSON Schemas of the files staff edit, so that an editor can help while they type. Exported to ``docs/``."""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import TypeAdapter

from sms_service.core.language_phrases import LanguagePhrases
from sms_service.core.reply_book import Contact, ContactKey, Reply, ServiceSettings

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

SCHEMA_NAMES: Final = ("reply", "contacts", "service", "language")


def json_schema(name: str) -> dict[str, Any]:
    """Give the schema of one kind of file.

    Raises:
        KeyError: When the name is not one of :data:`SCHEMA_NAMES`.
    """
    schemas: dict[str, dict[str, Any]] = {
        "reply": Reply.model_json_schema(),
        "contacts": {"title": "Contacts"} | TypeAdapter(dict[ContactKey, Contact]).json_schema(),
        "service": ServiceSettings.model_json_schema(),
        "language": LanguagePhrases.model_json_schema(),
    }
    return {"$schema": _DIALECT} | schemas[name]


def schema_file_name(name: str) -> str:
    """Give the file name under which a schema is exported."""
    return f"{name}.schema.json"


def schema_text(name: str) -> str:
    """Give a schema as the text of its file."""
    return json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"
