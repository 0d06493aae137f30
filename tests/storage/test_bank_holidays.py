from __future__ import annotations

import datetime as dt
import sys

from sms_service.storage.bank_holidays import load_bank_holidays


def test_the_days_are_those_of_england_and_wales():
    days = load_bank_holidays()
    assert {dt.date(2026, 12, 25), dt.date(2026, 12, 28), dt.date(2027, 3, 26)} <= days
    assert dt.date(2026, 8, 3) not in days, "the August holiday of Scotland"
    assert dt.date(2026, 11, 23) not in days


def test_the_days_are_those_that_the_package_itself_gives():
    from govuk_bank_holidays.bank_holidays import BankHolidays

    theirs = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    assert load_bank_holidays() == {holiday["date"] for holiday in theirs}


def test_no_http_client_is_loaded_for_them(project_root):
    import subprocess

    code = (
        "import sys; from sms_service.storage.bank_holidays import load_bank_holidays; load_bank_holidays();"
        "sys.exit('requests' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=project_root, check=False).returncode == 0
