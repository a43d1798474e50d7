"""Words from a number that several patients share, or that another org's patient has, reach somebody."""

import pytest

from messaging import opt_out, phone
from referrals.hooks import HOOKS
from resources_db import tenancy
from resources_db.base import new_id
from resources_db.models.messages import InboundMessage
from resources_db.tenancy import act_as
from resources_db.vocab import Tier, WhyCode
from tests import factories

SHARED = "+15135550181"
DANGERS = [
    "I want to die", "quiero morir", "je veux mourir", "mwen vle mouri", "quero morrer", "tôi muốn chết",
    "gusto ko nang mamatay", "我想死", "我想自殺", "أريد أن أموت", "죽고 싶어요", "хочу умереть",
]  # fmt: skip


def share(world, *, led_by=None, team=None, first="Curtis"):
    system = act_as(world.session, tenancy.system())
    return factories.make_patient(
        system, team=team or world.cast.team, now=world.now, phone=SHARED, lead=led_by, first=first
    )


def marcus(world):
    system = act_as(world.session, tenancy.system())
    return factories.make_user(
        system, org=world.cast.org, now=world.now, name="Marcus Reed", email="m@riverside.example"
    )


def text(world, body, number=SHARED):
    """A text as the webhook stores it: whose it is cannot be told from the number."""
    reading = opt_out.read(body)
    inbound = InboundMessage(
        org_id=world.cast.org.id, message_sid=new_id().hex, from_bix=phone.index(number), body=body,
        read_as=reading.stored, at=world.now,
    )  # fmt: skip
    system = world.as_clock()
    system.add(inbound)
    system.flush()
    {"stop": HOOKS.on_stop, "start": HOOKS.on_start, "help": HOOKS.on_help}.get(inbound.read_as, HOOKS.on_free_text)(
        system, inbound, reading
    )
    return inbound


@pytest.mark.bad_input(9)
@pytest.mark.parametrize("words", DANGERS)
def test_danger_from_a_shared_number_stands_on_top_of_the_list_of_each_lead(world, words):
    mine, theirs = share(world, led_by=world.cast.dana), share(world, led_by=marcus(world), first="Ana")
    text(world, words)
    items = world.items()
    assert {item.patient_id for item in items} == {mine.id, theirs.id}
    for item in items:
        assert (item.why, item.tier, item.due_at, item.words) == (
            WhyCode.PATIENT_WROTE, Tier.TODAY, world.now, words,
        )  # fmt: skip
        assert (item.facts["danger"], item.facts["shared"]) == (True, 2)


def test_who_leads_both_people_of_a_number_is_told_once(world):
    share(world, led_by=world.cast.dana)
    share(world, led_by=world.cast.dana, first="Ana")
    text(world, "I want to die")
    text(world, "gracias por todo")
    assert [item.facts["danger"] for item in world.items()] == [True, False]


def test_two_people_without_a_lead_are_both_on_the_list(world):
    share(world)
    share(world, first="Ana")
    text(world, "please stop texting me")
    assert world.whys() == ["may_want_stop", "may_want_stop"]


def test_danger_on_a_number_that_only_another_orgs_patient_has_reaches_that_org(world):
    system = act_as(world.session, tenancy.system())
    other = factories.make_org(system, now=world.now, name="Other Care")
    patient = share(world, team=factories.make_team(system, org=other, now=world.now))
    text(world, "I want to die")
    [item] = world.items()
    assert (item.org_id, item.patient_id, item.tier) == (other.id, patient.id, Tier.TODAY)
    assert "shared" not in item.facts


def test_words_in_the_thread_of_one_org_are_not_shown_to_another(world):
    system = act_as(world.session, tenancy.system())
    other = factories.make_org(system, now=world.now, name="Other Care")
    share(world, team=factories.make_team(system, org=other, now=world.now))
    mine = share(world, led_by=world.cast.dana)
    text(world, "I want to die")
    assert [item.patient_id for item in world.items()] == [mine.id]


@pytest.mark.bad_input(9, 12)
def test_stop_is_told_to_every_org_that_has_the_number_and_start_settles_it(world):
    system = act_as(world.session, tenancy.system())
    other = factories.make_org(system, now=world.now, name="Other Care")
    far = share(world, team=factories.make_team(system, org=other, now=world.now))
    near = share(world, led_by=world.cast.dana)
    text(world, "please stop texting me")
    text(world, "STOP")
    items = world.items()
    assert {(item.why, item.patient_id) for item in items} == {
        (WhyCode.STOPPED_TEXTS, far.id), (WhyCode.STOPPED_TEXTS, near.id),
    }  # fmt: skip
    text(world, "START")
    assert world.items() == []


def test_cancel_may_have_meant_the_appointment(world):
    share(world, led_by=world.cast.dana)
    text(world, "Cancel")
    [item] = world.items()
    assert (item.why, item.facts) == (WhyCode.STOPPED_TEXTS, {"appointment": True})


def test_help_from_a_shared_number_is_a_quiet_line(world):
    share(world, led_by=world.cast.dana)
    share(world, led_by=world.cast.dana, first="Ana")
    text(world, "HELP")
    [item] = world.items()
    assert (item.why, item.facts) == (WhyCode.PATIENT_WANTS_CALL, {"by": "help", "shared": 2})


def test_words_of_a_number_nobody_has_open_nothing(world):
    text(world, "who is this")
    assert world.items() == []
