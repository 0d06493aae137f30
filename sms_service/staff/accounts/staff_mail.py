"""Mail to staff (SMTP, RFC 5321): one-time links, and what was changed about their account. Encrypted on the way."""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Final

from sms_service.service.accounts.ports import Account
from sms_service.service.ports import LineLog
from sms_service.settings import MailServer
from sms_service.staff.kit.dates import moment

_WAIT_SECONDS: Final = 8.0
"""For each answer of the server: whoever invites waits for it."""

_FAILURES: Final = (smtplib.SMTPException, OSError, ValueError)
"""What the server, the network, and an address that no header takes can raise."""


@dataclass(frozen=True, kw_only=True)
class StaffMail:
    """Sends it.

    Attributes:
        server: Takes the mail.
        plain_allowed: Whether the way to it may be without TLS.
        service_name: As in the subject.
        log: Told the kind of a failure.
    """

    server: MailServer
    plain_allowed: bool
    service_name: str
    log: LineLog

    def send_link(self, account: Account, link: str) -> bool:
        """Send somebody their link; whether the server took it. Never raises."""
        joined = account.password_hash is not None
        return self._send(
            account,
            "your new password" if joined else "your invitation",
            f"open this link to {'choose a new password' if joined else 'join'} at {self.service_name}. "
            f"It works once, for {'24 hours' if joined else '7 days'}:",
            link,
            "Nobody will ask you for it. If you did not expect this, leave it and tell an administrator.",
        )

    def tell_of_change(self, account: Account, what: str, at: dt.datetime) -> bool:
        """Tell somebody that their account was changed; whether the server took it. Never raises."""
        return self._send(
            account,
            what,
            f"on {moment(at)} {what} at {self.service_name}.",
            "Was it you? Then all is well. If not, tell an administrator at once: they can log you out everywhere and "
            "give you a link for a new password.",
        )

    def _send(self, account: Account, subject: str, *lines: str) -> bool:
        try:
            with self._connected() as smtp:
                if self.server.user is not None:
                    password = self.server.password
                    smtp.login(self.server.user, "" if password is None else password.get_secret_value())
                smtp.send_message(self._message(account, subject, lines))
        except _FAILURES as error:
            self.log.trouble("staff_mail_failed", error=error)
            return False
        return True

    def _connected(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        trusted = ssl.create_default_context()
        if self.server.tls_from_the_start:
            return smtplib.SMTP_SSL(host, port, timeout=_WAIT_SECONDS, context=trusted)
        smtp = smtplib.SMTP(host, port, timeout=_WAIT_SECONDS)
        try:
            if not self.plain_allowed:
                smtp.starttls(context=trusted)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _message(self, account: Account, subject: str, lines: tuple[str, ...]) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.server.sender
        message["To"] = account.email
        message["Subject"] = f"{self.service_name}: {subject}"
        message["Message-ID"] = make_msgid(domain=self.server.sender.rpartition("@")[2])
        message.set_content("\n\n".join((f"Hello {account.name},", *lines)))
        return message
