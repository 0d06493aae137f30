"""The provider's copy of pictures, from the command line, against a provider on this machine and a real history."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import main
from sms_service.storage.database import Database
from sms_service.storage.tables import audit_entry
from sms_service.webhooks.provider_api import ProviderApi
from tests.webhooks.test_provider_api import ACCOUNT, MEDIA_ID, MESSAGE_ID, Provider, running

MEDIA = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{MESSAGE_ID}/Media"
DELETE = ("provider-copy", MESSAGE_ID, "--delete", "--case", "LSCB-2026-114", "--by", "Louise")


class Keeper(Provider):
    """Keeps two pictures; may refuse to delete them."""

    refuses_deletes = False

    @property
    def status(self) -> int:
        deletes = self.asked[-1][0] == "DELETE"
        return (500 if self.refuses_deletes else 204) if deletes else 200

    @status.setter
    def status(self, _: int) -> None:
        """It says what was asked, not what it was made with."""


@pytest.fixture
def provider() -> Iterator[Keeper]:
    with running(Keeper()) as one:
        assert isinstance(one, Keeper)
        one.answer = json.dumps({"media_list": [{"sid": MEDIA_ID}, {"sid": "ME" + 32 * "3"}]}).encode()
        yield one


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set-up folder, to be copied: to migrate takes a second."""
    folder = tmp_path_factory.mktemp("migrated")
    told = CliRunner(env={"VAR_DIR": str(folder)}).invoke(main, ["migrate"])
    assert told.exit_code == 0, told.output
    return folder


@pytest.fixture
def set_up(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: Keeper) -> Path:
    """A line with its stores and an account at that provider."""
    for name in ("DATABASE_URL", "REDIS_URL", "LINE_ENV"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "canary-token")
    at_home = functools.partial(ProviderApi, api_url=provider.url)
    monkeypatch.setattr("sms_service.factory.calls.ProviderApi", at_home)
    return tmp_path


def run(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, args, input=text)


def history(var_dir: Path) -> list[tuple[str, str]]:
    database = Database(f"sqlite:///{var_dir / 'line.sqlite3'}")
    with database.read() as connection:
        rows = connection.execute(audit_entry.select()).mappings().all()
    database.close()
    return [(row["action"], row["detail"]) for row in rows if row["action"] == "provider_copy_deleted"]


def asked(provider: Provider) -> list[tuple[str, str]]:
    return [(method, path.partition("?")[0]) for method, path, _, _ in provider.asked]


def test_without_delete_they_are_counted_and_left_alone(set_up: Path, provider: Keeper) -> None:
    told = run("provider-copy", MESSAGE_ID)
    assert (told.exit_code, told.output) == (0, "The provider keeps 2 of this message. Left alone.\n")
    assert asked(provider) == [("GET", f"{MEDIA}.json")]
    assert history(set_up) == []


def test_the_leads_decision_deletes_them_and_stands_in_the_history(set_up: Path, provider: Keeper) -> None:
    told = run(*DELETE, text="y\n")
    assert told.exit_code == 0, told.output
    assert told.output.endswith("2 deleted at the provider.\n")
    assert asked(provider)[-2:] == [("DELETE", f"{MEDIA}/{MEDIA_ID}.json"), ("DELETE", f"{MEDIA}/ME{32 * '3'}.json")]
    assert history(set_up) == [("provider_copy_deleted", "case LSCB-2026-114: 2 to be deleted at the provider")]


def test_a_no_deletes_nothing(set_up: Path, provider: Keeper) -> None:
    told = run(*DELETE, text="n\n")
    assert told.exit_code == 1
    assert "They may be evidence" in told.output
    assert {method for method, _ in asked(provider)} == {"GET"}
    assert history(set_up) == []


def test_what_failed_in_between_stands_in_the_history_all_the_same(set_up: Path, provider: Keeper) -> None:
    provider.refuses_deletes = True
    told = run(*DELETE, "--yes")
    assert told.exit_code == 1
    assert "The provider refused it (status 500)." in told.output
    assert len(history(set_up)) == 1


def test_none_is_said_and_nothing_asked_again(set_up: Path, provider: Keeper) -> None:
    provider.answer = b'{"media_list": []}'
    assert run(*DELETE).output == "The provider keeps none of this message.\n"
    assert history(set_up) == []


@pytest.mark.parametrize(
    ("args", "mend"),
    [
        (("provider-copy", "SM1"), "32 characters"),
        (("provider-copy", MESSAGE_ID, "--delete"), "--case REFERENCE"),
        (("provider-copy", MESSAGE_ID, "--delete", "--case", "Jane, 07700 900123"), "No name, no number"),
    ],
)
def test_what_is_missing_is_said(set_up: Path, provider: Keeper, args: tuple[str, ...], mend: str) -> None:
    told = run(*args)
    assert told.exit_code == 2
    assert mend in told.output
    assert provider.asked == []


def test_without_an_account_it_says_what_to_set(set_up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWILIO_ACCOUNT_SID")
    told = run("provider-copy", MESSAGE_ID)
    assert told.exit_code == 1
    assert "set TWILIO_ACCOUNT_SID" in told.output
