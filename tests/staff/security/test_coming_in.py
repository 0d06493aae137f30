"""Coming in: the one-time links, the two proofs, and every way that must not lead in."""

from __future__ import annotations

from sms_service.core.people import Role
from tests.staff_accounts import Member, Site


class TestFirstAdministrator:
    def test_comes_by_a_link_that_is_good_once(self, site: Site) -> None:
        token = site.staff.accounts.first_admin_link()
        first = Member(site.browser(), "sam@example.org")
        first.join(f"/join/{token}", name="Sam Patel", email="sam@example.org")
        assert first.is_in()
        [account] = site.staff.accounts.store.everybody()
        assert (account.name, set(account.roles)) == ("Sam Patel", {Role.ADMIN})
        assert site.staff.accounts.first_admin_link() is None
        again = site.browser().get(f"/join/{token}")
        assert again.status_code == 404
        assert "It has been used, or is too old." in again.get_data(as_text=True)
