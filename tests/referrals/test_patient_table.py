"""The table of patients: facts decide tiers, filters and orders agree with the rows, and the org's wall holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Column, Table, select
from sqlalchemy.sql import visitors

from referrals import needs, patient_table, tier_facts, worklist
from referrals.patient_query import Ask, Sort
from referrals.tiers import Fact
from resources_db.base import Base
from resources_db.models.people import ContactAttempt
from resources_db.models.referrals import ReferralTask
from resources_db.tenancy import act_as, system
from resources_db.vocab import (
    Channel,
    ContactResult,
    HelpWanted,
    NeedSource,
    Priority,
    ReferralState,
    TaskKind,
    Tier,
    WhyCode,
)
from tests import factories

NEVER_READ = {"language", "format_locale", "interpreter", "zip_enc", "zip3", "birth_date_enc", "first_name_enc"}
MAY_READ = {
    "patient": {"id", "org_id", "discharged_at"},
    "need": {
        *("id", "org_id", "patient_id", "status", "closed_at", "subneed", "help_wanted", "urgency"),
        *("date_at_risk", "identified_at"),
    },
    "referral": {"id", "org_id", "patient_id", "priority", "state", "due_at", "request_id", "correction_of"},
    "referral_task": {"org_id", "patient_id", "kind", "done_at", "due_at"},
    "service_request": {"id", "org_id", "patient_id", "need_id"},
    "worklist_item": {"org_id", "patient_id", "done_at", "why", "due_at"},
}
"""Every column the tiers may read: what was asked for, when, and what became of it. Nothing of who somebody is."""


def row_of(world, patient, **ask):
    found = patient_table.page(world.as_dana(), Ask(**ask), now=world.now)
    return next(row for row in found.rows if row.id == patient.id)


def names(world, **ask):
    return [row.name.split()[0] for row in patient_table.page(world.as_dana(), Ask(**ask), now=world.now).rows]


def add_need(world, subneed="food_pantry", *, patient=None, days=0, **facts):
    return needs.add(
        world.as_dana(),
        patient_id=(patient or world.cast.rosa).id,
        org_id=world.cast.org.id,
        subneed=subneed,
        source=facts.pop("source", NeedSource.TALK),
        now=world.now - timedelta(days=days),
        **facts,
    )


def open_item(world, why, *, days=0):
    about = worklist.About(why, world.cast.rosa.id, world.cast.org.id)
    worklist.open_item(world.as_dana(), about, due_at=world.now - timedelta(days=days), now=world.now)


def contact_clock(world, *, days):
    world.session.add(
        ReferralTask(
            org_id=world.cast.org.id,
            patient_id=world.cast.rosa.id,
            kind=TaskKind.CONTACT_DUE,
            due_at=world.now + timedelta(days=days),
            dedupe_key="contact",
            created_at=world.now,
        )
    )
    world.session.flush()


def home(world, *, days):
    world.cast.rosa.discharged_at = world.now - timedelta(days=days)
    world.session.flush()


def two_failed(world):
    world.agree()
    for place, form in ((world.cast.food_bank, "form-key-000000000001"), (world.kitchen, "form-key-000000000002")):
        (referral,) = world.sent(place, form=form)
        referral.state = ReferralState.DECLINED
        world.session.flush()


def urgent_overdue(world):
    world.agree()
    (referral,) = world.sent()
    referral.priority, referral.due_at = Priority.URGENT, world.now - timedelta(hours=1)
    world.session.flush()


CASES = {
    "nothing": (lambda world: None, Tier.STEADY, Fact.NO_OPEN_NEED),
    "a need": (add_need, Tier.IN_WORK, Fact.OPEN_NEED),
    "a need nobody asked about": (
        lambda world: add_need(world, help_wanted=HelpWanted.UNKNOWN),
        Tier.IN_WORK,
        Fact.OPEN_NEED,
    ),
    "help not wanted": (lambda world: add_need(world, help_wanted=HelpWanted.NO), Tier.STEADY, Fact.NO_OPEN_NEED),
    "safety": (lambda world: add_need(world, "dv_safety"), Tier.TODAY, Fact.SAFETY),
    "another sealed need": (lambda world: add_need(world, "immigration_legal"), Tier.IN_WORK, Fact.OPEN_NEED),
    "nothing to eat tonight": (
        lambda world: add_need(world, urgency=Priority.URGENT),
        Tier.TODAY,
        Fact.NOTHING_TONIGHT,
    ),
    "an urgent form": (
        lambda world: add_need(world, "id_documents", urgency=Priority.URGENT),
        Tier.IN_WORK,
        Fact.OPEN_NEED,
    ),
    # Monday: two business days on is Wednesday.
    "shut-off on Wednesday": (
        lambda world: add_need(world, "energy_bill", date_at_risk=world.now.date() + timedelta(days=2)),
        Tier.TODAY,
        Fact.DATE_WITHIN_2_DAYS,
    ),
    "shut-off on Thursday": (
        lambda world: add_need(world, "energy_bill", date_at_risk=world.now.date() + timedelta(days=3)),
        Tier.THIS_WEEK,
        Fact.DATE_WITHIN_14_DAYS,
    ),
    "eviction in 15 days": (
        lambda world: add_need(world, "rent_help", date_at_risk=world.now.date() + timedelta(days=15)),
        Tier.IN_WORK,
        Fact.OPEN_NEED,
    ),
    "contact after hospital due": (lambda world: contact_clock(world, days=1), Tier.TODAY, Fact.CONTACT_DUE),
    "contact after hospital listed": (
        lambda world: open_item(world, WhyCode.HOME_FROM_HOSPITAL, days=-1),
        Tier.TODAY,
        Fact.CONTACT_DUE,
    ),
    "contact after hospital later": (lambda world: contact_clock(world, days=6), Tier.STEADY, Fact.NO_OPEN_NEED),
    "home since 30 days": (lambda world: home(world, days=29), Tier.THIS_WEEK, Fact.HOME_FROM_HOSPITAL),
    "home since 31 days": (lambda world: home(world, days=31), Tier.STEADY, Fact.NO_OPEN_NEED),
    "wants a call": (lambda world: open_item(world, WhyCode.PATIENT_WANTS_CALL), Tier.TODAY, Fact.WANTS_CALL),
    "an old disagreement": (
        lambda world: open_item(world, WhyCode.DISAGREEMENT, days=1),
        Tier.TODAY,
        Fact.OLD_DISAGREEMENT,
    ),
    "a new disagreement": (
        lambda world: open_item(world, WhyCode.DISAGREEMENT, days=-1),
        Tier.STEADY,
        Fact.NO_OPEN_NEED,
    ),
    "silent twice": (lambda world: open_item(world, WhyCode.NO_ANSWER_TWICE), Tier.THIS_WEEK, Fact.NO_ANSWER_TWICE),
    "waits 31 days": (lambda world: add_need(world, days=31), Tier.THIS_WEEK, Fact.WAITING_30_DAYS),
    "waits 30 days": (lambda world: add_need(world, days=30), Tier.IN_WORK, Fact.OPEN_NEED),
    "three needs": (
        lambda world: [add_need(world, one) for one in ("food_pantry", "rent_help", "diapers")],
        Tier.THIS_WEEK,
        Fact.THREE_NEEDS,
    ),
    "two failed tries": (two_failed, Tier.THIS_WEEK, Fact.TWO_FAILED),
    "an urgent referral is late": (urgent_overdue, Tier.TODAY, Fact.URGENT_OVERDUE),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fact_puts_a_person_into_its_tier_and_the_filter_agrees(world, case):
    happen, tier, fact = CASES[case]
    happen(world)
    row = row_of(world, world.cast.rosa)
    assert (row.tier, row.because) == (tier, (fact,))
    assert "Rosa" in names(world, tier=tier)
    assert "Rosa" not in names(world, tier=other_than(tier))


def other_than(tier):
    return Tier.TODAY if tier is not Tier.TODAY else Tier.STEADY


def test_the_tiers_read_only_what_the_list_allows_and_nothing_of_who_somebody_is(world):
    at = patient_table.moment(world.as_dana(), world.now)
    facts = tier_facts.of(at)
    read = {}
    for query in (facts.joined(select(*facts.columns.values())), *facts.joins):
        for part in visitors.iterate(query):
            if isinstance(part, Column) and isinstance(part.table, Table):
                read.setdefault(part.table.name, set()).add(part.name)
    assert read
    assert not any(columns & NEVER_READ for columns in read.values())
    assert {table: columns - MAY_READ.get(table, set()) for table, columns in read.items()} == {
        key: set() for key in read
    }


def test_no_table_of_patients_knows_race_sex_or_insurance():
    words = ("race", "ethnic", "sex", "gender", "insur", "religion", "income")
    named = [(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns]
    about = [pair for pair in named if pair[0] in {"patient", "need"} and any(word in pair[1] for word in words)]
    assert about == []


def test_two_people_with_the_same_facts_have_the_same_tier_in_any_language(world):
    for patient in (world.cast.rosa, world.cast.minh, world.cast.amina):
        add_need(world, patient=patient, days=40)
    found = patient_table.page(world.as_dana(), Ask(), now=world.now)
    assert {(row.tier, row.because) for row in found.rows} == {(Tier.THIS_WEEK, (Fact.WAITING_30_DAYS,))}


def test_a_pin_moves_a_patient_and_ends_by_itself(world):
    world.cast.rosa.pinned_tier, world.cast.rosa.pinned_until = Tier.TODAY, world.now.date() + timedelta(days=2)
    world.session.flush()
    assert row_of(world, world.cast.rosa).tier is Tier.TODAY
    assert names(world)[0] == "Rosa"
    world.clock.forward(days=3)
    assert row_of(world, world.cast.rosa).tier is Tier.STEADY
    assert row_of(world, world.cast.rosa).pinned_until is None


def test_the_table_is_sorted_by_each_column(world):
    add_need(world, days=40)
    add_need(world, patient=world.cast.minh, days=2)
    add_need(world, "diapers", patient=world.cast.minh, days=2)
    open_item(world, WhyCode.NO_REPLY, days=1)
    world.session.add(
        ContactAttempt(
            org_id=world.cast.org.id,
            patient_id=world.cast.minh.id,
            channel=Channel.PHONE,
            result=ContactResult.REACHED,
            at=world.now,
            created_at=world.now,
        )
    )
    world.session.flush()
    assert names(world, sort=Sort.NAME) == ["Amina", "Minh", "Rosa"]
    assert names(world, sort=Sort.NAME, backwards=True) == ["Rosa", "Minh", "Amina"]
    assert names(world, sort=Sort.LANGUAGE) == ["Amina", "Rosa", "Minh"]
    assert names(world, sort=Sort.WAITING)[:2] == ["Rosa", "Minh"]
    assert names(world, sort=Sort.WAITING, backwards=True)[:2] == ["Minh", "Rosa"]
    assert names(world, sort=Sort.NEEDS) == ["Minh", "Rosa", "Amina"]
    assert names(world, sort=Sort.DUE)[0] == "Rosa"
    assert names(world, sort=Sort.CONTACT)[-1] == "Minh"
    assert names(world) == ["Rosa", "Minh", "Amina"]
    assert names(world, backwards=True)[0] == "Amina"


def test_filters_leave_only_those_who_fit(world):
    add_need(world, "rent_help", days=40)
    add_need(world, patient=world.cast.minh, source=NeedSource.SCREENING)
    world.cast.minh.zip, world.cast.minh.zip3 = "45211", "452"
    for patient in (world.cast.rosa, world.cast.minh, world.cast.amina):
        patient.created_at = world.now - timedelta(days=60)
    world.session.add(
        ContactAttempt(
            org_id=world.cast.org.id,
            patient_id=world.cast.amina.id,
            channel=Channel.PHONE,
            result=ContactResult.NO_ANSWER,
            at=world.now - timedelta(days=3),
            created_at=world.now,
        )
    )
    world.session.flush()
    assert names(world, domain="housing") == ["Rosa"]
    assert names(world, language="vi") == ["Minh"]
    assert names(world, zip="45211") == ["Minh"]
    assert sorted(names(world, zip="452")) == ["Amina", "Minh", "Rosa"]
    assert names(world, silent=True) == ["Rosa", "Minh"]
    assert names(world, waiting=True) == ["Rosa"]
    assert names(world, untouched=True) == ["Minh"]
    assert names(world, leads=(world.cast.dana.id,), language="ar") == ["Amina"]


def test_pages_follow_each_other_without_a_gap(world, monkeypatch):
    monkeypatch.setattr(patient_table, "PAGE", 2)
    seen = []
    for number in (1, 2):
        found = patient_table.page(world.as_dana(), Ask(), number=number, size=2, now=world.now)
        seen += [row.id for row in found.rows]
        assert (found.total, found.pages) == (3, 2)
    assert sorted(seen) == sorted(one.id for one in (world.cast.rosa, world.cast.minh, world.cast.amina))
    assert patient_table.page(world.as_dana(), Ask(), number=99, size=2, now=world.now).number == 2


def test_patients_of_another_org_are_in_no_list_and_no_count(world):
    act_as(world.session, system())
    other = factories.make_org(world.session, now=world.now, name="Northside")
    team = factories.make_team(world.session, org=other, now=world.now, name="North")
    foreign = factories.make_patient(world.session, team=team, now=world.now, language="es", first="Foreign")
    factories.make_need(world.session, patient=foreign, now=world.now - timedelta(days=50))
    for sort in Sort:
        found = patient_table.page(world.as_dana(), Ask(sort=sort), now=world.now)
        assert (found.total, {row.name for row in found.rows}) == (3, {"Rosa Martinez", "Minh Tran", "Amina Hassan"})
    assert [one.patients for one in patient_table.loads(world.as_dana())] == [3]
    assert names(world, waiting=True) == []
