"""The figures of the reports against a small history that was counted by hand.

Six referrals count, all for one need of Rosa, sent on day 0 but for the last:

    A  yes on day 2, served on day 10; Rosa: got help       answered 7, closed 30, served, agreed
    B  no on day 5 (not eligible)                           answered 7, closed 30
    C  opened on day 1, no response on day 14               never answered, never closed
    D  yes on day 9, served on day 31; Rosa: not yet        answered 14, served, not agreed
    E  withdrawn after half an hour as the wrong service    does not count
    F  no response on day 14, a late yes on day 20          the correction counts: answered 30, still open
    G  sent on day 35, yes on day 36                        too young for every rate by days
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from referrals import by, cohort, corrections, counting, lifecycle, metrics, metrics_times, needs, progress, wanted
from referrals.answers import PatientSays
from referrals.counting import Measure
from referrals.periods import By, Period
from referrals.progress import Said
from resources_db.models.people import Need
from resources_db.models.referrals import AnswerTakenBack, PatientAnswer, Referral, ReferralEvent
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import (
    ActorKind,
    EventKind,
    HelpWanted,
    NeedStatus,
    PatientWord,
    Reason,
    ReferralState,
    Role,
    Side,
)
from tests import factories
from tests.referrals.conftest import World

S, M = ReferralState, Measure


class History:
    """Plays the lines above."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.start: datetime = world.now
        self.referrals: dict[str, Referral] = {}

    def at(self, day: float) -> None:
        self.world.clock.moment = self.start + timedelta(days=day)

    def send(self, *names: str) -> None:
        places = [
            factories.make_listing(self.world.session, now=self.world.now, name=f"Pantry {name}", needs=["food_pantry"])
            for name in names
        ]
        sent = self.world.sent(*places, form=f"form-key-of-{'-'.join(names):>16}")
        for name, place in zip(names, places, strict=True):
            self.referrals[name] = next(one for one in sent if one.service_id == place.service.id)

    def say(self, name: str, day: float, to: S, who: by.By = by.AGENCY_LINK, reason: Reason | None = None) -> None:
        self.at(day)
        corrections.move(
            self.world.as_clock() if who is by.CLOCK else self.world.as_agency(),
            self.referrals[name].id, to=to, by=who, key=f"{name}-{day}", now=self.world.now, said=Said(reason=reason),
        )  # fmt: skip

    def rosa(self, name: str, day: float, word: PatientWord) -> None:
        self.at(day)
        referral = self.referrals[name]
        assert referral.batch_id is not None
        told = PatientSays(word, referral_id=referral.id)
        progress.answer(
            self.world.as_dana(), referral.batch_id, says=told, by=by.PATIENT_LINK, key=name, now=self.world.now
        )

    def became(self, need: Need, day: float, status: NeedStatus) -> None:
        self.at(day)
        needs.set_status(self.world.as_dana(), need, status, method="talk", now=self.world.now)

    def wishes(self, need: Need, day: float, wanted: HelpWanted) -> None:
        self.at(day)
        needs.set_wanted(self.world.as_dana(), need, wanted, now=self.world.now)


@pytest.fixture
def history(world: World) -> History:
    world.agree()
    history = History(world)
    history.send("A", "B", "C", "D", "E", "F")
    history.start = world.now
    history.say("E", 0.02, S.WITHDRAWN, by.NAVIGATOR, Reason.WRONG_SERVICE)
    history.say("C", 1, S.SEEN)
    history.say("A", 2, S.ACCEPTED)
    history.say("B", 5, S.DECLINED, reason=Reason.NOT_ELIGIBLE)
    history.say("D", 9, S.ACCEPTED)
    history.say("A", 10, S.SERVED)
    history.rosa("A", 12, PatientWord.GOT_HELP)
    history.say("C", 14, S.NO_RESPONSE, by.CLOCK)
    history.say("F", 14, S.NO_RESPONSE, by.CLOCK)
    history.say("F", 20, S.ACCEPTED)
    history.say("D", 31, S.SERVED)
    history.rosa("D", 32, PatientWord.NOT_YET)
    history.at(33)
    need = world.session.scalars(select(Need)).one()
    needs.set_status(world.as_dana(), need, NeedStatus.MET, method="talk", now=world.now)
    history.at(35)
    history.send("G")
    history.say("G", 36, S.ACCEPTED)
    history.at(40)
    return history


@pytest.fixture
def period(history: History) -> Period:
    return Period(history.start - timedelta(days=1), history.start + timedelta(days=40), history.world.now)


def counted(world: World, period: Period, measure: Measure) -> tuple[int, int, int]:
    session = world.as_dana()
    if measure in counting.OF_NEEDS:
        rate = counting.OF_NEEDS[measure](wanted.read(session, period)).rate
    else:
        rate = counting.OF_REFERRALS[measure](cohort.read(session, period)).rate
    return rate.numerator, rate.n, rate.young


BY_HAND = {
    # numerator, n, too young; E counts nowhere
    M.ANSWERED_7: (2, 5, 1),
    M.ANSWERED_14: (3, 5, 1),
    M.ANSWERED_30: (4, 5, 1),
    M.CLOSED_30: (2, 5, 1),
    M.CLOSED_60: (0, 0, 6),
    M.CLOSED_90: (0, 0, 6),
    M.SERVED: (2, 6, 0),
    M.FIRST_TRY: (2, 6, 0),
    M.AGREEMENT: (1, 2, 0),
    M.NO_ROOM: (0, 6, 0),
    # Rosa's one need was found with the first send and met on day 33; the need of the last send is five days old
    M.MET_30: (0, 1, 1),
    M.MET_90: (0, 0, 2),
    M.UNMET: (0, 1, 1),
}


@pytest.mark.parametrize("measure", Measure)
def test_the_figures_equal_the_count_by_hand(world, period, measure):
    assert counted(world, period, measure) == BY_HAND[measure]


def test_times_are_those_of_the_count_by_hand(world, period):
    # answered after 2, 5, 9, 20 and 1 days; C never was, and is watched for 40: half by day 9, nine of ten not yet
    found = metrics_times.times(world.as_dana(), period)
    days = {name: (spread.median and round(spread.median / 86_400, 1)) for name, spread in found.spreads.items()}
    assert days["answer"] == 5.0
    assert found.spreads["answer"].p90 is None
    assert (found.spreads["answer"].happened, found.spreads["answer"].n) == (5, 6)
    # closed: B after 5, A after 10, D after 31; C, F and G have no outcome
    assert days["close"] == 31.0
    assert (found.spreads["close"].happened, found.spreads["close"].n) == (3, 6)


def test_an_attempt_without_an_answer_never_counts_as_closed(world, period):
    attempts = cohort.read(world.as_dana(), period)
    silent = attempts.is_in({S.NO_RESPONSE})
    assert silent.sum() == 1
    assert not (silent & counting.outcome_known(attempts)).any()


def test_of_a_correction_chain_only_the_last_counts(world, history, period):
    attempts = cohort.read(world.as_dana(), period)
    late = attempts.is_in({S.ACCEPTED})
    assert late.sum() == 2, "F's correction and G"
    assert attempts.first_try[late].all(), "a correction is the same try as what it corrects"


def test_a_word_that_was_taken_back_counts_until_that_moment_only(world, history, period):
    session = world.as_dana()
    word = session.scalars(select(PatientAnswer).where(PatientAnswer.referral_id == history.referrals["A"].id)).one()
    session.add(AnswerTakenBack(org_id=word.org_id, answer_id=word.id, at=history.start + timedelta(days=39)))
    assert counted(world, period, M.AGREEMENT) == (0, 1, 0)
    before = replace(period, as_of=history.start + timedelta(days=38))
    assert counted(world, before, M.AGREEMENT) == (1, 2, 0)


def slowly(session, referral) -> tuple[str, float | None, float | None]:
    """The obvious recount of one referral: its moves one after the other."""
    answered = closed = None
    for event in session.scalars(
        select(ReferralEvent).filter_by(referral_id=referral.id, kind=EventKind.MOVE).order_by(ReferralEvent.seq)
    ):
        state = event.to_state
        if answered is None and (event.side is Side.AGENCY or event.said_by) and state is not S.SEEN:
            answered = event.occurred_at.timestamp()
        closed = event.occurred_at.timestamp() if state in lifecycle.TERMINAL else None
    return state, answered, closed


def test_columns_equal_a_slow_recount_from_the_events(world, history, period):
    history.at(39)
    yesterday = world.now - timedelta(days=1)
    told = Said(occurred_at=yesterday)
    progress.move(
        world.as_agency(),
        history.referrals["G"].id,
        to=S.SERVED,
        by=by.AGENCY_LINK,
        key="told",
        now=world.now,
        said=told,
    )
    session = world.as_dana()
    attempts = cohort.read(session, period)
    for at, one in enumerate(attempts.ids):
        referral = session.get(Referral, one if isinstance(one, uuid.UUID) else uuid.UUID(str(one)))
        state, answered, closed = slowly(session, referral)
        assert cohort.STATES[attempts.state[at]] == state
        assert attempts.answered[at] == pytest.approx(answered or float("nan"), abs=0.01, nan_ok=True)
        assert attempts.closed[at] == pytest.approx(closed or float("nan"), abs=0.01, nan_ok=True)


def test_small_numbers_are_hidden(world, period):
    report = metrics.report(world.as_dana(), period)
    assert report.figures[M.SERVED].rate is None
    assert report.became.rows == {}
    assert report.became.others == ("nutrition",)
    assert report.became.total is None


@pytest.mark.parametrize("day", [0.5, 3, 12, 13, 14.5, 20.5, 33.5, 39])
def test_the_figures_of_an_earlier_day_are_those_that_were_shown_that_day(world, day):
    """Lives the same history twice: once stopped on that day, once to the end and looked at as of that day."""
    world.agree()
    history = History(world)
    history.send("A", "C", "F")
    history.start = world.now
    need = world.session.scalars(select(Need)).one()
    as_of = history.start + timedelta(days=day)
    period = Period(history.start - timedelta(days=1), history.start + timedelta(days=1), as_of)
    steps = [
        (2, lambda: history.say("A", 2, S.ACCEPTED)),
        (10, lambda: history.say("A", 10, S.SERVED)),
        (12, lambda: history.rosa("A", 12, PatientWord.GOT_HELP)),
        (12.5, lambda: history.became(need, 12.5, NeedStatus.MET)),
        (14, lambda: history.say("F", 14, S.NO_RESPONSE, by.CLOCK)),
        (20, lambda: history.say("F", 20, S.ACCEPTED)),
        (21, lambda: history.became(need, 21, NeedStatus.IN_WORK)),
        (33, lambda: history.became(need, 33, NeedStatus.MET)),
        (38, lambda: history.wishes(need, 38, HelpWanted.NO)),
    ]
    shown = None
    for when, step in steps:
        if when > day and shown is None:
            shown = all_counts(world, period)
        step()
    assert all_counts(world, period) == (shown or all_counts(world, period))
    assert shown is not None or day > 38


def all_counts(world: World, period: Period) -> dict[Measure, tuple[int, int, int]]:
    return {measure: counted(world, period, measure) for measure in Measure}


def test_a_wish_that_changed_later_is_what_it_was(world, history):
    need = factories.make_need(world.session, patient=world.cast.rosa, now=world.now, subneed="diapers")
    need.help_wanted = HelpWanted.UNKNOWN
    world.session.flush()
    before = world.now
    period = Period(before, before + timedelta(days=1), before + timedelta(hours=1))
    history.wishes(need, 45, HelpWanted.YES)
    assert len(wanted.read(world.as_dana(), period)) == 0
    later = Period(period.since, period.until, world.now)
    assert len(wanted.read(world.as_dana(), later)) == 1


def test_another_org_counts_nothing_of_it(world, period):
    stranger = factories.make_org(world.session, now=world.now, name="Other Care")
    act_as(world.session, Actor(ActorKind.USER, stranger.id, role=Role.SUPERVISOR))
    assert len(cohort.read(world.session, period, tuple(By))) == 0
    assert len(wanted.read(world.session, period, (By.ZIP, By.DOMAIN, By.LANGUAGE))) == 0
