"""Every page and state that somebody can come to, and how: what ``test_every_page.py`` looks at one by one.

A route that is added needs a case here, or a line in ``NO_PAGE`` that says why nobody ever sees it as a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.service.access import open_to_anybody_logged_in
from sms_service.storage.event_stores import StoreFailed
from tests.browser.whole_site import WholeSite

Check = Callable[[], None]


@dataclass
class Visit:
    """A browser on the site.

    Attributes:
        site: What is open.
        page: As Ann sees it, or nobody: see :class:`Case`.
        address: Of the site.
        check: Holds the page as it stands to the rules.
    """

    site: WholeSite
    page: Page
    address: str
    check: Check

    def go(self, path: str) -> None:
        """Open an address; ``{full}`` in it is the number of that draft."""
        self.page.goto(self.address + path.format(**self.site.drafts))

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name).first.click()


Walk = Callable[[Visit], None]


@dataclass(frozen=True)
class Case:
    """One page or state.

    Attributes:
        name: For the report and the pictures.
        walk: How somebody comes there; checks on the way.
        shows: The routes whose answers it checks, as method and path.
        who: The first name of who is there, in small letters; None for nobody.
        statuses: Errors that it means to see.
    """

    name: str
    walk: Walk
    shows: tuple[str, ...]
    who: str | None = "ann"
    statuses: tuple[int, ...] = ()


def opened(path: str, *, who: str | None = "ann", statuses: tuple[int, ...] = (), name: str = "") -> Case:
    """A page that is there as soon as its address is opened."""

    def walk(visit: Visit) -> None:
        visit.go(path)
        visit.check()

    return Case(name or path, walk, (f"GET {path.partition('?')[0]}",), who, statuses)


def telling(path: str, *sentences: str) -> Case:
    """A page that says what is not there yet, and what to do."""

    def walk(visit: Visit) -> None:
        visit.go(path)
        for sentence in sentences:
            expect(visit.page.locator("main")).to_contain_text(sentence)
        visit.check()

    return Case(f"{path} of an empty site", walk, (f"GET {path}",))


def sent(
    name: str, at: str, button: str, to: str, *, fields: dict[str, str] | None = None, who: str | None = "ann"
) -> Case:
    """What a form answers with when it is not taken: errors, linked to their fields."""

    def walk(visit: Visit) -> None:
        visit.go(at)
        for label, value in (fields or {}).items():
            visit.page.get_by_label(label, exact=True).first.fill(value)
        visit.press(button)
        expect(visit.page.locator(".govuk-error-summary")).to_be_focused()
        visit.check()

    return Case(name, walk, (f"POST {to}",), who, (422, 400))


REPLY: Final = "/drafts/{full}/replies/talk"
GREETING: Final = "/drafts/{full}/calls/words/welcome"
CONTACT: Final = "/drafts/{full}/contacts/childline"

OPENED: Final = [
    opened("/home"),
    opened("/account"),
    opened("/account/password"),
    opened("/account/recovery-codes"),
    opened("/account/email"),
    opened("/account/authenticator"),
    opened("/account/passkeys"),
    opened("/account/passkeys/add"),
    opened("/people"),
    opened("/people/invite"),
    opened("/unsaved", name="nothing unsaved"),
    opened("/what-is-stored"),
    opened("/log-in", who=None),
    opened("/prove-again"),
    opened("/join/not-a-link", who=None, statuses=(404, 410), name="a link that is over"),
    # What the line says
    opened("/replies"),
    opened("/replies?q=childline", name="replies found"),
    opened("/replies?q=zzzz", name="no reply found"),
    opened("/replies/talk"),
    opened("/contacts"),
    opened("/drafts/{full}/replies"),
    opened("/drafts/{empty}/replies", name="replies of an empty draft"),
    opened("/drafts/{submitted}/replies", name="replies of a draft that is being read"),
    opened("/drafts/{behind}/replies/talk", name="reply of a draft that is behind"),
    opened(REPLY),
    opened(f"{REPLY}/golden"),
    opened("/drafts/{full}/replies/about/golden", name="no golden texts"),
    opened(f"{REPLY}/remove"),
    opened("/drafts/{full}/sentences/talk"),
    opened("/drafts/{full}/sentences/harmless", name="everyday messages"),
    opened("/drafts/{full}/new-reply"),
    opened("/drafts/{full}/contacts"),
    opened("/drafts/{full}/contacts/safeguarding_team"),
    opened(f"{CONTACT}/remove"),
    opened("/drafts/{full}/new-contact"),
    opened("/drafts/{full}/settings"),
    opened("/drafts/{full}/calls"),
    opened(GREETING),
    opened("/drafts/{full}/calls/menu/iwf", name="words before a choice"),
    opened("/drafts/{discarded}/replies", statuses=(409,), name="editing what is over"),
    # Drafts, releases, books, history
    opened("/drafts"),
    opened("/drafts", who="ben", name="drafts to read"),
    opened("/drafts/closed"),
    opened("/drafts/{full}"),
    opened("/drafts/{empty}", name="empty draft"),
    opened("/drafts/{blocked}", name="draft that loses a danger text"),
    opened("/drafts/{behind}", name="draft that is behind"),
    opened("/drafts/{submitted}", name="submitted draft, its writer"),
    opened("/drafts/{submitted}", who="ben", name="submitted draft, second person"),
    opened("/drafts/{sent back}", name="draft sent back"),
    opened("/drafts/{approved}", name="approved draft"),
    opened("/drafts/{discarded}", name="discarded draft"),
    opened("/drafts/{published}", name="published draft"),
    opened("/drafts/{full}/discard"),
    opened("/drafts/{number}/urgent"),
    opened("/drafts/{number}/phones"),
    opened("/drafts/{blocked}/phones", name="no phone may try it"),
    opened("/drafts/{full}/urgent", statuses=(403,), name="not for the urgent lane"),
    opened("/releases"),
    opened("/releases/1"),
    opened("/releases/6", who="ben", name="release to look at"),
    opened("/releases/6", name="release of one's own to be looked at"),
    opened("/releases/2/restore"),
    opened("/releases/7/restore", name="restore what is live"),
    opened("/releases/compare?older=1&newer=2"),
    opened("/book"),
    opened("/history"),
    opened("/history?words=zzzz", name="nothing in the history"),
    opened("/history?since=9999-99-99", statuses=(422,), name="history, bad day"),
    # Try and learn
    opened("/try"),
    opened("/try?book={full}&date=2026-12-25&time=23:30", name="try a draft at Christmas"),
    opened("/try/ring"),
    opened("/learn"),
    # Operations
    opened("/status"),
    opened("/log"),
    opened("/log?error_code=x", statuses=(400,), name="log, bad filter"),
    opened("/log?reply=nothing_has_this", name="empty log"),
    opened("/alerts"),
    opened("/doctor"),
    # In development
    opened("/", who=None),
    opened("/ring", who=None),
    # Errors
    opened("/nothing", statuses=(404,), name="error 404"),
    opened("/people", who="eve", statuses=(403,), name="error 403"),
    opened("/history/export", statuses=(405,), name="error 405"),
]

NOT_TAKEN: Final = [
    sent("log in", "/log-in", "Log in", "/log-in", who=None),
    sent("password not taken", "/account/password", "Change password", "/account/password"),
    sent("email address not taken", "/account/email", "Change email address", "/account/email"),
    sent("invitation not taken", "/people/invite", "Make the invitation", "/people/invite"),
    sent("proof not taken", "/prove-again", "Go on", "/prove-again"),
    sent("change without a title", "/replies", "Start", "/replies/start"),
    sent("draft without a title", "/drafts", "Start", "/drafts"),
    sent("reply without words", REPLY, "Save in this draft", REPLY, fields={"Title": "", "English: The text": ""}),
    sent("new reply not taken", "/drafts/{full}/new-reply", "Add", "/drafts/{full}/new-reply"),
    sent("new contact not taken", "/drafts/{full}/new-contact", "Add it", "/drafts/{full}/new-contact"),
    sent("contact not taken", CONTACT, "Save in this draft", CONTACT, fields={"Phone number": ""}),
    sent("golden not taken", f"{REPLY}/golden", "Add to this draft", f"{REPLY}/golden"),
    sent("sentences not taken", "/drafts/{full}/sentences/talk", "Add", "/drafts/{full}/sentences/talk/add"),
    sent(
        "settings not taken",
        "/drafts/{full}/settings",
        "Save in this draft",
        "/drafts/{full}/settings",
        fields={"Price of a segment": "much"},
    ),
    sent("words of a call not taken", GREETING, "Save in this draft", GREETING, fields={"English": "Ring ((Nobody))."}),
    sent("sent back without a word", "/drafts/{submitted}", "Send it back", "/drafts/{submitted}/send-back", who="ben"),
    sent("urgent without a reason", "/drafts/{number}/urgent", "Publish now", "/drafts/{number}/urgent"),
    sent("phone not taken", "/drafts/{number}/phones", "Allow this phone", "/drafts/{number}/phones"),
    sent("no file", "/book", "Bring it in", "/book/import"),
    sent("nothing to learn", "/learn", "Make it a sentence", "/learn/u0"),
]


# Pages that stand at the end of a few steps


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


WALKED: Final = [
    Case("two editors", two_editors, ("POST /drafts/{clash}/replies/talk",), statuses=(409,)),
    Case("nobody to ring", nobody_to_ring, ("POST /drafts/{full}/calls",), statuses=(422,)),
    Case("catch up", catching_up, ("POST /drafts/{behind}/catch-up",), statuses=(409,)),
    Case("texted", texting, ("POST /try",)),
    Case("rung", ringing, ("POST /try/ring",)),
    Case("being tried", being_tried, ("GET /drafts/{being tried}",), "ben"),
    Case("nothing left to learn", nothing_left_to_learn, ("GET /learn",)),
    Case("findings", findings, ("POST /doctor",)),
    Case("story of a message", story, ("GET /log/message/x",)),
    Case("one person", one_person, ("GET /people/x", "POST /people/x/link")),
    Case("recovery codes", new_recovery_codes, ("POST /account/recovery-codes",)),
    Case(
        "joining",
        joining,
        ("GET /join/x", "POST /join/x", "GET /set-up-authenticator", "POST /set-up-authenticator"),
        None,
        (422, 400),
    ),
    Case(
        "logging in",
        logging_in,
        (
            "GET /authenticator-code",
            "POST /authenticator-code",
            "GET /recovery-code",
            "POST /recovery-code",
        ),
        None,
        (422, 400),
    ),
    Case(
        "another authenticator",
        another_authenticator,
        ("GET /account/authenticator", "POST /account/authenticator"),
    ),
    Case("error 403, old form", too_old_a_form, ("POST /drafts/{empty}/discard",), statuses=(403,)),
    Case("error 413", too_much, ("POST /book/import",), statuses=(413,)),
    Case("error 500", broken, ("GET /what-is-stored",), statuses=(500,)),
    Case("error 503", stores_down, ("GET /history",), statuses=(503,)),
]

CASES: Final = [*OPENED, *NOT_TAKEN, *WALKED]

ON_AN_EMPTY_SITE: Final = [
    telling("/home", "To do first", "two people are needed"),
    telling("/people", "Invite somebody", "Ann Example"),
    telling("/account/passkeys", "You have none yet.", "Add a passkey"),
    telling("/replies", "Nothing has been published on these pages yet.", "Start a change"),
    telling("/contacts", "Never checked", "Change a contact, or note that you rang it"),
    telling("/drafts", "There is no draft.", "Start a change"),
    telling("/drafts/closed", "There are none."),
    telling("/releases", "Nothing has been published yet.", "start a draft"),
    telling("/book", "The book that came with the installation is live.", "Bring it in"),
    telling("/history", "Nothing has been done here yet."),
    telling("/try", "You are trying the book that is live", "No texts yet."),
    telling("/try/ring", "No call yet."),
    telling("/learn", "This is off.", "KEEP_UNMATCHED_DAYS"),
    telling("/status", "Nothing shows yet whether the line answers", "Text it yourself.", "No answer was measured"),
    telling("/log", "Nothing has come yet. Text the line"),
    telling("/alerts", "Nobody is told", "None has run yet."),
    telling("/doctor", "Check now"),
]
"""Nobody but the first administrator, no release, no draft, no message; each says what to do next."""

NO_PAGE: Final = {
    "GET kit.asset": "a file",
    "GET drafts.tried": "a part of a page",
    "GET releases.in_use": "a part of a page",
    "GET ops_status.show_now": "a part of a page",
    "GET ops_log.export": "a file",
    "GET account.welcome": "leads on",
    "GET security.mf_recovery_codes": "switched off: 404",
    "GET security.tf_select": "switched off: 404",
    "GET security.two_factor_rescue": "switched off: 404",
}
"""Routes whose answer nobody looks at, and why. A form that only leads on needs no line: see ``LEADS_ON``."""

LEADS_ON: Final = frozenset(
    """
    account.end_session account.log_out books.export_draft books.export_live books.export_release books.from_deploy
    contacts.checked contacts.remove drafts.approve drafts.publish drafts.end_phone drafts.submit history.export
    ops_alerts.test ops_log.find_sender people.end_sessions people.second_proof people.standing releases.look
    releases.restore passkeys.add passkeys.log_in passkeys.prove_again passkeys.remove
    security.mf_recovery_codes security.tf_select security.two_factor_rescue security.two_factor_setup_validate
    replies.remove replies.remove_golden replies.remove_sentences try_it.do try_it.hang_up try_it.ring try_it.send
    try_it.start_again unsaved.forget
    """.split()
)
"""Forms that answer with a redirect, a file, or an error page that has a case of its own; and what is switched off."""
