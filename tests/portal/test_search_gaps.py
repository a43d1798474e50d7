"""What people did not find: counted once a question, in no words of theirs, and shown only when many asked."""

import csv
import io
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal import search_tally
from resources_db import search_log
from resources_db.models.finding import SearchTally
from resources_db.repositories import search_tally as repository
from resources_db.tenancy import system
from resources_db.vocab import Role
from tests import factories


@pytest.fixture
def pantry(runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=now, name="Hope Pantry", needs=["food_pantry"])
        search_log.touch(session, [made.service.id], now=now)


def counted(runtime):
    runtime.search_tally.write_down(runtime.database)
    with runtime.database.reading(system()) as session:
        rows = session.scalars(select(SearchTally).order_by(SearchTally.need))
        return [(row.need, row.zip, row.language, row.asked, row.unanswered) for row in rows]


def test_a_question_without_an_answer_is_counted_with_need_zip_and_language(browser, runtime, pantry):
    browser.get("/search?q=detox&near=45202&language=es")
    browser.get("/search?q=no+food&near=45202")
    assert counted(runtime) == [("detox", "45202", "es", 1, 1), ("food_pantry", "45202", "en", 1, 0)]


def test_turning_pages_and_setting_filters_count_no_second_time(browser, runtime, pantry):
    browser.get("/search?q=detox&near=45202")
    browser.get("/search?q=detox&near=45202&was=detox&has_room=1")
    browser.get("/search?q=detox&near=45202&offset=10")
    assert counted(runtime) == [("detox", "45202", "en", 1, 1)]


def test_words_we_do_not_understand_leave_no_trace(browser, runtime, pantry):
    browser.get("/search?q=rosa+martinez+513-555-0148")
    assert counted(runtime) == []


def in_the_table(runtime):
    with runtime.database.reading(system()) as session:
        return [row.asked for row in session.scalars(select(SearchTally))]


def until(happened):
    pause = threading.Event()
    for _ in range(3_000):
        if happened():
            return
        pause.wait(0.01)
    raise AssertionError("it never happened")


def test_no_question_writes_and_a_thread_beside_does_also_when_it_failed_before(browser, runtime, pantry, monkeypatch):
    add, tries = repository.add, []

    def fail_once(session, counts):
        tries.append(counts)
        if len(tries) == 1:
            raise OperationalError("", {}, Exception("locked"))
        add(session, counts)

    monkeypatch.setattr(search_tally, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(repository, "add", fail_once)
    browser.get("/search?q=detox&near=45202")
    assert (tries, in_the_table(runtime)) == ([], [])
    runtime.search_tally.start(runtime.database)
    until(lambda: in_the_table(runtime) == [1])
    assert len(tries) == 2


@pytest.mark.parametrize("started", [True, False])
def test_counts_are_written_down_when_the_process_ends(browser, runtime, pantry, started):
    if started:
        runtime.search_tally.start(runtime.database)
    browser.get("/search?q=detox&near=45202")
    runtime.close()
    assert in_the_table(runtime) == [1]
    assert "search-tally" not in {one.name for one in threading.enumerate()}


@pytest.fixture
def asked_often(browser, runtime, pantry):
    for _ in range(12):
        browser.get("/search?q=detox&near=45202&language=es")
    for _ in range(3):
        browser.get("/search?q=diapers&near=45203")
    browser.get("/search?q=no+food&near=45202")
    runtime.search_tally.write_down(runtime.database)


@pytest.fixture
def priya(browser, staff, asked_often):
    browser.be(staff[Role.CARE_ADMIN])
    return browser


def test_the_report_shows_gaps_of_many_and_hides_those_of_few(priya):
    page = priya.get("/reports/gaps")
    assert page.h1 == "What people did not find"
    [line] = page.tree.all("tbody")[0].all("tr")
    assert "Detox" in line.text
    assert "45202" in line.text
    assert "Spanish" in line.text
    assert "Diapers" not in page.text
    assert "1 line is not shown" in page.text
    assert "Asked in all: 16." in page.text


def test_the_report_leads_to_the_search_itself(priya):
    page = priya.get("/reports/gaps")
    [line] = page.tree.all("tbody")[0].all("tr")
    assert "/search?need=detox" in line.all("a")[0].attrs["href"]


def test_the_file_holds_the_same_lines(priya):
    text = priya.client.get("/reports/gaps.csv").text.removeprefix("\ufeff")
    assert list(csv.DictReader(io.StringIO(text))) == [
        {"need": "detox", "zip": "45202", "language": "es", "asked": "12", "without_answer": "12"}
    ]


def test_an_empty_report_says_so(browser, staff):
    browser.be(staff[Role.CARE_ADMIN])
    assert "Nothing was searched in this time." in browser.get("/reports/gaps").text


def test_navigators_and_strangers_do_not_see_it(browser, staff):
    assert browser.client.get("/reports/gaps").status_code == 303
    browser.be(staff[Role.NAVIGATOR])
    assert browser.client.get("/reports/gaps").status_code == 403
