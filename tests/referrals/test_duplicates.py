"""The warning before a send: what it knows of, what it never tells, and that it is no block."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referrals import by, consent, create, duplicates, events, joining, needs, progress
from referrals.consent import ConsentForm, Recipient
from referrals.drafts import Wish
from referrals.duplicates import Duplicate, GoOn
from referrals.errors import NotFoundError
from referrals.progress import Said
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, ServiceRequest, WorklistItem
from resources_db.repositories import listings
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import (
    ActorKind,
    ConsentMethod,
    ConsentScope,
    EventKind,
    NeedSource,
    Reason,
    ReferralState,
    Role,
    WhyCode,
)
from tests import factories
from tests.referrals.conftest import key_of

S = ReferralState


def warned(world, place, subneed="food_pantry", **how):
    listing = listings.get(world.session, key_of(place), include_staff=True)
    return duplicates.warnings(world.session, world.cast.rosa.id, [(listing, subneed)], now=world.now, **how)


def kinds(world, place, subneed="food_pantry", **how):
    return [one.kind for one in warned(world, place, subneed, **how)]


def agency_says(world, referral, to, **said):
    progress.move(
        world.as_agency(),
        referral.id,
        to=to,
        by=by.AGENCY_LINK,
        key=f"{to}:{referral.id}",
        now=world.now,
        said=Said(**said),
    )
    world.as_dana()


@pytest.fixture
def marcus(ready):
    """A colleague in another team of the same org."""
    team = factories.make_team(ready.as_clock(), org=ready.cast.org, now=ready.now, name="Night Team")
    return factories.make_user(
        ready.session, org=ready.cast.org, now=ready.now, name="Marcus Bell", email="m@x.example", team=team
    ), team


def as_marcus(ready, marcus):
    person = marcus[0]
    return act_as(ready.session, Actor(ActorKind.USER, ready.cast.org.id, person.id, Role.NAVIGATOR, person.name))


def test_nothing_was_sent_nothing_is_warned_of(ready):
    ready.as_dana()
    assert kinds(ready, ready.cast.food_bank) == []


def test_the_same_need_open_with_another_agency(ready):
    ready.sent()
    assert kinds(ready, ready.kitchen) == [Duplicate.SAME_NEED]


def test_another_need_of_the_same_person_is_no_duplicate(ready):
    ready.sent()
    assert kinds(ready, ready.cast.clinic, "primary_care") == []


def test_a_need_still_open_after_ninety_days_is_told(ready):
    (referral,) = ready.sent()
    agency_says(ready, referral, S.ACCEPTED)
    agency_says(ready, referral, S.WAITLISTED, reason=Reason.SEASONAL)
    ready.clock.forward(days=120)
    assert kinds(ready, ready.kitchen) == [Duplicate.SAME_NEED]
    assert kinds(ready, ready.cast.food_bank) == [Duplicate.ALREADY_THERE]


def test_the_same_service_within_ninety_days_and_not_after(ready):
    (referral,) = ready.sent()
    agency_says(ready, referral, S.DECLINED, reason=Reason.NOT_ELIGIBLE)
    (one,) = warned(ready, ready.cast.food_bank)
    assert (one.kind, one.agency, one.sent_by) == (Duplicate.SAME_SERVICE, "Hope Pantry", "Dana Cole")
    ready.clock.forward(days=91)
    assert kinds(ready, ready.cast.food_bank) == []


def test_the_agency_said_before_that_they_have_the_person(ready):
    (referral,) = ready.sent()
    agency_says(ready, referral, S.DECLINED, reason=Reason.DUPLICATE)
    assert kinds(ready, ready.cast.food_bank) == [Duplicate.SAID_DUPLICATE]


def test_receiving_there_already_is_the_strongest_of_several(ready):
    first, _second = ready.sent(ready.cast.food_bank, ready.kitchen)
    agency_says(ready, first, S.ACCEPTED)
    agency_says(ready, first, S.RECEIVING)
    assert kinds(ready, ready.cast.food_bank) == [Duplicate.ALREADY_THERE, Duplicate.SAME_NEED]


def test_the_attempt_that_failed_is_no_warning_to_the_next_one(ready):
    (referral,) = ready.sent()
    assert kinds(ready, ready.kitchen, after=referral.id) == []


def test_another_navigator_who_helps_with_this_need_is_named(ready, marcus):
    ready.sent()
    as_marcus(ready, marcus)
    (one,) = warned(ready, ready.kitchen)
    assert (one.kind, one.sent_by, one.by_me) == (Duplicate.OTHER_PERSON, "Dana Cole", False)


@pytest.fixture
def in_another_team(ready, marcus):
    """Rosa stands in the records of another team too, and that team has sent her to the kitchen."""

    def put(*, scope=ConsentScope.PROGRAM, phone="+15135550148", first="Rosa"):
        twin = factories.make_patient(
            ready.as_clock(), team=marcus[1], now=ready.now, first=first, last="Martines", phone=phone
        )
        session = as_marcus(ready, marcus)
        needs.add(
            session, patient_id=twin.id, org_id=twin.org_id, subneed="hot_meals", source=NeedSource.TALK, now=ready.now
        )
        form = ConsentForm(
            recipients=(Recipient(domain="nutrition"),),
            method=ConsentMethod.VERBAL,
            language="en",
            witness="M. B.",
            scope=scope,
        )
        given = consent.record(session, patient_id=twin.id, form=form, now=ready.now)
        batch = create.send(
            session,
            patient_id=twin.id,
            choices=[create.Choice(key_of(ready.kitchen))],
            form_key="f" * 20,
            now=ready.now,
        )
        ready.release(batch)
        ready.as_dana()
        return given

    return put


def test_another_team_is_told_of_without_a_name_where_the_record_agrees(ready, in_another_team):
    in_another_team()
    (one,) = warned(ready, ready.cast.food_bank)
    assert one == duplicates.Warned(Duplicate.OTHER_TEAM)


def test_without_consent_another_team_is_never_told_of(ready, in_another_team):
    given = in_another_team()
    given.revoked_at = ready.now
    ready.session.flush()
    assert warned(ready, ready.cast.food_bank) == ()


def test_an_agreement_for_one_referral_only_tells_nobody_else(ready, in_another_team):
    in_another_team(scope=ConsentScope.ONE_REFERRAL)
    assert warned(ready, ready.cast.food_bank) == ()


def test_a_relative_with_the_same_phone_is_somebody_else(ready, in_another_team):
    in_another_team(first="Luis")
    assert warned(ready, ready.cast.food_bank) == ()


def test_going_on_with_a_reason_stands_in_the_history(ready):
    ready.sent()
    batch = ready.send(ready.kitchen, form="form-key-000000000002", wish=Wish(go_on=GoOn.TWO_TRIES))
    (second,) = ready.referrals(batch)
    (note,) = [one for one in events.of(ready.session, second.id) if one.kind is EventKind.NOTE]
    assert note.facts == {"go_on": "two_tries", "warned": ["same_need"]}


def test_a_reason_without_a_warning_is_not_written_down(ready):
    (first,) = ready.referrals(ready.send(wish=Wish(go_on=GoOn.TWO_TRIES)))
    assert events.of(ready.session, first.id) == []


def test_joining_tells_the_colleague_once_and_stands_in_the_history(ready, marcus):
    (referral,) = ready.sent()
    as_marcus(ready, marcus)
    for _ in range(2):
        joining.join(ready.session, referral.id, words="Marcus also looks after this.", now=ready.now)
    (note,) = [one for one in events.of(ready.session, referral.id) if one.facts.get("joined")]
    assert note.facts["joined"] == str(marcus[0].id)
    manual = select(WorklistItem).where(WorklistItem.why == WhyCode.MANUAL)
    (item,) = ready.session.scalars(manual).all()
    assert (item.owner_id, item.words) == (ready.cast.dana.id, "Marcus also looks after this.")


def test_the_next_attempt_settles_what_asked_for_another_place(ready):
    (referral,) = ready.sent()
    agency_says(ready, referral, S.DECLINED, reason=Reason.NO_CAPACITY)
    assert WhyCode.AGENCY_FULL.value in ready.whys()
    ready.as_dana()
    batch = create.send(
        ready.session,
        patient_id=ready.cast.rosa.id,
        choices=[create.Choice(key_of(ready.kitchen), previous_id=referral.id)],
        form_key="g" * 20,
        now=ready.now,
    )
    assert WhyCode.AGENCY_FULL.value in ready.whys(), "it may still be taken back"
    ready.release(batch)
    assert WhyCode.AGENCY_FULL.value not in ready.whys()
    newest = select(Referral).where(Referral.batch_id == batch.id)
    assert ready.session.scalars(newest).one().previous_id == referral.id


def test_an_attempt_never_follows_one_of_somebody_else(ready):
    (referral,) = ready.sent()
    with pytest.raises(NotFoundError):
        create.send(
            ready.as_dana(),
            patient_id=ready.cast.minh.id,
            choices=[create.Choice(key_of(ready.kitchen), previous_id=referral.id)],
            form_key="h" * 20,
            now=ready.now,
        )


def test_a_protected_need_is_no_warning_to_people_of_another_team(ready, marcus):
    (referral,) = ready.sent()
    need = ready.session.get_one(Need, ready.session.get_one(ServiceRequest, referral.request_id).need_id)
    need.subneed_full = "food_pantry"  # kept as protected needs are
    ready.session.flush()
    assert kinds(ready, ready.kitchen) == [Duplicate.SAME_NEED], "to the person's own team it is one"
    as_marcus(ready, marcus)
    assert kinds(ready, ready.kitchen) == []
