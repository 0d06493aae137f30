"""The only room that knows disk, SQL and Redis. Imported by ``factory`` only; every call says what happens when it fails."""
