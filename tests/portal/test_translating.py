"""A machine's words: off unless set, never of protected places or people, numbers kept, always marked."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal import translating, wiring
from resources_db.models.directory import ListingText, Service
from resources_db.tenancy import system
from resources_db.vocab import Confidentiality, WordsOrigin
from tests.pages import Browser
from tests.resources_db.directory_world import pantry

SAID = "Call 513-555-0163 before 9:30. Bring $5."


class Fake:
    """Answers in the shape of a translator; keeps what it was shown."""

    def __init__(self, change: str = "") -> None:
        self.seen: list[str] = []
        self.change = change

    def translate(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
        self.seen += texts
        return [text.replace("Call", "Llame al").replace("before", "antes de las") + self.change for text in texts]


@pytest.fixture
def on(runtime: wiring.Runtime, monkeypatch: pytest.MonkeyPatch) -> wiring.Runtime:
    settings = replace(runtime.settings, translator_url="https://translate.example/translate")
    monkeypatch.setattr(runtime, "settings", settings)
    return runtime


def listed(runtime: wiring.Runtime, level: Confidentiality = Confidentiality.PUBLIC) -> str:
    with runtime.database.writing(system()) as session, session.begin():
        key = pantry(session, confidentiality=level)
        session.get_one(Service, key.service_id).application_process = SAID
        session.add(
            ListingText(
                record_id=key.service_id,
                field="alert",
                lang="es",
                text="x",
                source_hash="of nothing",
                at=runtime.clock.now(),
            )
        )
    return str(key)


def kept(runtime: wiring.Runtime) -> list[ListingText]:
    with runtime.database.reading(system()) as session:
        return list(session.scalars(select(ListingText).where(ListingText.origin == WordsOrigin.MACHINE)))


def test_without_an_address_nothing_is_asked(runtime: wiring.Runtime) -> None:
    listed(runtime)
    translator = Fake()
    assert translating.fill(runtime, translator) == 0
    assert translator.seen == []


def test_numbers_never_leave_and_come_back_as_they_were(on: wiring.Runtime, browser: Browser) -> None:
    key = listed(on)
    translator = Fake()
    assert translating.fill(on, translator) >= 1
    assert not any(letter.isdigit() and f"[[{letter}]]" not in text for text in translator.seen for letter in text)
    assert "Llame al 513-555-0163 antes de las 9:30. Bring $5." in {row.text for row in kept(on)}
    page = browser.get(f"/listing/{key}?l=es")
    assert "Llame al 513-555-0163" in page.text


def test_a_machines_words_are_marked(on: wiring.Runtime, browser: Browser) -> None:
    key = listed(on)
    translating.fill(on, Fake())
    page = browser.get(f"/listing/{key}?l=es")
    assert any("automática" in one.text or "Machine" in one.text for one in page.tree.all("small"))


def test_they_vanish_when_the_site_switches_them_off(
    on: wiring.Runtime, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = listed(on)
    translating.fill(on, Fake())
    monkeypatch.setattr(on, "settings", replace(on.settings, translator_url=""))
    assert "Llame al 513" not in browser.get(f"/listing/{key}?l=es").text


def test_an_answer_with_other_numbers_is_thrown_away(on: wiring.Runtime) -> None:
    listed(on)
    assert translating.fill(on, Fake(change=" Call 911")) == 0


@pytest.mark.parametrize("level", [Confidentiality.AREA_ONLY, Confidentiality.HIDDEN])
def test_words_of_a_protected_place_are_never_sent(on: wiring.Runtime, level: Confidentiality) -> None:
    listed(on, level)
    translator = Fake()
    translating.fill(on, translator)
    assert translator.seen == []


def test_a_translator_that_fails_stops_nothing(on: wiring.Runtime) -> None:
    class Broken:
        def translate(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
            raise OSError("gone")

    listed(on)
    assert translating.fill(on, Broken()) == 0
