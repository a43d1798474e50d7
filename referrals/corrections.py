"""Terminal stays terminal: a late answer or a wrong press opens a new referral that is walked legally to the new state.

The old one keeps its history and no longer counts in the metrics; the agency's links lead to the new one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import by as hands
from referrals import consent, drafts, events, lifecycle, links, needs, notices, progress, release, worklist
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, TooLateError
from referrals.lifecycle import RefusalCode
from referrals.progress import NOTHING_SAID, Moved, Said
from referrals.worklist import About
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.vocab import EventKind, Reason, ReferralState, RequestStatus, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.by import By

UNDO = timedelta(minutes=10)
S = ReferralState


def move(
    session: Session,
    referral_id: uuid.UUID,
    *,
    to: ReferralState,
    by: By,
    key: str,
    now: datetime,
    said: Said = NOTHING_SAID,
    expected_version: int | None = None,
) -> Moved:
    """As `progress.move`, and an agency's word that comes after "no response" still counts: it opens a new referral."""
    newest = newest_of(session, referral_id)
    try:
        return progress.move(
            session, newest, to=to, by=by, key=key, now=now, said=said, expected_version=expected_version
        )
    except MoveRefusedError as error:
        if error.refusal.code is not RefusalCode.ENDED or error.refusal.state is not S.NO_RESPONSE:
            raise
    except ChangedMeanwhileError as error:
        if error.state is not S.NO_RESPONSE:  # the clock was faster than the agency: its word still counts
            raise
    return _late(session, newest, to=to, by=by, key=key, now=now, said=said)


def undo(session: Session, referral_id: uuid.UUID, *, by: By, key: str, now: datetime) -> Referral:
    """The wrong button was pressed: for ten minutes the question is open again, as a new referral."""
    old = progress.locked(session, newest_of(session, referral_id))
    if events.with_key(session, old.id, key) is not None:
        return old
    last = events.last_move(session, old.id)
    if last is None or last.side is not by.side or now - last.recorded_at > UNDO:
        raise TooLateError
    if old.state in lifecycle.OPEN:
        _set_aside(session, old, key, now)
    return _opened(session, old, by, key, now)


def newest_of(session: Session, referral_id: uuid.UUID) -> uuid.UUID:
    """The last referral of a correction chain."""
    newest = referral_id
    while True:
        later = session.scalars(select(Referral.id).where(Referral.correction_of == newest)).first()
        if later is None:
            return newest
        newest = later


def _late(
    session: Session,
    referral_id: uuid.UUID,
    *,
    to: ReferralState,
    by: By,
    key: str,
    now: datetime,
    said: Said,
) -> Moved:
    old = progress.locked(session, referral_id)
    if not _may_go_on(session, old, now):
        return _kept_as_note(session, old, to, by, key, said, now)
    new = _opened(session, old, by, key, now)
    worklist.clear(session, referral_id=old.id, whys=(WhyCode.NO_RESPONSE,), now=now)
    return progress.move(session, new.id, to=to, by=by, key=key, now=now, said=said)


def _may_go_on(session: Session, old: Referral, now: datetime) -> bool:
    """Consent must still cover the agency, and the wish for help must still stand."""
    request = session.get_one(ServiceRequest, old.request_id)
    if request.status is not RequestStatus.ACTIVE:
        return False
    taken = select(Referral.id).where(
        Referral.request_id == old.request_id,
        Referral.service_id == old.service_id,
        Referral.state.in_(lifecycle.OPEN),
    )
    if session.scalars(taken).first() is not None:
        return False
    need = release.need_of(session, old)
    agreed = consent.covering(
        session,
        old.patient_id,
        organization_id=old.organization_id,
        subneed=needs.subneed_of(need),
        now=now,
    )
    return agreed is not None


def _kept_as_note(
    session: Session, old: Referral, to: ReferralState, by: By, key: str, said: Said, now: datetime
) -> Moved:
    note = events.append(
        session,
        old,
        kind=EventKind.NOTE,
        by=by,
        key=key,
        now=now,
        reason=said.reason,
        text=said.text,
        facts={"late": to.value},
    )
    about = About(
        WhyCode.LATE_ANSWER,
        old.patient_id,
        old.org_id,
        referral_id=old.id,
        facts={"agency": notices.agency_name(session, old), "state": to.value},
    )
    worklist.open_item(session, about, due_at=now + timedelta(days=1), now=now)
    return Moved(old, (note,))


def _set_aside(session: Session, old: Referral, key: str, now: datetime) -> None:
    """End the mistaken one without telling anybody: nothing was withdrawn, the question was only pressed wrongly."""
    said = Said(reason=Reason.DUPLICATE, text="corrected")
    progress.end_quietly(session, old, to=S.WITHDRAWN, by=hands.SYSTEM, key=f"{key}:set-aside", now=now, said=said)


def _opened(session: Session, old: Referral, by: By, key: str, now: datetime) -> Referral:
    """The referral that replaces `old`: same request, same agency, sent already, with the old one's links."""
    new = Referral(
        org_id=old.org_id,
        ref=drafts.new_ref(session, old.org_id),
        request_id=old.request_id,
        patient_id=old.patient_id,
        batch_id=old.batch_id,
        organization_id=old.organization_id,
        service_id=old.service_id,
        location_id=old.location_id,
        contact_id=old.contact_id,
        state=S.DRAFT,
        priority=old.priority,
        sensitive=old.sensitive,
        shared_fields=list(old.shared_fields),
        note_for_agency=old.note_for_agency,
        consent_id=old.consent_id,
        previous_id=old.id,
        correction_of=old.id,
        version=1,
        created_at=now,
    )
    session.add(new)
    session.flush()
    progress.move(session, new.id, to=S.SENT, by=hands.CLOCK, key=f"{key}:sent", now=now)
    # The cohort and the patient's questions stay those of the day it was really sent.
    new.sent_at = old.sent_at
    events.append(session, old, kind=EventKind.CORRECTION, by=by, key=key, now=now, facts={"corrected_by": str(new.id)})
    links.lead_to(session, old_id=old.id, new_id=new.id, ends_at=now + links.LONGEST)
    session.flush()
    return new
