"""Whose texts are whose: what a text was about decides, not the number it went to."""

from __future__ import annotations

from messaging import outbox
from referrals import people, threads
from resources_db.models.messages import InboundMessage
from resources_db.models.people import Patient
from tests import factories


def came(world, body, *, patient=None, bix=None):
    inbound = InboundMessage(
        org_id=world.cast.org.id,
        message_sid=f"SM{body}",
        from_bix=bix or world.cast.rosa.phone_bix,
        body=body,
        read_as="free",
        patient_id=patient.id if patient else None,
        at=world.now,
    )
    world.session.add(inbound)
    world.session.flush()
    return inbound


def bodies(world, patient: Patient) -> list[str]:
    return [text.body for text in threads.of_patient(world.as_dana(), patient)]


def newest(world) -> list[tuple[str, str]]:
    found = threads.newest(world.as_dana(), 60)
    return [(text.body, patient.first_name if patient else "") for text, patient in found]


def with_rosas_number(world, first="Luis"):
    world.as_dana()
    return factories.make_patient(
        world.session, team=world.cast.team, lead=world.cast.dana, now=world.now, first=first, phone="+15135550148"
    )


def test_somebody_with_the_same_number_does_not_get_the_texts_about_another(ready):
    ready.sent()
    luis = with_rosas_number(ready)
    assert bodies(ready, ready.cast.rosa)
    assert bodies(ready, luis) == []
    assert {name for _body, name in newest(ready)} == {"Rosa"}


def test_texts_to_an_old_number_stay_with_the_patient(ready):
    ready.sent()
    before = bodies(ready, ready.cast.rosa)
    people.edit(
        ready.as_dana(),
        ready.cast.rosa.id,
        facts=people.PatientFacts(first_name="Rosa", phone="513-555-0199"),
        now=ready.now,
    )
    assert bodies(ready, ready.cast.rosa) == before


def test_a_text_from_a_number_of_two_people_is_said_to_be_nobodys_and_stands_with_both(ready):
    luis = with_rosas_number(ready)
    inbound = came(ready, "Hola")
    outbox.enqueue_text(
        ready.as_dana(),
        org_id=ready.cast.org.id,
        to=ready.cast.rosa.phone,
        body="Thank you.",
        lang="en",
        purpose="free_text",
        subject_kind="inbound_message",
        subject_id=inbound.id,
        dedupe_key="reply",
        now=ready.now,
    )
    assert {("Hola", ""), ("Thank you.", "")} <= set(newest(ready))
    assert {"Hola", "Thank you."} <= set(bodies(ready, luis))
    assert {"Hola", "Thank you."} <= set(bodies(ready, ready.cast.rosa))


def test_an_answer_of_the_one_person_at_a_number_stands_with_nobody_else(ready):
    came(ready, "1", patient=ready.cast.rosa)
    luis = with_rosas_number(ready)
    assert "1" in bodies(ready, ready.cast.rosa)
    assert bodies(ready, luis) == []


def test_texts_to_agencies_with_their_links_and_codes_are_in_nobodys_list(ready):
    ready.sent()
    for kind in ("referral", "access_link"):
        outbox.enqueue_text(
            ready.as_dana(),
            org_id=ready.cast.org.id,
            to="+15135550177",
            body=f"secret of {kind}",
            lang="en",
            purpose="agency_new",
            subject_kind=kind,
            subject_id=ready.cast.rosa.id,
            dedupe_key=kind,
            now=ready.now,
        )
    assert not [body for body, _name in newest(ready) if body.startswith("secret")]
