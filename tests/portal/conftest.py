"""Tests of pages get the app, a browser, people to be, and Dana with her patients."""

from tests.edge import another, app, browser, runtime, settings, staff
from tests.portal.caseload_world import dana, world
from tests.portal.search_world import places, rosa, searcher

__all__ = ["another", "app", "browser", "dana", "places", "rosa", "runtime", "searcher", "settings", "staff", "world"]
