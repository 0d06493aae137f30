"""What a webhook takes from Flask: the bytes that were signed, the signature, and the address it was made for."""

from __future__ import annotations

from typing import Final, NamedTuple

from flask import request
from werkzeug.exceptions import BadRequest, HTTPException

from sms_service.webhooks.request_verification import SIGNATURE_HEADER

SIGNATURE_IN_ENVIRON: Final = "HTTP_" + SIGNATURE_HEADER.upper().replace("-", "_")


class RawRequest(NamedTuple):
    """One request as it came, in the order in which the webhooks' functions take it."""

    body: bytes
    signature: str | None
    path_and_query: str


def raw_request() -> RawRequest:
    """Give the request that Flask is at.

    Raises:
        HTTPException: For a body that is too large, or that cannot be read because whoever sends it broke off or the
            rules of HTTP. That is no fault of ours, so it is refused and not answered.
    """
    environ = request.environ
    query = environ.get("QUERY_STRING", "")
    path_and_query = f"{request.path}?{query}" if query else request.path
    try:
        body = request.get_data()
    except HTTPException:
        raise
    except Exception as error:
        raise BadRequest from error
    return RawRequest(body, environ.get(SIGNATURE_IN_ENVIRON), path_and_query)
