"""One reader of words in other languages: what may be shown, in which order, and never longer than its source."""

import pytest
from sqlalchemy.orm import Session

from resources_db.models.directory import ListingText, RequiredDocument, Service
from resources_db.repositories import listing_texts, listings
from resources_db.repositories.listing import Listing
from resources_db.repositories.listing_texts import Words
from resources_db.vocab import WordsOrigin, WordsState
from tests.resources_db.directory_world import NOW, pantry


@pytest.fixture
def listing(session: Session) -> Listing:
    key = pantry(session)
    session.get_one(Service, key.service_id).description = "Free groceries."
    session.add(RequiredDocument(service_id=key.service_id, document="Letter from the school"))
    session.flush()
    found = listings.get(session, key)
    assert found is not None
    return found


def words(
    session: Session,
    listing: Listing,
    *,
    field: str = "description",
    origin: WordsOrigin = WordsOrigin.HUMAN,
    state: WordsState = WordsState.REVIEWED,
    said: str = "",
) -> None:
    session.add(
        ListingText(
            record_id=listing.service_id,
            field=field,
            lang="es",
            text="Comida gratis.",
            origin=origin,
            state=state,
            source_hash=listing_texts.source_hash(said or listing_texts.source(listing, field)),
            at=NOW,
        )
    )
    session.flush()


def shown(session: Session, listing: Listing, lang: str = "es", *, machine: bool = False) -> dict[str, Words]:
    return dict(listing_texts.of_listings(session, [listing], lang, machine=machine).get(listing.service_id, {}))


@pytest.mark.parametrize("field", ["description", "documents"])
def test_a_text_that_was_read_is_shown_in_its_language_only(session: Session, listing: Listing, field: str) -> None:
    words(session, listing, field=field)
    assert shown(session, listing) == {field: Words("Comida gratis.")}
    assert shown(session, listing, "vi") == {}


@pytest.mark.parametrize(
    ("origin", "state", "seen", "seen_with_machines"),
    [
        (WordsOrigin.HUMAN, WordsState.DRAFT, False, False),
        (WordsOrigin.AGENCY, WordsState.DRAFT, True, True),
        (WordsOrigin.MACHINE, WordsState.DRAFT, False, True),
        (WordsOrigin.MACHINE, WordsState.REVIEWED, True, True),
    ],
)
def test_who_wrote_it_decides_whether_it_may_be_shown(
    session: Session,
    listing: Listing,
    origin: WordsOrigin,
    state: WordsState,
    seen: bool,
    seen_with_machines: bool,
) -> None:
    words(session, listing, origin=origin, state=state)
    assert bool(shown(session, listing)) == seen
    assert bool(shown(session, listing, machine=True)) == seen_with_machines
    marks = {one.machine for one in shown(session, listing, machine=True).values()}
    assert marks <= {origin is WordsOrigin.MACHINE}


@pytest.mark.parametrize("field", listing_texts.EVERY)
def test_words_made_from_another_source_are_not_shown(session: Session, listing: Listing, field: str) -> None:
    words(session, listing, field=field, said="Something else")
    assert shown(session, listing) == {}


def test_a_translated_notice_goes_when_the_notice_goes(session: Session, listing: Listing) -> None:
    words(session, listing, field="alert", said="Closed on Friday")
    assert shown(session, listing) == {}


def test_spaces_and_letter_forms_do_not_make_a_source_new() -> None:
    assert listing_texts.source_hash("Cafe\u0301  gratis\n") == listing_texts.source_hash("Café gratis")
