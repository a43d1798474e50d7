"""The same visit: the day of the next step, how long the wait is, and the others that wait when there is no room."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referrals import create, part2
from resources_db.listing_key import ListingKey
from resources_db.models.consents import Consent, Disclosure
from resources_db.models.curation import CapacityStatement, ListingChange
from resources_db.models.referrals import Referral, ReferralTask
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, CapacityState, ChangeState, ReferralState, Role, TaskKind
from tests.portal.link_world import _agree, send

S = ReferralState


@pytest.fixture
def sent(runtime, app, clock):
    return send(runtime, app, clock, code_needed=False)


@pytest.fixture
def page(sent, browser):
    return browser.submit(browser.get(f"/r/{sent.token('agency_new')}").form("/agency/open"))


def send_more(sent, *people):
    """The pantry gets referrals of others as well."""

    def more(session):
        pantry = sent.cast.food_bank
        for person in people:
            _agree(session, session.get(type(person), person.id), sent.cast, "nutrition", sent.clock())
            dana = Actor(ActorKind.USER, sent.cast.org.id, sent.cast.dana.id, Role.NAVIGATOR, "Dana Cole")
            batch = create.send(
                act_as(session, dana),
                patient_id=person.id,
                choices=[create.Choice(ListingKey(pantry.service.id, pantry.location.id))],
                form_key=f"form-key-{person.id}",
                now=sent.clock(),
            )
            sent.clock.forward(seconds=11)
            create.release(act_as(session, system(kind=ActorKind.CLOCK)), batch.id, now=sent.clock())
            act_as(session, system())

    sent.change(more)


def states(sent):
    return sorted(one.state.value for one in sent.all(Referral))


def test_after_a_yes_the_day_of_the_call_can_be_named_and_the_agency_is_asked_after_it(sent, browser, page):
    thanks = browser.submit(page.form("/agency/answer"), answer="yes")
    assert "Will you call on another day?" in thanks.text
    form = thanks.form("/agency/answer")
    done = browser.submit(form, **{"wait-month": "12", "wait-day": "15", "wait-year": "2026"})
    assert "Dec 15" in done.text
    assert (sent.referral().state, sent.referral().next_on.isoformat()) == (S.ACCEPTED, "2026-12-15")
    due = [one for one in sent.all(ReferralTask, kind=TaskKind.FIRST_CONTACT) if one.done_at is None]
    assert [one.due_at.date().isoformat() for one in due] == ["2026-12-16"]


def test_another_day_can_be_named_later_as_well(sent, browser, page):
    browser.submit(page.form("/agency/answer"), answer="yes")
    step = browser.submit(browser.get(page.path).form("/agency/answer"), answer="next_step")
    assert step.h1 == "When will you call?"
    assert not step.tree.all("input", name="clock")
    browser.submit(step.form("/agency/answer"), month="12", day="1", year="26")
    assert sent.referral().next_on.isoformat() == "2026-12-01"


def test_the_weeks_of_a_wait_are_kept_and_shown(sent, browser, page):
    form = page.form("/agency/room")
    wrong = browser.submit(form, room="waitlist", weeks="many", expect=422)
    assert "Type the weeks as a number" in wrong.text
    assert wrong.form("/agency/room").values()["weeks"] == "man"
    done = browser.submit(form, room="waitlist", weeks="6")
    assert "about 6 weeks" in done.text
    assert sent.one(CapacityStatement).weeks == 6
    listing = f"/listing/{sent.cast.food_bank.service.id}.{sent.cast.food_bank.location.id}"
    assert "about 6 weeks" in browser.get(listing).text


def test_what_was_said_of_room_lapses_by_itself(sent, browser, page, clock):
    browser.submit(page.form("/agency/room"), room="waitlist", weeks="6")
    listing = f"/listing/{sent.cast.food_bank.service.id}.{sent.cast.food_bank.location.id}"
    clock.forward(days=30)
    assert "about 6 weeks" not in browser.get(listing).text


def test_the_same_correction_sent_twice_is_one_proposal(sent, browser, page):
    form = page.form("/agency/listing")
    browser.submit(form, documents="A bag", do="change")
    browser.submit(form, documents="A bag", do="change")
    assert len(sent.all(ListingChange, state=ChangeState.OPEN)) == 1


def test_full_with_others_waiting_asks_about_them_and_rejects_nothing_by_itself(sent, browser, page):
    send_more(sent, sent.cast.minh, sent.cast.amina)
    asked = browser.submit(page.form("/agency/room"), room="full", month="12", day="1", year="2026")
    assert asked.h1 == "Answer these too?"
    boxes = asked.tree.all("input", name="referral")
    assert len(boxes) == 3
    assert all("checked" in box.attrs for box in boxes)
    assert not any(word in asked.html for word in ("Rosa", "Minh", "Amina", "0148"))
    assert states(sent) == ["seen", "sent", "sent"]


def test_those_that_stay_ticked_are_answered_once_and_the_room_stays_as_it_was_said(sent, browser, page):
    send_more(sent, sent.cast.minh, sent.cast.amina)
    asked = browser.submit(page.form("/agency/room"), room="full", month="12", day="1", year="2026")
    form = asked.form("/agency/these-too")
    keep = form.values()["referral"][:2]
    done = browser.submit(form, referral=keep, answer="no")
    assert "2 referrals are answered." in done.text
    assert states(sent) == ["declined", "declined", "sent"]
    browser.submit(form, referral=keep, answer="no")
    newest = max(sent.all(CapacityStatement), key=lambda one: one.said_at)
    assert (newest.state, newest.until.isoformat()) == (CapacityState.FULL, "2026-12-01")
    assert states(sent) == ["declined", "declined", "sent"]


def test_a_waitlist_for_all_does_not_change_what_was_said_of_room(sent, browser, page):
    send_more(sent, sent.cast.minh)
    asked = browser.submit(page.form("/agency/room"), room="out_of_funds")
    browser.submit(asked.form("/agency/these-too"), answer="waitlist")
    assert states(sent) == ["waitlisted", "waitlisted"]
    with sent.runtime.database.reading(system()) as session:
        newest = session.scalars(select(CapacityStatement).order_by(CapacityStatement.said_at.desc())).first()
    assert newest.state is CapacityState.OUT_OF_FUNDS


def test_full_with_nobody_waiting_asks_nothing(sent, browser, page):
    browser.submit(page.form("/agency/answer"), answer="yes")
    saved = browser.submit(browser.get(page.path).form("/agency/room"), room="full")
    assert saved.h1 == "Saved, thank you"


def test_a_strange_referral_cannot_be_answered_with_them(sent, browser, page, clock):
    send_more(sent, sent.cast.minh)
    asked = browser.submit(page.form("/agency/room"), room="full")
    form = asked.form("/agency/these-too")
    browser.submit(form, referral=[str(sent.cast.minh.id), "x"], answer="no")
    browser.submit(form, answer="helped")
    assert states(sent) == ["seen", "sent"]


def test_every_page_of_the_agency_is_light(sent, browser, page):
    send_more(sent, sent.cast.minh, sent.cast.amina)
    asked = browser.submit(page.form("/agency/room"), room="full")
    step = browser.submit(page.form("/agency/answer"), answer="no")
    for one in (page, asked, step):
        assert len(one.response.data) < 50_000
        assert "<script" not in one.html


def flag(sent):
    def protect(session):
        session.get(Consent, sent.referral().consent_id).flags = ["part2"]

    sent.change(protect)


def test_the_notice_of_part_2_stands_beside_the_facts_and_its_version_is_kept(sent, browser):
    flag(sent)
    page = browser.submit(browser.get(f"/r/{sent.token('agency_new')}").form("/agency/open"))
    assert "42 CFR part 2 prohibits unauthorized use or disclosure of these records." in page.text
    assert [one.notice_version for one in sent.all(Disclosure) if one.notice_version == part2.NOTICE] == [part2.NOTICE]


def test_without_the_flag_there_is_no_such_notice(sent, page):
    assert "42 CFR" not in page.text
