"""``add-staff``: an account for somebody, and the link by which they join, from the command line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import main
from tests.staff_accounts import PASSWORD, Site

ZOE = ("Zoë Adams", "zoe@example.org")


@pytest.fixture
def environment(tmp_path: Path, migrated_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that the site of these tests has, where the command reads them."""
    shutil.copytree(migrated_var, tmp_path / "site")
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "site"))
    monkeypatch.setenv("SECRET_KEY", 32 * "s")
    monkeypatch.setenv("PUBLIC_URL", "https://line.example.org")


def add_staff(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["add-staff", *arguments])


@pytest.mark.usefixtures("environment")
class TestAddStaff:
    def test_the_link_leads_in_once(self, make_site: Callable[..., Site]) -> None:
        said = add_staff(*ZOE, "--role", "editor", "--role", "ops")
        assert said.exit_code == 0, said.output
        assert "Hand this over to Zoë Adams and to nobody else. It works once, for 7 days:" in said.output
        link = re.search(r"https://line\.example\.org(/join/[\w-]{43})$", said.output.strip())
        assert link
        site = make_site()
        browser = site.browser()
        assert "For Zoë Adams, zoe@example.org." in browser.get(link[1]).text
        assert browser.send(link[1], {"password": PASSWORD}).headers["Location"] == "/set-up-authenticator"
        assert site.browser().get(link[1]).status_code == 404
        [account] = site.staff.accounts.store.everybody()
        assert sorted(account.roles) == ["editor", "ops"]
        first = site.history()[0]
        assert (first.action, first.subject) == ("invited", "Zoë Adams")
        assert first.actor.startswith("add-staff by ")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ((*ZOE, "--role", "boss"), "'boss' is not one of 'editor', 'approver', 'ops', 'admin'"),
            (ZOE, "Missing option '--role'"),
            (("Zoë", "zoe", "--role", "editor"), "Enter an email address, such as name@example.org."),
            ((" ", "zoe@example.org", "--role", "editor"), "Enter a name."),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_made(
        self, make_site: Callable[..., Site], arguments: tuple[str, ...], sentence: str
    ) -> None:
        said = add_staff(*arguments)
        assert said.exit_code != 0
        assert sentence in " ".join(said.output.replace("│", " ").split())
        assert not make_site().staff.accounts.store.any()

    def test_an_address_is_taken_once(self) -> None:
        assert add_staff(*ZOE, "--role", "admin").exit_code == 0
        again = add_staff("Zoe", "ZOE@example.org", "--role", "admin")
        assert again.exit_code == 1
        assert "Somebody has an account with this email address already." in again.output

    def test_a_database_that_does_not_answer_is_one_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://line@127.0.0.1:9/line")
        said = add_staff(*ZOE, "--role", "admin")
        assert said.exit_code == 1
        assert "The accounts cannot be asked" in said.output
        assert "127.0.0.1" not in said.output
