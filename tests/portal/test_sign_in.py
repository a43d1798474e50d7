"""Real accounts: password, then a code of an authenticator app; nothing is given away, nothing works twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask_security.utils import hash_password
from passlib.totp import TOTP
from sqlalchemy import select

from portal.auth import current, fresh, guards, setup
from portal.auth.accounts import Account
from portal.auth.guards import Kind, Policy, needs
from resources_db.models.access import AuditEvent, WebSession
from resources_db.models.messages import Message
from resources_db.models.tenants import AppUser
from resources_db.tenancy import system
from resources_db.vocab import Purpose, Role
from tests import factories

PASSWORD = "seven quiet herons wade"


@pytest.fixture
def pat(app, runtime, staff, now):
    """A curator with a password and no second factor yet."""
    with app.app_context():
        hashed = hash_password(PASSWORD)
    with runtime.database.writing(system()) as session, session.begin():
        org = staff.directory
        user = factories.make_user(
            session, org=org, now=now, name="Pat Real", email="pat@clinic.example", role=Role.CURATOR
        )
        user.password = hashed
        session.flush()
        session.expunge(user)
    return user


def sign_in(browser, password=PASSWORD, email="pat@clinic.example", **options):
    return browser.submit(browser.get("/login").form("/login"), email=email, password=password, **options)


def key_on(page):
    """The key an authenticator app would read from the page."""
    return re.sub(r"\W", "", page.tree.all("bdi", **{"class": "num"})[0].text)


def first_sign_in(browser, clock):
    page = sign_in(browser)
    assert page.h1 == "Set up your authenticator app"
    page = browser.submit(page.form("/tf-setup"))
    key = key_on(page)
    page = browser.submit(page.form("/tf-validate"), code=code(key))
    return key, page


def code(key, at=None):
    return TOTP(key=key).generate(at).token


def test_the_first_sign_in_asks_for_an_authenticator_app_and_then_lets_in(browser, pat, clock):
    _key, page = first_sign_in(browser, clock)
    assert page.h1 == "Recovery codes"
    page = browser.submit(page.form("/mf-recovery-codes"))
    assert len(page.tree.all("li")) >= 10
    assert "Pat Real" in browser.get("/account").text


def test_a_recovery_code_lets_in_once(browser, another, pat, clock):
    _key, page = first_sign_in(browser, clock)
    page = browser.submit(page.form("/mf-recovery-codes"))
    code_ = page.tree.all("ul", **{"class": "num"})[0].all("bdi")[0].text
    later = another()
    sign_in(later)
    later.submit(later.get("/mf-recovery").form("/mf-recovery"), code=code_)
    later.get("/account")
    third = another()
    sign_in(third)
    third.submit(third.get("/mf-recovery").form("/mf-recovery"), code=code_, expect=422)
    third.get("/account", expect=303)


def test_password_alone_opens_nothing(browser, pat):
    sign_in(browser)
    browser.get("/account", expect=303)


@pytest.mark.bad_input(49)
def test_a_code_works_once(app, browser, another, pat, clock):
    key, _ = first_sign_in(browser, clock)
    later = another()
    page = sign_in(later)
    assert page.h1 == "Type your code"
    used = code(key)
    again = later.submit(page.form("/tf-validate"), code=used, expect=422)
    assert "not right" in again.text
    later.get("/account", expect=303)


@pytest.mark.bad_input(46)
def test_an_unknown_account_and_a_wrong_password_read_the_same(browser, another, pat):
    wrong = sign_in(browser, password="not the password at all", expect=422)
    unknown = sign_in(another(), email="nobody@clinic.example", expect=422)
    strip = lambda page: page.text.replace("pat@clinic.example", "").replace("nobody@clinic.example", "")  # noqa: E731
    assert strip(wrong) == strip(unknown)


@pytest.mark.bad_input(46)
def test_asking_for_a_new_password_reads_the_same_for_everybody(browser, another, pat):
    texts = {
        browser_.submit(browser_.get("/reset").form("/reset"), email=email).text
        for browser_, email in ((browser, "pat@clinic.example"), (another(), "nobody@clinic.example"))
    }
    assert len(texts) == 1


@pytest.mark.bad_input(50, 53)
def test_a_reset_by_mail_works_once_and_never_skips_the_second_factor(browser, another, runtime, pat, clock):
    first_sign_in(browser, clock)
    forgetful = another()
    forgetful.submit(forgetful.get("/reset").form("/reset"), email="pat@clinic.example")
    with runtime.database.reading(system()) as session:
        mail = session.scalars(select(Message).where(Message.purpose == Purpose.ACCOUNT)).one()
        body = mail.body
    link = re.search(rf"{runtime.settings.public_url}(/reset/\S+)", body)[1]
    new = "nine calm otters float"
    page = forgetful.submit(forgetful.get(link).form("/reset/"), password=new, password_confirm=new)
    assert page.h1 == "Sign in"
    forgetful.get("/account", expect=303)
    assert sign_in(another(), password=new).h1 == "Type your code"
    assert sign_in(another(), password=PASSWORD, expect=422).status == 422
    assert another().get(link, expect=None).status in {302, 303}


def test_a_sensitive_page_asks_for_the_password_again_and_renews_the_session(app, browser, pat, clock):
    app.add_url_rule("/sensitive", "sensitive", needs("taxonomy.edit")(lambda: "done"))
    app.add_url_rule(
        "/mine", "mine", guards.declare(lambda: str(fresh.is_fresh(current.member())), Policy(Kind.PUBLIC))
    )
    first_sign_in(browser, clock)
    assert browser.client.get("/mine").text == "True"
    clock.forward(minutes=11)
    assert browser.client.get("/mine").text == "False"
    browser.get("/sensitive", expect=403)
    before = browser.client.get_cookie("sid").value
    browser.submit(browser.get("/verify?next=/account").form("/verify"), password="wrong wrong wrong wrong", expect=422)
    page = browser.submit(browser.get("/verify?next=/account").form("/verify"), password=PASSWORD)
    assert page.h1 == "Your account"
    assert browser.client.get("/mine").text == "True"
    assert browser.client.get_cookie("sid").value != before


@pytest.mark.bad_input(47)
def test_many_wrong_passwords_slow_down_but_never_lock_out(browser, pat, clock):
    for _ in range(10):
        sign_in(browser, password="wrong wrong wrong wrong", expect=422)
    sign_in(browser, password="wrong wrong wrong wrong", expect=422)  # the one try of this minute
    refused = sign_in(browser, expect=429)
    assert int(refused.response.headers["Retry-After"]) <= 60
    clock.forward(seconds=61)
    assert sign_in(browser).h1 == "Set up your authenticator app"


@pytest.mark.bad_input(44)
def test_the_session_gets_a_new_id_at_sign_in_and_the_old_one_is_dead(browser, another, staff):
    browser.get("/login")
    before = browser.client.get_cookie("sid").value
    browser.be(staff[Role.CURATOR])
    assert browser.client.get_cookie("sid").value != before
    thief = another()
    thief.client.set_cookie("sid", before)
    thief.get("/account", expect=303)


@pytest.mark.bad_input(45)
def test_an_old_cookie_is_worth_nothing_after_signing_out(browser, another, staff):
    browser.be(staff[Role.CURATOR])
    cookie = browser.client.get_cookie("sid").value
    page = browser.submit(browser.get("/account").form("/logout"))
    assert page.h1 == "You are signed out"
    assert page.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = another()
    thief.client.set_cookie("sid", cookie)
    thief.get("/account", expect=303)


@pytest.mark.bad_input(45)
@pytest.mark.parametrize("change", [{"active": False}, "membership"], ids=str)
def test_a_disabled_account_is_out_at_the_next_click(browser, runtime, staff, now, change):
    user = staff[Role.CURATOR]
    browser.be(user)
    with runtime.database.writing(system()) as session, session.begin():
        from resources_db.models.tenants import Membership

        if change == "membership":
            session.scalars(select(Membership).where(Membership.user_id == user.id)).one().ended_at = now
        else:
            session.get(AppUser, user.id).active = False
    browser.get("/account", expect=303)


@pytest.mark.bad_input(52)
def test_a_changed_role_holds_from_the_next_click_on(browser, runtime, staff):
    user = staff[Role.CARE_ADMIN]
    browser.be(user)
    browser.get("/admin/users")
    with runtime.database.writing(system()) as session, session.begin():
        from resources_db.models.tenants import Membership

        session.scalars(select(Membership).where(Membership.user_id == user.id)).one().role = Role.AUDITOR
    browser.get("/admin/users", expect=403)


def test_an_idle_session_ends_and_a_used_one_lives_until_twelve_hours(browser, staff, clock):
    browser.be(staff[Role.CURATOR])
    clock.forward(minutes=14)
    browser.get("/account")
    clock.forward(minutes=16)
    browser.get("/account", expect=303)
    browser.be(staff[Role.CURATOR])
    for _ in range(12 * 5 - 1):
        clock.forward(minutes=12)
        browser.get("/account")
    clock.forward(minutes=13)
    browser.get("/account", expect=303)


def test_the_sixth_session_ends_the_oldest(another, staff, clock):
    browsers = [another() for _ in range(6)]
    for one in browsers:
        one.be(staff[Role.CURATOR])
        clock.forward(seconds=1)
    browsers[0].get("/account", expect=303)
    browsers[1].get("/account")


def test_the_cookie_holds_nothing_and_the_table_holds_only_its_hash(browser, runtime, staff):
    browser.be(staff[Role.CURATOR])
    cookie = browser.client.get_cookie("sid")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"
    assert cookie.max_age is None
    with runtime.database.reading() as session:
        stored = session.scalars(select(WebSession.id_hash)).all()
    assert cookie.value.encode() not in stored


def test_reading_public_pages_makes_no_session(browser, runtime):
    browser.get("/healthz")
    browser.get("/fhir/metadata")
    with runtime.database.reading() as session:
        assert session.scalars(select(WebSession)).all() == []


def test_the_demos_clock_never_signs_anybody_out(browser, runtime, staff):
    browser.be(staff[Role.CURATOR])
    runtime.clock.advance(timedelta(days=3))
    browser.get("/account")


def test_other_sessions_can_be_ended(browser, another, staff):
    elsewhere = another()
    elsewhere.be(staff[Role.CURATOR])
    browser.be(staff[Role.CURATOR])
    browser.submit(browser.get("/account").form("/account/sessions/end"))
    elsewhere.get("/account", expect=303)
    browser.get("/account")


def test_signing_in_and_failing_to_is_audited(browser, runtime, staff, pat):
    sign_in(browser, password="wrong wrong wrong wrong", expect=422)
    browser.be(staff[Role.CURATOR])
    with runtime.database.reading(system()) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "sign_in")).all()
    assert {(row.outcome, row.subject_kind) for row in rows} == {("refused", "page"), ("ok", "app_user")}
    assert not any("pat@" in str(row.detail) + row.subject_id for row in rows)


def test_people_of_the_demo_have_no_way_in_by_password(browser, staff):
    sign_in(browser, email=staff[Role.CURATOR].email, password="", expect=422)
    sign_in(browser, email=staff[Role.CURATOR].email, password="anything at all, long", expect=422)


def test_an_account_without_a_password_is_told_that_the_typed_one_is_wrong(browser, staff):
    browser.be(staff[Role.CARE_ADMIN])
    browser.submit(browser.get("/verify?next=/account").form("/verify"), password="any words at all", expect=422)


def test_a_real_account_cannot_be_had_by_the_demos_page(browser, pat):
    token = browser.token("/login")
    browser.post(f"/dev/people/{pat.id}", {"csrf_token": token}, expect=404)
    assert "Pat Real" not in browser.get("/dev/people").text


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("short", False),
        ("password12345678", False),
        ("aaaaaaaaaaaaaaaaaaaa", False),
        ("handrailhandrail", False),
        ("patpat clinic pat@", True),
        ("seven quiet herons wade", True),
        ("पासवर्ड बहुत लंबा है", True),
        ("x9 " * 40 + "end of it", True),
    ],
)
def test_passwords_are_judged_by_length_and_by_being_known(app, password, good):
    from portal.auth.passwords import problems

    with app.app_context():
        assert (problems(password, ("Pat Real", "pat")) == []) is good


def test_the_settings_are_the_table_of_the_security_design(app):
    for name, value in setup.POLICY.items():
        assert app.config[f"SECURITY_{name}"] == value
    assert app.config["SECURITY_TWO_FACTOR_ENABLED_METHODS"] == ["authenticator"]
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None


def test_every_message_of_flask_security_that_can_show_is_in_our_words(app):
    from flask_security.core import _default_messages

    from portal.auth.words import MESSAGES

    unused = ("US_", "WEBAUTHN_", "USERNAME_", "OAUTH_", "PASSWORDLESS_", "GENERIC_US", "REFRESH_TOKEN", "CONFIRM")
    shown = {
        name
        for name in _default_messages
        if not name.startswith(unused) and not name.startswith(("EMAIL_", "PHONE_", "LOGIN_", "ALREADY_", "INVALID_"))
    }
    assert shown - set(MESSAGES) <= {
        "PASSWORD_TOO_SIMPLE", "PASSWORD_BREACHED", "PASSWORD_BREACHED_SITE_ERROR", "IDENTITY_ALREADY_ASSOCIATED", "USE_CODE",
    }  # fmt: skip


def test_accounts_are_found_without_regard_to_case(app, pat):
    from portal.auth import accounts

    with app.test_request_context("/login"):
        found = accounts.datastore().find_user(case_insensitive=True, email="PAT@Clinic.Example")
        assert isinstance(found, Account)
        assert found.id == pat.id
