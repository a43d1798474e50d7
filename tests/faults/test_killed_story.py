"""The whole server killed with -9 in the middle of the story: no text lost, none doubled, no referral half made."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import update

from messaging.delivery import IN_DOUBT
from resources_db.engine import Database
from resources_db.models.messages import Message
from resources_db.tenancy import system
from tests.browser.server import Server, seed
from tests.faults.visitor import Visitor
from tests.pages import Form, Page

PATIENCE_SECONDS = 90
MOST_PLACES = 2
DOWN_FOR = timedelta(minutes=3)
"""How long the server was away, as the sending protocol sees it: longer than its time of grace."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("killed"), seed(tmp_path_factory.mktemp("seed")))
    try:
        yield server.start()
    finally:
        server.stop()


class Trial:
    """One send to one patient, and a server that dies during it."""

    def __init__(self, server: Server, name: str, number: str) -> None:
        self.server, self.name, self.number = server, name, number
        self.dana = Visitor(server.url)
        self.dana.be("Dana Cole")
        self.before = self.batches()
        self.already = Counter(self.texts())
        self.send_form = self._prepare()

    def _prepare(self) -> Form:
        """Up to the Send button."""
        patients = self.dana.get("/patients?view=team")
        record = self.dana.get(next(href for words, href in patients.links().items() if self.name in words))
        search = self.dana.get("/search", **{"for": record.path.rpartition("/")[2], "need": "food_pantry"})
        chosen: list[str] = []
        for box in search.tree.all("input", name="listing"):
            page = self.dana.submit(search.form("/search"), listing=[*chosen, box.attrs["value"]], do="text")
            if len(chosen) < MOST_PLACES and "Cannot send yet" not in page.text:
                chosen.append(box.attrs["value"])
        self.places = len(chosen)
        page = self.dana.submit(search.form("/search"), listing=chosen, do="text")
        return next(one for one in page.forms if one.action.endswith("/send") and one.method == "post")

    def press_send(self) -> Page:
        page = self.dana.submit(self.send_form)
        assert page.status < 400, page.text
        return page

    def clock(self, by: str) -> None:
        phones = Visitor(self.server.url)
        phones.submit(phones.get("/dev/phone").form("/dev/phone/clock"), by=by)

    def let_it_leave(self) -> None:
        """Put the clock forward until the ten seconds are over; other things may be due before."""
        while self.rows("handrail", "select 1 from send_batch where state = 'waiting'"):
            self.clock("next")

    def in_background(self, work: Callable[[], object]) -> Thread:
        def quietly() -> None:
            # the server dies under it: that is the trial
            with suppress(requests.exceptions.RequestException, AssertionError):
                work()

        thread = Thread(target=quietly)
        thread.start()
        return thread

    def die(self, *threads: Thread) -> None:
        self.server.kill()
        for thread in threads:
            thread.join()
        self._time_passes()
        self.server.start()

    def _time_passes(self) -> None:
        database = Database(f"sqlite:///{self.file('handrail')}")
        with database.writing(system()) as session, session.begin():
            doubtful = update(Message).where(Message.state.in_(IN_DOUBT))
            session.execute(doubtful.values(intent_at=datetime.now(UTC) - DOWN_FOR))
        database.close()

    def file(self, name: str) -> Path:
        return self.server.folder / "data" / f"{name}.sqlite"

    def rows(self, name: str, query: str, *values: object) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.file(name)}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def batches(self) -> set[bytes]:
        return {row[0] for row in self.rows("handrail", "select id from send_batch")}

    def texts(self) -> list[str]:
        """Texts with a link that this phone took, each with the link's path."""
        query = "select body from text where direction = 'outbound-api' and receiver = ? and body like '%/r/%'"
        return [
            urlsplit(row[0][row[0].index("http") :].split()[0]).path for row in self.rows("phone", query, self.number)
        ]

    def settle(self) -> None:
        """Let everything happen that is still to happen."""
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, Event()
        self.let_it_leave()
        while self.unsettled():
            assert time.monotonic() < deadline, self.unsettled()
            pause.wait(0.2)

    def unsettled(self) -> list[tuple]:
        waiting = "select id, state from send_batch where state = 'waiting'"
        moving = "select id, state from message where state in ('queued', 'sending', 'unknown') and due_at <= ?"
        return self.rows("handrail", waiting) + self.rows("handrail", moving, self.product_time().isoformat(sep=" "))

    def product_time(self) -> datetime:
        """The demo begins by day, so its clock may be ahead."""
        ahead = self.server.folder / "data" / "demo-clock"
        return datetime.now(UTC) + timedelta(seconds=int(ahead.read_text()) if ahead.exists() else 0)


def while_send_is_pressed(trial: Trial) -> None:
    pressing = trial.in_background(trial.press_send)
    wait_a_moment(0.4)
    trial.die(pressing)
    trial.press_send()  # no answer came, so Dana presses again: the same form is the same send


def right_after_send(trial: Trial) -> None:
    trial.press_send()
    trial.die()


def while_it_leaves(trial: Trial) -> None:
    trial.press_send()
    leaving = trial.in_background(trial.let_it_leave)
    wait_a_moment(0.5)
    trial.die(leaving)


def while_texts_are_sent(trial: Trial) -> None:
    trial.press_send()
    leaving = trial.in_background(trial.let_it_leave)
    wait_until(lambda: trial.rows("handrail", "select 1 from message where state in ('queued', 'sending') limit 1"))
    trial.die(leaving)


def right_after_the_text_came(trial: Trial) -> None:
    trial.press_send()
    leaving = trial.in_background(trial.let_it_leave)
    wait_until(lambda: len(trial.texts()) > sum(trial.already.values()))
    trial.die(leaving)


@pytest.mark.faults
@pytest.mark.bad_input(31)
@pytest.mark.parametrize(
    ("moment", "name", "number"),
    [
        (while_send_is_pressed, "Rosa Martinez", "+15135550148"),
        (right_after_send, "Curtis Brown", "+15135550102"),
        (while_it_leaves, "Gloria Simmons", "+15135550105"),
        (while_texts_are_sent, "Amina Hassan", "+15135550101"),
        (right_after_the_text_came, "Lan Pham", "+15135550104"),
    ],
)
def test_kill_9_in_the_middle_of_the_story(
    demo: Server, moment: Callable[[Trial], None], name: str, number: str
) -> None:
    trial = Trial(demo, name, number)
    moment(trial)
    trial.settle()
    [batch] = trial.batches() - trial.before
    assert trial.rows("handrail", "select state from send_batch where id = ?", batch) == [("released",)]
    referrals = trial.rows("handrail", "select state from referral where batch_id = ?", batch)
    assert referrals == [("sent",)] * trial.places
    assert len(trial.rows("handrail", "select 1 from message where subject_id = ?", batch)) == 1
    assert list((Counter(trial.texts()) - trial.already).values()) == [1]


def wait_a_moment(most: float) -> None:
    """A kill may fall anywhere."""
    Event().wait(random.uniform(0.01, most))


def wait_until(happened: Callable[[], object]) -> None:
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, Event()
    while not happened():
        assert time.monotonic() < deadline
        pause.wait(0.005)
