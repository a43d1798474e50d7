"""What an agency does with its link, through the front door: open, type the code, answer, mend, on both databases."""

from __future__ import annotations

import gzip
import threading

import pytest

from resources_db.models.access import AccessLink
from resources_db.models.consents import Disclosure
from resources_db.models.curation import CapacityStatement, FieldMark, ListingChange
from resources_db.models.directory import Phone, Schedule, Service
from resources_db.models.referrals import Referral, ReferralEvent, WorklistItem
from resources_db.vocab import CapacityState, ReferralState, WhyCode
from tests.portal.link_world import contact_of, send

S = ReferralState
MOST_BYTES = 20 * 1024


@pytest.fixture
def sent(runtime, app, clock):
    """A referral to Hope Pantry whose link needs no code."""
    return send(runtime, app, clock, code_needed=False)


@pytest.fixture
def guarded(runtime, app, clock):
    """A referral to Hope Pantry whose link needs the code."""
    return send(runtime, app, clock)


@pytest.fixture
def page(sent, browser):
    """The referral, opened by its button."""
    path = f"/r/{sent.token('agency_new')}"
    return browser.submit(browser.get(path).form("/agency/open"))


def press(browser, page, answer, **typed):
    return browser.submit(page.form("/agency/answer"), answer=answer, **typed)


def weight(page):
    return len(gzip.compress(page.response.data))


@pytest.mark.bad_input(32, 34)
def test_twenty_fetches_show_nobody_and_change_nothing(sent, browser):
    path = f"/r/{sent.token('agency_new')}"
    before = sent.referral().version, len(sent.all(ReferralEvent)), len(sent.all(Disclosure))
    for _ in range(20):
        page = browser.get(path)
        browser.client.head(path)
    assert page.h1 == "A referral for your agency"
    assert not any(word in page.html for word in ("Rosa", "513-555-0148", "food", "Food", "45202"))
    assert (sent.referral().version, len(sent.all(ReferralEvent)), len(sent.all(Disclosure))) == before
    assert sent.one(AccessLink, subject_kind="referral").uses == 0


def test_the_button_opens_it_moves_it_to_seen_and_writes_the_disclosure(sent, page):
    assert page.h1 == "Can you help Rosa?"
    assert page.tree.all("title")[0].text == "Can you help"
    for fact in ("513-555-0148", "45202", "Please call after 3 p.m."):
        assert fact in page.text
    assert "Martinez" not in page.html  # not a shared field of a food need
    assert sent.referral().state is S.SEEN
    assert sent.referral().answered_at is None
    assert len(sent.all(Disclosure)) == 2  # the send, and this view
    assert weight(page) <= MOST_BYTES
    assert "<script" not in page.html


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("yes", S.ACCEPTED),
        ("waitlist", S.WAITLISTED),
        ("helped", S.SERVED),
        ("could_not_reach", S.CONTACTING),
    ],
)
def test_one_tap_is_an_answer_and_says_what_happens_next(sent, browser, page, answer, state):
    done = press(browser, page, answer)
    assert done.h1 == "Thank you"
    assert sent.referral().state is state
    assert sent.referral().answered_at is not None


def test_no_asks_one_reason_and_a_full_agency_is_shown_as_full(sent, browser, page):
    reasons = press(browser, page, "no")
    assert reasons.h1 == "What is the reason?"
    assert sent.referral().state is S.SEEN
    browser.submit(reasons.form("/agency/answer"), reason="no-capacity")
    assert sent.referral().state is S.DECLINED
    assert sent.one(CapacityStatement).state is CapacityState.FULL


def test_another_reason_needs_a_few_words_and_keeps_what_was_typed(sent, browser, page):
    form = press(browser, page, "no").form("/agency/answer")
    again = browser.submit(form, reason="other", text="no", expect=422)
    assert "Type a few words" in again.text
    assert again.tree.all("input", name="text")[0].attrs["value"] == "no"
    browser.submit(again.form("/agency/answer"), reason="other", text="The roof leaks")
    assert sent.referral().state is S.DECLINED


def test_the_same_form_sent_twice_is_one_answer(sent, browser, page):
    form = page.form("/agency/answer")
    browser.submit(form, answer="yes")
    browser.submit(form, answer="yes")
    moves = [event for event in sent.all(ReferralEvent) if event.to_state is S.ACCEPTED]
    assert len(moves) == 1


def test_after_waitlist_a_date_can_be_told_and_waiting_is_not_full(sent, browser, page):
    thanks = press(browser, page, "waitlist")
    form = thanks.form("/agency/answer")
    browser.submit(form, **{"wait-month": "12", "wait-day": "18", "wait-year": "26"})
    assert sent.referral().next_on.isoformat() == "2026-12-18"
    assert sent.one(CapacityStatement).state is CapacityState.WAITLIST


def test_a_yes_leads_to_next_steps_and_a_date_must_be_a_day(sent, browser, page):
    press(browser, page, "yes")
    page = browser.get(page.path)
    assert page.h1 == "How is it going with Rosa?"
    step = press(browser, page, "scheduled").form("/agency/answer")
    wrong = browser.submit(step, month="2", day="30", year="2027", expect=422)
    assert "There is no such day" in wrong.text
    assert wrong.tree.all("input", name="day")[0].attrs["value"] == "30"
    browser.submit(wrong.form("/agency/answer"), month="12", day="4", year="2026")
    assert (sent.referral().state, sent.referral().next_on.isoformat()) == (S.SCHEDULED, "2026-12-04")


def test_the_wrong_button_can_be_taken_back_for_ten_minutes_and_no_longer(sent, browser, page, clock):
    thanks = press(browser, page, "helped")
    back = browser.submit(thanks.form("/agency/undo"))
    assert back.h1 == "Can you help Rosa?"
    assert len(sent.all(Referral)) == 2
    thanks = press(browser, back, "helped")
    clock.forward(minutes=11)
    late = browser.submit(thanks.form("/agency/undo"), expect=409)
    assert late.h1 == "It is too late to change this"


def test_after_the_end_the_person_is_no_longer_shown(sent, browser, page):
    press(browser, page, "helped")
    page = browser.get(page.path)
    assert "Rosa" not in page.html
    assert "513-555-0148" not in page.html


def test_the_second_of_two_answers_learns_who_was_faster_and_keeps_its_words(sent, browser, another, page):
    other = another()
    theirs = other.submit(other.get(page.path).form("/agency/open"))
    press(browser, page, "yes")
    step = press(other, theirs, "no").form("/agency/answer")
    lost = other.submit(step, reason="other", text="We moved last week", expect=409)
    assert lost.h1 == "Somebody was faster"
    assert "Hope Pantry" in lost.text
    assert "We moved last week" in lost.html
    assert sent.referral().state is S.ACCEPTED
    other.submit(lost.form("/agency/ask"))
    assert sent.one(WorklistItem, why=WhyCode.AGENCY_QUESTION).words == "We moved last week"


@pytest.mark.bad_input(40)
def test_another_device_presses_its_own_button(sent, browser, another, page):
    assert browser.get(page.path).h1 == "Can you help Rosa?"
    assert another().get(page.path).h1 == "A referral for your agency"


@pytest.mark.bad_input(39)
def test_after_half_an_hour_the_page_is_neutral_again_and_never_kept(browser, page, clock):
    assert page.response.headers["Cache-Control"] == "no-store"
    clock.forward(minutes=31)
    assert "Rosa" not in browser.get(page.path).html


@pytest.mark.bad_input(42)
def test_a_withdrawn_referral_says_so_without_reason_or_person(sent, browser, page, another):
    def withdraw(session):
        from referrals import by, progress
        from referrals.progress import Said
        from resources_db.vocab import Reason

        said = Said(reason=Reason.CLIENT_DECLINED)
        who = by.NAVIGATOR
        progress.move(session, sent.referral().id, to=S.WITHDRAWN, by=who, key="w", now=sent.clock(), said=said)

    sent.change(withdraw)
    stranger = another()
    gone = stranger.get(page.path)
    assert gone.h1 == "This referral is no longer needed"
    assert "513-555-0142" in gone.text
    assert not any(word in gone.html for word in ("Rosa", "declined", "0148"))
    assert "read this" in stranger.submit(gone.form("/agency/open")).text
    late = browser.submit(page.form("/agency/answer"), answer="yes", expect=409)
    assert late.h1 == "This referral is no longer needed"


@pytest.mark.bad_input(33)
def test_expired_unknown_and_foreign_links_share_one_page(sent, browser, page, clock):
    def revoke(session):
        for link in session.query(AccessLink):
            link.revoked_at = clock()

    unknown = browser.get("/r/abcdefghijklmnopqrstuv", expect=404)
    patients = browser.post(f"/r/{sent.token('referral')}/agency/open", expect=404)
    sent.change(revoke)
    assert browser.get(page.path, expect=404).html == unknown.html == patients.html


def test_a_question_reaches_a_person_and_changes_nothing(sent, browser, page):
    done = browser.submit(page.form("/agency/ask"), text="Does the family have a stove?")
    assert "Your question is with Riverside Care" in done.text
    assert sent.one(WorklistItem, why=WhyCode.AGENCY_QUESTION).words == "Does the family have a stove?"
    assert sent.referral().state is S.SEEN


def test_room_is_shown_at_once_with_its_date(sent, browser, page):
    wrong = browser.submit(page.form("/agency/room"), room="full", month="1", day="1", year="2020", expect=422)
    assert "Type a day from today on" in wrong.text
    form = page.form("/agency/room")
    done = browser.submit(form, room="full", month="12", day="1", year="2026")
    assert "Full until Dec 1" in done.text
    browser.submit(form, room="full", month="12", day="1", year="2026")
    said = sent.one(CapacityStatement)
    assert (said.state, said.until.isoformat(), said.said_by) == (CapacityState.FULL, "2026-12-01", "agency")
    assert "Full until Dec 1" in browser.get(page.path).text


def test_a_listing_change_waits_for_the_directory_team(sent, browser, page):
    def published():
        phones = sorted((row.number, row.e164) for row in sent.all(Phone))
        hours = sorted((row.byday, row.opens_at) for row in sent.all(Schedule))
        return phones, hours, [(one.version, one.edited_at, one.confirmed_at) for one in sent.all(Service)]

    before = published()
    form = page.form("/agency/listing")
    assert form.values()["phone"] == "513-555-0160"
    assert "9:00" in form.values()["hours"]
    wrong = browser.submit(form, phone="555", do="change", expect=422)
    assert "10 digits" in wrong.text
    done = browser.submit(form, hours="Saturday 9 am-1 pm", do="true")
    assert "The directory team looks at your changes" in done.text
    (change,) = sent.all(ListingChange)
    assert change.origin.value == "agency_link"
    assert published() == before
    assert sent.all(FieldMark) == []


def test_all_still_true_is_a_confirmation_and_nothing_else(sent, browser, page):
    done = browser.submit(page.form("/agency/listing"), do="true")
    assert "checked it today" in done.text
    said = {mark.field_group.value for mark in sent.all(FieldMark, confirmed_method="agency_link")}
    assert said == {"hours", "contact", "who_can_go"}
    assert sent.all(ListingChange) == []
    nothing = browser.submit(page.form("/agency/listing"), do="change", expect=422)
    assert "Nothing is different yet" in nothing.text


def test_messages_stop_at_once_and_come_back_by_one_button(sent, browser, page):
    stopped = browser.submit(page.form("/agency/stop"))
    assert stopped.h1 == "No more messages"
    assert contact_of(sent).ended_at is not None
    assert sent.one(WorklistItem, why=WhyCode.NOTICE_NOT_CONFIRMED).done_at is None
    browser.submit(stopped.form("/agency/start"))
    assert contact_of(sent).ended_at is None


def test_the_page_speaks_the_agencys_language(runtime, app, clock, browser):
    sent = send(runtime, app, clock, code_needed=False, language="es")
    path = f"/r/{sent.token('agency_new')}"
    page = browser.get(path)
    assert page.tree.all("html")[0].attrs["lang"] == "es"
    english = browser.get(f"{path}?l=en")
    opened = browser.submit(english.form("/agency/open"))
    assert opened.h1 == "Can you help Rosa?"
    assert "l=en" in opened.form("/agency/answer").action


def test_before_the_code_there_is_no_person_but_no_and_waitlist_work(guarded, browser):
    page = browser.submit(browser.get(f"/r/{guarded.token('agency_new')}").form("/agency/open"))
    assert page.h1 == "Type the code we sent you"
    assert "r…@hope-pantry.example" in page.text
    assert not any(word in page.html for word in ("Rosa", "513-555-0148", "food"))
    form = page.form("/agency/answer")
    refused = browser.submit(form, answer="yes")
    assert refused.h1 == "Type the code we sent you"
    assert guarded.referral().state is S.SEEN
    done = browser.submit(form, answer="waitlist")
    assert done.h1 == "Thank you"
    assert "Rosa" not in done.html
    assert guarded.referral().state is S.WAITLISTED


def test_the_code_opens_this_browser_for_half_an_hour(guarded, browser, another, clock):
    path = f"/r/{guarded.token('agency_new')}"
    page = browser.submit(browser.get(path).form("/agency/open"))
    opened = browser.submit(page.form("/agency/code"), code=f" {guarded.code()[:3]} {guarded.code()[3:]} ")
    assert opened.h1 == "Can you help Rosa?"
    assert len(guarded.all(Disclosure)) == 2
    assert "Rosa" not in another().get(path).html
    clock.forward(minutes=31)
    assert "Rosa" not in browser.get(path).html


def test_a_code_is_too_old_after_ten_minutes_and_a_new_one_works(guarded, browser, clock):
    page = browser.submit(browser.get(f"/r/{guarded.token('agency_new')}").form("/agency/open"))
    code = guarded.code()
    clock.forward(minutes=11)
    old = browser.submit(page.form("/agency/code"), code=code, expect=422)
    assert "too old" in old.text
    fresh = browser.submit(old.form("/agency/new-code"))
    assert browser.submit(fresh.form("/agency/code"), code=guarded.code()).h1 == "Can you help Rosa?"


@pytest.mark.bad_input(36)
def test_the_sixth_wrong_code_finds_the_link_locked_and_a_navigator_told(guarded, browser):
    page = browser.submit(browser.get(f"/r/{guarded.token('agency_new')}").form("/agency/open"))
    right = guarded.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    form = page.form("/agency/code")
    for left in (4, 3, 2, 1):
        answer = browser.submit(form, code=wrong, expect=422)
        assert (f"try {left} more times" if left > 1 else "try once more") in answer.text
    browser.submit(form, code=wrong, expect=422)
    locked = browser.submit(form, code=right, expect=422)
    assert "This link is locked" in locked.text
    assert guarded.one(WorklistItem, why=WhyCode.LINK_LOCKED).done_at is None
    assert guarded.one(AccessLink, subject_kind="referral").code_tries == 5


@pytest.mark.bad_input(37)
def test_fifty_codes_at_once_are_five_tries(app, guarded, browser, another):
    path = f"/r/{guarded.token('agency_new')}"
    browser.submit(browser.get(path).form("/agency/open"))
    wrong = f"{(int(guarded.code()) + 1) % 1_000_000:06d}"
    statuses: list[int] = []

    def typed():
        statuses.append(app.test_client().post(f"{path}/agency/code", data={"code": wrong}).status_code)

    threads = [threading.Thread(target=typed) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link = guarded.one(AccessLink, subject_kind="referral")
    assert (link.code_tries, link.locked_at is not None) == (5, True)
    assert len(statuses) == 50
    assert set(statuses) <= {422, 503}


def test_a_link_left_lying_for_two_weeks_asks_for_the_code(sent, browser, clock):
    clock.forward(days=15)
    page = browser.submit(browser.get(f"/r/{sent.token('agency_new')}").form("/agency/open"))
    assert page.h1 == "Type the code we sent you"


def test_an_answer_after_no_response_still_counts(sent, browser, page, clock):
    def give_up(session):
        from referrals import by, progress

        progress.move(session, sent.referral().id, to=S.NO_RESPONSE, by=by.CLOCK, key="late", now=clock())

    sent.change(give_up)
    clock.forward(minutes=5)
    press(browser, page, "yes")
    assert sent.referral().state is S.ACCEPTED
    assert len(sent.all(Referral)) == 2


def test_codes_are_sent_three_times_an_hour_at_most(guarded, browser, clock):
    page = browser.submit(browser.get(f"/r/{guarded.token('agency_new')}").form("/agency/open"))
    form = page.form("/agency/new-code")
    for _ in range(2):
        clock.forward(minutes=1)
        browser.submit(form)
    assert "several codes already" in browser.submit(form, expect=422).text
    clock.forward(minutes=61)
    browser.submit(form, expect=303, follow=False)


def test_a_language_link_on_a_form_page_leads_to_a_page_that_can_be_fetched(browser, page):
    step = press(browser, page, "no")
    (spanish,) = [one for one in step.tree.all("a") if one.attrs.get("hreflang") == "es"]
    assert browser.get(spanish.attrs["href"]).tree.all("html")[0].attrs["lang"] == "es"


def test_only_languages_in_which_the_whole_page_is_written_are_offered(browser, page):
    assert {one.attrs["hreflang"] for one in page.tree.all("a") if "hreflang" in one.attrs} == {"es"}
    assert browser.get(f"{page.path}?l=ar").tree.all("html")[0].attrs["lang"] == "en"
