from __future__ import annotations

import json

import pytest

from sms_service.core.schemas import SCHEMA_NAMES, json_schema, schema_file_name, schema_text


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_the_exported_schema_is_the_one_of_the_code(project_root, name):
    exported = (project_root / "docs" / schema_file_name(name)).read_text(encoding="utf-8")
    assert exported == schema_text(name), "Run: python -m sms_service schema --write docs"


def test_the_reply_schema_knows_its_fields_and_no_others():
    schema = json_schema("reply")
    assert set(schema["required"]) == {"title", "text"}
    assert schema["additionalProperties"] is False


def test_a_schema_is_plain_json_of_the_current_dialect():
    for name in SCHEMA_NAMES:
        assert json.loads(schema_text(name))["$schema"].endswith("2020-12/schema")
