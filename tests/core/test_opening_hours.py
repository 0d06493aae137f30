from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.opening_hours import (
    LONGEST_OPENING_WORDS,
    UK,
    Openness,
    opening_words,
    openness,
    opens_at,
    spoken_opening_words,
)
from sms_service.core.reply_book import Contact
from sms_service.core.segments import is_gsm7

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHRISTMAS = frozenset({dt.date(2026, 12, 25), dt.date(2026, 12, 28), dt.date(2027, 1, 1)})


def uk(text: str, fold: int = 0) -> dt.datetime:
    """A moment given by the clock on a wall in Leicester."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=UK, fold=fold)


def office(**days: object) -> Contact:
    open_on_bank_holidays = days.pop("open_on_bank_holidays", False)
    return Contact.model_validate(
        {
            "name": "Office",
            "number": "0116 496 0000",
            "hours": {"days": days, "open_on_bank_holidays": open_on_bank_holidays},
        }
    )


def with_hours(hours: str) -> Contact:
    return Contact.model_validate({"name": "Office", "number": "0116 496 0000", "hours": hours})


NINE_TO_FIVE = office(**{day: ["09:00-17:00"] for day in WEEKDAYS[:5]})


@pytest.mark.parametrize(
    ("contact", "moment", "state"),
    [
        (with_hours("always"), "2026-12-25T03:00", Openness.OPEN),
        (with_hours("unknown"), "2026-11-23T12:00", Openness.UNKNOWN),
        (NINE_TO_FIVE, "2026-11-23T08:59", Openness.SHUT),
        (NINE_TO_FIVE, "2026-11-23T09:00", Openness.OPEN),
        (NINE_TO_FIVE, "2026-11-23T16:59", Openness.OPEN),
        (NINE_TO_FIVE, "2026-11-23T17:00", Openness.SHUT),
        (NINE_TO_FIVE, "2026-11-22T12:00", Openness.SHUT),  # a Sunday
        (NINE_TO_FIVE, "2026-12-25T12:00", Openness.SHUT),  # a Friday, and Christmas
        (office(fri=["09:00-17:00"], open_on_bank_holidays=True), "2026-12-25T12:00", Openness.OPEN),
        (office(mon=["09:00-12:00", "13:00-17:00"]), "2026-11-23T12:30", Openness.SHUT),
        (office(mon=["22:00-24:00"], tue=["00:00-06:00"]), "2026-11-23T23:59", Openness.OPEN),
        (office(mon=["22:00-24:00"], tue=["00:00-06:00"]), "2026-11-24T00:00", Openness.OPEN),
        (office(), "2026-11-23T12:00", Openness.SHUT),
    ],
)
def test_whether_somebody_answers(contact, moment, state):
    assert openness(contact, uk(moment), CHRISTMAS) is state


@pytest.mark.parametrize(
    ("contact", "moment", "opens"),
    [
        (with_hours("always"), "2026-11-23T12:00", "2026-11-23T12:00"),
        (with_hours("unknown"), "2026-11-23T12:00", None),
        (NINE_TO_FIVE, "2026-11-23T12:00", "2026-11-23T12:00"),
        (NINE_TO_FIVE, "2026-11-23T07:00", "2026-11-23T09:00"),
        (NINE_TO_FIVE, "2026-11-23T17:00", "2026-11-24T09:00"),
        (NINE_TO_FIVE, "2026-11-27T18:00", "2026-11-30T09:00"),
        (NINE_TO_FIVE, "2026-12-24T18:00", "2026-12-29T09:00"),  # over Christmas, a weekend and a day in lieu
        (office(fri=["10:00-11:00"]), "2026-12-24T12:00", "2027-01-08T10:00"),  # both Fridays are holidays
        (office(), "2026-11-23T12:00", None),
    ],
)
def test_when_somebody_answers_next(contact, moment, opens):
    expected = None if opens is None else uk(opens).astimezone(dt.UTC)
    assert opens_at(contact, uk(moment), CHRISTMAS) == expected


@pytest.mark.parametrize(
    ("moment_utc", "state"),
    [
        ("2026-03-27T08:59+00:00", Openness.SHUT),
        ("2026-03-27T09:00+00:00", Openness.OPEN),
        ("2026-03-30T07:59+00:00", Openness.SHUT),
        ("2026-03-30T08:00+00:00", Openness.OPEN),  # summer time began on Sunday
        ("2026-10-26T08:59+00:00", Openness.SHUT),
        ("2026-10-26T09:00+00:00", Openness.OPEN),  # and ended
    ],
)
def test_nine_oclock_is_nine_by_the_wall_in_summer_and_winter(moment_utc, state):
    assert openness(NINE_TO_FIVE, dt.datetime.fromisoformat(moment_utc), frozenset()) is state


def test_the_moment_may_come_in_any_zone():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert openness(NINE_TO_FIVE, dt.datetime(2026, 11, 23, 18, 0, tzinfo=tokyo), frozenset()) is Openness.OPEN


def test_the_night_the_clocks_go_forward_skips_an_hour_and_no_opening():
    night = office(sun=["00:30-03:00"])
    assert openness(night, uk("2026-03-29T00:45"), frozenset()) is Openness.OPEN
    assert openness(night, dt.datetime(2026, 3, 29, 1, 59, tzinfo=dt.UTC), frozenset()) is Openness.OPEN  # 02:59 BST
    assert openness(night, dt.datetime(2026, 3, 29, 2, 0, tzinfo=dt.UTC), frozenset()) is Openness.SHUT
    # 01:00 to 02:00 does not happen that night: the next one is a week later.
    skipped = office(sun=["01:00-02:00"])
    assert opens_at(skipped, uk("2026-03-29T00:00"), frozenset()) == uk("2026-04-05T01:00")


def test_the_night_the_clocks_go_back_opens_at_the_first_of_two_half_past_ones():
    night = office(sun=["01:30-03:00"])
    assert opens_at(night, uk("2026-10-25T00:00"), frozenset()) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert openness(night, uk("2026-10-25T01:15", fold=1), frozenset()) is Openness.OPEN


@pytest.mark.parametrize("ask", [openness, opens_at])
def test_a_moment_without_a_zone_is_refused(ask):
    with pytest.raises(ValueError, match="aware"):
        ask(NINE_TO_FIVE, dt.datetime(2026, 11, 23, 12, 0), frozenset())  # noqa: DTZ001  # the point of the test


@pytest.mark.parametrize(
    ("opens", "now", "language", "words"),
    [
        ("2026-11-23T09:00", "2026-11-23T07:00", "en", "opens 9am"),
        ("2026-11-24T09:30", "2026-11-23T17:00", "en", "opens Tue 9.30am"),
        ("2026-11-29T12:00", "2026-11-23T17:00", "en", "opens Sun 12pm"),
        ("2026-11-30T13:00", "2026-11-23T17:00", "en", "opens 30 Nov 1pm"),
        ("2026-11-24T00:00", "2026-11-23T17:00", "en", "opens Tue 12am"),
        ("2026-11-24T09:00", "2026-11-23T17:00", "cy", "yn agor Maw 9am"),
        ("2026-11-24T09:00", "2026-11-23T17:00", "pl", "opens Tue 9am"),
    ],
)
def test_opening_words_are_short(opens, now, language, words):
    assert opening_words(uk(opens), uk(now), language) == words


def test_spoken_opening_words_are_whole_words():
    assert spoken_opening_words(uk("2026-11-24T09:00"), uk("2026-11-23T17:00")) == "opens Tuesday at 9 a m"
    assert spoken_opening_words(uk("2026-12-24T13:30"), uk("2026-11-23T17:00")) == "opens 24 December at 1 30 p m"
    assert spoken_opening_words(uk("2026-11-23T09:00"), uk("2026-11-23T07:00")) == "opens at 9 a m"


moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001
minutes = st.integers(0, 24 * 60 - 1)
spans = st.tuples(minutes, minutes).filter(lambda span: span[0] < span[1])
tables = st.dictionaries(
    st.sampled_from(WEEKDAYS),
    spans.map(lambda span: ["{:02}:{:02}-{:02}:{:02}".format(*divmod(span[0], 60), *divmod(span[1], 60))]),
)


@given(tables, moments, st.booleans())
def test_it_is_open_when_it_is_said_to_open_and_shut_until_then(days, now, on_holidays):
    contact = office(**days, open_on_bank_holidays=on_holidays)
    moment = opens_at(contact, now, CHRISTMAS)
    if moment is None:
        assert openness(contact, now, CHRISTMAS) is Openness.SHUT
        return
    assert moment >= now
    assert openness(contact, moment, CHRISTMAS) is Openness.OPEN
    assert (moment == now) == (openness(contact, now, CHRISTMAS) is Openness.OPEN)
    if moment > now:
        halfway = now + (moment - now) / 2
        assert openness(contact, halfway, CHRISTMAS) is Openness.SHUT
        assert openness(contact, moment - dt.timedelta(microseconds=1), CHRISTMAS) is Openness.SHUT


@given(moments, st.integers(0, 40 * 24 * 60), st.sampled_from(["en", "cy"]))
def test_no_opening_words_are_longer_than_the_checker_counts_with(now, minutes_ahead, language):
    words = opening_words(now + dt.timedelta(minutes=minutes_ahead), now, language)
    assert len(words) <= len(LONGEST_OPENING_WORDS[language])
    assert is_gsm7(words)
