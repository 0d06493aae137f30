"""An HTTP client's rule to follow no redirect."""

from __future__ import annotations

from urllib.request import HTTPRedirectHandler


class NoRedirects(HTTPRedirectHandler):
    """Makes an error of a redirect.

    From our own address it is a fault: the provider would follow it without the message. From the provider's API it
    leads to the contents of media, which are not for us.
    """

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""
