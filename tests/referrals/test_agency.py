"""The agency's link: what it shows before and after the code, the five answers, the code's five tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from referrals import agency, agency_listing, codes, events, links
from referrals.agency_choices import Answer, Choice
from referrals.errors import ChangedMeanwhileError, StepUpNeededError
from resources_db.models.access import AccessLink
from resources_db.models.consents import Disclosure
from resources_db.models.curation import CapacityStatement, ListingChange
from resources_db.models.referrals import Referral
from resources_db.vocab import BusinessStatus, CapacityState, LinkPurpose, Reason, ReferralState
from tests.referrals.conftest import World

S, C = ReferralState, Choice


def link_of(world: World, referral: Referral) -> AccessLink:
    """The link of the mail the agency got."""
    (mail,) = (message for message in world.messages("agency_new") if message.subject_id == referral.id)
    token = mail.body.split("/r/")[1].split()[0]
    link = links.enter(world.as_clock(), token, LinkPurpose.AGENCY, now=world.now)
    assert link is not None
    return link


def answer(world: World, link: AccessLink, choice: C, key: str = "a", *, code: bool = True, **given):
    return agency.answer(world.session, link, Answer(choice, **given), key=key, stepped_up=code, now=world.now)


@pytest.mark.bad_input(32, 34)
def test_the_link_shows_nobody_before_the_code_and_reading_changes_nothing(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    for _ in range(20):
        view = agency.look(ready.session, link, stepped_up=False, now=ready.now)
    assert view.code_needed
    assert (view.person, view.subneed, view.note, view.listing) == (None, "", "", None)
    assert view.agency == "Hope Pantry"
    assert (referral.state, link.uses) == (S.SENT, 0)
    assert len(ready.session.scalars(select(Disclosure)).all()) == 1  # that of the send


@pytest.mark.parametrize("version", ["", "x", "²", "9" * 5_000])
def test_an_answer_to_a_version_no_page_showed_changes_nothing(ready, version):
    (referral,) = ready.sent()
    with pytest.raises(ChangedMeanwhileError):
        agency.answer(
            ready.session,
            link_of(ready, referral),
            Answer(C.YES),
            key="a",
            stepped_up=True,
            now=ready.now,
            seen=f"{referral.id}.{version}",
        )
    assert referral.state is S.SENT


def test_after_the_code_it_shows_the_shared_fields_only_and_writes_the_disclosure(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    view = agency.look(ready.session, link, stepped_up=True, now=ready.now, record=True)
    assert view.person is not None
    assert (view.person.first_name, view.person.last_name, view.person.zip) == ("Rosa", None, "45202")
    assert view.note == "Please call after 3 p.m."
    assert view.subneed == "food_pantry"
    assert len(ready.session.scalars(select(Disclosure)).all()) == 2


def test_opening_by_button_is_seen_and_no_answer(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    agency.open_it(ready.session, link, now=ready.now)
    agency.open_it(ready.session, link, now=ready.now)
    assert (referral.state, referral.answered_at, link.uses) == (S.SEEN, None, 2)


@pytest.mark.parametrize(
    ("choice", "given", "state"),
    [
        (C.YES, {}, S.ACCEPTED),
        (C.WAITLIST, {}, S.WAITLISTED),
        (C.NO, {"reason": Reason.NOT_ELIGIBLE}, S.DECLINED),
        (C.HELPED, {}, S.SERVED),
        (C.COULD_NOT_REACH, {}, S.CONTACTING),
    ],
)
def test_each_of_the_five_buttons_works_from_the_first_page(ready, choice, given, state):
    (referral,) = ready.sent()
    moved = answer(ready, link_of(ready, referral), choice, **given)
    assert moved.referral.state is state


def test_a_full_pantry_can_say_so_in_one_tap_without_a_code(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    with pytest.raises(StepUpNeededError):
        answer(ready, link, C.YES, code=False)
    answer(ready, link, C.NO, code=False, reason=Reason.NO_CAPACITY)
    assert referral.state is S.DECLINED


def test_no_after_a_yes_is_we_cannot_after_all(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    answer(ready, link, C.YES)
    view = agency.look(ready.session, link, stepped_up=True, now=ready.now)
    assert C.NO not in view.choices
    assert C.CANNOT in view.choices
    answer(ready, link, C.NO, "b", reason=Reason.FOUND_INELIGIBLE)
    assert referral.state is S.NOT_SERVED


def test_three_failed_tries_over_enough_days_end_it_and_each_asks_the_navigator(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    for number in range(3):
        answer(ready, link, C.COULD_NOT_REACH, f"try-{number}")
        ready.clock.forward(days=4)
    assert referral.business_status is BusinessStatus.ATTEMPT_3
    assert ready.items()[0].facts["attempts"] == 3
    answer(ready, link_of(ready, referral), C.COULD_NOT_REACH, "try-3")
    assert (referral.state, referral.reason) == (S.NOT_SERVED, Reason.COULD_NOT_REACH)


def test_an_answer_can_be_changed_for_ten_minutes_by_the_same_link(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    answer(ready, link, C.NO, reason=Reason.NO_CAPACITY)
    view = agency.look(ready.session, link, stepped_up=True, now=ready.now)
    assert view.undo_until == ready.now + timedelta(minutes=10)
    new = agency.undo(ready.session, link, key="oops", now=ready.now)
    assert agency.referral_of(ready.session, link).id == new.id
    answer(ready, link, C.YES, "again")
    assert new.state is S.ACCEPTED


def test_a_withdrawn_referral_shows_a_neutral_page_and_its_button_confirms_the_stop(ready):
    from referrals import by, progress
    from referrals.progress import Said

    (referral,) = ready.sent()
    progress.move(
        ready.as_dana(), referral.id, to=S.WITHDRAWN, by=by.NAVIGATOR, key="w", now=ready.now,
        said=Said(reason=Reason.CLIENT_DECLINED),
    )  # fmt: skip
    link = link_of(ready, referral)
    view = agency.look(ready.session, link, stepped_up=True, now=ready.now, record=True)
    assert (view.withdrawn, view.person, view.note, view.choices) == (True, None, "", ())
    agency.open_it(ready.session, link, now=ready.now)
    assert ready.whys() == []


def test_a_question_goes_to_the_navigator_and_leaves_the_state(ready):
    (referral,) = ready.sent()
    agency.ask(ready.session, link_of(ready, referral), "Does she have a car?", key="q", now=ready.now)
    assert referral.state is S.SENT
    (item,) = ready.items()
    assert (item.why.value, item.words) == ("agency_question", "Does she have a car?")
    assert [event.text for event in events.of(ready.session, referral.id)][-1] == "Does she have a car?"


def test_room_counts_at_once_and_a_correction_waits_for_the_directory_team(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    until = ready.now.date() + timedelta(days=5)
    agency_listing.say_room(ready.session, link, CapacityState.FULL, until=until, now=ready.now)
    assert ready.session.scalars(select(CapacityStatement)).one().until == until
    sent = agency_listing.propose(ready.session, link, {"description": "Fresh food on Saturdays."}, now=ready.now)
    change = sent.waiting
    assert sent.live is None
    assert change is not None
    assert ready.session.scalars(select(ListingChange)).one().id == change.id
    assert change.origin.value == "agency_link"


def code_in(world: World) -> str:
    mail = world.messages("code")[-1]
    return next(word for word in mail.body.split() if word.isdigit())


@pytest.mark.bad_input(36)
def test_the_sixth_wrong_code_finds_the_link_locked_and_a_navigator_told(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    assert codes.send(ready.session, link, now=ready.now) is codes.Sent.BY_EMAIL
    right = code_in(ready)
    wrong = "000000" if right != "000000" else "111111"
    tries = [codes.check(link_session(ready), link, wrong, now=ready.now) for _ in range(5)]
    assert [checked.left for checked in tries] == [4, 3, 2, 1, 0]
    assert tries[-1].locked
    assert not codes.check(link_session(ready), link, right, now=ready.now).passed
    assert ready.whys() == ["link_locked"]


def link_session(world: World):
    return world.as_agency()


def test_the_right_code_opens_one_browser_for_half_an_hour(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    codes.send(ready.session, link, now=ready.now)
    assert codes.check(ready.as_agency(), link, code_in(ready), now=ready.now).passed
    secret = codes.grant(ready.as_agency(), link, stepped_up=True, now=ready.now)
    passed = codes.pass_of(ready.session, link, secret, now=ready.now)
    assert passed is not None
    assert passed.stepped_up
    assert codes.pass_of(ready.session, link, "another", now=ready.now) is None
    later = ready.now + timedelta(minutes=31)
    assert codes.pass_of(ready.session, link, secret, now=later) is None


def test_a_code_works_once_and_for_ten_minutes(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    codes.send(ready.session, link, now=ready.now)
    digits = code_in(ready)
    late = codes.check(ready.as_agency(), link, digits, now=ready.now + timedelta(minutes=11))
    assert not late.passed
    assert codes.check(ready.as_agency(), link, digits, now=ready.now).passed
    assert not codes.check(ready.as_agency(), link, digits, now=ready.now).passed


def test_codes_are_sent_three_times_an_hour_at_most(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    sent = []
    for _ in range(4):
        ready.clock.forward(minutes=1)
        sent.append(codes.send(ready.as_agency(), link, now=ready.now))
    assert sent[-1] is codes.Sent.TOO_MANY


@pytest.mark.bad_input(33)
def test_every_link_that_does_not_work_is_none(ready):
    (referral,) = ready.sent()
    (mail,) = ready.messages("agency_new")
    token = mail.body.split("/r/")[1].split()[0]
    session = ready.as_clock()
    link = links.find(session, token, now=ready.now)
    assert link is not None
    assert links.find(session, token, now=link.expires_at) is None
    assert links.find(session, token, now=ready.now, purpose=LinkPurpose.PATIENT) is None
    assert links.find(session, links.new_token(), now=ready.now) is None
    links.revoke(session, subject_id=referral.id, now=ready.now)
    session.expire_all()
    assert links.find(session, token, now=ready.now) is None


def test_tokens_are_22_letters_a_phone_does_not_cut(ready):
    ready.sent()
    tokens = [links.new_token() for _ in range(50)] + [links.token_of_form("form-key-000000000009")]
    assert all(len(token) == 22 and token.isalnum() and token.isascii() for token in tokens)
    stored = ready.session.scalars(select(AccessLink.token_hash)).all()
    assert all(len(one) == 32 for one in stored)
    assert links.token_of_form("a" * 16) != links.token_of_form("b" * 16)


def test_a_link_ends_thirty_days_after_the_referral_closed(ready):
    (referral,) = ready.sent()
    link = link_of(ready, referral)
    answer(ready, link, C.HELPED)
    ready.session.refresh(link)
    assert link.expires_at == ready.now + timedelta(days=30)
