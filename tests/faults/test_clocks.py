"""Clocks that jump by hours while everything else goes wrong too, and the two nights on which the hour changes.

Time is the test's own here: one process plays workers, provider and clock, thousands of moments in some seconds.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from messaging import callbacks, outbox, quiet_hours, reconcile, send, sweeper
from messaging.delivery import IN_DOUBT
from messaging.messenger import Messenger
from messaging.settings import Limits, ProviderSettings
from messaging.transport import Accepted, ListingError, NotSent, SentText, TooMany, Unknown
from resources_db import tenancy
from resources_db.base import new_id
from resources_db.models.messages import Message
from resources_db.vocab import MessageState
from tests.conftest import NOW
from tests.faults.drain import FULL, PHONES, short_form_on

SETTINGS = ProviderSettings(
    "AC" + "a" * 32, "b" * 32, "MG" + "c" * 32, "http://127.0.0.1:9", limits=Limits(10_000, 10_000, 10_000, 1_000_000)
)


class Crash(BaseException):
    """The process dies here."""


@dataclass
class World:
    """True time, and how wrong the machine's clock is."""

    moment: datetime = NOW
    wrong_by: timedelta = timedelta(0)
    chance: random.Random = field(default_factory=lambda: random.Random(31))

    def clock(self) -> datetime:
        return self.moment + self.wrong_by

    def passes(self, most: float) -> None:
        self.moment += timedelta(seconds=self.chance.uniform(0, most))

    def monotonic(self) -> float:
        return (self.moment - NOW).total_seconds()

    def jump(self) -> None:
        self.wrong_by = timedelta(hours=self.chance.uniform(-18, 18)) if self.chance.random() < 0.7 else timedelta(0)


class Provider:
    """Answers as badly as the world allows; its own clock is right."""

    def __init__(self, world: World) -> None:
        self.world, self.texts, self.reports = world, [], []

    def send(self, text):
        self.world.passes(12)  # names, sockets
        if self.world.chance.random() < 0.03:
            self.world.jump()
        if not text.still_ours():
            return NotSent("HeldUpError")
        match self.world.chance.randrange(8):
            case 0:
                return NotSent("ConnectionError")
            case 1:
                return TooMany(timedelta(seconds=2))
            case 2:
                return Unknown("ReadTimeout")
            case 3:
                raise Crash
        sid = f"SM{len(self.texts):032}"
        self.texts.append(SentText(sid, text.to, text.body, "queued", "", "outbound-api", self.world.moment))
        token = text.status_url.partition("t=")[2].partition("&")[0]
        self.reports += [(token, sid, word) for word in ("queued", "sent", "delivered")] * 2
        self.world.passes(8)
        match self.world.chance.randrange(4):
            case 0:
                return Unknown("http_500")
            case 1:
                raise Crash
        return Accepted(sid, "queued")

    def sent_to(self, to, since):
        if self.world.chance.random() < 0.2:
            raise ListingError("http_503")
        return [one for one in reversed(self.texts) if one.to == to and one.created_at >= since]


@pytest.fixture
def world(monkeypatch):
    world = World()
    monkeypatch.setattr(Messenger, "protocol_time", lambda _self, _session: world.clock())
    return world


@pytest.fixture
def provider(world):
    return Provider(world)


@pytest.fixture
def messenger(database, world, provider):
    clocks = {"now": world.clock, "wall": world.clock, "monotonic": world.monotonic}
    return Messenger(database=database, settings=SETTINGS, texts=provider, mails=None, **clocks)


def promise(messenger, org_id, to, body, now):
    with messenger.writing() as session, session.begin():
        return outbox.enqueue_text(
            session,
            org_id=org_id,
            to=to,
            body=body,
            lang="en",
            purpose="referral",
            subject_kind="referral",
            subject_id=new_id(),
            dedupe_key=new_id().hex,
            now=now,
            expires_at=now + timedelta(days=300),
        ).id


def ids_in(database, *states):
    with database.reading(tenancy.system()) as session:
        return list(session.scalars(select(Message.id).where(Message.state.in_(states)).order_by(Message.body_enc)))


def report_one(messenger, world, provider):
    if provider.reports:
        token, sid, word = provider.reports.pop(world.chance.randrange(len(provider.reports)))
        with messenger.writing() as session, session.begin():
            callbacks.apply(messenger, session, token=token, sid=sid, status=word, error_code="", now=world.clock())


def work_a_while(messenger, world, provider):
    """Something happens: to one text, to the clock, or it is a minute later."""
    world.passes(40)
    match world.chance.randrange(8):
        case 0:
            world.jump()
        case 1:
            sweeper.sweep(messenger, world.clock())
        case 2:
            report_one(messenger, world, provider)
        case 3 | 4:
            for message_id in ids_in(messenger.database, *IN_DOUBT):
                reconcile.run(messenger, message_id)
        case _:
            waiting = ids_in(messenger.database, MessageState.QUEUED)
            if waiting:
                try_to_send(messenger, world.chance.choice(waiting))


def try_to_send(messenger, message_id):
    try:
        send.run(messenger, message_id)
    except Crash:
        return  # the next worker finds the row as it was left


@pytest.mark.faults
@short_form_on("postgresql")
@pytest.mark.parametrize("clock_jumps", [True, False] if FULL else [True])
def test_whatever_the_clock_says_each_text_arrives_once(
    messenger, org_id, world, provider, database, clock_jumps, figure
):
    texts, moments = (300, 6_000) if FULL else (40, 600)
    if not clock_jumps:
        world.jump = lambda: None
    for number in range(texts):
        promise(messenger, org_id, PHONES[number % len(PHONES)], f"text {number}", NOW)
    for _ in range(moments):
        work_a_while(messenger, world, provider)
    world.jump, world.wrong_by = lambda: None, timedelta(0)
    for _ in range(400):
        if not ids_in(database, MessageState.QUEUED, *IN_DOUBT):
            break
        world.moment += timedelta(hours=1)
        for _ in range(3):
            world.moment += timedelta(minutes=3)
            sweeper.sweep(messenger, world.clock())
            for message_id in ids_in(database, *IN_DOUBT):
                reconcile.run(messenger, message_id)
            for message_id in ids_in(database, MessageState.QUEUED):
                try_to_send(messenger, message_id)
    arrived = Counter(one.body for one in provider.texts)
    lost = sum(1 for number in range(texts) if not arrived[f"text {number}"])
    doubled = sum(times - 1 for times in arrived.values())
    figure(f"{texts} texts, {moments} moments: lost {lost}, doubled {doubled}")
    assert (lost, doubled, ids_in(database, MessageState.QUEUED, *IN_DOUBT)) == (0, 0, [])


NIGHTS = {
    "the hour is given back": (datetime(2026, 10, 31, 22, 0, tzinfo=UTC), datetime(2026, 11, 2, 4, 0, tzinfo=UTC)),
    "the hour is taken": (datetime(2027, 3, 13, 22, 0, tzinfo=UTC), datetime(2027, 3, 15, 4, 0, tzinfo=UTC)),
}
PLACES = {
    "+12125550147": {"America/New_York"},
    "+16025550147": {"America/Phoenix"},  # knows no summer time
    "+18505550147": {"America/Chicago", "America/New_York"},  # an area code in two zones
    "+18085550147": {"Pacific/Honolulu"},
}


@pytest.mark.faults
@pytest.mark.parametrize("night", NIGHTS)
@short_form_on("sqlite")
def test_on_the_nights_when_the_hour_changes_no_text_arrives_outside_the_day(
    messenger, org_id, world, monkeypatch, night, figure
):
    begins, ends = NIGHTS[night]
    arrived = []

    class Notes:
        def send(self, text):
            arrived.append((text.to, world.moment))
            return Accepted(f"SM{len(arrived):032}", "queued")

    messenger = Messenger(
        database=messenger.database,
        settings=SETTINGS,
        texts=Notes(),
        mails=None,
        now=world.clock,
        wall=world.clock,
        monotonic=world.monotonic,
    )
    promised = 0
    world.moment = begins
    while world.moment < ends or ids_in(messenger.database, MessageState.QUEUED):
        if world.moment < ends and world.moment.minute == 0:
            for to in PLACES:
                promise(messenger, org_id, to, f"text {promised}", world.moment)
                promised += 1
        with messenger.writing() as session:
            due = sweeper.due(session, world.moment)
        for message_id in due:
            send.run(messenger, message_id)
        world.moment += timedelta(minutes=20)
    for to, zones in PLACES.items():
        assert set(quiet_hours.zones_of(None, None, to, "UTC")) == zones
    outside = [one for one in arrived if not all(in_the_day(one[1], zone) for zone in PLACES[one[0]])]
    figure(f"{promised} texts promised around the clock, {len(arrived)} arrived, {len(outside)} outside 9:00 to 20:00")
    assert (len(arrived), outside) == (promised, [])


def in_the_day(moment, zone):
    return time(9) <= moment.astimezone(ZoneInfo(zone)).time() < time(20)
