"""Terminal stays terminal: a late answer or a wrong press opens a new referral that is walked legally to the new state.

The old one keeps its history and no longer counts in the metrics; the agency's links lead to the new one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import by as hands
from referrals import (
    consent,
    drafts,
    events,
    lifecycle,
    links,
    needs,
    notices,
    people,
    progress,
    release,
    schedule,
    senders,
    worklist,
)
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, TooLateError
from referrals.lifecycle import RefusalCode
from referrals.progress import NOTHING_SAID, Moved, Said
from referrals.worklist import About
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.vocab import (
    EventKind,
    Purpose,
    Reason,
    ReferralState,
    RequestStatus,
    Side,
    TaskKind,
    WhyCode,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.by import By

UNDO = timedelta(minutes=10)
WRONG_BUTTON = timedelta(days=30)
"""What a navigator wrote down wrongly is often seen later; after that the past stays as it is."""
S = ReferralState
NO_WAY_BACK = frozenset({S.DRAFT, S.SENT, S.SEEN, S.ERROR})


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
    """The wrong button was pressed: the question is open again, as a new referral. Twice with one key is once.

    Ten minutes for agencies, thirty days for what a navigator wrote down; raises TooLateError after that, and for a
    word of somebody else. Where consent is gone or the wish is over it stays as it is, with a note and an item.
    """
    old = _locked_newest(session, referral_id)
    if _did(session, old, key):
        return old
    if not may_undo(session, old, by=by, now=now):
        raise TooLateError
    _wish_again(session, old)
    if not _may_go_on(session, old, now):
        return _kept_as_note(session, old, S.SENT, by, key, Said(), now).referral
    was = old.state
    if old.state in lifecycle.OPEN:
        _set_aside(session, old, key, now)
    schedule.cancel(session, referral_id=old.id, kinds=TaskKind, now=now)
    worklist.clear(session, referral_id=old.id, whys=WhyCode, now=now)
    new = _opened(session, old, by, key, now)
    schedule.after_sent(session, new, zone=senders.org_of(session, new.org_id).timezone, now=now)
    if was is S.WITHDRAWN and by.side is not Side.AGENCY:
        notices.send(session, new, Purpose.AGENCY_NEW, number=1, now=now)  # it was told to stop
    return new


def may_undo(session: Session, referral: Referral, *, by: By, now: datetime) -> bool:
    """Whether this side may still take the newest word of a referral back."""
    last = events.last_move(session, referral.id)
    if last is None or last.side is not by.side or referral.state in NO_WAY_BACK:
        return False
    return now - last.recorded_at <= (WRONG_BUTTON if by.side is Side.NAVIGATOR else UNDO)


def _locked_newest(session: Session, referral_id: uuid.UUID) -> Referral:
    """The last referral of the chain, held; while we waited for it another hand may have corrected it."""
    held = progress.locked(session, newest_of(session, referral_id))
    while (newest := newest_of(session, held.id)) != held.id:
        held = progress.locked(session, newest)
    return held


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
    old = _locked_newest(session, referral_id)
    if old.id != referral_id:
        raise progress.changed_meanwhile(session, old)  # somebody else at the agency answered late at this moment
    if not _may_go_on(session, old, now):
        return _kept_as_note(session, old, to, by, key, said, now)
    new = _opened(session, old, by, key, now)
    worklist.clear(session, referral_id=old.id, whys=(WhyCode.NO_RESPONSE,), now=now)
    return progress.move(session, new.id, to=to, by=by, key=key, now=now, said=said)


def _did(session: Session, newest: Referral, key: str) -> bool:
    """Whether this very form has opened the newest referral, or was noted on it."""
    if events.with_key(session, newest.id, key) is not None:
        return True
    return newest.correction_of is not None and events.with_key(session, newest.correction_of, key) is not None


def _wish_again(session: Session, old: Referral) -> None:
    """The wish that ended with the mistaken word stands again, if the need is still there."""
    request = session.get_one(ServiceRequest, old.request_id)
    need = release.need_of(session, old)
    if request.status is RequestStatus.REVOKED and need.status in needs.OPEN:
        request.status, request.closed_at = RequestStatus.ACTIVE, None
        session.flush()


def _may_go_on(session: Session, old: Referral, now: datetime) -> bool:
    """Consent must still cover the agency, the wish for help must still stand, and the person may be contacted."""
    request = session.get_one(ServiceRequest, old.request_id)
    patient = people.get(session, old.patient_id)
    if request.status is not RequestStatus.ACTIVE or patient.closed_at is not None or patient.contact_prohibited:
        return False
    taken = select(Referral.id).where(
        Referral.id != old.id,
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
