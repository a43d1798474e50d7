"""The patient's word beside the agency's, and the questions that ask for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from messaging import questions
from messaging.opt_out import Kind, Reading
from referrals import by, follow_up, progress, texting
from referrals.answers import PatientSays
from referrals.hooks import HOOKS
from referrals.progress import Said
from resources_db import encryption, tenancy
from resources_db.models.messages import InboundMessage, SmsQuestion
from resources_db.models.people import Need
from resources_db.models.referrals import PatientAnswer, Referral, ReferralTask
from resources_db.tenancy import act_as
from resources_db.vocab import NeedStatus, PatientReason, PatientWord, Question, Reason, ReferralState, WhyCode
from tests.referrals.conftest import World

S, P = ReferralState, PatientWord


def says(world: World, referral: Referral, word: P, key: str = "page-1", **more):
    assert referral.batch_id is not None
    told = PatientSays(word, language="es", **more)
    return progress.answer(world.as_clock(), referral.batch_id, says=told, by=by.PATIENT_LINK, key=key, now=world.now)


def agency(world: World, referral: Referral, to: S, key: str = "agency-1", reason: Reason | None = None):
    return progress.move(
        world.as_agency(), referral.id, to=to, by=by.AGENCY_LINK, key=key, now=world.now, said=Said(reason=reason)
    )


def text(world: World, body: str, sid: str = "SM1") -> InboundMessage:
    """A text from Rosa's phone, as messaging stores it."""
    session = act_as(world.session, tenancy.system())
    inbound = InboundMessage(
        org_id=world.cast.org.id,
        message_sid=sid,
        from_bix=encryption.phone_index(world.cast.rosa.phone),
        body=body,
        read_as="answer:1",
        patient_id=world.cast.rosa.id,
        at=world.now,
    )
    inbound.from_enc = encryption.vault().encrypt(
        world.cast.rosa.phone, "inbound_message.from", inbound.org_id, inbound.id, session
    )
    session.add(inbound)
    session.flush()
    return inbound


def reply(world: World, digit: int, sid: str = "SM1") -> bool:
    """Rosa answers the open question with a digit."""
    inbound = text(world, str(digit), sid)
    question = questions.open_question(world.session, inbound.from_bix, world.now)
    assert question is not None
    taken = HOOKS.on_answer(world.session, inbound, Reading(Kind.ANSWER, digit=digit), question)
    if taken:
        questions.answered(world.session, question, world.now)
    return taken


def run(world: World, **later: float):
    world.clock.forward(**later)
    return follow_up.run_due(world.as_clock(), now=world.now)


def test_a_patients_word_never_moves_the_agencys_state(ready):
    (referral,) = ready.sent()
    says(ready, referral, P.GOT_HELP)
    assert referral.state is S.SENT
    assert referral.version == 2


def test_the_same_form_twice_is_one_answer(ready):
    (referral,) = ready.sent()
    says(ready, referral, P.COULD_NOT, reason=PatientReason.CLOSED)
    assert says(ready, referral, P.COULD_NOT, reason=PatientReason.CLOSED).already
    assert len(ready.session.scalars(select(PatientAnswer)).all()) == 1
    assert ready.whys() == ["patient_could_not"]
    assert ready.items()[0].facts["patient_reason"] == "closed"


def test_served_and_helped_agree_and_open_no_item(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SERVED)
    says(ready, referral, P.GOT_HELP)
    assert ready.whys() == []


@pytest.mark.parametrize("agency_first", [True, False])
def test_a_disagreement_is_one_item_whoever_spoke_first(ready, agency_first):
    (referral,) = ready.sent()
    steps = [lambda: agency(ready, referral, S.SERVED), lambda: says(ready, referral, P.NOT_YET)]
    for step in steps if agency_first else reversed(steps):
        step()
        ready.clock.forward(seconds=30)
    assert WhyCode.DISAGREEMENT.value in ready.whys()
    item = next(item for item in ready.items() if item.why is WhyCode.DISAGREEMENT)
    assert (item.facts["agency_state"], item.facts["patient_word"]) == ("served", "not_yet")
    says(ready, referral, P.GOT_HELP, key="page-2")
    assert ready.whys() == []


def test_help_found_although_the_agency_said_no_asks_about_the_need_at_once(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.DECLINED, reason=Reason.NOT_ELIGIBLE)
    says(ready, referral, P.GOT_HELP)
    assert "patient_found_it" in ready.whys()
    task = ready.session.scalars(select(ReferralTask).where(ReferralTask.kind == "ask_day_30")).one()
    assert task.due_at == ready.now


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (P.OTHER_HELP, "patient_other_help"),
        (P.CALL_ME, "patient_wants_call"),
        (P.NOT_NEEDED, "patient_not_needed"),
    ],
)
def test_wishes_of_the_patient_become_items(ready, word, why):
    (referral,) = ready.sent()
    says(ready, referral, word)
    assert ready.whys() == [why]


def test_not_for_me_stops_all_texts_and_closes_the_page(ready):
    (referral,) = ready.sent()
    says(ready, referral, P.WRONG_PERSON)
    assert not texting.state(ready.as_dana(), ready.cast.rosa).allowed
    assert ready.whys() == ["wrong_person"]


def test_rosa_is_asked_on_day_3_answers_1_and_is_asked_about_the_need_on_day_30(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.ACCEPTED)
    run(ready, days=3)
    (nudge,) = ready.messages("nudge")
    assert nudge.lang == "es"
    assert referral.ref in nudge.body
    assert reply(ready, 1)
    thanks = ready.messages("answer_1")
    assert [message.replies_to_inbound for message in thanks] == [True]
    agency(ready, referral, S.SERVED, key="agency-2")
    run(ready, days=7)
    assert len(ready.messages("nudge")) == 1
    run(ready, days=20)
    assert len(ready.messages("solved")) == 1
    assert reply(ready, 1, sid="SM2")
    need = ready.session.scalars(select(Need)).one()
    assert (need.status, need.met_at, need.met_method) == (NeedStatus.MET, ready.now, "patient")


def test_not_solved_keeps_the_need_open_and_calls_somebody(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SERVED)
    says(ready, referral, P.GOT_HELP)
    run(ready, days=30)
    assert reply(ready, 3)
    assert ready.session.scalars(select(Need)).one().status is NeedStatus.IN_WORK
    assert ready.whys() == ["patient_could_not"]


def test_2_means_not_yet_and_gets_an_answer_and_an_item(ready):
    ready.sent()
    run(ready, days=3)
    assert reply(ready, 2)
    assert "patient_could_not" in ready.whys()
    assert len(ready.messages("answer_2")) == 1


def test_a_digit_that_is_no_answer_goes_to_a_person(ready):
    ready.sent()
    run(ready, days=3)
    assert not reply(ready, 7)


def test_two_questions_without_an_answer_ask_somebody_to_call(ready):
    ready.sent()
    run(ready, days=3)
    run(ready, days=7)
    assert len(ready.messages("nudge")) == 2
    assert "no_answer_twice" not in ready.whys()
    run(ready, days=3)
    assert "no_answer_twice" in ready.whys()


def test_a_question_fires_once_however_often_the_minute_comes(ready):
    ready.sent()
    run(ready, days=3)
    run(ready)
    run(ready, minutes=1)
    assert len(ready.messages("nudge")) == 1
    assert len(ready.session.scalars(select(SmsQuestion)).all()) == 1


def test_nobody_is_asked_after_an_answer_on_the_page(ready):
    (referral,) = ready.sent()
    says(ready, referral, P.GOT_HELP)
    run(ready, days=3)
    assert ready.messages("nudge") == []


def test_a_queued_question_is_cancelled_by_an_answer(ready):
    (referral,) = ready.sent()
    run(ready, days=3)
    (nudge,) = ready.messages("nudge")
    assert HOOKS.subject_still_open(ready.as_clock(), nudge)
    says(ready, referral, P.GOT_HELP, question=Question.DAY_3)
    assert not HOOKS.subject_still_open(ready.as_clock(), nudge)


def test_words_go_to_a_person_and_stand_encrypted(ready):
    HOOKS.on_free_text(ready.as_clock(), text(ready, "gracias, voy el lunes"), Reading(Kind.FREE))
    (item,) = ready.items()
    assert (item.why, item.words) == (WhyCode.PATIENT_WROTE, "gracias, voy el lunes")
    assert "lunes" not in str(item.facts)
    assert b"lunes" not in (item.words_enc or b"")


def test_words_of_danger_come_first(ready):
    HOOKS.on_free_text(ready.as_clock(), text(ready, "hurt me"), Reading(Kind.FREE, danger=True))
    (item,) = ready.items()
    assert item.due_at == ready.now
    assert item.tier.value == "1_today"


def test_stop_becomes_an_item_without_blame(ready):
    HOOKS.on_stop(ready.as_clock(), text(ready, "STOP"), Reading(Kind.STOP))
    assert ready.whys() == ["stopped_texts"]


def test_a_text_that_does_not_arrive_asks_for_a_call(ready):
    ready.sent()
    (message,) = ready.messages("referral")
    message.error_code = "30006"
    HOOKS.on_failed(ready.as_clock(), message)
    (item,) = ready.items()
    assert (item.why, item.facts["code"]) == (WhyCode.TEXT_NOT_DELIVERED, "30006")


def test_a_notice_that_bounces_goes_the_other_way_and_only_then_to_a_person(ready):
    ready.cast.food_bank.contact.phone = "+15135550170"
    ready.sent()
    (mail,) = ready.messages("agency_new")
    HOOKS.on_failed(ready.as_clock(), mail)
    assert sorted(message.channel.value for message in ready.messages("agency_new")) == ["email", "sms"]
    assert ready.whys() == []
    sms = next(message for message in ready.messages("agency_new") if message.channel.value == "sms")
    for message in (mail, sms):
        message.state = type(message.state).FAILED
    HOOKS.on_failed(ready.as_clock(), sms)
    assert ready.whys() == ["notice_not_confirmed"]
