"""Whoever collects errors and traces, on this machine: keeps every byte that the line tells it, unpacked."""

from __future__ import annotations

import contextlib
import gzip
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Collector:
    """Takes any POST; use as a context manager."""

    def __init__(self) -> None:
        kept: list[bytes] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with contextlib.suppress(OSError, EOFError, zlib.error):
                    body = gzip.decompress(body)
                kept.append(f"{self.path}\n{self.headers}\n".encode() + body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.kept = kept
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def heard(self, path: str) -> list[bytes]:
        """Give what came to a path that begins so."""
        return [body for body in self.kept if body.startswith(path.encode())]

    def __enter__(self) -> Collector:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
