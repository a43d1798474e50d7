"""A tablet in a patient's hand: shut until a real password opens it again, whatever the patient tries."""

from __future__ import annotations

import re

import pytest
from flask_security.utils import hash_password
from passlib.totp import TOTP

from resources_db.models.care import Screening
from resources_db.models.tenants import Org
from resources_db.tenancy import system
from resources_db.vocab import Role
from tests import factories
from tests.pages import Browser
from tests.portal.caseload_world import rows

PASSWORD = "seven quiet herons wade"


@pytest.fixture
def handed_over(app, runtime, world, clock):
    """Nina, with a real account, has handed the tablet to Rosa: her browser."""
    with app.app_context():
        hashed = hash_password(PASSWORD)
    with runtime.database.writing(system()) as session, session.begin():
        org = session.get(Org, world.org.id)
        nina = factories.make_user(
            session, org=org, now=clock(), name="Nina Real", email="nina@clinic.example", role=Role.SUPERVISOR
        )
        nina.password = hashed
    browser = Browser(app)
    page = browser.submit(browser.get("/login").form("/login"), email="nina@clinic.example", password=PASSWORD)
    page = browser.submit(page.form("/tf-setup"))
    key = re.sub(r"\W", "", page.tree.all("bdi", **{"class": "num"})[0].text)
    browser.submit(page.form("/tf-validate"), code=TOTP(key=key).generate().token)
    page = browser.submit(browser.get(f"/patients/{world.rosa.id}/screen").form("/screen"), way="tablet")
    clock.forward(minutes=1)
    browser.submit(page.form("/tablet"))
    return browser


def test_no_page_of_the_team_opens_and_no_form_is_taken(app, handed_over, runtime, world):
    (screening,) = rows(runtime, Screening)
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*patient_id>", str(world.rosa.id), rule.rule)
        path = re.sub(r"<[^>]*screening_id>", str(screening.id), path)
        if "<" in path or path.startswith("/r/") or rule.endpoint in {"screening.back", "security.verify"}:
            continue
        if "GET" in rule.methods and rule.endpoint not in {"auth.signed_out", "security.logout"}:
            answer = handed_over.client.get(path)
            shut = answer.status_code == 303 and answer.headers["Location"] == "/tablet"
            assert shut or path in {"/healthz", "/readyz"}, path


def test_the_page_in_between_names_nobody(handed_over):
    page = handed_over.get("/tablet")
    assert page.h1 == "Please give the tablet back"
    assert not {"Rosa", "Martinez", "Nina"} & set(re.findall(r"\w+", page.html))
    assert {one.attrs["href"] for one in page.tree.all("a")} <= {"/", "#main"}


def test_only_the_password_opens_it_again(handed_over, clock):
    page = handed_over.get("/tablet")
    assert handed_over.submit(page.form("/verify"), password="wrong wrong wrong wrong", expect=422).status == 422
    taken = handed_over.client.post("/tablet/back", data={"csrf_token": page.form("/verify").values()["csrf_token"]})
    assert taken.headers["Location"] == "/tablet"
    assert handed_over.client.get("/today").headers["Location"] == "/tablet"
    clock.forward(seconds=5)
    back = handed_over.submit(handed_over.get("/tablet").form("/verify"), password=PASSWORD)
    page = handed_over.submit(back.form("/tablet/back"))
    assert page.path.startswith("/screenings/")
    assert handed_over.get("/today").status == 200


def test_another_tab_that_was_open_before_can_do_nothing(handed_over, world, runtime):
    (screening,) = rows(runtime, Screening)
    for path in (f"/screenings/{screening.id}/finish", f"/patients/{world.rosa.id}/notes"):
        answer = handed_over.client.post(path, data={"body": "x"}, headers={"HX-Request": "true"})
        assert answer.status_code in {303, 419}
        assert handed_over.client.get("/today").status_code == 303
