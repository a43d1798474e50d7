"""The phones of the demo: what the page shows, what its buttons do, and who may call it."""

from datetime import timedelta

import pytest

from i18n import catalog
from messaging import outbox
from portal import texting
from portal.sms import provider_api
from portal.sms.carrier import Account, Carrier, Tricks
from portal.sms.phone_store import IN, PhoneStore
from resources_db.base import new_id
from resources_db.tenancy import system
from tests import factories

ROSA = "+15135550148"


@pytest.fixture
def riverside(runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        return factories.cast(session, clock())


def accept(runtime, body="Riverside Care: Vea http://127.0.0.1:8000/r/abc. STOP para terminar.", to=ROSA):
    return runtime.phone_company.accept(to=to, body=body, callback="")


def test_the_page_shows_the_people_of_the_demo_and_the_exact_text(browser, riverside, runtime):
    accept(runtime)
    page = browser.get("/dev/phone")
    assert "Rosa M." in page.text
    assert "No real texts are sent." in page.text
    [bubble] = page.tree.all("p", **{"class": "bubble"})
    words = bubble.all("span")[0].attrs
    assert (words["dir"], words["lang"]) == ("auto", "es")
    assert [link.attrs["href"] for link in bubble.all("a")] == ["http://127.0.0.1:8000/r/abc"]
    assert "1 segment, GSM-7, 68 of 160" in page.text


def test_a_body_is_text_and_never_markup(browser, riverside, runtime):
    accept(runtime, body='<script>alert(1)</script> http://x.example/"onclick=1')
    page = browser.get("/dev/phone")
    assert "<script>alert(1)</script>" in page.text


def test_looking_at_a_phone_changes_nothing(browser, riverside, runtime):
    accept(runtime)
    before = runtime.phone_company.store.texts_of(ROSA)
    for _ in range(3):
        browser.get("/dev/phone?phone=%2B15135550148")
    assert runtime.phone_company.store.texts_of(ROSA) == before


def test_htmx_gets_one_part(browser, riverside, runtime):
    accept(runtime)
    answer = browser.client.get("/dev/phone?phone=%2B15135550148&part=thread", headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert text.strip().startswith('<div id="thread"')
    assert "<html" not in text


@pytest.mark.parametrize("word", ["1", "STOP", "gracias, voy el lunes"])
def test_a_reply_leaves_the_phone(browser, riverside, runtime, word):
    page = browser.get("/dev/phone?phone=%2B15135550148")
    browser.submit(page.form("/dev/phone/reply"), b=word)
    [text] = runtime.phone_company.store.texts_of(ROSA)
    assert (text.body, text.direction) == (word, IN)


def test_the_clock_goes_forward_and_what_waited_is_sent_on_the_way(browser, riverside, runtime, clock, monkeypatch):
    from portal.sms import time_travel

    sent = []
    monkeypatch.setattr(
        time_travel.send, "run", lambda _messenger, message_id: sent.append((message_id, runtime.clock.now()))
    )
    with runtime.database.writing(system()) as session, session.begin():
        message = outbox.enqueue_text(
            session,
            org_id=riverside.org.id,
            to=ROSA,
            body="hola",
            lang="es",
            purpose="nudge",
            subject_kind="referral",
            subject_id=new_id(),
            dedupe_key="n",
            now=clock(),
            due_at=clock() + timedelta(hours=5),
        )
    page = browser.submit(browser.get("/dev/phone").form("/dev/phone/clock"), by="day")
    assert "Tue, Nov 24" in page.text
    assert runtime.clock.now() >= clock() + timedelta(days=1)
    assert sent[0][0] == message.id
    assert timedelta(hours=5) <= sent[0][1] - clock() < timedelta(hours=5, seconds=2)


def test_mail_is_shown_with_clickable_links(browser, riverside, runtime):
    letter = {"message_id": "m1", "from": "no-reply@x.example", "to": "intake@hopepantry.example", "lang": "en"}
    runtime.phone_company.store.add_mail(
        {**letter, "subject": "A new referral", "body": "Open it:\nhttp://a.example/r/1"}, runtime.clock.now()
    )
    page = browser.get("/dev/phone")
    [mail] = page.tree.all("article", **{"class": "mail"})
    assert mail.all("a")[0].attrs["href"] == "http://a.example/r/1"
    assert "to intake@hopepantry.example" in page.text


def test_the_provider_asks_for_its_secret(app, runtime):
    account = texting.simulator_account(runtime)
    path = f"/dev/twilio/2010-04-01/Accounts/{account.sid}/Messages.json"
    refused = app.test_client().post(path, data={"To": ROSA, "Body": "x"})
    assert (refused.status_code, refused.get_json()["code"]) == (401, 20003)
    taken = app.test_client().post(path, data={"To": ROSA, "Body": "x"}, auth=(account.sid, account.token))
    assert (taken.status_code, taken.get_json()["status"]) == (201, "queued")


def test_the_list_pages_backwards_as_the_providers_does(app, runtime):
    account = texting.simulator_account(runtime)
    for number in range(5):
        accept(runtime, body=str(number))
    client, seen = app.test_client(), []
    path = f"/2010-04-01/Accounts/{account.sid}/Messages.json?To=%2B15135550148&PageSize=2"
    while path:
        page = client.get("/dev/twilio" + path, auth=(account.sid, account.token)).get_json()
        seen += [text["body"] for text in page["messages"]]
        path = page["next_page_uri"]
    assert seen == ["4", "3", "2", "1", "0"]


def test_the_phone_company_plays_tricks_until_they_are_switched_off(browser, riverside, runtime):
    form = browser.get("/dev/phone").form("/dev/phone/switches")
    page = browser.submit(form, doubled="1", list_lag="1")
    tricks = runtime.phone_company.tricks
    assert (tricks.doubled, tricks.never, tricks.list_lag) == (True, False, timedelta(minutes=1))
    held = page.form("/dev/phone/switches").values()
    assert (held["doubled"], held["list_lag"], "never" in held) == ("1", "1", False)
    browser.post("/dev/phone/switches", {"csrf_token": held["csrf_token"], "phone": ROSA})
    assert runtime.phone_company.tricks == Tricks()


def test_a_phone_offers_help_in_its_owners_words_and_digits(browser, riverside):
    rosa = browser.get("/dev/phone?phone=%2B15135550148").html
    assert 'value="AYUDA"' in rosa
    amina = browser.get(f"/dev/phone?phone=%2B{riverside.amina.phone[1:]}").html
    assert 'value="مساعدة"' in amina
    assert 'value="١"' in amina


@pytest.mark.parametrize(("word", "answers"), [("Stop", True), ("please stop", False)])
def test_with_advanced_opt_out_the_company_answers_stop_itself_and_refuses_later_texts(tmp_path, word, answers):
    store = PhoneStore(tmp_path / "phone.sqlite")
    account = Account("AC" + "a" * 32, "b" * 32, "MG" + "c" * 32, "http://127.0.0.1:9/in", advanced_opt_out=True)
    company = Carrier(store, account)
    company.receive(sender=ROSA, body=word)
    assert (company._calls[0][1].get("OptOutType") == "STOP") is answers
    assert len(store.texts_of(ROSA)) == (2 if answers else 1)
    sent = {"To": ROSA, "Body": "Hello"}
    answer = provider_api._create(company, sent)
    assert (answer.status == 400 and "21610" in answer.body) is answers
    company.receive(sender=ROSA, body="START")
    assert provider_api._create(company, sent).status == 201
    store.close()


def head_of(page):
    return page.tree.all("section", **{"class": "handset"})[0].all("div", **{"class": "with"})[0].text


def test_a_phone_says_its_owners_language_and_direction_and_when_her_texts_come_in_another(browser, riverside, runtime):
    path = f"/dev/phone?phone=%2B{riverside.amina.phone[1:]}"
    shown = head_of(browser.get(path))
    assert "العربية, from right to left" in shown
    assert "switched off, so texts come in English" in shown
    catalog.switch_on({"ar"})
    runtime.languages_known_until = float("inf")
    shown = head_of(browser.get(path))
    assert "العربية, from right to left" in shown
    assert "switched off" not in shown


def test_a_phone_offers_to_stop_in_its_owners_word_too(browser, riverside):
    amina = browser.get(f"/dev/phone?phone=%2B{riverside.amina.phone[1:]}")
    assert [one.text for one in amina.tree.all("button", **{"class": "btn stop"})] == ["توقف", "STOP"]


def test_in_the_list_a_text_that_is_cut_off_keeps_its_beginning_in_its_own_direction(browser, riverside, runtime):
    accept(runtime, body="من Riverside Care: شكرًا", to=riverside.amina.phone)
    [last] = browser.get("/dev/phone").tree.all("span", **{"class": "last small"})
    assert last.attrs["dir"] == "auto"


def test_after_a_reply_the_cursor_stands_where_the_next_one_is_written(browser, riverside):
    page = browser.get("/dev/phone?phone=%2B15135550148")
    answer = browser.submit(page.form("/dev/phone/reply"), b="1", follow=False)
    place = answer.response.headers["Location"].partition("#")[2]
    assert page.tree.all("input", id=place)[0].attrs["name"] == "b"


def test_older_mail_and_the_numbers_that_fail_are_folded_away(browser, riverside, runtime):
    for number in range(7):
        runtime.phone_company.store.add_mail(
            {
                "message_id": f"m{number}",
                "from": "a@x.example",
                "to": "b@x.example",
                "subject": "New",
                "body": "x",
                "lang": "en",
            },
            runtime.clock.now(),
        )
    folded = {one.all("summary")[0].text: one for one in browser.get("/dev/phone").tree.all("details")}
    assert len(folded["2 older mails"].all("li")) == 2
    assert "Landline" in folded["Numbers that fail"].text
    assert "open" not in folded["2 older mails"].attrs
    opened = browser.get("/dev/phone?mail=m0").tree.all("details")
    assert [one for one in opened if "open" in one.attrs and "2 older mails" in one.text]
