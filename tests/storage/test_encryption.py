"""In production nothing that the line says to Redis or SQL crosses a network in plain text (ASVS 12.3.1)."""

from __future__ import annotations

import pytest

from sms_service.core.errors import SettingsError
from sms_service.factory.environment import settings_from

REMOTE = [
    ("REDIS_URL", "redis://me:s3cret@redis.example.org:6379/1"),
    ("REDIS_URL", "redis://10.0.0.7"),
    ("REDIS_URL", "redis+sentinel://127.0.0.1,[2001:db8::1]:7000/line"),
    ("DATABASE_URL", "postgresql://me:s3cret@sql.example.org/line"),
    ("DATABASE_URL", "postgresql://me:s3cret@sql.example.org/line?sslmode=prefer"),
    ("DATABASE_URL", "postgresql://me:s3cret@sql.example.org/line?sslmode=disable"),
    ("DATABASE_URL", "postgresql://localhost,sql.example.org/line"),
    ("DATABASE_URL", "postgresql:///line?host=/run/postgresql,sql.example.org"),
    ("DATABASE_URL", "postgresql://localhost/line?hostaddr=192.0.2.1"),
]

GOOD = [
    ("REDIS_URL", "rediss://me:s3cret@redis.example.org"),
    ("REDIS_URL", "rediss+sentinel://a,b/line"),
    ("REDIS_URL", "redis://127.0.0.1:6379"),
    ("REDIS_URL", "redis://[::1]"),
    ("REDIS_URL", "redis://LOCALHOST"),
    ("REDIS_URL", "unix:///run/redis.sock"),
    ("DATABASE_URL", "postgresql://me@sql.example.org/line?sslmode=verify-full"),
    ("DATABASE_URL", "postgres://me@sql.example.org/line?sslmode=require"),
    ("DATABASE_URL", "postgresql://me@127.0.0.2/line"),
    ("DATABASE_URL", "postgresql:///line?host=/run/postgresql"),
    ("DATABASE_URL", "sqlite:////srv/line.sqlite3"),
]


@pytest.mark.parametrize(("name", "url"), REMOTE)
def test_production_refuses_and_names_the_mend(production_environ: dict[str, str], name: str, url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from({**production_environ, name: url})
    sentence = str(refused.value)
    assert f"{name} leads over a network without encryption" in sentence
    assert ("rediss://" if name == "REDIS_URL" else "sslmode=verify-full") in sentence
    assert "PLAIN_TEXT_HOSTS" in sentence
    assert "s3cret" not in sentence
    assert "example" not in sentence


def test_both_are_told_at_once(production_environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from({**production_environ, "REDIS_URL": "redis://a", "DATABASE_URL": "postgres://b/line"})
    assert {"REDIS_URL", "DATABASE_URL"} <= set(str(refused.value).split())


@pytest.mark.parametrize(("name", "url"), GOOD)
def test_what_is_encrypted_or_never_leaves_the_machine_is_taken(
    production_environ: dict[str, str], name: str, url: str
) -> None:
    assert settings_from({**production_environ, name: url}).in_production


def test_a_private_network_may_be_declared_host_by_host(production_environ: dict[str, str]) -> None:
    private = {**production_environ, "PLAIN_TEXT_HOSTS": "Redis.internal, 10.0.0.7"}
    assert settings_from({**private, "REDIS_URL": "redis://redis.internal"}).in_production
    assert settings_from({**private, "DATABASE_URL": "postgresql://10.0.0.7/line"}).in_production
    with pytest.raises(SettingsError):
        settings_from({**private, "REDIS_URL": "redis://redis.elsewhere"})


def test_the_servers_own_default_for_tls_counts(production_environ: dict[str, str]) -> None:
    url = {"DATABASE_URL": "postgresql://sql.example.org/line"}
    assert settings_from({**production_environ, **url, "PGSSLMODE": "verify-ca"}).in_production


def test_an_address_that_cannot_be_read_is_told_without_its_password(production_environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from({**production_environ, "DATABASE_URL": "postgresql://me:s3cret@host:port/line"})
    assert str(refused.value).startswith("DATABASE_URL cannot be read")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(("name", "url"), REMOTE)
def test_development_does_not_mind(tmp_path, name: str, url: str) -> None:
    assert not settings_from({"VAR_DIR": str(tmp_path), name: url}).in_production
