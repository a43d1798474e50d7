"""After a no: three places stand ready on the item, one key opens the best, consent and warnings are asked anew."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import next_places
from referrals import by, create, progress, rereferral, standing
from referrals.progress import Said
from resources_db import capacity, search_log
from resources_db.models.consents import Consent
from resources_db.models.referrals import Referral, WorklistItem
from resources_db.repositories import standing as records
from resources_db.tenancy import Actor, system
from resources_db.vocab import ActorKind, CapacityState, Reason, ReferralState, WhyCode
from tests import factories
from tests.portal.caseload_world import key_of, press_send, release_all, rows

S = ReferralState


@pytest.fixture
def kitchens(runtime, world, clock):
    """Three more places for food: one in Rosa's language, one near, one far away."""
    made = {}
    with runtime.database.writing(system()) as session, session.begin():
        for number, (name, languages, at) in enumerate(
            [
                ("Casa Kitchen", ("en", "es"), (39.1100, -84.5150)),
                ("Near Kitchen", ("en",), (39.1104, -84.5155)),
                ("Far Kitchen", ("en", "es"), (39.16, -84.45)),
            ]
        ):
            listing = factories.make_listing(
                session,
                now=clock(),
                name=name,
                needs=["food_pantry"],
                languages=languages,
                at=at,
                phone=f"+1513555017{number}",
            )
            search_log.touch(session, [listing.service.id], now=clock())
            made[name] = listing
        session.flush()
        session.expunge_all()
    return made


@pytest.fixture
def declined(dana, world, runtime, clock, kitchens):
    """Hope Pantry said no to Rosa: no room."""

    def say(to=S.DECLINED, reason=Reason.NO_CAPACITY):
        press_send(dana, world)
        release_all(runtime, clock)
        (referral,) = rows(runtime, Referral)
        with runtime.database.writing(agency(world)) as session, session.begin():
            if to in {S.WAITLISTED, S.NOT_SERVED}:
                move(session, referral.id, S.ACCEPTED, clock)
            move(session, referral.id, to, clock, reason=reason)
        return referral.id

    return say


def agency(world):
    return Actor(ActorKind.LINK, world.org.id, label="agency")


def move(session, referral_id, to, clock, **said):
    progress.move(session, referral_id, to=to, by=by.AGENCY_LINK, key=f"{to}", now=clock(), said=Said(**said))


def work(runtime, clock):
    """What the clock does each minute."""
    for piece in next_places.get_ready(runtime, clock()):
        with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
            piece(session)


def item_of(runtime, why=WhyCode.AGENCY_FULL):
    with runtime.database.reading(system()) as session:
        return session.scalars(select(WorklistItem).where(WorklistItem.why == why)).one()


def press_next(dana, runtime, why=WhyCode.AGENCY_FULL):
    """The page that the key `n` opens."""
    way = dana.get(f"/today/{item_of(runtime, why).id}/next", expect=303)
    return dana.get(way.response.headers["Location"])


def ready_names(runtime, kitchens, why=WhyCode.AGENCY_FULL):
    names = {key_of(one): name for name, one in kitchens.items()}
    return [names[str(key)] for key in rereferral.ready(item_of(runtime, why).facts)]


def test_the_clock_puts_the_next_places_on_the_item_and_today_names_the_best(dana, declined, runtime, clock, kitchens):
    declined()
    work(runtime, clock)
    names = ready_names(runtime, kitchens)
    assert names[0] == "Casa Kitchen", "her language, and near"
    assert len(names) == 3
    assert "Next: Casa Kitchen, 0" in dana.get("/today").text


def test_what_stands_ready_is_not_looked_for_again_until_it_is_old(declined, runtime, clock):
    declined()
    work(runtime, clock)
    assert list(next_places.get_ready(runtime, clock())) == []
    clock.forward(hours=13)
    assert len(list(next_places.get_ready(runtime, clock()))) == 1


def test_a_place_that_filled_up_meanwhile_is_not_offered(dana, declined, runtime, clock, kitchens):
    declined()
    work(runtime, clock)
    casa = kitchens["Casa Kitchen"]
    with runtime.database.writing(system()) as session, session.begin():
        capacity.state(
            session,
            service_id=casa.service.id,
            location_id=casa.location.id,
            state=CapacityState.FULL,
            said_by="agency",
            now=clock(),
        )
    page = dana.get("/today")
    assert "Casa Kitchen" not in page.text
    assert "Next: " in page.text
    assert "Casa Kitchen" not in press_next(dana, runtime).text


def test_one_key_opens_the_best_place_and_one_more_sends(dana, declined, runtime, clock):
    referral_id = declined()
    work(runtime, clock)
    page = press_next(dana, runtime)
    assert page.h1 == "Send 1 place to Rosa Martinez"
    assert "Hope Pantry, Nov 23" in page.text
    assert "no room" in page.text
    assert "One more referral for this need" not in page.text
    today = dana.submit(page.form("/send"))
    assert today.path == "/today"
    assert "Until then you can undo" in today.text
    newest = max(rows(runtime, Referral), key=lambda one: one.created_at)
    assert newest.previous_id == referral_id
    release_all(runtime, clock)
    assert item_of(runtime).done_how == "fact"


def test_another_of_the_three_is_taken_instead_or_added(dana, declined, runtime, clock):
    declined()
    work(runtime, clock)
    page = press_next(dana, runtime)
    ways = page.links()
    instead = next(href for words, href in ways.items() if words.startswith("Take this one"))
    assert "Casa Kitchen" in dana.get(instead).text  # it stands among the others now
    added = next(href for words, href in ways.items() if words.startswith("Add"))
    assert dana.get(added).h1 == "Send 2 places to Rosa Martinez"


def test_consent_is_asked_anew_for_the_next_place(dana, declined, runtime, clock, world):
    declined()
    work(runtime, clock)
    with runtime.database.writing(system()) as session, session.begin():
        for one in session.scalars(select(Consent)):
            one.revoked_at = clock()
    page = press_next(dana, runtime)
    assert "has not agreed to share with these places" in page.text
    assert "Cannot send yet" in page.text


def test_a_waitlisted_referral_stays_open_beside_the_next_one(dana, declined, runtime, clock):
    declined(S.WAITLISTED, Reason.SEASONAL)
    work(runtime, clock)
    (item,) = [one for one in rows(runtime, WorklistItem) if one.done_at is None and one.referral_id]
    page = press_next(dana, runtime, item.why)
    dana.submit(page.form("/send"))
    release_all(runtime, clock)
    states = {one.state for one in rows(runtime, Referral)}
    assert states == {S.WAITLISTED, S.SENT}


def test_a_place_that_refused_people_from_there_comes_last_until_it_is_confirmed(
    dana, declined, runtime, clock, kitchens, world
):
    declined()
    casa = kitchens["Casa Kitchen"]
    with runtime.database.writing(system()) as session, session.begin():
        neighbour = factories.make_patient(
            session, team=world.team, now=clock(), first="Ana", lead=world.dana, language="en"
        )
        need = factories.make_need(session, patient=neighbour, now=clock())
        request = create.drafts.needs.request_for(session, need, priority="routine", now=clock())
        session.add(
            Referral(
                org_id=world.org.id,
                ref="ZZZZ",
                request_id=request.id,
                patient_id=neighbour.id,
                organization_id=casa.organization.id,
                service_id=casa.service.id,
                location_id=casa.location.id,
                state=S.DECLINED,
                reason=Reason.OUT_OF_AREA,
                sent_at=clock(),
                answered_at=clock(),
                terminal_at=clock.forward(minutes=1),
                created_at=clock(),
            )
        )
    work(runtime, clock)
    assert ready_names(runtime, kitchens)[0] != "Casa Kitchen"
    with runtime.database.writing(system()) as session, session.begin():
        service = session.get_one(type(casa.service), casa.service.id)
        service.confirmed_at = clock.forward(days=1)
        search_log.touch(session, [service.id], now=clock())
    work(runtime, clock)
    assert ready_names(runtime, kitchens)[0] == "Casa Kitchen"


def test_where_no_place_is_left_the_key_opens_the_search(dana, declined, runtime, clock, kitchens):
    declined()
    with runtime.database.writing(system()) as session, session.begin():
        for one in kitchens.values():
            capacity.state(
                session,
                service_id=one.service.id,
                location_id=one.location.id,
                state=CapacityState.FULL,
                said_by="agency",
                now=clock(),
            )
    assert "/search" in press_next(dana, runtime).path


def test_the_reason_of_a_no_feeds_the_record_of_the_place(declined, runtime, world):
    assert standing.led_to_help(S.DECLINED, Reason.NOT_ELIGIBLE, None) is False
    declined()
    with runtime.database.reading(system()) as session:
        told = list(standing._outcomes(session, runtime.clock.now()))
    assert [(one.subject.need, one.helped) for one in told] == [("food_pantry", False)]
    assert records.LEAST_KNOWN == 5


def test_opening_the_next_place_writes_nothing(dana, declined, runtime, clock):
    declined()
    before = item_of(runtime).facts
    press_next(dana, runtime)
    assert item_of(runtime).facts == before
    assert len(rows(runtime, Referral)) == 1
