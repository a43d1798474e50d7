"""Dana's day: the Today list, the note for the record, the printed list, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from referrals import worklist
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import (
    WhyCode,
)
from tests.portal.caseload_world import (
    key_of,
    press_send,
    release_all,
)


@pytest.fixture
def item(runtime, world, clock):
    with runtime.database.writing(system()) as session, session.begin():
        about = worklist.About(WhyCode.PATIENT_WANTS_CALL, world.rosa.id, world.org.id, facts={"agency": "Hope Pantry"})
        return worklist.open_item(session, about, due_at=clock(), now=clock()).id


def test_today_says_who_and_why(dana, item):
    page = dana.get("/today")
    assert "Rosa M." in page.text
    assert "Rosa wants a call" in page.text
    assert "Today 1" in page.text


def test_an_empty_list_says_what_comes_next(dana):
    assert "Nothing needs you now" in dana.get("/today").text


def test_done_leaves_at_once_and_can_be_undone(dana, item, runtime):
    page = dana.get("/today")
    after = dana.post(page.form(f"/today/{item}").action, {"do": "done"})
    assert "Rosa wants a call" not in after.text
    back = dana.post(after.form("/undo").action, after.form("/undo").values())
    assert "Rosa wants a call" in back.text


def test_snoozed_items_sleep_until_the_morning(dana, item, world, clock):
    page = dana.get("/today")
    after = dana.post(page.form(f"/today/{item}").action, {"do": "tomorrow"})
    assert "Rosa wants a call" not in after.text
    assert "Rosa wants a call" in dana.get("/today?view=snoozed").text
    clock.forward(days=1)
    dana.be(world.dana)  # yesterday's session is over
    assert "Rosa wants a call" in dana.get("/today").text


def test_every_why_code_has_words(dana, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        for why in WhyCode:
            about = worklist.About(why, world.rosa.id, world.org.id, words="hola", of=why.value)
            worklist.open_item(session, about, due_at=clock(), now=clock())
    page = dana.get("/today")
    with runtime.database.reading(system()) as session:
        assert session.scalar(select(func.count()).select_from(WorklistItem)) == len(WhyCode)
    assert len(page.tree.all("li", **{"data-row": ""})) == len(WhyCode)


def test_the_record_note_is_short_plain_text(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    text = dana.client.get(f"/patients/{world.rosa.id}/note.txt").text
    lines = text.splitlines()
    assert lines[0].startswith("SOCIAL NEEDS REFERRAL NOTE  2026-11-23  Language: Spanish (interpreter: no)")
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 80
    assert "Hope Pantry: sent 11-23, no answer yet" in text
    assert "Rosa" not in text


def test_a_note_of_the_team_is_kept(dana, world):
    page = dana.post(f"/patients/{world.rosa.id}/notes", {"body": "Ask for Denise"})
    assert "Ask for Denise" in page.text


def test_the_printed_list_speaks_the_patients_language_and_names_nobody(dana, world):
    page = dana.get(f"/patients/{world.rosa.id}/print?listing={key_of(world.food_bank)}")
    assert 'lang="es"' in page.html
    assert "Hope Pantry" in page.text
    assert "Rosa" not in page.text
