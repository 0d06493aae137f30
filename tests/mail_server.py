"""A server on this machine that takes mail and keeps it: SMTP as far as smtplib speaks it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailBox(socketserver.ThreadingTCPServer):
    """The server; ``mails`` are what it took, ``commands`` what it was told."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[str] = []
        self.commands: list[str] = []
        self.refuses = False

    @property
    def url(self) -> str:
        """As MAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}?from=line@example.org"


class _Talk(socketserver.StreamRequestHandler):
    server: MailBox

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self.server.commands.append(line)
            word = line.split(maxsplit=1)[0].upper()
            if word == "QUIT":
                self._say("221 bye")
                return
            if word == "RCPT" and self.server.refuses:
                self._say("550 no such box")
            elif word == "DATA":
                self._say("354 go on")
                self.server.mails.append(self._read_mail())
                self._say("250 taken")
            else:
                self._say("250 ok")

    def _read_mail(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
            lines.append(line.removeprefix("."))
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_box() -> Iterator[MailBox]:
    """Run one."""
    with MailBox() as box:
        thread = threading.Thread(target=lambda: box.serve_forever(poll_interval=0.02))
        thread.start()
        try:
            yield box
        finally:
            box.shutdown()
            thread.join()
