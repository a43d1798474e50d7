"""Questions to agencies from end to end: choose, start, the link, one tap, reminders, a phone task, digits, STOP."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import wiring, worker
from referrals import ask_rests, campaigns, links
from referrals.listing_queue import Chosen
from resources_db import freshness
from resources_db.models.curation import ListingChange
from resources_db.models.directory import ServiceAtLocation
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact
from resources_db.models.tenants import Membership
from resources_db.models.upkeep import Campaign, CampaignAsk, ListingReview
from resources_db.tenancy import system
from resources_db.vocab import (
    AskState,
    CampaignState,
    Channel,
    ReviewWhy,
    Role,
)
from tests import factories
from tests.edge import Staff
from tests.pages import Browser

BASE = "http://localhost"


class Asking:
    """An agency with listings nobody has confirmed, and what became of the question."""

    def __init__(self, runtime: wiring.Runtime, org_id) -> None:
        self.runtime, self.org_id = runtime, org_id
        self.listings, self.contact_id = [], None

    def add(self, *names, phone=""):
        with self.runtime.database.writing(system()) as session, session.begin():
            first = None
            for name in names:
                made = factories.make_listing(session, now=self.now, name=name, needs=["food_pantry"])
                made.service.confirmed_at = None
                if first is None:
                    first = made
                    made.contact.service_id = None
                    made.contact.phone, made.contact.preferred = phone, Channel.SMS if phone else Channel.EMAIL
                    session.flush()
                    self.contact_id = made.contact.id
                else:
                    made.service.organization_id = first.service.organization_id
                    session.delete(made.contact)
                session.flush()
                self.listings.append(made.service.id)

    @property
    def now(self):
        return self.runtime.clock.now()

    def start(self, chosen=None):
        with self.runtime.database.writing(system(self.org_id)) as session, session.begin():
            made = campaigns.start(session, chosen or Chosen(), name="Winter", org_id=self.org_id, now=self.now)
            made_id = made.id if made else None
        self.clock()
        return made_id

    def clock(self, **later):
        if later:
            self.runtime.clock.advance(timedelta(**later))
        worker._listing_questions(self.runtime)

    def all(self, model, **wanted):
        with self.runtime.database.reading(system()) as session:
            return list(session.scalars(select(model).filter_by(**wanted)))

    def ask(self):
        (row,) = self.all(CampaignAsk)
        return row

    def messages(self):
        return sorted(
            (one for one in self.all(Message) if one.purpose in {"listing_check", "listing_digits"}),
            key=lambda one: one.created_at,
        )

    def token(self):
        return re.search(r"/r/(\w+)", self.messages()[-1].body)[1]

    def grades(self):
        with self.runtime.database.reading(system()) as session:
            found = {}
            for service_id in self.listings:
                place = session.scalar(
                    select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id == service_id)
                )
                fresh = freshness.of_listing(session, service_id, place, now=self.now)
                found[service_id] = {group: one.grade.value for group, one in fresh.groups.items()}
            return found

    def reviews(self):
        return {row.why for row in self.all(ListingReview)}


@pytest.fixture
def asking(runtime: wiring.Runtime, staff: Staff) -> Asking:
    """A directory team whose messages say where they come from."""
    links.use_base(BASE)
    with runtime.database.reading(system()) as session:
        org_id = session.scalar(select(Membership.org_id).where(Membership.user_id == staff[Role.CURATOR].id))
    return Asking(runtime, org_id)


def home(asking: Asking) -> str:
    return f"/r/{asking.token()}"


def test_one_message_for_a_contact_covers_all_its_listings(asking: Asking) -> None:
    asking.add("Alpha Pantry", "Beta Pantry", "Gamma Pantry")
    asking.start()
    (message,) = asking.messages()
    for name in ("Alpha Pantry", "Beta Pantry", "Gamma Pantry"):
        assert name in message.body
    asking.clock()
    assert len(asking.messages()) == 1
    assert asking.ask().state is AskState.SENT


def test_reading_the_page_changes_nothing_and_shows_each_group_with_its_date(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    before = asking.ask().state
    for _ in range(3):
        page = browser.get(home(asking))
    browser.client.head(home(asking))
    assert "Is your listing still right?" in page.text
    assert "513-555-0160" in page.text
    assert page.text.count("Nobody has confirmed it yet.") == 5
    assert asking.ask().state is before
    assert {grade for one in asking.grades().values() for grade in one.values()} == {"never"}


def test_three_listings_are_confirmed_with_one_tap(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry", "Beta Pantry", "Gamma Pantry")
    campaign_id = asking.start()
    page = browser.get(home(asking))
    after = browser.submit(page.form("/listings/all"))
    assert after.h1 == "Thank you"
    assert {grade for one in asking.grades().values() for grade in one.values()} == {"fresh"}
    assert asking.ask().state is AskState.ANSWERED
    asking.clock(days=8)
    assert len(asking.messages()) == 1
    (campaign,) = asking.all(Campaign, id=campaign_id)
    assert campaign.state in {CampaignState.DONE, CampaignState.SENDING}


def test_each_listing_has_its_own_answer(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry", "Beta Pantry", "Gamma Pantry")
    asking.start()
    page = browser.get(home(asking))
    page = browser.submit(page.form("/right"))
    page = browser.submit(
        page.forms[[one.action.endswith("/gone") for one in page.forms].index(True)], what="moved", text="To Elm St"
    )
    assert asking.reviews() == {ReviewWhy.MOVED}
    assert asking.ask().state is AskState.OPENED
    assert "Are your listings still right?" in page.h1


def test_this_is_not_us_asks_the_team_for_another_contact(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    page = browser.submit(browser.get(home(asking)).form("/not-us"))
    assert "You said that this is not you." in page.text
    assert asking.reviews() == {ReviewWhy.BOUNCED}
    assert {grade for one in asking.grades().values() for grade in one.values()} == {"never"}


def test_changed_words_are_proposed_and_nothing_changed_is_said(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    found = browser.get(home(asking)).links()
    form_page = browser.get(next(href for words, href in found.items() if words.startswith("Change something")))
    same = browser.submit(form_page.form(""), expect=422)
    assert "Nothing is different yet." in same.text
    wrong = browser.submit(same.form(""), phone="12", expect=422)
    assert wrong.form("").values()["phone"] == "12"
    done = browser.submit(wrong.form(""), phone="513-555-0199")
    assert "You sent changes." in done.text
    (change,) = asking.all(ListingChange)
    assert (change.submitter_label, change.origin.value) == ("agency", "agency_link")


@pytest.mark.parametrize("wrong", ["x" * 22, "A"])
def test_a_foreign_an_ended_and_a_revoked_link_show_the_same_plain_page(
    browser: Browser, asking: Asking, runtime: wiring.Runtime, wrong: str
) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    old = home(asking)
    foreign = browser.get(f"/r/{wrong}", expect=None)
    with runtime.database.writing(system()) as session, session.begin():
        links.revoke(session, subject_id=asking.ask().id, now=asking.now)
    revoked = browser.get(old, expect=None)
    assert (revoked.status, revoked.h1) == (foreign.status, foreign.h1)
    assert browser.post(f"{old}/listings/all", {}, expect=revoked.status).h1 == foreign.h1
    assert "Alpha" not in revoked.text


def test_who_holds_an_ended_link_gets_a_new_one_at_the_contact_on_file(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    old = home(asking)
    asking.runtime.clock.advance(timedelta(days=31))
    page = browser.get(old, expect=None)
    browser.submit(page.forms[0], expect=404, **{"new-link": "1"})
    assert len(asking.messages()) == 2
    assert "Is your listing still right?" in browser.get(home(asking)).text


def test_silence_is_reminded_twice_then_called_and_changes_no_date(asking: Asking) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    for days, messages in ((6, 1), (1, 2), (7, 3), (6, 3)):
        asking.clock(days=days)
        assert len(asking.messages()) == messages
    assert asking.reviews() == set()
    asking.clock(days=1)
    assert asking.reviews() == {ReviewWhy.CALL_THEM}
    assert asking.ask().state is AskState.PHONE_TASK
    asking.clock(days=24)
    assert asking.reviews() == {ReviewWhy.CALL_THEM, ReviewWhy.NO_ANSWER}
    assert {grade for one in asking.grades().values() for grade in one.values()} == {"never"}
    assert len(asking.messages()) == 3


def test_a_second_round_leaves_out_what_was_confirmed_and_who_still_has_a_question(
    browser: Browser, asking: Asking
) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    assert asking.start() is None
    browser.submit(browser.get(home(asking)).form("/right"))
    asking.runtime.clock.advance(timedelta(days=59))
    assert asking.start() is None
    asking.runtime.clock.advance(timedelta(days=2))
    assert asking.start() is not None


def test_who_does_not_want_to_be_asked_is_left_in_peace(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    page = browser.submit(browser.get(home(asking)).form("/rest"), do="never")
    assert "We do not ask you again." in page.text
    asking.clock(days=30)
    assert len(asking.messages()) == 1
    assert asking.start() is None
    with asking.runtime.database.reading(system()) as session:
        assert ask_rests.resting(session, [asking.contact_id], now=asking.now)


def test_later_asks_again_in_three_months(browser: Browser, asking: Asking) -> None:
    asking.add("Alpha Pantry")
    asking.start()
    browser.submit(browser.get(home(asking)).form("/rest"), do="later")
    asking.clock(days=60)
    assert len(asking.messages()) == 1
    asking.clock(days=31)
    assert len(asking.messages()) == 2


def test_a_paused_campaign_sends_nothing_until_it_goes_on(asking: Asking) -> None:
    asking.add("Alpha Pantry")
    campaign_id = asking.start()
    change(asking, campaign_id, campaigns.pause)
    asking.clock(days=8)
    assert len(asking.messages()) == 1
    change(asking, campaign_id, campaigns.go_on)
    asking.clock()
    assert len(asking.messages()) == 2
    change(asking, campaign_id, campaigns.stop)
    asking.clock(days=8)
    assert len(asking.messages()) == 2


def change(asking, campaign_id, work):
    with asking.runtime.database.writing(system()) as session, session.begin():
        work(session, session.get_one(Campaign, campaign_id), now=asking.now)


def test_the_team_sees_whom_it_reaches_and_the_exact_words_before_it_starts(
    browser: Browser, staff: Staff, asking: Asking
) -> None:
    asking.add("Alpha Pantry", "Beta Pantry")
    browser.be(staff[Role.CURATOR])
    page = browser.get("/curation/campaigns/new?grade=old")
    assert "1 contact is asked." in page.text
    assert "It is about 2 listings." in page.text
    assert "- Alpha Pantry" in page.text
    assert not asking.all(Message, purpose="listing_check")
    nameless = browser.submit(page.form("/curation/campaigns/new?grade"), name="", expect=422)
    assert "Give it a name" in nameless.text
    after = browser.submit(
        nameless.form("/curation/campaigns/new?grade"), name="Winter", note="Thank you for your work."
    )
    assert after.h1 == "Winter"
    asking.clock()
    (message,) = asking.messages()
    assert message.body.startswith("Thank you for your work.")
    assert "Asked" in browser.get("/curation/campaigns").text
    paused = browser.submit(steer(browser, after), do="pause")
    assert "Paused by the team" in paused.text


def steer(browser, page):
    again = browser.get(page.path)
    return next(one for one in again.forms if one.action == page.path)


def test_listings_without_a_contact_become_phone_tasks(browser: Browser, staff: Staff, asking: Asking) -> None:
    asking.add("Alpha Pantry")
    with asking.runtime.database.writing(system()) as session, session.begin():
        session.delete(session.get_one(AgencyContact, asking.contact_id))
    browser.be(staff[Role.CURATOR])
    page = browser.get("/curation/campaigns/new")
    assert "1 listing has no contact on file." in page.text
    after = browser.submit(page.form("/curation/campaigns/call"))
    assert "Call them: the link was not answered." in after.text
