"""The WSGI application, for any server: ``gunicorn app:app``. Settings come from the environment (see README.md)."""

from __future__ import annotations

from sms_service.factory.web import create_app

app = create_app()
