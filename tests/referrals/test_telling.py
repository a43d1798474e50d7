"""What a patient is told by text when a place answers: news, a yes, a visit and its reminder."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from messaging import outbox
from referrals import by, corrections, follow_up, progress, texting
from referrals.hooks import HOOKS
from referrals.progress import Said
from resources_db.tenancy import act_as, system
from resources_db.vocab import BusinessStatus, Reason, ReferralState, TextingLevel
from tests.referrals.conftest import World

S = ReferralState
TOLD = ("news", "said_yes", "appointment")
VISIT = date(2026, 12, 2)


def agency(world: World, referral, to: S, key: str = "a", **said):
    return progress.move(
        world.as_agency(), referral.id, to=to, by=by.AGENCY_LINK, key=key, now=world.now, said=Said(**said)
    )


def later(world: World, **time):
    world.clock.forward(**time)
    follow_up.run_due(world.as_clock(), now=world.now)


def told(world: World) -> list[str]:
    return [one.body for one in world.messages(*TOLD)]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (S.ACCEPTED, {}),
        (S.NEEDS_CLIENT, {"business_status": BusinessStatus.NEEDS_DOCUMENTS}),
        (S.WAITLISTED, {"reason": Reason.NO_CAPACITY}),
    ],
)
def test_an_answer_is_news_behind_a_link_and_says_nothing_more(ready, state, said):
    (referral,) = ready.sent()
    agency(ready, referral, state, **said)
    later(ready, minutes=11)
    [body] = told(ready)
    assert body.startswith("Riverside Care: Hay noticias de la ayuda para usted: https://hndrl.example/r/")
    assert "Hope Pantry" not in body


def test_a_no_is_never_texted(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.DECLINED, reason=Reason.NO_CAPACITY)
    later(ready, hours=2)
    assert told(ready) == []


def test_an_answer_that_is_taken_back_within_ten_minutes_reaches_nobody(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.ACCEPTED)
    later(ready, minutes=9)
    corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="undo", now=ready.now)
    later(ready, hours=1)
    assert told(ready) == []


def test_two_answers_of_one_day_are_one_text(ready):
    first, second = ready.sent(ready.cast.food_bank, ready.kitchen)
    agency(ready, first, S.ACCEPTED)
    later(ready, minutes=11)
    agency(ready, second, S.ACCEPTED, key="b")
    later(ready, minutes=11)
    assert len(told(ready)) == 1


def test_with_consent_to_details_a_yes_names_the_place(ready):
    texting.record(
        ready.as_dana(),
        patient_id=ready.cast.rosa.id,
        level=TextingLevel.DETAILS,
        how="spoken",
        language="es",
        now=ready.now,
    )
    (referral,) = ready.sent()
    agency(ready, referral, S.ACCEPTED)
    later(ready, minutes=11)
    [body] = told(ready)
    assert "Hope Pantry puede ayudar y le va a llamar." in body


def test_a_sensitive_place_is_not_named_with_consent_to_details_either(ready):
    texting.record(
        ready.as_dana(), patient_id=ready.cast.rosa.id, level=TextingLevel.DETAILS, how="spoken", language="es",
        now=ready.now,
    )  # fmt: skip
    (referral,) = ready.sent()
    referral.sensitive = True
    agency(ready, referral, S.ACCEPTED)
    later(ready, minutes=11)
    assert "Hope Pantry" not in told(ready)[0]


def test_a_visit_is_told_when_it_is_set_and_again_a_day_before(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SCHEDULED, next_on=VISIT, at_clock=time(14, 30))
    later(ready, minutes=11)
    [first] = told(ready)
    assert "Tiene cita el 2 dic, 2:30 p.m. Vea https://" in first
    later(ready, days=7)
    assert len(told(ready)) == 1
    later(ready, days=1, hours=12)
    assert len(told(ready)) == 2
    later(ready, days=3)
    assert len(told(ready)) == 2


def test_a_visit_on_the_same_day_is_reminded_of_two_hours_before(ready):
    (referral,) = ready.sent()
    local = ready.now.astimezone(ZoneInfo("America/New_York"))
    agency(ready, referral, S.SCHEDULED, next_on=local.date(), at_clock=time(local.hour + 4, 0))
    later(ready, minutes=11)
    assert len(told(ready)) == 1
    later(ready, hours=2)
    assert len(told(ready)) == 2


def test_the_morning_before_a_visit_without_a_clock_time(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SCHEDULED, next_on=VISIT)
    later(ready, minutes=11)
    assert "Tiene cita el 2 dic. Vea" in told(ready)[0]
    later(ready, days=9)
    assert len(told(ready)) == 2


def test_a_changed_date_is_told_anew_and_the_old_reminder_is_gone(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SCHEDULED, next_on=VISIT, at_clock=time(14, 30))
    later(ready, minutes=11)
    old = ready.messages("appointment")[0]
    agency(ready, referral, S.SCHEDULED, key="b", next_on=date(2026, 12, 9), at_clock=time(9, 0))
    later(ready, minutes=11)
    assert "9 dic, 9:00" in told(ready)[-1]
    session = act_as(ready.session, system())
    assert not HOOKS.subject_still_open(session, old)
    assert HOOKS.subject_still_open(session, ready.messages("appointment")[-1])
    later(ready, days=8)
    assert len(told(ready)) == 2


def test_a_visit_that_was_called_off_is_not_reminded_of(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SCHEDULED, next_on=VISIT, at_clock=time(14, 30))
    later(ready, minutes=11)
    agency(ready, referral, S.WITHDRAWN, key="b", reason=Reason.CLIENT_DECLINED)
    session = act_as(ready.session, system())
    assert not HOOKS.subject_still_open(session, ready.messages("appointment")[0])
    later(ready, days=9)
    assert len(told(ready)) == 1


def test_a_visit_text_is_worth_nothing_after_the_visit(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SCHEDULED, next_on=VISIT, at_clock=time(14, 30))
    later(ready, minutes=11)
    assert ready.messages("appointment")[0].expires_at == referral.next_at


def test_a_visit_text_that_failed_is_tried_again_before_the_visit_only(ready):
    (referral,) = ready.sent()
    agency(ready, referral, S.SCHEDULED, next_on=VISIT, at_clock=time(14, 30))
    later(ready, minutes=11)
    [first] = ready.messages("appointment")
    assert referral.next_at is not None
    session, hour = ready.as_clock(), timedelta(hours=1)
    again = outbox.again(session, first, now=ready.now, due_at=ready.now + hour, tries=2)
    assert again is not None
    assert again.expires_at == referral.next_at
    assert outbox.again(session, first, now=ready.now, due_at=referral.next_at + hour, tries=2) is None


def test_nobody_is_told_after_stop(ready):
    (referral,) = ready.sent()
    texting.withdraw(ready.as_dana(), patient_id=ready.cast.rosa.id, how="spoken", now=ready.now)
    agency(ready, referral, S.ACCEPTED)
    later(ready, minutes=11)
    assert told(ready) == []
