"""Rosa answers about one place or about all; the wrong button; is it solved; an old link; and no address after violence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from referrals import by, progress, texting
from referrals.progress import Said
from resources_db.encryption import phone_index
from resources_db.models.access import AccessLink
from resources_db.models.messages import Message
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import (
    AnswerTakenBack,
    PatientAnswer,
    Referral,
    ReferralEvent,
    ReferralTask,
    WorklistItem,
)
from resources_db.tenancy import act_as, system
from resources_db.vocab import (
    Channel,
    EventKind,
    NeedStatus,
    PatientReason,
    PatientWord,
    Question,
    ReferralState,
    Side,
    TaskKind,
    WhyCode,
)
from tests.portal.link_world import send

CSS = Path(__file__).resolve().parents[2] / "portal" / "static" / "patient.css"
MOST_BYTES = 14 * 1024
FIVE = ["got_help", "could_not", "not_needed", "other_help", "call_me"]
K, W, P = TaskKind, WhyCode, PatientWord


@pytest.fixture
def two(runtime, app, clock):
    return send(runtime, app, clock, places=2)


@pytest.fixture
def one(runtime, app, clock):
    return send(runtime, app, clock)


def path_of(sent):
    return f"/r/{sent.token('referral')}?l=en"


def buttons(form):
    return [one.attrs["value"] for one in form.element.all("button", name="answer")]


def open_items(sent):
    return {item.why for item in sent.all(WorklistItem) if item.done_at is None}


def place_form(page, ref):
    (found,) = [one for one in page.forms if one.values().get("place") == ref]
    return found


def tell(browser, path, answer, ref="", **more):
    page = browser.get(path)
    form = place_form(page, ref) if ref else page.form("/answer")
    return browser.submit(form, answer=answer, **more)


def take_back(browser, page):
    form = page.form("/back")
    (button,) = form.element.all("button", name="of")
    return browser.submit(form, of=button.attrs["value"])


def test_each_place_and_all_of_them_have_the_same_five_buttons(two, browser):
    page = browser.get(path_of(two))
    forms = [form for form in page.forms if "/answer" in form.action and form.element.all("fieldset")]
    assert [form.values().get("place", "") for form in forms] == [one.ref for one in sorted(
        two.all(Referral), key=lambda one: one.ref)] + [""]  # fmt: skip
    assert [buttons(form) for form in forms] == [FIVE] * 3
    kinds = {one.attrs.get("class", "") for form in forms for one in form.element.all("button")}
    assert kinds == {""}  # equal: none is coloured brighter than another


def test_a_word_about_one_place_is_about_that_place_only(two, browser):
    first, second = sorted(two.all(Referral), key=lambda one: one.ref)
    asked = tell(browser, path_of(two), "could_not", first.ref)
    browser.submit(asked.form("/answer"), reason="closed")
    (kept,) = two.all(PatientAnswer)
    assert (kept.referral_id, kept.reason) == (first.id, PatientReason.CLOSED)
    (item,) = [one for one in two.all(WorklistItem) if one.why is W.PATIENT_COULD_NOT]
    assert item.referral_id == first.id
    shown = [one.text for one in browser.get(path_of(two)).tree.all("article")]
    told = [("You told us: I could not get help It was closed" in words) for words in shown]
    assert told == [True, False]
    assert second.state is ReferralState.SENT


def test_five_places_with_all_their_buttons_stay_under_fourteen_kilobytes(runtime, app, clock, browser):
    sent = send(runtime, app, clock, places=5, language="es")
    for language in ("en", "es"):
        page = browser.get(f"/r/{sent.token('referral')}?l={language}")
        assert len(page.tree.all("article")) == 5
        assert len(page.tree.all("button", value="got_help")) == 6
        assert len(gzip.compress(page.response.data)) + len(gzip.compress(CSS.read_bytes())) <= MOST_BYTES
        assert (page.tree.all("script"), page.response.headers.getlist("Set-Cookie")) == ([], [])


@pytest.mark.parametrize("ref", ["ZZZZ", "'; DROP TABLE", "x" * 5_000])
def test_a_place_that_is_not_on_the_page_is_refused(two, browser, ref):
    form = browser.get(path_of(two)).form("/answer")
    browser.submit(form, answer="got_help", place=ref, expect=404)
    assert two.all(PatientAnswer) == []


@pytest.mark.parametrize("answer", FIVE)
def test_the_wrong_button_is_taken_back_within_minutes_and_everything_is_as_before(one, browser, clock, answer):
    before, tasks = open_items(one), open_tasks(one)
    done = tell(browser, path_of(one), answer)
    if answer == "could_not":
        done = browser.submit(done.form("/answer"), reason="full")
    clock.forward(minutes=9)
    again = take_back(browser, done)
    assert "You told us" not in again.text
    assert open_items(one) == before
    assert open_tasks(one) == tasks
    assert len(one.all(PatientAnswer)) == len(one.all(AnswerTakenBack)) == 1
    kinds = [event.kind for event in one.all(ReferralEvent)]
    assert (kinds.count(EventKind.ANSWER), kinds.count(EventKind.CORRECTION)) == (1, 1)
    assert one.referral().state is ReferralState.SENT


def open_tasks(sent):
    return sorted((task.kind, task.due_at) for task in sent.all(ReferralTask) if task.done_at is None)


def test_an_earlier_word_counts_again_when_a_later_one_is_taken_back(one, browser, clock):
    asked = tell(browser, path_of(one), "could_not")
    browser.submit(asked.form("/answer"), reason="closed")
    clock.forward(hours=2)
    done = tell(browser, path_of(one), "got_help")
    assert W.PATIENT_COULD_NOT not in open_items(one)
    page = take_back(browser, done)
    assert W.PATIENT_COULD_NOT in open_items(one)
    assert "You told us: I could not get help It was closed" in page.text


@pytest.mark.bad_input(41)
def test_taking_back_twice_is_once_and_after_ten_minutes_it_is_too_late(one, browser, clock):
    done = tell(browser, path_of(one), "got_help")
    take_back(browser, done)
    take_back(browser, done)
    assert len(one.all(AnswerTakenBack)) == 1
    late = tell(browser, path_of(one), "call_me")
    clock.forward(minutes=11)
    page = take_back(browser, late)
    assert len(one.all(AnswerTakenBack)) == 1
    assert "I pressed the wrong one" not in page.text
    assert W.PATIENT_WANTS_CALL in open_items(one)


@pytest.mark.parametrize("of", ["", "x", "00000000000000000000000000000000"])
def test_an_answer_that_is_not_theirs_cannot_be_taken_back(one, browser, of):
    done = tell(browser, path_of(one), "got_help")
    browser.submit(done.form("/back"), of=of, expect=404)
    assert one.all(AnswerTakenBack) == []


def test_the_thanks_page_says_what_happens_next_and_by_when(one, browser):
    done = tell(browser, path_of(one), "call_me")
    assert done.h1 == "We will call you"
    assert "You hear from us by Tuesday, November 24." in done.text
    assert "You hear from us" not in tell(browser, path_of(one), "got_help").text


def month_later(sent, clock):
    """Help came on the fifth day; thirty days after the start it is asked whether the problem is solved."""
    clock.forward(days=5)

    def helped(session):
        act_as(session, system(sent.cast.org.id))
        referral = session.get_one(Referral, sent.referral().id)
        how = by.By(Side.NAVIGATOR, Channel.PHONE, "phone: Denise")
        progress.move(session, referral.id, to=ReferralState.SERVED, by=how, key="served", now=clock(), said=Said())

    sent.change(helped)
    clock.forward(days=27)


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [("solved", NeedStatus.MET, None), ("partly_solved", NeedStatus.IN_WORK, W.PARTLY_SERVED),
     ("not_solved", NeedStatus.IN_WORK, W.PATIENT_COULD_NOT)],
)  # fmt: skip
def test_after_a_month_the_page_asks_whether_the_problem_is_solved(one, browser, clock, answer, status, why):
    assert "Is the problem solved now?" not in browser.get(path_of(one)).text
    month_later(one, clock)
    (before,) = {each.status for each in one.all(Need)}
    page = browser.get(path_of(one))
    assert "Is the problem solved now?" in page.text
    (form,) = [each for each in page.forms if buttons(each)[:1] == ["solved"]]
    assert buttons(form) == ["solved", "partly_solved", "not_solved"]
    done = browser.submit(form, answer=answer)
    (kept,) = one.all(PatientAnswer)
    (need,) = [each for each in one.all(Need) if each.id == kept.need_id]
    assert (kept.question, kept.word.value, need.status) == (Question.DAY_30, answer, status)
    assert why is None or why in open_items(one)
    assert "Is the problem solved now?" not in browser.get(path_of(one)).text
    back = take_back(browser, done)
    assert "Is the problem solved now?" in back.text
    (need,) = [each for each in one.all(Need) if each.id == kept.need_id]
    assert (need.status, need.met_at) == (before, None)


def test_an_old_link_says_the_same_as_any_other_and_a_new_one_goes_to_the_number_on_file(one, browser, clock):
    path = path_of(one)
    clock.forward(days=200)
    page = browser.get(path, expect=404)
    unknown = browser.get("/r/abcdefghijklmnopqrstuv", expect=404)
    assert page.html == unknown.html
    texts = len(one.all(Message))
    browser.post(path, {"new-link": "1"}, expect=404)
    (new,) = one.all(Message)[texts:] if len(one.all(Message)) == texts + 1 else (None,)
    assert new is not None
    assert (new.purpose, new.to) == ("reminder", "+15135550148")
    assert browser.get(f"/r/{one.token('reminder')}?l=en").h1 == "1 place near you"


@pytest.mark.parametrize("reason", ["number", "stop", "withdrawn"])
def test_no_new_link_after_a_stop_a_new_number_or_an_end(one, browser, clock, reason):
    def changed(session):
        act_as(session, system(one.cast.org.id))
        rosa = session.get_one(Patient, one.cast.rosa.id)
        if reason == "number":
            rosa.phone, rosa.phone_bix = "+15135550190", phone_index("+15135550190")
        elif reason == "stop":
            texting.withdraw(session, patient_id=rosa.id, how="page", now=clock())
        else:
            session.get_one(Referral, one.referral().id).state = ReferralState.WITHDRAWN

    path = path_of(one)
    clock.forward(days=200)
    one.change(changed)
    texts = len(one.all(Message))
    browser.post(path, {"new-link": "1"}, expect=404)
    assert len(one.all(Message)) == texts


def test_three_new_links_a_day_and_no_more(one, browser, clock):
    path = path_of(one)
    clock.forward(days=200)
    for _ in range(6):
        browser.post(path, {"new-link": "1"}, expect=404)
    assert len(one.all(Message, purpose="reminder")) == 3
    assert len(one.all(AccessLink, patient_id=one.cast.rosa.id)) == 4


def test_sixty_answers_an_hour_are_enough_for_one_link(one, browser):
    form = browser.get(path_of(one)).form("/answer")
    for number in range(62):
        page = browser.submit(
            form, answer="got_help", key=f"k{number}", expect=None if number < 60 else 429, follow=False
        )
    assert page.status == 429
    assert len(one.all(PatientAnswer)) == 60


def test_after_violence_there_is_no_address_no_map_and_a_quick_way_out(runtime, app, clock, browser):
    sent = send(runtime, app, clock)

    def violent(session):
        act_as(session, system(sent.cast.org.id))
        need = session.get_one(Need, next(each.id for each in sent.all(Need)))
        need.subneed, need.subneed_full = "housing", "dv_safety"

    sent.change(violent)
    path = path_of(sent)
    first = browser.get(path)
    assert first.h1 == "A message for you"
    shown = browser.submit(first.form("/open"))
    assert "Hope Pantry" in shown.text
    for word in ("Vine St", "45202", "openstreetmap", "maps"):
        assert word not in shown.html
    assert shown.links()["Leave this page"].startswith("https://www.weather.gov")
