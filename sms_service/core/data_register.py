"""The register of everything that is stored: each column, what for, and for how many days.

``tests/storage`` compares it with the stores both ways, so a column without a purpose cannot be added. The page for the
data protection officer (``python -m sms_service data-register``) is printed from here. The days are proposals; the data
protection impact assessment decides.
"""

from __future__ import annotations

from typing import Final

from sms_service.core.stored_publishing import PUBLISHING_TABLES
from sms_service.core.stored_tables import SQL, StoredTable

MESSAGE_DAYS: Final = 90
"""Rows about messages, and every pseudonym with them."""

AUDIT_DAYS: Final = 6 * 365 + 2
"""Six years, with two leap days at most."""

HOT_STATE_DAYS: Final = 2

STAFF_LINK_DAYS: Final = 8
STAFF_SESSION_DAYS: Final = 1
LOGIN_ATTEMPT_DAYS: Final = 1

SMALLEST_SHOWN: Final = 5
"""Daily counts below this are shown as 'fewer than 5': one text about one subject on one day could point at a child."""


OUTBOX: Final = "Outbox (file on each host)"
HOT_STATE: Final = "Hot state (Redis, or a file on each host)"

_PSEUDONYM: Final = (
    "Keyed pseudonym of the sender (HMAC-SHA-256; the key lies outside the database): erasure, holds, repeats"
)
_KEY_ID: Final = "Which key made the pseudonym, so that old ones can be found until their key is dropped"

REGISTER: Final = (
    StoredTable(
        store=SQL,
        name="message_log",
        purpose="Show that messages are answered, find faults, improve keywords. No number, text, name or place.",
        days=MESSAGE_DAYS,
        columns={
            "event_id": "Names what happened, so that nothing is counted twice",
            "kind": "Message, delivery report, refusal, call step, canary or repeat",
            "at": "When; also decides when the row is deleted",
            "message_id": "The provider's id: joins a message with its delivery reports, and finds it at the provider",
            "channel": "SMS, WhatsApp, RCS or voice: is each channel served?",
            "pseudonym": _PSEUDONYM,
            "key_id": _KEY_ID,
            "outcome": "Answered, slowed down or silent on purpose: is every child answered?",
            "stage": "How the message was understood: is understanding good enough?",
            "reply": "Which reply was sent: what do children ask for?",
            "part": "First text, next step or MORE",
            "language": "Language of the reply",
            "release": "Number of the reply book in force: what exactly was said?",
            "segments": "Length of the reply in SMS segments: cost",
            "score": "How sure the understanding was",
            "runner_up": "Which reply nearly won: where are two confused?",
            "without_guessing": "What keywords alone would have given: does guessing help?",
            "danger_likely": "Whether the emergency numbers were added; without a reply, whether danger was meant",
            "media_count": "How many pictures came; none is opened or kept",
            "latency_ms": "How long the answer took",
            "degraded": "Which parts did not work meanwhile",
            "delivery_status": "How far the reply came",
            "error_code": "Provider's reason why it did not",
            "refusal": "Why a request was not answered, or what kind of sender got silence (landline, short code ...)",
            "count": "How many this row stands for: refused requests of a minute share one, as do a message's repeats",
            "seen_url": "Our address as a refused request of the provider reached it, without what the query says",
            "signed_url": "Our address as the provider has it: which setting is wrong?",
            "url_fault": "Which part of the address differs",
        },
    ),
    StoredTable(
        store=SQL,
        name="daily_count",
        purpose=f"Trends after the rows are gone. No pseudonym; counts below {SMALLEST_SHOWN} are not shown.",
        days=None,
        columns={
            "day": "Day in UTC",
            "kind": "As in the message log",
            "channel": "As in the message log",
            "outcome": "As in the message log",
            "reply": "As in the message log",
            "count": "How many rows of that day were deleted",
        },
    ),
    StoredTable(
        store=SQL,
        name="hourly_count",
        purpose=f"Charts and alerts. No pseudonym, no message id; operators alone see counts below {SMALLEST_SHOWN}.",
        days=MESSAGE_DAYS,
        columns={
            "hour": "Beginning of the hour",
            "measure": "What is counted: outcome, stage, reply, channel, segments, latency, delivery, refusal",
            "name": "Which of them",
            "count": "How many",
        },
    ),
    StoredTable(
        store=SQL,
        name="worker_lease",
        purpose="Which of several hosts runs the canary and sends alerts. Nothing about a child.",
        days=None,
        columns={
            "name": "Of the task",
            "holder": "Random name of a worker process",
            "until": "When another one may take over",
        },
    ),
    StoredTable(
        store=SQL,
        name="job_run",
        purpose="When the worker's tasks last ran, and whether well. Nothing about a child.",
        days=None,
        columns={
            "name": "Of the task, such as canary",
            "at": "When it last ran",
            "trouble": "What was wrong, in our words",
            "good_at": "When it last went well",
            "failures": "How often in a row it went wrong",
        },
    ),
    StoredTable(
        store=SQL,
        name="alert_state",
        purpose="Which alerts are open, so that nobody is told the same again and again. Nothing about a child.",
        days=None,
        until="until the trouble is over",
        columns={
            "rule": "Name of the alert",
            "since": "When it began",
            "seen_at": "When it was last true",
            "told_at": "When somebody was last told",
            "sentence": "What was told: counts and times",
        },
    ),
    StoredTable(
        store=SQL,
        name="staff_account",
        purpose="Who of the staff may log in, and what they may do.",
        days=None,
        until="while the account exists; a disabled one stays so that the history can name its person",
        columns={
            "person_id": "Names the person in history and sessions; says nothing",
            "name": "As colleagues read it",
            "email": "To log in with; unique",
            "roles": "What they may do",
            "active": "Whether they may log in",
            "password_hash": "Argon2id of the password",
            "totp_secret": "Secret of the authenticator app, sealed with a key that lies outside the database",
            "totp_counter": "The last code that was used, so that none is used twice",
            "passkey_handle": "Random name of the person towards passkeys",
            "made_at": "When the account was made",
            "logged_in_at": "Last log-in: accounts that nobody uses can be found",
            "sign_on_subject": "Digest of what the identity provider calls the person; empty without single sign-on",
        },
    ),
    StoredTable(
        store=SQL,
        name="staff_recovery_code",
        purpose="Logging in without the authenticator app, once for each code.",
        days=None,
        until="until used or made anew",
        columns={"person_id": "Whose", "code_hash": "Keyed hash of the code"},
    ),
    StoredTable(
        store=SQL,
        name="staff_passkey",
        purpose="Logging in with a passkey.",
        days=None,
        until="until the person removes it",
        columns={
            "credential_id": "Names the passkey",
            "person_id": "Whose",
            "name": "As the person calls it",
            "public_key": "Checks its signatures",
            "sign_count": "Shows a copied passkey",
            "transports": "How the browser reaches it",
            "device_type": "Bound to one device or not",
            "backed_up": "Whether its maker keeps a copy",
            "made_at": "When it was added",
            "used_at": "When it was last used",
        },
    ),
    StoredTable(
        store=SQL,
        name="staff_link",
        purpose="One-time links: first administrator, invitation, new password.",
        days=STAFF_LINK_DAYS,
        until="until used",
        columns={
            "link_hash": "SHA-256 of what the link holds",
            "purpose": "What it opens",
            "person_id": "For whom",
            "until": "When it expires",
        },
    ),
    StoredTable(
        store=SQL,
        name="staff_session",
        purpose="Who is logged in where, so that it can be ended at once.",
        days=STAFF_SESSION_DAYS,
        until="until logged out",
        columns={
            "session_hash": "SHA-256 of the cookie",
            "person_id": "Whose; empty before logging in",
            "data": "What the pages note between requests: form token, notices, time of the last proof",
            "device": "Browser and system in a few words, for the person's own list",
            "began_at": "When it began; it ends 12 hours later",
            "seen_at": "Last request; it ends 15 minutes later",
        },
    ),
    StoredTable(
        store=SQL,
        name="login_attempt",
        purpose="Slows the guessing of passwords and codes down.",
        days=LOGIN_ATTEMPT_DAYS,
        columns={
            "key": "Keyed hash of an account's address or of a network address",
            "count": "Tries since",
            "since": "The first of them",
        },
    ),
    StoredTable(
        store=SQL,
        name="erasure",
        purpose="What was erased stays erased, after a restore or when an outbox drains late.",
        days=MESSAGE_DAYS,
        columns={
            "pseudonym": "Who asked",
            "at": "Rows up to this moment lose their pseudonym",
        },
    ),
    StoredTable(
        store=SQL,
        name="hold",
        purpose="A safeguarding or police hold: rows of this pseudonym are neither deleted nor unlinked.",
        days=None,
        until="until the hold is released",
        columns={
            "pseudonym": "Whose rows are held",
            "hold_id": "Name of the hold in the history, so that the history needs no pseudonym",
            "at": "When it was placed",
        },
    ),
    StoredTable(
        store=SQL,
        name="audit_entry",
        purpose="The history: who did what with the data, the replies and the accounts. Nothing about a child.",
        days=AUDIT_DAYS,
        columns={
            "entry_id": "Names the entry",
            "at": "When",
            "actor": "Which member of staff, or which program",
            "action": "What was done",
            "detail": "Numbers of rows, id of the hold, which file or field; never a pseudonym, or words of a child",
            "actor_id": "Id of the member of staff, so that a changed name is still the same person",
            "subject": "What it was done to: a draft, a release, a colleague by name, a message by its id",
        },
    ),
    *PUBLISHING_TABLES,
    StoredTable(
        store=SQL,
        name="alembic_version",
        purpose="The shape of the database.",
        days=None,
        columns={"version_num": "Last migration that has run"},
    ),
    StoredTable(
        store=OUTBOX,
        name="event",
        purpose="Rows on their way to the message log, safe on disk before a message is answered.",
        days=MESSAGE_DAYS,
        until="until moved (seconds; longer while SQL is down)",
        columns={
            "seq": "Order of arrival",
            "event_id": "As in the message log",
            "body": "The columns of the message log, as JSON",
        },
    ),
    StoredTable(
        store=OUTBOX,
        name="set_aside",
        purpose="Rows that SQL refused (a fault of ours), kept for whoever mends it.",
        days=MESSAGE_DAYS,
        columns={
            "event_id": "As in the message log",
            "body": "The columns of the message log, as JSON",
            "reason": "Kind of the refusal",
        },
    ),
    StoredTable(
        store=OUTBOX,
        name="erasure",
        purpose="Erasures asked for on this host: on their way to SQL, and said again after a restore.",
        days=MESSAGE_DAYS,
        columns={
            "pseudonym": "Who asked",
            "at": "Unix seconds of the request",
            "applied": "Whether SQL has it",
        },
    ),
    StoredTable(
        store=HOT_STATE,
        name="memory",
        purpose="The same answer for the same message, when the provider sends it twice; the next step, MORE, menu "
        "numbers, language, and whether somebody wants no texts; limits.",
        days=HOT_STATE_DAYS,
        columns={
            "sender": "Pseudonym; for a call the provider's id of it; empty for answers to somebody who was forgotten; "
            "for texts to callers a keyed fingerprint, which FORGET ME leaves for its four hours, so that a forged "
            "number cannot be texted without end",
            "item": "What the row is: the conversation, or an answer with the provider's id of the message",
            "at": "Unix seconds",
            "keep_seconds": "How long it is kept: hours",
            "value": "The reply that was sent: our own words; or last reply, language, STOP, keyed fingerprints of the "
            "texts of five minutes",
            "arrivals": "When the sender's messages of the last half minute came, for the limits",
        },
    ),
)


def table(store: str, name: str) -> StoredTable:
    """Give a table of the register.

    Raises:
        KeyError: When it is not in it.
    """
    for stored in REGISTER:
        if (stored.store, stored.name) == (store, name):
            return stored
    raise KeyError(f"{store}: {name} is not in the data register")


_PICTURES: Final = (
    "",
    "## Pictures",
    "",
    "Nothing that is sent with a message is fetched, shown, linked or kept here, and its address is never read. A row",
    "says how many there were and when; that is what the safeguarding lead is alerted by.",
    "",
    "The provider keeps its own copy. By default we leave it alone, for this reason: it may be an indecent image of",
    "a child, and it may be evidence. Nobody here may look at it, copy it or send it on, and whether it has to be",
    "kept for the police is not for a program to decide. So nothing is deleted by itself, and nothing is downloaded.",
    "",
    "The safeguarding lead decides about each one, with the police where they are involved, and writes the decision",
    "into the case. `python -m sms_service provider-copy MESSAGE_ID` then says how many the provider keeps, and with",
    "`--delete --case REFERENCE --by NAME` deletes them there for good. The history says so; the picture",
    "itself is not asked for even then.",
)


def as_markdown() -> str:
    """Give the data-protection page."""
    lines = [
        "# What this line stores",
        "",
        "Made by `python -m sms_service data-register` from `sms_service/core/data_register.py`.",
        "",
        "Never stored: phone numbers, message texts, profile names, places, addresses or contents of pictures.",
        "The number exists in memory while one message is answered. A pseudonym is still personal data: whoever has",
        "the key can test a number against it. Dropping an old key (`rotate-pseudonym-key`) cuts that for good.",
        *_PICTURES,
    ]
    for store in dict.fromkeys(stored.store for stored in REGISTER):
        lines += ["", f"## {store}"]
        for stored in (stored for stored in REGISTER if stored.store == store):
            lines += ["", f"### {stored.name}", "", stored.purpose, "", f"Kept: {stored.kept}.", ""]
            lines += ["| column | what for |", "| --- | --- |"]
            lines += [f"| {column} | {purpose} |" for column, purpose in stored.columns.items()]
    return "\n".join(lines) + "\n"
