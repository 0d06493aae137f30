from __future__ import annotations

import pytest

from sms_service.core.data_register import MESSAGE_DAYS, OUTBOX, REGISTER, as_markdown, table
from sms_service.core.stored_tables import SQL


def test_every_table_stands_in_it_once() -> None:
    names = [(stored.store, stored.name) for stored in REGISTER]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("stored", REGISTER, ids=lambda stored: f"{stored.store}-{stored.name}")
def test_every_column_has_a_purpose(stored) -> None:
    assert stored.purpose
    assert stored.columns
    assert all(len(purpose) > 3 for purpose in stored.columns.values())


def test_a_pseudonym_is_never_kept_for_good_unless_somebody_holds_it() -> None:
    for stored in REGISTER:
        if "pseudonym" in stored.columns or "body" in stored.columns:
            assert (stored.days is not None and stored.days <= MESSAGE_DAYS) or "hold" in stored.until


def test_the_page_names_every_column_with_its_days() -> None:
    page = as_markdown()
    for stored in REGISTER:
        assert f"### {stored.name}\n\n{stored.purpose}\n\nKept: {stored.kept}." in page
        for column, purpose in stored.columns.items():
            assert f"| {column} | {purpose} |" in page


def test_a_pipe_in_a_purpose_would_break_the_page() -> None:
    assert not any("|" in purpose for stored in REGISTER for purpose in (*stored.columns.values(), stored.purpose))


def test_a_table_that_is_not_in_it_is_a_mistake() -> None:
    assert table(SQL, "message_log").days == MESSAGE_DAYS
    assert table(OUTBOX, "event").kept == "until moved (seconds; longer while SQL is down), at most 90 days"
    with pytest.raises(KeyError, match="elsewhere"):
        table(SQL, "elsewhere")
