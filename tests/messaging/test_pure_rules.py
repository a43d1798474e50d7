"""The rules that need no database: numbers, segments, words, hours, states, codes. Tables."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import delivery, errors, opt_out, opt_out_words, phone, quiet_hours, sms_text
from messaging.opt_out import Kind
from messaging.settings import Timing
from resources_db.vocab import MessageState

MOMENTS = st.integers(1_767_225_600, 1_830_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
NEW_YORK, PHOENIX = "America/New_York", "America/Phoenix"


@pytest.mark.parametrize(
    "typed",
    ["513-555-0142", "(513) 555-0142", "+1 513 555 0142", "１-513.555.0142", "٥١٣٥٥٥٠١٤٢", " 5135550142 "],
)
@pytest.mark.bad_input(6, 8)
def test_one_number_in_any_spelling_is_one_number(typed):
    assert phone.parse(typed) == "+15135550142"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        ("503-555", "invalid"),
        ("call me", "invalid"),
        ("900-555-1212", "premium"),
        ("800-555-0199", "toll_free"),
        ("+44 20 7946 0958", "foreign"),
        ("242-555-0100", "foreign"),
        ("416-555-0100", "foreign"),
        ("911", "invalid"),
        ("411", "invalid"),
        ("000-000-0000", "invalid"),
        ("+1 555 555 5555", "invalid"),
        ("500-555-0100", "other_kind"),
        ("513-555-0142 x5", "extension"),
        ("503\u202e5550123", "invalid"),
        ("513\x005550142", "invalid"),
        ("+" * 300, "invalid"),
    ],
)
@pytest.mark.bad_input(1, 2, 3, 4, 5, 7)
def test_a_number_that_cannot_be_texted_is_refused_with_its_reason(typed, fault):
    with pytest.raises(phone.PhoneError) as refused:
        phone.parse(typed)
    assert refused.value.fault == fault
    assert typed not in str(refused.value) or not typed


@pytest.mark.bad_input(3)
def test_a_toll_free_number_can_be_called():
    assert phone.parse_voice("800-555-0199") == "+18005550199"


@given(st.text(max_size=60))
@pytest.mark.bad_input(7)
def test_nothing_typed_into_a_phone_field_breaks_it(typed):
    with suppress(phone.PhoneError):
        assert phone.parse(typed).startswith("+1")


@pytest.mark.parametrize(
    ("text", "encoding", "segments", "left"),
    [
        ("Hello", "GSM-7", 1, 155),
        ("¿Le dieron la ayuda? Sí no", "UCS-2", 1, 44),
        ("¿Le dieron ñ é ü à?", "GSM-7", 1, 141),
        ("مساعدة", "UCS-2", 1, 64),
        ("a" * 160, "GSM-7", 1, 0),
        ("a" * 161, "GSM-7", 2, 145),
        ("€" * 80, "GSM-7", 1, 0),
        ("😀" * 35, "UCS-2", 1, 0),
        ("😀" * 36, "UCS-2", 2, 62),
        ("ế" * 201, "UCS-2", 3, 0),
    ],
)
@pytest.mark.bad_input(14)
def test_segments_are_counted_as_phones_pack_them(text, encoding, segments, left):
    measured = sms_text.measure(text)
    assert (measured.encoding, measured.segments, measured.left) == (encoding, segments, left)


def test_the_letter_that_makes_a_text_dear_is_named():
    assert sms_text.measure("Sí, á").forcing == ("á", "í")


@pytest.mark.bad_input(14)
def test_marks_are_made_plain_and_letters_are_never_touched():
    assert sms_text.fold("“Rosa’s” — caf\u0065\u0301…\u00a0ó ế \u200bğ") == '"Rosa\'s" - café... ó ế ğ'


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert sms_text.fold(sms_text.fold(text)) == sms_text.fold(text)


@pytest.mark.parametrize(
    "word", ["Stop.", " STOP ", "ALTO", "PARAR", "BASTA", "ARRET", "停止", "ＳＴＯＰ", "¡Pare!", "no mas", "st\u200bop"]
)
@pytest.mark.bad_input(10)
def test_a_stop_word_alone_stops(word):
    assert opt_out.read(word).kind is Kind.STOP


@pytest.mark.parametrize(
    "words", ["bus stop", "don't stop", "please stop texting me", "No me escriba más", "请停止发送"]
)
@pytest.mark.bad_input(10, 11)
def test_a_stop_word_inside_a_short_sentence_is_for_a_person(words):
    assert opt_out.read(words).kind is Kind.HOLD


@pytest.mark.parametrize(
    "words", ["Yesterday I went", "gracias, voy el lunes", "until the end of the month", "Huy", "yes", "sí", "oui"]
)
@pytest.mark.bad_input(11)
def test_other_words_change_nothing(words):
    assert opt_out.read(words).kind is Kind.FREE


@pytest.mark.parametrize(
    ("text", "digit", "tag"),
    [
        ("1", 1, None),
        (" 2. ", 2, None),
        ("３", 3, None),
        ("٢", 2, None),
        ("1️⃣", 1, None),
        ("uno", 1, None),
        ("Three!", 3, None),
        ("k7 1", 1, "K7"),
    ],
)
def test_a_digit_in_any_script_is_an_answer(text, digit, tag):
    reading = opt_out.read(text)
    assert (reading.kind, reading.digit, reading.tag) == (Kind.ANSWER, digit, tag)


def test_yes_is_told_to_people_and_opts_nobody_in():
    assert opt_out.read("Sí").said_yes
    assert opt_out.read("YES").kind is not Kind.START


def test_cancel_may_have_meant_the_appointment():
    reading = opt_out.read("Cancel")
    assert (reading.kind, reading.may_mean_appointment) == (Kind.STOP, True)


@pytest.mark.parametrize("text", ["I want to kill myself", "quiero morir", "él me golpea mucho", "我想死"])
def test_words_of_danger_are_marked(text):
    assert opt_out.read(text).danger


def test_the_provider_has_the_last_word_about_an_opt_out():
    assert opt_out.read("whatever", "STOP").kind is Kind.STOP


def _all(table):
    return {opt_out.without_accents(opt_out.folded(word)) for listed in table.values() for word in listed}


@pytest.mark.parametrize(
    ("one", "other"),
    list(
        combinations(
            [opt_out_words.STOP, opt_out_words.START, opt_out_words.HELP, opt_out_words.ANSWERS, opt_out_words.YES], 2
        )
    ),
)
def test_no_word_means_two_things(one, other):
    assert _all(one).isdisjoint(_all(other))


@pytest.mark.parametrize("table", [opt_out_words.STOP, opt_out_words.START, opt_out_words.HELP])
def test_every_listed_word_is_read_as_listed(table):
    kind = {id(opt_out_words.STOP): Kind.STOP, id(opt_out_words.START): Kind.START}.get(id(table), Kind.HELP)
    assert {opt_out.read(word).kind for listed in table.values() for word in listed} == {kind}


@pytest.mark.parametrize(
    ("local", "zones", "opens"),
    [
        ("2026-11-23 10:00", [NEW_YORK], "2026-11-23 10:00"),
        ("2026-11-23 08:59", [NEW_YORK], "2026-11-23 09:00"),
        ("2026-11-23 20:00", [NEW_YORK], "2026-11-24 09:00"),
        ("2026-10-31 21:00", [NEW_YORK], "2026-11-01 09:00"),  # the night the clocks go back
        ("2027-03-13 21:00", [NEW_YORK], "2027-03-14 09:00"),  # the night they go forward
        ("2026-11-23 10:30", [NEW_YORK, PHOENIX], "2026-11-23 11:00"),
        ("2027-06-01 10:30", [NEW_YORK, PHOENIX], "2027-06-01 12:00"),
        ("2026-11-23 19:59", [NEW_YORK, "America/Los_Angeles"], "2026-11-23 19:59"),
    ],
)
@pytest.mark.bad_input(17)
def test_texts_wait_for_the_hours_of_every_zone_the_person_may_be_in(local, zones, opens):
    def moment(text):
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)

    assert quiet_hours.next_allowed(moment(local), zones) == moment(opens)


@given(
    MOMENTS,
    st.sampled_from([NEW_YORK, PHOENIX, "America/Adak", "Pacific/Guam"]),
)
def test_whatever_the_moment_the_text_lands_inside_the_window_by_the_local_clock(moment, zone):
    wall = quiet_hours.next_allowed(moment, [zone]).astimezone(ZoneInfo(zone))
    assert time(9) <= wall.time() < time(20)


def test_agencies_are_texted_on_work_days():
    friday_evening = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo(NEW_YORK))
    opens = quiet_hours.next_allowed(friday_evening, [NEW_YORK], quiet_hours.AGENCY).astimezone(ZoneInfo(NEW_YORK))
    assert (opens.date().isoformat(), opens.time()) == ("2026-11-23", time(8))


@pytest.mark.parametrize(
    ("stored", "zip_code", "number", "zones"),
    [
        (PHOENIX, "45202", "+15135550142", (PHOENIX,)),
        (None, "45202", "+16025550142", (NEW_YORK, PHOENIX)),
        (None, None, "+16025550142", (PHOENIX,)),
        (None, "junk", None, ("America/Chicago",)),
        ("Mars/Base", None, None, ("America/Chicago",)),
    ],
)
@pytest.mark.bad_input(17)
def test_a_persons_zone_is_the_stored_one_else_those_of_zip_and_number(stored, zip_code, number, zones):
    assert quiet_hours.zones_of(stored, zip_code, number, "America/Chicago") == zones


def test_in_three_days_keeps_the_hour_when_the_clocks_change():
    before = datetime(2026, 10, 30, 14, 0, tzinfo=UTC)  # 10:00 in summer time
    assert quiet_hours.same_wall_time(before, 3, NEW_YORK) == datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", list(MessageState))
@pytest.mark.parametrize("to", list(MessageState))
def test_no_move_leaves_an_end_or_goes_back(state, to):
    order = ["queued", "sending", "unknown", "accepted", "sent", "delivered"]
    allowed = delivery.may_move(state, to)
    if state in delivery.FINAL or state is to:
        assert not allowed
    elif allowed and to.value in order:
        back_to_queue = to is MessageState.QUEUED and state in delivery.IN_DOUBT
        assert back_to_queue or order.index(to.value) > order.index(state.value)


def test_only_a_waiting_text_can_be_taken_back():
    assert [state for state in MessageState if delivery.may_move(state, MessageState.CANCELLED)] == [
        MessageState.QUEUED
    ]


def test_a_report_overtakes_only_lower_ones():
    assert set(delivery.lower_statuses("sent")) == {"accepted", "scheduled", "queued", "sending"}
    assert "delivered" not in delivery.lower_statuses("failed")


@pytest.mark.parametrize(
    ("code", "do"),
    [("21610", "suppress"), ("20003", "pause"), ("30003", "again"), ("30006", "fail"), ("99999", "fail")],
)
@pytest.mark.bad_input(16)
def test_each_code_has_its_answer_and_an_unknown_one_is_permanent(code, do):
    assert errors.rule_of(code).do == do


def test_a_grace_time_that_a_slow_sender_could_outlive_is_refused():
    Timing().check()
    with pytest.raises(ValueError):
        Timing(grace=timedelta(seconds=30)).check()
