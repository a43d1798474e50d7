"""What a screening leads to: needs of what is wanted, and items for a person. Nothing is sent, nothing is referred.

An answer about danger opens an item for today and makes no need: a person talks first.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from i18n import formatting
from referrals import acting, business_days, instruments_flow, needs, screening_answers, senders, worklist
from referrals.worklist import About
from resources_db.models.care import Screening, ScreeningAnswer
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, ServiceRequest, WorklistItem
from resources_db.vocab import HelpWanted, NeedSource, NeedStatus, Priority, ScreeningState, Tier, WhyCode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Exists
    from sqlalchemy.orm import Session

    from referrals.instruments import Instrument, Lead

UNTOUCHED_DAYS = 2
"""Business days after which a positive screening that nobody acted on is an item."""
LOOKED_BACK = timedelta(days=30)
BY_STAFF = "staff"
FINISHED = frozenset({ScreeningState.DONE, ScreeningState.STOPPED})


def danger(session: Session, screening: Screening, *, now: datetime) -> None:
    """Somebody must talk with this person today, alone. The item says no more than that."""
    about = _about(screening, now, of=f"{screening.id}:danger", facts={"danger": True})
    item = worklist.open_item(session, about, due_at=now, now=now)
    item.tier = Tier.TODAY


def finished(session: Session, screening: Screening, instrument: Instrument, *, now: datetime) -> None:
    """Write the needs down, and tell a person where one must look."""
    unsure, positive, urgent, words = False, False, False, False
    for row in screening_answers.rows(session, screening):
        question, answer = instrument.by_id.get(row.item), screening_answers.given(row)
        words = words or bool(instruments_flow.words_of(answer))
        for lead in instruments_flow.leads(question, answer) if question else ():
            positive = True
            urgent = urgent or (lead.urgent and row.help_wanted is not HelpWanted.NO)
            if lead.subneed:
                need = _need(session, screening, lead, row.help_wanted, now)
                row.need_id = row.need_id or need.id
                unsure = unsure or row.help_wanted is HelpWanted.UNKNOWN
    session.flush()
    nobody_saw_it = screening.asked_by != BY_STAFF and (positive or words)
    if unsure or nobody_saw_it:
        zone = senders.org_of(session, screening.org_id).timezone
        due_at = now if urgent else business_days.later(now, UNTOUCHED_DAYS, zone)
        item = worklist.open_item(session, _about(screening, now), due_at=due_at, now=now)
        item.tier = Tier.TODAY if urgent else item.tier


def settled(session: Session, screening: Screening, *, now: datetime) -> None:
    """A person has seen to it: its items leave the list."""
    for of in (str(screening.id), f"{screening.id}:danger"):
        worklist.clear_subject(session, _about(screening, now, of=of), now=now)


def look(session: Session, *, now: datetime) -> None:
    """Open what nobody acted on for two business days, and clear what somebody did; for the clock of every minute."""
    for screening in _untouched(session, now):
        with acting.in_org(session, screening.org_id):
            worklist.open_item(session, _about(screening, now), due_at=now, now=now)
    for screening in _touched(session):
        with acting.in_org(session, screening.org_id):
            worklist.clear_subject(session, _about(screening, now), now=now)


def _need(session: Session, screening: Screening, lead: Lead, wanted: HelpWanted, now: datetime) -> Need:
    """The open need, a new one, or the one that was not wanted before: never the same twice."""
    known = _known(session, screening.patient_id, lead.subneed, wanted)
    if known is None:
        known = needs.add(
            session,
            patient_id=screening.patient_id,
            org_id=screening.org_id,
            subneed=lead.subneed,
            source=NeedSource.SCREENING,
            now=now,
            help_wanted=wanted,
            urgency=Priority.URGENT if lead.urgent else Priority.ROUTINE,
        )
        if wanted is HelpWanted.NO:
            needs.set_status(session, known, NeedStatus.NOT_WANTED, method="screening", now=now)
        return known
    if wanted is HelpWanted.YES and known.help_wanted is HelpWanted.UNKNOWN:
        needs.set_wanted(session, known, HelpWanted.YES, now=now)
    if wanted is HelpWanted.YES and lead.urgent:
        known.urgency = Priority.URGENT
    return known


def _known(session: Session, patient_id: uuid.UUID, subneed: str, wanted: HelpWanted) -> Need | None:
    """An open need with the same name; where help is not wanted, also one that was not wanted before."""
    mine = select(Need).where(Need.patient_id == patient_id).order_by(Need.identified_at.desc())
    same = [need for need in session.scalars(mine) if needs.subneed_of(need) == subneed]
    is_open = (need for need in same if need.status in needs.OPEN and need.closed_at is None)
    refused = (need for need in same if wanted is HelpWanted.NO and need.status is NeedStatus.NOT_WANTED)
    return next(is_open, None) or next(refused, None)


def _about(screening: Screening, now: datetime, *, of: str = "", facts: dict[str, object] | None = None) -> About:
    day = formatting.local(screening.finished_at or now, "UTC").date().isoformat()
    return About(
        WhyCode.SCREENING_WAITS,
        screening.patient_id,
        screening.org_id,
        facts={"screening": str(screening.id), "on": day, **(facts or {})},
        of=of or str(screening.id),
    )


def _untouched(session: Session, now: datetime) -> Iterable[Screening]:
    """Finished ones with a need that is wanted or not sure and that nobody sent anywhere, and begun ones left lying."""
    subject = WhyCode.SCREENING_WAITS.value + ":"
    waiting = (
        select(Screening, ScreeningAnswer)
        .join(ScreeningAnswer, ScreeningAnswer.screening_id == Screening.id)
        .outerjoin(Need, Need.id == ScreeningAnswer.need_id)
        .where(
            Screening.created_at > now - LOOKED_BACK,
            ScreeningAnswer.at <= now - timedelta(days=UNTOUCHED_DAYS),
            ScreeningAnswer.positive,
            ScreeningAnswer.help_wanted != HelpWanted.NO,
            Screening.state.in_((ScreeningState.OPEN, *FINISHED)),
            Need.status.is_(None) | Need.status.in_(needs.OPEN),
            ~_sent_somewhere(),
        )
    )
    known = set(
        session.scalars(
            select(WorklistItem.subject).where(
                WorklistItem.why == WhyCode.SCREENING_WAITS, WorklistItem.created_at > now - LOOKED_BACK
            )
        )
    )
    found: dict[uuid.UUID, Screening] = {}
    for screening, answer in session.execute(waiting):
        if f"{subject}{screening.id}" in known or _only_danger(screening, answer):
            continue
        zone = senders.org_of(session, screening.org_id).timezone
        if business_days.later(screening.finished_at or answer.at, UNTOUCHED_DAYS, zone) <= now:
            found[screening.id] = screening
    return found.values()


def _only_danger(screening: Screening, answer: ScreeningAnswer) -> bool:
    """An answer that made no need has an item of its own."""
    return screening.state in FINISHED and answer.need_id is None


def _touched(session: Session) -> Iterable[Screening]:
    """Those with an open item where every need that is wanted was sent somewhere or settled, and none is unsure."""
    items = select(WorklistItem.facts).where(
        WorklistItem.why == WhyCode.SCREENING_WAITS, WorklistItem.done_at.is_(None)
    )
    named = {str(facts.get("screening", "")) for facts in session.scalars(items)}
    if not named:
        return ()
    ids = [uuid.UUID(one) for one in named if one]
    left = (
        select(ScreeningAnswer.screening_id)
        .join(Need, Need.id == ScreeningAnswer.need_id)
        .where(
            ScreeningAnswer.screening_id.in_(ids),
            ScreeningAnswer.positive,
            Need.status.in_(needs.OPEN),
            Need.help_wanted != HelpWanted.NO,
            ~_sent_somewhere(),
        )
    )
    still = set(session.scalars(left))
    had_needs = set(
        session.scalars(
            select(ScreeningAnswer.screening_id).where(
                ScreeningAnswer.screening_id.in_(ids), ScreeningAnswer.need_id.is_not(None)
            )
        )
    )
    done = [one for one in ids if one in had_needs and one not in still]
    return session.scalars(select(Screening).where(Screening.id.in_(done))).all() if done else ()


def _sent_somewhere() -> Exists:
    request = ServiceRequest.need_id == ScreeningAnswer.need_id
    return exists().where(request, Referral.request_id == ServiceRequest.id)
