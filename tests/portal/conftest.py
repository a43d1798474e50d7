"""Tests of pages get the app, a browser and people to be."""

from tests.edge import another, app, browser, runtime, settings, staff

__all__ = ["another", "app", "browser", "runtime", "settings", "staff"]
