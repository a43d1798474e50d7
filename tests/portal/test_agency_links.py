"""Links that have ended, and codes: a new link goes to the contact on file only, and more links are not more tries."""

from __future__ import annotations

import pytest

from referrals import links
from referrals.codes import CONTACT_MISSES, TRIES
from resources_db.models.access import AccessLink
from resources_db.models.messages import Message
from resources_db.models.referrals import WorklistItem
from resources_db.vocab import LinkPurpose, Reason, ReferralState, WhyCode
from tests import factories
from tests.portal.link_world import contact_of, send

UNKNOWN = "/r/abcdefghijklmnopqrstuv"


@pytest.fixture
def sent(runtime, app, clock):
    return send(runtime, app, clock, code_needed=False)


@pytest.fixture
def guarded(runtime, app, clock):
    return send(runtime, app, clock)


def end(sent, clock):
    """All links of the referral are too old."""

    def age(session):
        for link in session.query(AccessLink).filter_by(subject_kind="referral"):
            link.expires_at = clock()

    sent.change(age)


def ask(browser, path):
    return browser.submit(browser.get(path, expect=404).form(path), expect=404, **{"new-link": "1"})


def test_an_ended_link_sends_a_new_one_to_the_contact_on_file_and_never_shows_it(sent, browser, clock):
    path = f"/r/{sent.token('agency_new')}"
    end(sent, clock)
    said = ask(browser, path)
    assert "a new one is on its way" in said.text
    mail = sent.one(Message, purpose="agency_link")
    assert mail.to == contact_of(sent).email
    assert sent.token("agency_link") not in said.html
    assert browser.get(f"/r/{sent.token('agency_link')}").h1 == "A referral for your agency"


def test_the_page_of_a_link_that_ended_gives_the_phone_of_the_only_clinic(sent, browser, clock, runtime):
    end(sent, clock)
    phone = "tel:+15135550142"
    assert browser.get(UNKNOWN, expect=404).tree.all("a", href=phone)

    def found_another(session):
        factories.make_org(session, now=clock(), name="Northside Care")

    sent.change(found_another)
    assert not browser.get(UNKNOWN, expect=404).tree.all("a", href=phone)


def test_whether_there_was_a_link_to_renew_cannot_be_seen(sent, browser, clock):
    path = f"/r/{sent.token('agency_new')}"
    end(sent, clock)
    assert browser.get(path, expect=404).html == browser.get(UNKNOWN, expect=404).html
    assert ask(browser, path).html == ask(browser, UNKNOWN).html
    assert len(sent.all(Message, purpose="agency_link")) == 1


def test_a_new_link_is_sent_three_times_a_day_at_most(sent, browser, clock):
    path = f"/r/{sent.token('agency_new')}"
    for _ in range(5):
        end(sent, clock)
        clock.forward(minutes=5)
        ask(browser, path)
    assert len(sent.all(Message, purpose="agency_link")) == 3
    clock.forward(days=1)
    end(sent, clock)
    ask(browser, path)
    assert len(sent.all(Message, purpose="agency_link")) == 4


def test_after_a_yes_a_new_link_still_comes(sent, browser, clock):
    path = f"/r/{sent.token('agency_new')}"
    page = browser.submit(browser.get(path).form("/agency/open"))
    browser.submit(page.form("/agency/answer"), answer="yes")
    end(sent, clock)
    ask(browser, path)
    assert browser.get(f"/r/{sent.token('agency_link')}").h1 == "A referral for your agency"


def test_the_link_to_a_wrong_patient_is_never_renewed(sent, browser):
    path = f"/r/{sent.token('agency_new')}"

    def mistaken(session):
        from referrals import by, progress
        from referrals.progress import Said

        said = Said(reason=Reason.WRONG_PATIENT)
        progress.move(
            session,
            sent.referral().id,
            to=ReferralState.WITHDRAWN,
            by=by.NAVIGATOR,
            key="w",
            now=sent.clock(),
            said=said,
        )

    sent.change(mistaken)
    before = len(sent.all(Message))
    ask(browser, path)
    assert len(sent.all(Message)) == before


def test_a_link_that_works_only_shows_its_page(sent, browser):
    path = f"/r/{sent.token('agency_new')}"
    assert browser.post(path, {"new-link": "1"}).h1 == "A referral for your agency"
    assert sent.all(Message, purpose="agency_link") == []


def test_more_links_to_one_contact_are_not_more_tries(guarded, browser, clock):
    """Each link has its five tries; all of them together have fifteen in a day."""

    def more(session):
        referral = guarded.referral()
        for number in range(4):
            subject = links.Subject(
                LinkPurpose.AGENCY, "referral", referral.id, referral.org_id, contact_id=referral.contact_id
            )
            links.issue(session, subject, now=clock(), token=f"abcdefghijklmnopqrstu{number}")

    guarded.change(more)
    locked = 0
    for number in range(4):
        clock.forward(minutes=61)
        page = browser.submit(browser.get(f"/r/abcdefghijklmnopqrstu{number}").form("/agency/open"))
        if "several codes already" in page.text or not page.tree.all("input", name="code"):
            break
        wrong = f"{(int(guarded.code()) + 1) % 1_000_000:06d}"
        for _ in range(TRIES):
            last = browser.submit(page.form("/agency/code"), code=wrong, expect=422)
        locked += "This link is locked" in last.text
    assert locked == CONTACT_MISSES // TRIES
    assert contact_of(guarded).code_misses == CONTACT_MISSES
    assert guarded.one(WorklistItem, why=WhyCode.LINK_LOCKED).done_at is None


def test_the_right_code_forgets_the_wrong_ones(guarded, browser):
    page = browser.submit(browser.get(f"/r/{guarded.token('agency_new')}").form("/agency/open"))
    right = guarded.code()
    browser.submit(page.form("/agency/code"), code=f"{(int(right) + 1) % 1_000_000:06d}", expect=422)
    assert contact_of(guarded).code_misses == 1
    browser.submit(page.form("/agency/code"), code=right)
    assert contact_of(guarded).code_misses == 0
