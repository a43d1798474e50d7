"""Tests of pages get the app, a browser, people to be, and Dana with her patients."""

from tests.edge import another, app, browser, runtime, settings, staff
from tests.portal.caseload_world import dana, world

__all__ = ["another", "app", "browser", "dana", "runtime", "settings", "staff", "world"]
