"""Which address did the provider sign? For a refused request: the addresses it may have been, likeliest first.

The provider signs the address it was configured with; we check the one that is put together from PUBLIC_URL and the
requested path. When they differ, a setting or a proxy is wrong. The proxy's own headers often say what the address was
before it was changed. None of this makes a request genuine: it is only said to operators.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final
from urllib.parse import quote, unquote, urlsplit

MOST_CANDIDATES: Final = 600
_MOST_FAULTS: Final = 3


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """What a request shows of its address; everything but the path is only what it says of itself.

    Attributes:
        path_and_query: As requested.
        headers: By lower-case name, those of :data:`READ_HEADERS` that it carries.
        user_info: ``name:password`` of its Authorization header, or ''. Tried, never kept.
    """

    path_and_query: str
    headers: dict[str, str]
    user_info: str = ""


READ_HEADERS: Final = (
    "host",
    "forwarded",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-uri",
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may have been signed, and in what it differs from the one that was checked."""

    url: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A value for one part of an address; ``fault`` says where it differs and who says so, '' where it does not."""

    value: str
    fault: str = ""


def candidates(public_url: str, seen: SeenRequest) -> list[Candidate]:
    """Give every address worth trying, those with the fewest differences first; the checked one is not among them."""
    configured = urlsplit(public_url)
    path, _, query = seen.path_and_query.partition("?")
    choices = (
        _distinct([_Choice(configured.scheme), *_schemes(configured.scheme, seen)]),
        _distinct([_Choice(configured.hostname or ""), *_hosts(configured.hostname or "", seen)]),
        _distinct([_Choice(f":{configured.port}" if configured.port else ""), *_ports(seen)]),
        _distinct([_Choice(configured.path + path), *_paths(configured.path, path, seen)]),
        _distinct([_Choice(query), *_queries(query, seen)]),
        _distinct(
            [_Choice(""), *([_Choice(f"{seen.user_info}@", "user name by Authorization")] * bool(seen.user_info))]
        ),
    )
    found: list[Candidate] = []
    for scheme, host, port, whole_path, whole_query, user in product(*choices):
        faults = tuple(choice.fault for choice in (scheme, host, port, whole_path, whole_query, user) if choice.fault)
        if 0 < len(faults) <= _MOST_FAULTS:
            mark = f"?{whole_query.value}" if whole_query.value else ""
            url = f"{scheme.value}://{user.value}{host.value}{port.value}{whole_path.value}{mark}"
            found.append(Candidate(url, faults))
    return sorted(found, key=lambda candidate: len(candidate.faults))[:MOST_CANDIDATES]


def without_values(url: str) -> str:
    """Give an address as it may be kept: no user name, and of the query only the names."""
    head, mark, query = url.partition("?")
    scheme, separator, rest = head.partition("://")
    host, slash, path = rest.partition("/")
    names = "&".join(part.partition("=")[0] + "=..." for part in query.split("&") if part)
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}{mark if names else ''}{names}"


def mend(seen_url: str, signed_url: str) -> str:
    """Say what to change, in a sentence or two, for what was found."""
    signed, seen = urlsplit(signed_url), urlsplit(seen_url)
    advice = []
    if (signed.scheme, signed.netloc) != (seen.scheme, seen.netloc):
        advice.append(
            f"The provider calls {signed.scheme}://{signed.netloc}, PUBLIC_URL says {seen.scheme}://{seen.netloc}: "
            "make them the same, in PUBLIC_URL or in the provider's console."
        )
    if signed.path != seen.path:
        advice.append(
            f"The provider calls the path {signed.path}, {seen.path} arrives: a proxy in between changes it. Let it "
            "pass the path on as it is, or put the part that it takes away into PUBLIC_URL."
        )
    if signed.query != seen.query:
        advice.append("A proxy in between changes what stands behind the '?': let it pass the query on as it is.")
    return " ".join(advice) or "Only the user name or a character differs: compare the two addresses letter by letter."


def _distinct(choices: Sequence[_Choice]) -> list[_Choice]:
    """Keep the first of each value; empty hosts and the like are no choice unless they come first."""
    return list({choice.value: choice for choice in reversed(choices)}.values())[::-1]


def _first(seen: SeenRequest, name: str) -> str:
    """Give the first value of a header that proxies add to."""
    return seen.headers.get(name, "").partition(",")[0].strip()


def _forwarded(seen: SeenRequest, key: str) -> str:
    """Give a value of the standard header (RFC 7239)."""
    for pair in _first(seen, "forwarded").split(";"):
        name, _, value = pair.strip().partition("=")
        if name.lower() == key:
            return value.strip('"')
    return ""


def _schemes(configured: str, seen: SeenRequest) -> Iterator[_Choice]:
    told = {"X-Forwarded-Proto": _first(seen, "x-forwarded-proto"), "Forwarded": _forwarded(seen, "proto")}
    for header, value in told.items():
        if value.lower() in {"http", "https"}:
            yield _Choice(value.lower(), f"scheme by {header}")
    yield _Choice("http" if configured == "https" else "https", "scheme")


def _named_hosts(seen: SeenRequest) -> Iterator[tuple[str, str]]:
    yield "Host", _first(seen, "host")
    yield "X-Forwarded-Host", _first(seen, "x-forwarded-host")
    yield "Forwarded", _forwarded(seen, "host")


def _hosts(configured: str, seen: SeenRequest) -> Iterator[_Choice]:
    for header, value in _named_hosts(seen):
        host = value.rpartition(":")[0] if value.rpartition(":")[2].isdigit() else value
        if host and _is_plain(host):
            yield _Choice(host, f"host by {header}")
    other = configured.removeprefix("www.") if configured.startswith("www.") else f"www.{configured}"
    yield _Choice(other, "host: www. in front")


def _ports(seen: SeenRequest) -> Iterator[_Choice]:
    for header, value in _named_hosts(seen):
        port = value.rpartition(":")[2]
        if ":" in value and port.isdigit():
            yield _Choice(f":{port}", f"port by {header}")
    told = _first(seen, "x-forwarded-port")
    if told.isdigit():
        yield _Choice(f":{told}", "port by X-Forwarded-Port")
    yield _Choice("", "port")
    yield from (_Choice(f":{port}", "port") for port in (443, 80))


def _paths(base: str, path: str, seen: SeenRequest) -> Iterator[_Choice]:
    whole = base + path
    for header in ("x-original-uri", "x-forwarded-uri", "x-original-url", "x-rewrite-url"):
        told = seen.headers.get(header, "")
        told_path = urlsplit(told).path if "://" in told else told.partition("?")[0]
        if told_path.startswith("/") and _is_plain(told_path):
            yield _Choice(told_path, f"path by {_titled(header)}")
    prefix = _first(seen, "x-forwarded-prefix").rstrip("/")
    if prefix.startswith("/") and _is_plain(prefix):
        yield _Choice(prefix + path, "path by X-Forwarded-Prefix")
    yield _Choice(whole.rstrip("/") if whole.endswith("/") else f"{whole}/", "path: slash at the end")
    yield _Choice(path, "path: without the path of PUBLIC_URL")
    yield _Choice(f"/{whole}", "path: two slashes")


def _queries(query: str, seen: SeenRequest) -> Iterator[_Choice]:
    for header in ("x-original-uri", "x-forwarded-uri", "x-original-url", "x-rewrite-url"):
        told = seen.headers.get(header, "")
        if "?" in told and _is_plain(told):
            yield _Choice(told.partition("?")[2], f"query by {_titled(header)}")
    yield _Choice("", "query: left out")
    yield _Choice(unquote(query), "query: decoded")
    yield _Choice(quote(query, safe="=&%"), "query: encoded")


def _titled(header: str) -> str:
    return "-".join(part.upper() if part in {"uri", "url"} else part.title() for part in header.split("-"))


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
