"""The whole table of what the agency's word and the patient's mean together, cell by cell, through the front door.

Neither side overwrites the other, whoever speaks first; where they disagree, the page offers every way on.
"""

from __future__ import annotations

import pytest

from referrals import by, outcomes, progress
from referrals.outcomes import Agency
from referrals.outcomes import Said as Told
from resources_db.models.referrals import PatientAnswer, Referral, ReferralTask, WorklistItem
from resources_db.models.tenants import AppUser
from resources_db.tenancy import act_as, system
from resources_db.vocab import PatientWord, ReferralState, TaskKind, WhyCode
from tests.portal.caseload_world import Danas
from tests.portal.link_world import send

A, S, T, W = Agency, ReferralState, Told, WhyCode
SAYS = {A.SERVED: "served", A.PARTLY: "partly_served", A.NO: "declined:not-eligible", A.OPEN: "accepted"}
STATE = {A.SERVED: S.SERVED, A.PARTLY: S.PARTLY_SERVED, A.NO: S.DECLINED, A.SILENT: S.NO_RESPONSE, A.OPEN: S.ACCEPTED}
PAGE = {T.HELPED: "got_help", T.NOT: "could_not", T.NOT_NEEDED: "not_needed"}
WORD = {T.HELPED: PatientWord.GOT_HELP, T.PARTLY: PatientWord.PARTLY, T.NOT: PatientWord.COULD_NOT,
        T.NOT_NEEDED: PatientWord.NOT_NEEDED}  # fmt: skip
ITEMS = {
    (A.SERVED, T.HELPED): set(), (A.SERVED, T.PARTLY): {W.PARTLY_SERVED}, (A.SERVED, T.NOT): {W.DISAGREEMENT},
    (A.SERVED, T.NOTHING): set(), (A.SERVED, T.NOT_NEEDED): {W.PATIENT_NOT_NEEDED},
    (A.PARTLY, T.HELPED): {W.PARTLY_SERVED}, (A.PARTLY, T.PARTLY): {W.PARTLY_SERVED},
    (A.PARTLY, T.NOT): {W.DISAGREEMENT}, (A.PARTLY, T.NOTHING): {W.PARTLY_SERVED},
    (A.PARTLY, T.NOT_NEEDED): {W.PATIENT_NOT_NEEDED},
    (A.NO, T.HELPED): {W.PATIENT_FOUND_IT}, (A.NO, T.PARTLY): {W.PATIENT_FOUND_IT},
    (A.NO, T.NOT): {W.PATIENT_COULD_NOT}, (A.NO, T.NOTHING): {W.AGENCY_SAID_NO},
    (A.NO, T.NOT_NEEDED): {W.PATIENT_NOT_NEEDED},
    (A.SILENT, T.HELPED): set(), (A.SILENT, T.PARTLY): {W.PATIENT_FOUND_IT}, (A.SILENT, T.NOT): {W.PATIENT_COULD_NOT},
    (A.SILENT, T.NOTHING): {W.NO_RESPONSE}, (A.SILENT, T.NOT_NEEDED): {W.PATIENT_NOT_NEEDED},
    (A.OPEN, T.HELPED): set(), (A.OPEN, T.PARTLY): set(), (A.OPEN, T.NOT): {W.PATIENT_COULD_NOT},
    (A.OPEN, T.NOTHING): set(), (A.OPEN, T.NOT_NEEDED): {W.PATIENT_NOT_NEEDED},
}  # fmt: skip
OF_THE_TABLE = {W.DISAGREEMENT, W.PATIENT_FOUND_IT, W.PATIENT_COULD_NOT, W.PATIENT_NOT_NEEDED}
CELLS = [pytest.param(*cell, id=f"{cell[0]}-{cell[1]}") for cell in ITEMS]


@pytest.fixture
def sent(runtime, app, clock):
    found = send(runtime, app, clock)
    found.change(lambda session: setattr(session.get_one(AppUser, found.cast.dana.id), "demo", True))
    clock.forward(hours=1)
    return found


@pytest.fixture
def dana(app, sent):
    browser = Danas(app)
    browser.be(sent.cast.dana)
    browser.csrf = browser.token("/patients")
    return browser


def agency_says(sent, dana, agency, clock):
    if agency is A.SILENT:  # only the clock says this, never a person

        def ended(session):
            act_as(session, system(sent.cast.org.id))
            progress.move(session, sent.referral().id, to=S.NO_RESPONSE, by=by.CLOCK, key="clock", now=clock())

        sent.change(ended)
        return
    learned(sent, dana, to=SAYS[agency], said_by="phone: Denise")


def learned(sent, dana, **typed):
    """Write down on the referral's page what was learned."""
    path = f"/referrals/{sent.referral().id}"
    (form,) = [one for one in dana.get(path).forms if one.action == path and "version" in one.values()]
    return dana.submit(form, **typed)


def patient_says(sent, dana, browser, told):
    if told is T.NOTHING:
        return
    if told is T.PARTLY:  # the page has no such button: told by phone, written down by the care team
        learned(sent, dana, to="patient:partly")
        return
    page = browser.submit(browser.get(f"/r/{sent.token('referral')}?l=en").form("/answer"), answer=PAGE[told])
    if told is T.NOT:
        browser.submit(page.form("/answer"), reason="closed")


def open_items(sent):
    return {item.why for item in sent.all(WorklistItem) if item.done_at is None}


def test_the_table_has_every_cell():
    assert set(ITEMS) == set(outcomes.TABLE) == {(agency, told) for agency in A for told in T}


@pytest.mark.parametrize(("agency", "told"), CELLS)
def test_the_agency_speaks_first(sent, dana, browser, clock, agency, told):
    agency_says(sent, dana, agency, clock)
    clock.forward(minutes=5)
    patient_says(sent, dana, browser, told)
    assert ITEMS[agency, told] <= open_items(sent)
    assert open_items(sent) & OF_THE_TABLE == ITEMS[agency, told] & OF_THE_TABLE
    both_words_stand(sent, agency, told)


@pytest.mark.parametrize(("agency", "told"), [one for one in CELLS if one.values[1] is not T.NOTHING])
def test_the_patient_speaks_first(sent, dana, browser, clock, agency, told):
    patient_says(sent, dana, browser, told)
    clock.forward(minutes=5)
    agency_says(sent, dana, agency, clock)
    assert ITEMS[agency, told] <= open_items(sent)
    assert (W.DISAGREEMENT in open_items(sent)) == (W.DISAGREEMENT in ITEMS[agency, told])
    both_words_stand(sent, agency, told)


def both_words_stand(sent, agency, told):
    (referral,) = sent.all(Referral)
    assert referral.state is STATE[agency]
    assert [one.word for one in sent.all(PatientAnswer)] == ([WORD[told]] if told in WORD else [])


@pytest.mark.parametrize(("agency", "asked"), [(A.NO, 0), (A.SILENT, 0), (A.SERVED, 29), (A.OPEN, 29)])
def test_after_help_came_the_patient_is_asked_whether_the_need_is_met(sent, dana, browser, clock, agency, asked):
    agency_says(sent, dana, agency, clock)
    patient_says(sent, dana, browser, T.HELPED)
    (task,) = [one for one in sent.all(ReferralTask) if one.kind is TaskKind.ASK_DAY_30]
    assert (task.due_at - clock()).days in {asked, max(asked - 1, 0)}


@pytest.mark.parametrize("told", [T.HELPED, T.NOT])
def test_while_it_is_open_the_agency_is_asked_to_say_its_part(sent, dana, browser, clock, told):
    agency_says(sent, dana, A.OPEN, clock)
    patient_says(sent, dana, browser, told)
    assert TaskKind.AGENCY_CONFIRM in {one.kind for one in sent.all(ReferralTask)}


def test_a_disagreement_shows_both_sides_and_every_way_on(sent, dana, browser, clock):
    agency_says(sent, dana, A.SERVED, clock)
    patient_says(sent, dana, browser, T.NOT)
    page = dana.get(f"/referrals/{sent.referral().id}")
    assert "They disagree" in page.text
    for words in ("We helped.", "I could not get help", "it was closed"):
        assert words in page.text
    offered = {one.attrs.get("value") for one in page.tree.all("input", name="to")}
    assert {"found:helped", "found:not_helped", "patient:got_help"} <= offered
    assert "tel:+15135550160" in page.html
    assert "Search for more places" in page.text
    learned(sent, dana, to="found:not_helped", text="The door was shut.")
    assert W.DISAGREEMENT not in open_items(sent)
    again = dana.get(f"/referrals/{sent.referral().id}")
    assert "The care team found: help did not come" in again.text
    both_words_stand(sent, A.SERVED, T.NOT)
