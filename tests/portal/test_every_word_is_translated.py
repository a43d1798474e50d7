"""In the pseudo-language every word of ours stands in brackets; one that does not was never offered to translators."""

import re

import pytest

from tests.pages import read

PAGES = (
    "/today",
    "/patients",
    "/patients/new",
    "/patients/{rosa}",
    "/patients/{rosa}/edit",
    "/patients/{rosa}/consent",
    "/patients/{rosa}/needs/new",
    "/patients/{rosa}/note",
    "/texts",
    "/search",
    "/account",
)
OURS = ("h1", "h2", "label", "legend", "button", "summary", "th")
OTHERS = re.compile(r"^[\W\d]*$|Handrail|Rosa Martinez|^Food pantry$")
"""Signs, names, and the labels of our needs, which have a list of their own."""


@pytest.fixture
def pseudo(monkeypatch, dana):
    monkeypatch.setenv("HANDRAIL_PSEUDO", "1")
    return dana


@pytest.mark.parametrize("path", PAGES)
def test_headings_labels_and_buttons_come_from_the_catalogs(pseudo, world, path):
    html = pseudo.client.get(f"{path.format(rosa=world.rosa.id)}?l=eo").text
    found = [one for tag in OURS for one in read(html).all(tag) if one.attrs.get("scope") != "row"]
    assert "⟦" in html
    assert {one.text for one in found if "⟦" not in one.text and not OTHERS.search(one.text)} == set()
