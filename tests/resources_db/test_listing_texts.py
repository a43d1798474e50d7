from resources_db.models.directory import ListingText
from resources_db.repositories import listing_texts


def _text(service, now, text="Comida gratis.", **more):
    fields = {
        "record_id": service.id,
        "field": "description",
        "lang": "es",
        "text": text,
        "source_hash": listing_texts.source_hash(service.description),
        "at": now,
        **more,
    }
    return ListingText(**fields)


def test_a_reviewed_translation_is_read_in_its_language_only(session, cast, now):
    service = cast.food_bank.service
    session.add(_text(service, now))
    session.flush()
    assert listing_texts.of_services(session, [service.id], "es")[service.id] == {"description": "Comida gratis."}
    assert service.id not in listing_texts.of_services(session, [service.id], "vi")


def test_a_translation_whose_source_changed_is_not_shown(session, cast, now):
    service = cast.food_bank.service
    session.add(_text(service, now))
    service.description += " Closed on Friday."
    session.flush()
    assert listing_texts.of_services(session, [service.id], "es") == {}


def test_a_draft_translation_is_not_shown(session, cast, now):
    service = cast.food_bank.service
    session.add(_text(service, now, state="draft"))
    session.flush()
    assert listing_texts.of_services(session, [service.id], "es") == {}


def test_more_spaces_and_other_forms_of_a_letter_do_not_outdate_a_translation():
    assert listing_texts.source_hash("Cafe\u0301  gratis\n") == listing_texts.source_hash("Café gratis")
