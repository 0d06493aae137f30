"""What makes a thousand small sites as quick as one: templates compiled once, and passwords hashed cheaply."""

from __future__ import annotations

from types import CodeType

import pytest
from flask import Flask
from flask_security import core
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from passlib.totp import AppWallet


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates for the next application of this process: to compile them takes longer than a test."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._compiled[bucket.key, bucket.checksum] = bucket.code


def share_compiled_templates() -> None:
    """Let every Flask application that is made from now on find them."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords and lock keys away at no cost; a test about the cost puts a fixture of its own in its place."""
    cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    monkeypatch.setitem(core._default_config, "PASSWORD_HASH_PASSLIB_OPTIONS", cheap)
    monkeypatch.setattr(AppWallet, "encrypt_cost", 1)
