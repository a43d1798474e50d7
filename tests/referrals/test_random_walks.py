"""Random stories by everybody at once, with clocks that jump: one truth at the end, events that explain it, timers that
fire once, and reports that equal a slow recount. `HANDRAIL_WALKS=500` takes longer walks through more of them.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from referrals import cohort, counting
from referrals.periods import Period
from resources_db import encryption
from resources_db.models.messages import Message
from resources_db.models.referrals import PatientAnswer, ReferralEvent, WorklistItem
from resources_db.vocab import Channel, EventKind, MessageState, ReferralState, Side
from tests.referrals import recount, walkers
from tests.referrals.conftest import World
from tests.referrals.test_lifecycle import ENTERED_BY, LEGAL
from tests.referrals.walkers import ACTS, PANTRY, Walk

S = ReferralState
USUAL = 20
WALKS = int(os.environ.get("HANDRAIL_WALKS", USUAL))
STEPS = 20 if WALKS <= USUAL else 50
ENDS = frozenset(S) - frozenset(LEGAL)
JUMPS = (
    *(timedelta(0), timedelta(seconds=11), timedelta(minutes=2), timedelta(minutes=5), timedelta(seconds=40)),
    *(timedelta(minutes=1), timedelta(minutes=3), timedelta(hours=3), timedelta(days=1)),
    *(timedelta(days=2), timedelta(days=4), timedelta(days=9), timedelta(days=16), timedelta(days=35)),
)
WALK = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 9_999), st.sampled_from(JUMPS)), min_size=10, max_size=STEPS
)
LEFT = (MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED)


@pytest.fixture
def busy(ready: World) -> World:
    """Two places: one by mail, one by text."""
    contact = ready.kitchen.contact
    contact.phone, contact.email, contact.preferred = PANTRY, "", Channel.SMS
    contact.phone_bix = encryption.phone_index(PANTRY)
    ready.session.flush()
    return ready


@settings(
    max_examples=WALKS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plan=WALK)
def test_any_story_ends_in_one_truth_that_its_events_explain(busy: World, plan):
    start, savepoint = busy.now, busy.session.begin_nested()
    try:
        walk = taken(busy, plan)
        histories_hold(walk)
        endings_hold(walk)
        items_hold(walk)
        for as_of in {walk.moments[len(walk.moments) // 2], busy.now}:
            reports_hold(walk, as_of)
    finally:
        savepoint.rollback()
        busy.session.expire_all()
        busy.clock.moment = start


def taken(world: World, plan) -> Walk:
    walk = Walk(world)
    world.sent(world.cast.food_bank, world.kitchen)
    walk.moments.append(world.now)
    for act, number, jump in plan:
        world.clock.moment += jump
        walk.do(act, number)
    world.clock.forward(seconds=1)
    walk.do(walkers.clock_ticks, 0)
    world.session.expire_all()
    return walk


def moves_of(walk: Walk) -> dict[object, list[ReferralEvent]]:
    found = defaultdict(list)
    for event in walk.world.as_dana().scalars(select(ReferralEvent).order_by(ReferralEvent.seq)):
        found[event.referral_id].append(event)
    return found


def histories_hold(walk: Walk) -> None:
    """Each stored state is where its moves lead, by legal edges, by the hands that may make them, and ends once."""
    histories = moves_of(walk)
    for referral in walk.referrals():
        history = histories[referral.id]
        assert [event.seq for event in history] == list(range(1, len(history) + 1))
        assert len({event.idempotency_key for event in history}) == len(history)
        state = S.DRAFT
        for event in (one for one in history if one.kind is EventKind.MOVE):
            assert event.from_state is state
            assert event.to_state in LEGAL[state]
            assert event.side in ENTERED_BY.get(event.to_state, {Side.AGENCY, Side.NAVIGATOR})
            state = event.to_state
        assert state is referral.state
        assert sum(event.kind is EventKind.MOVE and event.to_state in ENDS for event in history) == (state in ENDS)
        assert (referral.terminal_at is not None) is (state in ENDS)
        if state is S.NO_RESPONSE and history[-1].from_state in {S.SENT, S.SEEN}:
            silence_was_earned(walk, referral)


def silence_was_earned(walk: Walk, referral) -> None:
    session = walk.world.as_clock()
    notices = select(Message).where(
        Message.subject_id == referral.id,
        Message.purpose.in_(("agency_new", "agency_reminder")),
        Message.state.in_(LEFT),
    )
    assert len(session.scalars(notices).all()) >= 3
    asked = select(WorklistItem).where(WorklistItem.referral_id == referral.id)
    assert any(one.why.value == "no_reply" for one in session.scalars(asked))


def endings_hold(walk: Walk) -> None:
    """One referral is the last word of each chain, and one is open for a wish and a service."""
    referrals = walk.referrals()
    corrected = Counter(one.correction_of for one in referrals if one.correction_of is not None)
    assert set(corrected.values()) <= {1}
    for one in referrals:
        assert one.id not in corrected or one.state in ENDS
    under_way = Counter((one.request_id, one.service_id) for one in referrals if one.state not in ENDS)
    assert set(under_way.values()) <= {1}


def items_hold(walk: Walk) -> None:
    """One open item for a subject; nothing is promised twice; a person who may not be reached gets nothing."""
    session = walk.world.as_clock()
    subjects = Counter(one.subject for one in session.scalars(select(WorklistItem)) if one.done_at is None)
    assert set(subjects.values()) <= {1}
    rosa = walk.world.cast.rosa
    session.refresh(rosa)
    if rosa.closed_at is not None or rosa.contact_prohibited:
        waiting = session.scalars(select(Message).where(Message.state == MessageState.QUEUED))
        assert {one.subject_kind for one in waiting if not one.replies_to_inbound} <= {"referral"}
        assert not [one for one in walk.referrals() if one.state not in ENDS]
    answers = Counter(one.idempotency_key for one in session.scalars(select(PatientAnswer)))
    assert set(answers.values()) <= {1}


def reports_hold(walk: Walk, as_of: datetime) -> None:
    """Every rate of referrals equals the recount, also as of a moment that is past."""
    session = walk.world.as_dana()
    period = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC), as_of)
    attempts = cohort.read(session, period)
    counted = {measure.value: count(attempts).rate for measure, count in counting.OF_REFERRALS.items()}
    expected = recount.counts(session, as_of)
    assert set(expected) <= set(counted)
    found = {name: (counted[name].numerator, counted[name].n, counted[name].young) for name in expected}
    assert found == expected
