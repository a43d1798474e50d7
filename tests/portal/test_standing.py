"""Records of helping from the night's job to the page, and how an operator turns them off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal import housekeeping, search_words, worker
from portal.commands.standing import standing as command
from portal.config import Settings
from portal.patient_context import TRAVEL
from resources_db import search_log
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.models.standing import ListingStanding
from resources_db.tenancy import system
from resources_db.vocab import ReferralState
from search.criteria import Travel
from tests import factories


@pytest.fixture
def helped(runtime, now):
    """Five people who were served at a pantry."""
    with runtime.database.writing(system()) as session, session.begin():
        team = factories.make_team(session, org=factories.make_org(session, now=now), now=now)
        place = factories.make_listing(session, now=now, name="Hope Pantry", needs=["food_pantry"])
        for number in range(5):
            patient = factories.make_patient(session, team=team, now=now)
            need = factories.make_need(session, patient=patient, now=now)
            request = ServiceRequest(org_id=team.org_id, patient_id=patient.id, need_id=need.id, created_at=now)
            session.add(request)
            session.flush()
            session.add(
                Referral(
                    org_id=team.org_id,
                    ref=f"R{number}",
                    request_id=request.id,
                    patient_id=patient.id,
                    organization_id=place.organization.id,
                    service_id=place.service.id,
                    location_id=place.location.id,
                    state=ReferralState.SERVED,
                    sent_at=now - timedelta(days=9),
                    created_at=now,
                )
            )
        search_log.touch(session, [place.service.id], now=now)


TIME = datetime(2026, 11, 28, 10, tzinfo=UTC)


def counted(runtime):
    with runtime.database.reading(system()) as session:
        return [(row.helped, row.known) for row in session.scalars(select(ListingStanding))]


def test_the_night_counts_and_the_page_says_it(runtime, helped, clock, browser):
    clock.moment = clock().replace(hour=housekeeping.NIGHT.hour, minute=housekeeping.NIGHT.minute - 1)
    worker.minute(runtime)
    assert counted(runtime) == []
    clock.forward(minutes=1)
    worker.minute(runtime)
    assert counted(runtime) == [(5, 5)]
    assert "helped 5 of the last 5 people sent for this" in browser.get("/search?need=food_pantry").text
    assert "ayudó a 5 de las últimas 5 personas" in browser.get("/search?need=food_pantry&l=es").text


def test_an_installation_without_records_keeps_none(runtime, helped):
    assert housekeeping.recount(runtime) == 1
    runtime.settings = replace(runtime.settings, standing=False)
    assert housekeeping.recount(runtime) == 1
    assert counted(runtime) == []


@pytest.mark.parametrize("said", ["0", "false", "no", "off"])
def test_the_setting_turns_records_off(said):
    assert Settings.from_env({}).standing
    assert not Settings.from_env({"HANDRAIL_STANDING": said}).standing


def test_the_command_counts_at_once(runtime, settings, helped):
    environment = {
        "HANDRAIL_DEMO": "1",
        "HANDRAIL_DATABASE_URL": settings.database_url,
        "HANDRAIL_DATA_DIR": str(settings.data_dir),
    }
    told = [CliRunner().invoke(command, env=environment).output for _ in range(2)]
    assert told == ["1 records changed.\n", "0 records changed.\n"]
    off = CliRunner().invoke(command, env={**environment, "HANDRAIL_STANDING": "0"}).output
    assert "turned off" in off


def test_what_a_record_says_of_travel_is_read_and_nothing_is_guessed():
    assert TRAVEL == {"walks": Travel.WALK, "bus": Travel.BUS, "car": Travel.CAR}
    assert {TRAVEL.get(word) for word in ("family", "rides", "none", "")} == {None}


def test_every_reason_and_step_of_search_has_words_and_every_part_of_the_order(app):
    from portal import order_words
    from search import ranking
    from search.answer import Reason, Relax, Relaxed, Why

    facts = {
        "need": "food_pantry", "needs": "food_pantry", "place": "45202", "language": "es", "cost": "free", "minutes": 3,
        "at": TIME, "helped": 5, "known": 9, "state": "full", "filter": "cost", "days": 7, "radius_m": 9_000,
        "added": 2, "until": TIME, "said_at": TIME, "travel": "walk", "who": "men",
    }  # fmt: skip
    with app.test_request_context():
        assert all(" " in search_words.sentence(Reason(code, facts)) for code in Why)
        assert all(search_words.relaxed(Relaxed(step, facts)).endswith(".") for step in Relax)
        for missed in ("language", "open", "has_room", "no_papers", "by_phone", "who", "wheelchair", "cost", "checked"):
            assert search_words.sentence(Reason(Why.MISSES, {**facts, "filter": missed})).endswith(".")
        for name in (one.name for one in ranking.weights()):
            assert order_words.part(name) != order_words.because(name)
        assert all(order_words.penalty(name) for name in ("full", "alert", "outside", "unsaid", "beside_filters"))
