"""Words of listings are translated where people see English, reviewed, and never outlive their source."""

import pytest
from sqlalchemy import select

from portal import wiring
from resources_db import history, listing_words
from resources_db.listing_key import ListingKey
from resources_db.models.directory import ListingText, RequiredDocument, Service
from resources_db.models.upkeep import ListingReview
from resources_db.tenancy import system
from resources_db.vocab import ReviewState, ReviewWhy, Role, WordsOrigin
from tests.conftest import NOW
from tests.edge import Staff
from tests.pages import Browser, Page
from tests.resources_db.directory_world import pantry

OLD, NEW = "Free groceries once a week.", "Free groceries twice a week."


@pytest.fixture
def key(runtime: wiring.Runtime) -> ListingKey:
    with runtime.database.writing(system()) as session, session.begin():
        made = pantry(session)
        session.get_one(Service, made.service_id).description = OLD
        session.add(RequiredDocument(service_id=made.service_id, document="Photo ID"))
    with runtime.database.writing(system()) as session, session.begin():
        session.add(
            ListingText(
                record_id=made.service_id,
                field="alert",
                lang="es",
                text="Cerrado",
                source_hash="of something else",
                at=NOW,
            )
        )
    return made


@pytest.fixture
def curator(browser: Browser, staff: Staff, key: ListingKey) -> Browser:
    browser.be(staff[Role.CURATOR])
    return browser


def field(curator: Browser, key: ListingKey) -> Page:
    return curator.get(f"/words/{key.service_id}/description/es")


def save(curator: Browser, key: ListingKey, text: str, do: str, *, expect: int | None = None) -> Page:
    form = field(curator, key).form(f"/words/{key.service_id}/description/es")
    return curator.submit(form, text=text, do=do, expect=expect)


def change_source(runtime: wiring.Runtime, key: ListingKey) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(Service, key.service_id).description = NEW
        about = history.About("service", key.service_id, history.TEAM)
        history.record(session, about, [("description", OLD, NEW)], now=NOW)


def read(curator: Browser, key: ListingKey) -> str:
    return curator.get(f"/listing/{key}?l=es").text


def test_only_what_the_catalogs_do_not_say_waits_for_a_translator(curator: Browser, runtime: wiring.Runtime) -> None:
    with runtime.database.reading(system()) as session:
        service_id = session.scalars(select(Service.id)).one()
        found = listing_words.look(session, service_id, "description", "es")
    assert found.source == OLD
    page = curator.get("/words?to=es")
    assert "Translations" in page.text
    assert "Photo ID" not in page.text


def test_a_draft_is_not_shown_and_a_reviewed_text_is(curator: Browser, key: ListingKey) -> None:
    after = save(curator, key, "Comida gratis cada semana.", "draft")
    assert "Nobody sees it yet" in after.text
    assert "Comida gratis" not in read(curator, key)
    curator.get("/words?l=en")
    save(curator, key, "Comida gratis cada semana.", "reviewed")
    spanish = curator.get(f"/listing/{key}?l=es")
    assert "Comida gratis cada semana." in spanish.text
    assert OLD not in spanish.text


def test_changed_english_hides_the_words_until_somebody_says_still_true(
    curator: Browser, key: ListingKey, runtime: wiring.Runtime
) -> None:
    save(curator, key, "Comida gratis cada semana.", "reviewed")
    change_source(runtime, key)
    assert "Comida gratis" not in read(curator, key)
    curator.get("/words?l=en")
    page = field(curator, key)
    assert [one.text for one in page.tree.all("ins")] == ["twice"]
    assert [one.text for one in page.tree.all("del")] == ["once"]
    curator.submit(page.form(f"/words/{key.service_id}/description/es"), do="still_true")
    assert "Comida gratis" in read(curator, key)


def test_outdated_words_are_a_task_once_and_the_task_ends_with_them(
    curator: Browser, key: ListingKey, runtime: wiring.Runtime
) -> None:
    save(curator, key, "Comida gratis cada semana.", "reviewed")
    change_source(runtime, key)
    for expected in (1, 0):
        with runtime.database.writing(system()) as session, session.begin():
            assert listing_words.open_tasks(session, now=NOW) == expected
    save(curator, key, "Comida gratis dos veces por semana.", "reviewed")
    with runtime.database.reading(system()) as session:
        task = session.scalars(select(ListingReview).where(ListingReview.why == ReviewWhy.WORDS_OUTDATED)).one()
    assert task.state is ReviewState.DONE


def test_an_empty_text_is_refused_and_a_changed_source_too(
    curator: Browser, key: ListingKey, runtime: wiring.Runtime
) -> None:
    assert "Write the words first." in save(curator, key, "  ", "reviewed", expect=422).text
    form = field(curator, key).form(f"/words/{key.service_id}/description/es")
    change_source(runtime, key)
    refused = curator.submit(form, text="Comida", do="reviewed", expect=422)
    assert "The English changed while you wrote." in refused.text
    assert "Comida" in refused.html


def test_how_hard_it_reads_is_said_on_demand_and_while_writing(curator: Browser, key: ListingKey) -> None:
    hard = "La elegibilidad correspondiente requiere documentación administrativa complementaria certificada."
    assert "Hard to read." in save(curator, key, hard, "level").text
    token = curator.token(f"/words/{key.service_id}/description/es")
    live = curator.post("/words/level/es", {"text": "Comida gratis para toda la familia hoy.", "csrf_token": token})
    assert "Easy to read." in live.text


def test_what_a_machine_wrote_is_a_persons_once_it_was_changed(
    curator: Browser, key: ListingKey, runtime: wiring.Runtime
) -> None:
    save(curator, key, "Comida gratis.", "draft")
    with runtime.database.writing(system()) as session, session.begin():
        row = session.scalars(select(ListingText).where(ListingText.field == "description")).one()
        row.origin = WordsOrigin.MACHINE
    save(curator, key, "Comida gratis para todos.", "reviewed")
    with runtime.database.reading(system()) as session:
        row = session.scalars(select(ListingText).where(ListingText.field == "description")).one()
    assert row.origin == WordsOrigin.HUMAN


@pytest.mark.parametrize("path", ["/words/{}/nothing/es", "/words/{}/description/xx", "/words/{}/alert/es"])
def test_what_cannot_be_translated_is_not_found(curator: Browser, key: ListingKey, path: str) -> None:
    curator.get(path.format(key.service_id), expect=404)


def test_only_the_directory_team_translates(browser: Browser, staff: Staff, key: ListingKey) -> None:
    browser.be(staff[Role.NAVIGATOR])
    browser.get("/words", expect=403)
