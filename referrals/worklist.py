"""Items a navigator should look at: opened and cleared by facts; done, undone or snoozed by people. One a subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from referrals import people
from referrals.errors import NotFoundError, TooLateError
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import actor_of
from resources_db.vocab import Tier, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict

UNDO = timedelta(seconds=10)
NO_NEWS = frozenset({"days", "tried"})
"""Facts that only count on: they never wake an item that sleeps."""
FACT = "fact"
"""How an item was closed that a new fact settled."""
W = WhyCode
TODAY = frozenset(
    {
        *(W.PATIENT_WANTS_CALL, W.PATIENT_OTHER_HELP, W.MAY_WANT_STOP, W.SEND_BLOCKED, W.LINK_LOCKED),
        *(W.WRONG_PERSON, W.AGENCY_FULL, W.AGENCY_SAID_NO, W.DISAGREEMENT, W.DATE_AT_RISK, W.PLACE_OPENED),
        W.WRONG_PATIENT,
        W.SELF_REFERRED,
    }
)
"""Items whose first day is the day they appear; all others are for the week."""
NEXT_PLACES = frozenset(
    {
        *(W.AGENCY_FULL, W.AGENCY_SAID_NO, W.NOT_SERVED, W.NO_RESPONSE, W.WAITLIST_OTHERS, W.NO_PLACE),
        *(W.PATIENT_COULD_NOT, W.PATIENT_OTHER_HELP, W.NO_REPLY),
    }
)
"""Items whose next step is another place: the three next best stand ready on them (`rereferral`)."""
ABOUT_AGENCY_SILENCE = frozenset({W.NO_REPLY, W.NO_RESPONSE, W.NO_NEXT_STEP, W.NOTICE_NOT_CONFIRMED, W.LINK_LOCKED})
"""Items that an agency's word clears by itself."""


@dataclass(frozen=True, slots=True)
class About:
    """What an item is about. `subject` is its identity: while one is open, the same subject opens no second."""

    why: WhyCode
    patient_id: uuid.UUID
    org_id: uuid.UUID
    referral_id: uuid.UUID | None = None
    need_id: uuid.UUID | None = None
    facts: JsonDict = field(default_factory=dict)
    words: str = ""
    of: str = ""
    owner_id: uuid.UUID | None = None
    """Whose list it goes on, when not the lead's."""

    @property
    def subject(self) -> str:
        """The why-code and what it is about."""
        return f"{self.why.value}:{self.of or self.referral_id or self.need_id or self.patient_id}"


def open_item(session: Session, about: About, *, due_at: datetime, now: datetime) -> WorklistItem:
    """Put an item on the lead's list; an open one on the same subject gets the new facts and the earlier day."""
    known = _open_on(session, about)
    if known is not None:
        return _renewed(known, about, due_at)
    item = WorklistItem(
        org_id=about.org_id,
        patient_id=about.patient_id,
        referral_id=about.referral_id,
        need_id=about.need_id,
        owner_id=about.owner_id or people.lead_of(session, about.patient_id),
        why=about.why,
        facts=about.facts,
        words=about.words,
        subject=about.subject,
        tier=Tier.TODAY if about.why in TODAY else Tier.THIS_WEEK,
        due_at=due_at,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    try:
        with session.begin_nested():  # another transaction may open the same subject at this moment
            session.add(item)
    except IntegrityError:
        other = _open_on(session, about)
        if other is None:
            raise
        return _renewed(other, about, due_at)
    return item


def by_hand(session: Session, *, patient_id: uuid.UUID, words: str, due_at: datetime, now: datetime) -> WorklistItem:
    """A reminder a person writes for themselves or the team."""
    patient = people.get(session, patient_id)
    about = About(W.MANUAL, patient.id, patient.org_id, words=words, of=f"{patient.id}:{now.isoformat()}")
    return open_item(session, about, due_at=due_at, now=now)


def done(session: Session, item_id: uuid.UUID, *, now: datetime) -> WorklistItem:
    """Take an item off the list; for ten seconds it can come back. Done already: nothing happens."""
    item = get(session, item_id)
    if item.done_at is None:
        _close(item, "person", now)
        item.done_by, item.undo_until = actor_of(session).user_id, now + UNDO
    return item


def undo(session: Session, item_id: uuid.UUID, *, now: datetime) -> WorklistItem:
    """Bring an item back that was done or sent to sleep; raises TooLateError after ten seconds, or when a newer one is
    open on the subject.
    """
    item = get(session, item_id)
    if item.undo_until is None or now > item.undo_until:
        raise TooLateError
    if item.done_at is None:
        item.snoozed_until = item.undo_until = None
        return item
    reopen(session, item)
    return item


def reopen(session: Session, item: WorklistItem) -> None:
    """Open again as if it had never been closed; raises TooLateError when a newer one is open on the subject."""
    same = select(WorklistItem.id).where(
        WorklistItem.org_id == item.org_id, WorklistItem.subject == item.subject, WorklistItem.done_at.is_(None)
    )
    if session.scalars(same).first() is not None:
        raise TooLateError
    item.done_at = item.done_by = item.done_how = item.undo_until = None


def snooze(session: Session, item_id: uuid.UUID, *, until: datetime, now: datetime) -> WorklistItem:
    """Hide an item until a moment; for ten seconds it can come back. News about its subject wakes it."""
    item = get(session, item_id)
    item.snoozed_until, item.undo_until = until, now + UNDO
    return item


def wake(session: Session, item_id: uuid.UUID) -> WorklistItem:
    """Bring an item back that sleeps."""
    item = get(session, item_id)
    item.snoozed_until = None
    return item


def get(session: Session, item_id: uuid.UUID) -> WorklistItem:
    """The item, if this actor may see it; raises NotFoundError."""
    item = session.scalars(select(WorklistItem).where(WorklistItem.id == item_id).with_for_update()).one_or_none()
    if item is None:
        raise NotFoundError
    return item


def peek(session: Session, item_id: uuid.UUID) -> WorklistItem:
    """Like `get`, for reading only: nobody waits for it."""
    item = session.scalars(select(WorklistItem).where(WorklistItem.id == item_id)).one_or_none()
    if item is None:
        raise NotFoundError
    return item


def clear(session: Session, *, referral_id: uuid.UUID, whys: Iterable[WhyCode], now: datetime) -> int:
    """A new fact settled these items of a referral; gives how many disappeared."""
    return _clear(session, now, WorklistItem.referral_id == referral_id, WorklistItem.why.in_(set(whys)))


def clear_patient(
    session: Session, *, patient_id: uuid.UUID, whys: Iterable[WhyCode], now: datetime, how: str = FACT
) -> int:
    """A new fact settled these items of a patient; gives how many disappeared. `how` names the fact."""
    return _clear(session, now, WorklistItem.patient_id == patient_id, WorklistItem.why.in_(set(whys)), how=how)


def clear_subject(session: Session, about: About, *, now: datetime) -> int:
    """A new fact settled the item on exactly this subject."""
    return _clear(session, now, WorklistItem.org_id == about.org_id, WorklistItem.subject == about.subject)


def _clear(session: Session, now: datetime, *which: ColumnElement[bool], how: str = FACT) -> int:
    statement = (
        update(WorklistItem)
        .where(WorklistItem.done_at.is_(None), *which)
        .values(done_at=now, done_how=how)
        .returning(WorklistItem.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(session.execute(statement).all())


def _open_on(session: Session, about: About) -> WorklistItem | None:
    same = select(WorklistItem).where(
        WorklistItem.org_id == about.org_id, WorklistItem.subject == about.subject, WorklistItem.done_at.is_(None)
    )
    return session.scalars(same).one_or_none()


def _renewed(item: WorklistItem, about: About, due_at: datetime) -> WorklistItem:
    if _is_news(item, about, due_at):
        item.snoozed_until = None
    item.facts = {**item.facts, **about.facts}
    if about.words:
        item.words = about.words
    item.due_at = min(item.due_at, due_at)
    return item


def _is_news(item: WorklistItem, about: About, due_at: datetime) -> bool:
    """Whether something else is said than before; that one more day went by, or one more try of ours, is no news."""
    said = {name: value for name, value in about.facts.items() if name not in NO_NEWS}
    return bool(about.words) or due_at < item.due_at or said != {name: item.facts.get(name) for name in said}


def _close(item: WorklistItem, how: str, now: datetime) -> None:
    item.done_at, item.done_how = now, how
