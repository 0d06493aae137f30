"""The line as it is once it has learned free text. Learned once on a machine, kept in var/tests beside the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_service.factory.environment import settings_for_tools
from sms_service.factory.releases import load_bank_holidays, release_from_files
from sms_service.service.release import Release


@pytest.fixture(scope="session")
def learned_release(project_root: Path) -> Release:
    """The release of the book in responses/, with free text; the first time on a machine takes half a minute."""
    settings = settings_for_tools({"VAR_DIR": str(project_root / "var" / "tests")}, project_root / "responses")
    release = release_from_files(settings, load_bank_holidays(), learn_now=True).release
    assert release is not None
    return release
