"""The own account: everybody chooses their language and whether single keys work."""

from resources_db.vocab import Role


def settings_of(page):
    return page.form("/account/settings")


def test_the_language_is_kept_for_the_person_and_seen_at_once(browser, another, staff):
    browser.be(staff[Role.NAVIGATOR])
    page = browser.submit(settings_of(browser.get("/account")), language="es")
    assert page.tree.all("html")[0].attrs["lang"] == "es"
    elsewhere = another()
    elsewhere.be(staff[Role.NAVIGATOR])
    assert elsewhere.get("/account").tree.all("html")[0].attrs["lang"] == "es"


def test_a_language_without_words_changes_nothing(browser, staff):
    browser.be(staff[Role.NAVIGATOR])
    page = browser.submit(settings_of(browser.get("/account")), language="tlh")
    assert page.tree.all("html")[0].attrs["lang"] == "en"


def test_single_keys_can_be_switched_off_and_on(browser, staff):
    browser.be(staff[Role.NAVIGATOR])
    assert browser.get("/account").tree.all("body")[0].attrs["data-keys"] == "on"
    form = settings_of(browser.get("/account"))
    off = browser.post(form.action, {name: value for name, value in form.values().items() if name != "keys"})
    assert off.tree.all("body")[0].attrs["data-keys"] == "off"
    assert browser.submit(settings_of(off), keys="y").tree.all("body")[0].attrs["data-keys"] == "on"
