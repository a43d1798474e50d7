"""Business days, figures, the outcome table and the tiers: rules that need no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest

from referrals import business_days, figures, outcomes, tiers
from referrals.figures import Rate
from referrals.outcomes import Agency, Agreement, Said
from referrals.tiers import Fact
from resources_db.vocab import PatientWord, ReferralState, Tier, WhyCode

ZONE = "America/New_York"


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-01-19",
        "2026-05-25",
        "2026-07-03",
        "2026-09-07",
        "2026-11-11",
        "2026-11-26",
        "2026-12-25",
        "2027-12-31",
    ],
)
def test_federal_holidays_are_no_business_days(day):
    assert not business_days.is_business_day(date.fromisoformat(day))


def test_two_business_days_over_thanksgiving_and_a_weekend():
    wednesday = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    assert business_days.later(wednesday, 2, ZONE) == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


def test_the_wall_time_stays_when_the_clocks_change():
    before = datetime(2026, 10, 30, 14, 0, tzinfo=UTC)  # Friday 10:00, summer time
    assert business_days.later(before, 1, ZONE) == datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    assert business_days.same_wall_time(before, 3, ZONE) == datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T15:00+00:00", "2026-11-23T15:00+00:00"),
        ("2026-11-23T11:00+00:00", "2026-11-23T13:00+00:00"),
        ("2026-11-24T00:30+00:00", "2026-11-24T13:00+00:00"),
        ("2026-11-28T15:00+00:00", "2026-11-30T13:00+00:00"),
    ],
)
def test_office_hours(moment, opens):
    found = business_days.in_office_hours(datetime.fromisoformat(moment), ZONE)
    assert found == datetime.fromisoformat(opens)


@pytest.mark.parametrize(
    ("numerator", "n", "low", "high"),
    [(301, 412, 0.6857, 0.7711), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_wilson_interval_against_published_values(numerator, n, low, high):
    found = figures.wilson(numerator, n)
    assert found is not None
    assert found[0] == pytest.approx(low, abs=0.0002)
    assert found[1] == pytest.approx(high, abs=0.0002)


def test_nothing_counted_is_a_dash():
    assert Rate(0, 0).share is None
    assert Rate(0, 0).interval is None


def test_small_cells_are_hidden_and_so_is_the_one_that_would_give_them_away():
    assert figures.hidden({"met": 40, "open": 22, "unknown": 3}) == {"unknown", "open"}
    assert figures.hidden({"met": 40, "open": 4, "unknown": 3}) == {"open", "unknown"}
    assert figures.hidden({"met": 40, "open": 22, "unknown": 0}) == frozenset()
    assert figures.hides_rate(Rate(38, 40))
    assert not figures.hides_rate(Rate(20, 40))


@pytest.mark.parametrize(("agency", "said"), list(product(Agency, Said)))
def test_every_pair_of_words_has_a_cell(agency, said):
    assert (agency, said) in outcomes.TABLE


@pytest.mark.parametrize(
    ("state", "word", "agreement", "item"),
    [
        (ReferralState.SERVED, PatientWord.GOT_HELP, Agreement.AGREED, None),
        (ReferralState.SERVED, PatientWord.NOT_YET, Agreement.DISAGREE, WhyCode.DISAGREEMENT),
        (ReferralState.PARTLY_SERVED, PatientWord.COULD_NOT, Agreement.DISAGREE, WhyCode.DISAGREEMENT),
        (ReferralState.DECLINED, PatientWord.GOT_HELP, Agreement.FOUND_IT, WhyCode.PATIENT_FOUND_IT),
        (ReferralState.NO_RESPONSE, PatientWord.GOT_HELP, Agreement.AGENCY_SILENT, None),
        (ReferralState.SENT, PatientWord.NOT_YET, Agreement.OPEN, WhyCode.PATIENT_COULD_NOT),
        (ReferralState.SERVED, PatientWord.CALL_ME, Agreement.UNCONFIRMED, None),
        (ReferralState.SERVED, None, Agreement.UNCONFIRMED, None),
    ],
)
def test_the_two_words_are_read_as_the_table_says(state, word, agreement, item):
    found = outcomes.outcome(state, word)
    assert (found.agreement, found.item) == (agreement, item)


@pytest.mark.parametrize(
    ("true", "tier", "because"),
    [
        ((), Tier.STEADY, (Fact.NO_OPEN_NEED,)),
        ((Fact.OPEN_NEED,), Tier.IN_WORK, (Fact.OPEN_NEED,)),
        ((Fact.OPEN_NEED, Fact.THREE_NEEDS), Tier.THIS_WEEK, (Fact.THREE_NEEDS,)),
        (
            (Fact.WANTS_CALL, Fact.THREE_NEEDS, Fact.DATE_WITHIN_2_DAYS, Fact.OPEN_NEED),
            Tier.TODAY,
            (Fact.DATE_WITHIN_2_DAYS, Fact.WANTS_CALL),
        ),
    ],
)
def test_the_first_tier_that_has_a_fact_decides_and_its_facts_are_the_reason(true, tier, because):
    assert tiers.decide(frozenset(true)) == (tier, because)


def test_every_fact_decides_exactly_one_tier():
    deciding = [fact for facts in tiers.DECIDES.values() for fact in facts]
    assert sorted([*deciding, Fact.NO_OPEN_NEED]) == sorted(Fact)
