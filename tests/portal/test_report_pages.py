"""Every report: its page and its file show the same numbers, small counts stay hidden in both, nothing asks per row."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal import limits
from portal.reports.sheet import HIDDEN
from portal.reports.tabs import NAMES
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, ReferralEvent, ServiceRequest
from resources_db.models.tenants import AppUser
from resources_db.vocab import Channel, EventKind, HelpWanted, NeedSource, NeedStatus, ReferralState, Role, Side
from tests import factories
from tests.portal.link_world import send

S = ReferralState
LANGUAGES = ("en", "es", "vi")
ZIPS = ("45202", "45205", "45103", "41011")
PATHS = [
    "/reports",
    "/reports?only=language:es",
    "/reports/groups?measure=served&by=language",
    "/reports/groups?measure=answered_7&by=zip",
    "/reports/groups?measure=met_30&by=month",
    *(f"/reports/{name}" for name in NAMES if name not in {"overview", "groups"}),
]


def live(session, org, team, listing, now, *, number):
    """One made-up person with a need, a referral and how it went: straight into the tables."""
    patient = Patient(
        org_id=org.id,
        care_team_id=team.id,
        language=LANGUAGES[(number % 7) // 3],
        zip=ZIPS[number % 4],
        zip3=ZIPS[number % 4][:3],
        created_at=now,
        discharged_at=now if number % 3 == 0 else None,
    )
    session.add(patient)
    need = Need(
        org_id=org.id,
        patient_id=patient.id,
        subneed="food_pantry" if number % 2 else "emergency_shelter",
        source=NeedSource.TALK,
        help_wanted=HelpWanted.YES,
        status=NeedStatus.MET if number % 3 else NeedStatus.OPEN,
        met_at=now + timedelta(days=number % 9) if number % 3 else None,
        identified_at=now,
        created_at=now,
    )
    session.add(need)
    session.flush()
    request = ServiceRequest(org_id=org.id, patient_id=patient.id, need_id=need.id, created_at=now)
    session.add(request)
    session.flush()
    ended = (S.SERVED, S.NO_RESPONSE, S.DECLINED)[number % 5 % 3]
    answered = None if ended is S.NO_RESPONSE else now + timedelta(days=number % 8)
    referral = Referral(
        org_id=org.id,
        ref=f"T{number}",
        request_id=request.id,
        patient_id=patient.id,
        organization_id=listing.organization.id,
        service_id=listing.service.id,
        state=ended,
        sent_at=now,
        answered_at=answered,
        terminal_at=answered or now + timedelta(days=14),
        created_at=now,
    )
    session.add(referral)
    session.flush()
    for seq, (state, at) in enumerate(((S.SENT, now), (ended, referral.terminal_at)), 1):
        session.add(
            ReferralEvent(
                org_id=org.id,
                referral_id=referral.id,
                seq=seq,
                kind=EventKind.MOVE,
                to_state=state,
                side=Side.CLOCK if state is not S.SERVED else Side.AGENCY,
                actor_kind="link",
                channel=Channel.LINK,
                idempotency_key=str(seq),
                occurred_at=at,
                recorded_at=at,
            )
        )


@pytest.fixture
def world(runtime, app, clock):
    sent = send(runtime, app, clock, places=1)

    def fill(session):
        org, team = sent.cast.org, factories.make_team(session, org=sent.cast.org, now=clock(), name="North")
        for number in range(70):
            live(session, org, team, sent.cast.food_bank, clock() - timedelta(days=number % 40), number=number)
        boss = factories.make_user(
            session, org=org, now=clock(), name="Priya Raman", email="priya@x.example", role=Role.CARE_ADMIN
        )
        boss.demo = True

    sent.change(fill)
    clock.forward(days=50)
    return sent


@pytest.fixture
def priya(browser, world, monkeypatch):
    monkeypatch.setattr(
        limits, "EXPORT", limits.Limit("export", 100, timedelta(hours=1))
    )  # more files than an hour has
    browser.be(world.one(AppUser, name="Priya Raman"))
    return browser


def file_of(priya, page):
    answer = priya.client.get(page.links()["CSV"])
    assert answer.mimetype == "text/csv", page.path
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_page_and_file_have_the_same_numbers_and_each_its_meaning(priya):
    for path in PATHS:
        page = priya.get(path)
        rows = file_of(priya, page)
        numbers = set(re.findall(r"\d+(?:\.\d+)?", page.html.replace(",", "")))
        assert rows, path
        for row in rows:
            assert row["meaning"] in page.text, (path, row)
            assert row["as_of"], path
            for column in ("count", "of", "percent", "low", "high"):
                shown = row[column].removeprefix(">").removeprefix("<").removesuffix(".0")
                if re.fullmatch(r"\d+(\.\d+)?", shown) and not row[column].startswith(("<", ">")):
                    assert shown in numbers, (path, row)


def test_no_outcome_of_fewer_than_eleven_stands_in_a_file(priya):
    for path in PATHS:
        if path == "/reports/work":  # counts of staff, no breakdown of patients
            continue
        for row in file_of(priya, priya.get(path)):
            if row["percent"]:
                yes, every = int(row["count"]), int(row["of"])
                assert all(part == 0 or part >= 11 for part in (yes, every - yes)), (path, row)
            elif row["of"] and row["of"].isdigit() and row["count"].isdigit():
                assert row["count"] == row["of"] == "0" or HIDDEN in row.values(), (path, row)


def test_the_number_of_queries_does_not_grow_with_the_rows(priya, world, clock):
    def queries(path):
        found = []
        engine = world.runtime.database.engine

        def told(*_args):
            found.append(1)

        event.listen(engine, "before_cursor_execute", told)
        try:
            priya.get(path)
        finally:
            event.remove(engine, "before_cursor_execute", told)
        return len(found)

    before = {path: queries(path) for path in PATHS}

    def more(session):
        team = factories.make_team(session, org=world.cast.org, now=clock(), name="South")
        for number in range(100, 160):
            live(session, world.cast.org, team, world.cast.food_bank, clock() - timedelta(days=50), number=number)

    world.change(more)
    grown = {path: queries(path) - before[path] for path in PATHS}
    # sign-in and keys cost a query or two now and then; sixty more people would cost sixty
    assert max(grown.values()) < 10, grown
