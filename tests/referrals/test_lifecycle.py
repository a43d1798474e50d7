"""Every legal and illegal pair of states, who may enter which, and what must be given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from referrals import lifecycle, reasons
from referrals.lifecycle import Ask, Present, Refusal, RefusalCode, check
from resources_db.vocab import BusinessStatus, Priority, Reason, ReferralState, Side

S = ReferralState
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

IN_WORK = {S.CONTACTING, S.SCHEDULED, S.MISSED, S.NEEDS_CLIENT, S.RECEIVING, S.WAITLISTED}
ENDS = {S.SERVED, S.PARTLY_SERVED, S.NOT_SERVED, S.WITHDRAWN}
LEGAL = {
    S.DRAFT: {S.SENT, S.ERROR},
    S.SENT: {S.SEEN, S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.NO_RESPONSE},
    S.SEEN: {S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.NO_RESPONSE},
    S.ACCEPTED: IN_WORK | ENDS | {S.NO_RESPONSE},
    S.CONTACTING: IN_WORK | ENDS | {S.NO_RESPONSE},
    S.SCHEDULED: (IN_WORK - {S.SCHEDULED}) | ENDS | {S.NO_RESPONSE},
    S.MISSED: (IN_WORK - {S.MISSED}) | ENDS | {S.NO_RESPONSE},
    S.NEEDS_CLIENT: (IN_WORK - {S.NEEDS_CLIENT}) | ENDS | {S.NO_RESPONSE},
    S.RECEIVING: {S.SCHEDULED, S.MISSED, S.NEEDS_CLIENT, S.WAITLISTED} | ENDS,
    S.WAITLISTED: {S.CONTACTING, S.SCHEDULED, S.NEEDS_CLIENT, S.RECEIVING} | ENDS,
}
ENTERED_BY = {
    S.SENT: {Side.CLOCK},
    S.SEEN: {Side.AGENCY},
    S.NEEDS_CLIENT: {Side.AGENCY},
    S.NO_RESPONSE: {Side.CLOCK},
    S.WITHDRAWN: {Side.AGENCY, Side.NAVIGATOR, Side.SYSTEM},
    S.DRAFT: {Side.NAVIGATOR, Side.SYSTEM},
    S.ERROR: {Side.NAVIGATOR, Side.SYSTEM},
}


def ask(to: S, side: Side, **more) -> Ask:
    """A wish with everything given that could be asked for."""
    given = {
        "reason": next(iter(reasons.allowed(to, side)), None),
        "text": "as they said",
        "said_by": "phone: Denise",
        "next_on": date(2026, 12, 1),
    }
    return Ask(to, side, **(given | more))


def code_of(answer) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


@pytest.mark.parametrize(("start", "to"), list(product(S, S)))
def test_the_edges_are_those_of_the_table(start, to):
    assert lifecycle.is_edge(start, to) is (to in LEGAL.get(start, set()))


@pytest.mark.parametrize(("to", "side"), list(product(S, Side)))
def test_each_state_is_entered_by_its_sides_only(to, side):
    entered = ENTERED_BY.get(to, {Side.AGENCY, Side.NAVIGATOR})
    assert (side in lifecycle.RULES[to].entered_by) is (side in entered)


@pytest.mark.parametrize(("start", "side"), list(product(S, Side)))
def test_every_pair_of_states_is_allowed_or_refused_as_the_paper_says_for_each_side(start, side):
    found = {to: code_of(check(Present(start), ask(to, side), now=NOW)) for to in S}
    assert found == {to: expected(start, to, side) for to in S}


def expected(start: S, to: S, side: Side) -> RefusalCode | None:
    """Why not, from the papers' tables alone."""
    if start not in LEGAL:
        return RefusalCode.ENDED
    says_yes_first = start in {S.SENT, S.SEEN} and to in {
        *(S.CONTACTING, S.SCHEDULED, S.NEEDS_CLIENT, S.RECEIVING, S.WAITLISTED, S.SERVED, S.PARTLY_SERVED)
    }
    if to not in LEGAL[start] and not says_yes_first:
        return RefusalCode.NO_SUCH_MOVE
    if side not in ENTERED_BY.get(to, {Side.AGENCY, Side.NAVIGATOR}):
        return RefusalCode.NOT_YOURS
    # the first reason of "could not help" is "could not reach", which needs three tries
    return RefusalCode.TOO_FEW_ATTEMPTS if to is S.NOT_SERVED else None


@pytest.mark.parametrize("start", sorted(lifecycle.TERMINAL))
@pytest.mark.parametrize("side", Side)
def test_nothing_leads_out_of_a_terminal_state(start, side):
    assert lifecycle.next_moves(start, side) == ()
    refusal = check(Present(start), ask(S.ACCEPTED, side), now=NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.ENDED


@pytest.mark.parametrize("start", S)
def test_a_patient_never_moves_a_referral(start):
    assert lifecycle.next_moves(start, Side.PATIENT) == ()


@pytest.mark.parametrize("start", [S.SENT, S.SEEN])
@pytest.mark.parametrize("to", [S.SERVED, S.PARTLY_SERVED, S.WAITLISTED, S.CONTACTING, S.SCHEDULED, S.RECEIVING])
def test_more_than_a_yes_in_one_breath_writes_the_yes_first(start, to):
    assert not lifecycle.is_edge(start, to)
    steps = check(Present(start), ask(to, Side.AGENCY), now=NOW)
    assert not isinstance(steps, Refusal)
    assert [(step.start, step.to) for step in steps] == [(start, S.ACCEPTED), (S.ACCEPTED, to)]


@pytest.mark.parametrize(
    ("start", "to"),
    [(S.ACCEPTED, S.DECLINED), (S.SENT, S.NOT_SERVED), (S.SENT, S.MISSED), (S.DRAFT, S.ACCEPTED), (S.SENT, S.ERROR)],
)
def test_moves_that_have_no_path_are_refused_with_what_is_possible(start, to):
    refusal = check(Present(start), ask(to, Side.NAVIGATOR), now=NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.NO_SUCH_MOVE
    assert refusal.possible == lifecycle.next_moves(start, Side.NAVIGATOR)


@pytest.mark.parametrize("to", sorted(reasons.OF_STATE))
def test_a_refusal_needs_a_reason_of_its_own_group(to):
    start = S.SENT if to in {S.DECLINED, S.WITHDRAWN} else S.ACCEPTED
    missing = check(Present(start), ask(to, Side.AGENCY, reason=None), now=NOW)
    wrong = check(Present(start), ask(to, Side.AGENCY, reason=Reason.UNSAFE_CONTACT), now=NOW)
    assert code_of(missing) is RefusalCode.REASON_MISSING
    assert code_of(wrong) is RefusalCode.REASON_WRONG


@pytest.mark.parametrize("text", ["", "no", "12 !?"])
def test_other_needs_words(text):
    refusal = check(Present(S.SENT), ask(S.DECLINED, Side.AGENCY, reason=Reason.OTHER, text=text), now=NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.TEXT_MISSING


@pytest.mark.parametrize("to", [S.ACCEPTED, S.SERVED, S.PARTLY_SERVED, S.DECLINED, S.SCHEDULED])
def test_a_navigator_who_passes_on_a_first_word_says_who_said_it(to):
    refusal = check(Present(S.SENT), ask(to, Side.NAVIGATOR, said_by=" "), now=NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.SAID_BY_MISSING


def test_a_date_set_needs_the_date():
    refusal = check(Present(S.ACCEPTED), ask(S.SCHEDULED, Side.AGENCY, next_on=None), now=NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.DATE_MISSING


@pytest.mark.parametrize("day", [date.max, date(2062, 12, 1), date(226, 12, 1), date.min])
@pytest.mark.parametrize("to", [S.SCHEDULED, S.ACCEPTED])
def test_a_day_no_one_can_mean_is_asked_for_again(day, to):
    refusal = check(Present(S.SENT), ask(to, Side.AGENCY, next_on=day), now=NOW)
    assert refusal.code is RefusalCode.DATE_MISSING


def test_attempts_are_counted_forward_only():
    tried = Present(S.CONTACTING, BusinessStatus.ATTEMPT_1, attempts=(NOW - timedelta(days=1),))
    steps = check(tried, ask(S.CONTACTING, Side.AGENCY), now=NOW)
    assert not isinstance(steps, Refusal)
    assert steps[0].business_status is BusinessStatus.ATTEMPT_2
    back = check(tried, ask(S.CONTACTING, Side.AGENCY, business_status=BusinessStatus.ATTEMPT_1), now=NOW)
    assert isinstance(back, Refusal)
    assert back.code is RefusalCode.BACKWARD_ATTEMPT


@pytest.mark.parametrize(
    ("days_ago", "priority", "enough"),
    [
        ((1, 2), Priority.ROUTINE, False),
        ((1, 2, 3), Priority.ROUTINE, False),
        ((0, 3, 7), Priority.ROUTINE, True),
        ((0, 0, 3), Priority.URGENT, True),
        ((0, 0, 0), Priority.URGENT, False),
    ],
)
def test_could_not_reach_ends_a_referral_after_three_tries_over_enough_days(days_ago, priority, enough):
    tried = tuple(NOW - timedelta(days=days) for days in days_ago)
    present = Present(S.CONTACTING, BusinessStatus.ATTEMPT_3, priority, tried)
    answer = check(present, ask(S.NOT_SERVED, Side.AGENCY, reason=Reason.COULD_NOT_REACH), now=NOW)
    assert isinstance(answer, Refusal) is not enough


def test_an_agency_withdraws_on_the_clients_word_only_and_the_system_for_consent():
    agency = check(Present(S.SENT), ask(S.WITHDRAWN, Side.AGENCY, reason=Reason.WRONG_PATIENT), now=NOW)
    system = check(Present(S.SENT), ask(S.WITHDRAWN, Side.SYSTEM, reason=Reason.DIED), now=NOW)
    assert code_of(agency) is RefusalCode.REASON_WRONG
    assert code_of(system) is RefusalCode.REASON_WRONG


@pytest.mark.parametrize("state", S)
def test_the_page_is_offered_exactly_the_moves_that_are_legal(state):
    for side in Side:
        for to in lifecycle.next_moves(state, side):
            answer = check(Present(state, attempts=(NOW,)), ask(to, side), now=NOW)
            assert not isinstance(answer, Refusal) or answer.code is RefusalCode.TOO_FEW_ATTEMPTS


@pytest.mark.parametrize(
    ("state", "priority", "ends"),
    [
        (S.ACCEPTED, Priority.ROUTINE, datetime(2026, 11, 27, 15, tzinfo=UTC)),  # Thursday is Thanksgiving
        (S.WAITLISTED, Priority.ROUTINE, datetime(2026, 12, 23, 15, tzinfo=UTC)),
        (S.WAITLISTED, Priority.URGENT, datetime(2026, 11, 30, 15, tzinfo=UTC)),
        (S.NEEDS_CLIENT, Priority.URGENT, datetime(2026, 11, 24, 15, tzinfo=UTC)),
        (S.SENT, Priority.ROUTINE, None),
    ],
)
def test_states_last_as_long_as_the_table_says(state, priority, ends):
    assert lifecycle.time_out_at(state, priority, NOW, "America/New_York") == ends
