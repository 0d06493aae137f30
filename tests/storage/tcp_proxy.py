"""A TCP proxy for tests that delays, trickles, or swallows what passes through."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time


class TcpProxy:
    """Listens on loopback and passes everything on to another port of loopback.

    Attributes:
        delay_seconds: Before an answer is passed on.
        trickle_seconds: Between two bytes of an answer; 0 passes it on whole.
        swallows: Whether everything vanishes, as behind a firewall that drops packets.
        accepted: Connections so far.
    """

    def __init__(self, target_port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self._target_port = target_port
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port = int(self._listener.getsockname()[1])
        self.delay_seconds = 0.0
        self.trickle_seconds = 0.0
        self.swallows = False
        self.accepted = 0

    def __enter__(self) -> TcpProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for line in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.accepted += 1
                self._open.append(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_side=True)
                self._open.append(line)
            target = socket.create_connection(("127.0.0.1", self._target_port))
            self._open.append(target)
            threading.Thread(target=self._pass_on, args=(line, target, False), daemon=True).start()
            self._pass_on(target, line, is_answer=True)

    def _pass_on(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.swallows:
                    continue
                if is_answer and self.delay_seconds:
                    time.sleep(self.delay_seconds)
                if is_answer and self.trickle_seconds:
                    for byte in data:
                        sink.sendall(bytes([byte]))
                        time.sleep(self.trickle_seconds)
                else:
                    sink.sendall(data)
        for line in (source, sink):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
