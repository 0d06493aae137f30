"""The pages for people, as an application of their own behind the line's.

The line answers webhooks and health checks without it: no session, cookie, CSRF or account code runs for them, and
nothing of it is even imported before somebody opens a page. It is built once a process, at the first request for it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from sms_service.factory.ops_pages import ops_blueprints
from sms_service.factory.trying import simulator, try_call, try_line
from sms_service.service.messaging import utc_now
from sms_service.service.ports import LineLog

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Blueprint, Flask

    from sms_service.factory.line import Line
    from sms_service.service.accounts.ports import StaffPost
    from sms_service.staff.accounts.install import AccountParts, SignOn
    from sms_service.staff.kit.guard import Doorman

__all__ = ["PagesBehindTheLine", "pages_of"]

MOST_BYTES_OF_A_PAGE: Final = 2_000_000
"""A whole reply book fits, and nobody fills the memory."""

_MOST_FIELDS: Final = 2_000


def pages_of(line: Line, doorman: Doorman | None = None) -> Flask:
    """Give the application with the pages of ``staff`` and ``ops``.

    Args:
        line: What the pages are about.
        doorman: Who knows who is there; without one, only public pages open.
    """
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from sms_service.ops.extras import add_traces
    from sms_service.staff.http_headers import headers_of, install_headers
    from sms_service.staff.kit.about_data import about_data_blueprint
    from sms_service.staff.kit.error_pages import install_people_error_pages
    from sms_service.staff.kit.guard import install_guard, refuse_views_without_rule, shut_doorman
    from sms_service.staff.kit.pages import PAGES_POLICY, install_kit

    settings = line.settings
    app = Flask("sms_service.pages", static_folder=None, template_folder=None)
    app.secret_key = settings.secret_key.get_secret_value() if settings.secret_key else secrets.token_hex(32)
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES_OF_A_PAGE,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES_OF_A_PAGE,
        MAX_FORM_PARTS=_MOST_FIELDS,
        SESSION_COOKIE_NAME="__Host-session" if settings.in_production else "session",
        SESSION_COOKIE_SECURE=settings.in_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    install_people_error_pages(app, line.log)
    add_traces(app, line.log, settings)
    install_headers(app, headers_of(https_only=settings.in_production, policy=PAGES_POLICY))
    parts = _account_parts(line) if doorman is None and line.events is not None else None
    if parts is not None:
        from sms_service.staff.accounts.doorman import session_doorman

        doorman = session_doorman(parts.unsaved, parts.clock)
    install_guard(app, doorman or shut_doorman())
    csrf = install_kit(app, lambda: _service_name(line))
    if parts is not None:
        from sms_service.staff.accounts.install import install_accounts

        install_accounts(app, parts)
    app.register_blueprint(about_data_blueprint())
    for blueprint in ops_blueprints(line):
        app.register_blueprint(blueprint)
    if not settings.in_production:
        from sms_service.staff.try_it import try_it_blueprint

        try_it = try_it_blueprint(try_line(line), try_call(line))
        csrf.exempt(try_it)  # it has no session, and looks itself where a form comes from
        app.register_blueprint(try_it)
    for blueprint in _publishing_pages(line):
        app.register_blueprint(blueprint)
    refuse_views_without_rule(app)
    # Only whom to count tries for is taken from headers. Scheme, host and path come from PUBLIC_URL, or are not needed.
    hops = settings.trusted_proxy_hops
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=0, x_host=0)  # type: ignore[method-assign]  # Flask's way
    return app


def _publishing_pages(line: Line) -> Iterable[Blueprint]:
    """Give the pages on which staff change what the line says; none for a line whose book is files alone."""
    if line.publishing is None:
        return ()
    from sms_service.staff.editing import editing_blueprints
    from sms_service.staff.learning import learning_blueprint
    from sms_service.staff.publishing import publishing_blueprints
    from sms_service.staff.simulator import simulator_blueprint
    from sms_service.staff.simulator.bench import Bench

    bench = Bench(simulator=simulator(line), publishing=line.publishing, releases=line.releases)
    return (
        *editing_blueprints(line.publishing, line.messaging.bank_holidays),
        *publishing_blueprints(line.publishing, line.releases),
        learning_blueprint(line.publishing, None if line.book_watch is None else line.book_watch.unmatched),
        simulator_blueprint(bench),
    )


def _account_parts(line: Line) -> AccountParts:
    """Give what accounts on pages are made of. Nothing is asked of the database yet."""
    from sms_service.factory.accounts import fernet_key_for, join_address, key_for, staff_accounts
    from sms_service.staff.accounts.install import AccountParts
    from sms_service.staff.accounts.unsaved import UnsavedWorkKeeper
    from sms_service.storage.common_passwords import common_passwords

    settings = line.settings
    staff = staff_accounts(settings)
    return AccountParts(
        accounts=staff.accounts,
        throttle=staff.throttle,
        unsaved=UnsavedWorkKeeper(fernet_key_for(settings, "unsaved work")),
        common_passwords=common_passwords(),
        service_name=_service_name(line),
        public_url=settings.public_url,
        totp_key=key_for(settings, "authenticator secrets"),
        join_address=lambda token: join_address(settings, token),
        post=_post(line),
        sign_on=_sign_on(line),
        has_first_page=settings.in_production,
        log=line.log,
        clock=utc_now,
    )


def _post(line: Line) -> StaffPost | None:
    server = line.settings.mail_server
    if server is None:
        return None
    from sms_service.staff.accounts.staff_mail import StaffMail
    from sms_service.storage.encryption import on_a_network, without

    return StaffMail(
        server=server,
        plain_allowed=not without(on_a_network([server.host]), line.settings.plain_text_hosts),
        service_name=_service_name(line),
        log=line.log,
    )


def _sign_on(line: Line) -> SignOn | None:
    """Give single sign-on; whatever is wrong with it costs that way in alone, and one log line says so."""
    settings = line.settings
    if settings.identity_provider is None:
        return None
    try:
        from sms_service.staff.accounts.install import SignOn
        from sms_service.staff.accounts.openid import OpenIdProvider
    except ImportError as error:
        line.log.trouble("single_sign_on_off_package_missing", error=error)
        return None
    callback = f"{settings.public_url}/single-sign-on/callback"
    provider = OpenIdProvider(settings.identity_provider, callback, line.log)
    return SignOn(provider, settings.oidc_name, f"{settings.public_url}/log-in")


def _service_name(line: Line) -> str:
    release = line.releases.current
    return "Text line" if release is None else release.book.service.name


class PagesBehindTheLine:
    """A WSGI application that hands what the line does not answer itself to the pages.

    Args:
        line_app: Answers its own paths. They must all be told apart by their first segment.
        is_of_line: Whether a path is the line's own, slips of the provider's addresses included.
        make_pages: Builds the pages; what it raises costs the pages alone, and is tried again at the next request.
        log: Told when they cannot be built.
    """

    def __init__(
        self,
        line_app: WSGIApplication,
        is_of_line: Callable[[str], bool],
        make_pages: Callable[[], Flask],
        log: LineLog,
    ) -> None:
        self.line_app = line_app
        self._is_of_line = is_of_line
        self._make_pages = make_pages
        self._log = log
        self._lock = threading.Lock()
        self._pages: Flask | None = None

    @property
    def pages(self) -> Flask:
        """The pages, built when they are not yet."""
        if self._pages is None:
            with self._lock:
                if self._pages is None:
                    self._pages = self._make_pages()
        return self._pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if self._is_of_line(environ.get("PATH_INFO", "")):
            return self.line_app(environ, start_response)
        try:
            pages = self.pages
        except Exception as error:  # noqa: BLE001 - texts are answered whatever is wrong with the pages
            self._log.trouble("pages_failed", error=error)
            return _not_available(start_response)
        return pages(environ, start_response)


def _not_available(start_response: StartResponse) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("Retry-After", "60")]
    start_response("503 Service Unavailable", headers)
    return [b"Staff pages are not available just now. The line itself goes on answering texts.\n"]
