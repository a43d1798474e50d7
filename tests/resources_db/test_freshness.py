"""Edited, looked at, confirmed: three dates that are never mixed."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from resources_db import freshness
from resources_db.freshness import Grade
from resources_db.models.directory import Service
from resources_db.vocab import ConfirmMethod, FieldGroup, FieldOrigin
from tests.resources_db.directory_world import NOW, pantry


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, Grade.FRESH), (180, Grade.FRESH), (181, Grade.AGEING), (365, Grade.AGEING), (366, Grade.STALE)],
)
def test_a_grade_follows_the_age_of_the_confirmation(days: int, expected: Grade) -> None:
    assert freshness.grade(NOW - timedelta(days=days), NOW) == expected
    assert freshness.grade(None, NOW) == Grade.NEVER


def test_confirming_hours_says_nothing_about_the_phone(session: Session) -> None:
    key = pantry(session)
    confirm(session, key, [FieldGroup.HOURS])
    found = freshness.of_listing(session, key.service_id, key.location_id, now=NOW)
    assert found.groups[FieldGroup.HOURS].grade == Grade.FRESH
    assert found.groups[FieldGroup.CONTACT].grade == Grade.NEVER
    assert found.grade == Grade.NEVER


def test_a_record_verified_as_a_whole_keeps_that_date_for_the_groups_nobody_spoke_of(session: Session) -> None:
    key = pantry(session)
    service = session.get_one(Service, key.service_id)
    service.confirmed_at, service.confirmed_method = NOW - timedelta(days=200), ConfirmMethod.PHONE_CALL
    before = freshness.of_listing(session, key.service_id, key.location_id, now=NOW)
    assert before.groups[FieldGroup.CONTACT].grade == Grade.AGEING
    confirm(session, key, [FieldGroup.HOURS])
    after = freshness.of_listing(session, key.service_id, key.location_id, now=NOW)
    assert (after.groups[FieldGroup.HOURS].grade, after.groups[FieldGroup.CONTACT].grade) == (Grade.FRESH, Grade.AGEING)


def test_the_assured_date_needs_contact_hours_and_place(session: Session) -> None:
    key = pantry(session)
    confirm(session, key, [FieldGroup.HOURS, FieldGroup.CONTACT])
    assert session.get_one(Service, key.service_id).assured_date is None
    confirm(session, key, [FieldGroup.PLACE])
    assert session.get_one(Service, key.service_id).assured_date == NOW.date()


def test_looking_at_a_record_confirms_nothing(session: Session) -> None:
    key = pantry(session)
    freshness.looked(session, service_id=key.service_id, now=NOW)
    found = freshness.of_listing(session, key.service_id, key.location_id, now=NOW)
    assert (found.looked_at, found.confirmed_at, found.grade) == (NOW, None, Grade.NEVER)


def test_a_word_of_the_agency_does_not_weaken_a_word_of_the_team(session: Session) -> None:
    key = pantry(session)
    confirm(session, key, [FieldGroup.HOURS], origin=FieldOrigin.STAFF)
    confirm(session, key, [FieldGroup.HOURS], origin=FieldOrigin.AGENCY)
    found = freshness.of_listing(session, key.service_id, key.location_id, now=NOW)
    assert found.groups[FieldGroup.HOURS].origin == FieldOrigin.STAFF


def confirm(session: Session, key, groups, origin: FieldOrigin = FieldOrigin.AGENCY) -> None:
    freshness.confirm(
        session,
        service_id=key.service_id,
        location_id=key.location_id,
        groups=groups,
        method=ConfirmMethod.AGENCY_LINK,
        origin=origin,
        now=NOW,
    )
