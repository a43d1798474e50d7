"""The table of patients in the browser: filters in the address, saved views, hand-over, cover, and the file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from referrals import worklist
from resources_db.models.access import AuditEvent
from resources_db.models.people import Assignment
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import Role, WhyCode
from tests import factories
from tests.portal.caseload_world import Danas, rows


@pytest.fixture
def colleagues(runtime, world, clock):
    """Marcus, a navigator, and Priya, the supervisor."""
    with runtime.database.writing(system()) as session, session.begin():
        org, team = session.merge(world.org), session.merge(world.team)
        made = [
            factories.make_user(session, org=org, team=team, now=clock(), name=name, email=mail, role=role)
            for name, mail, role in (
                ("Marcus Reed", "marcus@riverside.example", Role.NAVIGATOR),
                ("Priya Raman", "priya@riverside.example", Role.SUPERVISOR),
            )
        ]
        for one in made:
            one.demo = True
        session.flush()
        session.expunge_all()
    return made


def signed_in(app, person):
    browser = Danas(app)
    browser.be(person)
    browser.csrf = browser.token("/today")
    return browser


@pytest.fixture
def priya(app, colleagues):
    return signed_in(app, colleagues[1])


def names(page):
    return [one.text for one in page.tree.all("a") if "data-open" in one.attrs]


def test_the_table_shows_name_needs_waiting_and_why(dana, world):
    page = dana.get("/patients")
    assert sorted(names(page)) == ["Amina Hassan", "Minh Tran", "Rosa Martinez"]
    row = next(one for one in page.tree.all("tr") if "Rosa" in one.text)
    assert "Food pantry" in row.text
    assert "an open need" in row.text


def test_filters_stand_in_the_address_and_an_empty_list_says_how_to_widen(dana, world):
    assert names(dana.get("/patients?lang=vi")) == ["Minh Tran"]
    assert names(dana.get("/patients?need=nutrition")) == ["Rosa Martinez"]
    assert names(dana.get("/patients?tier=work")) == ["Rosa Martinez"]
    page = dana.get("/patients?need=housing&lang=ar")
    assert "Nobody fits" in page.text


@pytest.mark.parametrize("query", ["tier=9", "need='", "zip=12a", "sort=;", "page=-1", "page=9999999", "lead=x"])
def test_what_nobody_can_ask_for_is_left_out(dana, world, query):
    assert len(names(dana.get(f"/patients?{query}"))) == 3


def test_a_head_of_the_table_sorts_and_turns_round(dana, world):
    page = dana.get("/patients?sort=name")
    assert names(page) == ["Amina Hassan", "Minh Tran", "Rosa Martinez"]
    turned = next(one.attrs["href"] for one in page.tree.all("a") if one.text.startswith("Name"))
    assert names(dana.get(turned)) == ["Rosa Martinez", "Minh Tran", "Amina Hassan"]


def test_a_view_is_saved_renamed_removed_and_brought_back(dana, world):
    page = dana.post("/patients/views?lang=vi&sort=waiting", {"name": "Vietnamese first"})
    assert "Vietnamese first" in page.text
    listed = dana.get("/patients/views")
    renamed = dana.post(listed.form("/rename").action, {"name": "Tieng Viet"})
    assert "Tieng Viet" in renamed.text
    removed = dana.post(renamed.form("/remove").action)
    assert "No views yet" in removed.text
    back = dana.post(removed.form("/restore").action)
    assert "Tieng Viet" in back.text
    href = next(one.attrs["href"] for one in back.tree.all("a") if one.text == "Tieng Viet")
    assert names(dana.get(href)) == ["Minh Tran"]


def test_a_view_without_a_name_keeps_its_filters(dana, world):
    page = dana.post("/patients/views?lang=vi", {"name": " "}, expect=422)
    assert "lang=vi" in page.form("/patients/views").action


def test_a_view_of_a_colleague_is_as_missing_as_none(dana, priya, world):
    dana.post("/patients/views?lang=vi", {"name": "Mine"})
    action = dana.get("/patients/views").form("/remove").action
    priya.post(action, expect=404)


def test_patients_are_handed_over_with_their_items_and_taken_back(dana, world, runtime, clock, colleagues, app):
    marcus = colleagues[0]
    with runtime.database.writing(system()) as session, session.begin():
        about = worklist.About(WhyCode.NO_ANSWER_TWICE, world.rosa.id, world.org.id)
        worklist.open_item(session, about, due_at=clock(), now=clock())
    page = dana.get(f"/patients/hand-over?patient={world.rosa.id}&patient={world.minh.id}")
    assert "2 patients" in page.text
    assert "1 open item" in page.text
    form = page.form("/patients/hand-over")
    after = dana.post(form.action, {**form.values(), "to": str(marcus.id), "note": "Call after 3 p.m."})
    assert names(after) == ["Amina Hassan"]
    his = signed_in(app, marcus)
    today = his.get("/today").text
    assert "Dana Cole handed" in today
    assert "and 1 other patient over to you" in today
    assert "Call after 3 p.m." in today
    assert owners(runtime) == {marcus.id}
    dana.post(after.form("/undo").action)
    assert sorted(names(dana.get("/patients"))) == ["Amina Hassan", "Minh Tran", "Rosa Martinez"]
    assert owners(runtime) == {world.dana.id}
    assert "Dana Cole handed" not in his.get("/today").text


def owners(runtime):
    return {one.owner_id for one in rows(runtime, WorklistItem) if one.done_at is None}


def test_a_hand_over_cannot_be_taken_back_after_ten_minutes(dana, world, clock, colleagues, runtime):
    after = dana.post("/patients/hand-over", {"patient": str(world.rosa.id), "to": str(colleagues[0].id), "note": ""})
    action = after.form("/undo").action
    clock.forward(minutes=11)
    dana.post(action, expect=409)
    open_ones = [one for one in rows(runtime, Assignment) if one.ended_at is None and one.patient_id == world.rosa.id]
    assert [one.navigator_id for one in open_ones] == [colleagues[0].id]


def test_a_navigator_gives_away_only_patients_of_their_own_a_supervisor_everybodys(app, priya, world, colleagues):
    marcus = signed_in(app, colleagues[0])
    given = {"patient": str(world.rosa.id), "to": str(colleagues[0].id)}
    marcus.post("/patients/hand-over", given, expect=404)
    page = priya.get(f"/patients/hand-over?lead={world.dana.id}")
    form = page.form("/patients/hand-over")
    priya.post(form.action, {**form.values(), "to": str(colleagues[0].id)})
    assert len(names(marcus.get("/patients"))) == 3


def test_a_hand_over_to_nobody_says_so_and_keeps_the_note(dana, world):
    page = dana.post("/patients/hand-over", {"patient": str(world.rosa.id), "note": "keep me"}, expect=422)
    assert "Choose who takes over." in page.text
    assert page.form("/patients/hand-over").values()["note"] == "keep me"


def test_a_cover_sees_the_patients_marked_until_the_last_day(app, dana, world, colleagues, clock):
    marcus = signed_in(app, colleagues[0])
    assert names(marcus.get("/patients")) == []
    today = clock().date()
    days = {"from_on": today.isoformat(), "until_on": (today + timedelta(days=2)).isoformat()}
    dana.post("/patients/cover", {"cover_id": str(colleagues[0].id), **days})
    page = marcus.get("/patients")
    assert len(names(page)) == 3
    assert "You cover for Dana Cole" in page.text
    clock.forward(days=3)
    marcus.be(colleagues[0])
    assert names(marcus.get("/patients")) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cover_id": ""}, "somebody else"),
        ({"from_on": "soon"}, "year-month-day"),
        ({"until_on": "2026-11-01"}, "before the first"),
        ({"until_on": "2029-11-01"}, "longer than a year"),
    ],
)
def test_a_cover_that_cannot_be_is_named_beside_its_field(dana, world, colleagues, change, words):
    typed = {"cover_id": str(colleagues[0].id), "from_on": "2026-11-25", "until_on": "2026-11-30"}
    page = dana.post("/patients/cover", {**typed, **change}, expect=422)
    assert words in page.text


def test_two_who_cover_for_each_other_at_once_are_refused(app, dana, world, colleagues):
    days = {"from_on": "2026-11-25", "until_on": "2026-11-30"}
    dana.post("/patients/cover", {"cover_id": str(colleagues[0].id), **days})
    marcus = signed_in(app, colleagues[0])
    page = marcus.post("/patients/cover", {"cover_id": str(world.dana.id), **days}, expect=422)
    assert "away then too" in page.text


def test_a_navigator_ends_no_absence_of_others_a_supervisor_does(app, dana, priya, world, colleagues):
    page = dana.post(
        "/patients/cover",
        {"cover_id": str(colleagues[0].id), "from_on": "2026-11-25", "until_on": "2026-11-30"},
    )
    action = page.form("/end").action
    signed_in(app, colleagues[0]).post(action, expect=404)
    ended = priya.post(action)
    assert "Nobody is away" in ended.text
    assert "Dana Cole" in priya.post(ended.form("/undo").action).text


def test_the_file_needs_a_reason_and_is_audited(priya, world, runtime):
    assert "at least 10 letters" in priya.post("/patients/export?view=team", {"reason": "x"}, expect=422).text
    answer = priya.post("/patients/export?view=team", {"reason": "Outreach for the winter shelter"})
    table = list(csv.reader(io.StringIO(answer.response.get_data(as_text=True).lstrip("\ufeff"))))
    assert sorted(row[0] for row in table[1:]) == ["Amina Hassan", "Minh Tran", "Rosa Martinez"]
    (written,) = [one for one in rows(runtime, AuditEvent) if one.action == "patients.export"]
    assert written.reason == "Outreach for the winter shelter"


def test_a_navigator_takes_no_file_of_patients(dana, world):
    dana.get("/patients/export", expect=403)


def test_each_navigators_load_stands_below_the_teams_table(priya, world):
    text = priya.get("/patients?view=team").text
    assert "Dana Cole 3" in text
    assert "Fewer than 25" in text


def test_a_long_team_is_shown_in_pages_and_told_why_names_do_not_sort(priya, world, runtime, clock, monkeypatch):
    monkeypatch.setattr("referrals.patient_table.NAMES_AT_MOST", 50)
    with runtime.database.writing(system()) as session, session.begin():
        team = session.merge(world.team)
        for number in range(60):
            factories.make_patient(session, team=team, now=clock(), first=f"P{number}")
    page = priya.get("/patients?view=team")
    assert len(names(page)) == 50
    assert "up to 500" in page.text
    following = next(one.attrs["href"] for one in page.tree.all("a") if one.attrs.get("rel") == "next")
    assert len(names(priya.get(following))) == 13
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(Assignment)).all()
