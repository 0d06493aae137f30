"""Settings: loud about everything that is wrong, silent about every secret, and all of them documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.errors import SettingsError
from sms_service.factory.environment import settings_from
from sms_service.settings import VARIABLES, BadSettings, LineEnvironment, read_settings

SECRETS = (
    "TWILIO_AUTH_TOKEN",
    "TWILIO_AUTH_TOKEN_SECONDARY",
    "SECRET_KEY",
    "REDIS_URL",
    "DATABASE_URL",
    "PSEUDONYM_KEYS",
    "SENTRY_DSN",
    "MAIL_URL",
    "OIDC_CLIENT_SECRET",
)


def problems_of(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(BadSettings) as bad:
        read_settings(environ)
    return {problem.variable: problem.sentence for problem in bad.value.problems}


def test_development_needs_nothing() -> None:
    settings = read_settings({})
    assert settings.environment is LineEnvironment.DEVELOPMENT
    assert (settings.public_url, settings.port) == ("http://127.0.0.1:8000", 8000)
    assert settings.auth_tokens == ()
    assert read_settings({"PORT": "8123"}).public_url == "http://127.0.0.1:8123"


def test_production_names_every_variable_that_is_missing() -> None:
    assert problems_of({"LINE_ENV": "production", "SECRET_KEY": "  "}) == dict.fromkeys(
        ["TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", "PUBLIC_URL", "PSEUDONYM_KEYS", "SECRET_KEY"],
        "is missing; production needs it",
    )


def test_production_with_everything_starts(production_environ: dict[str, str]) -> None:
    settings = read_settings(
        {**production_environ, "TWILIO_AUTH_TOKEN_SECONDARY": "second", "LINE_NUMBERS": "+447700900000, 60777"}
    )
    assert settings.in_production
    assert settings.auth_tokens == ("token-of-the-tests", "second")
    assert settings.line_numbers == {"+447700900000", "60777"}
    assert [key.key_id for key in settings.pseudonym_keys] == ["k2", "k1"]


BAD_VALUES = [
    ("FAST_LANE", "true"),
    ("LINE_ENV", "prod"),
    ("TWILIO_AUTH_TOKEN", "with blank"),
    ("TWILIO_AUTH_TOKEN_SECONDARY", "line\nbreak"),
    ("TWILIO_ACCOUNT_SID", "SK" + 32 * "a"),
    ("TWILIO_ACCOUNT_SID", "AC123"),
    ("PUBLIC_URL", "line.example.org"),
    ("PUBLIC_URL", "ftp://line.example.org"),
    ("PUBLIC_URL", "https://"),
    ("PUBLIC_URL", "https://line.example.org/?a=b"),
    ("PUBLIC_URL", "https://line.example.org:99999"),
    ("PUBLIC_URL", "https://line.example.org:x"),
    ("PUBLIC_URL", "https://[::1"),
    ("PUBLIC_URL", "https://liné.example.org"),
    ("LINE_NUMBERS", "+447700900000;60777"),
    ("LINE_NUMBERS", "+44 7700 900000"),
    ("PSEUDONYM_KEYS", "k1"),
    ("PSEUDONYM_KEYS", "k1:abc"),
    ("PSEUDONYM_KEYS", "k1:" + 63 * "a"),
    ("PSEUDONYM_KEYS", "K1:" + 64 * "a"),
    ("PSEUDONYM_KEYS", "k1:" + 64 * "a" + ",k1:" + 64 * "b"),
    ("PSEUDONYM_KEYS", "k1:" + 64 * "a" + ",k2:" + 64 * "a"),
    ("SECRET_KEY", "short"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "http://canary\N{DOUBLE-STRUCK CAPITAL H}:x@host"),
    ("DATABASE_URL", "mysql://host/db"),
    ("PLAIN_TEXT_HOSTS", "redis://host"),
    ("DATABASE_URL", "postgres"),
    ("DATABASE_URL", "postgres://"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "8e3"),
    ("PORT", "\N{ARABIC-INDIC DIGIT EIGHT}"),
    ("TRUSTED_PROXY_HOPS", "10"),
    ("TRUSTED_PROXY_HOPS", "-1"),
    ("WEB_CONCURRENCY", "-1"),
    ("WEB_THREADS", "many"),
    ("RELEASE", "v1\nforged line"),
    ("SENTRY_DSN", "https://sentry.example.org/1"),
    ("SENTRY_DSN", "canary@sentry.example.org/1"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"),
    ("OIDC_ISSUER", "login.example.org"),
    ("OIDC_CLIENT_ID", "a\nb"),
    ("OIDC_CLIENT_SECRET", "with blank"),
    ("OIDC_ACR", 41 * "a"),
    ("OIDC_NAME", "Council\x00"),
    ("MAIL_URL", "smtp.example.org"),
    ("MAIL_URL", "https://canary:secret@mail.example.org?from=line@example.org"),
    ("MAIL_URL", "smtps://canary:secret@mail.example.org"),
    ("MAIL_URL", "smtps://canary:secret@mail.example.org?from=nobody"),
    ("MAIL_URL", "smtp://canary:secret@mail.example.org:x?from=line@example.org"),
]


@pytest.mark.parametrize(("name", "value"), BAD_VALUES)
def test_a_bad_value_is_named_and_not_repeated(name: str, value: str) -> None:
    found = problems_of({name: value})
    assert list(found) == [name]
    assert name not in SECRETS or len(value) < 9 or value not in found[name]
    assert found[name][0].islower()  # it goes on after the name


def test_all_that_is_wrong_is_said_at_once() -> None:
    bad = {name: value for name, value in BAD_VALUES if name != "LINE_ENV"}
    assert list(problems_of(bad)) == [variable.name for variable in VARIABLES if variable.name in bad]


def test_an_http_address_will_not_do_in_production(production_environ: dict[str, str]) -> None:
    assert list(problems_of({**production_environ, "PUBLIC_URL": "http://line.example.org"})) == ["PUBLIC_URL"]
    assert list(problems_of({**production_environ, "PSEUDONYM_KEYS": ","})) == ["PSEUDONYM_KEYS"]


def test_single_sign_on_is_whole_or_not_at_all(production_environ: dict[str, str]) -> None:
    some = {"OIDC_ISSUER": "https://login.example.org/", "OIDC_CLIENT_ID": "the line"}
    assert problems_of(some) == {"OIDC_CLIENT_SECRET": "is missing; single sign-on needs it"}
    whole = {**production_environ, **some, "OIDC_CLIENT_SECRET": "secret"}
    provider = read_settings(whole).identity_provider
    assert provider is not None
    assert provider.issuer == "https://login.example.org/", "exactly as it is written"
    assert list(problems_of({**whole, "OIDC_ISSUER": "http://login.example.org"})) == ["OIDC_ISSUER"]
    assert read_settings(production_environ).identity_provider is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("postgres://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("postgresql://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("postgresql+psycopg://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("sqlite:///var/messages.sqlite", "sqlite:///var/messages.sqlite"),
    ],
)
def test_database_addresses_as_hosts_hand_them_out(written: str, meant: str) -> None:
    url = read_settings({"DATABASE_URL": written}).database_url
    assert url is not None
    assert url.get_secret_value() == meant


@pytest.mark.parametrize(
    "written",
    ["https://line.example.org", "https://line.example.org/", "https://user:pass@line.example.org:8443/line/"],
)
def test_a_public_address_ends_without_a_slash(written: str) -> None:
    assert read_settings({"PUBLIC_URL": written}).public_url == written.rstrip("/")


def test_no_secret_is_ever_shown(production_environ: dict[str, str]) -> None:
    canary = "c0ffee" * 10 + "beef"
    environ = {
        **production_environ,
        **dict.fromkeys(SECRETS, canary),
        "REDIS_URL": f"redis://:{canary}@host",
        "DATABASE_URL": f"postgres://u:{canary}@host/db",
        "PSEUDONYM_KEYS": f"k1:{canary}",
        "SENTRY_DSN": f"https://{canary}@host/1",
        "MAIL_URL": f"smtps://line:{canary}@host?from=line@example.org",
        "OIDC_ISSUER": "https://login.example.org",
        "OIDC_CLIENT_ID": "the line",
    }
    settings = read_settings(environ)
    assert settings.auth_tokens == (canary, canary)
    for shown in (repr(settings), str(settings), f"{settings}", repr(settings.pseudonym_keys)):
        assert canary not in shown
        assert repr(bytes.fromhex(canary))[2:-1] not in shown


@given(st.dictionaries(st.sampled_from([variable.name for variable in VARIABLES]), st.text(max_size=60)))
def test_any_environment_gives_settings_or_a_list_of_problems(environ: dict[str, str]) -> None:
    try:
        read_settings(environ)
    except BadSettings as bad:
        named = {problem.variable for problem in bad.problems}
    else:
        named = set()
    assert named <= {variable.name for variable in VARIABLES}


def test_the_readme_lists_every_variable_with_its_default(project_root: Path) -> None:
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \| ([^|]*) \| [^|]+ \|$", readme, re.MULTILINE)
    documented = [(name, default.strip().strip("`"), needed.strip()) for name, default, needed in rows]
    assert documented == [
        (variable.name, (variable.default or "").strip(","), "needed" if variable.production_needs_it else "")
        for variable in VARIABLES
    ]


# What development makes for itself ----------------------------------------------------------------------------------


def test_development_makes_a_token_and_keys_and_keeps_them_to_itself(tmp_path: Path) -> None:
    environ = {"VAR_DIR": str(tmp_path / "var")}
    first, second = settings_from(environ), settings_from(environ)
    assert first == second
    assert len(first.auth_tokens[0]) == 64
    assert [key.key_id for key in first.pseudonym_keys] == ["dev"]
    made = list((tmp_path / "var").iterdir())
    assert {path.name for path in made} == {"development_token", "development_secret_key", "development_pseudonym_key"}
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}


def test_development_takes_what_is_given(tmp_path: Path) -> None:
    settings = settings_from({"VAR_DIR": str(tmp_path), "TWILIO_AUTH_TOKEN": "mine"})
    assert settings.auth_tokens == ("mine",)
    assert not (tmp_path / "development_token").exists()


def test_production_makes_nothing(production_environ: dict[str, str]) -> None:
    settings_from(production_environ)
    assert not Path(production_environ["VAR_DIR"]).exists()


def test_the_sentence_for_people_names_every_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        settings_from({"LINE_ENV": "production", "PORT": "x"})
    for name in ("TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", "PUBLIC_URL", "PSEUDONYM_KEYS", "SECRET_KEY", "PORT"):
        assert f"  {name} is" in error.value.sentence
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="VAR_DIR cannot be written"):
        settings_from({"VAR_DIR": str(tmp_path / "file")})
