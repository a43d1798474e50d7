"""GET /api/search: its contract, its errors, its limits."""

import pytest

from resources_db import search_log
from resources_db.tenancy import system
from tests import factories


@pytest.fixture
def pantry(runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(
            session, now=now, name="Hope Pantry", needs=["food_pantry"], languages=("en", "es")
        )
        search_log.touch(session, [made.service.id], now=now)
        return str(made.service.id), str(made.location.id)


@pytest.fixture
def ask(app):
    client = app.test_client()
    return lambda **asked: client.get("/api/search", query_string=asked)


def test_the_answer_has_every_member_of_the_contract(ask, pantry):
    body = ask(q="no food for the kids", near="45202").get_json()
    assert {"understood", "urgent", "total", "facets", "hits", "relaxed"} <= set(body)
    assert body["understood"][0] == {"need": "food_pantry", "label": "Food pantry", "confidence": 0.9}
    hit = body["hits"][0]
    assert (hit["service_id"], hit["location_id"]) == pantry
    assert (hit["name"], hit["organization"], hit["needs"]) == ("Hope Pantry", "Hope Pantry", ["food_pantry"])
    assert 0 < hit["distance_m"] < 3_000
    assert hit["serves_area"] is None
    assert hit["open"]["state"] == "open"
    assert any("food" in words.lower() for words in hit["why"])
    assert body["total"] == 1


def test_the_words_come_in_the_language_asked_for(ask, pantry):
    body = ask(q="comida", near="45202", lang="es").get_json()
    assert body["understood"][0]["label"] == "Despensa de alimentos"


def test_danger_is_answered_with_numbers_to_call(ask, pantry):
    urgent = ask(q="I want to die").get_json()["urgent"]
    assert urgent[0]["kind"] == "suicide"
    assert "988" in urgent[0]["call"]


def test_filters_and_limits_are_taken_from_the_address(ask, pantry):
    assert ask(q="food", near="45202", language="es", open_now="true", limit=1).get_json()["total"] == 1
    assert ask(need="food_pantry", near="45202", radius_m=2_000).get_json()["total"] == 1
    assert ask(q="food", limit=0).get_json()["hits"]
    assert ask(q="food", offset=5).get_json()["hits"] == []


@pytest.mark.bad_input(74, 82, 90)
@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"q": "food", "near": "00000"}, "near", "unknown_zip"),
        ({"q": "food", "near": "12"}, "near", "not_a_zip"),
        ({"q": "food", "limit": "NaN"}, "limit", "not_a_number"),
        ({"q": "food", "radius_m": "ten"}, "radius_m", "not_a_number"),
        ({"need": "bogus"}, "need", "unknown_word"),
    ],
)
def test_what_cannot_be_read_is_a_problem_document_with_the_field(ask, pantry, asked, field, code):
    response = ask(**asked)
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    error = response.get_json()["errors"][0]
    assert (error["field"], error["code"]) == (field, code)


@pytest.mark.bad_input(82)
@pytest.mark.parametrize(
    "asked", [{"limit": "999999"}, {"offset": "-3"}, {"limit": str(2**63)}, {"radius_m": "1e99"}, {"unknown": "x"}]
)
def test_numbers_out_of_range_are_held_and_unknown_names_do_no_harm(ask, pantry, asked):
    assert ask(q="food", near="45202", **asked).status_code == 200


def test_an_empty_question_lists_what_is_near(ask, pantry):
    assert ask(near="45202").get_json()["total"] == 1


def test_nothing_of_an_answer_is_kept_by_caches(ask, pantry):
    assert {"no-store", "no-cache"} & set(ask(q="food").headers["Cache-Control"].split(", "))


def test_too_many_questions_are_told_when_to_come_back(ask, pantry):
    answers = [ask(q="x").status_code for _ in range(125)]
    assert answers[0] == 200
    assert answers[-1] == 429


@pytest.mark.parametrize("typed", ["😀", "of the", "... !!!"])
def test_what_says_nothing_finds_nothing_and_not_everything(browser, places, typed):
    document = browser.client.get("/api/search", query_string={"q": typed, "near": "45202"}).get_json()
    assert (document["total"], document["hits"]) == (0, [])
    everything = browser.client.get("/api/search", query_string={"near": "45202"}).get_json()
    assert everything["total"] > 0
