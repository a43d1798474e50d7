"""Server-side sessions: the cookie holds a random id, the table its SHA-256 and everything else.

Flask's own cookie is readable and outlives a sign-out; this one can be ended at once. A row is written only when
something must be kept, so reading public pages makes none.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from flask import g, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import CallbackDict

from portal.auth import current
from resources_db.models.access import WebSession

if TYPE_CHECKING:
    from flask import Flask, Request, Response
    from sqlalchemy.orm import Session as DatabaseSession

    from portal.wiring import Runtime

ABSOLUTE: Final = timedelta(hours=12)
ANONYMOUS: Final = timedelta(hours=2)
SEEN_EVERY: Final = timedelta(minutes=1)
MOST_OPEN: Final = 5
ID_BYTES: Final = 32
STATIC: Final = "/static/"
USER_KEY: Final = "_user_id"
"""Where Flask-Login keeps who is signed in."""
PROVED_KEY: Final = "fs_paa"
"""Where Flask-Security keeps when the person last proved who they are."""


class Session(CallbackDict[str, object], SessionMixin):
    """The values of one browser's session, and what its row says."""

    def __init__(self, values: dict[str, object] | None = None) -> None:
        def changed(_: CallbackDict[str, object]) -> None:
            self.modified = True

        super().__init__(values, changed)
        self.modified = False
        self.id: str | None = None
        self.old_id: str | None = None
        self.user_id: uuid.UUID | None = None
        self.membership_id: uuid.UUID | None = None
        self.authenticated_at: datetime | None = None
        self.created_at: datetime | None = None
        self.seen_at: datetime | None = None
        self.ended_why: str | None = None
        self.proved_at: object = self.get(PROVED_KEY)

    @property
    def proved_again(self) -> bool:
        """Whether Flask-Security took a password or second factor in this request."""
        return self.get(PROVED_KEY) != self.proved_at

    def renew(self, at: datetime) -> None:
        """A new id for the same person, after they proved again who they are."""
        self.old_id, self.id = self.id, None
        self.authenticated_at = at
        self.modified = True

    def sign_in(self, user_id: uuid.UUID, membership_id: uuid.UUID | None, at: datetime) -> None:
        """Bind the session to a person under a new id: an id known before the sign-in is worth nothing after it."""
        self.old_id, self.id = self.id, None
        self.user_id, self.membership_id = user_id, membership_id
        self.authenticated_at = self.created_at = at
        self.ended_why = None
        self.modified = True

    def end(self, why: str) -> None:
        """End the session with this answer."""
        self.clear()
        self.user_id = self.membership_id = None
        self.ended_why = why
        self.modified = True


class DatabaseSessions(SessionInterface):
    """Loads and stores sessions in `web_session`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.cookie_name = "__Host-sid" if runtime.settings.https else "sid"

    def open_session(self, app: Flask, request: Request) -> Session:  # noqa: ARG002 - Flask calls it so
        """The session of the cookie, or a fresh empty one."""
        token = "" if request.path.startswith(STATIC) else request.cookies.get(self.cookie_name, "")
        found = self._load(token) if token else None
        return found or Session()

    def is_null_session(self, obj: object) -> bool:  # noqa: ARG002 - Flask calls it so
        """Never: an unsaved session is a session."""
        return False

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002 - as above
        """Write the row when something changed or "last seen" is over a minute old; set the cookie when new."""
        assert isinstance(session, Session)
        if session.ended_why:
            self._end(session, response)
            return
        now = self._runtime.clock.real()
        if session.id is not None and session.user_id is not None and session.proved_again:
            session.renew(now)
        if session.id is None and session.modified:
            self._create(session, response, now)
        elif session.id is not None and (session.modified or self._is_stale(session, now)):
            self._update(session, now)

    def _load(self, token: str) -> Session | None:
        with self._runtime.database.reading() as database:
            row = database.scalar(select(WebSession).where(WebSession.id_hash == hashed(token)))
            if row is None or not self._is_open(row):
                return None
            session = Session(dict(row.data))
            session.id, session.user_id, session.membership_id = token, row.user_id, row.membership_id
            session.authenticated_at, session.created_at, session.seen_at = (
                row.authenticated_at,
                row.created_at,
                row.seen_at,
            )
            if row.user_id is not None:
                person = current.load(database, row.user_id, row.membership_id)
                if person is None:
                    return None
                current.set_member(person)
                g.authenticated_at = row.authenticated_at
            return session

    def _is_open(self, row: WebSession) -> bool:
        if row.ended_at is not None:
            return False
        now = self._runtime.clock.real()
        if row.user_id is None:
            return now - row.seen_at <= ANONYMOUS
        idle = timedelta(minutes=self._runtime.settings.idle_minutes)
        return now - row.seen_at <= idle and now - row.created_at <= ABSOLUTE

    def _is_stale(self, session: Session, now: datetime) -> bool:
        return session.seen_at is None or now - session.seen_at >= SEEN_EVERY

    def _create(self, session: Session, response: Response, now: datetime) -> None:
        token = secrets.token_urlsafe(ID_BYTES)
        with self._runtime.database.writing() as database, database.begin():
            if session.old_id:
                database.execute(
                    update(WebSession)
                    .where(WebSession.id_hash == hashed(session.old_id))
                    .values(ended_at=now, ended_why="renewed", data={})
                )
            database.add(_row(session, token, now))
            if session.user_id is not None:
                _end_oldest(database, session.user_id, now)
        session.id = token
        response.set_cookie(
            self.cookie_name, token, secure=self._runtime.settings.https, httponly=True, samesite="Lax", path="/"
        )

    def _update(self, session: Session, now: datetime) -> None:
        values: dict[str, object] = {"seen_at": now}
        if session.modified:
            values |= {
                "data": dict(session),
                "membership_id": session.membership_id,
                "authenticated_at": session.authenticated_at,
            }
        try:
            with self._runtime.database.writing() as database, database.begin():
                database.execute(
                    update(WebSession)
                    .where(WebSession.id_hash == hashed(session.id or ""), WebSession.ended_at.is_(None))
                    .values(**values)
                )
        except OperationalError:
            # A busy database must not turn a good answer into an error only because "last seen" could not be noted.
            if session.modified:
                raise

    def _end(self, session: Session, response: Response) -> None:
        response.delete_cookie(
            self.cookie_name, path="/", secure=self._runtime.settings.https, httponly=True, samesite="Lax"
        )
        tokens = [token for token in (session.id, session.old_id) if token]
        if not tokens:
            return
        now = self._runtime.clock.real()
        with self._runtime.database.writing() as database, database.begin():
            database.execute(
                update(WebSession)
                .where(WebSession.id_hash.in_([hashed(token) for token in tokens]), WebSession.ended_at.is_(None))
                .values(ended_at=now, ended_why=session.ended_why, data={})
            )


def hashed(token: str) -> bytes:
    """What the table keeps of a session id."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def end_all(runtime: Runtime, user_id: uuid.UUID, why: str, *, keep: str | None = None) -> int:
    """End a person's open sessions, except the one with id `keep`; returns how many ended."""
    query = update(WebSession).where(WebSession.user_id == user_id, WebSession.ended_at.is_(None))
    if keep:
        query = query.where(WebSession.id_hash != hashed(keep))
    with runtime.database.writing() as database, database.begin():
        done = database.execute(query.values(ended_at=runtime.clock.real(), ended_why=why, data={}))
        return int(getattr(done, "rowcount", 0))


def sweep(runtime: Runtime) -> int:
    """Delete rows nobody can use any more: anonymous ones at once, staff's 90 days after the end. Run hourly."""
    now = runtime.clock.real()
    with runtime.database.writing() as database, database.begin():
        anonymous = database.execute(
            delete(WebSession).where(WebSession.user_id.is_(None), WebSession.seen_at < now - ANONYMOUS)
        )
        old = database.execute(delete(WebSession).where(WebSession.seen_at < now - timedelta(days=90)))
        return int(getattr(anonymous, "rowcount", 0)) + int(getattr(old, "rowcount", 0))


def _row(session: Session, token: str, now: datetime) -> WebSession:
    return WebSession(
        id_hash=hashed(token),
        user_id=session.user_id,
        membership_id=session.membership_id,
        data=dict(session),
        agent=_family(request.user_agent.string),
        network=_network(request.remote_addr or ""),
        created_at=session.created_at or now,
        seen_at=now,
        authenticated_at=session.authenticated_at,
    )


def _end_oldest(database: DatabaseSession, user_id: uuid.UUID, now: datetime) -> None:
    open_ones = database.scalars(
        select(WebSession.id_hash)
        .where(WebSession.user_id == user_id, WebSession.ended_at.is_(None))
        .order_by(WebSession.created_at.desc())
    ).all()
    database.execute(
        update(WebSession)
        .where(WebSession.id_hash.in_(open_ones[MOST_OPEN:]))
        .values(ended_at=now, ended_why="too many sessions", data={})
    )


def _family(agent: str) -> str:
    """Browser family only: enough for a person to recognise their own session."""
    return next((name for name in ("Firefox", "Edg", "Chrome", "Safari") if name in agent), "")


def _network(address: str) -> str:
    """The /24 or /48 an address is in, never the address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{24 if parsed.version == 4 else 48}", strict=False))
