"""The configurations of proxies that come with the line: what they must do for it, and must never do in its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROXIES = ("nginx.conf", "Caddyfile")


def directives(path: Path) -> str:
    """Give the configuration without its comments."""
    return re.sub(r"(?m)#.*$", "", path.read_text())


def test_a_proxy_takes_requests_in_whole(project_root: Path) -> None:
    """A slow body holds a thread of the web server for as long as it comes (faults row 40)."""
    nginx, caddy = (directives(project_root / "deploy" / name) for name in PROXIES)
    assert re.search(r"proxy_request_buffering\s+on;", nginx)
    assert re.search(r"client_body_timeout\s+\ds;", nginx)
    assert re.search(r"client_header_timeout\s+\ds;", nginx)
    assert re.search(r"request_buffers\s+64KB", caddy)
    assert re.search(r"read_body\s+\ds\b", caddy)
    assert re.search(r"read_header\s+\ds\b", caddy)


@pytest.mark.parametrize("name", PROXIES)
def test_no_proxy_answers_for_the_line(name: str, project_root: Path) -> None:
    """A page of its own would be texted to a young person; a redirect loses the message (faults row 60)."""
    words = directives(project_root / "deploy" / name)
    answers = (
        r"\b(error_page|return|rewrite|try_files|root|redir|respond|handle_errors|file_server|proxy_intercept_errors)\b"
    )
    assert re.findall(answers, words) == []
    assert not re.search(r"\b(proxy_cache|cache)\b", words)
