"""One ready text to several patients, each in their language: who gets what and who not, then all through the one door.

Only shipped words go to many: they exist in every language and name nobody. The same form twice is one text each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n import catalog
from referrals import people, senders, staff_texts, text_templates
from referrals.errors import BadInputError, TooLateError, Why
from referrals.staff_texts import MOST_SEGMENTS
from resources_db.models.messages import Message
from resources_db.models.people import Patient
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.text_timing import Rules

MOST = 50
"""So many people at a time: more would be a campaign, and nobody reads fifty previews."""


@dataclass(frozen=True, slots=True)
class One:
    """One person of the preview: what would leave, when, in which language; or `why` nothing does."""

    patient_id: uuid.UUID
    name: str
    language: str
    body: str
    segments: int
    leaves_at: datetime
    quiet: bool
    why: Why | None
    limit: bool

    @property
    def goes(self) -> bool:
        """Whether a text leaves for this person."""
        return self.why is None and not self.limit


def prepare(
    session: Session, *, patient_ids: Iterable[uuid.UUID], template: str, rules: Rules, now: datetime
) -> tuple[One, ...]:
    """What would leave for each; nothing is written. One phone that several share gets one text."""
    patients = _patients(session, patient_ids)
    numbers: set[bytes] = set()
    found = []
    for patient in patients:
        language = catalog.spoken(patient.language)
        words = text_templates.shipped(template, language, senders.of_patient(session, patient.org_id, patient.id))
        draft = staff_texts.prepare_text(
            session, patient_id=patient.id, words=words, language=language, rules=rules, now=now
        )
        shared = patient.phone_bix is not None and patient.phone_bix in numbers
        if draft.why is None and patient.phone_bix is not None:
            numbers.add(patient.phone_bix)
        stopped = draft.timing.reached is not None or draft.timing.too_late or shared
        found.append(
            One(
                patient_id=patient.id,
                name=people.full_name(patient),
                language=language,
                body=draft.body,
                segments=draft.measure.segments,
                leaves_at=draft.timing.leaves_at,
                quiet=draft.timing.quiet,
                why=draft.why,
                limit=stopped or draft.measure.segments > MOST_SEGMENTS,
            )
        )
    return tuple(found)


def send(
    session: Session,
    *,
    patient_ids: Iterable[uuid.UUID],
    template: str,
    form_key: str,
    rules: Rules,
    now: datetime,
) -> int:
    """Promise a text to each who may get one; gives how many. Ten seconds to take them back with `undo`."""
    before = len(_sent_by(session, form_key))
    if before:
        return before
    goes = [
        one for one in prepare(session, patient_ids=patient_ids, template=template, rules=rules, now=now) if one.goes
    ]
    for one in goes:
        patient = people.get(session, one.patient_id)
        sender = senders.of_patient(session, patient.org_id, patient.id)
        words = text_templates.shipped(template, one.language, sender)
        staff_texts.send(
            session, patient_id=one.patient_id, words=words, language=one.language, form_key=form_key, now=now
        )
    return len(goes)


def undo(session: Session, form_key: str, *, now: datetime) -> int:
    """Take back what has not left; gives how many. Raises TooLateError when all of it is on its way."""
    back = 0
    for message_id in _sent_by(session, form_key):
        try:
            staff_texts.undo(session, message_id, now=now)
        except TooLateError:
            continue
        back += 1
    if not back:
        raise TooLateError
    return back


def _sent_by(session: Session, form_key: str) -> Sequence[uuid.UUID]:
    """One's own texts that came from this form."""
    mine = select(Message.id).where(
        Message.created_by == actor_of(session).user_id,
        Message.subject_kind == "patient",
        Message.dedupe_key.endswith(f":staff:{form_key}", autoescape=True),
    )
    return session.scalars(mine).all()


def _patients(session: Session, patient_ids: Iterable[uuid.UUID]) -> Sequence[Patient]:
    wanted = list(dict.fromkeys(patient_ids))
    if not wanted:
        raise BadInputError("patient", "missing")
    if len(wanted) > MOST:
        raise BadInputError("patient", "too_many")
    found = session.scalars(select(Patient).where(Patient.id.in_(wanted), Patient.closed_at.is_(None)))
    return sorted(found, key=lambda one: people.full_name(one).casefold())
