"""How often a listing helped: who counts, who does not, and what is never written down."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from referrals import standing
from referrals.standing import Outcome, led_to_help
from resources_db import tenancy
from resources_db.listing_key import ListingKey
from resources_db.models.curation import SearchChange
from resources_db.models.referrals import PatientAnswer, Referral, ServiceRequest
from resources_db.models.standing import ListingStanding
from resources_db.repositories.standing import Standing, Subject
from resources_db.vocab import Channel, PatientWord, Question, Reason, ReferralState
from tests import factories

S, P = ReferralState, PatientWord


@pytest.mark.parametrize(
    ("state", "word", "helped"),
    [
        (S.SERVED, None, True),
        (S.SERVED, P.GOT_HELP, True),
        (S.PARTLY_SERVED, P.PARTLY, True),
        (S.SERVED, P.COULD_NOT, False),
        (S.SERVED, P.NOT_NEEDED, None),
        (S.DECLINED, None, False),
        (S.NOT_SERVED, P.NOT_SOLVED, False),
        (S.NOT_SERVED, P.GOT_HELP, None),
        (S.NO_RESPONSE, None, None),
        (S.NO_RESPONSE, P.GOT_HELP, True),
        (S.NO_RESPONSE, P.COULD_NOT, False),
        (S.ACCEPTED, P.GOT_HELP, None),
        (S.WITHDRAWN, P.GOT_HELP, None),
        (S.ERROR, None, None),
    ],
)
def test_both_words_decide_whether_somebody_was_helped(state, word, helped):
    assert led_to_help(state, None, word) is helped


def test_what_the_person_decided_says_nothing_about_the_place():
    assert led_to_help(S.DECLINED, Reason.CLIENT_DECLINED, None) is None
    assert led_to_help(S.DECLINED, Reason.NOT_ELIGIBLE, None) is False


SUBJECT = Subject(ListingKey(uuid.UUID(int=1)), "food_pantry")


def records(known: int, helped: int = 3) -> dict[Subject, Standing]:
    return {SUBJECT: Standing("food_pantry", helped, known)}


def test_a_person_counts_once_with_the_newest_outcome(now):
    person, other = uuid.UUID(int=1), uuid.UUID(int=2)
    told = [
        Outcome(person, SUBJECT, now, helped=True),
        Outcome(person, SUBJECT, now - timedelta(days=9), helped=False),
        Outcome(other, SUBJECT, now, helped=False),
    ]
    assert standing.count(told) == records(2, 1)


def test_fewer_than_five_known_outcomes_are_not_published():
    assert standing.publishable(records(4), {}) == {}
    assert standing.publishable(records(5), {}) == records(5)
    assert standing.publishable(records(4), records(5)) == {}


@pytest.mark.parametrize(("known", "told"), [(13, 9), (14, 14), (5, 9), (9, 9)])
def test_a_published_number_moves_by_five_outcomes_or_stays(known, told):
    assert standing.publishable(records(known), records(9)) == records(told)


@pytest.fixture
def sent(session, cast, now):
    """Sends a new person of a team to the food bank; gives the referral."""

    def send(state=S.SERVED, *, team=None, need="food_pantry", days=10.0, sensitive=False, place=None):
        place = place or cast.food_bank
        patient = factories.make_patient(session, team=team or cast.team, now=now)
        wanted = factories.make_need(session, patient=patient, now=now, subneed=need)
        request = ServiceRequest(org_id=patient.org_id, patient_id=patient.id, need_id=wanted.id, created_at=now)
        session.add(request)
        session.flush()
        referral = Referral(
            org_id=patient.org_id,
            ref=uuid.uuid4().hex[:8],
            request_id=request.id,
            patient_id=patient.id,
            organization_id=place.organization.id,
            service_id=place.service.id,
            location_id=place.location.id,
            state=state,
            sensitive=sensitive,
            sent_at=now - timedelta(days=days),
            created_at=now,
        )
        session.add(referral)
        session.flush()
        return referral

    return send


@pytest.fixture
def recount(session, now):
    def again(**later):
        return standing.recount(session, now=now + timedelta(**later))

    return again


def held(session):
    return {(row.need, row.helped, row.known) for row in session.scalars(select(ListingStanding))}


def answer(session, referral, word, now):
    session.add(
        PatientAnswer(
            org_id=referral.org_id,
            patient_id=referral.patient_id,
            referral_id=referral.id,
            question=Question.DAY_10,
            word=word,
            language="en",
            channel=Channel.SMS,
            idempotency_key=uuid.uuid4().hex,
            at=now,
        )
    )
    session.flush()


def test_outcomes_of_all_orgs_are_counted_together_and_by_need(session, now, sent, recount, cast):
    other = factories.make_team(session, org=factories.make_org(session, now=now, name="Hilltop Care"), now=now)
    for state in (S.SERVED, S.SERVED, S.PARTLY_SERVED):
        sent(state)
    for state in (S.SERVED, S.DECLINED, S.NO_RESPONSE, S.ACCEPTED):
        sent(state, team=other)
    sent(S.SERVED, need="hot_meals")
    assert recount() == 1
    assert held(session) == {("food_pantry", 4, 5)}
    row = session.scalars(select(ListingStanding)).one()
    assert (row.service_id, row.location_id, row.as_of) == (cast.food_bank.service.id, cast.food_bank.location.id, now)


def test_counting_again_changes_nothing_and_tells_no_index(session, sent, recount):
    for _ in range(5):
        sent()
    assert recount() == 1
    told = session.scalars(select(SearchChange.seq)).all()
    assert recount(days=1) == 0
    assert session.scalars(select(SearchChange.seq)).all() == told


def test_a_change_of_the_record_reaches_the_search_index(session, sent, recount, cast):
    before = session.scalars(select(SearchChange.seq)).all()
    for _ in range(5):
        sent()
    recount()
    new = session.scalars(select(SearchChange).where(SearchChange.seq.not_in(before))).all()
    assert [change.service_id for change in new] == [cast.food_bank.service.id]


def test_the_persons_word_overrules_served(session, now, sent, recount):
    referrals = [sent() for _ in range(5)]
    answer(session, referrals[0], P.GOT_HELP, now - timedelta(days=2))
    answer(session, referrals[0], P.COULD_NOT, now - timedelta(days=1))
    recount()
    assert held(session) == {("food_pantry", 4, 5)}


def test_sensitive_needs_are_never_counted(session, sent, recount):
    for _ in range(6):
        sent(need="behavioral_health", sensitive=True)
        sent(need="dv_safety")
        sent(sensitive=True)
    assert recount() == 0


def test_corrected_and_old_referrals_do_not_count(session, sent, recount):
    wrong = [sent() for _ in range(5)]
    right = [sent(S.DECLINED) for _ in range(5)]
    for before, after in zip(wrong, right, strict=True):
        after.correction_of = before.id
    for _ in range(5):
        sent(days=800)
    session.flush()
    recount()
    assert held(session) == {("food_pantry", 0, 5)}


def test_a_record_that_grew_old_goes(session, sent, recount):
    for _ in range(5):
        sent()
    recount()
    assert recount(days=standing.LOOKS_BACK.days) == 1
    assert held(session) == set()


def test_records_can_be_taken_away(session, sent, recount, now):
    for _ in range(5):
        sent()
    recount()
    assert standing.forget(session, now=now) == 1
    assert held(session) == set()


def test_a_session_of_one_org_may_not_count(session, recount, cast):
    tenancy.act_as(session, tenancy.system(cast.org.id))
    with pytest.raises(ValueError, match="all orgs"):
        recount()


def test_the_database_refuses_a_count_of_few(session, cast, now):
    session.add(ListingStanding(service_id=cast.food_bank.service.id, need="food_pantry", helped=1, known=4, as_of=now))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert session.execute(text("SELECT count(*) FROM listing_standing")).scalar() == 0
