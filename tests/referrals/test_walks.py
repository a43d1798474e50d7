"""Random walks through the real door: whatever is asked, the events fold to the stored state."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals import events, lifecycle, progress, reasons
from referrals.by import By
from referrals.errors import MoveRefusedError
from referrals.progress import Said
from resources_db.vocab import Channel, ReferralState, Side
from tests.referrals.conftest import World

STEPS = st.lists(
    st.tuples(st.sampled_from(ReferralState), st.sampled_from([Side.AGENCY, Side.NAVIGATOR, Side.CLOCK, Side.SYSTEM])),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS, days=st.integers(0, 4))
def test_any_walk_folds_to_the_stored_state(ready: World, steps, days):
    start = ready.now
    savepoint = ready.session.begin_nested()
    try:
        walk(ready, steps, days)
    finally:
        savepoint.rollback()
        ready.session.expire_all()
        ready.clock.moment = start


def walk(world: World, steps, days):
    (referral,) = world.sent()
    started = world.now
    for number, (to, side) in enumerate(steps):
        world.clock.forward(days=days)
        said = Said(
            reason=next(iter(reasons.allowed(to, side)), None),
            text="as they said",
            next_on=(started + timedelta(days=9)).date(),
        )
        hand = By(side, Channel.PHONE, "phone: Denise" if side is Side.NAVIGATOR else "")
        before = referral.state
        try:
            progress.move(world.as_dana(), referral.id, to=to, by=hand, key=str(number), now=world.now, said=said)
        except MoveRefusedError:
            assert referral.state is before
        else:
            assert before not in lifecycle.TERMINAL or before is to
    history = events.of(world.session, referral.id)
    assert events.fold(history) is referral.state
    assert [event.seq for event in history] == list(range(1, len(history) + 1))
    assert (referral.terminal_at is not None) is (referral.state in lifecycle.TERMINAL)
