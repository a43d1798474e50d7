"""The texting story in all twelve languages, through the front door, as each phone would show it.

Which database holds it is proven by the other stories; this one has twelve times their texts. Twelve patients of one
care team, one a language: agreement, the help, its page, the question of day 3, an answer by
digit, HELP, STOP, silence. Once with every draft language switched on by an administrator, once with all of them off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from i18n import locales
from messaging.opt_out_words import HELP, STOP
from referrals import needs
from resources_db.encryption import phone_index
from resources_db.models.messages import Message
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, NeedSource, Role
from tests import factories
from tests.pages import Element, Page
from tests.story.test_story_over_http import clock, path_of, phones, reply, rows, texts

__all__ = ["phones"]

ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PEOPLE = {
    "en": ("Curtis", "Brown", "1"),
    "es": ("Lucía", "Peña", "2"),
    "zh_Hans": ("伟", "李", "3"),
    "zh_Hant": ("怡君", "陳", "１"),
    "vi": ("Hạnh", "Nguyễn", "2"),
    "fil": ("Maricel", "Dela Cruz", "3"),
    "ar": ("سلمى", "حداد", "١"),
    "ht": ("Wisly", "Jean-Baptiste", "2"),
    "ko": ("서연", "김", "3"),
    "ru": ("Ольга", "Иванова", "1"),
    "fr": ("Hélène", "Kouassi", "2"),
    "pt_BR": ("João", "Conceição", "3"),
}
"""Given name, family name, and the digit each answers with, as a phone of that language may write it."""
DRAFTS = [one.code for one in locales.LANGUAGES.values() if one.status is locales.CatalogState.DRAFT]
SCRIPT = {
    "zh_Hans": r"[\u4e00-\u9fff]",
    "zh_Hant": r"[\u4e00-\u9fff]",
    "ko": r"[\uac00-\ud7a3]",
    "ru": r"[а-яё]",
    "ar": r"[\u0621-\u064a]",
    "vi": r"[ăâđêôơư\u1ea0-\u1ef9]",
}
"""Letters that a text of the language has many of."""
NAMES = re.compile(r"https?://\S+|riverside care|hope pantry|st anne kitchen|dana")


@dataclass(frozen=True)
class Person:
    id: object
    code: str
    number: str
    digit: str

    @property
    def language(self) -> locales.Language:
        return locales.get(self.code)

    def page(self, rest: str = "") -> str:
        return f"/patients/{self.id}{rest}"


@pytest.fixture
def people(town, runtime, clock):
    """One patient a language, each with a need told to Dana; nobody has agreed to anything yet."""
    found = {}
    with runtime.database.writing(system()) as session, session.begin():
        alex = factories.make_user(
            session, org=town.cast.org, now=clock(), name="Alex", email="alex@x.example", role=Role.CARE_ADMIN
        )
        alex.demo = True
        for number, (code, (first, last, digit)) in enumerate(PEOPLE.items()):
            patient = factories.make_patient(
                session,
                team=town.cast.team,
                lead=town.cast.dana,
                now=clock(),
                first=first,
                last=last,
                language=code,
                phone=f"+151355502{number:02}",
            )
            found[code] = Person(patient.id, code, patient.phone, digit)
        act_as(session, Actor(ActorKind.USER, town.cast.org.id, town.cast.dana.id, Role.NAVIGATOR, "Dana Cole"))
        for person in found.values():
            needs.add(
                session,
                patient_id=person.id,
                org_id=town.cast.org.id,
                subneed="food_pantry",
                source=NeedSource.TALK,
                now=clock(),
            )
        act_as(session, system())
        session.flush()
        alex_id = alex.id
        session.expunge_all()
    return alex_id, list(found.values())


@pytest.fixture
def dana(browser, town, let_happen):
    let_happen()
    browser.be(town.dana)
    return browser


def agree(dana, person):
    """Dana reads the words aloud, in the patient's language, and keeps the answer."""
    page = dana.get(person.page("/consent"))
    form = next(one for one in page.forms if one.action == page.path and one.method == "post")
    dana.submit(form, domains=["nutrition"], texts="y", method="verbal", witness="Dana Cole")


def send(dana, town, person):
    """The send page as Dana sees it; the text is on its way."""
    listing = town.cast.food_bank
    page = dana.get(person.page(f"/send?listing={listing.service.id}.{listing.location.id}"))
    dana.submit(page.form(person.page("/send")))
    return page


def bubbles(phones, person):
    """What the phone shows: words, language and direction of each."""
    page = phones.get(f"/dev/phone?phone=%2B{person.number[1:]}")
    [thread] = page.tree.all("div", id="thread")
    return [one.all("span")[0] for one in thread.all("p") if "bubble" in one.attrs.get("class", "").split()]


def in_reach(page: Page) -> str:
    return words_in_reach(page.tree.all("body")[0])


def words_in_reach(element: Element) -> str:
    """What a reader sees of a page in its own language: without parts that say they are English, or have no words."""
    parts = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag not in {"svg", "nav", "script", "style"} and not is_not_ours(child):
            parts.append(words_in_reach(child))
    return " ".join(parts)


def is_not_ours(element: Element) -> bool:
    """An address, or words that say they are English."""
    return element.attrs.get("lang") == "en" or (element.tag == "bdi" and element.attrs.get("dir") == "ltr")


def runs(text: str) -> set[tuple[str, ...]]:
    """Every three words in a row, names and numbers left out."""
    words = re.findall(r"[^\W\d_]+", NAMES.sub(" | ", re.sub(r"[.'’]", "", text.casefold())))
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def is_in(code: str, text: str, english: str) -> None:
    """The text is in this language, and no three words of the English one are left in it."""
    assert "?" * 3 not in text
    assert "\ufffd" not in text
    assert "%(" not in text
    if code == "en":
        assert runs(text) & runs(english)
        return
    assert not runs(text) & runs(english), f"{code}: {runs(text) & runs(english)}"
    if code in SCRIPT:
        assert len(re.findall(SCRIPT[code], text.casefold())) > 8, f"{code}: {text}"


def switch_on_all(another, alex_id):
    alex = another()
    alex.be(alex_id)
    for code in DRAFTS:
        alex.submit(alex.get(f"/admin/languages/{code}").form("/on"), reader="A certified translator")


def live(dana, phones, town, people, let_happen):
    """Everybody's story up to the confirmation of STOP. Gives the texts of every phone, and the send pages."""
    sends = {}
    for one in people:
        agree(dana, one)
    let_happen()
    for one in people:
        sends[one.code] = send(dana, town, one)
    for by in ("next", "3days"):
        clock(phones, by)
        let_happen()
    says = (lambda one: one.digit, lambda one: HELP[one.code][0], lambda one: STOP[one.code][0])
    for word_of in says:
        for one in people:
            reply(phones, one.number, word_of(one))
        let_happen()
    return {one.code: texts(phones, one.number) for one in people}, sends


def test_all_twelve_are_offered():
    offered = (locales.CatalogState.COMPLETE, locales.CatalogState.DRAFT)
    assert set(PEOPLE) == {one.code for one in locales.LANGUAGES.values() if one.status in offered}


@ON_ONE_DATABASE
def test_every_language_gets_its_own_words_from_the_agreement_to_the_silence_after_stop(
    dana, phones, another, town, people, let_happen, runtime
):
    alex_id, everybody = people
    switch_on_all(another, alex_id)
    threads, sends = live(dana, phones, town, everybody, let_happen)
    english = " | ".join(threads["en"])
    for one in everybody:
        welcome, found, question, answer, helped, stopped = threads[one.code]
        for text in (welcome, found, question, answer, helped, stopped):
            is_in(one.code, text, english)
        assert found in sends[one.code].text
        assert "We have no texts" not in sends[one.code].text
        assert "STOP" in welcome
        assert "STOP" in found
        assert "911" in helped
        assert "988" in helped
        assert "START" in stopped
        shown = bubbles(phones, one)
        assert [it.text for it in shown if it.text in {one.digit, HELP[one.code][0], STOP[one.code][0]}] == [
            one.digit,
            HELP[one.code][0],
            STOP[one.code][0],
        ]
        assert {(it.attrs["dir"], it.attrs["lang"]) for it in shown} == {("auto", one.language.tag)}
        kept = [row.lang for row in rows(runtime, Message) if row.to_bix == phone_index(one.number)]
        assert kept == [one.code] * 6
        reads_page(another(), one, path_of(found))
    for _ in range(3):  # past the question of day 10
        clock(phones, "3days")
        let_happen()
    assert {one.code: texts(phones, one.number) for one in everybody} == threads


def reads_page(reader, one, link):
    """The page behind the text, its question and its thanks: own words, own direction, nothing left in English."""
    page = reader.get(link)
    html = page.tree.all("html")[0].attrs
    assert (html["lang"], html["dir"]) == (one.language.tag, one.language.direction)
    # what kind of help it is stands there in English in ten languages, and the page says how to get it in words of one's own
    assert bool(page.tree.all("small")) is (one.code in DRAFTS)
    english = reader.get(f"{link}?l=en")
    is_in(one.code, in_reach(page), in_reach(english))
    reasons = reader.submit(page.form("/answer"), answer="could_not")
    assert reasons.tree.all("html")[0].attrs["dir"] == one.language.direction
    is_in(one.code, in_reach(reasons), in_reach(reader.submit(english.form("/answer"), answer="could_not")))
    assert (reader.get(f"{link}/thanks/call_me").h1 == "We will call you") is (one.code == "en")


@ON_ONE_DATABASE
def test_while_a_language_is_off_its_people_get_english_and_the_send_page_says_so(
    dana, phones, another, town, people, let_happen
):
    _, everybody = people
    threads, sends = live(dana, phones, town, everybody, let_happen)
    english = [kind_of(text) for text in threads["en"]]
    answer = 3  # it thanks for this digit or that one
    for one in everybody:
        said = f"We have no texts in {one.language.english_name} that are switched on. This one goes out in English."
        off = one.code in DRAFTS
        assert (said in sends[one.code].text) is off
        kinds = [kind_of(text) for text in threads[one.code]]
        assert ([*kinds[:answer], *kinds[answer + 1 :]] == [*english[:answer], *english[answer + 1 :]]) is (
            off or one.code == "en"
        )
        page = another().get(path_of(threads[one.code][1]))
        assert page.tree.all("html")[0].attrs["lang"] == ("en" if off else one.language.tag)


def kind_of(text: str) -> str:
    """The beginning of the words of a text, which tells its kind."""
    return text.removeprefix("Riverside Care: ")[:12]
