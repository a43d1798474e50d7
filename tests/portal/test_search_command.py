"""The directory from the command line."""

import pytest
from click.testing import CliRunner

from portal.commands.search import reindex, search
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


def test_reindex_says_how_many_listings_there_are(environment):
    result = CliRunner().invoke(reindex, env=environment)
    assert "1 listings are in the index." in result.output


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
