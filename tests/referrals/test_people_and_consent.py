"""Patients are added, found and changed; consent is recorded, covers, ends and is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from referrals import consent, links, needs, people, rereferral, texting
from referrals.consent import ConsentForm, Recipient
from referrals.errors import BadInputError, ChangedMeanwhileError, NotFoundError, Why
from referrals.people import Household, PatientFacts
from resources_db import audit, encryption, tenancy
from resources_db.models.access import AuditEvent
from resources_db.models.messages import SmsHold, Suppression
from resources_db.models.people import Assignment, NeedEvent
from resources_db.tenancy import act_as
from resources_db.vocab import (
    ConsentMethod,
    HelpWanted,
    LinkPurpose,
    NeedSource,
    NeedStatus,
    SuppressionWhy,
    TextingLevel,
)
from tests import factories
from tests.referrals.conftest import World, key_of


def add(world: World, **facts):
    given = PatientFacts(**({"first_name": "Jean-Baptiste", "last_name": "Louis", "phone": "513-555-0171"} | facts))
    return people.create(
        world.as_dana(), care_team_id=world.cast.team.id, facts=given, lead_id=world.cast.dana.id, now=world.now
    )


def test_a_new_patient_stands_encrypted_with_a_lead(world):
    patient = add(world, zip="45214-1234", birth_date="1980-02-29", household=Household(2, 3))
    assert (patient.zip, patient.zip3, patient.phone) == ("45214", "452", "+15135550171")
    assert people.household_of(patient) == Household(2, 3)
    assert b"Louis" not in (patient.last_name_enc or b"")
    assert people.lead_of(world.session, patient.id) == world.cast.dana.id


def test_a_change_leaves_what_its_form_does_not_ask_for(world):
    patient = add(world, timezone="America/Chicago", discharged_at=world.now)
    people.edit(world.as_dana(), patient.id, facts=PatientFacts(first_name="Jean"), now=world.now)
    assert (patient.timezone, patient.discharged_at) == ("America/Chicago", world.now)


@pytest.mark.bad_input(1, 2, 3, 5)
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"first_name": "  "}, "first_name"),
        ({"phone": "513-555"}, "phone"),
        ({"phone": "900-555-1212"}, "phone"),
        ({"phone": "911"}, "phone"),
        ({"zip": "4520"}, "zip"),
        ({"zip": "ABCDE"}, "zip"),
        ({"birth_date": "31/12/1980"}, "birth_date"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world, facts, field):
    with pytest.raises(BadInputError) as refused:
        add(world, **facts)
    assert refused.value.field == field


@pytest.mark.bad_input(6)
@pytest.mark.parametrize("typed", ["jean", "LOUIS", "louis jean", "bapt", "(513) 555-0171", "jean baptiste"])
def test_a_patient_is_found_by_name_word_start_and_phone(world, typed):
    patient = add(world)
    assert [found.id for found in people.find(world.as_dana(), typed)] == [patient.id]


@pytest.mark.bad_input(63)
def test_the_same_phone_in_another_org_is_found_by_nobody_else(world):
    add(world)
    system = act_as(world.session, tenancy.system())
    other = factories.make_org(system, now=world.now, name="Other Care")
    factories.make_patient(
        system, team=factories.make_team(system, org=other, now=world.now), now=world.now, phone="+15135550171"
    )
    assert len(people.find(world.as_dana(), "513-555-0171")) == 1
    assert people.find(world.session, "nobody") == []


def test_a_foreign_patient_is_a_missing_one(world):
    with pytest.raises(NotFoundError):
        people.get(act_as(world.session, tenancy.system(factories.new_id())), world.cast.rosa.id)


@pytest.mark.bad_input(15)
def test_a_new_number_closes_the_links_that_went_to_the_old_one(ready):
    ready.sent()
    (text,) = ready.messages("referral")
    token = text.body.split("/r/")[1].split()[0]
    assert links.find(ready.as_clock(), token, now=ready.now, purpose=LinkPurpose.PATIENT) is not None
    facts = PatientFacts(first_name="Rosa", last_name="Martinez", phone="513-555-0177", language="es")
    people.edit(ready.as_dana(), ready.cast.rosa.id, facts=facts, now=ready.now)
    ready.session.expire_all()
    assert links.find(ready.session, token, now=ready.now) is None
    assert texting.state(ready.session, ready.cast.rosa).why is Why.NO_TEXTING_CONSENT


def test_two_people_editing_one_patient_the_second_is_told(world):
    facts = PatientFacts(first_name="Rosa", phone="513-555-0148")
    people.edit(world.as_dana(), world.cast.rosa.id, facts=facts, now=world.now, expected_version=1)
    with pytest.raises(ChangedMeanwhileError):
        people.edit(world.session, world.cast.rosa.id, facts=facts, now=world.now, expected_version=1)


def test_a_hand_over_ends_one_assignment_and_begins_the_next(world):
    marcus = factories.make_user(
        world.session, org=world.cast.org, now=world.now, name="Marcus Reed", email="marcus@riverside.example"
    )
    people.assign(world.as_dana(), world.cast.rosa, navigator_id=marcus.id, now=world.now)
    assert people.lead_of(world.session, world.cast.rosa.id) == marcus.id
    rows = world.session.scalars(select(Assignment).where(Assignment.patient_id == world.cast.rosa.id)).all()
    assert sorted(row.ended_at is None for row in rows) == [False, True]


def covering(world: World, subneed: str = "food_pantry", *, later: timedelta = timedelta()):
    return consent.covering(
        world.as_dana(),
        world.cast.rosa.id,
        organization_id=world.cast.food_bank.organization.id,
        subneed=subneed,
        now=world.now + later,
    )


def test_a_consent_covers_its_class_of_services_until_it_ends(world):
    agreed = world.agree("nutrition")
    assert covering(world) is agreed
    assert covering(world, "rent_help") is None
    assert covering(world, later=timedelta(days=366)) is None


def test_a_consent_for_one_agency_covers_that_agency_only(world):
    named = (Recipient(organization_id=world.cast.food_bank.organization.id),)
    form = ConsentForm(named, ConsentMethod.E_SIGN, "es")
    consent.record(world.as_dana(), patient_id=world.cast.rosa.id, form=form, now=world.now)
    assert covering(world) is not None
    other = consent.covering(
        world.session,
        world.cast.rosa.id,
        organization_id=world.kitchen.organization.id,
        subneed="hot_meals",
        now=world.now,
    )
    assert other is None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (ConsentForm((), ConsentMethod.E_SIGN, "es"), "recipients"),
        (ConsentForm((Recipient(),), ConsentMethod.E_SIGN, "es"), "recipients"),
        (ConsentForm((Recipient(domain="sports"),), ConsentMethod.E_SIGN, "es"), "recipients"),
        (ConsentForm((Recipient(domain="nutrition"),), ConsentMethod.VERBAL, "es"), "witness"),
    ],
)
def test_a_consent_with_a_missing_element_is_not_recorded(world, form, field):
    with pytest.raises(BadInputError) as refused:
        consent.record(world.as_dana(), patient_id=world.cast.rosa.id, form=form, now=world.now)
    assert refused.value.field == field


def test_consent_and_its_end_stand_in_the_audit_trail(world):
    agreed = world.agree()
    consent.take_back(world.as_dana(), agreed.id, how="page", now=world.now)
    assert covering(world) is None
    actions = world.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions[-2:] == ["consent.record", "consent.revoke"]
    assert audit.verify(world.session) == []


def test_the_first_yes_to_texts_queues_the_welcome_once(world):
    world.agree_to_texts()
    world.agree_to_texts(TextingLevel.DETAILS)
    assert len(world.messages("welcome")) == 1
    assert texting.state(world.as_dana(), world.cast.rosa).details


def test_withdrawn_texts_stop_what_waits(ready):
    ready.sent()
    texting.withdraw(ready.as_clock(), patient_id=ready.cast.rosa.id, how="phone", now=ready.now)
    ready.session.expire_all()
    states = {message.purpose: message.state.value for message in ready.messages()}
    assert states["referral"] == "suppressed"
    assert states["agency_new"] == "queued"
    found = texting.state(ready.as_dana(), ready.cast.rosa)
    assert (found.why, found.more, found.consent) == (Why.STOPPED, "staff", None)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lambda world, bix: setattr(world.cast.rosa, "never_text", True), Why.NEVER_TEXT),
        (lambda world, bix: setattr(world.cast.rosa, "phone_flag", "not_mobile"), Why.NUMBER_BAD),
        (
            lambda world, bix: world.session.add(
                Suppression(phone_bix=bix, why=SuppressionWhy.STOP_WORD, at=world.now)
            ),
            Why.STOPPED,
        ),
        (lambda world, bix: world.session.add(SmsHold(phone_bix=bix, why="may_want_stop", at=world.now)), Why.ON_HOLD),
    ],
)
def test_what_stands_in_the_way_of_a_text_is_named(ready, happens, why):
    happens(ready, encryption.phone_index(ready.cast.rosa.phone))
    ready.session.flush()
    assert texting.state(ready.as_dana(), ready.cast.rosa).why is why


def test_the_script_names_the_number_the_texts_come_from():
    assert "513-555-0100" in texting.script("en", "+15135550100")


def test_a_sensitive_need_stands_as_its_domain_and_in_full_only_encrypted(world):
    need = needs.add(
        world.as_dana(), patient_id=world.cast.rosa.id, org_id=world.cast.org.id, subneed="detox",
        source=NeedSource.TALK, now=world.now,
    )  # fmt: skip
    assert (need.subneed, needs.subneed_of(need)) == ("behavioral_health", "detox")
    assert b"detox" not in (need.subneed_full_enc or b"")


def test_days_without_help_run_until_it_is_met_and_only_while_help_is_wanted(world):
    need = factories.make_need(world.session, patient=world.cast.rosa, now=world.now)
    assert needs.days_without_help(need, world.now + timedelta(days=3)) == 3
    world.clock.forward(days=5)
    needs.set_status(world.as_dana(), need, NeedStatus.MET, method="talk", now=world.now)
    assert needs.days_without_help(need, world.now + timedelta(days=30)) == 5
    needs.set_wanted(world.session, need, HelpWanted.NO, now=world.now)
    assert needs.days_without_help(need, world.now) is None
    told = world.session.execute(select(NeedEvent.to_status, NeedEvent.method).order_by(NeedEvent.at)).all()
    assert [status for status, method in told if not method.startswith(needs.WISH_WAS)] == ["met", "not_wanted"]
    assert [status for status, method in told if method == f"{needs.WISH_WAS}yes"] == ["met"]


def test_the_next_best_places_leave_out_what_was_tried_or_is_full(ready):
    (referral,) = ready.sent()
    full = factories.make_listing(ready.session, now=ready.now, name="Elm Street Food Shelf", needs=["food_pantry"])
    from resources_db import capacity
    from resources_db.vocab import CapacityState

    capacity.state(ready.session, service_id=full.service.id, state=CapacityState.FULL, said_by="agency", now=ready.now)
    asked: list[rereferral.Wanted] = []

    def find(wanted, *, limit, now):
        asked.append(wanted)
        return [key_of(ready.cast.food_bank), key_of(full), key_of(ready.kitchen)]

    found = rereferral.next_best(ready.as_dana(), referral.id, find, now=ready.now)
    assert [place.name for place in found.places] == ["St. Anne Kitchen"]
    assert asked == [rereferral.Wanted("food_pantry", "45202", "es")]
