"""What the simulated phone company keeps: its own SQLite file, so that it shares no transaction with the product.

Holds texts, the steps they still have to take, mails, and a few switches. Knows nothing of HTTP.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS text (
    sid TEXT PRIMARY KEY, direction TEXT NOT NULL, sender TEXT NOT NULL, receiver TEXT NOT NULL, body TEXT NOT NULL,
    status TEXT NOT NULL, error_code TEXT NOT NULL DEFAULT '', callback TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL, shown REAL NOT NULL, sent REAL, updated REAL NOT NULL, number INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS text_receiver ON text (receiver, number);
CREATE INDEX IF NOT EXISTS text_sender ON text (sender, number);
CREATE TABLE IF NOT EXISTS step (
    id INTEGER PRIMARY KEY, sid TEXT NOT NULL, due REAL NOT NULL, status TEXT NOT NULL, error_code TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS mail (
    message_id TEXT PRIMARY KEY, sender TEXT NOT NULL, receiver TEXT NOT NULL, subject TEXT NOT NULL,
    body TEXT NOT NULL, lang TEXT NOT NULL, shown REAL NOT NULL, number INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
OUT = "outbound-api"
IN = "inbound"


@dataclass(frozen=True, slots=True)
class Text:
    """One text as the phone company knows it. `shown` is the product's time, `created` the real one."""

    sid: str
    direction: str
    sender: str
    receiver: str
    body: str
    status: str
    error_code: str
    callback: str
    created: datetime
    shown: datetime
    sent: datetime | None
    updated: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """A status a text will take."""

    id: int
    sid: str
    status: str
    error_code: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in an inbox."""

    message_id: str
    sender: str
    receiver: str
    subject: str
    body: str
    lang: str
    shown: datetime
    number: int


class PhoneStore:
    """The file. One connection, one lock: the demo has one visitor."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    def add_text(
        self,
        *,
        direction: str,
        sender: str,
        receiver: str,
        body: str,
        status: str,
        now: datetime,
        shown: datetime,
        callback: str = "",
    ) -> Text:
        """Take one text in."""
        sid = "SM" + secrets.token_hex(16)
        at = now.timestamp()
        with self._writing() as db:
            db.execute(
                "INSERT INTO text"
                " (sid, direction, sender, receiver, body, status, callback, created, shown, updated, number)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM text))",
                (sid, direction, sender, receiver, body, status, callback, at, shown.timestamp(), at),
            )
        found = self.text(sid)
        assert found is not None
        return found

    def text(self, sid: str) -> Text | None:
        """One text."""
        rows = self._rows("SELECT * FROM text WHERE sid = ?", (sid,))
        return _text(rows[0]) if rows else None

    def texts_of(self, phone: str) -> list[Text]:
        """The thread of a phone, oldest first."""
        rows = self._rows("SELECT * FROM text WHERE receiver = ? OR sender = ? ORDER BY number", (phone, phone))
        return [_text(row) for row in rows]

    def listed(self, *, receiver: str = "", sender: str = "", before: int | None = None, limit: int = 50) -> list[Text]:
        """Texts newest first, as the provider lists them."""
        rows = self._rows(
            "SELECT * FROM text WHERE (? = '' OR receiver = ?) AND (? = '' OR sender = ?) AND (? IS NULL OR number < ?)"
            " ORDER BY number DESC LIMIT ?",
            (receiver, receiver, sender, sender, before, before, limit),
        )
        return [_text(row) for row in rows]

    def phones(self) -> dict[str, Text]:
        """Each phone that has a thread, with its last text."""
        rows = self._rows(
            "SELECT t.* FROM text t JOIN (SELECT CASE WHEN direction = ? THEN sender ELSE receiver END AS phone,"
            " max(number) AS last FROM text GROUP BY 1) l ON l.last = t.number",
            (IN,),
        )
        texts = [_text(row) for row in rows]
        return {text.sender if text.direction == IN else text.receiver: text for text in texts}

    def plan(self, sid: str, steps: list[tuple[datetime, str, str]]) -> None:
        """What will become of a text, and when."""
        with self._writing() as db:
            db.executemany(
                "INSERT INTO step (sid, due, status, error_code) VALUES (?, ?, ?, ?)",
                [(sid, due.timestamp(), status, code) for due, status, code in steps],
            )

    def due_steps(self, now: datetime) -> list[Step]:
        """The steps whose time has come, in order."""
        rows = self._rows("SELECT * FROM step WHERE due <= ? ORDER BY due, id", (now.timestamp(),))
        return [Step(row["id"], row["sid"], row["status"], row["error_code"]) for row in rows]

    def next_step_in(self, now: datetime) -> float | None:
        """Seconds until the next step; None when nothing is planned."""
        rows = self._rows("SELECT min(due) AS due FROM step")
        due = rows[0]["due"]
        return None if due is None else max(float(due) - now.timestamp(), 0.0)

    def take(self, step: Step, now: datetime) -> Text | None:
        """Carry out a step; None when it was done already."""
        sent = now.timestamp() if step.status in {"sent", "delivered"} else None
        with self._writing() as db:
            if db.execute("DELETE FROM step WHERE id = ?", (step.id,)).rowcount == 0:
                return None
            db.execute(
                "UPDATE text SET status = ?, error_code = ?, sent = coalesce(sent, ?), updated = ? WHERE sid = ?",
                (step.status, step.error_code, sent, now.timestamp(), step.sid),
            )
        return self.text(step.sid)

    def redact(self, sid: str) -> None:
        """Empty a body, as the provider does on request."""
        with self._writing() as db:
            db.execute("UPDATE text SET body = '' WHERE sid = ?", (sid,))

    def add_mail(self, letter: Mapping[str, str], shown: datetime) -> None:
        """Take one mail in; the same Message-ID again is the same mail."""
        with self._writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO mail (message_id, sender, receiver, subject, body, lang, shown, number)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM mail))",
                (
                    letter["message_id"],
                    letter["from"],
                    letter["to"],
                    letter["subject"],
                    letter["body"],
                    letter["lang"],
                    shown.timestamp(),
                ),
            )

    def mails(self, limit: int = 50) -> list[Mail]:
        """The inbox, newest first."""
        return [_mail(row) for row in self._rows("SELECT * FROM mail ORDER BY number DESC LIMIT ?", (limit,))]

    def switch(self, name: str) -> str:
        """The value of a switch; empty when it was never set."""
        rows = self._rows("SELECT value FROM switch WHERE name = ?", (name,))
        return str(rows[0]["value"]) if rows else ""

    def set_switch(self, name: str, value: str) -> None:
        """Set a switch."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO switch (name, value) VALUES (?, ?)", (name, value))

    def once(self, name: str) -> bool:
        """True the first time it is asked, for faults that happen once."""
        with self._writing() as db:
            return db.execute("INSERT OR IGNORE INTO switch (name, value) VALUES (?, '1')", (name,)).rowcount == 1


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _text(row: sqlite3.Row) -> Text:
    return Text(
        sid=row["sid"],
        direction=row["direction"],
        sender=row["sender"],
        receiver=row["receiver"],
        body=row["body"],
        status=row["status"],
        error_code=row["error_code"],
        callback=row["callback"],
        created=_moment(row["created"]),
        shown=_moment(row["shown"]),
        sent=None if row["sent"] is None else _moment(row["sent"]),
        updated=_moment(row["updated"]),
        number=row["number"],
    )


def _mail(row: sqlite3.Row) -> Mail:
    return Mail(
        message_id=row["message_id"],
        sender=row["sender"],
        receiver=row["receiver"],
        subject=row["subject"],
        body=row["body"],
        lang=row["lang"],
        shown=_moment(row["shown"]),
        number=row["number"],
    )
