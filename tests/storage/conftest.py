"""Real stores for the tests of this room."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.sql_databases import *  # noqa: F403 - fixtures are found by their names
from tests.storage.valkey_process import ValkeyProcess


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyProcess]:
    """One server for all tests; what breaks it starts its own."""
    server = ValkeyProcess(tmp_path_factory.mktemp("valkey")).start()
    yield server
    server.kill()


@pytest.fixture
def prefix() -> str:
    """A part of the key space that no other test has touched."""
    return f"test-{uuid.uuid4().hex}"
