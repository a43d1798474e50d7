"""Figures that the fault tests print, how much they do, and a phone company that outlives the product."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from portal.sms import provider_api
from portal.sms.carrier import Carrier
from portal.sms.phone_server import PhoneServer
from portal.sms.phone_store import PhoneStore
from resources_db import tenancy
from tests import factories
from tests.conftest import NOW
from tests.faults.drain import ACCOUNT, FULL, Mischief, Workers

_FIGURES: list[str] = []


def pytest_terminal_summary(terminalreporter) -> None:
    if _FIGURES:
        terminalreporter.section("figures" + (" (full form)" if FULL else " (short form)"))
        for line in _FIGURES:
            terminalreporter.write_line(line)


@pytest.fixture
def figure(request):
    """Tell a figure; all of them are printed at the end of the run."""

    def tell(words) -> None:
        _FIGURES.append(f"{request.node.name}: {words}")

    return tell


@pytest.fixture
def full() -> bool:
    return FULL


@pytest.fixture
def mischief(monkeypatch) -> Mischief:
    mischief = Mischief()
    monkeypatch.setattr(provider_api, "answer", mischief)
    return mischief


@pytest.fixture
def company(tmp_path, mischief):
    company = Carrier(PhoneStore(tmp_path / "phone.sqlite"), ACCOUNT)
    server = PhoneServer(company)
    server.start()
    company.url = server.url.replace("127.0.0.1", "localhost")  # a name, so that names can fail
    yield company
    server.stop()
    company.store.close()


@pytest.fixture
def trouble(tmp_path):
    """A folder whose files make trouble for the workers while they exist."""
    folder = tmp_path / "trouble"
    folder.mkdir()
    return folder


@pytest.fixture
def facts(tmp_path, database, database_url, vault, company, trouble):
    return write_facts(tmp_path, database_url, vault, company.url, trouble)


def write_facts(folder, database_url, vault, url, trouble, *, product_times=False):
    ring = vault.ring
    path = folder / "facts.json"
    path.write_text(
        json.dumps(
            {
                "database": database_url,
                "master": ring.master[1].hex(),
                "blind": ring.blind.hex(),
                "audit": ring.audit.hex(),
                "now": NOW.isoformat(),
                "real": datetime.now(UTC).isoformat(),
                "trouble": str(trouble),
                "product_times": product_times,
                "provider": {
                    "account_sid": ACCOUNT.sid,
                    "auth_token": ACCOUNT.token,
                    "messaging_service_sid": ACCOUNT.service_sid,
                    "public_url": "http://127.0.0.1:9",
                    "api_base": url,
                },
            }
        )
    )
    return path


@pytest.fixture
def workers(facts):
    workers = Workers(facts)
    yield workers
    workers.kill_all()


@pytest.fixture
def org_id(database):
    with database.writing(tenancy.system()) as session, session.begin():
        return factories.cast(session, NOW).org.id
