"""Sets the stores up and brings the SQL database to the shape this program needs: ``python -m sms_service migrate``.

The only place that makes a database file. One transaction on both databases: killed half-way, nothing has happened.
Hosts that migrate at the same moment wait for each other.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from sms_service.storage.database import Database

_OUR_LOCK: Final = 0x5A4E_1E55
"""Of PostgreSQL's advisory locks; any number will do that no other program uses."""


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a shape; the newest unless told otherwise. What is there already is left alone.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: When the database cannot be reached or changed; then nothing has changed.
        OSError: When the file of a SQLite database cannot be made.
    """
    with _migrating(url) as config:
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an earlier shape; ``base`` is empty. What only the newer shape could hold is lost."""
    with _migrating(url) as config:
        command.downgrade(config, revision)


def current_revision(connection: Connection) -> str | None:
    """Give the shape the database has, or None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Give the shape this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


@contextmanager
def _migrating(url: str) -> Iterator[Config]:
    database = Database(url, deadline_seconds=None)
    try:
        if database.file is not None:
            _make_file(database.file)
        with database.engine.begin() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": _OUR_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            yield config
    finally:
        database.close()


def _config() -> Config:
    config = Config()
    # Alembic reads a % as the start of a placeholder.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _make_file(file: Path) -> None:
    """Make an empty database that only its owner can read, and that readers need not wait for."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(file, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
