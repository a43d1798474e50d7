"""What the tests of pages behind links share: Rosa's send has left, and everybody can be read from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from portal.wiring import Runtime
from referrals import consent, create, links, texting
from referrals.consent import ConsentForm, Recipient
from resources_db.listing_key import ListingKey
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, ConsentMethod, Role, TextingLevel
from tests import factories
from tests.conftest import Clock
from tests.factories import Cast

BASE = "http://localhost"


@dataclass
class Sent:
    """A send that has left, and the ways to look at what it left behind."""

    runtime: Runtime
    clock: Clock
    cast: Cast

    def all(self, model, **wanted):
        """Rows of a table, as the system sees them."""
        with self.runtime.database.reading(system()) as session:
            return list(session.scalars(select(model).filter_by(**wanted)))

    def one(self, model, **wanted):
        (row,) = self.all(model, **wanted)
        return row

    def referral(self, ref: str = "") -> Referral:
        found = self.all(Referral, **({"ref": ref} if ref else {}))
        return max(found, key=lambda one: one.created_at)

    def token(self, purpose: str) -> str:
        """The link in the newest message of a purpose."""
        message = max(self.all(Message, purpose=purpose), key=lambda one: one.created_at)
        return re.search(r"/r/(\w+)", message.body)[1]

    def code(self) -> str:
        """The six digits the agency got last."""
        message = max(self.all(Message, purpose="code"), key=lambda one: one.created_at)
        return re.search(r"\b\d{6}\b", message.body)[0]

    def change(self, work) -> None:
        """Do something as the system, and keep it."""
        with self.runtime.database.writing(system()) as session, session.begin():
            work(session)


def send(
    runtime: Runtime, app: Flask, clock: Clock, *, places: int = 1, code_needed: bool = True, language: str = "en",
    need: str = "food_pantry", domain: str = "nutrition", text: bool = True, to: str = "rosa",
) -> Sent:  # fmt: skip
    """Rosa has agreed to share and to texts; Dana sends her to one place or more; it leaves."""
    links.use_base(BASE)
    with runtime.database.writing(system()) as session, session.begin():
        cast = factories.cast(session, clock())
        patient = getattr(cast, to)
        rest = [
            factories.make_listing(session, now=clock(), name=f"Kitchen {number}", needs=[need])
            for number in range(2, places + 1)
        ]
        cast.food_bank.service.needs = [need]
        for listing in (cast.food_bank, *rest):
            listing.contact.code_needed, listing.contact.language = code_needed, language
        _agree(session, patient, cast, domain, clock())
        session.flush()
        dana = Actor(ActorKind.USER, cast.org.id, cast.dana.id, Role.NAVIGATOR, "Dana Cole")
        batch = create.send(
            act_as(session, dana),
            patient_id=patient.id,
            choices=[create.Choice(ListingKey(one.service.id, one.location.id)) for one in (cast.food_bank, *rest)],
            form_key="form-key-000000000001",
            now=clock(),
            wish=create.Wish(note="Please call after 3 p.m."),
        )
        clock.forward(seconds=11)
        create.release(act_as(session, system(kind=ActorKind.CLOCK)), batch.id, now=clock())
        act_as(session, system())
        session.flush()
        session.expunge_all()
    return Sent(runtime, clock, cast)


def _agree(session, patient, cast, domain, now):
    form = ConsentForm(
        recipients=(Recipient(domain=domain),), method=ConsentMethod.VERBAL, language="es", witness="D. Reyes",
        flags=(consent.BEHAVIORAL,),
    )  # fmt: skip
    act_as(session, Actor(ActorKind.USER, cast.org.id, cast.dana.id, Role.NAVIGATOR, "Dana Cole"))
    consent.record(session, patient_id=patient.id, form=form, now=now)
    texting.record(
        session, patient_id=patient.id, level=TextingLevel.NEUTRAL, how="spoken", language="es", now=now, welcome=False
    )


def contact_of(sent: Sent) -> AgencyContact:
    return sent.one(AgencyContact, id=sent.cast.food_bank.contact.id)
