"""The printed list and the note for the record through the front door, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from i18n.catalog import patient, use_language
from referrals import goals, needs
from resources_db.models.access import AuditEvent
from resources_db.models.people import Need
from resources_db.tenancy import system
from resources_db.vocab import NeedSource
from tests.portal.caseload_world import key_of, press_send, release_all, rows


@pytest.fixture
def on_the_way(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)


@pytest.fixture
def wishes(world, runtime, clock):
    """A goal for food, and one for a need that others must not read of."""
    with runtime.database.writing(system(world.org.id)) as session, session.begin():
        secret = needs.add(
            session,
            patient_id=world.rosa.id,
            org_id=world.org.id,
            subneed="counseling",
            source=NeedSource.TALK,
            now=clock(),
        )
        for words, need_id in (("Cocinar en casa", None), ("Hablar con alguien", secret.id)):
            goals.add(
                session,
                patient_id=world.rosa.id,
                words=words,
                language="es",
                need_id=need_id,
                target_on=date(2026, 12, 24),
                now=clock(),
            )


def paper(dana, world, query=""):
    return dana.get(f"/patients/{world.rosa.id}/print{query}")


def test_the_list_holds_the_places_under_way_with_today_s_hours_and_the_staff_phone(dana, world, on_the_way):
    page = paper(dana, world)
    assert page.h1 == "Lugares para usted"
    assert "Hope Pantry" in page.text
    assert "de 9:00 a.m. a 5:00 p.m." in page.text
    assert "Notas" in page.text
    assert page.tree.all("svg", **{"class": "qr"})
    assert "food" not in page.tree.all("main")[0].text.casefold()


def test_two_languages_stand_side_by_side(dana, world, on_the_way):
    page = paper(dana, world, "?beside=y")
    assert [one.attrs["lang"] for one in page.tree.all("div") if "dir" in one.attrs and one.inside("article")] == [
        "es",
        "en",
    ]
    assert "9:00 AM to 5:00 PM" in page.text


def test_another_language_is_one_link_away_and_runs_its_own_way(dana, world, on_the_way):
    html = next(iter(paper(dana, world, "?language=en").tree.all("html")))
    assert (html.attrs["lang"], html.attrs["dir"]) == ("en", "ltr")
    assert any("language=en" in href for href in paper(dana, world).links().values())
    unknown = next(iter(paper(dana, world, "?language=xx").tree.all("html")))
    assert unknown.attrs["lang"] == "es"


def test_chosen_places_stand_alone(dana, world, on_the_way):
    page = paper(dana, world, f"?listing={key_of(world.clinic)}")
    names = [one.text for one in page.tree.all("h2")]
    assert any("Queen City Clinic" in name for name in names)
    assert not any("Hope Pantry" in name for name in names)
    paper_of_nothing = dana.get(f"/patients/{world.rosa.id}/print?listing=nonsense", expect=400)
    assert "nonsense" not in paper_of_nothing.text


def test_goals_stand_on_the_paper_but_not_those_others_must_not_read(dana, world, on_the_way, wishes):
    text = paper(dana, world).text
    assert "Cocinar en casa" in text
    assert "Hablar con alguien" not in text


def test_what_a_sensitive_referral_is_about_is_not_said(dana, world, on_the_way, runtime):
    from resources_db.models.referrals import Referral

    shown = paper(dana, world, "?language=en").text
    assert "helps people near Vine Street" in shown
    with runtime.database.writing(system(world.org.id)) as session, session.begin():
        [referral] = [session.get_one(Referral, one.id) for one in rows(runtime, Referral)]
        referral.sensitive = True
    assert "helps people near Vine Street" not in paper(dana, world, "?language=en").text


def test_a_person_who_takes_no_paper_is_read_to(dana, world, on_the_way, runtime):
    page = paper(dana, world, "?aloud=y")
    assert page.h1 == "Read it aloud"
    assert "513-555-0160" in page.text
    assert {"es", "en"} <= {one.attrs.get("lang") for one in page.tree.all("div")}
    assert "read_aloud" in {one.action for one in rows(runtime, AuditEvent)}


def test_nothing_chosen_is_said_in_the_patients_language(dana, world):
    with use_language("es"):
        words = patient.gettext("No places are chosen yet.")
    assert words in paper(dana, world).text


def test_a_note_may_be_of_one_need(dana, world, on_the_way, runtime):
    need = next(one for one in rows(runtime, Need) if one.subneed == "food_pantry")
    text = dana.client.get(f"/patients/{world.rosa.id}/note.txt?need={need.id}").text
    assert "Food pantry" in text
    other = dana.client.get(f"/patients/{world.rosa.id}/note.txt?need={world.rosa.id}").text
    assert "Food pantry" not in other


def test_a_sensitive_need_has_a_box_that_says_why_it_cannot_be_ticked(dana, world, wishes):
    page = dana.get(f"/patients/{world.rosa.id}/note")
    assert "Counseling and therapy" in page.text
    assert "has not agreed that the chart may say so" in page.text
    [box] = page.tree.all("input", name="also")
    assert "disabled" in box.attrs
    forced = dana.client.get(f"/patients/{world.rosa.id}/note.txt?also={box.attrs['value']}").text
    assert "Counseling" not in forced
