"""What goes live at once and what a person decides: the table of the paper, cell by cell."""

from datetime import date

import pytest

from resources_db import policy
from resources_db.listing_fields import FIELDS
from resources_db.policy import DEFAULTS, Case, Risk
from resources_db.vocab import ChangeOrigin, PolicyDecision

LIVE, SAMPLED, REVIEW = PolicyDecision.LIVE, PolicyDecision.SAMPLED, PolicyDecision.REVIEW
MEMBER, LINK, NAVIGATOR, PATIENT = (
    ChangeOrigin.AGENCY_MEMBER, ChangeOrigin.AGENCY_LINK, ChangeOrigin.NAVIGATOR, ChangeOrigin.PATIENT_REPORT,
)  # fmt: skip
TODAY = date(2026, 11, 23)


def one(name: str, text: str, origin: ChangeOrigin = MEMBER, *, old: str = "", table: policy.Table = DEFAULTS, **more):
    facts = {"verified": origin is MEMBER, "today": TODAY, **more}
    return policy.judge(Case({name: old}, {name: text}, origin, **facts), table)[name]


@pytest.mark.parametrize(
    ("name", "text", "by_member", "by_link", "by_others"),
    [
        ("room", "full until 2026-12-24", LIVE, LIVE, REVIEW),
        ("hours", "Sat 10 am-2 pm", LIVE, REVIEW, REVIEW),
        ("phone", "513-555-0164", LIVE, REVIEW, REVIEW),
        ("email", "new@hope.example", LIVE, REVIEW, REVIEW),
        ("documents", "A bag", SAMPLED, REVIEW, REVIEW),
        ("cost", "$5 a visit", SAMPLED, REVIEW, REVIEW),
        ("languages", "es", SAMPLED, REVIEW, REVIEW),
        ("access", "walk_in", SAMPLED, REVIEW, REVIEW),
        ("name", "Hope", REVIEW, REVIEW, REVIEW),
        ("city", "Norwood", REVIEW, REVIEW, REVIEW),
        ("eligibility", "Everybody", REVIEW, REVIEW, REVIEW),
        ("description", "Food", REVIEW, REVIEW, REVIEW),
        ("status", "defunct", REVIEW, REVIEW, REVIEW),
    ],
)
def test_the_table_of_the_paper(name, text, by_member, by_link, by_others) -> None:
    assert one(name, text, MEMBER) is by_member
    assert one(name, text, LINK) is by_link
    assert one(name, text, ChangeOrigin.CAMPAIGN) is by_link
    assert {one(name, text, NAVIGATOR), one(name, text, PATIENT), one(name, text, ChangeOrigin.IMPORT)} == {by_others}


def test_every_field_has_its_row() -> None:
    assert set(policy.RISK_OF) == set(FIELDS)


def test_an_account_that_has_not_shown_that_the_listing_is_its_own_is_reviewed() -> None:
    assert one("room", "open", MEMBER, verified=False) is REVIEW
    assert one("hours", "Mon 9-5", MEMBER, verified=False) is REVIEW


def test_of_a_sensitive_listing_only_room_goes_live() -> None:
    assert one("hours", "Mon 9-5", MEMBER, sensitive=True) is REVIEW
    assert one("documents", "A bag", MEMBER, sensitive=True) is REVIEW
    assert one("alert", "Moved", MEMBER, sensitive=True, alert_until=date(2026, 12, 1)) is REVIEW
    assert one("room", "open", LINK, sensitive=True) is LIVE


def test_a_website_goes_live_on_the_same_host_only() -> None:
    old = "https://www.hope.example/food"
    assert one("url", "http://hope.example/new", old=old) is LIVE
    assert one("url", "", old=old) is LIVE
    assert one("url", "https://hope.example.evil.test/", old=old) is REVIEW
    assert one("url", "https://hope.example", old="") is REVIEW


@pytest.mark.parametrize("text", ["See http://x.test", "www.x.test", "Apply at cheap-loans.com today"])
def test_a_text_with_a_link_is_for_a_person(text) -> None:
    assert one("documents", text) is REVIEW
    assert one("hours", text) is REVIEW


@pytest.mark.parametrize("text", ["Photo ID. No papers", "8 a.m. to 5 p.m.", "A bag. Bring it."])
def test_plain_sentences_are_not_taken_for_links(text) -> None:
    assert one("documents", text) is SAMPLED


def test_more_than_five_fields_are_for_a_person() -> None:
    names = ("hours", "phone", "email", "documents", "cost", "languages")
    old = dict.fromkeys(names, "")
    six = policy.judge(Case(old, dict.fromkeys(names, "x"), MEMBER, verified=True, today=TODAY), DEFAULTS)
    assert set(six.values()) == {REVIEW}
    five = policy.judge(Case(old, dict.fromkeys(names[:5], "x"), MEMBER, verified=True, today=TODAY), DEFAULTS)
    assert set(five.values()) == {LIVE, SAMPLED}


def test_a_notice_goes_live_for_thirty_days_at_most() -> None:
    assert one("alert", "Closed Friday", LINK, alert_until=date(2026, 12, 23)) is LIVE
    assert one("alert", "Closed Friday", LINK, alert_until=date(2026, 12, 24)) is REVIEW
    assert one("alert", "Closed Friday", LINK) is REVIEW
    assert one("alert", "", LINK, old="Closed Friday") is LIVE


def test_the_administrator_moves_a_cell_but_never_closing_or_a_patients_word() -> None:
    table = {(risk, origin): LIVE for risk in Risk for origin in ChangeOrigin}
    assert one("hours", "Mon 9-5", LINK, table=table) is LIVE
    assert one("hours", "Mon 9-5", NAVIGATOR, table=table) is LIVE
    assert one("hours", "Mon 9-5", PATIENT, table=table) is REVIEW
    assert one("status", "defunct", MEMBER, table=table) is REVIEW
    assert one("hours", "Mon 9-5", MEMBER, table={(Risk.HOURS_CONTACT, MEMBER): REVIEW}) is REVIEW


def test_one_in_ten_of_random_ids_is_sampled() -> None:
    assert sum(policy.is_sampled(number) for number in range(1_000)) == 100
