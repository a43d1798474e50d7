"""The weekly list: whom it goes to, when, once; and its page, which always asks for the code."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal import worker
from referrals import digests
from resources_db.models.access import AccessLink
from resources_db.models.consents import Disclosure
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact, Referral, ReferralEvent, WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import ActorKind, Channel, ReferralState, WhyCode
from tests.portal.link_world import contact_of, send
from tests.portal.test_agency_same_visit import send_more

S = ReferralState
BEFORE = datetime(2026, 11, 19, 15, tzinfo=UTC)
"""A Thursday; the Monday after it is 23 November."""
MONDAY_9 = datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.fixture
def sent(runtime, app, clock):
    """Three referrals to Hope Pantry, and a list that comes from the second on."""
    clock.moment = BEFORE
    sent = send(runtime, app, clock, code_needed=False)
    send_more(sent, sent.cast.minh, sent.cast.amina)
    on(sent, digest_over=1)
    return sent


def on(sent, **values):
    def change(session):
        contact = session.get(AgencyContact, sent.cast.food_bank.contact.id)
        for name, value in values.items():
            setattr(contact, name, value)

    sent.change(change)


def monday(sent, clock, at=MONDAY_9):
    clock.moment = at
    worker._weekly_lists(sent.runtime)
    return sent.all(Message, purpose="agency_digest")


def test_on_monday_morning_one_mail_counts_and_names_nobody(sent, clock):
    (mail,) = monday(sent, clock)
    assert mail.to == contact_of(sent).email
    assert "3 referrals from Riverside Care are open at Hope Pantry" in mail.body
    assert not any(word in mail.body + mail.email_subject for word in ("Rosa", "Minh", "Amina", "food"))
    worker._weekly_lists(sent.runtime)
    assert len(sent.all(Message, purpose="agency_digest")) == 1
    clock.forward(days=7)
    worker._weekly_lists(sent.runtime)
    assert len(sent.all(Message, purpose="agency_digest")) == 2


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 23, 12, 59, tzinfo=UTC),  # before 8 in New York
        datetime(2026, 11, 23, 23, 30, tzinfo=UTC),  # after offices close
        datetime(2026, 11, 24, 14, tzinfo=UTC),
        datetime(2026, 11, 22, 14, tzinfo=UTC),
    ],
)
def test_at_other_times_nothing_is_sent(sent, clock, at):
    assert monday(sent, clock, at) == []


def test_a_holiday_moves_the_list_to_tuesday(sent, clock):
    assert digests.day_of(datetime(2027, 1, 20, tzinfo=UTC).date()).isoformat() == "2027-01-19"


def test_the_morning_is_that_of_the_agency(sent, clock):
    def far(session):
        session.get(
            type(sent.cast.food_bank.location), sent.cast.food_bank.location.id
        ).timezone = "America/Los_Angeles"

    sent.change(far)
    assert monday(sent, clock) == []  # 6 o'clock there
    assert len(monday(sent, clock, datetime(2026, 11, 23, 16, tzinfo=UTC))) == 1


def test_an_agency_that_prefers_texts_gets_one_in_its_language(sent, clock):
    from resources_db import encryption

    phone = "+15135550137"
    on(sent, phone=phone, phone_bix=encryption.phone_index(phone), preferred=Channel.SMS, language="es")
    (text,) = monday(sent, clock)
    assert (text.channel.value, text.to, text.lang) == ("sms", phone, "es")
    assert " 3" in text.body


@pytest.mark.parametrize("values", [{"digest": False}, {"digest_over": 3}, {"ended_at": BEFORE}])
def test_nothing_comes_when_it_is_off_too_few_or_ended(sent, clock, values):
    on(sent, **values)
    assert monday(sent, clock) == []


def test_nothing_comes_when_nothing_is_open(sent, clock):
    def close(session):
        for referral in session.query(Referral):
            referral.state = S.SERVED

    sent.change(close)
    assert monday(sent, clock) == []


def test_two_workers_at_once_send_one_list(sent, clock):
    clock.moment = MONDAY_9
    with sent.runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        (due,) = digests.planned(session, now=clock())
    for _ in range(2):
        sent.change(lambda session: digests.send(session, due, now=clock()))
    assert len(sent.all(Message, purpose="agency_digest")) == 1
    working = [one for one in sent.all(AccessLink, subject_kind="agency_contact") if one.revoked_at is None]
    assert len(working) == 1


@pytest.fixture
def opened(sent, clock, browser):
    """The list, with its code typed."""
    monday(sent, clock)
    page = browser.submit(browser.get(f"/r/{sent.token('agency_digest')}").form("/list/open"))
    return browser.submit(page.form("/list/code"), code=sent.code())


@pytest.mark.bad_input(32, 34)
def test_fetching_the_list_shows_nobody_and_changes_nothing(sent, clock, browser):
    monday(sent, clock)
    path = f"/r/{sent.token('agency_digest')}"
    before = len(sent.all(ReferralEvent)), len(sent.all(Disclosure)), len(sent.all(Message))
    for _ in range(20):
        page = browser.get(path)
        browser.client.head(path)
    assert page.h1 == "Your open referrals"
    assert not any(word in page.html for word in ("Rosa", "Minh", "Amina", "0148"))
    assert (len(sent.all(ReferralEvent)), len(sent.all(Disclosure)), len(sent.all(Message))) == before


def test_the_list_always_asks_for_the_code_even_where_single_links_do_not(sent, clock, browser):
    monday(sent, clock)
    page = browser.submit(browser.get(f"/r/{sent.token('agency_digest')}").form("/list/open"))
    assert page.h1 == "Type the code we sent you"
    assert "Rosa" not in page.html
    wrong = f"{(int(sent.code()) + 1) % 1_000_000:06d}"
    assert "4 more times" in browser.submit(page.form("/list/code"), code=wrong, expect=422).text


def test_it_shows_the_oldest_first_and_writes_down_each_person_shown(sent, opened):
    assert opened.h1 == "Your open referrals"
    places = [opened.text.index(name) for name in ("Rosa", "Minh", "Amina")]
    assert places == sorted(places)
    assert "Martinez" not in opened.html
    shown = [row for row in sent.all(Disclosure) if row.at >= MONDAY_9]
    assert len(shown) == 3
    assert all("first_name" in row.fields and row.recipient == f"agency:{contact_of(sent).id}" for row in shown)
    assert len(opened.response.data) < 50_000


def test_one_is_answered_where_it_stands_and_leaves_the_others(sent, browser, opened):
    first = opened.form("/list/answer")
    done = browser.submit(first, answer="helped")
    assert "Saved for" in done.text
    assert "Rosa" not in done.text
    assert "Minh" in done.text
    assert sorted(one.state.value for one in sent.all(Referral)) == ["sent", "sent", "served"]
    again = browser.submit(first, answer="helped")
    assert sorted(one.state.value for one in sent.all(Referral)) == ["sent", "sent", "served"]
    assert again.h1 == "Your open referrals"


def test_no_asks_its_reason_on_the_way(sent, browser, opened):
    step = browser.submit(opened.form("/list/answer"), answer="no")
    assert step.h1 == "What is the reason?"
    short = browser.submit(step.form("/list/answer"), reason="other", text="x", expect=422)
    done = browser.submit(short.form("/list/answer"), reason="no-capacity")
    assert "Saved for" in done.text
    assert sorted(one.state.value for one in sent.all(Referral)) == ["declined", "sent", "sent"]


def test_open_leads_to_the_page_of_the_referral_without_another_code(sent, browser, opened):
    page = browser.submit(opened.form("/list/answer"), answer="open")
    assert page.h1 == "Can you help Rosa?"


def test_another_browser_with_the_same_link_sees_nobody_and_answers_nothing(sent, opened, another):
    other = another()
    page = other.submit(opened.form("/list/answer"), answer="helped")
    assert "Rosa" not in page.html
    assert all(one.state is S.SENT for one in sent.all(Referral))


def test_what_comes_later_is_counted_and_not_shown(sent, browser, opened, clock):
    clock.forward(minutes=1)

    def later(session):
        referral = session.query(Referral).order_by(Referral.sent_at.desc()).first()
        referral.sent_at = clock()

    sent.change(later)
    page = browser.get(opened.path)
    assert "Amina" not in page.text
    assert "1 more came since" in page.text


def test_the_switch_stops_the_list_and_nothing_else(sent, browser, opened, clock):
    off = browser.submit(opened.form("/list/weekly"))
    assert (contact_of(sent).digest, contact_of(sent).ended_at) == (False, None)
    assert browser.submit(opened.form("/list/weekly"), do="on").h1 == off.h1
    assert contact_of(sent).digest


def test_a_locked_list_tells_a_navigator(sent, clock, browser):
    monday(sent, clock)
    page = browser.submit(browser.get(f"/r/{sent.token('agency_digest')}").form("/list/open"))
    wrong = f"{(int(sent.code()) + 1) % 1_000_000:06d}"
    for _ in range(5):
        browser.submit(page.form("/list/code"), code=wrong, expect=422)
    item = sent.one(WorklistItem, why=WhyCode.LINK_LOCKED)
    assert item.patient_id == sent.cast.rosa.id


def test_an_ended_list_sends_a_new_link_to_the_contact(sent, clock, browser):
    monday(sent, clock)
    path = f"/r/{sent.token('agency_digest')}"
    clock.forward(days=15)
    browser.submit(browser.get(path, expect=404).form(path), expect=404, **{"new-link": "1"})
    assert browser.get(f"/r/{sent.token('agency_digest')}").h1 == "Your open referrals"
    assert len(sent.all(Message, purpose="agency_digest")) == 2
