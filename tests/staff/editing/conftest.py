"""What tests of the editing pages start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sms_service.service.publishing.publishing import Publishing
from tests.editing_site import EditingSite

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest


@pytest.fixture
def site(make_line: Callable[..., LineUnderTest], publishing: Publishing) -> EditingSite:
    return EditingSite(make_line, publishing)
