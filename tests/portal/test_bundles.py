"""Bundles through the front door, without JavaScript: choose, agree, send; and keep them. On both databases."""

from __future__ import annotations

import pytest

from resources_db import search_log
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, SendBatch, WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import Role, WhyCode
from tests import factories
from tests.portal.caseload_world import own_form, rows

OFFERED = {
    "WIC Clinic": "wic",
    "WIC Downtown": "wic",
    "Diaper Bank": "diapers",
    "Formula Closet": "infant_formula",
}


@pytest.fixture
def town(world, runtime, clock):
    """Places for three of the four needs of the sample "New baby"; nobody helps with child care."""
    with runtime.database.writing(system()) as session, session.begin():
        made = {
            name: factories.make_listing(session, now=clock(), name=name, needs=[need])
            for name, need in OFFERED.items()
        }
        search_log.touch(session, [one.service.id for one in made.values()], now=clock())
        return {name: f"{one.service.id}.{one.location.id}" for name, one in made.items()}


def way(page, words):
    """Where the link leads that begins with these words; its key stands behind them."""
    return next(href for text, href in page.links().items() if text.startswith(words))


def chosen(dana, world, name="New baby"):
    """The page of a bundle, come to by its links."""
    record = dana.get(f"/patients/{world.rosa.id}")
    pick = dana.get(way(record, "Use a bundle"))
    return dana.get(pick.links()[name])


def agreed(dana, page):
    """The one agreement for all places; gives the page of the bundle again."""
    ask = dana.get(way(page, "Record the agreement"))
    return dana.submit(own_form(ask))


def test_a_bundle_goes_from_the_record_to_one_batch_with_one_agreement(dana, world, town, runtime):
    page = chosen(dana, world)
    assert "Waits for the agreement to share" in page.text
    page = agreed(dana, page)
    assert "Waits for the agreement" not in page.text
    assert "1 need without a place goes on your list." in page.text
    page = dana.submit(page.form("/bundles/"))
    assert "1 need without a place is on your list." in page.text
    assert len(rows(runtime, SendBatch)) == 1
    assert len(rows(runtime, Referral)) == 3
    assert [one.facts for one in rows(runtime, WorklistItem) if one.why is WhyCode.NO_PLACE] == [
        {"subneed": "child_care"}
    ]
    assert {"wic", "diapers", "infant_formula", "child_care"} <= {need.subneed for need in rows(runtime, Need)}


def test_the_same_form_pressed_twice_is_one_send(dana, world, town, runtime):
    form = agreed(dana, chosen(dana, world)).form("/bundles/")
    dana.submit(form)
    dana.submit(form)
    assert len(rows(runtime, SendBatch)) == 1
    assert len(rows(runtime, Referral)) == 3


def test_a_place_can_be_swapped_and_a_need_left_out(dana, world, town, runtime):
    form = agreed(dana, chosen(dana, world)).form("/bundles/")
    picked = form.values()
    best = picked["p0"]
    other = next(key for name, key in town.items() if name.startswith("WIC") and key != best)
    dana.submit(form, p0=other, p1="skip", p3="skip")
    sent = {f"{one.service_id}.{one.location_id}" for one in rows(runtime, Referral)}
    assert sent == {other, town["Formula Closet"]}
    assert "diapers" not in {need.subneed for need in rows(runtime, Need)}


def test_what_was_picked_is_still_picked_after_the_agreement(dana, world, town):
    page = chosen(dana, world)
    form = page.form("/bundles/")
    other = next(key for name, key in town.items() if name.startswith("WIC") and key != form.values()["p0"])
    page = dana.submit(form, p0=other, p3="skip", preview="y")
    again = agreed(dana, page).form("/bundles/").values()
    assert (again["p0"], again["p3"]) == (other, "skip")


def test_without_an_agreement_nothing_is_kept(dana, world, town, runtime):
    before = len(rows(runtime, Need))
    page = dana.submit(chosen(dana, world).form("/bundles/"), expect=422)
    assert "has not agreed yet" in page.text
    assert rows(runtime, SendBatch) == []
    assert len(rows(runtime, Need)) == before


def test_looking_at_a_bundle_changes_nothing(dana, world, town, runtime):
    for _ in range(3):
        chosen(dana, world)
    assert rows(runtime, SendBatch) == []
    assert len(rows(runtime, Need)) == 1


def test_a_bundle_that_somebody_changed_meanwhile_is_shown_again(dana, world, town, another, staff_of):
    form = agreed(dana, chosen(dana, world)).form("/bundles/")
    boss = staff_of(Role.SUPERVISOR)
    edit = boss.get(boss.get("/bundles").links()["New baby"])
    boss.submit(own_form(edit), **{"need-3": ""})
    page = dana.submit(form, expect=409)
    assert "Somebody changed this bundle meanwhile" in page.text
    assert "Child care" not in page.text


def test_the_kit_asks_for_the_day_and_starts_the_clock(dana, world, runtime, town):
    page = chosen(dana, world, "Home from hospital")
    form = page.form("/bundles/")
    page = dana.submit(form, home="2031-01-01", expect=422)
    assert "Type the day of the way home" in page.text
    dana.submit(page.form("/bundles/"), home="2026-11-20")
    patient = next(one for one in rows(runtime, Patient) if one.first_name == "Rosa")
    assert patient.discharged_at.date().isoformat() == "2026-11-20"
    assert WhyCode.HOME_FROM_HOSPITAL in {one.why for one in rows(runtime, WorklistItem)}


@pytest.fixture
def staff_of(app, runtime, world, clock):
    """A browser of another role in the same organization."""
    from tests.pages import Browser

    def be(role):
        with runtime.database.writing(system()) as session, session.begin():
            user = factories.make_user(
                session,
                org=world.org,
                now=clock(),
                name=f"A {role.value}",
                email=f"{role.value}@riverside.example",
                role=role,
            )
            user.demo = True
            user_id = user.id
        browser = Browser(app)
        browser.be(user_id)
        return browser

    return be


@pytest.fixture
def boss(staff_of):
    return staff_of(Role.SUPERVISOR)


def test_a_navigator_uses_bundles_and_a_supervisor_keeps_them(dana, boss, world):
    dana.get("/bundles", expect=403)
    assert "Change the bundles" not in dana.get(f"/patients/{world.rosa.id}/bundles").text
    assert "New baby" in boss.get("/bundles").text


def test_a_bundle_is_made_used_copied_put_away_and_brought_back(dana, boss, world):
    form = own_form(boss.get("/bundles/new"))
    page = boss.submit(form, name="School starts", **{"need-0": "clothing", "need-1": "child_meals"})
    assert "School starts" in page.text
    assert "School starts" in dana.get(f"/patients/{world.rosa.id}/bundles").text
    copied = boss.submit(next(one for one in page.forms if one.action.endswith("/copy")))
    assert "School starts 2" in copied.h1
    page = boss.get("/bundles")
    away = boss.submit(next(one for one in page.forms if one.action.endswith("/retire")))
    assert "Put away." in away.text
    assert "School starts" not in dana.get(f"/patients/{world.rosa.id}/bundles").links()
    back = boss.submit(next(one for one in away.forms if one.action.endswith("/restore")))
    assert "Back on the list." in back.text


def test_a_form_that_does_not_hold_keeps_what_was_typed(boss):
    form = own_form(boss.get("/bundles/new"))
    page = boss.submit(form, name="Twice", **{"need-0": "wic", "need-1": "wic"}, expect=422)
    assert "A need stands here twice." in page.text
    assert own_form(page).values()["name"] == "Twice"
    page = boss.submit(own_form(page), name="", expect=422)
    assert "Type a name for the bundle." in page.text


def test_more_rows_come_without_saving(boss):
    form = own_form(boss.get("/bundles/new"))
    page = boss.submit(form, name="", more="y", **{"need-0": "wic", "need-1": "diapers"})
    assert "need-3" in own_form(page).values()
    assert "New bundle" in page.h1


def test_the_second_of_two_supervisors_keeps_what_they_typed(boss, staff_of):
    href = boss.get("/bundles").links()["Lives alone"]
    first, second = own_form(boss.get(href)), own_form(boss.get(href))
    boss.submit(first, name="Living alone")
    page = boss.submit(second, name="On their own", expect=409)
    assert "Somebody changed this bundle meanwhile" in page.text
    assert own_form(page).values()["name"] == "On their own"


def test_a_page_of_a_bundle_asks_as_much_of_the_database_with_one_place_as_with_many(
    dana, world, town, runtime, clock, counted
):
    few = counted(lambda: chosen(dana, world))
    with runtime.database.writing(system()) as session, session.begin():
        more = [
            factories.make_listing(session, now=clock(), name=f"Diapers {number}", needs=["diapers"])
            for number in range(12)
        ]
        search_log.touch(session, [one.service.id for one in more], now=clock())
    chosen(dana, world)
    assert counted(lambda: chosen(dana, world)) <= few


@pytest.fixture
def counted(runtime):
    """How many statements something takes."""
    from sqlalchemy import event

    def count(work):
        seen = []

        def note(*_args):
            seen.append(1)

        event.listen(runtime.database.engine, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(runtime.database.engine, "before_cursor_execute", note)
        return len(seen)

    return count
