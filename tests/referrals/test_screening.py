"""Asking questions: positive and wanted kept apart, needs made once, nothing changes after the end, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referrals import needs, screening, screening_answers, screening_effects, screening_record
from referrals.errors import BadInputError, TooLateError
from referrals.instruments_flow import Given
from referrals.instruments_shipped import FOOD_ITEMS, NEEDS_CHECK, SHIPPED
from resources_db.models.care import Screening
from resources_db.models.people import Need
from resources_db.models.referrals import WorklistItem
from resources_db.vocab import HelpWanted, NeedSource, NeedStatus, Priority, ScreeningState, Tier, WhyCode

KEY = "form-key-000000000001"


@pytest.fixture
def asked(session, cast, now):
    """Begin a set of questions with Rosa."""

    def begin(instrument=NEEDS_CHECK, by=screening.STAFF, key=KEY):
        return screening.begin(
            session,
            patient_id=cast.rosa.id,
            instrument=SHIPPED[instrument],
            language="es",
            asked_by=by,
            form_key=key,
            now=now,
        )

    return begin


@pytest.fixture
def say(session, now):
    """Answer one question by the code of a choice, and say whether help is wanted."""

    def answered(row, question, code, wanted=None):
        asked = SHIPPED[row.instrument].by_id[question]
        screening.answer(session, row, asked, Given((code,)), language="es", now=now)
        if wanted is not None:
            screening.wish(session, row, asked, wanted, now=now)

    return answered


def items(session, row):
    found = session.scalars(select(WorklistItem).where(WorklistItem.why == WhyCode.SCREENING_WAITS)).all()
    return [one for one in found if one.facts["screening"] == str(row.id) and one.done_at is None]


def needs_of(session, cast):
    return {needs.subneed_of(need): need for need in session.scalars(select(Need).filter_by(patient_id=cast.rosa.id))}


def test_a_positive_answer_makes_a_need_only_by_the_wish_for_help(session, cast, asked, say, now):
    row = asked()
    say(row, "food", "yes", HelpWanted.YES)
    say(row, "rides", "yes", HelpWanted.NO)
    say(row, "work", "yes", HelpWanted.UNKNOWN)
    say(row, "care", "no")
    assert needs_of(session, cast) == {}
    screening.finish(session, row, now=now)
    made = needs_of(session, cast)
    assert {name: (need.help_wanted, need.status) for name, need in made.items()} == {
        "food_pantry": (HelpWanted.YES, NeedStatus.OPEN),
        "medical_ride": (HelpWanted.NO, NeedStatus.NOT_WANTED),
        "job_search": (HelpWanted.UNKNOWN, NeedStatus.OPEN),
    }
    assert {need.source for need in made.values()} == {NeedSource.SCREENING}
    assert len(items(session, row)) == 1


def test_a_negative_answer_writes_nothing_about_the_person(session, cast, asked, say, now):
    row = asked(FOOD_ITEMS)
    say(row, "88122-7", "LA28398-8")
    say(row, "88123-5", "LA28398-8")
    screening.finish(session, row, now=now)
    found = screening_record.of(session, row.id)
    assert found.result is None
    assert needs_of(session, cast) == {}
    assert items(session, row) == []
    assert [one.suggested for one in found.answered] == [(), ()]


@pytest.mark.parametrize(("first", "second"), [("LA28397-0", "LA28398-8"), ("LA28398-8", "LA6729-3")])
def test_one_positive_food_item_is_enough_for_the_result(session, asked, say, now, first, second):
    row = asked(FOOD_ITEMS)
    say(row, "88122-7", first)
    say(row, "88123-5", second)
    assert screening_record.of(session, row.id).result.code == "LA19952-3"


def test_the_wish_is_asked_once_for_the_same_need(session, asked, say, now):
    row = asked(FOOD_ITEMS)
    say(row, "88122-7", "LA28397-0", HelpWanted.YES)
    say(row, "88123-5", "LA6729-3")
    assert screening.next_step(session, row, SHIPPED[FOOD_ITEMS]) is None
    assert {one.help_wanted for one in screening_answers.rows(session, row)} == {HelpWanted.YES}


def test_an_open_need_is_not_doubled_and_a_wish_that_was_unknown_becomes_known(session, cast, asked, say, now):
    before = needs.add(
        session,
        patient_id=cast.rosa.id,
        org_id=cast.org.id,
        subneed="food_pantry",
        source=NeedSource.TALK,
        now=now,
        help_wanted=HelpWanted.UNKNOWN,
    )
    row = asked()
    say(row, "food", "yes", HelpWanted.YES)
    screening.finish(session, row, now=now)
    assert needs_of(session, cast) == {"food_pantry": before}
    assert before.help_wanted is HelpWanted.YES


def test_a_need_that_was_not_wanted_twice_stands_once(session, cast, asked, say, now):
    for key in (KEY, KEY + "2"):
        row = asked(key=key)
        say(row, "rides", "yes", HelpWanted.NO)
        screening.finish(session, row, now=now)
    assert len(session.scalars(select(Need)).all()) == 1


def test_an_answer_changed_asks_the_wish_again(session, asked, say, now):
    row = asked()
    say(row, "utilities", "notice", HelpWanted.NO)
    say(row, "utilities", "off")
    (answer,) = screening_answers.rows(session, row)
    assert (answer.help_asked, answer.help_wanted) == (False, HelpWanted.UNKNOWN)


def test_nothing_changes_after_the_end_and_a_repeat_is_a_new_row(session, asked, say, now):
    row = asked()
    say(row, "food", "no")
    screening.finish(session, row, now=now)
    with pytest.raises(TooLateError):
        say(row, "food", "yes")
    with pytest.raises(TooLateError):
        screening.wish(session, row, SHIPPED[NEEDS_CHECK].by_id["food"], HelpWanted.YES, now=now)
    screening.stop(session, row, now=now)
    assert row.state is ScreeningState.DONE
    assert asked(key=KEY + "2").id != row.id


def test_the_same_form_twice_is_one_screening(session, asked):
    assert asked().id == asked().id
    assert len(session.scalars(select(Screening)).all()) == 1


def test_an_answer_that_is_none_of_the_choices_is_refused(session, asked, say):
    row = asked()
    for code in ("maybe", "", "LA28397-0"):
        with pytest.raises(BadInputError):
            say(row, "food", code)
    assert screening_answers.rows(session, row) == []


def test_a_question_may_be_passed_over_and_that_is_kept(session, cast, asked, now):
    row = asked()
    question = SHIPPED[NEEDS_CHECK].by_id["food"]
    screening.answer(session, row, question, Given(skipped=True), language="es", now=now)
    assert screening_answers.by_question(screening_answers.rows(session, row)) == {"food": []}
    assert screening.next_step(session, row, SHIPPED[NEEDS_CHECK]).question.id == "home"


def test_a_yes_to_talking_about_safety_is_an_item_today_and_no_need(session, cast, asked, say, now):
    row = asked(by=screening.LINK)
    say(row, "talk", "yes")
    (item,) = items(session, row)
    assert (item.tier, item.due_at) == (Tier.TODAY, now)
    screening.finish(session, row, now=now)
    assert needs_of(session, cast) == {}


def test_words_of_danger_open_an_item_today(session, asked, now):
    row = asked(by=screening.LINK)
    words = SHIPPED[NEEDS_CHECK].by_id["words"]
    screening.answer(session, row, words, Given(words="no quiero vivir"), language="es", now=now)
    (item,) = items(session, row)
    assert item.tier is Tier.TODAY
    assert "vivir" not in str(item.facts) + item.words


def test_somebody_without_a_place_to_live_is_urgent(session, cast, asked, say, now):
    row = asked(by=screening.LINK)
    say(row, "home", "none", HelpWanted.YES)
    screening.finish(session, row, now=now)
    assert needs_of(session, cast)["emergency_shelter"].urgency is Priority.URGENT
    assert [one.tier for one in items(session, row)] == [Tier.TODAY]


def test_whoever_stops_early_is_heard_for_what_was_said(session, cast, asked, say, now):
    row = asked(by=screening.TABLET)
    say(row, "food", "yes", HelpWanted.YES)
    screening.stop(session, row, now=now)
    assert row.state is ScreeningState.STOPPED
    assert set(needs_of(session, cast)) == {"food_pantry"}


def test_a_no_to_being_asked_is_kept_and_opens_nothing(session, asked, now):
    row = asked(by=screening.LINK)
    screening.decline(session, row, now=now)
    assert row.state is ScreeningState.DECLINED
    assert items(session, row) == []


def test_a_positive_screening_nobody_acted_on_is_an_item_after_two_business_days(session, asked, say, now, clock):
    row = asked()
    say(row, "food", "yes", HelpWanted.YES)
    screening.finish(session, row, now=now)
    session.flush()
    screening_effects.look(session, now=clock.forward(days=1, hours=23))
    assert items(session, row) == []
    screening_effects.look(session, now=clock.forward(hours=2))
    assert len(items(session, row)) == 1
    screening_effects.look(session, now=clock.forward(days=1))
    assert len(items(session, row)) == 1


def test_a_weekend_is_no_business_day(session, asked, say, now, clock):
    friday = clock.forward(days=4)
    row = asked()
    row.created_at = friday
    question = SHIPPED[NEEDS_CHECK].by_id["food"]
    screening.answer(session, row, question, Given(("yes",)), language="es", now=friday)
    screening.wish(session, row, question, HelpWanted.YES, now=friday)
    screening.finish(session, row, now=friday)
    screening_effects.look(session, now=clock.forward(days=3, hours=1))
    assert items(session, row) == []
    screening_effects.look(session, now=clock.forward(days=1))
    assert len(items(session, row)) == 1


def test_a_settled_need_takes_the_item_off_the_list(session, cast, asked, say, now):
    row = asked(by=screening.LINK)
    say(row, "food", "yes", HelpWanted.YES)
    screening.finish(session, row, now=now)
    assert len(items(session, row)) == 1
    needs.set_status(session, needs_of(session, cast)["food_pantry"], NeedStatus.MET, method="talk", now=now)
    session.flush()
    screening_effects.look(session, now=now)
    assert items(session, row) == []


def test_entered_in_error_needs_a_reason_and_takes_the_items_off(session, asked, say, now):
    row = asked(by=screening.LINK)
    say(row, "food", "yes", HelpWanted.YES)
    screening.finish(session, row, now=now)
    with pytest.raises(BadInputError):
        screening.mark_wrong(session, row, reason=" x ", now=now)
    screening.mark_wrong(session, row, reason="Another Rosa", now=now)
    assert (row.state, row.wrong_because) == (ScreeningState.ENTERED_IN_ERROR, "Another Rosa")
    assert items(session, row) == []


def test_answers_are_sealed_in_the_database(session, asked, now):
    row = asked()
    words = SHIPPED[NEEDS_CHECK].by_id["words"]
    screening.answer(session, row, words, Given(words="una cuna"), language="es", now=now)
    (answer,) = screening_answers.rows(session, row)
    assert "cuna" in answer.value
    assert b"cuna" not in answer.value_enc
