from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sms_service.service.publishing.publishing import Publishing
from tests.publishing_site import Site, make_site

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest


@pytest.fixture
def site(make_line: Callable[..., LineUnderTest], publishing: Publishing) -> Site:
    """The pages of publishing, with stores in memory."""
    return make_site(make_line(), publishing)
