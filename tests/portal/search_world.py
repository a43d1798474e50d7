"""A small town for the tests of the search page: five places, Rosa, and Dana who looks for her."""

from __future__ import annotations

import pytest

from resources_db import search_log
from resources_db.models.directory import RequiredDocument, ServiceArea
from resources_db.tenancy import system
from resources_db.vocab import Confidentiality, GeocodeQuality, Role
from tests import factories


@pytest.fixture
def places(runtime, now):
    """Three pantries, a clinic and a hotline, and nobody signed in."""
    with runtime.database.writing(system()) as session, session.begin():
        made = {
            "hope": factories.make_listing(
                session, now=now, name="Hope Pantry", needs=["food_pantry", "child_meals"], languages=("en", "es")
            ),
            "elm": factories.make_listing(
                session, now=now, name="Elm Street Food Shelf", needs=["food_pantry"], at=(39.14, -84.5)
            ),
            "tran": factories.make_listing(
                session, now=now, name="Price Hill Pantry", needs=["food_pantry"], at=(39.11, -84.56), languages=("vi",)
            ),
            "clinic": factories.make_listing(session, now=now, name="Queen City Clinic", needs=["primary_care"]),
            "safe": factories.make_listing(session, now=now, name="Harbor Light", needs=["dv_safety"]),
        }
        hidden = made["safe"].location
        hidden.confidentiality = Confidentiality.HIDDEN
        hidden.latitude = hidden.longitude = None
        hidden.geocode_quality = GeocodeQuality.NONE
        made["safe"].service.sensitive = True
        session.add(ServiceArea(service_id=made["safe"].service.id, counties=["39061"]))
        session.add(RequiredDocument(service_id=made["hope"].service.id, document="No papers needed"))
        services = {name: one.service.id for name, one in made.items()}
        keys = {name: f"{one.service.id}.{one.location.id}" for name, one in made.items()}
        search_log.touch(session, services.values(), now=now)
    return keys


@pytest.fixture
def rosa(runtime, staff, now):
    with runtime.database.writing(system()) as session, session.begin():
        team = factories.make_team(session, org=staff.care, now=now)
        patient = factories.make_patient(session, team=team, now=now, first="Rosa", last="Martinez", language="es")
        return patient.id


@pytest.fixture
def searcher(browser, staff):
    browser.be(staff[Role.NAVIGATOR])
    return browser


def names(page):
    """The places of a page, in order."""
    return [one.all("a")[0].text.split(":")[-1].strip() for one in page.tree.all("h3") if one.inside("li")]
