"""How much a number, a person, a care team, an org and the site may be sent: held at the last moment, told before."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from messaging import limits, phone
from messaging.hooks import Hooks
from messaging.limits import Asked
from messaging.settings import Limits
from resources_db import tenancy
from resources_db.models.people import Patient
from resources_db.models.tenants import AppUser, CareTeam
from resources_db.vocab import MessageState
from tests import factories
from tests.messaging.conftest import ROSA, posted

ZONE = "America/New_York"
MINH = "+15135550149"
WIDE = Limits(1_000, 1_000, 1_000, 100_000, 1_000, 100_000, 100_000, 1_000)


def bounded(desk, **most):
    settings = replace(desk.messenger.settings, limits=replace(WIDE, **most))
    return desk.with_(settings=settings)


def sent(desk, times, **facts):
    for _ in range(times):
        row = desk.send(desk.promise(**facts))
        assert row.state is MessageState.ACCEPTED, row.held_why
    return row


def told(desk, most, *, to=ROSA, segments=1, user_id=None):
    with desk.messenger.database.reading(tenancy.system(desk.org_id)) as session:
        asked = Asked(desk.org_id, phone.index(to), segments, user_id)
        reached, nearly = limits.before(session, asked, replace(WIDE, **most), desk.clock(), ZONE)
        return (reached.code if reached else None), (nearly.code if nearly else None)


def other_org(desk):
    with desk.writing() as session, session.begin():
        return factories.make_org(session, now=desk.clock(), name="Other Care").id


def test_the_fourth_text_of_a_day_waits_for_the_next_morning(desk, company, clock):
    sent(desk, 3)
    row = desk.send(desk.promise())
    assert (row.state, row.held_why) == (MessageState.QUEUED, "number_a_day")
    assert row.not_before == clock() + timedelta(hours=23)  # nine the next morning in Cincinnati
    clock.moment = row.not_before
    assert desk.send(row.id).state is MessageState.ACCEPTED
    assert len(posted(company)) == 4


def test_a_day_ends_at_midnight_where_the_person_is(desk, clock):
    clock.forward(hours=9)  # 19:00
    sent(desk, 3)
    clock.forward(hours=14)  # nine the next morning, fourteen hours later
    sent(desk, 3)


def test_texts_of_all_orgs_to_a_number_count_together(desk, clock):
    other = replace(desk, org_id=other_org(desk))
    sent(desk, 2)
    sent(other, 1)
    assert other.send(other.promise()).held_why == "number_a_day"
    assert told(desk, {"number_a_day": 3}) == ("number_a_day", None)


def test_codes_replies_and_appointments_do_not_use_up_the_day(desk):
    for purpose in ("code", "appointment", "help"):
        sent(desk, 3, purpose=purpose)
    sent(desk, 3)


def test_the_seventh_text_of_a_month_fails_at_once_so_that_somebody_calls(desk, clock):
    failed = []
    desk = desk.with_(hooks=Hooks(on_failed=lambda _session, message: failed.append(message.id)))
    for _ in range(3):
        sent(desk, 2)
        clock.forward(days=1)
    row = desk.send(desk.promise())
    assert (row.state, failed) == (MessageState.EXPIRED, [row.id])
    clock.forward(days=27, minutes=1)
    sent(desk, 2)


def test_a_month_with_room_in_time_is_waited_for(desk, clock):
    for _ in range(3):
        sent(desk, 2)
        clock.forward(days=1)
    clock.forward(days=25)  # the first two leave the thirty days in two days
    row = desk.send(desk.promise())
    assert (row.state, row.held_why) == (MessageState.QUEUED, "number_in_30_days")
    assert row.not_before.date() == (clock() + timedelta(days=3)).date()


def test_agencies_have_a_limit_of_their_own(desk):
    desk = bounded(desk, agency_number_a_day=2)
    sent(desk, 2, purpose="agency_new")
    assert desk.send(desk.promise(purpose="agency_new")).held_why == "agency_number_a_day"


def test_a_person_an_org_and_the_site_have_their_limits(desk):
    with desk.writing() as session:
        user_id = session.scalars(select(AppUser.id)).first()
    sent(desk, 2, created_by=user_id)
    for limit, code in (
        ("user_a_day", "user_a_day"),
        ("org_segments_a_day", "org_parts_a_day"),
        ("site_parts_a_day", "site_parts_a_day"),
        ("team_parts_a_day", "team_parts_a_day"),
    ):
        tight = bounded(desk, **{limit: 2})
        assert tight.send(tight.promise(created_by=user_id)).held_why == code
        assert told(desk, {limit: 2}, user_id=user_id)[0] == code
    assert desk.send(desk.promise()).state is MessageState.ACCEPTED


def test_a_care_team_is_counted_by_the_patients_it_looks_after(desk):
    with desk.writing() as session, session.begin():
        org_team = session.scalars(select(CareTeam)).one()
        from resources_db.models.tenants import Org

        org = session.get(Org, org_team.org_id)
        second = factories.make_team(session, org=org, now=desk.clock(), name="Second Team")
        minh = session.scalars(select(Patient).where(Patient.phone_bix == phone.index(MINH))).one()
        minh.care_team_id = second.id
    sent(desk, 2)
    assert told(desk, {"team_parts_a_day": 2}) == ("team_parts_a_day", "team_parts_a_day")
    assert told(desk, {"team_parts_a_day": 2}, to=MINH) == (None, None)


def test_parts_are_counted_not_texts(desk):
    long = "a" * 300  # two parts
    desk = bounded(desk, org_segments_a_day=5)
    sent(desk, 2, body=long)
    assert desk.send(desk.promise(body=long)).held_why == "org_parts_a_day"
    assert desk.send(desk.promise(body="one part")).state is MessageState.ACCEPTED


def test_staff_are_told_from_four_fifths_on(desk):
    sent(bounded(desk), 4)
    assert told(desk, {"org_segments_a_day": 5}) == (None, "org_parts_a_day")
    assert told(desk, {"org_segments_a_day": 6}) == (None, None)


def test_what_waits_already_counts_before_sending(desk):
    for _ in range(3):
        desk.promise()
    assert told(desk, {"number_a_day": 3})[0] == "number_a_day"


def test_a_machine_that_answers_every_reply_is_not_answered_for_ever(desk, company):
    desk = bounded(desk, replies_a_day=4)
    for _ in range(4):
        assert desk.send(desk.promise(purpose="help", replies_to_inbound=True)).state is MessageState.ACCEPTED
    assert desk.send(desk.promise(purpose="help", replies_to_inbound=True)).state is MessageState.CANCELLED
    assert len(posted(company)) == 4


def test_looking_at_the_limits_leaves_the_session_who_it_was(desk):
    actor = tenancy.system(desk.org_id)
    with desk.messenger.database.reading(actor) as session:
        limits.before(session, Asked(desk.org_id, phone.index(ROSA), 1), WIDE, desk.clock(), ZONE)
        assert tenancy.actor_of(session) == actor


@pytest.mark.parametrize("_time", range(3))
def test_two_workers_with_a_text_each_to_one_number_do_not_both_take_the_last_place(desk, company, _time):
    desk = bounded(desk, number_a_day=1)
    ids = [desk.promise(), desk.promise()]
    together = Barrier(2)

    def work(message_id):
        together.wait(timeout=10)
        desk.send(message_id)

    threads = [Thread(target=work, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(posted(company)) == 1
    assert sorted(desk.row(one).state.value for one in ids) == ["accepted", "queued"]
