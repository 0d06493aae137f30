"""Real stores for the tests of this room."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.sql_databases import *  # noqa: F403 - fixtures are found by their names
from tests.storage.patience import be_patient
from tests.storage.valkey_process import ValkeyProcess


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here stores do what they can; what they do in time is the matter of the room of faults."""
    be_patient(monkeypatch)


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
