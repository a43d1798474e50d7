"""A patient's texts as a conversation: what is shown, a text of one's own, ready words, check-ins, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from messaging import inbound
from messaging.inbound import IncomingText
from referrals import by, follow_up, progress
from referrals.progress import Said
from resources_db.models.messages import InboundMessage, Message, TextTemplate
from resources_db.models.referrals import PatientAnswer, Referral, ReferralTask, WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import ActorKind, MessageState, Reason, Role, TaskKind
from resources_db.vocab import ReferralState as S
from tests import factories
from tests.portal.caseload_world import press_send, release_all, rows

ROSA = "+15135550148"


def talk(dana, world, **query):
    return dana.get(f"/patients/{world.rosa.id}/texts" + ("?all=y" if query.get("all") else ""))


def write(dana, world, expect=None, **typed):
    form = talk(dana, world).form(f"/patients/{world.rosa.id}/texts")
    return dana.post(form.action, {**form.values(), **typed}, expect=expect)


def say(runtime, clock, words, sid="SM1", sender=ROSA):
    """A text comes in, as the webhook hands it over."""
    with runtime.database.writing(system(kind=ActorKind.WEBHOOK)) as session, session.begin():
        inbound.receive(runtime.messenger, session, IncomingText(sid, sender, "+15135550100", words), clock())


def texts(runtime, *purposes):
    found = sorted(rows(runtime, Message), key=lambda one: one.created_at)
    return [one for one in found if not purposes or one.purpose in purposes]


def minute(runtime, clock, **later):
    clock.forward(**later)
    with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
        return follow_up.run_due(session, now=clock())


def test_the_page_shows_both_sides_with_ticks_and_what_a_digit_meant(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    minute(runtime, clock, days=3, minutes=1)
    say(runtime, clock, "٢")
    dana.be(world.dana)
    page = talk(dana, world)
    assert page.h1 == "Texts with Rosa"
    bubbles = [one.text for one in page.tree.all("p") if "bubble" in one.attrs.get("class", "")]
    assert any("Vea la ayuda" in one for one in bubbles)
    assert "٢" in bubbles
    assert "Not yet" in page.text
    assert "Question: did help come?" in page.text
    assert "Waiting" in page.text
    assert page.tree.all("title")[0].text.startswith("Texts")
    assert "Rosa" not in page.tree.all("title")[0].text


def test_each_text_carries_its_language_and_direction(dana, world, runtime, clock):
    write(dana, world, words="Hello", language="en")
    page = talk(dana, world)
    spans = [one for one in page.tree.all("span", **{"class": "fact"}) if "Hello" in one.text]
    assert [(one.attrs["dir"], one.attrs["lang"]) for one in spans] == [("auto", "en")]


def test_a_text_of_staff_leaves_in_ten_seconds_under_the_name_of_the_team(dana, world, runtime, clock):
    page = write(dana, world, words="  Puede llamarme   hoy? ")
    assert page.path == f"/patients/{world.rosa.id}/texts#write"
    [text] = texts(runtime, "staff_text")
    assert text.body == "Riverside Care: Puede llamarme hoy?"
    assert text.lang == "es"
    assert text.due_at - text.created_at == timedelta(seconds=10)
    assert text.created_by == world.dana.id
    assert "Sending in" in page.text


def test_a_text_can_be_taken_back_before_it_leaves(dana, world, runtime, clock):
    page = write(dana, world, words="Hola")
    after = dana.post(page.form("/undo").action, page.form("/undo").values())
    assert "Taken back. Nothing was sent." in after.text
    assert [one.state for one in texts(runtime, "staff_text")] == [MessageState.CANCELLED]
    assert "Taken back" in talk(dana, world).text


def test_the_same_form_twice_is_one_text(dana, world, runtime):
    form = talk(dana, world).form(f"/patients/{world.rosa.id}/texts")
    for _ in range(2):
        dana.post(form.action, {**form.values(), "words": "Hola"})
    assert len(texts(runtime, "staff_text")) == 1


@pytest.mark.parametrize(
    ("words", "problem"),
    [("   ", "Write the text first."), ("x" * 500, "Shorten it to three parts at most")],
)
def test_what_cannot_be_sent_is_said_and_kept(dana, world, runtime, words, problem):
    page = write(dana, world, words=words, expect=422)
    assert problem in page.text
    assert words.strip() in page.html
    assert texts(runtime, "staff_text") == []


def test_nobody_is_texted_without_agreeing(dana, world, runtime, clock):
    page = dana.get(f"/patients/{world.minh.id}/texts")
    assert "The patient has not agreed to texts." in page.text
    dana.post(f"/patients/{world.minh.id}/texts", {"words": "Hi", "key": "k" * 20}, expect=422)
    assert texts(runtime, "staff_text") == []


def test_measuring_shows_letters_and_segments_and_the_patients_name_is_warned_of(dana, world):
    form = talk(dana, world).form(f"/patients/{world.rosa.id}/texts")
    answer = dana.client.post(
        form.action,
        data={**form.values(), "csrf_token": dana.csrf, "words": "Rosa, venga mañana al 你好", "measure": "y"},
        headers={"HX-Request": "true"},
    )
    page = answer.get_data(as_text=True)
    assert page.strip().startswith('<div id="measured"')
    assert "1 segment" in page
    assert "of 70 letters" in page
    assert "holds the patient’s name" in page


def test_ready_words_come_in_the_patients_language_behind_what_is_typed(dana, world):
    page = write(dana, world, words="Hola.", ready="shipped:call_me", insert="y")
    [area] = page.tree.all("textarea", name="words")
    assert area.text.strip().startswith("Hola. ")
    assert "Dana" in area.text
    assert "513-555-0142" in area.text


def test_words_are_kept_for_oneself_or_the_team_and_can_go_again(dana, another, world, runtime, clock):
    write(dana, world, words="Traiga su ID", title="Bring ID", keep="mine")
    write(dana, world, words="Estamos cerrados hoy", title="Closed", keep="team")
    page = talk(dana, world)
    assert {"Bring ID", "Closed"} <= {one.text for one in page.tree.all("option")}
    with runtime.database.writing(system()) as session, session.begin():
        priya = factories.make_user(
            session, org=world.org, now=clock(), name="Priya Raman", email="p@riverside.example", role=Role.SUPERVISOR
        )
        priya.demo = True
    hers = another()
    hers.be(priya)
    seen = {one.text for one in hers.get(f"/patients/{world.rosa.id}/texts").tree.all("option")}
    assert "Closed" in seen
    assert "Bring ID" not in seen
    mine = next(one for one in rows(runtime, TextTemplate) if one.title == "Bring ID")
    assert b"Traiga" not in mine.body_enc
    dana.post(f"/patients/{world.rosa.id}/texts/words/{mine.id}/retire")
    assert "Bring ID" not in {one.text for one in talk(dana, world).tree.all("option")}


def test_nobody_retires_the_words_of_another_person(dana, another, world, runtime, clock):
    write(dana, world, words="Traiga su ID", title="Bring ID", keep="mine")
    [mine] = rows(runtime, TextTemplate)
    with runtime.database.writing(system()) as session, session.begin():
        lee = factories.make_user(session, org=world.org, now=clock(), name="Lee Wong", email="l@riverside.example")
        lee.demo = True
    his = another()
    his.be(lee)
    token = his.token("/today")
    path = f"/patients/{world.rosa.id}/texts/words/{mine.id}/retire"
    his.post(path, {"csrf_token": token}, expect=404)
    assert rows(runtime, TextTemplate)[0].retired_at is None


def test_an_answer_takes_what_the_patient_wrote_off_the_list_and_does_not_count(dana, world, runtime, clock):
    say(runtime, clock, "¿Puedo llevar a mis hijos?")
    assert [one.why.value for one in rows(runtime, WorklistItem)] == ["patient_wrote"]
    clock.forward(minutes=9)
    write(dana, world, words="Si, traiga a todos.")
    assert all(one.done_at for one in rows(runtime, WorklistItem))
    [text] = texts(runtime, "staff_reply")
    assert not text.replies_to_inbound
    [came] = rows(runtime, InboundMessage)
    assert (came.handled_by, came.handled_at is not None) == (world.dana.id, True)


def test_an_answer_within_five_minutes_may_leave_at_night(dana, world, runtime, clock):
    clock.forward(hours=12)  # ten in the evening
    dana.be(world.dana)
    assert "Outside texting hours" in talk(dana, world).text
    say(runtime, clock, "hola")
    assert "Outside texting hours" not in talk(dana, world).text
    write(dana, world, words="Hola")
    assert texts(runtime, "staff_reply")[0].replies_to_inbound


def test_a_check_in_on_a_day_of_choice_asks_unless_things_are_settled(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    page = talk(dana, world)
    form = page.form("/check-in")
    after = dana.post(form.action, {**form.values(), "day": "2026-12-20"})
    assert "Check in: did help come?" in after.text
    minute(runtime, clock, days=12)  # the questions of the first days; two texts never go out on one day
    minute(runtime, clock, days=16)
    [task] = [one for one in rows(runtime, ReferralTask) if one.kind is TaskKind.CHECK_IN]
    assert task.outcome == "asked"
    assert [one.subject_id for one in texts(runtime, "nudge")].count(task.id) == 1
    say(runtime, clock, "1")
    assert texts(runtime, "answer_1")


def test_a_check_in_is_not_sent_when_the_person_said_that_help_came(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    form = talk(dana, world).form("/check-in")
    dana.post(form.action, {**form.values(), "day": "2026-12-20"})
    minute(runtime, clock, days=3, minutes=1)
    say(runtime, clock, "1")
    minute(runtime, clock, days=26)
    [task] = [one for one in rows(runtime, ReferralTask) if one.kind is TaskKind.CHECK_IN]
    assert task.outcome == "answered"


def test_a_planned_text_can_be_called_off(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    page = talk(dana, world)
    dana.post(page.form("/cancel").action, page.form("/cancel").values())
    minute(runtime, clock, days=4)
    assert texts(runtime, "nudge") == []


def test_a_check_in_is_not_sent_when_the_referral_was_withdrawn(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    form = talk(dana, world).form("/check-in")
    dana.post(form.action, {**form.values(), "day": "2026-12-20"})
    with runtime.database.writing(system()) as session, session.begin():
        said = Said(reason=Reason.NEED_MET_ELSEWHERE)
        [referral] = session.scalars(select(Referral)).all()
        progress.move(session, referral.id, to=S.WITHDRAWN, by=by.NAVIGATOR, key="w", now=clock(), said=said)
    minute(runtime, clock, days=28)
    [task] = [one for one in rows(runtime, ReferralTask) if one.kind is TaskKind.CHECK_IN]
    assert task.outcome == "over"
    assert texts(runtime, "nudge") == []


@pytest.mark.parametrize("day", ["", "yesterday", "2020-01-01", "9999-12-31"])
def test_a_check_in_needs_a_day_that_lies_ahead(dana, world, runtime, clock, day):
    press_send(dana, world)
    release_all(runtime, clock)
    form = talk(dana, world).form("/check-in")
    page = dana.post(form.action, {**form.values(), "day": day}, expect=422)
    assert "Type a day that lies ahead" in page.text


def test_the_list_can_be_texted_again_with_a_new_link(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    form = talk(dana, world).form("/list")
    dana.post(form.action, form.values())
    [text] = texts(runtime, "reminder")
    assert "/r/" in text.body
    assert text.body != texts(runtime, "referral")[0].body


def test_the_newest_texts_come_first_to_mind_and_the_rest_by_a_link(dana, world, runtime, clock):
    for number in range(45):
        say(runtime, clock, f"mensaje {number}", sid=f"SM{number}")
        clock.forward(seconds=5)
    page = talk(dana, world)
    assert "mensaje 44" in page.text
    assert "mensaje 30" not in page.text
    assert page.text.count("mensaje") == 12
    assert "mensaje 3" in talk(dana, world, all=True).text
    assert "earlier texts" in page.text


def test_a_text_of_another_org_cannot_be_taken_back(dana, another, world, runtime, clock):
    write(dana, world, words="Hola")
    [text] = texts(runtime, "staff_text")
    with runtime.database.writing(system()) as session, session.begin():
        org = factories.make_org(session, now=clock(), name="Other Care")
        eve = factories.make_user(session, org=org, now=clock(), name="Eve Adams", email="eve@other.example")
        eve.demo = True
    hers = another()
    hers.be(eve)
    token = hers.token("/today")
    hers.post(f"/patients/{world.rosa.id}/texts/{text.id}/undo", {"csrf_token": token}, expect=404)
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(Message.state).where(Message.id == text.id)).one() is MessageState.QUEUED


def test_a_text_from_a_number_nobody_knows_waits_on_top_until_somebody_has_read_it(dana, world, runtime, clock):
    say(runtime, clock, "who is this?", sender="+15135550188")
    say(runtime, clock, "STOP", sid="SM2", sender="+15135550187")
    page = dana.get("/texts")
    assert "1 text from a number nobody knows" in page.text
    assert "513-555-0188" in page.text
    assert "Texts 1" in page.text
    after = dana.post(page.form("/read").action, page.form("/read").values())
    assert "a number nobody knows" not in after.text
    came = next(one for one in rows(runtime, InboundMessage) if one.read_as == "free")
    assert came.handled_by == world.dana.id


def test_the_list_of_texts_leads_to_the_conversation(dana, world, runtime, clock):
    say(runtime, clock, "hola")
    assert f"/patients/{world.rosa.id}/texts" in dana.get("/texts").links().values()


@pytest.fixture
def asked(dana, world, runtime, clock):
    """Rosa was asked on day 3 whether help came."""
    press_send(dana, world)
    release_all(runtime, clock)
    minute(runtime, clock, days=3, minutes=1)
    dana.be(world.dana)


def test_a_yes_is_probably_a_1_and_one_press_makes_it_the_answer(dana, world, runtime, clock, asked):
    say(runtime, clock, "Sí")
    assert rows(runtime, PatientAnswer) == []
    page = talk(dana, world)
    assert "Probably: I got help" in page.text
    form = page.form("/means")
    after = dana.post(form.action, {**form.values(), "answer": "1"})
    assert "Kept as their answer: I got help" in after.text
    [told] = rows(runtime, PatientAnswer)
    assert (told.word.value, told.text, told.channel.value) == ("got_help", "Sí", "sms")
    assert all(one.done_at for one in rows(runtime, WorklistItem) if one.why.value == "patient_wrote")
    assert "Is this an answer" not in after.text


@pytest.mark.parametrize("number", ["0", "4", "x", ""])
def test_words_are_no_answer_that_was_not_offered(dana, world, runtime, clock, asked, number):
    say(runtime, clock, "ya me dieron comida")
    form = talk(dana, world).form("/means")
    dana.post(form.action, {**form.values(), "answer": number}, expect=404)
    assert rows(runtime, PatientAnswer) == []


def test_words_after_the_answer_are_not_taken_for_a_second_one(dana, world, runtime, clock, asked):
    say(runtime, clock, "ya me dieron comida")
    form = talk(dana, world).form("/means")
    say(runtime, clock, "2", sid="SM2")
    assert "Is this an answer" not in talk(dana, world).text
    dana.post(form.action, {**form.values(), "answer": "1"}, expect=404)
    assert [one.word.value for one in rows(runtime, PatientAnswer)] == ["not_yet"]
