"""A person died, moved, was put in the wrong record, or must not be contacted: one action, and nothing goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referrals import by, endings, follow_up, progress, texting
from referrals.endings import Ending
from referrals.errors import NotSendableError, Why
from referrals.hooks import HOOKS
from resources_db import tenancy
from resources_db.models.access import AccessLink
from resources_db.models.consents import Disclosure
from resources_db.models.referrals import ReferralTask, ServiceRequest
from resources_db.tenancy import act_as
from resources_db.vocab import (
    BatchState,
    LinkPurpose,
    MessageState,
    Reason,
    ReferralState,
    RequestStatus,
    Role,
    Side,
    TaskKind,
    WhyCode,
)
from tests import factories
from tests.referrals.conftest import World

S = ReferralState
REASON = {Ending.DIED: Reason.DIED, Ending.MOVED: Reason.CLIENT_MOVED, Ending.UNSAFE: Reason.UNSAFE_CONTACT}


def end(world: World, ending: Ending, key: str = "end-1") -> int:
    return endings.end(world.as_dana(), world.cast.rosa.id, ending, key=key, now=world.now)


def patients_texts(world: World) -> list[str]:
    return sorted(
        one.purpose
        for one in world.messages()
        if one.subject_kind != "referral" and one.state is not MessageState.CANCELLED
    )


@pytest.mark.parametrize("ending", [Ending.DIED, Ending.MOVED, Ending.UNSAFE])
def test_one_action_withdraws_everything_and_tells_agencies_neutrally(ready, ending):
    first, second = ready.sent(ready.cast.food_bank, ready.kitchen)
    progress.move(ready.as_agency(), second.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="yes", now=ready.now)
    assert end(ready, ending) == 2
    assert {first.state, second.state} == {S.WITHDRAWN}
    assert {first.reason, second.reason} == {REASON[ending]}
    stops = ready.messages("agency_stop")
    assert len(stops) == 2
    for mail in stops:
        assert "Please do not contact the person" in mail.body
        assert not any(word in mail.body.lower() for word in ("died", "moved", "rosa", "safe"))


@pytest.mark.parametrize("ending", list(Ending))
def test_nothing_is_texted_or_asked_afterwards(ready, ending):
    ready.sent()
    end(ready, ending)
    assert patients_texts(ready) == []
    ready.clock.forward(days=60)
    follow_up.run_due(ready.as_clock(), now=ready.now)
    assert patients_texts(ready) == []
    pages = act_as(ready.session, tenancy.system()).scalars(
        select(AccessLink).where(AccessLink.purpose == LinkPurpose.PATIENT, AccessLink.revoked_at.is_(None))
    )
    assert list(pages) == []
    expected = Why.CONTACT_PROHIBITED if ending is Ending.UNSAFE else Why.PATIENT_CLOSED
    assert texting.state(ready.as_dana(), ready.cast.rosa).why is expected


def test_a_text_that_slipped_through_is_stopped_at_the_last_moment(ready):
    ready.sent()
    (text,) = ready.messages("referral")
    assert HOOKS.subject_still_open(ready.as_clock(), text)
    ready.cast.rosa.contact_prohibited = True
    ready.session.flush()
    assert not HOOKS.subject_still_open(ready.as_clock(), text)


def test_a_send_that_waits_its_ten_seconds_is_taken_back(ready):
    batch = ready.send()
    end(ready, Ending.DIED)
    ready.session.refresh(batch)
    assert batch.state is BatchState.UNDONE
    ready.release(batch)
    assert ready.messages("agency_new", "referral") == []
    assert [one.state for one in ready.referrals(batch)] == [S.ERROR]


@pytest.mark.parametrize(
    ("ending", "why"), [(Ending.MOVED, Why.PATIENT_CLOSED), (Ending.UNSAFE, Why.CONTACT_PROHIBITED)]
)
def test_nothing_can_be_sent_for_the_person_until_the_record_is_open_again(ready, ending, why):
    end(ready, ending)
    with pytest.raises(NotSendableError) as refused:
        ready.send()
    assert refused.value.why is why
    endings.reopen(ready.as_dana(), ready.cast.rosa.id, now=ready.now)
    assert ready.sent(form="form-key-000000000002")[0].state is S.SENT


def test_contact_prohibited_after_send_was_pressed_stops_the_release(ready):
    batch = ready.send()
    ready.cast.rosa.contact_prohibited = True
    ready.release(batch)
    assert (batch.state, batch.blocked_why) == (BatchState.BLOCKED, "contact_prohibited")


def test_pressed_twice_is_once(ready):
    ready.sent()
    assert end(ready, Ending.MOVED) == 1
    version = ready.cast.rosa.version
    assert end(ready, Ending.MOVED) == 0
    assert end(ready, Ending.DIED, "other") == 0
    assert (ready.cast.rosa.version, ready.cast.rosa.closed_why) == (version, "moved")


def test_opened_again_what_was_withdrawn_stays_withdrawn(ready):
    (referral,) = ready.sent()
    end(ready, Ending.MOVED)
    closed_at = ready.cast.rosa.closed_at
    patient = endings.reopen(ready.as_dana(), ready.cast.rosa.id, now=ready.now)
    assert (patient.closed_at, patient.closed_why, patient.contact_prohibited) == (None, None, False)
    assert referral.state is S.WITHDRAWN
    assert [one.id for one in endings.withdrawn_by(ready.session, patient.id, closed_at)] == [referral.id]


def test_the_wish_ends_with_the_last_referral_and_stands_while_another_is_open(ready):
    first, second = ready.sent(ready.cast.food_bank, ready.kitchen)
    if first.request_id != second.request_id:
        second.request_id = first.request_id
        ready.session.flush()
    request = ready.session.get_one(ServiceRequest, first.request_id)
    for number, (one, status) in enumerate(((first, RequestStatus.ACTIVE), (second, RequestStatus.REVOKED))):
        progress.move(
            ready.as_dana(), one.id, to=S.WITHDRAWN, by=by.NAVIGATOR, key=str(number), now=ready.now,
            said=progress.Said(reason=Reason.CLIENT_DECLINED),
        )  # fmt: skip
        assert request.status is status


def test_the_wrong_patient_closes_the_link_marks_the_disclosure_and_tells_the_administrator(ready):
    officer = factories.make_user(
        act_as(ready.session, tenancy.system()), org=ready.cast.org, now=ready.now, name="Paula Admin",
        email="paula@riverside.example", role=Role.CARE_ADMIN,
    )  # fmt: skip
    (referral,) = ready.sent()
    end(ready, Ending.WRONG_RECORD)
    (item,) = [item for item in ready.items() if item.why is WhyCode.WRONG_PATIENT]
    assert item.owner_id == officer.id
    marks = ready.session.scalars(select(Disclosure.withdrawn_note).where(Disclosure.referral_id == referral.id))
    assert set(marks) == {"wrong-patient"}
    first = min(ready.messages("agency_new"), key=lambda one: one.created_at)
    token = first.body.split("/r/")[1].split()[0]
    from referrals import links

    assert links.find(ready.as_clock(), token, now=ready.now) is None


def test_the_agencies_still_have_to_say_that_they_stopped(ready):
    ready.sent()
    end(ready, Ending.DIED)
    waiting = ready.as_clock().scalars(select(ReferralTask).where(ReferralTask.done_at.is_(None))).all()
    assert [one.kind for one in waiting] == [TaskKind.AGENCY_OVERDUE]
    ready.clock.forward(days=2)
    follow_up.run_due(ready.as_clock(), now=ready.now)
    assert ready.whys() == ["notice_not_confirmed"]


def test_needs_of_somebody_who_died_are_closed_and_counted_as_not_met(ready):
    ready.sent()
    end(ready, Ending.DIED)
    from resources_db.models.people import Need

    assert [need.status.value for need in ready.as_dana().scalars(select(Need))] == ["unmet_closed"]


def test_an_agency_that_says_the_person_died_puts_it_on_somebodys_list(ready):
    (referral,) = ready.sent()
    progress.move(
        ready.as_agency(), referral.id, to=S.WITHDRAWN, by=by.AGENCY_LINK, key="w", now=ready.now,
        said=progress.Said(reason=Reason.DIED),
    )  # fmt: skip
    (item,) = ready.items()
    assert (item.why, item.facts["reason"]) == (WhyCode.NOT_SERVED, "died")
    assert ready.messages("agency_stop") == []


def test_a_foreign_patient_is_not_ended(ready):
    from referrals.errors import NotFoundError

    other = factories.make_org(act_as(ready.session, tenancy.system()), now=ready.now, name="Elsewhere")
    act_as(ready.session, tenancy.Actor(tenancy.ActorKind.USER, other.id, ready.cast.dana.id, Role.NAVIGATOR))
    with pytest.raises(NotFoundError):
        endings.end(ready.session, ready.cast.rosa.id, Ending.DIED, key="x", now=ready.now)


def test_every_withdrawal_says_who_did_it(ready):
    (referral,) = ready.sent()
    end(ready, Ending.MOVED)
    from referrals import events

    last = events.last_move(ready.session, referral.id)
    assert (last.side, last.actor_id) == (Side.NAVIGATOR, ready.cast.dana.id)
