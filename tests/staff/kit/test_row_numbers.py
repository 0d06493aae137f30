from __future__ import annotations

import pytest

from sms_service.staff.kit.row_numbers import row_number

NO_NUMBERS = ["", "new", "-1", "1.0", " 1", "²", "٣", "1_0", "1e3", 10 * "9", 5000 * "9"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_no_row_can_be_called_is_no_number(text: str) -> None:
    assert row_number(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), (9 * "9", 999_999_999)])
def test_a_number_is_read(text: str, number: int) -> None:
    assert row_number(text) == number
