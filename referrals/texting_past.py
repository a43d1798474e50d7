"""What was agreed about texts and what ended it: consents with their words, stops, starts and holds. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import suppression
from resources_db.models.consents import TextingConsent
from resources_db.models.tenants import AppUser, Membership

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.messages import SmsHold, Suppression
    from resources_db.models.people import Patient


@unique
class What(StrEnum):
    """The kinds of lines."""

    AGREED = "agreed"
    TOOK_BACK = "took_back"
    STOPPED = "stopped"
    STARTED = "started"
    HELD = "held"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `how` is its code; `by` a colleague's name, empty for the phone and for other orgs."""

    at: datetime
    what: What
    how: str
    by: str = ""
    consent: TextingConsent | None = None
    this_number: bool = True


def of_patient(session: Session, patient: Patient) -> tuple[Line, ...]:
    """Everything about texts to this patient, the newest first. Stops and holds are those of the number of today."""
    agreed = session.scalars(select(TextingConsent).where(TextingConsent.patient_id == patient.id)).all()
    stops, holds = suppression.history(session, patient.phone_bix) if patient.phone_bix is not None else ((), ())
    names = _names(session, patient.org_id, agreed, stops, holds)
    lines = [
        *(line for one in agreed for line in _consent(one, patient.phone_bix, names)),
        *(line for one in stops for line in _stop(one, names)),
        *(line for one in holds for line in _hold(one, names)),
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _consent(one: TextingConsent, phone_bix: bytes | None, names: Mapping[uuid.UUID, str]) -> Iterator[Line]:
    same = one.phone_bix == phone_bix
    yield Line(one.given_at, What.AGREED, one.how, _name(names, one.created_by), one, same)
    if one.withdrawn_at is not None and one.withdrawn_how != "replaced":
        yield Line(one.withdrawn_at, What.TOOK_BACK, one.withdrawn_how or "", _name(names, one.withdrawn_by), one, same)


def _stop(one: Suppression, names: Mapping[uuid.UUID, str]) -> Iterator[Line]:
    yield Line(one.at, What.STOPPED, one.why.value, _name(names, one.by))
    if one.lifted_at is not None:
        yield Line(one.lifted_at, What.STARTED, one.lifted_why or "", _name(names, one.lifted_by))


def _hold(one: SmsHold, names: Mapping[uuid.UUID, str]) -> Iterator[Line]:
    yield Line(one.at, What.HELD, one.why)
    if one.released_at is not None:
        yield Line(one.released_at, What.DECIDED, one.decided or suppression.GO_ON, _name(names, one.released_by))


def _names(
    session: Session,
    org_id: uuid.UUID,
    agreed: Iterable[TextingConsent],
    stops: Iterable[Suppression],
    holds: Iterable[SmsHold],
) -> Mapping[uuid.UUID, str]:
    """Names of colleagues of this org; a stop can be another org's, and its people are not named here."""
    ids = {one for row in agreed for one in (row.created_by, row.withdrawn_by)}
    ids |= {one for row in stops for one in (row.by, row.lifted_by)} | {row.released_by for row in holds}
    ours = select(Membership.user_id).where(Membership.org_id == org_id, Membership.user_id.in_(ids - {None}))
    return {row[0]: row[1] for row in session.execute(select(AppUser.id, AppUser.name).where(AppUser.id.in_(ours)))}


def _name(names: Mapping[uuid.UUID, str], user_id: uuid.UUID | None) -> str:
    return names.get(user_id, "") if user_id is not None else ""
