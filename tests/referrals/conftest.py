"""The world of the closed-loop tests: Dana looks after Rosa, who agreed to share with food services and to get texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referrals import consent, create, links, texting
from referrals.consent import ConsentForm, Recipient
from resources_db import jobs, tenancy
from resources_db.listing_key import ListingKey
from resources_db.models.messages import Message
from resources_db.models.referrals import Referral, SendBatch, WorklistItem
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, ConsentMethod, Role, TextingLevel
from tests import factories
from tests.conftest import Clock
from tests.factories import Cast, Listing

FORM = "form-key-000000000001"


@dataclass
class World:
    """Everybody, the session, and the clock they share."""

    session: Session
    cast: Cast
    kitchen: Listing
    clock: Clock
    jobs: list[tuple[str, str]]

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def dana(self) -> Actor:
        return Actor(ActorKind.USER, self.cast.org.id, self.cast.dana.id, Role.NAVIGATOR, "Dana Cole")

    def as_dana(self) -> Session:
        return act_as(self.session, self.dana)

    def as_clock(self) -> Session:
        return act_as(self.session, tenancy.system(kind=ActorKind.CLOCK))

    def as_agency(self) -> Session:
        return act_as(self.session, Actor(ActorKind.LINK, self.cast.org.id, label="agency"))

    def agree(self, *domains: str, flags: tuple[str, ...] = ()) -> consent.Consent:
        form = ConsentForm(
            recipients=tuple(Recipient(domain=domain) for domain in domains or ("nutrition",)),
            method=ConsentMethod.VERBAL,
            language="es",
            witness="D. Reyes",
            flags=flags,
        )
        return consent.record(self.as_dana(), patient_id=self.cast.rosa.id, form=form, now=self.now)

    def agree_to_texts(self, level: TextingLevel = TextingLevel.NEUTRAL) -> None:
        texting.record(
            self.as_dana(), patient_id=self.cast.rosa.id, level=level, how="spoken", language="es", now=self.now
        )

    def send(self, *places: Listing, form: str = FORM, wish: create.Wish | None = None) -> SendBatch:
        chosen = [create.Choice(key_of(place)) for place in places or (self.cast.food_bank,)]
        return create.send(
            self.as_dana(),
            patient_id=self.cast.rosa.id,
            choices=chosen,
            form_key=form,
            now=self.now,
            wish=wish or create.Wish(note="Please call after 3 p.m."),
        )

    def release(self, batch: SendBatch, *, seconds: float = 11) -> SendBatch:
        self.clock.forward(seconds=seconds)
        return create.release(self.as_clock(), batch.id, now=self.now)

    def sent(self, *places: Listing, form: str = FORM) -> list[Referral]:
        """Referrals to these places that have left."""
        batch = self.release(self.send(*places, form=form))
        self.as_dana()
        return self.referrals(batch)

    def referrals(self, batch: SendBatch) -> list[Referral]:
        query = select(Referral).where(Referral.batch_id == batch.id).order_by(Referral.created_at, Referral.ref)
        found = list(self.session.scalars(query))
        order = {self.cast.food_bank.service.id: 0, self.kitchen.service.id: 1}
        return sorted(found, key=lambda referral: order.get(referral.service_id, 2))

    def messages(self, *purposes: str) -> list[Message]:
        query = select(Message).order_by(Message.created_at, Message.purpose)
        found = act_as(self.session, tenancy.system()).scalars(query).all()
        return [message for message in found if not purposes or message.purpose in purposes]

    def items(self, *, open_only: bool = True) -> list[WorklistItem]:
        query = select(WorklistItem).order_by(WorklistItem.due_at, WorklistItem.subject)
        found = act_as(self.session, tenancy.system()).scalars(query).all()
        return [item for item in found if item.done_at is None or not open_only]

    def whys(self) -> list[str]:
        return sorted(item.why.value for item in self.items())


def key_of(place: Listing) -> ListingKey:
    return ListingKey(place.service.id, place.location.id)


@pytest.fixture(autouse=True)
def base_address() -> Iterator[None]:
    before = links._Base.url
    links.use_base("https://hndrl.example")
    yield
    links.use_base(before)


@pytest.fixture
def promised(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Jobs as they are promised. The queue itself is proven with messaging and in the browser story."""
    found: list[tuple[str, str]] = []

    def enqueue(session: Session, name: jobs.JobName, row_id: object, *, run: int, delay_seconds: float = 0) -> str:
        session.flush()
        found.append((name.value, str(row_id)))
        return f"{name.value}-{row_id}-{run}"

    monkeypatch.setattr(jobs, "enqueue", enqueue)
    return found


@pytest.fixture
def world(session: Session, clock: Clock, promised: list[tuple[str, str]]) -> World:
    cast = factories.cast(session, clock())
    kitchen = factories.make_listing(session, now=clock(), name="St. Anne Kitchen", needs=["hot_meals"])
    world = World(session, cast, kitchen, clock, promised)
    world.as_dana()
    return world


@pytest.fixture
def ready(world: World) -> World:
    """Rosa has agreed to share with food services, and to get texts."""
    world.agree()
    world.agree_to_texts()
    return world
