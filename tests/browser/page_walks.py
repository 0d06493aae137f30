"""Pages and states that stand at the end of a few steps; ``page_cases.py`` lists them beside those that are opened."""

from __future__ import annotations

from playwright.sync_api import expect

from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.service.access import open_to_anybody_logged_in
from sms_service.storage.event_stores import StoreFailed
from tests.browser.page_visits import Visit


def two_editors(visit: Visit) -> None:
    """Somebody else saves the same field while it is written."""
    visit.go("/drafts/{clash}/replies/talk")
    publishing, number = visit.site.publishing, visit.site.drafts["clash"]
    seen = publishing.drafts.fields(publishing.drafts.get(number), "talk.yaml").seen
    theirs = FieldEdit(("text", "en"), f"Of Ben, {seen[:6]}. {{contact.childline}}")
    publishing.drafts.save_fields(visit.site.ben, number, "talk.yaml", seen, [theirs])
    visit.page.get_by_label("English: The text", exact=True).fill("Of Ann. ((Childline))")
    visit.press("Save in this draft")
    visit.check()


def nobody_to_ring(visit: Visit) -> None:
    visit.go("/drafts/{full}/calls")
    for _ in range(2):
        visit.press("Take off")
    expect(visit.page.get_by_role("button", name="Take off")).to_have_count(0)
    visit.press("Save whom key 0 rings")
    expect(visit.page.locator(".govuk-error-summary")).to_be_focused()
    visit.check()


def catching_up(visit: Visit) -> None:
    visit.go("/drafts/{behind}")
    visit.press("Take in what is live")
    expect(visit.page).to_have_title("Both changed the same – Leicester young people's text line")
    visit.check()


def texting(visit: Visit) -> None:
    visit.go("/try?book={full}")
    visit.page.get_by_label("Your text").fill("MEET")
    visit.page.get_by_role("button", name="Send", exact=True).last.click()
    expect(visit.page.locator("#newest")).to_contain_text("You are not in trouble")
    visit.check()


def ringing(visit: Visit) -> None:
    visit.go("/try/ring")
    visit.page.get_by_role("button", name="Ring", exact=True).click()
    visit.page.get_by_role("button", name="1", exact=True).click()
    expect(visit.page.get_by_text("You press 1.")).to_be_visible()
    visit.check()


def being_tried(visit: Visit) -> None:
    visit.site.run.waits = True
    try:
        visit.go("/drafts/{being tried}")
        expect(visit.page.get_by_text("Being tried now").first).to_be_visible()
        visit.check()
    finally:
        visit.site.run.waits = False


def nothing_left_to_learn(visit: Visit) -> None:
    kept, visit.site.messages.kept = visit.site.messages.kept, []
    try:
        visit.go("/learn")
        visit.check()
    finally:
        visit.site.messages.kept = kept


def findings(visit: Visit) -> None:
    visit.go("/doctor")
    visit.press("Check now")
    visit.page.locator(".findings__item").first.wait_for()
    visit.check()


def story(visit: Visit) -> None:
    visit.go("/log")
    visit.page.locator("tbody a").first.click()
    visit.page.wait_for_url("**/log/message/**")
    visit.check()


def one_person(visit: Visit) -> None:
    visit.go("/people")
    visit.page.get_by_role("link", name="Jo Invited").click()
    visit.check()
    visit.page.get_by_role("button", name="Save roles").click()
    visit.press("Make a new invitation link")
    visit.page.locator("#link").wait_for()
    visit.check()


def new_recovery_codes(visit: Visit) -> None:
    visit.go("/account/recovery-codes")
    visit.press("Make recovery codes")
    expect(visit.page.locator("li .secret")).to_have_count(10)
    visit.check()


def joining(visit: Visit) -> None:
    """An invitation that is opened; a password that is easily guessed; the authenticator app."""
    visit.page.goto(visit.address + visit.site.accounts.invite(email="new@example.org", name="Nia New"))
    visit.check()
    visit.page.get_by_label("Password", exact=True).fill("password1234")
    visit.press("Go on")
    visit.check()
    visit.page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    visit.press("Go on")
    visit.check()
    visit.press("Show the code to scan")
    visit.check()


def logging_in(visit: Visit) -> None:
    """The code of the app, a wrong one, and the recovery code instead."""
    member = visit.site.accounts.member(email="lee@example.org")
    visit.go("/log-in")
    visit.page.get_by_label("Email address").fill(member.email)
    visit.page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    visit.press("Log in")
    visit.check()
    visit.page.get_by_label("Code").fill("123")
    visit.press("Go on")
    visit.check()
    visit.page.get_by_role("link", name="Use a recovery code instead").click()
    visit.check()
    visit.page.get_by_label("Recovery code").fill("not-a-code")
    visit.press("Go on")
    visit.check()


def another_authenticator(visit: Visit) -> None:
    visit.go("/account/authenticator")
    visit.press("Show the code to scan")
    visit.check()
    visit.page.get_by_label("Code").fill("12")
    visit.press("Change authenticator app")
    visit.check()


def too_old_a_form(visit: Visit) -> None:
    """A page that was open for so long that its token is none any more."""
    visit.go("/drafts/{empty}/discard")
    visit.page.locator("input[name=csrf_token]").first.evaluate("field => { field.value = 'old' }")
    visit.press("Discard the draft")
    visit.check()


def too_much(visit: Visit) -> None:
    """More fields than any form of ours has."""
    visit.go("/book")
    visit.page.locator("form[enctype]").evaluate(
        """form => { form.querySelector("input[type=file]").remove(); for (let n = 0; n < 2100; n++) form.append(
             Object.assign(document.createElement("input"), { type: "hidden", name: "x" + n })
           ) }"""
    )
    visit.press("Bring it in")
    visit.check()


def broken(visit: Visit) -> None:
    """A fault of ours."""
    views = visit.site.accounts.pages.view_functions
    view = views["about_data.show"]

    def fails() -> str:
        raise RuntimeError

    views["about_data.show"] = open_to_anybody_logged_in()(fails)
    try:
        visit.go("/what-is-stored")
        visit.check()
    finally:
        views["about_data.show"] = view


def stores_down(visit: Visit) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StoreFailed("The history cannot be read.")

    history = visit.site.publishing.history
    store = history.store
    object.__setattr__(history, "store", type("Broken", (), {"search": fails})())
    try:
        visit.go("/history")
        visit.check()
    finally:
        object.__setattr__(history, "store", store)
