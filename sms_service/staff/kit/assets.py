"""The pages' style sheets, scripts and pictures, under an address that changes when one of them does."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, send_from_directory, url_for

from sms_service.service.access import open_to_everybody

FOLDER: Final = Path(__file__).resolve().parents[1] / "static"

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""What is handed out; nothing else in the folder is. All of it is UTF-8."""

_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_FIRST: Final = "public, no-cache"


@cache
def assets_version() -> str:
    """Give 16 characters that change with any of the files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.suffix in _TYPES):
        digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def asset_url(name: str) -> str:
    """Give the address of a file in ``staff/static``, for templates.

    Raises:
        FileNotFoundError: When there is no such file, so that a slip shows in the first test of the page.
    """
    if not (FOLDER / name).is_file():
        raise FileNotFoundError(f"no {name} in staff/static")
    return url_for("kit.asset", version=assets_version(), name=name)


def asset_blueprint() -> Blueprint:
    """Give the route of the files. All lie under one version, so that a script may import its neighbour by name."""
    blueprint = Blueprint("kit", __name__, template_folder=str(Path(__file__).parent / "templates"))

    @blueprint.get("/assets/<version>/<path:name>")
    @open_to_everybody
    def asset(version: str, name: str) -> Response:
        kind = _TYPES.get(Path(name).suffix)
        if kind is None:
            abort(404)
        response = send_from_directory(FOLDER, name, mimetype=kind)
        response.headers["Content-Type"] = f"{kind}; charset=utf-8"
        # A page that was open during a deploy may ask for the old version: it gets today's, and keeps it for no while.
        response.headers["Cache-Control"] = _FOR_GOOD if version == assets_version() else _ASK_FIRST
        return response

    return blueprint
