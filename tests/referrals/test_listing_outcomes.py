"""What outcomes teach about a listing: reviews the same minute, one step lower in search, settled by a confirmation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from referrals import agency
from referrals.agency_choices import Answer, Choice
from referrals.by import By
from resources_db import capacity, freshness, reviews
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Service
from resources_db.models.upkeep import ListingReview
from resources_db.repositories import listings
from resources_db.vocab import (
    CapacityState,
    Channel,
    ConfirmMethod,
    FieldGroup,
    FieldOrigin,
    Reason,
    ReviewState,
    ReviewWhy,
    Side,
)

BY = By(Side.AGENCY, Channel.LINK)


def reviews_of(world, service_id):
    found = select(ListingReview).where(ListingReview.service_id == service_id)
    return {(row.why, row.state, row.times) for row in world.session.scalars(found)}


def said_no(world, reason, text=""):
    (referral,) = world.sent()
    agency.say(world.session, referral, Answer(Choice.NO, reason, text), by=BY, key="no", now=world.now)
    return referral


def listing(world, referral):
    found = listings.get(world.session, ListingKey(referral.service_id, referral.location_id), include_staff=True)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Reason.PROGRAM_CLOSED, ReviewWhy.CLOSED),
        (Reason.SERVICE_NOT_OFFERED, ReviewWhy.NOT_OFFERED),
        (Reason.OUT_OF_AREA, ReviewWhy.OUT_OF_AREA),
        (Reason.NO_CAPACITY, ReviewWhy.FULL),
    ],
)
def test_a_refusal_that_speaks_against_the_listing_opens_a_review_in_the_same_visit(ready, reason, why):
    referral = said_no(ready, reason)
    assert reviews_of(ready, referral.service_id) == {(why, ReviewState.OPEN, 1)}


def test_a_refusal_about_the_person_says_nothing_of_the_listing(ready):
    referral = said_no(ready, Reason.NOT_ELIGIBLE)
    assert reviews_of(ready, referral.service_id) == set()


def test_a_review_names_neither_patient_nor_referral(ready):
    referral = said_no(ready, Reason.PROGRAM_CLOSED, "Rosa was here")
    (row,) = ready.session.scalars(select(ListingReview)).all()
    held = {str(getattr(row, column.name)) for column in ListingReview.__table__.columns}
    assert not held & {str(referral.id), str(referral.patient_id), referral.ref, "Rosa was here"}


def test_help_given_counts_as_a_look_and_never_as_a_confirmation(ready):
    (referral,) = ready.sent()
    service = ready.session.get_one(Service, referral.service_id)
    before, later = service.confirmed_at, ready.now + timedelta(hours=2)
    agency.say(ready.session, referral, Answer(Choice.HELPED), by=BY, key="a", now=later)
    assert service.looked_at == later
    assert service.confirmed_at == before


def test_a_doubted_listing_is_trusted_again_once_what_was_wrong_is_confirmed(ready):
    referral = said_no(ready, Reason.PROGRAM_CLOSED)
    assert [doubt.why for doubt in listing(ready, referral).doubts] == [ReviewWhy.CLOSED]
    confirm(ready, referral, FieldGroup.CONTACT)
    assert listing(ready, referral).doubts
    confirm(ready, referral, FieldGroup.HOURS)
    assert not listing(ready, referral).doubts
    assert reviews_of(ready, referral.service_id) == {(ReviewWhy.CLOSED, ReviewState.DONE, 1)}


def confirm(world, referral, *groups):
    freshness.confirm(
        world.session,
        service_id=referral.service_id,
        location_id=referral.location_id,
        groups=groups,
        method=ConfirmMethod.PHONE_CALL,
        origin=FieldOrigin.STAFF,
        now=world.now,
    )


def test_full_is_no_doubt_and_its_review_ends_when_there_is_room_again(ready):
    referral = said_no(ready, Reason.NO_CAPACITY)
    assert not listing(ready, referral).doubts
    capacity.state(
        ready.session,
        service_id=referral.service_id,
        location_id=referral.location_id,
        state=CapacityState.OPEN,
        said_by="agency",
        now=ready.now,
    )
    assert reviews_of(ready, referral.service_id) == {(ReviewWhy.FULL, ReviewState.DONE, 1)}


def test_two_words_in_thirty_days_say_that_it_may_have_changed_and_older_ones_do_not(ready):
    referral = said_no(ready, Reason.PROGRAM_CLOSED)
    assert not reviews.may_have_changed(listing(ready, referral).doubts, ready.now)
    reviews.open_review(
        ready.session,
        service_id=referral.service_id,
        location_id=referral.location_id,
        why=ReviewWhy.CLOSED,
        from_role="navigator",
        now=ready.now + timedelta(days=29),
    )
    doubts = listing(ready, referral).doubts
    assert reviews.may_have_changed(doubts, ready.now + timedelta(days=29))
    assert not reviews.may_have_changed(doubts, ready.now + timedelta(days=60))
