"""What programs ask: health, FHIR's own description, errors as documents."""

from __future__ import annotations

import pytest


def test_health_asks_nothing_of_the_database(browser, runtime, monkeypatch):
    monkeypatch.setattr(runtime.database, "reading", None)
    assert browser.client.get("/healthz").get_json() == {"status": "ok"}


def test_readiness_names_the_part_that_is_missing(browser, monkeypatch):
    assert browser.client.get("/readyz").status_code == 200
    monkeypatch.setattr("resources_db.migrate.head", lambda: "9999")
    answer = browser.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {"database": True, "schema": False}


def test_fhir_says_truthfully_what_it_is(browser, runtime):
    statement = browser.client.get("/fhir/metadata").get_json(force=True)
    assert statement["resourceType"] == "CapabilityStatement"
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["status"] == "draft"
    assert "resource" not in statement["rest"][0]
    assert statement["implementation"]["url"].startswith(runtime.settings.public_url)


@pytest.mark.parametrize("path", ["/fhir/", "/fhir/Patient/1", "/fhir/Task?status=x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_other_fhir_addresses_answer_an_operation_outcome(browser, path, method):
    answer = browser.client.open(path, method=method, json={} if method != "GET" else None)
    assert answer.status_code == 404
    assert answer.mimetype == "application/fhir+json"
    assert answer.get_json(force=True)["issue"][0]["code"] == "not-found"
