from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.core.opening_hours import UK
from sms_service.core.rendering import Part, Renderer, extreme_forms, render
from sms_service.core.segments import count_segments, is_gsm7

NO_HOLIDAYS: frozenset[dt.date] = frozenset()
MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=UK)
SUNDAY_NIGHT = dt.datetime(2026, 11, 22, 21, 0, tzinfo=UK)

LONG_TALK = (
    "You are not in trouble.\nTeam: {contact.team}\nAdults: {contact.nspcc}\nDay or night: {contact.duty_and_advice}"
)


def say(book, key="talk", part=Part.TEXT, language="en", now=MONDAY_NOON, **options):
    return render(book, key, part, language, now, NO_HOLIDAYS, **options)


def test_a_contact_is_filled_in_from_the_directory(make_book):
    reply = say(make_book({"replies.talk.text.en": "Call {contact.duty_and_advice} now"}))
    assert reply.text == "Call 0116 454 1004 now"
    assert (reply.segments, reply.language, reply.key) == (1, "en", "talk")


@pytest.mark.parametrize(
    "literal", ["{}", "{0}", "{contact}", "{contact.}", "{contact.Team}", "{name}", "{{contact", "%s $x \\1"]
)
def test_everything_but_a_contact_is_literal(make_book, literal):
    assert say(make_book({"replies.talk.text.en": f"a {literal} b"})).text == f"a {literal} b"


@pytest.mark.parametrize("part", list(Part))
def test_an_unknown_reply_gives_the_fallback(make_book, part):
    reply = say(make_book(), key="no_such_reply", part=part)
    assert reply.key == "fallback"
    assert "You are not in trouble." in reply.text


def test_without_a_fallback_reply_the_built_in_text_leaves(make_book):
    book = make_book({"replies.fallback": None})
    assert say(book, key="nothing").text == BUILT_IN_FALLBACK
    assert say(book, key="nothing").segments == 1
    assert "9 9 9, again, 9 9 9" in say(book, key="nothing", part=Part.SPOKEN).text


def test_a_text_that_names_an_unknown_contact_does_not_leave_with_a_hole(make_book):
    broken = {"replies.talk.text.en": "Call {contact.gone}"}
    assert say(make_book(broken)).key == "fallback"
    good_text = {"replies.talk.text.en": "Call {contact.emergency}", "replies.talk.again": {"en": "{contact.gone}"}}
    assert say(make_book(good_text), part=Part.AGAIN).text == "Call 999"


@pytest.mark.parametrize("part", [Part.AGAIN, Part.MORE])
def test_a_missing_part_falls_back_to_the_text(make_book, part):
    book = make_book()
    assert say(book, part=part) == say(book)


def test_a_part_that_is_there_is_used(make_book):
    assert say(make_book({"replies.talk.again": {"en": "Once more"}}), part=Part.AGAIN).text == "Once more"


def test_a_missing_language_falls_back_to_english(make_book):
    book = make_book({"replies.talk.text.cy": "Siaradwch"})
    assert say(book, language="cy").text == "Siaradwch"
    assert say(book, language="pl").language == "en"


def test_a_language_without_this_part_keeps_the_language(make_book):
    book = make_book({"replies.talk.text.cy": "Siaradwch", "replies.talk.again": {"en": "Again"}})
    assert say(book, language="cy", part=Part.AGAIN).text == "Siaradwch"


@pytest.mark.parametrize(
    ("now", "order"),
    [
        (MONDAY_NOON, ["Adults: 0808 800 5000", "Day or night: 0116 454 1004", "Team: 0116 277 9190"]),
        (SUNDAY_NIGHT, ["Day or night: 0116 454 1004", "Team: 0116 277 9190", "Adults: 0808 800 5000 (opens Mon 9am)"]),
    ],
)
def test_who_answers_now_is_named_first_and_who_is_shut_says_when_it_opens(make_book, now, order):
    reply = say(make_book({"replies.talk.text.en": LONG_TALK}), now=now)
    assert reply.text.splitlines() == ["You are not in trouble.", *order]


def test_only_neighbouring_contact_lines_change_places(make_book):
    text = "Adults: {contact.nspcc}\nOr:\nDay or night: {contact.duty_and_advice}"
    lines = say(make_book({"replies.talk.text.en": text}), now=SUNDAY_NIGHT).text.splitlines()
    assert lines == ["Adults: 0808 800 5000 (opens Mon 9am)", "Or:", "Day or night: 0116 454 1004"]


def test_a_line_with_two_contacts_counts_as_the_one_that_answers(make_book):
    text = "Team: {contact.team}\nAdults: {contact.nspcc} or {contact.emergency}"
    lines = say(make_book({"replies.talk.text.en": text}), now=SUNDAY_NIGHT).text.splitlines()
    assert lines[0] == "Adults: 0808 800 5000 (opens Mon 9am) or 999"


def test_a_bank_holiday_is_a_shut_day(make_book):
    renderer = Renderer(make_book({"replies.talk.text.en": LONG_TALK}))
    shut = renderer.render("talk", Part.TEXT, "en", MONDAY_NOON, frozenset({dt.date(2026, 11, 23)}))
    assert "0808 800 5000 (opens Tue 9am)" in shut.text
    assert "opens" not in renderer.render("talk", Part.TEXT, "en", MONDAY_NOON, NO_HOLIDAYS).text


def test_a_renderer_says_the_new_hours_a_minute_later(make_book):
    renderer = Renderer(make_book({"replies.talk.text.en": LONG_TALK}))
    before, after = (
        renderer.render("talk", Part.TEXT, "en", MONDAY_NOON.replace(hour=8, minute=59) + later, NO_HOLIDAYS).text
        for later in (dt.timedelta(), dt.timedelta(minutes=1))
    )
    assert "opens 9am" in before
    assert "opens" not in after


def test_the_emergency_line_comes_first(make_book):
    reply = say(make_book(), emergency_line=True)
    assert reply.text.startswith("If you are not safe, call 999.\nYou are not in trouble.")
    assert reply.segments == count_segments(reply.text).segments


def test_a_danger_reply_needs_no_emergency_line(make_book):
    book = make_book()
    assert say(book, key="urgent", emergency_line=True) == say(book, key="urgent")


def test_a_broken_emergency_line_is_left_out(make_book):
    book = make_book({"service.emergency_line": {"en": "Call {contact.gone}"}})
    assert say(book, emergency_line=True) == say(book)


def test_english_is_tidied_to_gsm7(make_book):
    assert say(make_book({"replies.talk.text.en": "You\u2019re \u2013 not\u00a0alone"})).text == "You're - not alone"


def test_a_text_that_cannot_be_gsm7_is_left_as_written(make_book):
    assert say(make_book({"replies.talk.text.en": "You\u2019re not alone 🙂"})).text == "You\u2019re not alone 🙂"


def test_other_languages_keep_their_accents(make_book):
    reply = say(make_book({"replies.talk.text.pl": "Zrób mi łaskę"}), language="pl")
    assert reply.text == "Zrób mi łaskę"


def test_unseen_control_characters_never_leave(make_book):
    assert say(make_book({"replies.talk.text.en": "a\x00b\x1b[c\td\r\ne"})).text == "ab[c d\ne"


def test_speech_reads_numbers_in_groups_and_the_first_time_twice(make_book):
    text = "Call {contact.duty_and_advice} now\nAgain, call {contact.duty_and_advice}."
    reply = say(make_book({"replies.talk.spoken": {"en": text}}), part=Part.SPOKEN)
    assert reply.text == (
        "Call 0 1 1 6, 4 5 4, 1 0 0 4, again, 0 1 1 6, 4 5 4, 1 0 0 4 now. Again, call 0 1 1 6, 4 5 4, 1 0 0 4."
    )
    assert reply.segments == 0


def test_speech_is_made_from_the_text_when_there_is_none(make_book):
    reply = say(make_book({"replies.talk.text.en": "Look: {contact.iwf}\nUnder 18?"}), part=Part.SPOKEN)
    assert reply.text == "Look: iwf dot org dot uk slash report. Under 18?"


def test_speech_says_when_somebody_opens(make_book):
    reply = say(make_book({"replies.talk.text.en": "Adults: {contact.nspcc}"}), part=Part.SPOKEN, now=SUNDAY_NIGHT)
    assert reply.text.endswith("0 8 0 8, 8 0 0, 5 0 0 0, which opens Monday at 9 a m.")


def test_a_moment_without_a_zone_is_refused_where_hours_matter(make_book):
    with pytest.raises(ValueError, match="aware"):
        say(make_book({"replies.talk.text.en": LONG_TALK}), now=dt.datetime(2026, 11, 23))  # noqa: DTZ001


def test_the_extreme_forms_hold_the_longest_opening_words(make_book):
    everybody_open, everybody_shut = extreme_forms(LONG_TALK, "en", make_book().contacts)
    assert everybody_open.splitlines()[1] == "Adults: 0808 800 5000"
    assert everybody_shut.splitlines()[-1] == "Adults: 0808 800 5000 (opens 29 Dec 10.30am)"


@given(text=st.text(min_size=1).filter(str.strip), emergency_line=st.booleans(), part=st.sampled_from(list(Part)))
def test_any_words_render_to_a_text_xml_can_carry(text, emergency_line, part):
    book = _book_with(text)
    reply = say(book, part=part, emergency_line=emergency_line)
    assert not set(reply.text) & {chr(code) for code in (*range(9), *range(11, 32), 0xFFFE, 0xFFFF)}
    reply.text.encode("utf-8")
    assert reply.text.strip()
    assert reply.segments == (0 if part is Part.SPOKEN else count_segments(reply.text).segments)


def _book_with(text):
    from sms_service.core.reply_book import ReplyBook

    return ReplyBook.model_validate(
        {
            "contacts": {"emergency": {"name": "Emergency", "number": "999", "hours": "always"}},
            "service": {"name": "x", "menu": ["talk"], "emergency_line": {"en": "Call {contact.emergency}."}},
            "replies": {"talk": {"title": "x", "text": {"en": text}}},
        }
    )


def test_the_built_in_fallback_fits_one_plain_segment_with_its_three_numbers():
    assert is_gsm7(BUILT_IN_FALLBACK)
    assert count_segments(BUILT_IN_FALLBACK).segments == 1
    for number in ("999", "0116 454 1004", "0800 1111"):
        assert number in BUILT_IN_FALLBACK


@pytest.mark.parametrize("text", ["You are not in trouble. {contact.duty_and_advice}", LONG_TALK])
def test_rendering_takes_well_under_a_millisecond(make_book, text):
    renderer = Renderer(make_book({"replies.talk.text.en": text}))
    best = min(_seconds_for_a_hundred(renderer) for _ in range(5)) / 100
    assert best < 0.000_2  # of the processor; measured 0.000_002


def _seconds_for_a_hundred(renderer):
    start = time.thread_time()
    for _ in range(100):
        renderer.render("talk", Part.TEXT, "en", SUNDAY_NIGHT, NO_HOLIDAYS)
    return time.thread_time() - start
