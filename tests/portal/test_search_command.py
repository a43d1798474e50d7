"""The directory from the command line."""

import json

import pytest
from click.testing import CliRunner

from portal.commands.search import search
from resources_db import search_log
from resources_db.tenancy import system
from tests import factories


@pytest.fixture
def environment(runtime, settings, now):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=now, name="Hope Pantry", needs=["food_pantry"])
        search_log.touch(session, [made.service.id], now=now)
    return {
        "HANDRAIL_DEMO": "1",
        "HANDRAIL_DATABASE_URL": settings.database_url,
        "HANDRAIL_DATA_DIR": str(settings.data_dir),
    }


def test_search_prints_places_with_their_reasons(environment):
    result = CliRunner().invoke(search, ["no", "food", "--near", "45202"], env=environment)
    assert "We read this as: food_pantry" in result.output
    assert "1. Hope Pantry" in result.output


def test_an_unknown_place_is_said(environment):
    result = CliRunner().invoke(search, ["food", "--near", "4520"], env=environment)
    assert "4520" in result.output
    assert "45202" in result.output


def test_an_unknown_need_is_refused_by_name(environment):
    result = CliRunner().invoke(search, ["food", "--need", "bogus"], env=environment)
    assert result.exit_code == 2
    assert "need" in result.output


def test_the_same_question_as_json_is_the_document_of_the_interface(environment, app):
    said = CliRunner().invoke(search, ["no", "food", "--near", "45202", "--lang", "es", "--json"], env=environment)
    asked = {"q": "no food", "near": "45202", "lang": "es", "limit": 10}
    expected = app.test_client().get("/api/search", query_string=asked).get_json()
    answered = json.loads(said.output)
    assert answered.keys() == expected.keys()
    assert [hit["service_id"] for hit in answered["hits"]] == [hit["service_id"] for hit in expected["hits"]]
    assert answered["understood"][0]["label"] == "Despensa de alimentos"


def test_every_filter_of_the_page_can_be_said(environment):
    filters = ["--has-room", "--no-papers", "--by-phone", "--cost", "free", "--travel", "walk", "--sort", "near"]
    said = CliRunner().invoke(
        search, ["food", "--near", "45202", "--open-at", "2026-11-28T09:30", *filters], env=environment
    )
    assert said.exit_code == 0, said.output
    assert "Hope Pantry" in said.output  # widened, and said so


def test_a_time_that_is_none_is_refused_by_its_field(environment):
    said = CliRunner().invoke(search, ["food", "--open-at", "soon"], env=environment)
    assert (said.exit_code, "open_at" in said.output) == (2, True)
