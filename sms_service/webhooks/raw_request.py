"""What a webhook takes from Flask: the bytes that were signed, the signature, and the address it was made for."""

from __future__ import annotations

from typing import NamedTuple

from flask import request
from werkzeug.exceptions import BadRequest, HTTPException

from sms_service.webhooks.request_verification import SIGNATURE_HEADER


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
    query = request.query_string.decode("latin-1")
    path_and_query = f"{request.path}?{query}" if query else request.path
    try:
        body = request.get_data()
    except HTTPException:
        raise
    except Exception as error:
        raise BadRequest from error
    return RawRequest(body, request.headers.get(SIGNATURE_HEADER), path_and_query)
