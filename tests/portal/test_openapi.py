"""The OpenAPI document: valid, complete, and true of what /api/search answers."""

import jsonschema
import pytest

from resources_db import search_log
from resources_db.tenancy import system
from search.criteria import SearchCriteria, from_query
from tests import factories


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def described(client):
    response = client.get("/api/openapi.json")
    assert response.mimetype == "application/json"
    return response.get_json()


@pytest.fixture
def pantry(runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(
            session, now=now, name="Hope Pantry", needs=["food_pantry"], languages=("en", "es")
        )
        search_log.touch(session, [made.service.id], now=now)


def holds(described, name, body):
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    jsonschema.Draft202012Validator(schema).validate(body)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "no food for the kids", "near": "45202"},
        {"q": "comida", "near": "45202", "lang": "es", "open_now": "1"},
        {"q": "I want to die"},
        {"q": "foood", "cost": "free", "travel": "walk"},
        {"need": "detox", "near": "45202", "radius_m": "200"},
        {},
    ],
)
def test_answers_are_as_the_document_says(client, described, pantry, asked):
    holds(described, "SearchAnswer", client.get("/api/search", query_string=asked).get_json())


def test_errors_are_as_the_document_says(client, described, pantry):
    for asked in ({"q": "food", "near": "00000"}, {"limit": "many"}, {"open_at": "soon"}):
        response = client.get("/api/search", query_string=asked)
        assert response.status_code == 400
        holds(described, "Problem", response.get_json())


def test_every_parameter_is_read_and_every_criterion_is_described(described):
    [operation] = described["paths"]["/api/search"].values()
    named = {parameter["name"] for parameter in operation["parameters"]}
    filled = SearchCriteria.__dataclass_fields__.keys()
    in_address = {"needs": "need", "open_when": "open"}
    assert {in_address.get(name, name) for name in filled} | {"open_now"} == named


def test_words_the_document_allows_are_words_the_criteria_take(described):
    [operation] = described["paths"]["/api/search"].values()
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        for word in schema.get("enum") or schema.get("items", {}).get("enum", ()):
            assert from_query({parameter["name"]: [str(word)]})[1] == (), (parameter["name"], word)


def test_the_document_is_open_api_3_1(described):
    assert described["openapi"] == "3.1.0"
    assert {"title", "version"} <= described["info"].keys()
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
