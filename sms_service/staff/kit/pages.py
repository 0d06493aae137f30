"""Makes a Flask app one of pages: templates of the kit, GOV.UK components, words and moments as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Flask
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from sms_service.service.access import Role, person_or_none
from sms_service.staff.kit.assets import asset_blueprint, asset_url
from sms_service.staff.kit.dates import day, moment
from sms_service.staff.kit.guard import footer_links, log_out_address, menu_links
from sms_service.staff.kit.row_numbers import RowNumberConverter
from sms_service.staff.kit.words import draft_state

PAGES_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of pages: own files only, nothing inline. ``data:`` is for the code of an authenticator."""


def install_kit(app: Flask, service_name: Callable[[], str]) -> CSRFProtect:
    """Give an app the layout, the components and CSRF protection of every form.

    Args:
        app: With a SECRET_KEY.
        service_name: As the header shows it, asked for each page.
    """
    app.jinja_loader = ChoiceLoader(
        [
            PrefixLoader(
                {name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")},
            )
        ]
    )
    app.jinja_env.filters.update(moment=moment, day=day)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.converters["int"] = RowNumberConverter
    WTFormsHelpers(app)
    app.register_blueprint(asset_blueprint())
    app.context_processor(
        lambda: {
            "asset_url": asset_url,
            "menu_links": menu_links,
            "service_name": service_name(),
            "person": person_or_none(),
            "footer_links": footer_links,
            "log_out_address": log_out_address,
            "may": may,
            "draft_state": draft_state,
        }
    )
    # Pages send no referrer (http_headers.py), so it cannot be compared; the token and the cookie's SameSite are.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session, which is short enough
    return CSRFProtect(app)


def may(role: str) -> bool:
    """Whether who is there has a role."""
    person = person_or_none()
    return person is not None and person.may(Role(role))
