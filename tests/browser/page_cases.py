"""Every page and state that somebody can come to, and how: what ``test_every_page.py`` looks at one by one.

A route that is added needs a case here, or a line in ``NO_PAGE`` that says why nobody ever sees it as a page.
"""

from __future__ import annotations

from typing import Final

from tests.browser.page_visits import Case, opened, sent, telling
from tests.browser.page_walks import (
    another_authenticator,
    being_tried,
    broken,
    catching_up,
    findings,
    joining,
    logging_in,
    new_recovery_codes,
    nobody_to_ring,
    nothing_left_to_learn,
    one_person,
    ringing,
    stores_down,
    story,
    texting,
    too_much,
    too_old_a_form,
    two_editors,
)

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
