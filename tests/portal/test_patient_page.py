"""What Rosa does with her link: read, dial, answer, say that she is somebody else. No script, no name, on both databases."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from resources_db.models.access import AccessLink
from resources_db.models.messages import Suppression
from resources_db.models.referrals import PatientAnswer, ReferralEvent, WorklistItem
from resources_db.vocab import PatientReason, PatientWord, ReferralState, WhyCode
from tests.portal.link_world import send

CSS = Path(__file__).resolve().parents[2] / "portal" / "static" / "patient.css"
MOST_BYTES = 14 * 1024
W, P = WhyCode, PatientWord


@pytest.fixture
def sent(runtime, app, clock):
    return send(runtime, app, clock)


@pytest.fixture
def path(sent):
    return f"/r/{sent.token('referral')}"


def say(browser, path, answer, **more):
    return browser.submit(browser.get(path).form("/answer"), answer=answer, **more)


def test_five_places_weigh_less_than_fourteen_kilobytes_with_their_styles(runtime, app, clock, browser):
    sent = send(runtime, app, clock, places=5)
    page = browser.get(f"/r/{sent.token('referral')}")
    assert len(page.tree.all("article")) == 5
    assert len(gzip.compress(page.response.data)) + len(gzip.compress(CSS.read_bytes())) <= MOST_BYTES
    assert page.tree.all("script") == []


def test_it_speaks_her_language_and_names_neither_her_nor_her_need_in_the_title(browser, path):
    page = browser.get(path)
    assert page.tree.all("html")[0].attrs["lang"] == "es"
    assert page.h1 == "1 lugar cerca de usted"
    for word in ("Rosa", "Martinez", "0148"):
        assert word not in page.html
    title = page.tree.all("title")[0].text.casefold()
    assert not any(word in title for word in ("comida", "alimento", "food", "pantry"))
    english = browser.get(f"{path}?l=en")
    assert english.h1 == "1 place near you"
    assert "tel:+15135550160" in english.html


@pytest.mark.bad_input(32)
def test_twenty_fetches_change_nothing(sent, browser, path):
    before = len(sent.all(ReferralEvent))
    for _ in range(20):
        browser.get(path)
        browser.client.head(path)
        browser.get(f"{path}/thanks/got_help")
    assert (sent.all(PatientAnswer), len(sent.all(ReferralEvent))) == ([], before)
    assert {link.uses for link in sent.all(AccessLink)} == {0}


@pytest.mark.bad_input(38)
def test_the_page_is_kept_nowhere_and_tells_nobody_where_it_was(browser, path):
    headers = browser.get(path).response.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    ("answer", "why"),
    [("got_help", None), ("not_needed", W.PATIENT_NOT_NEEDED), ("other_help", W.PATIENT_OTHER_HELP),
     ("call_me", W.PATIENT_WANTS_CALL)],
)  # fmt: skip
def test_an_answer_is_one_tap_and_never_moves_the_referral(sent, browser, path, answer, why):
    done = say(browser, path, answer)
    assert done.path.split("?")[0].endswith(f"/thanks/{answer}")
    kept = sent.one(PatientAnswer)
    assert (kept.word.value, kept.channel.value) == (answer, "link")
    assert sent.referral().state is ReferralState.SENT
    if why is not None:
        assert why in {item.why for item in sent.all(WorklistItem) if item.done_at is None}


@pytest.mark.parametrize("reason", list(PatientReason))
def test_could_not_asks_one_reason_in_one_tap(sent, browser, path, reason):
    asked = say(browser, path, "could_not")
    assert sent.all(PatientAnswer) == []
    assert reason.value in {one.attrs.get("value") for one in asked.tree.all("button", name="reason")}
    browser.submit(asked.form("/answer"), reason=reason.value)
    kept = sent.one(PatientAnswer)
    assert (kept.word, kept.reason) == (P.COULD_NOT, reason)
    assert W.PATIENT_COULD_NOT in {item.why for item in sent.all(WorklistItem)}


@pytest.mark.bad_input(41)
def test_a_double_tap_is_one_record_and_the_same_thanks(sent, browser, path):
    form = browser.get(path).form("/answer")
    first = browser.submit(form, answer="got_help")
    second = browser.submit(form, answer="got_help")
    assert first.html == second.html
    assert len(sent.all(PatientAnswer)) == 1


def test_an_answer_that_is_none_is_refused_and_keeps_nothing(sent, browser, path):
    form = browser.get(path).form("/answer")
    for bad in ("", "solved", "'; DROP TABLE"):
        browser.submit(form, answer=bad, expect=404)
    assert sent.all(PatientAnswer) == []


def test_the_wrong_person_ends_the_texts_and_the_link(sent, browser, path):
    page = browser.get(path)
    (button,) = page.tree.all("button", value="wrong_person")
    done = browser.post(button.inside("form").attrs["action"], {"answer": "wrong_person", "key": "k"})
    assert done.status == 200
    assert len(sent.all(Suppression)) == 1
    assert W.WRONG_PERSON in {item.why for item in sent.all(WorklistItem)}
    browser.get(path, expect=404)


@pytest.mark.bad_input(34)
def test_a_sensitive_need_shows_a_page_that_says_nothing_until_its_button(runtime, app, clock, browser):
    sent = send(runtime, app, clock, need="counseling", domain="behavioral_health")
    path = f"/r/{sent.token('referral')}"
    first = browser.get(f"{path}?l=en")
    assert first.h1 == "A message for you"
    assert not any(word in first.html for word in ("Hope Pantry", "Vine St", "ounsel"))
    shown = browser.submit(first.form("/open"))
    assert "Hope Pantry" in shown.text
    assert "openstreetmap" not in shown.html
    assert browser.get(f"{path}?l=en").h1 == "A message for you"


@pytest.mark.bad_input(33, 42)
def test_expired_unknown_and_withdrawn_links_share_one_page(sent, browser, path, clock):
    unknown = browser.get("/r/abcdefghijklmnopqrstuv", expect=404)
    wrong = browser.get(f"/r/{sent.token('agency_new')}/thanks/got_help", expect=404)
    clock.forward(days=400)
    assert browser.get(path, expect=404).html == unknown.html == wrong.html
