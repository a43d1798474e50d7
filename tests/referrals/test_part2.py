"""Substance use treatment: a consent of its own with every element, or nothing leaves (42 CFR Part 2)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referrals import consent, create, part2
from referrals.consent import ConsentForm, Recipient
from referrals.errors import BadInputError, NotSendableError, Why
from referrals.part2 import Element, Told
from resources_db.vocab import ConsentMethod, ConsentScope
from tests import factories
from tests.conftest import NOW
from tests.referrals.conftest import key_of

pytestmark = pytest.mark.bad_input(66)


@pytest.fixture
def program(world):
    return factories.make_listing(world.session, now=world.now, name="River Program", needs=["detox"])


def whole(program, world):
    return ConsentForm(
        (Recipient(organization_id=program.organization.id),),
        ConsentMethod.PAPER_SCAN,
        "es",
        flags=(consent.PART2,),
        fields=("first_name", "phone"),
        discloser="Riverside Care",
        purpose="To ask for a place in treatment",
        signed_on=world.now.date(),
        told=(Told.MAY_REVOKE,),
        expires_at=world.now + timedelta(days=90),
    )


def record(world, form):
    return consent.record(world.as_dana(), patient_id=world.cast.rosa.id, form=form, now=world.now)


def covering(world, program):
    return consent.covering(
        world.as_dana(),
        world.cast.rosa.id,
        organization_id=program.organization.id,
        subneed="detox",
        now=world.now,
    )


LACKS = {
    Element.DISCLOSER: {"discloser": " "},
    Element.WHAT: {"fields": ()},
    Element.RECIPIENT: {"recipients": (Recipient(domain="behavioral_health"),)},
    Element.PURPOSE: {"purpose": ""},
    Element.EXPIRY: {"expires_at": None},
    Element.SIGNATURE: {"method": ConsentMethod.VERBAL, "witness": "D. Reyes"},
    Element.SIGNED_ON: {"signed_on": None},
    Element.TOLD: {"told": ()},
}


def test_every_element_of_the_rule_is_tried():
    assert set(LACKS) == set(Element)


@pytest.mark.parametrize("element", Element)
def test_a_consent_that_lacks_one_element_is_refused_and_the_element_is_named(world, program, element):
    with pytest.raises(BadInputError) as refused:
        record(world, replace(whole(program, world), **LACKS[element]))
    assert refused.value.field == element.value
    assert covering(world, program) is None


@pytest.mark.parametrize("element", set(Element) - {Element.RECIPIENT, Element.SIGNATURE})
def test_a_stored_consent_that_lost_an_element_covers_nothing(world, program, element):
    agreed = record(world, whole(program, world))
    names = {"fields": "categories"}
    for name, value in LACKS[element].items():
        setattr(agreed, names.get(name, name), list(value) if isinstance(value, tuple) else value)
    world.session.flush()
    assert covering(world, program) is None


def test_a_whole_consent_covers_the_named_program_and_no_other(world, program):
    other = factories.make_listing(world.session, now=world.now, name="Hill Program", needs=["detox"])
    agreed = record(world, whole(program, world))
    assert covering(world, program) == agreed
    assert covering(world, other) is None


def test_a_general_consent_never_stands_in_for_it(world, program):
    world.agree("behavioral_health", flags=("behavioral",))
    assert covering(world, program) is None
    with pytest.raises(NotSendableError) as refused:
        world.send(program)
    assert refused.value.why is Why.PART2_CONSENT


def test_only_the_facts_it_names_leave(world, program):
    record(world, whole(program, world))
    drafted = create.prepare(
        world.as_dana(),
        patient_id=world.cast.rosa.id,
        keys=[key_of(program)],
        form_key="form-key-part2-0001",
        now=world.now,
    )
    assert [field.value for field in drafted.places[0].fields] == ["first_name", "phone"]


def test_an_agreement_for_all_operations_tells_more():
    form = ConsentForm(
        (), ConsentMethod.E_SIGN, "es", scope=ConsentScope.OPERATIONS, discloser="A", purpose="B",
        signed_on=date(2026, 11, 20), told=(Told.MAY_REVOKE,), expires_at=NOW + timedelta(days=30),
    )  # fmt: skip
    assert part2.missing(form, fields=("phone",)) == (Element.TOLD,)
    assert part2.missing(replace(form, told=tuple(Told)), fields=("phone",)) == ()


@pytest.mark.parametrize(("change", "field"), [("expires_at", "expires_at"), ("signed_on", "signed_on")])
def test_dates_that_cannot_be_are_refused(world, program, change, field):
    values = {"expires_at": world.now - timedelta(days=1), "signed_on": world.now.date() + timedelta(days=3)}
    with pytest.raises(BadInputError) as refused:
        record(world, replace(whole(program, world), **{change: values[change]}))
    assert refused.value.field == field
