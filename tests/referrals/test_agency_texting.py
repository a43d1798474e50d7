"""Agencies that answer by text: digits, codes before digits, taking back, words, STOP."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from i18n.catalog import use_language
from messaging import questions, suppression
from messaging.opt_out import Kind, read
from referrals import agency_texting, by, corrections, follow_up, notices, progress, record, texts
from referrals.hooks import HOOKS
from resources_db import encryption, tenancy
from resources_db.models.curation import CapacityStatement
from resources_db.models.messages import InboundMessage
from resources_db.tenancy import act_as
from resources_db.vocab import CapacityState, Channel, Purpose, Reason, ReferralState, Side, SuppressionWhy, WhyCode
from tests.referrals.conftest import World

S = ReferralState
PANTRY = "+15135550137"


@pytest.fixture
def texted(ready: World) -> World:
    """Hope Pantry and St. Anne Kitchen take texts at one number, as two programs of one house do."""
    for listing in (ready.cast.food_bank, ready.kitchen):
        contact = listing.contact
        contact.phone, contact.email = PANTRY, ""
        contact.phone_bix = encryption.phone_index(PANTRY)
    ready.session.flush()
    return ready


def text(world: World, body: str, sender: str = PANTRY) -> bool:
    """A text as messaging hands it on: True when it was taken as an answer."""
    session = act_as(world.session, tenancy.system())
    bix = encryption.phone_index(sender)
    inbound = InboundMessage(
        org_id=world.cast.org.id,
        message_sid=f"SM{world.now.isoformat()}{body}",
        from_bix=bix,
        body=body,
        read_as="answer",
        patient_id=world.cast.rosa.id if sender == world.cast.rosa.phone else None,
        at=world.now,
    )
    inbound.from_enc = encryption.vault().encrypt(sender, "inbound_message.from", inbound.org_id, inbound.id, session)
    session.add(inbound)
    session.flush()
    reading = read(body)
    world.clock.forward(seconds=30)
    if reading.kind is not Kind.ANSWER:
        HOOKS.on_free_text(session, inbound, reading)
        return False
    return HOOKS.on_answer(session, inbound, reading, questions.open_question(session, bix, world.now))


def replies(world: World) -> list[str]:
    return [one.body for one in world.messages(Purpose.AGENCY_ACK, Purpose.AGENCY_WHICH, Purpose.AGENCY_WHY)]


@pytest.mark.parametrize(
    ("digit", "state"),
    [
        ("1", S.ACCEPTED),
        ("2", S.WAITLISTED),
        ("3", S.DECLINED),
        ("4", S.SERVED),
        ("5", S.CONTACTING),
        ("٢", S.WAITLISTED),
    ],
)
def test_a_digit_of_the_agency_moves_the_referral_it_answers_and_is_confirmed(texted, digit, state):
    (referral,) = texted.sent()
    assert text(texted, digit)
    assert referral.state is state
    [confirmed] = replies(texted)
    if digit == "3":
        assert f"Saved for {referral.ref}: no. Why?" in confirmed
    else:
        assert f"Saved for {referral.ref}: {text_of(state)}" in confirmed
        assert "https://hndrl.example/r/" in confirmed
    assert "Rosa" not in confirmed
    last = referral_events(texted, referral)[-1]
    assert (last.side, last.channel) == (Side.AGENCY, Channel.SMS)


def text_of(state: S) -> str:
    return {
        S.ACCEPTED: "you can help",
        S.WAITLISTED: "on your waitlist",
        S.DECLINED: "you cannot help",
        S.SERVED: "you helped",
        S.CONTACTING: "could not reach them",
    }[state]


def referral_events(world: World, referral):
    return record.attempt(world.as_dana(), referral.id).events


def test_a_no_by_text_counts_at_once_and_its_reason_is_asked(texted):
    (referral,) = texted.sent()
    text(texted, "3")
    assert (referral.state, referral.reason) == (S.DECLINED, Reason.OTHER)
    assert "agency_said_no" in texted.whys()


@pytest.mark.parametrize(
    ("digit", "reason", "why"),
    [
        ("1", Reason.NO_CAPACITY, "agency_full"),
        ("2", Reason.WAITLIST_ONLY, "agency_full"),
        ("3", Reason.NOT_ELIGIBLE, "agency_said_no"),
        ("4", Reason.OUT_OF_AREA, "agency_said_no"),
        ("5", Reason.FUNDING_EXHAUSTED, "agency_full"),
        ("6", Reason.OTHER, "agency_said_no"),
    ],
)
def test_the_digit_after_a_no_is_its_reason(texted, digit, reason, why):
    (referral,) = texted.sent()
    text(texted, "3")
    assert text(texted, digit)
    texted.session.refresh(referral)
    assert (referral.state, referral.reason) == (S.DECLINED, reason)
    assert [one for one in texted.whys() if one.startswith("agency_")] == [why]
    assert "you cannot help" in replies(texted)[-1]
    assert referral_events(texted, referral)[-1].reason is reason


def test_a_full_agency_by_text_is_shown_as_full(texted):
    texted.sent()
    text(texted, "3")
    text(texted, "1")
    assert texted.session.scalars(select(CapacityStatement)).one().state is CapacityState.FULL


def test_after_an_hour_a_digit_is_no_reason_any_more(texted):
    (referral,) = texted.sent()
    text(texted, "3")
    texted.clock.forward(minutes=61)
    assert not text(texted, "1")
    assert (referral.state, referral.reason) == (S.DECLINED, Reason.OTHER)


def test_0_after_a_reason_still_takes_the_no_back(texted):
    (referral,) = texted.sent()
    text(texted, "3")
    text(texted, "1")
    assert text(texted, "0")
    again = corrections.newest_of(texted.session, referral.id)
    assert progress.seen(texted.as_dana(), again).state is S.SENT
    assert text(texted, "1")
    assert progress.seen(texted.as_dana(), again).state is S.ACCEPTED


def test_a_code_before_the_digit_names_another_referral_even_while_a_reason_is_asked(texted):
    first, second = texted.sent(texted.cast.food_bank, texted.kitchen)
    first.ref, second.ref = "K7QX", "M3PD"
    text(texted, "K7QX 3")
    assert text(texted, "M3PD 1")
    assert (first.state, first.reason, second.state) == (S.DECLINED, Reason.OTHER, S.ACCEPTED)


def test_with_two_referrals_open_a_bare_digit_changes_nothing_and_is_asked_back(texted):
    first, second = texted.sent(texted.cast.food_bank, texted.kitchen)
    assert text(texted, "1")
    assert {first.state, second.state} == {S.SENT}
    [asked] = replies(texted)
    assert first.ref in asked
    assert second.ref in asked


@pytest.mark.parametrize("cut", [2, 4])
def test_the_code_before_the_digit_names_the_referral(texted, cut):
    first, second = texted.sent(texted.cast.food_bank, texted.kitchen)
    first.ref, second.ref = "K7QX", "M3PD"
    assert text(texted, f"{second.ref[:cut].lower()} 1")
    assert (first.state, second.state) == (S.SENT, S.ACCEPTED)


def test_a_code_of_somebody_else_goes_to_a_person(texted):
    (referral,) = texted.sent()
    referral.ref = "K7QX"
    assert not text(texted, "W9W9 1")
    assert referral.state is S.SENT


def test_a_code_from_another_phone_than_the_one_on_file_moves_nothing(texted):
    (referral,) = texted.sent()
    assert not text(texted, f"{referral.ref} 1", sender="+15135550188")
    assert referral.state is S.SENT


def test_a_second_digit_follows_the_first_without_a_new_question(texted):
    (referral,) = texted.sent()
    text(texted, "1")
    assert text(texted, "4")
    assert referral.state is S.SERVED


def test_0_takes_the_answer_back_within_ten_minutes(texted):
    (referral,) = texted.sent()
    text(texted, "3")
    assert text(texted, "0")
    assert "answer taken back" in replies(texted)[-1]
    again = corrections.newest_of(texted.session, referral.id)
    assert progress.seen(texted.as_dana(), again).state is S.SENT


def test_0_after_ten_minutes_goes_to_a_person(texted):
    (referral,) = texted.sent()
    text(texted, "3")
    texted.clock.forward(minutes=11)
    assert not text(texted, "0")
    assert referral.state is S.DECLINED


def test_a_digit_after_no_response_opens_the_referral_again(texted):
    (referral,) = texted.sent()
    progress.move(texted.as_clock(), referral.id, to=S.NO_RESPONSE, by=by.CLOCK, key="clock", now=texted.now)
    assert text(texted, "1")
    again = corrections.newest_of(texted.session, referral.id)
    assert progress.seen(texted.as_dana(), again).state is S.ACCEPTED


def test_the_newest_question_wins_at_a_number_of_a_patient_and_an_agency(texted):
    rosas = texted.cast.rosa.phone
    contact = texted.cast.food_bank.contact
    contact.phone, contact.phone_bix = rosas, encryption.phone_index(rosas)
    (referral,) = texted.sent()
    assert text(texted, "1", sender=rosas)
    assert referral.state is S.ACCEPTED
    texted.clock.forward(days=4)
    follow_up.run_due(texted.as_clock(), now=texted.now)
    assert text(texted, "1", sender=rosas)
    assert referral.state is S.ACCEPTED
    assert "answer_1" in {one.purpose for one in texted.messages()}


def test_an_answer_by_link_leaves_the_number_to_the_patients_question(texted):
    rosas = texted.cast.rosa.phone
    (asked,) = texted.sent(texted.kitchen)
    texted.clock.forward(days=3, minutes=1)
    follow_up.run_due(texted.as_clock(), now=texted.now)
    contact = texted.cast.food_bank.contact
    contact.phone, contact.phone_bix = rosas, encryption.phone_index(rosas)
    (referral,) = texted.sent(form="form-key-000000000002")
    progress.move(texted.as_agency(), referral.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="link", now=texted.now)
    assert text(texted, "1", sender=rosas)
    assert referral.state is S.ACCEPTED
    assert [one.purpose for one in texted.messages("answer_1", "agency_ack")] == ["answer_1"]
    assert asked.state is S.SENT


def test_a_patients_late_digit_never_answers_for_the_agency_at_the_same_number(texted):
    rosas = texted.cast.rosa.phone
    contact = texted.cast.food_bank.contact
    contact.phone, contact.phone_bix = rosas, encryption.phone_index(rosas)
    (referral,) = texted.sent()
    texted.clock.forward(days=20)  # the question is closed by now
    assert not text(texted, "1", sender=rosas)
    assert referral.state is S.SENT


def test_words_of_an_agency_reach_the_navigator_of_the_referral(texted):
    (referral,) = texted.sent()
    text(texted, "Does she have a stove?")
    [item] = [one for one in texted.items() if one.why is WhyCode.AGENCY_QUESTION]
    assert (item.referral_id, item.words) == (referral.id, "Does she have a stove?")


def test_after_stop_an_agency_gets_mail_and_without_mail_somebody_calls(texted):
    (referral,) = texted.sent()
    contact = texted.cast.food_bank.contact
    suppression.suppress(texted.as_clock(), contact.phone_bix, SuppressionWhy.STOP_WORD, texted.now)
    session = act_as(texted.session, tenancy.system())
    inbound = InboundMessage(
        org_id=texted.cast.org.id, message_sid="SMstop", from_bix=contact.phone_bix, body="STOP", read_as="stop",
        at=texted.now,
    )  # fmt: skip
    session.add(inbound)
    session.flush()
    HOOKS.on_stop(session, inbound, read("STOP"))
    assert "notice_not_confirmed" in texted.whys()
    contact.email = "intake@hopepantry.example"
    told = notices.send(texted.as_clock(), referral, Purpose.AGENCY_REMINDER, number=2, now=texted.now)
    assert told is not None
    assert told.channel.value == "email"


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_answer_is_twenty_letters_at_most_and_stays_in_one_segment(language):
    for words in (*agency_texting.WORDS.values(), agency_texting.TAKEN_BACK):
        with use_language(language):
            said = str(words)
        assert len(said) <= 20
        values = texts.Values(link="https://hndrl.example.org/r/" + "W" * 22, ref="K7QX", answer=said)
        sender = texts.Sender("Riverside Care T", "Dana", "+15135550142")
        assert texts.render(Purpose.AGENCY_ACK, language, sender, values).fits
