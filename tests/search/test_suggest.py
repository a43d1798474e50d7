"""Suggestions while typing: needs in everyday words, names of listings and organizations, places; never what is hidden."""

import random
from dataclasses import replace

import pytest

from resources_db.needs import NEEDS
from search import columns, hints
from search.engine import SearchEngine
from search.plain_text import PlainText
from search.snapshot import Snapshot
from search.suggest import Kind, suggest
from tests.search.kit import indexed, plain, row

ROWS = [
    row(1, "Hope Pantry", "food_pantry", organization="Hope Center"),
    row(2, "Elm Street Food Shelf", "food_pantry", organization="Elm Street Church"),
    row(3, "Servicios Comunitarios Santa María", "legal_aid", organization="Freestore Foodbank"),
    row(4, "Safe Harbor House", "dv_safety", organization="Secret Sisters", confidential=True),
    row(5, "ONE 'n Only Pantry", "food_pantry", organization="Freestore Foodbank"),
    row(6, "免费食品中心", "food_pantry", organization="华人服务社"),
]


@pytest.fixture(params=["whoosh", "plain"])
def snapshot(request, tmp_path):
    return indexed(ROWS, tmp_path / "words") if request.param == "whoosh" else plain(ROWS)


def of(kind, found):
    return [one.text for one in found if one.kind is kind]


def needs(found):
    return [one.value for one in found if one.kind is Kind.NEED]


def test_the_beginning_of_an_everyday_phrase_finds_its_need(snapshot):
    found = suggest(snapshot, "light b")
    assert needs(found) == ["energy_bill"]
    assert (found[0].text, found[0].field, found[0].value) == ("light bill", "need", "energy_bill")


def test_the_end_of_a_sentence_is_what_is_being_typed(snapshot):
    assert needs(suggest(snapshot, "i need help with my light b"))[0] == "energy_bill"


@pytest.mark.parametrize(
    ("typed", "lang", "need"),
    [("renta atr", "es", "rent_help"), ("luz", "en", "energy_bill"), ("RENT", "en", "rent_help")],
)
def test_needs_are_found_in_english_and_spanish_on_any_page(snapshot, typed, lang, need):
    assert need in needs(suggest(snapshot, typed, lang))


@pytest.mark.parametrize("lang", ["en", "es", "ar", "zh", "xx", ""])
def test_every_need_can_be_reached_by_the_beginning_of_its_label(snapshot, lang):
    missed = {need.id for need in NEEDS.values() if need.id not in needs(suggest(snapshot, need.label[:-1], lang))}
    assert missed == set()


def test_a_need_comes_once_and_the_page_language_first(snapshot):
    found = suggest(snapshot, "diaper", "en")
    assert len(set(needs(found))) == len(needs(found))
    assert [one.text for one in suggest(snapshot, "comida", "es") if one.kind is Kind.NEED]


def test_names_are_found_by_the_beginning_of_any_word_and_the_first_word_first():
    rows = [
        row(1, "North Hope Meals", "hot_meals", organization="X"),
        row(2, "Hope Pantry", "food_pantry", organization="Y"),
    ]
    assert of(Kind.LISTING, suggest(plain(rows), "hop")) == ["Hope Pantry", "North Hope Meals"]


def test_all_words_typed_must_stand_in_the_name(snapshot):
    assert of(Kind.LISTING, suggest(snapshot, "hope pan")) == ["Hope Pantry"]
    assert of(Kind.LISTING, suggest(snapshot, "pantry ho")) == ["Hope Pantry"]
    assert of(Kind.LISTING, suggest(snapshot, "hope shelf")) == []


def test_what_a_name_suggests_goes_into_the_question(snapshot):
    one = suggest(snapshot, "elm street f")[0]
    assert (one.kind, one.field, one.value) == (Kind.LISTING, "q", "Elm Street Food Shelf")


@pytest.mark.parametrize("typed", ["maria", "MARÍA", "marí", "santa m"])
def test_case_and_accents_do_not_matter(snapshot, typed):
    assert "Servicios Comunitarios Santa María" in of(Kind.LISTING, suggest(snapshot, typed))


@pytest.mark.parametrize("typed", ["免费", "食品", "食", "中心"])
def test_names_without_spaces_are_found_from_any_letter_on(snapshot, typed):
    assert of(Kind.LISTING, suggest(snapshot, typed, "zh")) == ["免费食品中心"]


def test_an_organization_comes_once_however_many_places_it_has():
    rows = [
        row(number, f"Meals {number}", "hot_meals", organization="Freestore Foodbank", service_id=str(number))
        for number in range(1, 30)
    ]
    assert of(Kind.ORGANIZATION, suggest(plain(rows), "free")) == ["Freestore Foodbank"]


def test_a_service_at_many_places_comes_once():
    rows = [replace(row(number, "Hope Pantry", "food_pantry"), service_id="one") for number in range(1, 9)]
    assert of(Kind.LISTING, suggest(plain(rows), "hope")) == ["Hope Pantry"]


@pytest.mark.parametrize("typed", ["safe", "safe harbor", "harbor", "house", "secret", "sisters"])
def test_a_confidential_place_is_never_suggested_by_name(snapshot, typed):
    found = suggest(snapshot, typed)
    assert {"Safe Harbor House", "Secret Sisters"}.isdisjoint(one.text for one in found)


def test_a_zip_is_suggested_from_three_digits_on_the_nearest_first(snapshot):
    found = suggest(snapshot, "452")
    assert found[0].value == "45202"
    assert {(one.kind, one.field) for one in found} == {(Kind.PLACE, "near")}
    assert of(Kind.PLACE, suggest(snapshot, "45")) == []


def test_a_city_around_the_listings_comes_before_a_bigger_one_far_away(snapshot):
    assert of(Kind.PLACE, suggest(snapshot, "dayt"))[0] == "Dayton, OH"
    assert of(Kind.PLACE, suggest(snapshot, "food in dayt"))[0] == "Dayton, OH"
    assert of(Kind.PLACE, suggest(snapshot, "honolu")) == ["Honolulu, HI"]


@pytest.mark.bad_input(74, 82, 86)
@pytest.mark.parametrize(
    "typed", ["", " ", "e", "\x00", "\ud800", "🙂🙂", "<script>", "a" * 10_000, "' OR 1=1", "%%", "\u202e", "...", "เ"]
)
def test_nothing_that_is_typed_breaks_it(snapshot, typed):
    assert len(suggest(snapshot, typed)) <= 8


def test_one_letter_tells_nothing_in_latin(snapshot):
    assert suggest(snapshot, "h") == ()


@pytest.mark.parametrize("limit", [1, 3, 8])
def test_never_more_than_asked_for_and_all_kinds_get_a_turn(limit):
    rows = [row(n, f"Free Meals {n}", "hot_meals", organization=f"Free Org {n}") for n in range(1, 20)]
    found = suggest(plain(rows), "free", "en", limit)
    assert len(found) == limit
    if limit == 8:
        assert {one.kind for one in found} >= {Kind.NEED, Kind.LISTING, Kind.ORGANIZATION}


def test_long_words_are_looked_at_whole():
    rows = [row(1, "Internationalization Help", "legal_aid"), row(2, "Internationale Kitchen", "hot_meals")]
    assert of(Kind.LISTING, suggest(plain(rows), "internationali")) == ["Internationalization Help"]


def test_a_change_is_suggested_at_once_and_what_went_is_not():
    before = columns.build(ROWS)
    gone = [ROWS[0].service_id]
    added = [row(50, "Brand New Pantry", "food_pantry"), row(51, "Aardvark Meals", "hot_meals")]
    after = Snapshot(columns.changed(before, gone, added), PlainText([*ROWS, *added]))
    assert of(Kind.LISTING, suggest(after, "brand n")) == ["Brand New Pantry"]
    assert of(Kind.LISTING, suggest(after, "aard")) == ["Aardvark Meals"]
    assert of(Kind.LISTING, suggest(after, "hope")) == []
    assert of(Kind.LISTING, suggest(after, "pantry")) == ["Brand New Pantry", "ONE 'n Only Pantry"]


def test_hints_stay_in_order_however_they_are_joined():
    chance = random.Random(4)
    names = ["hope", "grace", "elm", "zion", "aid", "Ärzte", "食品"]
    rows = [row(number, " ".join(chance.sample(names, 3)), "food_pantry") for number in range(60)]
    whole, held = hints.build(rows), hints.build(rows[:20])
    held = hints.merged(held, hints.build(rows[20:45]), 20)
    held = hints.merged(held, hints.build(rows[45:]), 45)
    assert list(held.word) == sorted(held.word)
    assert {*zip(held.word, held.row, held.part, strict=True)} == {*zip(whole.word, whole.row, whole.part, strict=True)}


@pytest.mark.parametrize(("few", "beside"), [(0, False), (10_000, True)])
def test_entries_of_changes_are_found_among_the_others_before_and_after_they_join_them(few, beside, monkeypatch):
    monkeypatch.setattr(hints, "_FEW_LATE", few)
    chance = random.Random(5)
    names = [" ".join(chance.sample(["hope", "hopeful", "elm"], 2)) for _ in range(60)]
    rows = [row(number, name, organization=f"{name} {number}") for number, name in enumerate(names)]
    early, late = hints.build(rows[:20]), hints.build(())
    for start in range(20, 60, 10):
        early, late = hints.late(early, late, hints.build(rows[start : start + 10]), start)
    assert bool(len(late.word)) == beside
    for typed, whole in (("hope", False), ("hope", True), ("e", False), ("zzz", False)):
        found = hints.found(early, late, typed, whole=whole)
        fits = hints.cut(typed).__eq__ if whole else lambda word, typed=typed: word.startswith(hints.cut(typed))
        expected = hints.build(rows)
        assert list(found.word) == [word for word in expected.word if fits(word)]
        assert {*zip(found.word, found.row, strict=True)} == {
            (word, number) for word, number in zip(expected.word, expected.row, strict=True) if fits(word)
        }


def test_without_an_index_there_are_needs_and_places(tmp_path):
    engine = SearchEngine(tmp_path / "index")
    assert needs(engine.suggest("light b")) == ["energy_bill"]
    assert of(Kind.PLACE, engine.suggest("cincin")) == ["Cincinnati, OH"]
