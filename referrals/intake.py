"""Requests for help from the public pages: what is kept, what stands in the queue, and every "no".

Who takes requests is `takers`; taking one up, so that a patient is made of it, is `take_up`. Nothing of this sends.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from messaging import phone as phones
from referrals import business_days
from referrals.errors import BadInputError, NotFoundError, TooLateError
from resources_db import audit
from resources_db.encryption import phone_index
from resources_db.models.care import Intake
from resources_db.models.tenants import CareTeam
from resources_db.tenancy import actor_of
from resources_db.vocab import IntakeState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.takers import Taker
    from resources_db.listing_key import ListingKey

WORDING = "ask-2026-11"
"""Version of the sentences a person agrees to on the public form."""
MOST_NAME, MOST_REACH, MOST_WORDS = 120, 300, 1_500
SHOWN = 300
"""So many waiting requests are read for the queue; a flood must not make the page heavy."""
NO = (IntakeState.ANSWERED, IntakeState.DUPLICATE, IntakeState.NOT_REAL)
WHY_NO = ("not_our_area", "not_offered", "could_not_reach", "no_longer_wanted", "other")
_ZIP = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person in need typed. `agreed` are the sentences they agreed to, word for word."""

    name: str
    phone: str = ""
    reach: str = ""
    zip: str = ""
    words: str = ""
    language: str = "en"
    listing: ListingKey | None = None
    may_text: bool = False
    may_share: bool = False
    agreed: Mapping[str, str] = field(default_factory=dict)
    subneed: str = ""
    danger: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A kept request, opened."""

    id: uuid.UUID
    state: IntakeState
    name: str
    phone: str
    reach: str
    zip: str
    words: str
    language: str
    subneed: str
    service_id: uuid.UUID | None
    location_id: uuid.UUID | None
    may_text: bool
    may_share: bool
    agreed: Mapping[str, str]
    danger: tuple[str, ...]
    at: datetime
    decided_at: datetime | None
    decided_why: str
    patient_id: uuid.UUID | None


def problems(asked: Asked) -> dict[str, str]:
    """What keeps a request from being kept: a code for each field; nothing when all is well."""
    found: dict[str, str] = {}
    if not asked.name.strip():
        found["name"] = "missing"
    if not asked.phone.strip() and not asked.reach.strip():
        found["phone"] = "no_way"
    elif asked.phone.strip() and not _number(asked.phone):
        found["phone"] = "not_a_phone"
    if not (_ZIP.fullmatch(asked.zip.strip()) and asked.zip.isascii()):
        found["zip"] = "five_digits"
    if not asked.words.strip() and asked.listing is None:
        found["words"] = "missing"
    if not asked.agreed.get("keep"):
        found["agree"] = "missing"
    lengths = {"name": MOST_NAME, "reach": MOST_REACH, "words": MOST_WORDS}
    return {**found, **{name: "too_long" for name, most in lengths.items() if len(getattr(asked, name)) > most}}


def keep(session: Session, taker: Taker, asked: Asked, *, key: str, now: datetime) -> Intake:
    """Keep a request for the care team. The same form again is the same request. Raises BadInputError."""
    for name, problem in problems(asked).items():
        raise BadInputError(name, problem)
    same = select(Intake).where(Intake.org_id == taker.org_id, Intake.idempotency_key == key)
    known = session.scalars(same).one_or_none()
    if known is not None:
        return known
    number = _number(asked.phone)
    request = Intake(
        org_id=taker.org_id,
        care_team_id=session.scalars(select(CareTeam.id).order_by(CareTeam.created_at, CareTeam.id).limit(1)).first(),
        state=IntakeState.NEW,
        person=json.dumps(
            {
                "name": asked.name.strip(),
                "zip": asked.zip.strip(),
                "reach": asked.reach.strip(),
                "share": asked.may_share,
                "danger": list(asked.danger),
            }
        ),
        phone=number,
        phone_bix=phone_index(number) if number else None,
        words=asked.words.strip(),
        subneed=asked.subneed,
        language=asked.language,
        service_id=asked.listing.service_id if asked.listing else None,
        location_id=asked.listing.location_id if asked.listing else None,
        may_text=asked.may_text and bool(number),
        wording_version=WORDING,
        wording=json.dumps(dict(asked.agreed), ensure_ascii=False),
        idempotency_key=key,
        created_at=now,
    )
    session.add(request)
    session.flush()
    audit.record(session, action="intake.asked", subject_kind="intake", subject_id=request.id, now=now)
    return request


def call_by(now: datetime, zone: str) -> datetime:
    """Until when a care team has called: the next business day, which is what the page promises."""
    return business_days.later(now, 1, zone)


def waiting(session: Session) -> tuple[Request, ...]:
    """The queue: danger first and of that the newest, then who has waited longest."""
    query = select(Intake).where(Intake.state == IntakeState.NEW).order_by(Intake.created_at, Intake.id).limit(SHOWN)
    rows = [opened(one) for one in session.scalars(query)]
    dangers = sorted((one for one in rows if one.danger), key=lambda one: one.at, reverse=True)
    return (*dangers, *(one for one in rows if not one.danger))


def decided(session: Session, *, since: datetime) -> tuple[Request, ...]:
    """What was decided lately, the newest first."""
    query = select(Intake).where(Intake.state != IntakeState.NEW, Intake.decided_at >= since)
    return tuple(opened(one) for one in session.scalars(query.order_by(Intake.decided_at.desc(), Intake.id).limit(50)))


def count(session: Session) -> int:
    """How many requests wait."""
    return session.scalar(select(func.count(Intake.id)).where(Intake.state == IntakeState.NEW)) or 0


def get(session: Session, request_id: uuid.UUID, *, lock: bool = False) -> Intake:
    """The request, if this actor may see it; raises NotFoundError."""
    query = select(Intake).where(Intake.id == request_id)
    query = query.with_for_update().execution_options(populate_existing=True) if lock else query
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def refuse(session: Session, request_id: uuid.UUID, *, state: IntakeState, why: str, now: datetime) -> Intake:
    """Answer no, or call it a duplicate or not real; a request that was taken up meanwhile raises TooLateError."""
    request = get(session, request_id, lock=True)
    if state not in NO or (state is IntakeState.ANSWERED and why not in WHY_NO):
        raise BadInputError("why", "missing")
    if request.state is state:
        return request
    if request.state is not IntakeState.NEW:
        raise TooLateError
    request.state, request.decided_at, request.decided_by = state, now, actor_of(session).user_id
    request.decided_why = why or None
    audit.record(
        session, action="intake.refuse", subject_kind="intake", subject_id=request.id, now=now, reason=state.value
    )
    return request


def put_back(session: Session, request_id: uuid.UUID, *, now: datetime) -> Intake:
    """Undo a no: the request waits again. What became a patient stays one, and raises TooLateError."""
    request = get(session, request_id, lock=True)
    if request.state is IntakeState.NEW:
        return request
    if request.state not in NO:
        raise TooLateError
    request.state, request.decided_at, request.decided_by, request.decided_why = IntakeState.NEW, None, None, None
    audit.record(session, action="intake.put_back", subject_kind="intake", subject_id=request.id, now=now)
    return request


def opened(row: Intake) -> Request:
    """A row with its sealed parts read."""
    person = json.loads(row.person) if row.person else {}
    return Request(
        id=row.id,
        state=row.state,
        name=str(person.get("name", "")),
        phone=row.phone,
        reach=str(person.get("reach", "")),
        zip=str(person.get("zip", "")),
        words=row.words,
        language=row.language,
        subneed=row.subneed,
        service_id=row.service_id,
        location_id=row.location_id,
        may_text=row.may_text,
        may_share=person.get("share") is True,
        agreed=json.loads(row.wording) if row.wording else {},
        danger=tuple(person.get("danger", ())),
        at=row.created_at,
        decided_at=row.decided_at,
        decided_why=row.decided_why or "",
        patient_id=row.patient_id,
    )


def _number(typed: str) -> str:
    """E.164, or nothing when it is no number that can be called or texted."""
    try:
        return phones.parse(typed) if typed.strip() else ""
    except phones.PhoneError:
        return ""


def same_number(session: Session, row: Intake) -> Sequence[Intake]:
    """Other requests that wait from the same phone."""
    if row.phone_bix is None:
        return ()
    query = select(Intake).where(Intake.phone_bix == row.phone_bix, Intake.id != row.id)
    return session.scalars(query.where(Intake.state == IntakeState.NEW)).all()
