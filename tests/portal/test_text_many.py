"""One ready text to several patients: each in their language, those who get none with the reason, and taken back."""

from __future__ import annotations

from resources_db.models.messages import Message
from resources_db.vocab import MessageState
from tests.portal.caseload_world import rows


def chosen(world):
    return f"patient={world.rosa.id}&patient={world.minh.id}"


def test_the_preview_shows_each_text_in_its_language_and_who_gets_none(dana, world, runtime):
    page = dana.get(f"/patients/text?{chosen(world)}&template=call_me")
    assert "1 person gets a text" in page.text
    assert "1 person gets none" in page.text
    text = next(one for one in page.tree.all("span") if one.attrs.get("lang") == "es")
    assert "Riverside Care" in text.text
    assert [one for one in rows(runtime, Message) if one.purpose == "staff_text"] == []


def test_they_leave_once_and_are_taken_back_together(dana, world, runtime):
    page = dana.get(f"/patients/text?{chosen(world)}&template=call_me")
    form = next(one for one in page.forms if one.method == "post" and one.action == "/patients/text")
    after = dana.post(form.action, form.values())
    assert "1 text leaves in 10 seconds." in after.text
    assert "1 text leaves in 10 seconds." in dana.post(form.action, form.values()).text
    (text,) = [one for one in rows(runtime, Message) if one.created_by == world.dana.id and one.lang == "es"]
    assert text.body.startswith("Riverside Care:")
    dana.post(after.form("/undo").action)
    (text,) = [one for one in rows(runtime, Message) if one.id == text.id]
    assert text.state is MessageState.CANCELLED


def test_words_that_are_none_and_too_many_people_are_refused(dana, world):
    assert "Choose the words." in dana.post("/patients/text", {"patient": str(world.rosa.id)}, expect=422).text
    many = "&".join(f"patient=00000000-0000-4000-8000-{number:012d}" for number in range(51))
    assert "Choose from 1 to 50" in dana.get(f"/patients/text?{many}&template=call_me").text
    assert "Nobody chosen" in dana.get("/patients/text").text


def test_who_must_not_be_texted_stands_among_those_who_get_none(dana, world):
    form = next(one for one in dana.get(f"/patients/{world.rosa.id}/edit").forms if one.action.endswith("/edit"))
    dana.post(form.action, {**form.values(), "never_text": "y"})
    page = dana.get(f"/patients/text?patient={world.rosa.id}&template=call_me")
    assert "1 person gets none" in page.text
    assert "Send 1 text" not in page.text
