"""Consent to text with its history, stops over all senders, holds that a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from messaging import suppression
from referrals import create, texting, texting_past
from referrals.errors import Why
from referrals.texting_past import What
from resources_db import encryption, tenancy
from resources_db.models.messages import InboundMessage
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, MessageState, Role, SuppressionWhy, TextingLevel, WhyCode
from tests import factories


def bix(world):
    return encryption.phone_index(world.cast.rosa.phone)


def state(world):
    return texting.state(world.as_dana(), world.cast.rosa)


def past(world):
    return [(line.what, line.how) for line in texting_past.of_patient(world.as_dana(), world.cast.rosa)]


def came(world, body="hola", read_as="free"):
    system = world.as_clock()
    system.add(
        InboundMessage(
            org_id=world.cast.org.id,
            message_sid=factories.new_id().hex,
            from_bix=bix(world),
            body=body,
            read_as=read_as,
            at=world.now,
            patient_id=world.cast.rosa.id,
        )
    )
    system.flush()


def stop(world, why=SuppressionWhy.STOP_WORD):
    suppression.suppress(world.as_clock(), bix(world), why, world.now)


def test_consent_keeps_who_when_how_in_which_words_and_language(world):
    texting.record(
        world.as_dana(), patient_id=world.cast.rosa.id, level=TextingLevel.DETAILS, how="spoken", language="es",
        interpreter=True, now=world.now,
    )  # fmt: skip
    [line] = texting_past.of_patient(world.as_dana(), world.cast.rosa)
    kept = line.consent
    assert (line.what, line.how, line.by, line.at, line.this_number) == (
        What.AGREED, "spoken", "Dana Cole", world.now, True,
    )  # fmt: skip
    assert (kept.language, kept.interpreter, kept.wording_version) == ("es", True, texting.WORDING)
    assert kept.wording == texting.script("es", "+15135550142")
    assert "513-555-0142" in kept.wording


def test_words_that_change_later_do_not_change_what_was_agreed(ready):
    kept = state(ready).consent.wording
    ready.cast.org.phone = "+15135550199"
    ready.session.flush()
    assert state(ready).consent.wording == kept


def test_a_withdrawal_keeps_who_wrote_it_down_and_stays_in_the_history(ready):
    ready.clock.forward(hours=1)
    texting.withdraw(ready.as_dana(), patient_id=ready.cast.rosa.id, how="staff", now=ready.now)
    lines = texting_past.of_patient(ready.session, ready.cast.rosa)
    assert {(line.what, line.how, line.by) for line in lines} == {
        (What.STOPPED, "staff", "Dana Cole"),
        (What.TOOK_BACK, "staff", "Dana Cole"),
        (What.AGREED, "spoken", "Dana Cole"),
    }


def test_a_consent_for_an_earlier_number_stands_in_the_history_as_such(ready):
    ready.cast.rosa.phone = "+15135550177"
    ready.cast.rosa.phone_bix = encryption.phone_index("+15135550177")
    ready.session.flush()
    [line] = texting_past.of_patient(ready.as_dana(), ready.cast.rosa)
    assert not line.this_number
    assert state(ready).why is Why.NO_TEXTING_CONSENT


@pytest.mark.bad_input(12)
def test_stop_and_start_both_stand_in_the_history_with_time_and_source(ready):
    ready.clock.forward(hours=1)
    stop(ready)
    ready.clock.forward(hours=1)
    suppression.lift(ready.as_clock(), bix(ready), "START", ready.now)
    assert past(ready) == [(What.STARTED, "START"), (What.STOPPED, "stop_word"), (What.AGREED, "spoken")]
    assert state(ready).allowed


def test_one_stop_binds_every_team_and_org_of_the_site(ready):
    system = act_as(ready.session, tenancy.system())
    other = factories.make_org(system, now=ready.now, name="Other Care")
    team = factories.make_team(system, org=other, now=ready.now)
    nora = factories.make_user(system, org=other, now=ready.now, name="Nora North", email="n@north.example", team=team)
    same = factories.make_patient(system, team=team, now=ready.now, phone=ready.cast.rosa.phone, lead=nora)
    her = Actor(ActorKind.USER, other.id, nora.id, Role.NAVIGATOR, "Nora North")
    texting.record(
        act_as(ready.session, her), patient_id=same.id, level=TextingLevel.NEUTRAL, how="spoken", language="en",
        now=ready.now,
    )  # fmt: skip
    assert texting.state(ready.session, same).allowed
    texting.withdraw(ready.as_dana(), patient_id=ready.cast.rosa.id, how="staff", now=ready.now)
    found = texting.state(act_as(ready.session, her), same)
    assert (found.why, found.more) == (Why.STOPPED, "staff")
    states = {one.org_id: one.state for one in ready.messages("welcome")}
    assert states[ready.cast.org.id] is MessageState.SUPPRESSED  # the other org's is stopped at the gate
    [stopped] = [one for one in texting_past.of_patient(act_as(ready.session, her), same) if one.what is What.STOPPED]
    assert stopped.by == "", "another org's staff are not named"


@pytest.mark.parametrize("why", [SuppressionWhy.STAFF, SuppressionWhy.PAGE, SuppressionWhy.WRONG_NUMBER])
def test_a_stop_by_a_persons_word_ends_with_a_new_agreement(ready, why):
    stop(ready, why)
    ready.agree_to_texts()
    assert state(ready).allowed
    assert (What.STARTED, "consent") in past(ready)


@pytest.mark.parametrize("why", [SuppressionWhy.STOP_WORD, SuppressionWhy.PROVIDER_21610])
def test_a_stop_from_the_phone_is_not_ended_by_staff_alone(ready, why):
    stop(ready, why)
    ready.clock.forward(hours=1)
    came(ready, "stop", "stop")
    ready.agree_to_texts()
    assert (state(ready).why, state(ready).more) == (Why.STOPPED, why.value)


def test_after_stop_a_new_agreement_counts_with_a_text_from_the_phone(ready):
    stop(ready)
    ready.clock.forward(hours=1)
    came(ready, "please text me again")
    ready.agree_to_texts()
    assert state(ready).allowed


def test_an_old_text_from_the_phone_is_no_word_for_the_new_agreement(ready):
    stop(ready)
    ready.clock.forward(hours=1)
    came(ready, "gracias")
    ready.clock.forward(days=2)
    ready.agree_to_texts()
    assert state(ready).why is Why.STOPPED


def hold(ready, body="please stop texting me"):
    from messaging import opt_out
    from referrals.hooks import HOOKS

    came(ready, body, "hold")
    system = ready.as_clock()
    suppression.hold(system, bix(ready), "may_want_stop", ready.now)
    newest = max(system.query(InboundMessage).all(), key=lambda one: one.at)
    HOOKS.on_free_text(system, newest, opt_out.read(body))


@pytest.mark.bad_input(10)
def test_a_doubtful_stop_waits_for_a_person_who_lets_texts_go_on(ready):
    hold(ready)
    assert state(ready).why is Why.ON_HOLD
    assert ready.whys() == [WhyCode.MAY_WANT_STOP]
    texting.decide(ready.as_dana(), patient_id=ready.cast.rosa.id, go_on=True, now=ready.now + timedelta(minutes=5))
    assert state(ready).allowed
    assert ready.whys() == []
    newest = texting_past.of_patient(ready.as_dana(), ready.cast.rosa)[0]
    assert (newest.what, newest.how, newest.by) == (What.DECIDED, "go_on", "Dana Cole")


def test_or_a_person_who_says_that_it_meant_stop(ready):
    hold(ready)
    texting.decide(ready.as_dana(), patient_id=ready.cast.rosa.id, go_on=False, now=ready.now)
    assert (state(ready).why, state(ready).more) == (Why.STOPPED, "staff")
    assert ready.whys() == []
    assert (What.DECIDED, "stop") in past(ready)


def test_nothing_new_is_promised_to_a_held_number(ready):
    hold(ready)
    batch = ready.release(ready.send())
    assert create.release(ready.as_clock(), batch.id, now=ready.now).blocked_why is None
    assert ready.messages("referral") == []


def test_start_ends_a_hold_as_well(ready):
    hold(ready)
    suppression.lift(ready.as_clock(), bix(ready), "START", ready.now)
    assert state(ready).allowed


@pytest.mark.bad_input(16)
@pytest.mark.parametrize(("flag", "left"), [("unreachable", None), ("not_mobile", "not_mobile")])
def test_a_phone_that_works_again_is_tried_again_and_a_landline_stays_one(ready, flag, left):
    ready.cast.rosa.phone_flag = flag
    ready.session.flush()
    assert (state(ready).why, state(ready).more) == (Why.NUMBER_BAD, flag)
    texting.try_again(ready.as_dana(), patient_id=ready.cast.rosa.id, now=ready.now)
    assert ready.cast.rosa.phone_flag == left
