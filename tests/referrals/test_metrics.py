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

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from referrals import by, corrections, metrics, needs, progress
from referrals.answers import PatientSays
from referrals.metrics import Period
from referrals.progress import Said
from resources_db.models.people import Need
from resources_db.models.referrals import Referral
from resources_db.vocab import NeedStatus, PatientWord, Reason, ReferralState
from tests import factories
from tests.referrals.conftest import World

S = ReferralState


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


@pytest.fixture
def report(world: World) -> metrics.Report:
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
    period = Period(history.start - timedelta(days=1), history.start + timedelta(days=40), world.now)
    return metrics.report(world.as_dana(), period)


def counted(rate) -> tuple[int, int, int]:
    return rate.numerator, rate.n, rate.young


def test_the_figures_equal_the_count_by_hand(report):
    assert report.sent == 6
    assert {days: counted(rate) for days, rate in report.answered.items()} == {
        7: (2, 5, 1),
        14: (3, 5, 1),
        30: (4, 5, 1),
    }
    assert {days: counted(rate) for days, rate in report.closed.items()} == {
        30: (2, 5, 1),
        60: (0, 0, 6),
        90: (0, 0, 6),
    }
    assert counted(report.served)[:2] == (2, 6)
    assert counted(report.served_first_try)[:2] == (2, 6)
    assert counted(report.agreement)[:2] == (1, 2)
    assert report.days_to_answer == pytest.approx(5, abs=0.01)


def test_a_need_met_after_thirty_days_is_not_met_in_thirty(report):
    # Rosa's one need was found with the first send and met on day 33; the need of the last send is five days old.
    assert counted(report.need_met[30].rate) == (0, 1, 1)
    assert (report.need_met[30].unmet, report.need_met[30].unknown) == (1, 0)


def test_small_numbers_of_a_domain_are_hidden(report):
    (food,) = report.by_domain
    assert food.domain == "nutrition"
    assert (food.served, food.under_way, food.not_served) == (None, None, None)


def test_the_same_moment_gives_the_same_figures_later(report, world):
    again = metrics.report(world.as_dana(), report.period)
    world.clock.forward(days=30)
    assert metrics.report(world.session, report.period) == again == report
