"""The editing pages with stores in memory: several editors on one book."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

from sms_service.core.publishing.records import Draft
from sms_service.factory.web import app_of
from sms_service.service.access import Person, Role
from sms_service.service.publishing.publishing import Publishing
from tests.publishing_in_memory import ANN
from tests.staff_site import StaffClient, doorman_for

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

BEA = Person("bea", "Bea Example", frozenset({Role.EDITOR}))
ROY = Person("roy", "Roy Reader", frozenset({Role.APPROVER}))


class EditingSite:
    """A site on one book in memory: ``site.client(BEA)`` logs somebody in."""

    def __init__(self, make_line: Callable[..., LineUnderTest], publishing: Publishing) -> None:
        self._make_line = make_line
        self.publishing = publishing

    def app(self, person: Person = ANN, **environ: str) -> Flask:
        """Give the application with somebody logged in."""
        line = dataclasses.replace(self._make_line(**environ).line, publishing=self.publishing)
        return app_of(line, doorman_for(person))

    def client(self, person: Person = ANN) -> StaffClient:
        """Log somebody in."""
        return StaffClient(self.app(person), person)

    def draft(self, title: str = "New words") -> Draft:
        """Open a draft."""
        return self.publishing.drafts.open(ANN, title)

    def field(self, draft_id: int, path: str, *steps: str) -> object:
        """Give what a field holds in the draft now."""
        drafts = self.publishing.drafts
        value: object = drafts.fields(drafts.get(draft_id), path).fields
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        return value.strip() if isinstance(value, str) else value
