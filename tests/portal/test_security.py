"""What holds for every request and answer: headers, size, host, origin, CSRF, characters, safe ways on."""

from __future__ import annotations

import re

import pytest

from portal.auth import guards
from portal.auth.guards import Kind
from portal.security import clean_text, safe_next
from resources_db.vocab import Role

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "camera=(), microphone=(), payment=(), usb=()",
}
VALUES = {"uuid": "00000000-0000-0000-0000-000000000001", "int": "1", "path": "site.css", "default": "abc"}


def some_address(rule):
    """An address of this route with values that fit its converters; the first choice of any(...)."""
    return re.sub(
        r"<(?:(\w+)(?:\((\w*)[^)]*\))?:)?\w+>",
        lambda found: found[2] if found[1] == "any" else VALUES.get(found[1] or "default", "abc"),
        rule.rule,
    )


def test_every_route_and_every_error_carries_all_headers(app, browser, staff):
    browser.be(staff[Role.CURATOR])
    for rule in app.url_map.iter_rules():
        for method in sorted({"GET", "POST"} & set(rule.methods)):
            response = browser.client.open(some_address(rule), method=method)
            response.close()
            where = f"{method} {rule.rule}: {response.status_code}"
            assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, where
            assert {"HX-Request", "Accept-Language", "Cookie"} <= {
                part.strip() for part in response.headers["Vary"].split(",")
            }
            expected = "no-referrer" if guards.policy_of(app, rule.endpoint).kind is Kind.LINK else "same-origin"
            assert response.headers["Referrer-Policy"] == expected, where
            assert response.status_code != 500, where
            browser.be(staff[Role.CURATOR]) if rule.endpoint == "security.logout" else None


@pytest.mark.bad_input(79)
def test_no_page_behind_a_sign_in_is_ever_kept_by_a_cache(app, browser, staff):
    browser.be(staff[Role.CARE_ADMIN])
    for rule in app.url_map.iter_rules():
        policy = guards.policy_of(app, rule.endpoint)
        if "GET" in rule.methods and policy.kind in {Kind.NEEDS, Kind.LINK}:
            assert browser.client.get(some_address(rule)).headers["Cache-Control"] == "no-store", rule.rule


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/static/site.css?v=abc", "public, max-age=31536000, immutable"),
        ("/static/site.css", "no-cache"),
        ("/static/missing.css?v=abc", "no-cache"),
    ],
)
def test_a_static_file_with_its_hash_is_kept_for_ever_and_others_are_asked_for_again(browser, path, kept):
    with browser.client.get(path) as answer:
        assert answer.headers["Cache-Control"] == kept


@pytest.mark.bad_input(70)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 419),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 419),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(browser, staff, headers, status):
    answer = browser.client.post(
        f"/dev/people/{staff[Role.CURATOR].id}",
        data={"x": "1"} if not headers.get("Content-Type") else b"x=1",
        headers=headers,
    )
    assert answer.status_code == status
    assert browser.client.get("/account").status_code == 303


@pytest.mark.bad_input(70)
def test_another_persons_token_is_refused(browser, another, staff):
    token = another().token("/login")
    answer = browser.client.post(f"/dev/people/{staff[Role.CURATOR].id}", data={"csrf_token": token})
    assert answer.status_code == 419


def test_a_form_whose_token_is_gone_comes_back_with_its_text_and_a_new_token(browser, staff):
    browser.be(staff[Role.CURATOR])
    page = browser.post("/language", {"language": "es", "next": "/account", "password": "secret words"}, expect=419)
    kept = page.form("/language").values()
    assert kept["language"] == "es"
    assert "secret words" not in page.html
    assert browser.submit(page.form("/language")).status == 200


@pytest.mark.bad_input(24, 89)
def test_a_body_over_the_cap_is_refused_and_pages_still_work(browser):
    big = browser.client.post("/login", data={"email": "x" * 70_000})
    assert big.status_code == 413
    browser.get("/login")


@pytest.mark.bad_input(72)
def test_another_host_is_refused(browser):
    page = browser.get("/login", headers={"Host": "evil.example"}, expect=400)
    assert "evil.example" not in page.text
    page = browser.client.get("/login", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in page.text


@pytest.mark.bad_input(83, 84, 85)
@pytest.mark.parametrize("path", ["/login?x=%00", "/search%00", "/account?next=%00"])
def test_nul_in_an_address_is_refused(browser, path):
    assert browser.client.get(path).status_code in {404, 422}


@pytest.mark.bad_input(83)
def test_nul_in_a_form_is_refused_with_words(browser):
    page = browser.post("/language", {"language": "e\0s"}, expect=422)
    assert "cannot be stored" in page.text


@pytest.mark.bad_input(84, 85)
@pytest.mark.parametrize("body", ['{"a": "\\u0000"}', '{"a": ["\\ud800"]}', '{"\\udfff": 1}'])
def test_json_that_cannot_be_stored_is_refused(browser, body):
    answer = browser.client.post("/fhir/Task", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json(force=True)["resourceType"] == "OperationOutcome"


@pytest.mark.bad_input(71)
@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/x",
        "/%2f%2fevil",
        "/%5cevil",
        "/a\tb",
        "\n/x",
        "javascript:alert(1)",
        "",
        None,
        "/" + "a" * 3000,
        "evil",
    ],
)
def test_a_way_on_never_leads_elsewhere(app, wanted):
    with app.test_request_context():
        assert safe_next(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/today", "/search?q=food&near=45202", "/patients/1#notes"])
def test_a_way_on_within_the_site_is_kept(app, wanted):
    with app.test_request_context():
        assert safe_next(wanted) == wanted


@pytest.mark.bad_input(86)
def test_letters_that_turn_text_round_are_taken_out_and_names_are_composed():
    assert clean_text("Jose\u0301 \u202eevil\u2066") == "José evil"


@pytest.mark.bad_input(81)
@pytest.mark.parametrize("method", ["TRACE", "FROB", "PUT", "DELETE"])
def test_an_unknown_verb_is_refused(browser, method):
    assert browser.client.open("/login", method=method).status_code == 405


@pytest.mark.bad_input(81)
def test_post_on_a_page_that_only_shows_is_refused(browser):
    assert browser.client.post("/healthz").status_code == 405


@pytest.mark.bad_input(80)
@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"])
def test_no_path_leads_out_of_the_static_folder(browser, path):
    assert browser.client.get(path).status_code == 404
