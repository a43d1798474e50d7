"""An agency keeps its own listing right: by link and by account, hours by the day, and sees what was taken."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from resources_db import proposals
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange
from resources_db.models.directory import Organization, Service
from resources_db.models.messages import Message
from resources_db.models.tenants import AppUser
from resources_db.models.upkeep import ListingClaim
from resources_db.proposals import Decision
from resources_db.repositories import listings
from resources_db.tenancy import system
from resources_db.vocab import ChangeState, ClaimState, OrgKind, Role
from tests import factories
from tests.portal.link_world import send

SATURDAY = {"d5-o1": "10am", "d5-c1": "2pm"}


@pytest.fixture
def sent(runtime, app, clock):
    return send(runtime, app, clock, code_needed=False)


@pytest.fixture
def page(sent, browser):
    browser.submit(browser.get(f"/r/{sent.token('agency_new')}").form("/agency/open"))
    return browser.get(f"/r/{sent.token('agency_new')}/agency/edit")


def key_of(sent) -> ListingKey:
    return ListingKey(sent.cast.food_bank.service.id, sent.cast.food_bank.location.id)


def published(sent):
    with sent.runtime.database.reading(system()) as session:
        found = listings.get(session, key_of(sent), include_staff=True)
    assert found is not None
    return found


def proposed(sent) -> dict[str, str]:
    with sent.runtime.database.reading(system()) as session:
        found = session.scalars(select(ListingChange)).all()
        changes = [proposals.get(session, one.id) for one in found]
    return {field.field: field.new for change in changes if change for field in change.fields}


def test_two_times_typed_for_saturday_are_one_proposal_and_the_rest_stays(sent, browser, page) -> None:
    before = published(sent)
    done = browser.submit(page.form("/agency/edit"), **SATURDAY)
    assert done.h1 == "Saved, thank you"
    assert "The directory team looks at it" in done.text
    assert list(proposed(sent)) == ["hours"]
    assert "Sat 10:00 am-2:00 pm" in proposed(sent)["hours"]
    assert published(sent) == before


def test_the_proposed_week_keeps_the_days_that_were_known(sent, browser, page) -> None:
    browser.submit(page.form("/agency/edit"), **SATURDAY)
    from resources_db import week

    was, now = week.of_rules(published(sent).rules), week.of_text(proposed(sent)["hours"])
    assert now is not None
    assert now[5] == ((600, 840),)
    assert was is None or [*was[:5], was[6]] == [*now[:5], now[6]]


def test_a_time_that_is_none_stands_beside_its_day(sent, browser, page) -> None:
    wrong = browser.submit(page.form("/agency/edit"), **{"d5-o1": "ten-ish", "d5-c1": "2pm"}, expect=422)
    assert "Type when it opens and when it closes" in wrong.text
    assert wrong.form("/agency/edit").values()["d5-o1"] == "ten-ish"
    assert proposed(sent) == {}


def test_days_and_words_at_once_is_a_question_back(sent, browser, page) -> None:
    wrong = browser.submit(page.form("/agency/edit"), hours="2nd Tuesday 1 pm-3 pm", **SATURDAY, expect=422)
    assert "Change the days or the words, not both." in wrong.text


def test_a_form_sent_as_it_came_changes_nothing(sent, browser, page) -> None:
    assert "Nothing is different yet." in browser.submit(page.form("/agency/edit"), expect=422).text
    assert proposed(sent) == {}


def test_what_changed_meanwhile_elsewhere_is_not_proposed_back(sent, browser, page) -> None:
    form = page.form("/agency/edit")

    def meanwhile(session):
        session.get(Service, key_of(sent).service_id).description = "Written by the team meanwhile."

    sent.change(meanwhile)
    browser.submit(form, documents="A bag")
    assert proposed(sent) == {"documents": "A bag"}


def test_a_notice_with_a_near_end_goes_live_and_one_without_waits(sent, browser, page, clock) -> None:
    form = page.form("/agency/edit")
    done = browser.submit(form, alert="Closed on Friday", alert_until="2026-11-27")
    assert "Published" in done.text
    assert published(sent).alert == "Closed on Friday"
    browser.submit(form, alert="Closed until further notice", alert_until="2027-06-01")
    assert published(sent).alert == "Closed on Friday"


def test_the_agency_reads_by_the_same_link_what_was_taken_and_why_not(sent, browser, page, clock) -> None:
    browser.submit(page.form("/agency/edit"), documents="A bag", cost="Free for all")
    change = sent.one(ListingChange)

    def decide(session):
        proposals.decide(
            session, change.id, by=None, now=clock(),
            decisions={"documents": Decision(True, value="A bag to carry food"),
                       "cost": Decision(False, why="not_confirmed")},
        )  # fmt: skip

    sent.change(decide)
    told = browser.get(page.path.replace("/edit", "/edited"))
    assert "Published in other words" in told.text
    assert "A bag to carry food" in told.text
    assert "Not taken We could not confirm it." in told.text
    assert published(sent).cost_text != "Free for all"


def test_the_page_is_light_has_no_script_and_a_fetch_changes_nothing(sent, browser, page) -> None:
    before = published(sent)
    assert len(page.response.data) < 60_000
    assert "<script" not in page.html
    browser.get(page.path)
    assert published(sent) == before


def test_without_the_button_of_the_link_nothing_is_shown_or_kept(sent, browser, another) -> None:
    token = sent.token("agency_new")
    stranger = another()
    stranger.get(f"/r/{token}/agency/edit", expect=303)
    stranger.post(f"/r/{token}/agency/edit", {"documents": "A bag"}, follow=False)
    assert proposed(sent) == {}


@pytest.fixture
def hire(sent, clock, browser):
    """An account of an agency; `own`: set up with its record, else it has to claim it."""

    def work(*, own: bool):
        def make(session):
            org = factories.make_org(session, now=clock(), name="Hope Pantry", kind=OrgKind.AGENCY)
            org.organization_id = sent.cast.food_bank.organization.id if own else None
            factories.make_user(
                session, org=org, now=clock(), name="Denise Fuller", email="denise@x.example", role=Role.AGENCY_WORKER
            ).demo = True

        sent.change(make)
        browser.be(sent.one(AppUser, name="Denise Fuller"))
        return browser

    return work


def test_an_account_changes_hours_and_papers_at_once_and_its_name_after_review(sent, hire) -> None:
    denise = hire(own=True)
    assert "Hope Pantry" in denise.get("/agency/listings").text
    form = denise.get(f"/listing/{key_of(sent)}/change").form("/change")
    done = denise.submit(form, documents="A bag", name="Hope Food Pantry", room="full", **SATURDAY)
    assert "Part of it is live." in done.text
    listing = published(sent)
    assert listing.documents == ("A bag",)
    assert "Sat 10:00 am-2:00 pm" in listing.hours_text
    assert listing.capacity is not None
    assert listing.name != "Hope Food Pantry"
    assert {one.by_policy: one.state for one in sent.all(ListingChange)} == {
        True: ChangeState.APPROVED, False: ChangeState.OPEN,
    }  # fmt: skip
    assert "The directory team looks at it" in done.text


def test_one_tap_says_that_all_is_still_right(sent, hire) -> None:
    denise = hire(own=True)
    done = denise.submit(denise.get("/agency/listings").form("/right"))
    assert "Phone and hours confirmed" in done.text


def test_a_listing_of_somebody_else_is_not_found(sent, hire) -> None:
    denise = hire(own=False)
    denise.get(f"/listing/{key_of(sent)}/change", expect=404)
    token = denise.token("/agency/listings")
    for path in (f"/listing/{key_of(sent)}/change", f"/agency/listings/{key_of(sent)}/right"):
        denise.post(path, {"csrf_token": token, "documents": "x"}, expect=404, follow=False)
    assert proposed(sent) == {}


def claim(sent, denise, mail: str, **more):
    name = sent.cast.food_bank.organization.name
    page = denise.get(f"/agency/listings?q={name[:5]}")
    return denise.submit(
        page.form("/agency/claims?"), organization=str(sent.cast.food_bank.organization.id), mail=mail, **more
    )


def code_in(sent) -> str:
    mail = max(sent.all(Message, subject_kind="listing_claim"), key=lambda one: one.created_at)
    return re.search(r"\b\d{6}\b", mail.body)[0]


@pytest.fixture
def on_record(sent):
    def write(session):
        organization = session.get(Organization, sent.cast.food_bank.organization.id)
        organization.email, organization.website = "info@hope.example", "https://www.hopepantry.org/food"

    sent.change(write)


def test_a_code_to_the_address_on_the_record_claims_it(sent, hire, on_record) -> None:
    denise = hire(own=False)
    page = claim(sent, denise, "Info@Hope.example")
    wrong = denise.submit(page.form("/code"), code="000000" if code_in(sent) != "000000" else "1", expect=422)
    assert "That code is not right" in wrong.text
    done = denise.submit(wrong.form("/code"), code=code_in(sent))
    assert "You can change these listings now." in done.text
    assert sent.one(ListingClaim).state is ClaimState.VERIFIED
    denise.get(f"/listing/{key_of(sent)}/change")
    assert "No referral waits for you." in denise.get("/agency").text, "a claim opens no referral"


def test_an_address_on_the_web_domain_will_do_and_a_free_mail_host_will_not(sent, hire, on_record) -> None:
    denise = hire(own=False)
    claim(sent, denise, "denise@hopepantry.org")
    assert sent.one(ListingClaim).method == "mail_on_domain"
    for number, mail in enumerate(("denise@gmail.com", "denise@evil-hopepantry.org", ""), start=2):
        page = claim(sent, denise, mail)
        assert "The directory team checks it" in page.text
        newest = max(sent.all(ListingClaim, state=ClaimState.ASKED), key=lambda one: one.asked_at)
        assert (newest.method, newest.mailed_to) == ("person", "")
        assert len(sent.all(ListingClaim)) == number
    assert len(sent.all(Message, subject_kind="listing_claim")) == 1


def test_after_five_wrong_codes_a_person_checks(sent, hire, on_record, staff) -> None:
    denise = hire(own=False)
    page = claim(sent, denise, "info@hope.example")
    code = code_in(sent)
    for _ in range(5):
        form = page.form("/code")
        page = denise.submit(form, code="1", expect=422)
    denise.submit(form, code=code, expect=422)
    assert sent.one(ListingClaim).state is ClaimState.ASKED
    denise.be(staff[Role.CURATOR])
    rules = denise.get("/curation/rules")
    assert "Please call them, then decide." in rules.text
    denise.submit(rules.form("/curation/claims"), do="verify")
    assert sent.one(ListingClaim).state is ClaimState.VERIFIED


def test_an_old_code_is_worth_nothing(sent, hire, on_record, clock) -> None:
    denise = hire(own=False)
    page = claim(sent, denise, "info@hope.example")
    clock.forward(minutes=31)
    denise.be(sent.one(AppUser, name="Denise Fuller"))
    form = denise.get("/agency/listings").form("/code")
    denise.submit(form, code=code_in(sent), expect=422)
    assert sent.one(ListingClaim).state is ClaimState.ASKED
    assert page.h1 == "Your listings"


def test_a_navigator_suggests_and_nothing_is_live(sent, browser, staff) -> None:
    browser.be(staff[Role.NAVIGATOR])
    form = browser.get(f"/listing/{key_of(sent)}/change").form("/change")
    done = browser.submit(form, documents="A bag", room="full")
    assert "The directory team looks at it." in done.text
    assert (published(sent).documents, published(sent).capacity) == ((), None)
    assert sent.one(ListingChange).origin.value == "navigator"
